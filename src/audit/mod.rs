//! The audit log: every change is written with its entry in one transaction, and the entries form a hash chain.
//!
//! An entry holds who, what and when as ids, and a keyed commitment to what was written; never prose. A wrong entry
//! is corrected by another, never edited.

mod store;
mod verify;

pub use store::{Logged, head, head_before, latest_of, number_of, with_hash};
pub use verify::{Checkpoint, Fault, verify};

use chrono::{DateTime, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::db::{self, Tx};
use crate::instance::Instance;

/// A change under way: a write transaction that can only be kept together with its audit entries.
pub struct Change<'i> {
    instance: &'i Instance,
    tx: Tx,
    actor: Option<Uuid>,
    at: DateTime<Utc>,
    events: Vec<Event>,
}

struct Event {
    action: &'static str,
    subject: &'static str,
    subject_id: Option<Uuid>,
    commitment: Vec<u8>,
}

impl<'i> Change<'i> {
    /// The account that changes something; none where nobody is signed in.
    pub fn actor(&self) -> Option<Uuid> {
        self.actor
    }

    /// Begins a change made by an account; by none, it is the command line or the program itself.
    pub async fn begin(instance: &'i Instance, actor: Option<Uuid>) -> db::Result<Change<'i>> {
        Ok(Change::within(instance, actor, instance.db.write().await?))
    }

    /// As [`Change::begin`], while no other change is under way: what was read in it, no other moves.
    pub async fn begin_alone(instance: &'i Instance, actor: Option<Uuid>) -> db::Result<Change<'i>> {
        Ok(Change::within(instance, actor, instance.db.write_alone().await?))
    }

    fn within(instance: &'i Instance, actor: Option<Uuid>, tx: Tx) -> Change<'i> {
        Change { instance, tx, actor, at: instance.now(), events: Vec::new() }
    }

    /// The transaction of the change.
    pub fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// The moment of the change.
    pub fn at(&self) -> DateTime<Utc> {
        self.at
    }

    /// A new id for something that is made in the change.
    pub fn new_id(&self) -> Uuid {
        self.instance.ids.new_id(self.at)
    }

    /// Notes what is done: an action such as `entry.published` on a subject such as `entry`, with what was written.
    /// Only a keyed commitment to the content is kept.
    pub fn note<C: Serialize>(
        &mut self,
        action: &'static str,
        subject: &'static str,
        subject_id: Option<Uuid>,
        content: &C,
    ) {
        // Serializing our own plain types into memory can't fail; were it to, the commitment would be to nothing.
        let content = serde_json::to_vec(content).unwrap_or_default();
        let commitment = self.instance.digest("audit", &content);
        self.events.push(Event { action, subject, subject_id, commitment });
    }

    /// Keeps the change and its audit entries.
    ///
    /// # Errors
    /// Fails when nothing was noted: a change without an audit entry is a mistake of ours.
    pub async fn commit(mut self) -> crate::error::Result<()> {
        if self.events.is_empty() {
            return Err(anyhow::anyhow!("a change was to be kept without an audit entry").into());
        }
        // The head is locked last, so that changes run side by side for as long as they can.
        let (mut seq, mut hash) = store::take_head(&mut self.tx, self.events.len()).await?;
        for event in self.events {
            seq += 1;
            let mut entry = Entry {
                seq,
                at: self.at,
                actor: self.actor,
                action: event.action.into(),
                subject: event.subject.into(),
                subject_id: event.subject_id,
                commitment: event.commitment,
                hash: Vec::new(),
            };
            entry.hash = entry.hash_after(&hash);
            store::append(&mut self.tx, &entry).await?;
            hash = entry.hash;
        }
        store::put_head(&mut self.tx, &hash).await?;
        self.tx.commit().await?;
        Ok(())
    }
}

/// An entry as it is kept, with all that its hash covers.
#[derive(sqlx::FromRow)]
struct Entry {
    seq: i64,
    at: DateTime<Utc>,
    actor: Option<Uuid>,
    action: String,
    subject: String,
    subject_id: Option<Uuid>,
    commitment: Vec<u8>,
    hash: Vec<u8>,
}

impl Entry {
    /// `SHA-256(previous ‖ canonical entry)`; every part of the canonical form has a fixed length or ends with a NUL,
    /// but for the last.
    fn hash_after(&self, previous: &[u8]) -> Vec<u8> {
        let mut hasher = Sha256::new();
        hasher.update(previous);
        hasher.update(self.seq.to_be_bytes());
        hasher.update(self.at.timestamp_micros().to_be_bytes());
        hasher.update(self.actor.unwrap_or_default().as_bytes());
        hasher.update(self.action.as_bytes());
        hasher.update([0]);
        hasher.update(self.subject.as_bytes());
        hasher.update([0]);
        hasher.update(self.subject_id.unwrap_or_default().as_bytes());
        hasher.update(&self.commitment);
        hasher.finalize().to_vec()
    }

    /// Whether its canonical form is that of no other entry: nobody has the nil id, which stands for none, and no word
    /// holds a NUL.
    fn is_canonical(&self) -> bool {
        let nil = |id: Option<Uuid>| id.is_some_and(|id| id.is_nil());
        let split = |word: &str| word.contains('\0');
        !nil(self.actor) && !nil(self.subject_id) && !split(&self.action) && !split(&self.subject)
    }
}
