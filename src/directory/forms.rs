//! What is typed about people, and how it is read.

use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::viewer;
use crate::accounts::Actor;
use crate::db::Tx;
use crate::error::{Error, Faults, FieldError, Result};
use crate::framework::load;
use crate::people::store::{self, NewLevel, NewMilestone};
use crate::people::{LEFT, MilestoneKind, Organization};
use crate::text;
use crate::web::forms::day;

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
    /// The kind; empty is any other, in words.
    pub kind: String,
    /// What was reached, in a sentence; may be empty where the kind says it.
    pub what: String,
    /// Of a correction: `no` when it did not happen.
    pub happened: String,
}

/// Somebody without an account, as they are typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PersonForm {
    /// Their full name.
    pub name: String,
    /// `internal` or `external`.
    pub organization: String,
    /// Where somebody external works; may be empty.
    pub works_at: String,
    /// Their level; may be empty.
    pub level: String,
    /// The first day of it.
    pub from: String,
    /// Their domain; may be empty.
    pub domain: String,
    /// `yes` when they are somebody else than those of the same name.
    pub different: String,
}

/// Somebody to add.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct NewPerson {
    pub(super) name: String,
    pub(super) organization: Organization,
    pub(super) works_at: Option<String>,
    #[serde(skip)]
    pub(super) level: Option<NewLevel>,
}

fn first_day(faults: &mut Faults, typed: &str) -> Option<NaiveDate> {
    if typed.trim().is_empty() {
        faults.add("from", "Enter the first day of this level, like 2026-03-14.");
        return None;
    }
    faults.take("from", day(typed))
}

fn listed(level: &str) -> bool {
    level == LEFT || load::built_in().level_rank(level).is_some()
}

pub(super) async fn read_level(
    tx: &mut Tx,
    actor: &Actor,
    person: Uuid,
    form: &LevelForm,
) -> Result<NewLevel> {
    let mut faults = Faults::default();
    if !listed(&form.level) {
        faults.add("level", "Choose a level.");
    }
    let from = first_day(&mut faults, &form.from);
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

pub(super) fn read_milestone(form: &MilestoneForm, today: NaiveDate) -> Result<NewMilestone> {
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
    let kind = match form.kind.as_str() {
        "" => Some(MilestoneKind::Other),
        typed => faults.take("kind", typed.parse().map_err(|_| "Choose a kind from the list.")),
    };
    let what = faults.take("what", short(&form.what, 500, "A milestone"));
    let what = match (what, kind) {
        (Some(None), Some(MilestoneKind::Other) | None) => {
            faults.add("what", "Say in a sentence what was reached.");
            None
        }
        // Readers of the kind alone are told in words as well.
        (Some(None), Some(kind)) => Some(kind.title().to_owned()),
        (what, _) => what.flatten(),
    };
    let happened = form.happened != "no";
    let new = on.zip(what).map(|(on, what)| NewMilestone { on, kind, what, corrects: None, happened });
    faults.done(new)
}

/// Reads somebody new. `namesakes` are those whom the actor knows whose name is the same, or looks the same.
pub(super) fn read_person(form: &PersonForm, namesakes: &[String]) -> Result<NewPerson> {
    let mut faults = Faults::default();
    let name = faults.take("name", crate::people::clean_name(&form.name));
    if name.is_some() && !namesakes.is_empty() && form.different != "yes" {
        faults.add(
            "name",
            format!(
                "There is somebody whose name is or looks the same: {}. If you mean somebody else, say so below and \
                 add them again.",
                namesakes.join("; ")
            ),
        );
    }
    let organization = form.organization.parse::<Organization>().ok();
    if organization.is_none() {
        faults.add("organization", "Choose where they belong.");
    }
    let works_at = faults.take("works_at", short(&form.works_at, 200, "This")).flatten();
    if works_at.is_some() && organization == Some(Organization::Internal) {
        faults.add("works_at", "This is for somebody outside the company. Empty it.");
    }
    let domain = faults.take("domain", short(&form.domain, 100, "A domain")).flatten();
    let mut level = None;
    if form.level.is_empty() {
        if domain.is_some() || !form.from.trim().is_empty() {
            faults.add("level", "Choose a level as well: the day and the domain are kept with it.");
        }
    } else if !listed(&form.level) || form.level == LEFT {
        faults.add("level", "Choose a level from the list, or leave it open.");
    } else {
        let from = first_day(&mut faults, &form.from);
        level = from.map(|from| NewLevel { level: form.level.clone(), from, domain, reports_to: None });
    }
    let new =
        name.zip(organization).map(|(name, organization)| NewPerson { name, organization, works_at, level });
    faults.done(new)
}

/// That a milestone can't be corrected, since another stands in its place.
pub(super) fn corrected_already() -> Error {
    let message = "It has been corrected already. Correct the one that stands in its place.";
    Error::Invalid(vec![FieldError::new("on", message)])
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
