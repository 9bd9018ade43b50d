//! What happened since: a published entry's updates.

use chrono::NaiveDate;
use uuid::Uuid;

use super::actions::{find, finish, keep, take};
use super::store::{self, State};
use super::{Entry, Status, Update, rules};
use crate::accounts::Actor;
use crate::audit::{Change, Event};
use crate::error::{Error, Given, Result};
use crate::instance::Instance;
use crate::policy::EntryAct;
use crate::text;

/// An update to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpdateInput {
    /// The day.
    pub on: Option<NaiveDate>,
    /// What happened, as it was typed.
    pub text: String,
}

/// Adds what happened since to a published entry.
///
/// # Errors
/// [`Error::Invalid`] names `on` and `text`; [`Error::Conflict`] for an entry that is not published.
pub async fn add(instance: &Instance, actor: &Actor, id: &str, given: &Given<UpdateInput>) -> Result<Uuid> {
    let mut change = Change::begin(instance, actor).await?;
    let (dossier, entry) = find(change.tx(), actor, id, EntryAct::Change).await?;
    if entry.status != Status::Final {
        return Err(Error::Conflict(
            "Updates belong to published evidence. Edit the entry itself instead.".into(),
        ));
    }
    let update = read(&entry, given, actor.last_day(instance))?;
    if entry.content.updates.contains(&update) {
        return Ok(entry.id);
    }
    take(&mut change, &entry).await?;
    let mut content = entry.content;
    content.updates.push(update.clone());
    content.updates.sort_by_key(|update| update.on);
    let state = State {
        id: entry.id,
        status: entry.status,
        revision: entry.revision + 1,
        recorded_on: entry.recorded_on,
        at: change.at(),
    };
    let update_id = instance.ids.new_id(state.at);
    store::insert_update(change.tx(), update_id, entry.id, &update, state.at).await?;
    keep(&mut change, actor, &state, &content, false).await?;
    finish(change, &dossier, (&state, &content), &[], Event::EntryUpdated).await?;
    Ok(state.id)
}

fn read(entry: &Entry, given: &Given<UpdateInput>, today: NaiveDate) -> Result<Update> {
    let mut faults = given.faults.clone();
    let on = faults.need("on", given.input.on, "Enter the day, such as 14 3 2026.");
    if on.is_some_and(|on| on > today) {
        faults.add("on", "This day lies ahead. Add the update once it has happened.");
    } else if on.zip(entry.content.from).is_some_and(|(on, from)| on < from) {
        faults.add("on", "This day lies before the entry’s beginning.");
    }
    let text = faults.take("text", text::lines(&given.input.text));
    match text.as_ref().map(|text| text.chars().count()) {
        Some(0) => faults.add("text", "Say what happened since."),
        Some(length) if length > rules::UPDATE => {
            faults
                .add("text", "An update has at most 20,000 characters. Longer work is an entry of its own.");
        }
        Some(length) if length + rules::length(&entry.content) > rules::ALL => {
            faults.add(
                "text",
                "With this the texts of the entry would have more than 150,000 characters together, which is the most. Shorten it, or log a new entry.",
            );
        }
        _ => {}
    }
    if entry.content.updates.len() >= rules::UPDATES {
        faults.add("text", "This entry has 200 updates, which is the most. Log a new entry instead.");
    }
    faults.done(on.zip(text).map(|(on, text)| Update { on, text }))
}
