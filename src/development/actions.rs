//! What a candidate can do with their own plan and conversations.

use uuid::Uuid;

pub use super::forms::{ActionForm, ConversationForm, ProgressForm};
use super::store;
use crate::accounts::Actor;
use crate::audit::{Change, Event};
use crate::dashboard::sources;
use crate::error::{Error, FieldError, Result};
use crate::evidence::dossiers::{self, Dossier};
use crate::instance::Instance;
use crate::policy::{self, DossierAct};

/// More actions, or conversations, than anybody keeps an eye on.
const MOST: usize = 300;

/// Adds an action to the actor's plan.
///
/// # Errors
/// [`Error::Invalid`] names the fields of [`ActionForm`].
pub async fn plan(instance: &Instance, actor: &Actor, form: &ActionForm) -> Result<Uuid> {
    let dossier = own(instance, actor).await?;
    let framework = dossier.framework()?;
    let mut change = begun(instance, actor, &dossier).await?;
    let id = change.new_id();
    let action = form.read(framework, id, actor.first_day(instance))?;
    if store::plan(change.tx(), dossier.id).await?.len() >= MOST {
        return Err(full("action", "There are 300 actions already. Remove one first."));
    }
    let at = change.at();
    store::insert_action(change.tx(), dossier.id, &action, at).await?;
    change.record(Event::PlanAdded, Some(id), &action);
    change.commit().await?;
    Ok(id)
}

/// Says how far one of the actor's actions has come.
///
/// # Errors
/// [`Error::NotFound`] when they have no such action; [`Error::Invalid`] names the fields of [`ProgressForm`].
pub async fn progress(instance: &Instance, actor: &Actor, id: Uuid, form: &ProgressForm) -> Result<()> {
    let dossier = own(instance, actor).await?;
    let mut change = begun(instance, actor, &dossier).await?;
    let before = store::action(change.tx(), dossier.id, id).await?.ok_or(Error::NotFound)?;
    let entries = sources::final_entries(change.tx(), dossier.id).await?;
    // What closed it before may have been taken back since; it need not be chosen anew.
    let entries: Vec<Uuid> = entries.iter().map(|entry| entry.id).chain(before.entry_id).collect();
    let action = form.read(before, &entries, instance.today())?;
    store::update_action(change.tx(), dossier.id, &action).await?;
    change.record(Event::PlanChanged, Some(id), &action);
    change.commit().await
}

/// Removes one of the actor's actions.
///
/// # Errors
/// [`Error::NotFound`] when they have no such action.
pub async fn remove_action(instance: &Instance, actor: &Actor, id: Uuid) -> Result<()> {
    let dossier = own(instance, actor).await?;
    let mut change = begun(instance, actor, &dossier).await?;
    if !store::remove_action(change.tx(), dossier.id, id).await? {
        return Err(Error::NotFound);
    }
    change.record(Event::PlanRemoved, Some(id), &());
    change.commit().await
}

/// Writes a conversation down.
///
/// # Errors
/// [`Error::Invalid`] names the fields of [`ConversationForm`].
pub async fn write_down(instance: &Instance, actor: &Actor, form: &ConversationForm) -> Result<Uuid> {
    let dossier = own(instance, actor).await?;
    let mut change = begun(instance, actor, &dossier).await?;
    let id = change.new_id();
    let conversation = form.read(id, actor.last_day(instance))?;
    if store::conversations(change.tx(), dossier.id).await?.len() >= MOST {
        return Err(full("on", "There are 300 conversations already. Remove one first."));
    }
    let at = change.at();
    store::insert_conversation(change.tx(), dossier.id, &conversation, at).await?;
    change.record(Event::ConversationWritten, Some(id), &conversation);
    change.commit().await?;
    Ok(id)
}

/// Corrects one of the actor's conversations.
///
/// # Errors
/// [`Error::NotFound`] when they have no such one; [`Error::Invalid`] names the fields of [`ConversationForm`].
pub async fn correct(instance: &Instance, actor: &Actor, id: Uuid, form: &ConversationForm) -> Result<()> {
    let dossier = own(instance, actor).await?;
    let mut change = begun(instance, actor, &dossier).await?;
    store::conversation(change.tx(), dossier.id, id).await?.ok_or(Error::NotFound)?;
    let conversation = form.read(id, actor.last_day(instance))?;
    if !store::update_conversation(change.tx(), dossier.id, &conversation).await? {
        return Err(Error::NotFound);
    }
    change.record(Event::ConversationCorrected, Some(id), &conversation);
    change.commit().await
}

/// Removes one of the actor's conversations.
///
/// # Errors
/// [`Error::NotFound`] when they have no such one.
pub async fn remove_conversation(instance: &Instance, actor: &Actor, id: Uuid) -> Result<()> {
    let dossier = own(instance, actor).await?;
    let mut change = begun(instance, actor, &dossier).await?;
    if !store::remove_conversation(change.tx(), dossier.id, id).await? {
        return Err(Error::NotFound);
    }
    change.record(Event::ConversationRemoved, Some(id), &());
    change.commit().await
}

/// The actor's own dossier, whose plan they may see and change as nobody else may.
pub(super) async fn own(instance: &Instance, actor: &Actor) -> Result<Dossier> {
    let dossier = dossiers::own(instance, actor).await?;
    policy::decide(&actor.roles, DossierAct::Change(dossier.state(actor))).require()?;
    Ok(dossier)
}

/// A change to a dossier's plan, one after another.
async fn begun<'i>(instance: &'i Instance, actor: &Actor, dossier: &Dossier) -> Result<Change<'i>> {
    let mut change = Change::begin(instance, actor).await?;
    dossiers::lock(change.tx(), dossier.id).await?;
    Ok(change)
}

fn full(field: &'static str, message: &str) -> Error {
    Error::Invalid(vec![FieldError::new(field, message)])
}
