//! How often the drafts of a session may save themselves: far more often than anybody types, and not so often that others
//! would wait for the database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// In one period: a page saves itself every three seconds at most, and several may be open.
const MOST: u32 = 120;
const PERIOD: TimeDelta = TimeDelta::minutes(1);
/// Sessions after which those that save nothing are forgotten.
const REMEMBERED: usize = 1_000;

/// What the sessions have spent.
#[derive(Clone, Debug, Default)]
pub(super) struct Autosaves(Arc<Mutex<HashMap<Uuid, Spent>>>);

#[derive(Debug)]
struct Spent {
    since: DateTime<Utc>,
    saves: u32,
}

impl Autosaves {
    /// Counts a save; or the seconds after which there may be another.
    pub(super) fn spend(&self, session: Uuid, now: DateTime<Utc>) -> Result<(), i64> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |spent: &Spent| now - spent.since >= PERIOD;
        if sessions.len() >= REMEMBERED {
            sessions.retain(|_, spent| !is_over(spent));
        }
        let spent = sessions.entry(session).or_insert(Spent { since: now, saves: 0 });
        if is_over(spent) {
            *spent = Spent { since: now, saves: 0 };
        }
        if spent.saves >= MOST {
            return Err((spent.since + PERIOD - now).num_seconds().max(1));
        }
        spent.saves += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Autosaves, MOST, PERIOD};
    use chrono::{DateTime, TimeDelta};
    use uuid::Uuid;

    #[test]
    fn each_session_has_its_own_budget_and_a_new_one_after_a_minute() {
        let (saves, now) = (Autosaves::default(), DateTime::UNIX_EPOCH);
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for _ in 0..MOST {
            assert_eq!(saves.spend(one, now), Ok(()));
        }
        let later = now + TimeDelta::seconds(20);
        assert_eq!(saves.spend(one, later), Err(40));
        assert_eq!(saves.spend(other, later), Ok(()));
        assert_eq!(saves.spend(one, now + PERIOD), Ok(()));
    }
}
