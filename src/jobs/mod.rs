//! Jobs: what the program does by itself, kept in a table until it is done.
//!
//! A feature puts a job there within its own change, under a name and a key: of two with the same there is only the
//! first, so that asking twice does no harm. One of the instances on a database takes it, for as long as a lease, which it
//! renews while it works; when that instance is killed, the lease ends and another takes it. What a job does is therefore done
//! at least once, and must do no harm when it is done again.
//!
//! What there is to do is a [`Job`]: a feature declares its own, and the server puts them together (`server/jobs.rs`). A row of a
//! name that this version doesn't know waits for one that does.

mod kind;
pub mod store;

pub use kind::{Job, Kind, Queue, Run};
pub use store::{New, add, add_all};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::audit::{Author, Change, Event, Origin};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::instance::Instance;

/// How long one who took a job has it for themselves; as long again with each renewal.
pub const LEASE: TimeDelta = TimeDelta::minutes(5);
/// Attempts after which a job is given up that might have gone better: about a week of them.
const MOST: i64 = 32;
/// Attempts after which a job is given up that was refused for good each time.
const MOST_REFUSED: i64 = 3;
/// How long what is done is remembered.
const REMEMBERED: TimeDelta = TimeDelta::days(30);

/// A job that was taken.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Taken {
    /// Its id.
    pub id: Uuid,
    /// What is to be done.
    pub name: String,
    /// What it works on, where that is one thing.
    pub about: Option<Uuid>,
    /// What it is told besides, as JSON.
    pub payload: Option<String>,
    /// Which attempt this is, from 1.
    pub attempts: i64,
    /// Stands for this taking; whoever takes it later has another.
    pub lease: Uuid,
}

impl Taken {
    /// By what it changes something.
    pub fn origin(&self) -> Origin {
        Origin::Job(Some(self.id))
    }
}

/// What came of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done, or there was nothing to do.
    Done,
    /// It was written down together with what the job did ([`settle`]).
    Settled,
    /// It may go better later. Says why in words that hold nobody's prose and no secret.
    Later(String),
    /// It was refused for good; some refusals are mistaken, so that it is tried a few times all the same.
    Refused(String),
}

/// How long to wait after an attempt: a minute, doubled each time, at most six hours.
pub fn pause(attempts: i64) -> TimeDelta {
    let doublings = (attempts - 1).clamp(0, 9);
    TimeDelta::minutes(1_i64 << doublings).min(TimeDelta::hours(6))
}

/// Takes the job of these names that has been due longest. With a pace, takes none while as many of these names were
/// begun within the last minute.
pub async fn take(
    instance: &Instance,
    names: &[&'static str],
    pace: Option<u32>,
    lease: TimeDelta,
) -> Result<Option<Taken>> {
    let now = instance.now();
    let mut tx = instance.db.read().await?;
    if !store::may_begin(&mut tx, names, pace, now).await? {
        return Ok(None);
    }
    drop(tx);
    let mut tx = instance.db.write().await?;
    if !store::may_begin(&mut tx, names, pace, now).await? {
        return Ok(None);
    }
    let id = instance.ids.new_id(now);
    let taken = store::take(&mut tx, names, id, now, now + lease).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Keeps a job that is under way for as long as a lease from now on; false when it is the taker's no longer.
pub async fn renew(instance: &Instance, job: &Taken, lease: TimeDelta) -> Result<bool> {
    let mut tx = instance.db.write().await?;
    let renewed = store::renew(&mut tx, job, instance.now() + lease).await?;
    tx.commit().await?;
    Ok(renewed)
}

/// Writes down what came of a job; false, and nothing is written, when its lease ended and somebody else has it.
pub async fn finish(instance: &Instance, job: &Taken, outcome: &Outcome) -> Result<bool> {
    let mut tx = instance.db.write().await?;
    let written = settle(&mut tx, job, outcome, instance.now()).await?;
    tx.commit().await?;
    Ok(written)
}

/// As [`finish`], within a transaction that also keeps what the job did, and is to be given up when this is false.
pub async fn settle(tx: &mut Tx, job: &Taken, outcome: &Outcome, now: DateTime<Utc>) -> Result<bool> {
    let written = match outcome {
        Outcome::Settled => true,
        Outcome::Done => store::done(tx, job, now).await?,
        Outcome::Later(why) if job.attempts < MOST => {
            store::put_off(tx, job, now + pause(job.attempts), why).await?
        }
        Outcome::Refused(why) if job.attempts < MOST_REFUSED => {
            store::put_off(tx, job, now + pause(job.attempts), why).await?
        }
        Outcome::Later(why) | Outcome::Refused(why) => store::give_up(tx, job, now, why).await?,
    };
    Ok(written)
}

/// Makes a job for all that waits or was given up due now, by an admin.
///
/// # Errors
/// [`Error::NotFound`] when there is no such job that could be tried.
pub async fn retry_now(instance: &Instance, by: impl Into<Author>, id: Uuid) -> Result<()> {
    let mut change = Change::begin(instance, by).await?;
    let at = change.at();
    if !store::retry_now(change.tx(), id, at).await? {
        return Err(Error::NotFound);
    }
    change.record(Event::JobRetriedNow, Some(id), &());
    change.commit().await
}

/// As [`retry_now`], for every job that was given up, mails too. Nobody is told whether there was one.
pub async fn retry_all_now(instance: &Instance, by: impl Into<Author>) -> Result<()> {
    let mut change = Change::begin(instance, by).await?;
    let at = change.at();
    store::retry_all_now(change.tx(), at).await?;
    change.record(Event::JobRetriedNow, None, &());
    change.commit().await
}

/// Forgets what was done long ago.
pub async fn tidy(instance: &Instance) -> Result<Outcome> {
    let mut tx = instance.db.write().await?;
    store::forget(&mut tx, instance.now() - REMEMBERED).await?;
    tx.commit().await?;
    Ok(Outcome::Done)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::{MOST, pause};

    #[test]
    fn pauses_grow_to_six_hours() {
        assert_eq!(pause(1), TimeDelta::minutes(1));
        assert_eq!(pause(2), TimeDelta::minutes(2));
        assert_eq!(pause(9), TimeDelta::minutes(256));
        assert_eq!(pause(10), TimeDelta::hours(6));
        assert_eq!(pause(i64::MAX), TimeDelta::hours(6));
        let whole: TimeDelta = (1..MOST).map(pause).sum();
        assert!(whole > TimeDelta::days(5) && whole < TimeDelta::days(8), "{whole}");
    }
}
