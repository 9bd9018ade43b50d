//! What the rules look at: a dossier without its prose.
//!
//! Facts are what is released. An unreleased assessment, feedback or CTO check-in is in nobody's facts, and its date is
//! that of its release. Only final entries are facts: drafts and withdrawn entries count nowhere, so whoever builds
//! facts leaves them out. Lists keep the order in which things were recorded, which decides between two of one date.
//!
//! Facts of a whole company are held in memory, so they are compact: people, capabilities, criteria, questions and levels
//! are indexes.

use chrono::NaiveDate;

use super::time::DateRange;
use crate::evidence::{Audience, Conduct, NamedAnswer, NamedAs, Scope};
use crate::people::Organization;
use crate::review::{CheckInKind, CorroborationAnswer, Judgement, Origin, Reply};

/// Everything that the readiness of one candidate depends on, besides the framework and the day.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// Whose evidence it is.
    pub candidate: PersonIndex,
    /// The candidate and everyone whom the facts refer to.
    pub people: Vec<Person>,
    /// The candidate's leave, in any order, overlapping or not.
    pub leave: Vec<DateRange>,
    /// The final entries.
    pub entries: Vec<Entry>,
    /// The answers to the self-assessment questions, the CTO's once released.
    pub check_ins: Vec<CheckIn>,
    /// Released statements about the partnership and readiness for broader scope.
    pub feedback: Vec<Feedback>,
}

/// The place of a person in [`Facts::people`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonIndex(pub u32);

/// Somebody the facts refer to.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// The id that the assessment shows, as in the dossier.
    pub id: Box<str>,
    /// Inside the company or not.
    pub organization: Organization,
    /// The history of levels, in the order recorded.
    pub levels: Vec<LevelEntry>,
    /// What the person has reached.
    pub milestones: Vec<Milestone>,
}

/// From a day on, somebody's level, domain and reporting line.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelEntry {
    /// The place in the framework's levels; `None` for a level that it does not list, as that of somebody who left.
    pub level: Option<u32>,
    /// The first day on which this holds.
    pub from: NaiveDate,
    /// The domain, if known.
    pub domain: Option<Box<str>>,
    /// Whom the person reports to, if known.
    pub reports_to: Option<PersonIndex>,
    /// Whether the candidate recorded it; it then counts for nobody but the candidate.
    pub by_candidate: bool,
}

/// Something that a person reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// When.
    pub on: NaiveDate,
    /// Whether the candidate recorded it; it then counts nowhere.
    pub by_candidate: bool,
}

/// A final evidence entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The id that the assessment shows, as in the dossier.
    pub id: Box<str>,
    /// The first day.
    pub from: NaiveDate,
    /// The last day, not before the first; none if it was one day or still goes on.
    pub to: Option<NaiveDate>,
    /// Whether it still goes on; then there is no last day.
    pub ongoing: bool,
    /// When it was recorded, if known.
    pub recorded_on: Option<NaiveDate>,
    /// How far the work reached.
    pub scope: Option<Scope>,
    /// How the work was done.
    pub conduct: Option<Conduct>,
    /// Who may read it.
    pub audience: Audience,
    /// The places of its capabilities in the framework.
    pub capabilities: IndexSet,
    /// The places of its criteria among all criteria of the framework, in the framework's order.
    pub criteria: IndexSet,
    /// Whether it states an impact that is not blank.
    pub states_impact: bool,
    /// Whether it has a link.
    pub has_link: bool,
    /// Whom it names.
    pub people: Vec<Named>,
    /// The days on which it was said that it still holds, none before the first day.
    pub updates: Vec<NaiveDate>,
    /// What others answered to "did it happen like this?".
    pub corroborations: Vec<Corroboration>,
    /// The released judgements.
    pub assessments: Vec<EntryAssessment>,
}

/// Somebody whom an entry names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// Who.
    pub person: PersonIndex,
    /// As what.
    pub named_as: NamedAs,
    /// What that person said of it, if anything.
    pub answer: Option<NamedAnswer>,
    /// How that came.
    pub origin: Origin<PersonIndex>,
}

impl Entry {
    /// The answers about the entry that stand on a day, in the evidence of a candidate, in the order in which they came.
    pub fn standing(&self, candidate: PersonIndex, as_of: NaiveDate) -> impl Iterator<Item = &Corroboration> {
        let stands = move |c: &&Corroboration| c.on <= as_of && c.origin.stands(&c.by, &candidate, as_of);
        self.corroborations.iter().filter(stands)
    }

    /// The one of somebody's that counts: the latest by date and, on one date, the later in the list.
    pub fn latest_of(
        &self,
        by: PersonIndex,
        candidate: PersonIndex,
        as_of: NaiveDate,
    ) -> Option<&Corroboration> {
        self.standing(candidate, as_of).filter(|c| c.by == by).max_by_key(|c| c.on)
    }
}

/// A person's answer to "did it happen like this?".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corroboration {
    /// Who answered.
    pub by: PersonIndex,
    /// When.
    pub on: NaiveDate,
    /// What.
    pub answer: CorroborationAnswer,
    /// When a differing account was settled.
    pub settled_on: Option<NaiveDate>,
    /// How it came.
    pub origin: Origin<PersonIndex>,
    /// When a material edit superseded a confirmation.
    pub superseded_on: Option<NaiveDate>,
}

/// A judgement of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryAssessment {
    /// Who judged, if known.
    pub by: Option<PersonIndex>,
    /// When it was released.
    pub on: NaiveDate,
    /// What.
    pub judgement: Judgement,
    /// When a material edit superseded that the entry meets what is asked for.
    pub superseded_on: Option<NaiveDate>,
}

/// Answers to the self-assessment questions on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckIn {
    /// Whose view it is.
    pub kind: CheckInKind,
    /// Who answered, if known.
    pub by: Option<PersonIndex>,
    /// When; for the CTO's, when it was released.
    pub on: NaiveDate,
    /// The places of the answered questions in the framework, each once, with the answers.
    pub answers: Vec<(u16, Reply)>,
}

/// A statement about the partnership and readiness for broader scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// Who stated it, if known.
    pub by: Option<PersonIndex>,
    /// When it was released.
    pub on: NaiveDate,
}

/// A set of places below 64, the most criteria that a framework may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct IndexSet(u64);

impl IndexSet {
    /// The places `from..to`.
    pub fn range(from: usize, to: usize) -> Self {
        (from..to).collect()
    }

    /// Adds a place. Panics from 64 on: a checked framework has no such place.
    pub fn insert(&mut self, index: usize) {
        assert!(index < 64, "a framework has at most 64 criteria");
        self.0 |= 1 << index;
    }

    /// Whether the place is in the set.
    pub fn contains(self, index: usize) -> bool {
        index < 64 && self.0 >> index & 1 == 1
    }

    /// The places in the set, in order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let index = left.trailing_zeros();
            left &= left.wrapping_sub(1);
            (index < 64).then_some(index as usize)
        })
    }

    /// How many places are in the set.
    pub fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether no place is in the set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The places in either set.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The places in both sets.
    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The places of this set that are not in the other.
    #[must_use]
    pub fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl FromIterator<usize> for IndexSet {
    fn from_iter<I: IntoIterator<Item = usize>>(indexes: I) -> Self {
        let mut set = Self::default();
        for index in indexes {
            set.insert(index);
        }
        set
    }
}
