//! Slows down guessing: a growing wait per account name and per address, and never a lockout.
//!
//! Names are counted whether or not there is such an account, so that the answer tells nothing.

use chrono::{DateTime, TimeDelta, Utc};

use crate::db::{Result, Tx};

/// Failures that cost nothing: people mistype.
const FREE: i64 = 5;
/// A name's wait stays short, so that nobody can be kept out by somebody else's guessing.
const LONGEST_FOR_NAME: i64 = 30;
const LONGEST_FOR_ADDRESS: i64 = 15 * 60;
/// After this long without a failure, counting starts anew.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(24);

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Subject {
    Name,
    Address,
}

impl Subject {
    pub(super) fn purpose(self) -> &'static str {
        match self {
            Subject::Name => "sign-in name",
            Subject::Address => "sign-in address",
        }
    }

    /// Seconds to wait after this many failures in a row.
    fn wait(self, failures: i64) -> i64 {
        let longest = match self {
            Subject::Name => LONGEST_FOR_NAME,
            Subject::Address => LONGEST_FOR_ADDRESS,
        };
        match u32::try_from(failures - FREE) {
            Ok(beyond @ 0..=20) => (1_i64 << beyond).min(longest),
            Ok(_) => longest,
            Err(_) => 0,
        }
    }
}

/// Seconds until the next try of this subject is looked at; 0 when it is now.
pub(super) async fn wait(tx: &mut Tx, digest: &[u8], now: DateTime<Utc>) -> Result<i64> {
    let row: Option<(DateTime<Utc>,)> = tx
        .query("select wait_until from sign_in_failures where subject = $1 and wait_until > $2")
        .bind(digest.to_vec())
        .bind(now)
        .optional()
        .await?;
    Ok(row.map_or(0, |(until,)| (until - now).num_seconds() + 1))
}

/// Counts a failure.
pub(super) async fn failed(tx: &mut Tx, subject: Subject, digest: &[u8], now: DateTime<Utc>) -> Result<()> {
    let (failures,): (i64,) = tx
        .query(
            "insert into sign_in_failures (subject, failures, last_failed_at, wait_until) values ($1, 1, $2, $2) \
             on conflict (subject) do update set last_failed_at = $2, failures = case \
             when sign_in_failures.last_failed_at < $3 then 1 else sign_in_failures.failures + 1 end \
             returning failures",
        )
        .bind(digest.to_vec())
        .bind(now)
        .bind(now - FORGOTTEN_AFTER)
        .one()
        .await?;
    tx.query("update sign_in_failures set wait_until = $2 where subject = $1")
        .bind(digest.to_vec())
        .bind(now + TimeDelta::seconds(subject.wait(failures)))
        .run_expecting(1)
        .await
}

/// Forgets a name's failures, since its owner has signed in.
pub(super) async fn succeeded(tx: &mut Tx, digest: &[u8]) -> Result<()> {
    tx.query("delete from sign_in_failures where subject = $1").bind(digest.to_vec()).run().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Subject;

    #[test]
    fn waits_grow_and_stay_bounded() {
        let name: Vec<i64> = (0..14).map(|n| Subject::Name.wait(n)).collect();
        assert_eq!(name, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30, 30]);
        assert_eq!(Subject::Address.wait(1_000_000), 900);
    }
}
