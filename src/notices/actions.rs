//! What somebody can do with their own notices: put one away, and choose how to hear of a topic.

use uuid::Uuid;

use super::{Delivery, Topic, store};
use crate::accounts::Actor;
use crate::audit::{Change, Event};
use crate::error::{Error, Result};
use crate::instance::Instance;

/// Puts one of the actor's notices away. A request stays until it is answered.
///
/// # Errors
/// [`Error::NotFound`] when they have no such open notice.
pub async fn dismiss(instance: &Instance, actor: &Actor, id: Uuid) -> Result<()> {
    let mut change = Change::begin(instance, actor).await?;
    let at = change.at();
    let open = store::open(change.tx(), actor.account).await?;
    let notice = open.iter().find(|notice| notice.id == id).ok_or(Error::NotFound)?;
    if notice.kind.is_request() {
        return Err(Error::Conflict(
            "Somebody waits for your answer to this. Open it to answer, or to decline.".into(),
        ));
    }
    if !store::dismiss(change.tx(), id, actor.account, at).await? {
        return Err(Error::NotFound);
    }
    change.record(Event::NoticeDismissed, Some(id), &());
    change.commit().await
}

/// Chooses how the actor hears of topics. Reminders that are switched off leave the inbox, too.
pub async fn choose(instance: &Instance, actor: &Actor, chosen: &[(Topic, Delivery)]) -> Result<()> {
    let mut change = Change::begin(instance, actor).await?;
    let at = change.at();
    for (topic, delivery) in chosen {
        store::set_switch(change.tx(), actor.account, *topic, *delivery).await?;
    }
    let off = |topic: Topic| topic.is_reminder() && chosen.contains(&(topic, Delivery::Off));
    for notice in store::open(change.tx(), actor.account).await? {
        if off(notice.kind.topic()) {
            store::dismiss(change.tx(), notice.id, actor.account, at).await?;
        }
    }
    change.record(Event::NoticesChosen, Some(actor.account), &chosen);
    change.commit().await
}

/// Puts an account's reminders away within a change: for somebody who chose to be without them.
pub async fn without_reminders(change: &mut Change<'_>, account: Uuid) -> crate::db::Result<()> {
    let at = change.at();
    for notice in store::open(change.tx(), account).await? {
        if notice.kind.topic().is_reminder() {
            store::dismiss(change.tx(), notice.id, account, at).await?;
        }
    }
    Ok(())
}
