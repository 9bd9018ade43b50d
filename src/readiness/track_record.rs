//! The track record. Each item names its rule, or is judged by people.
//!
//! - `impact`: the capability is developing or better and one of its entries in the window states an impact (not blank).
//! - `developed`: an entry in the window of the capability names a person as `developed` who answered `agreed` (an answer
//!   that stands), was at
//!   `from_level` or above on its `from`, and after that `from` and ≤ D has a level entry of a higher level or a milestone,
//!   not recorded by the candidate.
//! - `feedback`: feedback by a CTO (on its day), dated in [D − `feedback_max_age_days`, D].
//!
//! The candidate's being named `developed`, and the candidate's own feedback, count nowhere.

use super::assessment::{State, TrackRecordReadiness};
use super::capability::Tally;
use super::counted::{Begun, Reading};
use super::facts::Named;
use super::time::day_of;
use crate::evidence::{NamedAnswer, NamedAs};
use crate::framework::TrackRecordRule;

impl Reading<'_> {
    /// All items, in framework order, given the capabilities' tallies in framework order.
    pub(super) fn track_record(&self, tallies: &[Tally<'_, '_>]) -> Vec<TrackRecordReadiness> {
        let items = self.framework.track_record.iter();
        items
            .map(|item| TrackRecordReadiness {
                item: item.id.clone(),
                met: item.rule.as_ref().map(|rule| self.is_met(rule, tallies)),
            })
            .collect()
    }

    /// Whether an item with this rule is met.
    pub(super) fn is_met(&self, rule: &TrackRecordRule, tallies: &[Tally<'_, '_>]) -> bool {
        match rule {
            TrackRecordRule::Impact { capability } => {
                self.tally_of(capability, tallies).is_some_and(|tally| {
                    tally.state >= State::Developing && tally.in_window.iter().any(|e| e.facts.states_impact)
                })
            }
            TrackRecordRule::Developed { capability } => self
                .tally_of(capability, tallies)
                .is_some_and(|tally| tally.in_window.iter().any(|entry| self.shows_growth(entry))),
            TrackRecordRule::Feedback {} => self.has_feedback(),
        }
    }

    /// The tally of the capability with this id.
    pub(super) fn tally_of<'t, 'r, 'a>(
        &self,
        capability: &str,
        tallies: &'t [Tally<'r, 'a>],
    ) -> Option<&'t Tally<'r, 'a>> {
        tallies.get(self.framework.capability_index(capability)?)
    }

    /// Whether an entry names somebody as developed who has grown since.
    fn shows_growth(&self, entry: &Begun<'_>) -> bool {
        let levels = &self.framework.levels;
        let Some(from_level) = levels.iter().position(|l| *l == self.framework.from_level) else {
            return false;
        };
        let from = entry.facts.from;
        let grown = |named: &Named| {
            named.answer == Some(NamedAnswer::Agreed)
                && named.origin.stands(&named.person, &self.facts.candidate, self.as_of)
                && self.histories.level(named.person, from).is_some_and(|level| {
                    level as usize >= from_level
                        && (self.histories.rose_above(named.person, level, from)
                            || self.histories.reached_milestone(named.person, from))
                })
        };
        self.developed(entry).any(grown)
    }

    /// Those whom an entry names as developed; the candidate is never one.
    pub(super) fn developed<'e>(&self, entry: &Begun<'e>) -> impl Iterator<Item = &'e Named> {
        let candidate = self.facts.candidate;
        entry.facts.people.iter().filter(move |n| n.named_as == NamedAs::Developed && n.person != candidate)
    }

    fn has_feedback(&self) -> bool {
        let oldest = self.today - i64::from(self.framework.thresholds.feedback_max_age_days);
        self.facts.feedback.iter().any(|feedback| {
            feedback.on <= self.as_of
                && day_of(feedback.on) >= oldest
                && feedback
                    .by
                    .is_some_and(|by| by != self.facts.candidate && self.histories.is_cto(by, feedback.on))
        })
    }
}
