//! Whether the log is whole: the entries count up from 1, the hash of each follows from what it says and from the hash
//! before it, and the last one is that of the head. Who can write in the database can make all of that anew, so what holds
//! in the end is a checkpoint that was kept elsewhere.

use serde::{Deserialize, Serialize};

use super::store;
use crate::db::{self, Tx};

/// Entries that are held in memory at once.
const AT_ONCE: i64 = 1000;
/// What the first entry's hash follows on.
const BEGINNING: [u8; 32] = [0; 32];

/// An entry's number and hash. The hash rests on every entry before it, so that all of them can be held against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// The entry's number; 0 before the first.
    pub seq: i64,
    /// Its hash in hexadecimal digits.
    pub hash: String,
}

impl Checkpoint {
    /// Reads one from the JSON in which it was written.
    ///
    /// # Errors
    /// Says what is wrong with the text.
    pub fn read(text: &str) -> Result<Checkpoint, String> {
        let read: Checkpoint = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let hash = read.hash.to_ascii_lowercase();
        match hex::decode(&hash) {
            Ok(bytes) if bytes.len() == BEGINNING.len() && read.seq >= 0 => {
                Ok(Checkpoint { seq: read.seq, hash })
            }
            _ => Err("its hash must have 64 hexadecimal digits, and its seq must not be negative".into()),
        }
    }

    fn of(seq: i64, hash: &[u8]) -> Checkpoint {
        Checkpoint { seq, hash: hex::encode(hash) }
    }
}

/// The first entry that is wrong, and how.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It was put before the first.
    #[error("entry {0} stands before the first, which is entry 1")]
    BeforeFirst(i64),
    /// There is a later one, and not this.
    #[error("entry {0} is missing between others")]
    Missing(i64),
    /// A column holds what no entry holds.
    #[error("entry {0} holds a value that is never written")]
    Unreadable(i64),
    /// It was edited, put in, or moved.
    #[error(
        "entry {0} is not what was written: its hash does not follow from what it says and from the entry before"
    )]
    Altered(i64),
    /// It and those before it agree, but not with what was exported.
    #[error("entry {0} is not the one of the checkpoint: it, or one before it, was written anew")]
    Rewritten(i64),
    /// The checkpoint, or the head, knows of later ones than there are.
    #[error(
        "entry {missing} is missing: the log was cut off, and its {by} says that it went on to entry {last}"
    )]
    CutOff {
        /// The first that is missing.
        missing: i64,
        /// The last that there was.
        last: i64,
        /// Who knows.
        by: &'static str,
    },
    /// There are more than the head knows of.
    #[error("entry {seq} was put after the end of the log, which by its head is entry {last}")]
    AfterEnd {
        /// The first of them.
        seq: i64,
        /// The last that the head knows of.
        last: i64,
    },
    /// The head holds another hash for the last one.
    #[error("entry {0} is the last, and the head of the log has another hash for it")]
    Head(i64),
    /// The head's row is gone.
    #[error("entry {0} is the last, and the log has no head any more")]
    NoHead(i64),
}

/// Goes through the whole log, as it is in the transaction's snapshot; returns its end, or the first fault.
///
/// # Errors
/// When the database can't be asked.
pub async fn verify(tx: &mut Tx, checkpoint: Option<&Checkpoint>) -> db::Result<Result<Checkpoint, Fault>> {
    let mut hash = BEGINNING.to_vec();
    let mut last = 0;
    let mut from = i64::MIN;
    let mut at_once = AT_ONCE;
    if let Some(fault) = rewritten(checkpoint, 0, &hash) {
        return Ok(Err(fault));
    }
    loop {
        let entries = match store::after(tx, from, at_once).await {
            // One of them can't be read: which one is found by reading them one by one.
            Err(db::Error::Unreadable(_)) if at_once > 1 => {
                at_once = 1;
                continue;
            }
            Err(db::Error::Unreadable(_)) => {
                let seq = store::next_number(tx, from).await?;
                return Ok(Err(misplaced(last, seq).unwrap_or(Fault::Unreadable(seq))));
            }
            entries => entries?,
        };
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            if let Some(fault) = misplaced(last, entry.seq) {
                return Ok(Err(fault));
            }
            if !entry.is_canonical() {
                return Ok(Err(Fault::Unreadable(entry.seq)));
            }
            if entry.hash != entry.hash_after(&hash) {
                return Ok(Err(Fault::Altered(entry.seq)));
            }
            (last, hash, from) = (entry.seq, entry.hash, entry.seq);
            if let Some(fault) = rewritten(checkpoint, last, &hash) {
                return Ok(Err(fault));
            }
        }
    }
    if let Some(known) = checkpoint.filter(|known| known.seq > last) {
        return Ok(Err(Fault::CutOff { missing: last + 1, last: known.seq, by: "checkpoint" }));
    }
    let head = match store::head(tx).await {
        Err(db::Error::Rows { .. }) => return Ok(Err(Fault::NoHead(last))),
        head => head?,
    };
    Ok(match head {
        (head, _) if head > last => Err(Fault::CutOff { missing: last + 1, last: head, by: "head" }),
        (head, _) if head < last => Err(Fault::AfterEnd { seq: head + 1, last: head }),
        (_, known) if known != hash => Err(Fault::Head(last)),
        _ => Ok(Checkpoint::of(last, &hash)),
    })
}

/// What is wrong with finding this number after the last one.
fn misplaced(last: i64, seq: i64) -> Option<Fault> {
    match seq {
        ..1 => Some(Fault::BeforeFirst(seq)),
        _ if seq != last + 1 => Some(Fault::Missing(last + 1)),
        _ => None,
    }
}

fn rewritten(checkpoint: Option<&Checkpoint>, seq: i64, hash: &[u8]) -> Option<Fault> {
    let known = checkpoint.filter(|known| known.seq == seq)?;
    (*known != Checkpoint::of(seq, hash)).then_some(Fault::Rewritten(seq))
}
