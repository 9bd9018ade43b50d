//! Who somebody was on a day.
//!
//! A person's level, domain and `reports_to` on a day are those of the latest level entry with `from` ≤ the day (of two
//! with one date, the later in the list) that was not recorded by the candidate; the candidate's own history counts
//! whoever recorded it. A level that the framework does not list is unknown, as is the time before the first entry.
//! CTO means a person of organization internal at level CTO.

use chrono::NaiveDate;

use super::facts::{Facts, LevelEntry, PersonIndex};
use crate::framework::Framework;
use crate::people::Organization;

/// The level whose holders, inside the company, are its CTOs.
const CTO: &str = "CTO";

/// Everyone's history up to the day of an assessment, sorted for looking up.
pub(super) struct Histories<'a> {
    facts: &'a Facts,
    cto: Option<u32>,
    /// Everyone's moments, one person after the other, each person's by date.
    moments: Vec<Moment<'a>>,
    /// Where each person's moments end.
    ends: Vec<usize>,
    /// Each person's latest milestone that counts.
    milestones: Vec<Option<NaiveDate>>,
}

struct Moment<'a> {
    entry: &'a LevelEntry,
    /// The highest level of this moment and all later ones.
    highest_from_here: Option<u32>,
}

impl<'a> Histories<'a> {
    pub(super) fn new(framework: &Framework, facts: &'a Facts, as_of: NaiveDate) -> Self {
        let mut moments: Vec<Moment<'a>> =
            Vec::with_capacity(facts.people.iter().map(|p| p.levels.len()).sum());
        let mut ends = Vec::with_capacity(facts.people.len());
        for (index, person) in facts.people.iter().enumerate() {
            let own = index == facts.candidate.0 as usize;
            let start = moments.len();
            let counting = person.levels.iter().filter(|l| l.from <= as_of && (own || !l.by_candidate));
            moments.extend(counting.map(|entry| Moment { entry, highest_from_here: entry.level }));
            let these = &mut moments[start..];
            these.sort_by_key(|m| m.entry.from);
            let mut highest = None;
            for moment in these.iter_mut().rev() {
                highest = highest.max(moment.entry.level);
                moment.highest_from_here = highest;
            }
            ends.push(moments.len());
        }
        let cto = framework.level_rank(CTO).and_then(|i| u32::try_from(i).ok());
        let milestones = facts.people.iter().map(|person| {
            let counting = person.milestones.iter().filter(|m| m.on <= as_of && !m.by_candidate);
            counting.map(|m| m.on).max()
        });
        let milestones = milestones.collect();
        Self { facts, cto, moments, ends, milestones }
    }

    fn of(&self, person: PersonIndex) -> &[Moment<'a>] {
        let index = person.0 as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.moments[start..self.ends[index]]
    }

    /// The level entry in force on a day that is not after the day of the assessment.
    pub(super) fn on(&self, person: PersonIndex, date: NaiveDate) -> Option<&'a LevelEntry> {
        let moments = self.of(person);
        let after = moments.partition_point(|m| m.entry.from <= date);
        after.checked_sub(1).map(|i| moments[i].entry)
    }

    /// The place of a person's known level on a day.
    pub(super) fn level(&self, person: PersonIndex, date: NaiveDate) -> Option<u32> {
        self.on(person, date).and_then(|l| l.level)
    }

    /// A person's known domain on a day.
    pub(super) fn domain(&self, person: PersonIndex, date: NaiveDate) -> Option<&'a str> {
        self.on(person, date).and_then(|l| l.domain.as_deref())
    }

    /// Whether a person reported to the candidate on a day.
    pub(super) fn reports_to_candidate(&self, person: PersonIndex, date: NaiveDate) -> bool {
        self.on(person, date).is_some_and(|l| l.reports_to == Some(self.facts.candidate))
    }

    /// Whether a person was a CTO on a day.
    pub(super) fn is_cto(&self, person: PersonIndex, date: NaiveDate) -> bool {
        let known = &self.facts.people[person.0 as usize];
        known.organization == Organization::Internal
            && self.cto.is_some()
            && self.level(person, date) == self.cto
    }

    /// Whether a person has a level entry above `level` after a day.
    pub(super) fn rose_above(&self, person: PersonIndex, level: u32, after: NaiveDate) -> bool {
        let moments = self.of(person);
        let next = moments.partition_point(|m| m.entry.from <= after);
        moments.get(next).and_then(|m| m.highest_from_here).is_some_and(|highest| highest > level)
    }

    /// Whether a person reached a milestone after a day.
    pub(super) fn reached_milestone(&self, person: PersonIndex, after: NaiveDate) -> bool {
        self.milestones[person.0 as usize].is_some_and(|on| on > after)
    }
}
