//! What the demo shows of leaders: the kinds of milestones, a leader whom two candidates claim, and somebody who came in
//! twice and waits to be merged. Nothing of it changes anybody's readiness.

use chrono::NaiveDate;

use super::calendar::back;
use super::company::{CTO, Candidacy, WORDS, instant};
use super::dice::{Dice, Purpose};
use super::{DemoDossier, DemoLevel, DemoMilestone, DemoPerson};
use crate::evidence::{NamedAs, Status};
use crate::people::{MilestoneKind, Organization};
use crate::portable::{Came, Named};

/// Places of people whom nobody names as developed, so that what they reached is part of nobody's record.
const SENIOR_DIRECTOR: usize = 3;
const FORMER_CTO: usize = 1;
/// The candidate whose evidence names a leader of the first one's.
const CONTENDER: usize = 1;

/// What kind a milestone of the demo's prose is of, by how it begins.
pub(super) fn kind_of(what: &str) -> MilestoneKind {
    const KINDS: &[(&str, MilestoneKind)] = &[
        ("Ran the", MilestoneKind::BoardExposure),
        ("Took over", MilestoneKind::StretchAssignment),
        ("Led the", MilestoneKind::StretchAssignment),
        ("Carried the", MilestoneKind::StretchAssignment),
        ("Presented", MilestoneKind::NextLevelOpportunity),
        ("Stood in", MilestoneKind::NextLevelOpportunity),
        ("Built the", MilestoneKind::SuccessionNamed),
        ("Left to", MilestoneKind::HiredAway),
    ];
    let found = KINDS.iter().find(|(beginning, _)| what.starts_with(beginning));
    found.map_or(MilestoneKind::Other, |(_, kind)| *kind)
}

/// Adds what two people reached, one of each kind between them, and somebody who is there already under another spelling.
pub(super) fn add(seed: u64, today: NaiveDate, people: &mut Vec<DemoPerson>, candidacies: &[Candidacy]) {
    let mut dice = Dice::new(seed, Purpose::Leaders, 0);
    let mut ago = 420;
    for (kind, what) in [
        (MilestoneKind::StretchAssignment, "Took on platform and security together for a quarter"),
        (MilestoneKind::BoardExposure, "Answered the board’s questions on reliability"),
        (MilestoneKind::Other, "Chaired the hiring council"),
        (MilestoneKind::NextLevelOpportunity, "Stood in for the CTO at the executive offsite"),
        (MilestoneKind::SuccessionNamed, "Named a successor for each of their teams"),
    ] {
        ago -= dice.between(40, 80);
        let milestone = DemoMilestone { on: back(today, ago), kind, what: what.to_owned(), by: Some(CTO) };
        people[SENIOR_DIRECTOR].milestones.push(milestone);
    }
    let left = people[FORMER_CTO].levels.last().map_or(today, |level| level.from);
    let what = format!("Left to become chief executive of {}", dice.pick(&WORDS.organizations));
    let kind = MilestoneKind::HiredAway;
    people[FORMER_CTO].milestones.push(DemoMilestone { on: left, kind, what, by: Some(CTO) });

    let (Some(first), Some(other)) = (candidacies.first(), candidacies.get(CONTENDER)) else { return };
    let known = &people[first.developed[2]].name;
    let Some((given, family)) = known.rsplit_once(' ') else { return };
    let name = format!("{family}, {given}");
    let created = instant(back(today, 190), &mut dice);
    people.push(DemoPerson {
        id: dice.id(created.timestamp_millis()),
        name,
        organization: Organization::Internal,
        employer: None,
        levels: vec![DemoLevel {
            level: "M3".to_owned(),
            from: back(today, 190),
            domain: Some(first.domain.clone()),
            reports_to: None,
            by: Some(other.owner),
        }],
        milestones: Vec::new(),
        account: None,
        created,
    });
}

/// Lets an entry of the second candidate's name a leader whom the first one developed, besides their own: the latest that
/// names their own long-standing Director, so that it says nothing new of anybody's level. The leader hasn't answered.
pub(super) fn contest(
    place: usize,
    dossier: &mut DemoDossier,
    people: &[DemoPerson],
    candidacies: &[Candidacy],
) -> bool {
    let Some(first) = candidacies.first().filter(|_| place == CONTENDER) else { return false };
    let own = people[candidacies[CONTENDER].developed[0]].id.to_string();
    let contested = people[first.developed[0]].id.to_string();
    let names_own = |named: &Named| named.person == own && named.named_as == NamedAs::Developed;
    let entry = dossier.body.evidence.iter_mut().rev().find(|entry| {
        entry.status == Status::Final
            && entry.people.iter().any(names_own)
            && entry.people.iter().all(|named| named.person != contested)
    });
    let Some(entry) = entry else { return false };
    let origin = Came::default();
    entry.people.push(Named { person: contested, named_as: NamedAs::Developed, answer: None, origin });
    true
}
