//! Readiness: how far the evidence carries, as one pure function.
//!
//! [`assess`] takes a framework, a candidate's [`Facts`], a day and a [`Lens`], and says everything that pages, the API,
//! packets and `evident assess` show. Nothing here knows a clock, a database or an account. Nothing else computes readiness.
//! `crate::dashboard` loads facts from the database, keeps what was assessed of them, and shows it.
//! A page that shows more than the assessment says, such as which days a capability's evidence speaks for, asks a
//! [`Reading`], which the assessment itself is made from.
//!
//! The rules are designed for people: an absence costs at most its own silence and never starts anyone from zero; leave is
//! no silence; a claim alone carries nobody past "developing"; whoever can best judge a capability must have been heard.
//! Each file opens with the rules that it implements; D is the day of the assessment, and *t* is time without leave. The
//! candidate's own answers, assessments, feedback and being named `developed` count nowhere.

mod assessment;
mod capability;
mod counted;
mod facts;
mod gaps;
mod histories;
mod questions;
mod shown;
mod signals;
mod summary;
mod time;
mod track_record;

use chrono::NaiveDate;

pub use self::assessment::{
    Answers, AskedVoiceReadiness, Assessment, CapabilityReadiness, CriteriaReadiness, Lens, PromptlyRecorded,
    QuestionReadiness, Signal, State, TrackRecordReadiness,
};
use self::capability::Tally;
pub use self::counted::Reading;
pub use self::facts::{
    CheckIn, Corroboration, Entry, EntryAssessment, Facts, Feedback, IndexSet, LevelEntry, Milestone, Named,
    Person, PersonIndex,
};
pub use self::gaps::{Gap, GapKind};
pub use self::shown::{CountedEntry, MonthCell, QuarterCell};
pub use self::summary::{CapabilitySummary, GapKinds, Summary};
use self::time::day_of;
pub use self::time::{DateRange, days_of, months_of};
use crate::framework::Framework;

/// Assesses one candidate as of a day, through a lens.
///
/// The framework must be one that its loader accepts, and the facts' indexes must be of that framework and of their own
/// people; others panic.
pub fn assess(framework: &Framework, facts: &Facts, as_of: NaiveDate, lens: Lens) -> Assessment {
    Reading::new(framework, facts, as_of).assess(lens)
}

impl Reading<'_> {
    /// Assesses through a lens.
    pub fn assess(&self, lens: Lens) -> Assessment {
        let through = |lens| -> Vec<Tally<'_, '_>> {
            (0..self.framework.capabilities.len()).map(|capability| self.tally(capability, lens)).collect()
        };
        let all = through(Lens::All);
        let confirmed = (lens == Lens::Confirmed).then(|| through(Lens::Confirmed));
        let tallies = confirmed.as_ref().unwrap_or(&all);
        let questions = self.questions();
        let track_record = self.track_record(tallies);
        Assessment {
            as_of: self.as_of,
            framework: self.framework.id.clone(),
            lens,
            months_at_level: self.months_at_level(),
            evidence_complete: self.is_complete(tallies, &questions, &track_record),
            capabilities: tallies.iter().map(Tally::readiness).collect(),
            questions,
            track_record,
            signals: self.signals(&all),
        }
    }

    /// `months_of`(D − the `from` of the candidate's latest level entry ≤ D), none without one.
    fn months_at_level(&self) -> Option<u32> {
        let latest = self.histories.on(self.facts.candidate, self.as_of)?;
        Some(months_of(self.today - day_of(latest.from)))
    }

    /// All capabilities sustained or established, no differing or `not_yet` entry, at least `question_most` questions
    /// consistent, all track-record items met; what people judge does not block.
    fn is_complete(
        &self,
        tallies: &[Tally<'_, '_>],
        questions: &[QuestionReadiness],
        track_record: &[TrackRecordReadiness],
    ) -> bool {
        tallies.iter().all(|tally| tally.state >= State::Sustained && !tally.is_contested())
            && questions.iter().filter(|q| q.consistent).count()
                >= self.framework.thresholds.question_most as usize
            && track_record.iter().all(|item| item.met != Some(false))
    }
}
