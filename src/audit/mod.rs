//! The audit log: every change is written with its entry in one transaction, and the entries form a hash chain.
//!
//! An entry holds who, by what, what and when as ids, and a keyed commitment to what was written; never prose. A wrong entry
//! is corrected by another, never edited.

mod entry;
mod events;
mod origin;
mod store;
mod verify;

pub use events::Event;
pub use origin::{Author, By, Origin};
pub(crate) use store::begin;
pub use store::{Logged, head, head_before, latest_of, number_of, with_hash};
pub use verify::{Checkpoint, Fault, verify};

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use self::entry::{Entry, VERSION};
use crate::db::{self, Tx};
use crate::instance::Instance;

/// A change under way: a write transaction that can only be kept together with its audit entries.
pub struct Change<'i> {
    instance: &'i Instance,
    tx: Tx,
    author: Author,
    at: DateTime<Utc>,
    recorded: Vec<Recorded>,
}

struct Recorded {
    event: Event,
    subject_id: Option<Uuid>,
    commitment: Vec<u8>,
}

impl<'i> Change<'i> {
    /// Who makes the change, and by what.
    pub fn author(&self) -> Author {
        self.author
    }

    /// Begins a change by whoever acts, and by what: somebody who is signed in, or an [`Origin`].
    pub async fn begin(instance: &'i Instance, author: impl Into<Author>) -> db::Result<Change<'i>> {
        Ok(Change::within(instance, author.into(), instance.db.write().await?))
    }

    /// As [`Change::begin`], while no other change is under way: what was read in it, no other moves.
    pub async fn begin_alone(instance: &'i Instance, author: impl Into<Author>) -> db::Result<Change<'i>> {
        Ok(Change::within(instance, author.into(), instance.db.write_alone().await?))
    }

    fn within(instance: &'i Instance, author: Author, tx: Tx) -> Change<'i> {
        Change { instance, tx, author, at: instance.now(), recorded: Vec::new() }
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

    /// Records what is done, to which of its subjects, with what was written. Only a keyed commitment to the content is kept.
    pub fn record<C: Serialize>(&mut self, event: Event, subject_id: Option<Uuid>, content: &C) {
        // Serializing our own plain types into memory can't fail; were it to, the commitment would be to nothing.
        let content = serde_json::to_vec(content).unwrap_or_default();
        let commitment = self.instance.digest("audit", &content);
        self.recorded.push(Recorded { event, subject_id, commitment });
    }

    /// Keeps the change and its audit entries.
    ///
    /// # Errors
    /// Fails when nothing was recorded: a change without an audit entry is a mistake of ours.
    pub async fn commit(mut self) -> crate::error::Result<()> {
        if self.recorded.is_empty() {
            return Err(anyhow::anyhow!("a change was to be kept without an audit entry").into());
        }
        // The head is locked last, so that changes run side by side for as long as they can.
        let (mut seq, mut hash) = store::take_head(&mut self.tx, self.recorded.len()).await?;
        for recorded in self.recorded {
            seq += 1;
            let mut entry = Entry {
                seq,
                version: VERSION,
                at: self.at,
                actor: self.author.account,
                origin: Some(<&str>::from(self.author.origin.by()).into()),
                origin_id: self.author.origin.id(),
                action: recorded.event.action().into(),
                subject: recorded.event.subject().into(),
                subject_id: recorded.subject_id,
                commitment: recorded.commitment,
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
