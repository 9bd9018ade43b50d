//! Recording levels and milestones: appended, never edited; a wrong one is corrected by a later one of the same date.

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{state, viewer};
use crate::accounts::policy::{self, Act, PersonState};
use crate::accounts::{Actor, Role};
use crate::audit::Change;
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::framework::load;
use crate::instance::Instance;
use crate::people::store::{self, NewLevel};
use crate::people::{CTO, LEFT};
use crate::text;
use crate::web::forms::{Faults, day};

/// What was typed, read; or what is wrong with it, for whoever typed it.
type Checked<T> = std::result::Result<T, String>;

/// A level as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct LevelForm {
    /// A level of the framework, or `none`.
    pub level: String,
    /// The first day on which it holds.
    pub from: String,
    /// The domain; may be empty.
    pub domain: String,
    /// The name of whom they report to, or the address of that person's page; may be empty.
    pub reports_to: String,
}

/// A milestone as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct MilestoneForm {
    /// The day.
    pub on: String,
    /// What was reached, in a sentence.
    pub what: String,
}

/// Records a level of a person.
///
/// # Errors
/// [`Error::NotFound`] for somebody the actor may not know of; [`Error::Forbidden`] when this is others' to record;
/// [`Error::Invalid`] names the fields of [`LevelForm`].
pub async fn record_level(instance: &Instance, actor: &Actor, person: Uuid, form: &LevelForm) -> Result<()> {
    let mut change = Change::begin(instance, Some(actor.account)).await?;
    let found = locked(change.tx(), actor, person).await?;
    policy::decide(actor, Act::RecordLevel(found, form.level == CTO)).require()?;
    let new = read_level(change.tx(), actor, person, form).await?;
    let at = change.at();
    let id = instance.ids.new_id(at);
    store::insert_level(change.tx(), id, person, &new, recorder(actor), at).await?;
    store::touch(change.tx()).await?;
    change.note("level.recorded", "person", Some(person), &new);
    change.commit().await
}

/// Records a milestone of a person.
///
/// # Errors
/// As [`record_level`], with the fields of [`MilestoneForm`].
pub async fn record_milestone(
    instance: &Instance,
    actor: &Actor,
    person: Uuid,
    form: &MilestoneForm,
) -> Result<()> {
    let mut change = Change::begin(instance, Some(actor.account)).await?;
    let found = locked(change.tx(), actor, person).await?;
    policy::decide(actor, Act::RecordMilestone(found)).require()?;
    let (on, what) = read_milestone(form, instance.today())?;
    let at = change.at();
    let id = instance.ids.new_id(at);
    store::insert_milestone(change.tx(), id, person, on, &what, recorder(actor), at).await?;
    store::touch(change.tx()).await?;
    change.note(
        "milestone.recorded",
        "milestone",
        Some(id),
        &json!({"person": person, "on": on, "what": what}),
    );
    change.commit().await
}

async fn locked(tx: &mut Tx, actor: &Actor, person: Uuid) -> Result<PersonState> {
    let standing = store::standing(tx, person, actor.is(Role::Cto)).await?.ok_or(Error::NotFound)?;
    store::lock(tx, person).await?;
    Ok(state(actor, person, &standing))
}

/// Who is written down as having recorded something. An admin does it for the company, and is not; but whoever is a
/// candidate or a CTO as well is, since a candidate's word about others must not count as the company's.
fn recorder(actor: &Actor) -> Option<Uuid> {
    let office = actor.is(Role::Admin) && !actor.is(Role::Candidate) && !actor.is(Role::Cto);
    (!office).then_some(actor.person)
}

async fn read_level(tx: &mut Tx, actor: &Actor, person: Uuid, form: &LevelForm) -> Result<NewLevel> {
    let mut faults = Faults::default();
    let listed = form.level == LEFT || load::built_in().level_rank(&form.level).is_some();
    if !listed {
        faults.add("level", "Choose a level.");
    }
    let from = match form.from.trim() {
        "" => {
            faults.add("from", "Enter the first day of this level, like 2026-03-14.");
            None
        }
        typed => faults.take("from", day(typed)),
    };
    let domain = faults.take("domain", short(&form.domain, 100, "A domain")).flatten();
    let reports_to = match faults.take("reports_to", short(&form.reports_to, 300, "A name")).flatten() {
        Some(typed) => {
            let found = named(tx, actor, person, &typed).await?;
            faults.take("reports_to", found)
        }
        None => None,
    };
    let new = from.map(|from| NewLevel { level: form.level.clone(), from, domain, reports_to });
    faults.done(new)
}

fn read_milestone(form: &MilestoneForm, today: NaiveDate) -> Result<(NaiveDate, String)> {
    let mut faults = Faults::default();
    let on = match form.on.trim() {
        "" => {
            faults.add("on", "Enter the day, like 2026-03-14.");
            None
        }
        typed => faults.take("on", day(typed)),
    };
    if on.is_some_and(|on| on > today) {
        faults.add("on", "A milestone has been reached; enter a day that is not in the future.");
    }
    let what = faults.take("what", short(&form.what, 500, "A milestone")).flatten();
    if what.is_none() && faults.0.iter().all(|fault| fault.field != "what") {
        faults.add("what", "Say in a sentence what was reached.");
    }
    faults.done(on.zip(what))
}

/// A line that may be empty, of at most `most` characters.
fn short(typed: &str, most: usize, what: &str) -> Checked<Option<String>> {
    let line = text::one_line(typed)?;
    if line.chars().count() > most {
        return Err(format!("{what} has at most {most} characters."));
    }
    Ok(Some(line).filter(|line| !line.is_empty()))
}

/// The one person whom a name or the address of a page means, among those whom the actor may know of.
async fn named(tx: &mut Tx, actor: &Actor, reports: Uuid, typed: &str) -> Result<Checked<Uuid>> {
    let last = typed.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let found: Vec<Uuid> = if let Ok(id) = Uuid::try_parse(last) {
        store::find(tx, viewer(actor), id).await?.map(|person| person.id).into_iter().collect()
    } else {
        let words = text::words(typed);
        let known = store::known(tx, viewer(actor), None).await?;
        known
            .into_iter()
            .filter(|person| text::words(&person.name) == words)
            .map(|person| person.id)
            .collect()
    };
    Ok(match found[..] {
        [one] if one == reports => {
            Err("Nobody reports to themselves. Leave this empty if they report to nobody.".into())
        }
        [one] => Ok(one),
        [] => Err(format!("Nobody is known here as “{typed}”. Check the spelling, or leave this empty.")),
        _ => Err(format!(
            "Several people are called “{typed}”. Paste the address of the right one's page instead."
        )),
    })
}
