//! What a CTO can do with a sitting: save it as a private draft, release it, throw it away.

use uuid::Uuid;

use super::forms::Typed;
use super::store::{self, Begun, Sitting};
use crate::accounts::Actor;
use crate::audit::{Change, Event};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::evidence::dossiers::{self, Dossier};
use crate::instance::Instance;
use crate::notices::{self, Notice};
use crate::policy::{self, SittingAct};

/// What is to become of a sitting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It stays a private draft.
    Keep,
    /// The owner and CTOs read it, and it counts from today.
    Release,
}

/// What came of a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is kept, as this revision.
    Kept(Uuid, i64),
    /// The same CTO saved or released it elsewhere in between; what is there now has this revision, 0 for no draft.
    Stale(i64),
}

/// A dossier over which the actor may hold a sitting.
///
/// # Errors
/// [`Error::NotFound`] where they may not know of it; [`Error::Forbidden`] where it is their own.
pub async fn opened(tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<Dossier> {
    let dossier = dossiers::readable(tx, actor, id).await?;
    policy::decide(&actor.roles, SittingAct::Hold(dossier.state(actor))).require()?;
    Ok(dossier)
}

/// The commitment that a CTO made to a Director and has said nothing of yet: their latest with one.
pub fn open_commitment<'s>(actor: &Actor, released: &'s [Sitting]) -> Option<&'s Sitting> {
    let mut own = released.iter().filter(|sitting| sitting.account_id == actor.account);
    let latest = own.find(|sitting| !sitting.commitment.is_empty())?;
    let settled = released.iter().any(|later| later.earlier_id == Some(latest.id));
    (!settled).then_some(latest)
}

/// Saves a sitting, and with [`Doing::Release`] releases it.
///
/// # Errors
/// As [`opened`]; [`Error::Invalid`] names the fields of the form.
pub async fn save(
    instance: &Instance,
    actor: &Actor,
    dossier: Uuid,
    typed: &Typed,
    doing: Doing,
) -> Result<Outcome> {
    let mut change = Change::begin(instance, actor).await?;
    let dossier = opened(change.tx(), actor, dossier).await?;
    dossiers::lock(change.tx(), dossier.id).await?;
    let draft = store::draft(change.tx(), actor, dossier.id).await?;
    let present = draft.as_ref().map_or(0, |draft| draft.revision);
    let page = typed.page();
    if typed.get("revision").parse() != Ok(present) {
        // A page whose earlier save was kept and not answered does not know so: it is in no conflict with itself.
        let itself = match (&draft, &page) {
            (Some(draft), Some(page)) => store::is_from(change.tx(), draft.id, page).await?,
            _ => false,
        };
        if !itself {
            return Ok(Outcome::Stale(present));
        }
    }
    let released = store::released(change.tx(), actor, dossier.id).await?;
    let earlier = open_commitment(actor, &released).map(|sitting| sitting.id);
    let contents = typed.read(dossier.framework()?, earlier, doing == Doing::Release)?;
    let at = change.at();
    let draft = if let Some(draft) = draft {
        draft
    } else {
        let new = || instance.ids.new_id(at);
        let begun = Begun { id: new(), check_in: new(), feedback: new() };
        store::begin(change.tx(), &begun, actor, dossier.id, at).await?;
        store::draft(change.tx(), actor, dossier.id).await?.ok_or(Error::NotFound)?
    };
    store::write(change.tx(), &draft, &contents, page.as_ref(), at).await?;
    let action = match doing {
        Doing::Keep => Event::SittingSaved,
        Doing::Release => {
            store::release(change.tx(), &draft, &contents, instance.today(), at).await?;
            dossiers::touch(change.tx(), dossier.id).await?;
            tell_release(&mut change, &dossier, actor, draft.id, history_path(dossier.id, draft.id)).await?;
            Event::SittingReleased
        }
    };
    change.record(action, Some(draft.id), &(dossier.id, &contents));
    change.commit().await?;
    Ok(Outcome::Kept(draft.id, present + 1))
}

/// Where a released sitting is read.
pub fn history_path(dossier: Uuid, sitting: Uuid) -> String {
    format!("/dossiers/{dossier}/sittings#sitting-{sitting}")
}

/// Tells the owner of a dossier that a CTO released something to them.
pub(super) async fn tell_release(
    change: &mut Change<'_>,
    dossier: &Dossier,
    actor: &Actor,
    about: Uuid,
    path: String,
) -> Result<()> {
    let by = Some(actor.person);
    let notice = Notice { to: dossier.owner_account, kind: notices::Kind::Release, about, by, path };
    Ok(notices::tell(change, notice).await?)
}

/// Throws the actor's draft over a dossier away, if there is one.
///
/// # Errors
/// As [`opened`].
pub async fn discard(instance: &Instance, actor: &Actor, dossier: Uuid) -> Result<()> {
    let mut change = Change::begin(instance, actor).await?;
    let dossier = opened(change.tx(), actor, dossier).await?;
    dossiers::lock(change.tx(), dossier.id).await?;
    let Some(draft) = store::draft(change.tx(), actor, dossier.id).await? else { return Ok(()) };
    store::remove(change.tx(), &draft).await?;
    change.record(Event::SittingDiscarded, Some(draft.id), &dossier.id);
    change.commit().await
}
