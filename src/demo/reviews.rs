//! What others say: who confirms an entry, how the CTO judges it, check-ins, and the CTO's statements.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::NaiveDate;
use serde::Deserialize;

use super::calendar::{back, forth};
use super::company::{CTO, Cast, EXECUTIVES, first_name};
use super::dice::Dice;
use super::dossier::Writer;
use super::plan::{ARCHETYPES, Open, Voices};
use super::schedule::{Beat, SETTLED_IN};
use super::story::Scene;
use super::{UnreleasedAssessment, UnreleasedCheckIn, UnreleasedFeedback};
use crate::portable::{Assessment, CheckIn, Corroboration, Feedback};
use crate::review::{CheckInKind, CorroborationAnswer, Judgement, Reply};

/// What others write.
#[derive(Deserialize)]
pub(super) struct Lines {
    reason_meets: Vec<String>,
    reason_partly: Vec<String>,
    reason_not_yet: Vec<String>,
    reason_private: Vec<String>,
    feedback_yes: Vec<String>,
    feedback_partly: Vec<String>,
    feedback_not_yet: Vec<String>,
    feedback_private: Vec<String>,
    pub(super) milestone: Vec<String>,
    pub(super) milestone_left: Vec<String>,
    pub(super) draft_title: Vec<String>,
    pub(super) draft_situation: Vec<String>,
    pub(super) first_day_title: Vec<String>,
}

pub(super) static VOICES: LazyLock<Lines> = LazyLock::new(|| {
    toml::from_str(include_str!("prose/voices.toml")).expect("the demo's voices are well-formed")
});

/// An answer: who, when, what, and when it was settled. People are places.
pub(super) type Answer = (usize, NaiveDate, CorroborationAnswer, Option<NaiveDate>);

/// The capability that each question is about, in the framework's order.
const QUESTION_OF: [usize; 6] = [0, 1, 2, 3, 1, 0];

