//! From a person's id to the person, and people in the portable form.

use std::collections::{BTreeSet, HashMap};

use super::DemoPerson;
use crate::portable::{LevelEntry, Milestone, Person};

/// Finds people by the text of their id.
pub(super) struct Directory(HashMap<String, usize>);

impl Directory {
    pub(super) fn of(people: &[DemoPerson]) -> Self {
        Self(people.iter().enumerate().map(|(place, person)| (person.id.to_string(), place)).collect())
    }

    /// These people and all whom their histories refer to, in the company's order.
    pub(super) fn portable(&self, people: &[DemoPerson], ids: &BTreeSet<&str>) -> Vec<Person> {
        let mut places: BTreeSet<usize> = ids.iter().filter_map(|id| self.0.get(*id)).copied().collect();
        let mut unseen: Vec<usize> = places.iter().copied().collect();
        while let Some(place) = unseen.pop() {
            let levels = people[place].levels.iter().flat_map(|level| [level.reports_to, level.by]);
            let milestones = people[place].milestones.iter().map(|milestone| milestone.by);
            for other in levels.chain(milestones).flatten() {
                if places.insert(other) {
                    unseen.push(other);
                }
            }
        }
        places.into_iter().map(|place| portable(people, place)).collect()
    }
}

fn portable(people: &[DemoPerson], place: usize) -> Person {
    let person = &people[place];
    let reference = |other: Option<usize>| other.map(|other| people[other].id.to_string());
    let levels = person.levels.iter().map(|level| LevelEntry {
        level: level.level.clone(),
        from: level.from,
        domain: level.domain.clone(),
        reports_to: reference(level.reports_to),
        by: reference(level.by),
    });
    let milestones = person.milestones.iter().map(|milestone| Milestone {
        on: milestone.on,
        what: milestone.what.clone(),
        kind: None,
        by: reference(milestone.by),
    });
    Person {
        id: person.id.to_string(),
        name: person.name.clone(),
        organization: person.organization,
        levels: levels.collect(),
        milestones: milestones.collect(),
    }
}
