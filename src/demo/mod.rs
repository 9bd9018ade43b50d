//! The fictional company of `evident demo`: who works there, and what its candidates have written and heard.
//!
//! Pure and repeatable: the same seed, counts and day give the same company, whatever the machine and the hour. Dossiers
//! are made one at a time and depend on nothing but the company's people, so that a large company can be written to a
//! database without ever being held in memory.
//!
//! From twelve candidates up, with at least twenty entries each, the dossiers shared with the committee show every state
//! and every kind of gap, through both lenses, whatever the seed. With fewer entries each course is given as many
//! as there are: nothing fails, but sustained and established capabilities grow rare.
//!
//! People are referred to by their place in [`Company::people`]; in the portable form by their id.

mod asked;
mod calendar;
mod company;
mod development;
mod dice;
mod directory;
mod dossier;
mod insert;
mod leaders;
pub mod load;
mod names;
mod plan;
mod reviews;
mod rows;
mod schedule;
mod sittings;
mod story;
#[cfg(test)]
mod tests;
mod voices;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use self::calendar::{Calendar, back};
use self::company::{Candidacy, Cast, WORDS};
use self::dice::{Dice, Purpose};
use self::directory::Directory;
use self::dossier::Writer;
use self::plan::ARCHETYPES;
use crate::accounts::Role;
use crate::evidence::{Aim, Sharing};
use crate::framework::Framework;
use crate::people::{MilestoneKind, Organization};
use crate::portable::Dossier;
use crate::review::{Judgement, Reply};

/// A company, its people ready and its dossiers to be made.
pub struct Company<'f> {
    /// What it is called.
    pub name: &'static str,
    /// Everyone: executives, CTOs, candidates, other leaders, people outside, and the admin.
    pub people: Vec<DemoPerson>,
    /// Those as whom visitors sign in.
    pub visitors: Visitors,
    framework: &'f Framework,
    seed: u64,
    today: NaiveDate,
    candidacies: Vec<Candidacy>,
    entries: Vec<usize>,
    directory: Directory,
}

/// Places of the people as whom visitors sign in. Each holds the one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitors {
    /// A candidate, whose dossier is the first.
    pub candidate: usize,
    /// The CTO.
    pub cto: usize,
    /// A member of the committee.
    pub committee: usize,
    /// The admin.
    pub admin: usize,
}

/// A person of the demo.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoPerson {
    /// A UUID of version 7.
    pub id: Uuid,
    /// Given name first.
    pub name: String,
    /// Inside the company or not.
    pub organization: Organization,
    /// Where somebody outside works, as the prose calls it.
    pub employer: Option<String>,
    /// In the order recorded, which is that of their dates but for what a candidate added.
    pub levels: Vec<DemoLevel>,
    /// What they have reached.
    pub milestones: Vec<DemoMilestone>,
    /// How they sign in, if they do.
    pub account: Option<DemoAccount>,
    /// When they were recorded.
    pub created: DateTime<Utc>,
}

/// From a day on, somebody's level, domain and reporting line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoLevel {
    /// A level of the framework, or another word, such as `none` for somebody who left.
    pub level: String,
    /// The first day on which this holds.
    pub from: NaiveDate,
    /// The domain.
    pub domain: Option<String>,
    /// Whom they report to, by place.
    pub reports_to: Option<usize>,
    /// Who recorded it, by place; an admin if absent.
    pub by: Option<usize>,
}

/// Something that a person reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoMilestone {
    /// When.
    pub on: NaiveDate,
    /// What kind it is of.
    pub kind: MilestoneKind,
    /// What.
    pub what: String,
    /// Who recorded it, by place; an admin if absent.
    pub by: Option<usize>,
}

/// How somebody signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoAccount {
    /// Unique, at a domain that exists nowhere.
    pub email: String,
    /// None for a leader who is only named and asked.
    pub roles: Vec<Role>,
}

/// A dossier: what is released in the portable form, and beside it what that form does not hold.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoDossier {
    /// A UUID of version 7.
    pub id: Uuid,
    /// The candidate, by place.
    pub owner: usize,
    /// What the candidate wants.
    pub aim: Aim,
    /// With whom it is shared.
    pub sharing: Sharing,
    /// The CTO who writes the statement, by place; none while it is private.
    pub sponsor: Option<usize>,
    /// When it was begun.
    pub created: DateTime<Utc>,
    /// The moment that its ids are made of: dossiers follow each other in the order in which they are written.
    pub written: DateTime<Utc>,
    /// The dossier itself, drafts and withdrawn entries included. Ids of people and entries are those of the demo, as text.
    pub body: Dossier,
    /// What the portable form does not hold of each entry, in the order of `body.evidence`.
    pub entries: Vec<DemoEntry>,
    /// Judgements that the CTO has written and not released.
    pub unreleased_assessments: Vec<UnreleasedAssessment>,
    /// A check-in that the CTO has written and not released.
    pub unreleased_check_in: Option<UnreleasedCheckIn>,
    /// A statement that the CTO has written and not released.
    pub unreleased_feedback: Option<UnreleasedFeedback>,
}

