//! What a candidate can do with evidence: each change with its permission, its rules, its revision and its audit entry in
//! one transaction.

use uuid::Uuid;

use super::dossiers::{self, Dossier};
use super::revisions::{self, Kept};
use super::store::{self, State};
use super::superseding::Loss;
use super::{Content, Entry, Status, rules, telling};
use crate::accounts::Actor;
use crate::audit::{Change, Event};
use crate::db::Tx;
use crate::error::{Error, FieldError, Result};
use crate::instance::Instance;
use crate::notices::{self, Kind};
use crate::policy::{self, Act, EntryAct, EntryState};

/// An entry with its dossier, if the actor may do something with it. An id that doesn't parse is a missing one.
///
/// # Errors
/// [`Error::NotFound`] for every other case.
pub async fn find<A: Into<Act>>(
    tx: &mut Tx,
    actor: &Actor,
    id: &str,
    act: fn(EntryState) -> A,
) -> Result<(Dossier, Entry)> {
    let id = crate::web::path::id(id)?;
    let entry = store::readable(tx, actor, id).await?.ok_or(Error::NotFound)?;
    let dossier = dossiers::readable(tx, actor, entry.dossier).await?;
    let state =
        EntryState { dossier: dossier.state(actor), status: entry.status, audience: entry.content.audience };
    policy::decide(&actor.roles, act(state)).require()?;
    Ok((dossier, entry))
}

/// Takes a published entry back, which keeps it for its owner; or throws away a draft, which nobody else ever saw.
/// Returns the id while there is something left to show.
pub async fn withdraw(instance: &Instance, actor: &Actor, id: &str) -> Result<Option<Uuid>> {
    let mut change = Change::begin(instance, actor).await?;
    let (dossier, entry) = find(change.tx(), actor, id, EntryAct::Change).await?;
    match entry.status {
        Status::Withdrawn => Ok(Some(entry.id)),
        Status::Draft => {
            take(&mut change, &entry).await?;
            store::remove(change.tx(), entry.id).await?;
            dossiers::touch(change.tx(), dossier.id).await?;
            change.record(Event::EntryDiscarded, Some(entry.id), &entry.content);
            change.commit().await?;
            Ok(None)
        }
        Status::Final => {
            take(&mut change, &entry).await?;
            let state = State {
                id: entry.id,
                status: Status::Withdrawn,
                revision: entry.revision + 1,
                recorded_on: entry.recorded_on,
                at: change.at(),
            };
            keep(&mut change, actor, &state, &entry.content, false).await?;
            finish(change, &dossier, (&state, &entry.content), &[], Event::EntryWithdrawn).await?;
            Ok(Some(entry.id))
        }
    }
}

/// Refuses one more entry in a dossier that holds the most: its pages stay such as can be read.
pub(super) async fn has_room(tx: &mut Tx, dossier: &Dossier) -> Result<()> {
    if store::count(tx, dossier.id).await? < rules::ENTRIES {
        return Ok(());
    }
    let message = format!(
        "Your dossier holds {} entries, which is the most. Throw away drafts that you no longer need, or tell what happened as an update of an entry.",
        rules::ENTRIES
    );
    Err(Error::Invalid(vec![FieldError::new("title", message)]))
}

/// Begins a new draft with an entry's content, without its dates, updates and answers.
pub async fn duplicate(instance: &Instance, actor: &Actor, id: &str) -> Result<Uuid> {
    let mut change = Change::begin(instance, actor).await?;
    let (dossier, entry) = find(change.tx(), actor, id, EntryAct::Change).await?;
    has_room(change.tx(), &dossier).await?;
    let content = Content {
        from: None,
        from_is_month: false,
        to: None,
        to_is_month: false,
        ongoing: false,
        updates: Vec::new(),
        ..entry.content
    };
    let at = change.at();
    let state =
        State { id: instance.ids.new_id(at), status: Status::Draft, revision: 1, recorded_on: None, at };
    store::insert(change.tx(), &state, dossier.id, &content.title).await?;
    keep(&mut change, actor, &state, &content, false).await?;
    finish(change, &dossier, (&state, &content), &[], Event::EntryDuplicated).await?;
    Ok(state.id)
}

/// Takes the revision on, where the change rests on the entry as it was just read.
pub(super) async fn take(change: &mut Change<'_>, entry: &Entry) -> Result<()> {
    if store::take_revision(change.tx(), entry.id, entry.revision).await? {
        Ok(())
    } else {
        Err(Error::Conflict("This entry was changed at this very moment. Look at it again.".into()))
    }
}

/// Writes an entry's new state and its revision.
pub(super) async fn keep(
    change: &mut Change<'_>,
    actor: &Actor,
    state: &State,
    content: &Content,
    autosaved: bool,
) -> Result<()> {
    store::write(change.tx(), state, content).await?;
    let kept = Kept { status: state.status, autosaved, content: content.clone() };
    revisions::insert(change.tx(), state.id, state.revision, actor.account, state.at, &kept).await
}

/// Ends a change, which superseded what it did.
pub(super) async fn finish(
    mut change: Change<'_>,
    dossier: &Dossier,
    (state, content): (&State, &Content),
    superseded: &[Loss],
    action: Event,
) -> Result<()> {
    // A draft counts nowhere, and an entry that is none doesn't become one again.
    if state.status != Status::Draft {
        dossiers::touch(change.tx(), dossier.id).await?;
    }
    // Nobody is told of a draft. Nobody was ever told or asked of a new entry, so that only whom it names is left.
    if state.status != Status::Draft && (state.revision > 1 || !content.people.is_empty()) {
        telling::follow(&mut change, dossier.id, Some(state.id), superseded).await?;
    }
    if state.status == Status::Final {
        for capability in &content.capabilities {
            let about = notices::about_part(dossier.id, capability);
            notices::settle(&mut change, Kind::Lapsing, about, Some(dossier.owner_account)).await?;
        }
    }
    change.record(action, Some(state.id), &(state.status, state.revision, content));
    change.commit().await
}
