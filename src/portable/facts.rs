//! What the readiness rules look at of a dossier.

use std::collections::HashMap;

use super::came::Came;
use super::dossier::{Dossier, Entry, LevelEntry, Person};
use crate::evidence::Status;
use crate::framework::Framework;
use crate::readiness::{self, DateRange, Facts, PersonIndex};
use crate::review::{Origin, Vouching};

impl Facts {
    /// The facts of a dossier that was read against this framework; none if the candidate is not among its people, which
    /// [`super::read`] refuses.
    ///
    /// Drafts and withdrawn entries are left out: they count nowhere. So is an answer to "did it happen like this?" that
    /// doesn't say whose it is. What refers to nothing that is known is left out too; in a dossier that was read, nothing
    /// does.
    pub fn from_dossier(dossier: &Dossier, framework: &Framework) -> Option<Self> {
        let builder = Builder {
            framework,
            candidate: &dossier.candidate,
            people: (0..)
                .zip(&dossier.people)
                .map(|(i, person)| (person.id.as_str(), PersonIndex(i)))
                .collect(),
            criteria: framework
                .capabilities
                .iter()
                .flat_map(|c| &c.criteria)
                .map(|c| c.id.as_str())
                .collect(),
        };
        let check_ins = dossier.check_ins.iter().map(|check_in| readiness::CheckIn {
            kind: check_in.kind,
            by: builder.by(check_in.by.as_ref()),
            on: check_in.on,
            answers: (0..)
                .zip(&framework.questions)
                .filter_map(|(i, question)| Some((i, *check_in.answers.get(&question.id)?)))
                .collect(),
        });
        let feedback = dossier
            .feedback
            .iter()
            .map(|feedback| readiness::Feedback { by: builder.by(feedback.by.as_ref()), on: feedback.on });
        Some(Self {
            candidate: builder.person(&dossier.candidate)?,
            people: dossier.people.iter().map(|person| builder.described(person)).collect(),
            leave: dossier.leave.iter().map(|leave| DateRange { from: leave.from, to: leave.to }).collect(),
            entries: dossier.evidence.iter().filter_map(|entry| builder.entry(entry)).collect(),
            check_ins: check_ins.collect(),
            feedback: feedback.collect(),
        })
    }
}

struct Builder<'a> {
    framework: &'a Framework,
    candidate: &'a str,
    people: HashMap<&'a str, PersonIndex>,
    criteria: Vec<&'a str>,
}

impl Builder<'_> {
    fn person(&self, id: &str) -> Option<PersonIndex> {
        self.people.get(id).copied()
    }

    fn by(&self, id: Option<&String>) -> Option<PersonIndex> {
        id.and_then(|id| self.person(id))
    }

    fn is_candidate(&self, by: Option<&String>) -> bool {
        by.is_some_and(|by| by == self.candidate)
    }

    fn origin(&self, came: &Came) -> Origin<PersonIndex> {
        let vouched = came
            .vouched
            .as_ref()
            .and_then(|vouched| Some(Vouching { by: self.person(&vouched.by)?, on: vouched.on }));
        Origin { via: came.via, vouched }
    }

    fn described(&self, person: &Person) -> readiness::Person {
        let milestones = person.milestones.iter().map(|milestone| readiness::Milestone {
            on: milestone.on,
            by_candidate: self.is_candidate(milestone.by.as_ref()),
        });
        readiness::Person {
            id: person.id.as_str().into(),
            organization: person.organization,
            levels: person.levels.iter().map(|level| self.level(level)).collect(),
            milestones: milestones.collect(),
        }
    }

    fn level(&self, level: &LevelEntry) -> readiness::LevelEntry {
        readiness::LevelEntry {
            level: self.framework.level_rank(&level.level).and_then(|rank| u32::try_from(rank).ok()),
            from: level.from,
            domain: level.domain.as_deref().map(Into::into),
            reports_to: self.by(level.reports_to.as_ref()),
            by_candidate: self.is_candidate(level.by.as_ref()),
        }
    }

    fn entry(&self, entry: &Entry) -> Option<readiness::Entry> {
        let from = entry.from.filter(|_| entry.status == Status::Final)?;
        let named = entry.people.iter().filter_map(|named| {
            let person = self.person(&named.person)?;
            let origin = self.origin(&named.origin);
            Some(readiness::Named { person, named_as: named.named_as, answer: named.answer, origin })
        });
        let corroborations = entry.corroborations.iter().filter_map(|corroboration| {
            Some(readiness::Corroboration {
                by: self.by(corroboration.by.as_ref())?,
                on: corroboration.on,
                answer: corroboration.answer,
                settled_on: corroboration.settled_on,
                origin: self.origin(&corroboration.origin),
                superseded_on: corroboration.superseded_on,
            })
        });
        let assessments = entry.assessments.iter().map(|assessment| readiness::EntryAssessment {
            by: self.by(assessment.by.as_ref()),
            on: assessment.on,
            judgement: assessment.judgement,
            superseded_on: assessment.superseded_on,
        });
        let criterion = |id: &String| self.criteria.iter().position(|criterion| criterion == id);
        Some(readiness::Entry {
            id: entry.id.as_str().into(),
            from,
            to: entry.to,
            ongoing: entry.ongoing,
            recorded_on: entry.recorded_on,
            scope: entry.scope,
            conduct: entry.conduct,
            audience: entry.audience,
            capabilities: entry
                .capabilities
                .iter()
                .filter_map(|c| self.framework.capability_index(c))
                .collect(),
            criteria: entry.criteria.iter().filter_map(criterion).collect(),
            states_impact: entry.impact.as_ref().is_some_and(|impact| !impact.trim().is_empty()),
            has_link: !entry.links.is_empty(),
            people: named.collect(),
            updates: entry.updates.iter().map(|update| update.on).collect(),
            corroborations: corroborations.collect(),
            assessments: assessments.collect(),
        })
    }
}