/// What the portable form does not hold of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoEntry {
    /// The entry's id.
    pub id: Uuid,
    /// How exactly its first and last day were given.
    pub precision: Precision,
    /// When it was recorded.
    pub created: DateTime<Utc>,
    /// When its owner last changed it.
    pub updated: DateTime<Utc>,
    /// When they rewrote it so that it says something else: it shows a criterion more since.
    pub rewritten: Option<NaiveDate>,
}

/// How exactly a date was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Precision {
    /// A day.
    Day,
    /// A month: from its first day, to its last.
    Month,
}

/// A judgement that exists in nobody's facts yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreleasedAssessment {
    /// The place of the entry in `body.evidence`.
    pub entry: usize,
    /// The CTO, by place.
    pub by: usize,
    /// When it was written.
    pub written: NaiveDate,
    /// What.
    pub judgement: Judgement,
    /// Why, so far.
    pub reason: String,
}

/// A check-in that exists in nobody's facts yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreleasedCheckIn {
    /// The CTO, by place.
    pub by: usize,
    /// When it was written.
    pub written: NaiveDate,
    /// The answers by the ids of their questions.
    pub answers: BTreeMap<String, Reply>,
}

/// A statement that exists in nobody's facts yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreleasedFeedback {
    /// The CTO, by place.
    pub by: usize,
    /// When it was written.
    pub written: NaiveDate,
    /// Whether the candidate is ready for broader scope.
    pub broader_scope: Option<Reply>,
    /// What it says so far.
    pub text: String,
}

/// The company of a seed, seen on a day, with so many candidates and so many entries in all their dossiers together.
///
/// The framework is the built-in one: the stories speak of its capabilities and criteria. There is at least one candidate;
/// where there are fewer entries than candidates, some dossiers are empty.
pub fn company(
    framework: &Framework,
    seed: u64,
    candidates: usize,
    entries: usize,
    today: NaiveDate,
) -> Company<'_> {
    let cast = company::hire(seed, candidates.max(1), today);
    let [candidate, cto, committee, admin] = cast.visitors();
    let Cast { mut people, candidacies } = cast;
    leaders::add(seed, today, &mut people, &candidacies);
    Company {
        name: &WORDS.name,
        visitors: Visitors { candidate, cto, committee, admin },
        framework,
        seed,
        today,
        entries: shares(&candidacies, entries, seed),
        directory: Directory::of(&people),
        people,
        candidacies,
    }
}

impl Company<'_> {
    /// The dossiers, one after another, the visitor's first.
    pub fn dossiers(&self) -> impl Iterator<Item = DemoDossier> {
        (0..self.candidacies.len()).map(|place| self.dossier(place))
    }

    /// How many dossiers there are.
    pub fn len(&self) -> usize {
        self.candidacies.len()
    }

    /// Whether there is no dossier, which is never.
    pub fn is_empty(&self) -> bool {
        self.candidacies.is_empty()
    }

    /// The dossier at a place below [`Company::len`].
    pub fn dossier(&self, place: usize) -> DemoDossier {
        let candidacy = &self.candidacies[place];
        let writer = Writer {
            framework: self.framework,
            people: &self.people,
            candidacy,
            directory: &self.directory,
            today: self.today,
            calendar: Calendar::new(self.today, candidacy.leave.clone()),
            written: self.written(place),
        };
        let mut dossier = writer.write(self.seed, place, self.entries[place]);
        if leaders::contest(place, &mut dossier, &self.people, &self.candidacies) {
            dossier.body.people = writer.everyone(&dossier.body);
        }
        dossier
    }

    fn written(&self, place: usize) -> DateTime<Utc> {
        let yesterday = back(self.today, 1).and_time(NaiveTime::MIN).and_utc();
        yesterday + TimeDelta::milliseconds(i64::try_from(place).unwrap_or(0))
    }
}

/// How many entries each dossier gets: what its shape needs, then by weight, exactly as many as there are.
fn shares(candidacies: &[Candidacy], entries: usize, seed: u64) -> Vec<usize> {
    const FIRST_DAYS: usize = 4;
    let archetypes: Vec<_> = candidacies.iter().map(|candidacy| &ARCHETYPES[candidacy.archetype]).collect();
    let needs: Vec<usize> = archetypes
        .iter()
        .map(|shape| if shape.is_first_day() { FIRST_DAYS } else { shape.least() + 2 })
        .collect();
    let needed: usize = needs.iter().sum();
    if entries < needed {
        return proportional(&needs, entries);
    }
    let mut dice = Dice::new(seed, Purpose::Plan, usize::MAX);
    let weights: Vec<usize> = archetypes.iter().map(|shape| shape.weight * (80 + dice.below(41))).collect();
    let mut shares = needs;
    for (share, more) in shares.iter_mut().zip(proportional(&weights, entries - needed)) {
        *share += more;
    }
    shares
}

/// Shares out a number by weights, exactly: rounded down, and one more for each of the first that have a weight.
fn proportional(weights: &[usize], number: usize) -> Vec<usize> {
    let all = weights.iter().sum::<usize>().max(1);
    let mut shares: Vec<usize> = weights.iter().map(|weight| number * weight / all).collect();
    let mut left = number - shares.iter().sum::<usize>();
    while left > 0 {
        for (share, _) in shares.iter_mut().zip(weights).filter(|(_, weight)| **weight > 0).take(left) {
            *share += 1;
            left -= 1;
        }
    }
    shares
}
