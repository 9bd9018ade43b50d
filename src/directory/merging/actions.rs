//! Saying that two people are one, taking that back, and saying that they are two.

use serde_json::json;
use uuid::Uuid;

use super::store::{self, Merge};
use crate::accounts::{self, Actor};
use crate::audit::{Change, Event};
use crate::corroboration::catching_up;
use crate::db::Tx;
use crate::error::{Error, FieldError, Result};
use crate::instance::Instance;
use crate::notices::{self, Kind, Notice};
use crate::people;
use crate::policy::{self, PersonAct};
use crate::review;

/// Why two people can't be merged by an admin, in a sentence for them; none when they can. It looks at no evidence: whether
/// somebody's draft, or what they published, names or heard the other is theirs, and an answer that depends on it tells. Where
/// it does, what was the other's counts nowhere, as one's own word about oneself never does; and where it names one of them as
/// developed whom the candidate could not have named so as the other, that counts as it stands.
pub(super) async fn obstacle(
    tx: &mut Tx,
    actor: &Actor,
    keep: Uuid,
    merge: Uuid,
) -> Result<Option<&'static str>> {
    let mut signing_in = 0;
    for person in [keep, merge] {
        if !people::store::exists(tx, person).await? {
            return Err(Error::NotFound);
        }
        signing_in += usize::from(accounts::store::email_of(tx, person).await?.is_some());
    }
    if keep == merge {
        return Ok(Some("This is one person already. Choose two."));
    }
    if signing_in == 2 {
        return Ok(Some(
            "Both have an account, so that they sign in as two people. Nobody keeps two dossiers: disable the account that is not used, and go on with the other.",
        ));
    }
    if [keep, merge].contains(&actor.person) {
        // What the other is asked, and their level, would be the admin's by their own hand.
        return Ok(Some(
            "One of the two is you, and nobody merges themselves. Ask another admin; evident user grant makes somebody one.",
        ));
    }
    Ok(None)
}

/// Makes two people one: everything of `merge` is with `keep` from now on. Returns the merge's id.
///
/// # Errors
/// [`Error::Forbidden`] for who is no admin; [`Error::NotFound`] for who there isn't; [`Error::Invalid`] with the field
/// `merge` where an [`obstacle`] stands in the way.
pub async fn merge(instance: &Instance, actor: &Actor, keep: Uuid, merge: Uuid) -> Result<Uuid> {
    policy::decide(&actor.roles, PersonAct::Merge).require()?;
    let mut change = Change::begin_alone(instance, actor).await?;
    if let Some(message) = obstacle(change.tx(), actor, keep, merge).await? {
        return Err(Error::Invalid(vec![FieldError::new("merge", message)]));
    }
    let at = change.at();
    let done =
        Merge { id: instance.ids.new_id(at), survivor: keep, merged: merge, merged_at: at, undone_at: None };
    let signs_in = accounts::store::of_person(change.tx(), merge).await?.is_some();
    store::merge(change.tx(), &done, actor.account).await?;
    // Whoever signs in is told which record was found to be of them; not in which entries it is named.
    if let Some(to) = accounts::store::of_person(change.tx(), keep).await? {
        let other = if signs_in { keep } else { merge };
        let path = format!("/people/{keep}");
        let notice = Notice { to, kind: Kind::Merged, about: done.id, by: Some(other), path };
        notices::tell(&mut change, notice).await?;
    }
    catching_up::tell_person(&mut change, keep).await?;
    review::store::touch_resting_on(change.tx(), keep).await?;
    change.record(Event::PersonMerged, Some(keep), &json!({"merge": done.id, "merged": merge}));
    change.commit().await?;
    Ok(done.id)
}

/// Takes a merge back: what was moved goes back, and what came after stays with the one who was left.
///
/// # Errors
/// [`Error::Forbidden`] for who is no admin; [`Error::NotFound`] for no merge that holds; [`Error::Conflict`] while the
/// one who was left has since turned out to be somebody else.
pub async fn undo(instance: &Instance, actor: &Actor, merge: Uuid) -> Result<()> {
    policy::decide(&actor.roles, PersonAct::Merge).require()?;
    let mut change = Change::begin_alone(instance, actor).await?;
    let merge = store::find(change.tx(), merge).await?.filter(|merge| merge.undone_at.is_none());
    let merge = merge.ok_or(Error::NotFound)?;
    if people::store::turned_out_to_be(change.tx(), merge.survivor).await?.is_some() {
        return Err(Error::Conflict(
            "The one who was left has been merged with somebody else since. Undo that first.".into(),
        ));
    }
    let at = change.at();
    review::store::touch_resting_on(change.tx(), merge.survivor).await?;
    store::undo(change.tx(), &merge, actor.account, at).await?;
    notices::settle(&mut change, Kind::Merged, merge.id, None).await?;
    for person in [merge.survivor, merge.merged] {
        catching_up::tell_person(&mut change, person).await?;
    }
    change.record(
        Event::PersonMergeUndone,
        Some(merge.merged),
        &json!({"merge": merge.id, "survivor": merge.survivor}),
    );
    change.commit().await
}

/// Notes that two who share a name are two people, so that nobody is asked again.
///
/// # Errors
/// [`Error::Forbidden`] for who is no admin; [`Error::NotFound`] for who there isn't, and one with themselves.
pub async fn tell_apart(instance: &Instance, actor: &Actor, one: Uuid, other: Uuid) -> Result<()> {
    policy::decide(&actor.roles, PersonAct::Merge).require()?;
    if one == other {
        return Err(Error::NotFound);
    }
    let mut change = Change::begin(instance, actor).await?;
    for person in [one, other] {
        if !people::store::exists(change.tx(), person).await? {
            return Err(Error::NotFound);
        }
    }
    let at = change.at();
    if !store::tell_apart(change.tx(), one, other, actor.account, at).await? {
        return Ok(());
    }
    change.record(Event::PersonToldApart, Some(one), &json!({"other": other}));
    change.commit().await
}