impl Writer<'_> {
    fn yesterday(&self) -> NaiveDate {
        back(self.today, 1)
    }

    /// Who answers "did it happen like this?", and what. People come back by place.
    pub(super) fn corroborations(&self, beat: &Beat, scene: &Scene, dice: &mut Dice) -> Vec<Answer> {
        let on = |dice: &mut Dice| forth(beat.recorded, dice.between(1, 18)).min(self.yesterday());
        let mut answers: Vec<Answer> = Vec::new();
        let first_on = on(dice);
        let (asked, others) = self.who(beat, scene, first_on);
        let mut confirm = |who: usize, when: NaiveDate| {
            if answers.iter().all(|(known, ..)| *known != who) {
                answers.push((who, when, CorroborationAnswer::Confirmed, None));
            }
        };
        let confirmed = beat.backbone.is_some() || dice.chance(68);
        match beat.voices {
            Voices::Nobody => {}
            _ if !confirmed => {}
            Voices::One => {
                let settled =
                    if beat.capability == 1 { forth(Cast::cto_since(self.today), 20) } else { first_on };
                confirm(asked, first_on.max(settled));
            }
            Voices::Several => {
                let place = beat.backbone.unwrap_or_else(|| dice.below(8));
                if beat.backbone.is_some() || dice.chance(70) {
                    confirm(asked, first_on);
                }
                if place % 2 == 1 || dice.chance(40) {
                    confirm(others[(place / 2) % others.len()], on(dice));
                }
                if dice.chance(15) {
                    confirm(*dice.pick(&others), on(dice));
                }
            }
            Voices::Others => {
                let place = beat.backbone.unwrap_or_else(|| dice.below(8));
                confirm(others[place % others.len()], first_on);
                if dice.chance(25) {
                    confirm(others[(place + 1) % others.len()], on(dice));
                }
            }
        }
        if beat.open == Open::Account {
            let when = forth(beat.recorded, dice.between(5, 20)).min(back(self.today, SETTLED_IN));
            let who = self
                .candidacy
                .peers
                .iter()
                .rev()
                .find(|peer| answers.iter().all(|(known, ..)| known != *peer));
            answers.extend(who.map(|who| (*who, when, CorroborationAnswer::Differs, None)));
        } else if beat.backbone.is_none() && beat.voices == Voices::Several && dice.chance(12) {
            answers.extend(
                self.otherwise(beat, &others, dice).filter(|new| answers.iter().all(|old| old.0 != new.0)),
            );
        }
        answers
    }

    /// An answer that settles nothing, or a differing account that was settled.
    fn otherwise(&self, beat: &Beat, others: &[usize], dice: &mut Dice) -> Option<Answer> {
        let who = *dice.pick(others);
        let when = forth(beat.recorded, dice.between(2, 20));
        let settled = forth(when, dice.between(4, 25));
        match dice.below(3) {
            0 if settled < back(self.today, SETTLED_IN) => {
                Some((who, when, CorroborationAnswer::Differs, Some(settled)))
            }
            1 => Some((who, when.min(self.yesterday()), CorroborationAnswer::NotCloseEnough, None)),
            2 => Some((who, when.min(self.yesterday()), CorroborationAnswer::Declined, None)),
            _ => None,
        }
    }

    /// The person whom the capability asks to hear from, and others who were near.
    fn who(&self, beat: &Beat, scene: &Scene, on: NaiveDate) -> (usize, Vec<usize>) {
        let candidacy = self.candidacy;
        let alone = beat.voices == Voices::One;
        let cto = Cast::cto(self.today, on);
        let (peers, outside) = (&candidacy.peers, &candidacy.outside);
        match beat.capability {
            0 => (if alone { peers[0] } else { scene.peer }, vec![cto, outside[0], outside[1]]),
            1 => (
                if alone { CTO } else { cto },
                vec![scene.executive, peers[0], EXECUTIVES.start + 1, peers[1]],
            ),
            2 => (scene.developed, vec![cto, peers[0], scene.executive, peers[1]]),
            _ => (
                if alone { outside[0] } else { scene.outside },
                vec![peers[0], scene.executive, cto, peers[1]],
            ),
        }
    }

    /// The CTO's judgements of an entry: the released ones, and one that is not.
    pub(super) fn assessments(
        &self,
        beat: &Beat,
        scene: &Scene,
        entry: usize,
        dice: &mut Dice,
    ) -> (Vec<Assessment>, Option<UnreleasedAssessment>) {
        let mut released = Vec::new();
        let judged = |on: NaiveDate, judgement: Judgement, dice: &mut Dice| {
            let lines = match judgement {
                Judgement::Meets => &VOICES.reason_meets,
                Judgement::Partly => &VOICES.reason_partly,
                Judgement::NotYet => &VOICES.reason_not_yet,
            };
            let by = Some(self.reference(Cast::cto(self.today, on)));
            let reason = self.line(dice.line(lines), scene);
            Assessment {
                by,
                on,
                judgement,
                reason,
                revision: None,
                reply: None,
                replied_on: None,
                superseded_on: None,
            }
        };
        if beat.open == Open::Judgement {
            let on = forth(beat.recorded, dice.between(8, 40)).min(back(self.today, SETTLED_IN));
            return (vec![judged(on, Judgement::NotYet, dice)], None);
        }
        if beat.voices == Voices::Nobody || !dice.chance(38) {
            return (released, None);
        }
        let on = forth(beat.recorded, dice.between(12, 60));
        if on > self.yesterday() || dice.chance(6) {
            let (by, judgement) = (CTO, if dice.chance(60) { Judgement::Meets } else { Judgement::Partly });
            let written = self.yesterday().min(on).max(Cast::cto_since(self.today));
            let reason = self.line(dice.line(&VOICES.reason_private), scene);
            return (released, Some(UnreleasedAssessment { entry, by, written, judgement, reason }));
        }
        let reconsidered = forth(on, dice.between(30, 90));
        if reconsidered < self.yesterday() && dice.chance(8) {
            let before = if dice.chance(40) { Judgement::NotYet } else { Judgement::Partly };
            released.push(judged(on, before, dice));
            released.push(judged(reconsidered, Judgement::Meets, dice));
        } else {
            released.push(judged(
                on,
                if dice.chance(64) { Judgement::Meets } else { Judgement::Partly },
                dice,
            ));
        }
        (released, None)
    }

    /// A reply to a question about a capability, so many days ago.
    fn reply(&self, capability: usize, ago: i64, dice: &mut Dice) -> Reply {
        let archetype = &ARCHETYPES[self.candidacy.archetype];
        let course = &archetype.courses[capability];
        let strong = course.since.is_some_and(|since| since.0 > 500) && course.silent.is_none();
        match (archetype.complete, strong) {
            (true, _) if ago < 760 => Reply::Yes,
            (_, true) if ago < 720 && dice.chance(93) => Reply::Yes,
            (_, true) if dice.chance(80) => Reply::Partly,
            (_, false) if ago < 250 && dice.chance(55) => Reply::Partly,
            _ => Reply::NotYet,
        }
    }

    /// Check-ins, by the candidate about every three months and by the CTO about every five, the latter's last one often
    /// not released yet.
    pub(super) fn check_ins(&self, dice: &mut Dice) -> (Vec<CheckIn>, Option<UnreleasedCheckIn>) {
        let mut check_ins = Vec::new();
        let mut unreleased = None;
        let began = self.calendar.ago(self.candidacy.director) - 40;
        for (kind, every) in [(CheckInKind::SelfAssessment, (78, 108)), (CheckInKind::Cto, (120, 146))] {
            let mut ago = dice.between(12, 60);
            while ago < began.min(860) {
                let on = self.calendar.date(ago);
                let mut answers = BTreeMap::new();
                for (question, capability) in self.framework.questions.iter().zip(QUESTION_OF) {
                    if kind == CheckInKind::SelfAssessment || dice.chance(85) {
                        answers.insert(question.id.clone(), self.reply(capability, ago, dice));
                    }
                }
                let by = match kind {
                    CheckInKind::SelfAssessment => self.candidacy.owner,
                    CheckInKind::Cto => Cast::cto(self.today, on),
                };
                if kind == CheckInKind::Cto && ago < 60 && dice.chance(50) {
                    unreleased = Some(UnreleasedCheckIn { by, written: on, answers });
                } else {
                    check_ins.push(CheckIn { kind, by: Some(self.reference(by)), on, answers });
                }
                ago += dice.between(every.0, every.1);
            }
        }
        check_ins.sort_by_key(|check_in| check_in.on);
        (check_ins, unreleased)
    }

    /// What the CTO stated about the partnership and readiness for broader scope.
    pub(super) fn feedback(
        &self,
        scene: &Scene,
        dice: &mut Dice,
    ) -> (Vec<Feedback>, Option<UnreleasedFeedback>) {
        let archetype = &ARCHETYPES[self.candidacy.archetype];
        let began = self.calendar.ago(self.candidacy.director) - 60;
        let mut feedback = Vec::new();
        let mut days = if archetype.feedback { dice.between(20, 120) } else { dice.between(230, 300) };
        while days < began.min(900) {
            let on = self.calendar.date(days);
            let by = Cast::cto(self.today, on);
            let (reply, lines) =
                if archetype.complete || (archetype.feedback && days < 300 && dice.chance(40)) {
                    (Reply::Yes, &VOICES.feedback_yes)
                } else if archetype.feedback || dice.chance(40) {
                    (Reply::Partly, &VOICES.feedback_partly)
                } else {
                    (Reply::NotYet, &VOICES.feedback_not_yet)
                };
            let text = self.line(dice.line(lines), scene);
            feedback.push(Feedback { by: Some(self.reference(by)), on, broader_scope: Some(reply), text });
            days += dice.between(140, 210);
        }
        feedback.reverse();
        let unreleased = (began > 0 && dice.chance(35)).then(|| UnreleasedFeedback {
            by: CTO,
            written: self.calendar.date(dice.between(2, 15)),
            broader_scope: Some(Reply::Partly),
            text: self.line(dice.line(&VOICES.feedback_private), scene),
        });
        (feedback, unreleased)
    }

    /// A corroboration in the portable form.
    pub(super) fn portable(&self, (by, on, answer, settled_on): Answer) -> Corroboration {
        Corroboration {
            by: Some(self.reference(by)),
            on,
            answer,
            settled_on,
            account: None,
            comment: None,
            revision: None,
            reply: None,
            settled_by: None,
            settlement: None,
            origin: self.came(by, on),
            superseded_on: None,
        }
    }

    /// A line of somebody else's about the candidate.
    pub(super) fn line(&self, text: &str, scene: &Scene) -> String {
        let first = first_name(self.people, self.candidacy.owner);
        scene.fill(&text.replace("{first}", first), self.people)
    }
}
