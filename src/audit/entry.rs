//! An entry as it is kept, and the form that its hash covers.
//!
//! There are two versions. The first knew who, and not by what; its entries stay as they are, and an instance that is still on
//! the version before writes more of them. A form of the second begins with [`TAG`], and none of the first does: that begins
//! with the entry's number, which is never negative.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What is written today.
pub(super) const VERSION: i64 = 2;
/// What the form of every version but the first begins with.
const TAG: u8 = 0xff;

/// An entry, with all that its hash covers.
#[derive(sqlx::FromRow)]
pub(super) struct Entry {
    pub(super) seq: i64,
    /// Which form its hash covers.
    pub(super) version: i64,
    pub(super) at: DateTime<Utc>,
    pub(super) actor: Option<Uuid>,
    /// By what: none in version 1.
    pub(super) origin: Option<String>,
    pub(super) origin_id: Option<Uuid>,
    pub(super) action: String,
    pub(super) subject: String,
    pub(super) subject_id: Option<Uuid>,
    pub(super) commitment: Vec<u8>,
    pub(super) hash: Vec<u8>,
}

impl Entry {
    /// `SHA-256(previous ‖ canonical entry)`; every part of the canonical form has a fixed length or ends with a NUL,
    /// but for the last.
    pub(super) fn hash_after(&self, previous: &[u8]) -> Vec<u8> {
        let mut hasher = Sha256::new();
        hasher.update(previous);
        if self.version != 1 {
            hasher.update([TAG]);
            hasher.update(self.version.to_be_bytes());
        }
        hasher.update(self.seq.to_be_bytes());
        hasher.update(self.at.timestamp_micros().to_be_bytes());
        hasher.update(self.actor.unwrap_or_default().as_bytes());
        if self.version != 1 {
            hasher.update(self.origin.as_deref().unwrap_or_default().as_bytes());
            hasher.update([0]);
            hasher.update(self.origin_id.unwrap_or_default().as_bytes());
        }
        hasher.update(self.action.as_bytes());
        hasher.update([0]);
        hasher.update(self.subject.as_bytes());
        hasher.update([0]);
        hasher.update(self.subject_id.unwrap_or_default().as_bytes());
        hasher.update(&self.commitment);
        hasher.finalize().to_vec()
    }

    /// Whether its canonical form is that of no other entry: nobody has the nil id, which stands for none, no word holds a
    /// NUL, and what the form of its version doesn't cover is not there.
    pub(super) fn is_canonical(&self) -> bool {
        let nil = |id: Option<Uuid>| id.is_some_and(|id| id.is_nil());
        let split = |word: &str| word.contains('\0');
        let covered = match self.version {
            1 => self.origin.is_none() && self.origin_id.is_none(),
            VERSION => self.origin.as_deref().is_some_and(|origin| !split(origin)),
            _ => false,
        };
        covered
            && !nil(self.actor)
            && !nil(self.origin_id)
            && !nil(self.subject_id)
            && !split(&self.action)
            && !split(&self.subject)
    }
}
