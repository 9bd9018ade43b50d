//! What CTOs can do with the list of opportunities: add, edit, withdraw.

use serde::Deserialize;
use uuid::Uuid;

use super::Kind;
use super::store::{self, Contents, Opportunity};
use crate::accounts::Actor;
use crate::audit::{Change, Event};
use crate::db::Tx;
use crate::directory::viewer;
use crate::error::{Error, Faults, FieldError, Result};
use crate::instance::Instance;
use crate::people;
use crate::policy::{self, InstanceAct};
use crate::text;
use crate::web::forms::day;

/// An opportunity as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OpportunityForm {
    /// Its kind.
    pub kind: String,
    /// The day.
    pub on: String,
    /// What it is.
    pub what: String,
    /// A name, or the address of a person's page.
    pub offered_to: String,
    /// The same; may be empty.
    pub taken_by: String,
    /// The revision that was read; empty for a new one.
    pub revision: String,
}

impl From<&Opportunity> for OpportunityForm {
    fn from(present: &Opportunity) -> Self {
        OpportunityForm {
            kind: present.kind.to_string(),
            on: present.on_date.to_string(),
            what: present.what.clone(),
            offered_to: present.offered_name.clone(),
            taken_by: present.taken_name.clone().unwrap_or_default(),
            revision: present.revision.to_string(),
        }
    }
}

/// Adds an opportunity.
///
/// # Errors
/// [`Error::Forbidden`] for who is no CTO; [`Error::Invalid`] names the fields of [`OpportunityForm`].
pub async fn add(instance: &Instance, actor: &Actor, form: &OpportunityForm) -> Result<()> {
    policy::decide(&actor.roles, InstanceAct::KeepOpportunities).require()?;
    let mut change = Change::begin(instance, actor).await?;
    let new = read(change.tx(), actor, form, None).await?;
    let at = change.at();
    let id = instance.ids.new_id(at);
    store::insert(change.tx(), id, &new, actor.account, at).await?;
    change.note(Event::OpportunityAdded, Some(id), &new);
    change.commit().await
}

/// Writes an opportunity anew.
///
/// # Errors
/// As [`add`]; [`Error::NotFound`] for one that is gone.
pub async fn edit(instance: &Instance, actor: &Actor, id: Uuid, form: &OpportunityForm) -> Result<()> {
    policy::decide(&actor.roles, InstanceAct::KeepOpportunities).require()?;
    let mut change = Change::begin(instance, actor).await?;
    let present = store::find(change.tx(), id).await?.ok_or(Error::NotFound)?;
    let new = read(change.tx(), actor, form, Some(&present)).await?;
    let at = change.at();
    let read_at = form.revision.parse().unwrap_or_default();
    if !store::update(change.tx(), id, read_at, &new, at).await? {
        let message = "A CTO changed this meanwhile. What you typed stands below; save it again to put it in the place \
             of what is there now.";
        return Err(Error::Invalid(vec![FieldError::new("what", message)]));
    }
    change.note(Event::OpportunityEdited, Some(id), &new);
    change.commit().await
}

/// Takes an opportunity back.
///
/// # Errors
/// [`Error::Forbidden`] for who is no CTO; [`Error::NotFound`] for one that is gone.
pub async fn withdraw(instance: &Instance, actor: &Actor, id: Uuid) -> Result<()> {
    policy::decide(&actor.roles, InstanceAct::KeepOpportunities).require()?;
    let mut change = Change::begin(instance, actor).await?;
    let at = change.at();
    if !store::withdraw(change.tx(), id, at).await? {
        return Err(Error::NotFound);
    }
    change.note(Event::OpportunityWithdrawn, Some(id), &());
    change.commit().await
}

async fn read(
    tx: &mut Tx,
    actor: &Actor,
    form: &OpportunityForm,
    present: Option<&Opportunity>,
) -> Result<Contents> {
    let mut faults = Faults::default();
    let kind: Option<Kind> =
        faults.take("kind-board-slot", form.kind.parse().map_err(|_| "Choose what kind of occasion it is."));
    let on = if form.on.trim().is_empty() {
        faults.add("on", "Enter the day, like 2026-03-14.");
        None
    } else {
        faults.take("on", day(&form.on))
    };
    let what = faults.take("what", text::one_line(&form.what));
    match what.as_ref().map(|what| what.chars().count()) {
        Some(0) => faults.add("what", "Say in a few words what it is."),
        Some(length) if length > 200 => faults.add("what", "This has at most 200 characters."),
        _ => {}
    }
    let was = present.map(|present| (present.offered_to, present.offered_name.as_str()));
    let offered_to = person(tx, actor, &form.offered_to, was).await?;
    let offered_to = faults.take("offered_to", offered_to);
    if offered_to == Some(None) {
        faults.add("offered_to", "Name the person to whom you offered it.");
    }
    let was = present.and_then(|present| present.taken_by.zip(present.taken_name.as_deref()));
    let taken_by = person(tx, actor, &form.taken_by, was).await?;
    let taken_by = faults.take("taken_by", taken_by).flatten();
    let whole = kind.zip(on).zip(what).zip(offered_to.flatten());
    faults.done(whole.map(|(((kind, on), what), offered_to)| Contents {
        kind,
        on,
        what,
        offered_to,
        taken_by,
    }))
}

/// The person whom a name or the address of a page means; whoever stood there by that name stays. None for nothing.
async fn person(
    tx: &mut Tx,
    actor: &Actor,
    typed: &str,
    was: Option<(Uuid, &str)>,
) -> Result<std::result::Result<Option<Uuid>, String>> {
    let typed = match text::one_line(typed) {
        Ok(typed) if typed.is_empty() => return Ok(Ok(None)),
        Ok(typed) => typed,
        Err(message) => return Ok(Err(message.into())),
    };
    if let Some((id, name)) = was
        && name == typed
    {
        return Ok(Ok(Some(id)));
    }
    let last = typed.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let words = text::words(&typed);
    let found: Vec<Uuid> = if let Ok(id) = Uuid::try_parse(last) {
        people::store::find(tx, viewer(actor), id).await?.map(|person| person.id).into_iter().collect()
    } else {
        let known = people::store::known(tx, viewer(actor), None).await?;
        known.into_iter().filter(|known| text::words(&known.name) == words).map(|known| known.id).collect()
    };
    Ok(match found[..] {
        [one] => Ok(Some(one)),
        [] => Err(format!("Nobody is known here as “{typed}”. Check the spelling.")),
        _ => Err(format!(
            "Several people are called “{typed}”. Paste the address of the right one’s page instead."
        )),
    })
}
