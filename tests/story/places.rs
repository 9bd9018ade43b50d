//! Where the things of a story are in the database.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::Who;

/// Where the things of a story are in the database.
#[derive(Clone, Debug)]
pub struct Places {
    /// Tells the ids of one story from those of another.
    pub story: u64,
    /// The accounts and people that are there already.
    pub holders: HashMap<Who, (Uuid, Uuid)>,
    /// How many facts from the first on are written already.
    pub written: usize,
    /// The day on which the story is told.
    pub today: NaiveDate,
    /// The moment of every row.
    pub at: DateTime<Utc>,
}

impl Places {
    fn id(&self, kind: u32, n: u32) -> Uuid {
        Uuid::from_u64_pair(self.story, (u64::from(kind) << 32) | u64::from(n))
    }

    fn of(&self, kind: u32, who: Who) -> Uuid {
        self.id(kind, u32::try_from(who).expect("few people"))
    }

    /// Somebody as a leader.
    pub fn person(&self, who: Who) -> Uuid {
        self.holders.get(&who).map_or_else(|| self.of(1, who), |(_, person)| *person)
    }

    /// Somebody’s account.
    pub fn account(&self, who: Who) -> Uuid {
        self.holders.get(&who).map_or_else(|| self.of(2, who), |(account, _)| *account)
    }

    /// Somebody’s dossier.
    pub fn dossier(&self, of: Who) -> Uuid {
        self.of(3, of)
    }

    /// An entry.
    pub fn entry(&self, n: u32) -> Uuid {
        self.id(4, n)
    }

    /// A request.
    pub fn request(&self, n: u32) -> Uuid {
        self.id(5, n)
    }

    /// An answer to a request.
    pub fn answer(&self, n: u32) -> Uuid {
        self.id(6, n)
    }

    /// A judgement.
    pub fn judgement(&self, n: u32) -> Uuid {
        self.id(7, n)
    }

    /// A comment.
    pub fn comment(&self, n: u32) -> Uuid {
        self.id(8, n)
    }

    /// A sitting.
    pub fn sitting(&self, n: u32) -> Uuid {
        self.id(9, n)
    }

    /// A level.
    pub fn level(&self, n: u32) -> Uuid {
        self.id(10, n)
    }

    /// A milestone.
    pub fn milestone(&self, n: u32) -> Uuid {
        self.id(11, n)
    }

    /// A period of leave.
    pub fn leave(&self, n: u32) -> Uuid {
        self.id(12, n)
    }

    /// An action of a plan, or a conversation.
    pub fn plan(&self, n: u32) -> Uuid {
        self.id(13, n)
    }

    /// An opportunity.
    pub fn opportunity(&self, n: u32) -> Uuid {
        self.id(14, n)
    }

    /// A candidate’s check-in.
    pub fn check_in(&self, n: u32) -> Uuid {
        self.id(15, n)
    }

    pub(super) fn ago(&self, days: i64) -> NaiveDate {
        self.today - TimeDelta::days(days)
    }

    pub(super) fn since(&self, days: Option<i64>) -> Option<NaiveDate> {
        days.map(|days| self.ago(days))
    }
}
