//! The self-assessment questions.
//!
//! Per kind (self, cto): its check-ins ≤ D that answer the question, by date (on one date the later in the list stands
//! alone). The tail: from the latest backwards while the answer is not `not-yet` and each neighbour is within
//! `question_pause_days` (*t*), if the latest is within that of D (else empty). `months` = `months_of`(t(last yes) − t(first
//! yes)) in the tail, 0 without a yes. Consistent = self months ≥ `sustained_months`. Diverging = the latest self and cto
//! answers differ, both given.
//!
//! The kind alone decides, whoever a check-in names as its author.

use super::assessment::{Answers, QuestionReadiness};
use super::counted::Reading;
use super::facts::CheckIn;
use super::time::{day_of, months_of};
use crate::review::{CheckInKind, Reply};

impl Reading<'_> {
    /// All questions, in framework order.
    pub(super) fn questions(&self) -> Vec<QuestionReadiness> {
        let own = self.check_ins(CheckInKind::SelfAssessment);
        let cto = self.check_ins(CheckInKind::Cto);
        let questions = self.framework.questions.iter().enumerate();
        questions
            .map(|(index, question)| {
                let own = self.answers(&own, index);
                let cto = self.answers(&cto, index);
                QuestionReadiness {
                    question: question.id.clone(),
                    own,
                    cto,
                    consistent: own.months >= self.framework.thresholds.sustained_months,
                    diverging: own.latest.zip(cto.latest).is_some_and(|(own, cto)| own != cto),
                }
            })
            .collect()
    }

    /// The check-ins of a kind up to D, the latest first.
    fn check_ins(&self, kind: CheckInKind) -> Vec<&CheckIn> {
        let mut check_ins: Vec<&CheckIn> =
            self.facts.check_ins.iter().rev().filter(|c| c.kind == kind && c.on <= self.as_of).collect();
        // Stable, and the later in the list came first already.
        check_ins.sort_by_key(|c| std::cmp::Reverse(c.on));
        check_ins
    }

    fn answers(&self, check_ins: &[&CheckIn], question: usize) -> Answers {
        let pause = i64::from(self.framework.thresholds.question_pause_days);
        let mut latest = None;
        let mut later = self.timeline.t(self.today);
        let mut later_on = None;
        let (mut first_yes, mut last_yes) = (0, None);
        for check_in in check_ins {
            let Some(&(_, reply)) = check_in.answers.iter().find(|(q, _)| usize::from(*q) == question) else {
                continue;
            };
            if later_on.replace(check_in.on) == Some(check_in.on) {
                continue;
            }
            latest.get_or_insert(reply);
            let t = self.timeline.t(day_of(check_in.on));
            if reply == Reply::NotYet || later - t > pause {
                break;
            }
            later = t;
            if reply == Reply::Yes {
                first_yes = t;
                last_yes.get_or_insert(t);
            }
        }
        Answers { latest, months: last_yes.map_or(0, |last| months_of(last - first_yes)) }
    }
}
