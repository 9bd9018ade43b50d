//! Letters to addresses: for somebody without an account, or that can't wait for a digest. They are bounded twice, so that
//! nobody is written to without end. An account posts so many a day, and is told when it can't post more. And so many a day leave
//! for one address, whoever posts them; the rest wait their turn, of which nobody is told: it would say what others do.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Kind, LETTER, store};
use crate::audit::Change;
use crate::db::{Result, Tx};
use crate::jobs::{self, Job};

/// The most letters that one account posts within a day.
const FROM_ONE: u64 = 20;
/// The most of them to one address.
const FROM_ONE_TO_ONE: u64 = 3;
/// The most letters that leave for one address within a day.
pub(super) const TO_ONE: i64 = 5;
/// What a day is here, whenever it begins.
const DAY: TimeDelta = TimeDelta::days(1);

/// A letter. It holds no prose of evidence, and its text is blanked once it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The account that posts it.
    pub by: Uuid,
    /// The address.
    pub to: String,
    /// What kind of thing it tells.
    pub kind: Kind,
    /// What it is about.
    pub about: Uuid,
    /// Its subject.
    pub subject: String,
    /// Its text, plain.
    pub text: String,
}

/// Why an account can't post one more letter to an address, in a sentence for its owner; none when it can. Only what the
/// account itself has posted decides.
pub async fn too_many(tx: &mut Tx, by: Uuid, to: &str, now: DateTime<Utc>) -> Result<Option<String>> {
    let (all, to_one) = store::posted(tx, by, to, now - DAY).await?;
    let most = if to_one >= FROM_ONE_TO_ONE {
        format!("You have written to this address {FROM_ONE_TO_ONE} times within a day")
    } else if all >= FROM_ONE {
        format!("You have had {FROM_ONE} letters sent within a day")
    } else {
        return Ok(None);
    };
    Ok(Some(format!(
        "{most}, which is the most. Leave it empty and hand the link over yourself, or ask again tomorrow."
    )))
}

/// Posts a letter within a change. It leaves as soon as there is a mail server to take it, and its address has had few
/// enough that day.
pub async fn post(change: &mut Change<'_>, letter: Letter) -> Result<()> {
    let at = change.at();
    let id = change.new_id();
    // Two who write to one address at one moment are counted one after the other.
    store::lock_address(change.tx(), &letter.to).await?;
    let turn = store::turn(change.tx(), &letter.to).await?;
    let due = turn.map_or(at, |earlier| at.max(earlier + DAY));
    store::insert_letter(change.tx(), id, &letter, at, due).await?;
    let job = Job { id: change.new_id(), name: LETTER, key: id.to_string(), about: Some(id), due };
    jobs::add(change.tx(), job, at).await.map(drop)
}

/// Withdraws the letters about something that are not sent yet.
pub async fn recall(change: &mut Change<'_>, about: Uuid) -> Result<()> {
    recall_all(change, &[about]).await
}

/// As [`recall`], about many things.
pub async fn recall_all(change: &mut Change<'_>, about: &[Uuid]) -> Result<()> {
    let at = change.at();
    store::recall(change.tx(), about, at).await
}
