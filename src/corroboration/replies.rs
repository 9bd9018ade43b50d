//! What follows on an account that differs: the owner's reply, and a CTO's settlement.

use uuid::Uuid;

use super::store::{self, Given};
use super::{ACCOUNT, CorroborationAnswer};
use crate::accounts::Actor;
use crate::audit::{Change, Event};
use crate::db::Tx;
use crate::error::{Error, Faults, Result};
use crate::evidence::dossiers::{self, Dossier};
use crate::evidence::{self, Entry};
use crate::instance::Instance;
use crate::notices::{self, Kind, Notice};
use crate::policy::{self, EntryAct, EntryState, VoiceAct};
use crate::text;

/// An answer as the owner and CTOs read it.
#[derive(Clone, Debug)]
pub struct Found {
    /// The dossier.
    pub dossier: Dossier,
    /// The entry as it is now.
    pub entry: Entry,
    /// Who answered.
    pub person: Uuid,
    /// All that they answered, the latest first.
    pub given: Vec<Given>,
    /// The place of the answer among these.
    pub place: usize,
}

impl Found {
    /// The answer.
    pub fn answer(&self) -> &Given {
        &self.given[self.place]
    }

    /// Whether the answer stands: what doesn't counts nowhere.
    pub fn stands(&self) -> bool {
        self.of_standing(self.answer())
    }

    fn of_standing(&self, given: &Given) -> bool {
        given.origin().stands_ever(&self.person, &self.dossier.owner_person)
    }

    /// The place of the latest answer that stands, or else of the latest.
    pub fn standing(&self) -> usize {
        self.given.iter().position(|given| self.of_standing(given)).unwrap_or_default()
    }

    /// Whether it is an account that differs and is nobody's earlier word, so that it can be replied to and settled.
    pub fn is_open(&self) -> bool {
        let answer = self.answer();
        self.place <= self.standing()
            && answer.answer == CorroborationAnswer::Differs
            && answer.settled_on.is_none()
    }

    /// What the policy decides by.
    pub fn state(&self, actor: &Actor) -> EntryState {
        EntryState {
            dossier: self.dossier.state(actor),
            status: self.entry.status,
            audience: self.entry.content.audience,
        }
    }
}

/// An answer about an entry that the actor may read. An id that doesn't parse is a missing one.
///
/// # Errors
/// [`Error::NotFound`] for every other.
pub async fn find(tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<Found> {
    let (entry, person) = store::of_answer(tx, id).await?.ok_or(Error::NotFound)?;
    let (dossier, entry) = evidence::actions::find(tx, actor, &entry.to_string(), EntryAct::Read).await?;
    let given = store::given(tx, entry.id, person).await?;
    let place = given.iter().position(|given| given.id == id).ok_or(Error::NotFound)?;
    Ok(Found { dossier, entry, person, given, place })
}

/// Keeps the owner's reply to an account that differs, in the place of an earlier one.
///
/// # Errors
/// [`Error::Invalid`] names `reply`.
pub async fn reply(instance: &Instance, actor: &Actor, id: Uuid, typed: &str) -> Result<()> {
    let mut change = Change::begin(instance, actor).await?;
    let found = find(change.tx(), actor, id).await?;
    policy::decide(&actor.roles, EntryAct::Change(found.state(actor))).require()?;
    let reply = written("reply", typed, "Say how you see it.")?;
    dossiers::lock(change.tx(), found.dossier.id).await?;
    open(&find(change.tx(), actor, id).await?)?;
    let at = change.at();
    change
        .tx()
        .query("update corroborations set reply = $2, replied_at = $3 where id = $1")
        .bind(id)
        .bind(reply.clone())
        .bind(at)
        .run_expecting(1)
        .await?;
    change.record(Event::CorroborationReplied, Some(id), &reply);
    change.commit().await
}

/// Settles an account that differs, with a reason that the owner reads.
///
/// # Errors
/// [`Error::Invalid`] names `reason`; [`Error::Forbidden`] for whose account it is.
pub async fn settle(instance: &Instance, actor: &Actor, id: Uuid, typed: &str) -> Result<()> {
    let mut change = Change::begin(instance, actor).await?;
    let found = find(change.tx(), actor, id).await?;
    let own = found.person == actor.person;
    policy::decide(&actor.roles, VoiceAct::SettleAccount(found.state(actor), own)).require()?;
    let reason = written("reason", typed, "Say why this is settled. The candidate reads it.")?;
    dossiers::touch(change.tx(), found.dossier.id).await?;
    open(&find(change.tx(), actor, id).await?)?;
    change
        .tx()
        .query("update corroborations set settled_on = $2, settled_by = $3, settlement = $4 where id = $1")
        .bind(id)
        .bind(instance.today())
        .bind(actor.person)
        .bind(reason.clone())
        .run_expecting(1)
        .await?;
    notices::settle(&mut change, Kind::Differs, id, None).await?;
    let notice = Notice {
        to: found.dossier.owner_account,
        kind: Kind::Settled,
        about: id,
        by: Some(actor.person),
        path: format!("/corroborations/{id}"),
    };
    notices::tell(&mut change, notice).await?;
    change.record(Event::CorroborationSettled, Some(id), &reason);
    change.commit().await
}

fn open(found: &Found) -> Result<()> {
    if found.is_open() {
        Ok(())
    } else {
        Err(Error::Conflict(
            "This account no longer stands open: it was settled, or its author has answered anew.".into(),
        ))
    }
}

fn written(field: &'static str, typed: &str, missing: &str) -> Result<String> {
    let mut faults = Faults::default();
    let text = faults.take(field, text::lines(typed));
    match text.as_ref().map(|text| text.chars().count()) {
        Some(0) => faults.add(field, missing),
        Some(length) if length > ACCOUNT => faults.add(field, "Enter at most 20,000 characters."),
        _ => {}
    }
    faults.done(text)
}
