//! Signals: pitfalls put to the candidate alone, as questions.
//!
//! Over the distinct counted entries of all capabilities (lens all) whose last day is > D − `days_of`(`signal_window_months`):
//! - `share`: of those that name the field, more than half have the value; null under `signal_min_entries`.
//! - `below-level`: among their (entry, person as developed) pairs with a known level on the entry's `from`, one is below
//!   the level and none at or above it; null without pairs.
//! - `silent`: the capability (lens all) is none or lapsed, or the named track-record item is not met.

use super::assessment::{Lens, Signal, State};
use super::capability::Tally;
use super::counted::{Begun, Reading};
use super::time::days_of;
use crate::framework::{Pitfall, ShareField, SignalRule};

impl Reading<'_> {
    /// All signals, in framework order, given the capabilities' tallies through lens all in framework order.
    pub(super) fn signals(&self, tallies: &[Tally<'_, '_>]) -> Vec<Signal> {
        let recent = self.recent();
        self.framework.pitfalls.iter().map(|pitfall| self.signal(pitfall, &recent, tallies)).collect()
    }

    /// The distinct counted entries that signals look at.
    fn recent(&self) -> Vec<&Begun<'_>> {
        let since = self.today - days_of(self.framework.thresholds.signal_window_months);
        self.entries
            .iter()
            .filter(|e| e.last_day > since)
            .filter(|e| (0..self.framework.capabilities.len()).any(|c| self.counts(e, c, Lens::All)))
            .collect()
    }

    /// The places in the facts of the entries that speak for a signal: those with the value, or those that name somebody
    /// below the level as developed. A silence has none.
    pub fn signal_entries(&self, rule: &SignalRule) -> Vec<usize> {
        let recent = self.recent().into_iter();
        match rule {
            SignalRule::Share { field, value } => {
                recent.filter(|e| stated(*field, e) == Some(value.as_str())).map(|e| e.index).collect()
            }
            SignalRule::BelowLevel { level } => {
                let Some(level) = self.framework.level_rank(level) else { return Vec::new() };
                let below = |entry: &&Begun<'_>| {
                    self.developed(entry)
                        .filter_map(|named| self.histories.level(named.person, entry.facts.from))
                        .any(|at| (at as usize) < level)
                };
                recent.filter(below).map(|e| e.index).collect()
            }
            SignalRule::Silent { .. } => Vec::new(),
        }
    }

    fn signal(&self, pitfall: &Pitfall, recent: &[&Begun<'_>], tallies: &[Tally<'_, '_>]) -> Signal {
        let mut result = Signal { pitfall: pitfall.id.clone(), signal: None, matching: None, of: None };
        match &pitfall.rule {
            None => {}
            Some(SignalRule::Share { field, value }) => {
                let (matching, of) = share(*field, value, recent);
                let enough = of >= self.framework.thresholds.signal_min_entries;
                result.signal = enough.then_some(u64::from(matching) * 2 > u64::from(of));
                result.matching = Some(matching);
                result.of = Some(of);
            }
            Some(SignalRule::BelowLevel { level }) => result.signal = self.develops_below(level, recent),
            Some(SignalRule::Silent { capability, unmet }) => {
                let silent =
                    self.tally_of(capability, tallies).is_some_and(|tally| tally.state <= State::Lapsed);
                let unmet = unmet.as_ref().is_some_and(|id| {
                    let item = self.framework.track_record.iter().find(|item| item.id == *id);
                    let rule = item.and_then(|item| item.rule.as_ref());
                    rule.is_some_and(|rule| !self.is_met(rule, tallies))
                });
                result.signal = Some(silent || unmet);
            }
        }
        result
    }

    /// Whether all people developed, and there are some, are below a level.
    fn develops_below(&self, level: &str, recent: &[&Begun<'_>]) -> Option<bool> {
        let level = self.framework.level_rank(level)?;
        let mut known = recent
            .iter()
            .flat_map(|entry| self.developed(entry).map(|named| (named.person, entry.facts.from)))
            .filter_map(|(person, from)| self.histories.level(person, from))
            .peekable();
        known.peek()?;
        Some(known.all(|at| (at as usize) < level))
    }
}

/// How many entries have the value in the field, of how many that state the field.
fn share(field: ShareField, value: &str, entries: &[&Begun<'_>]) -> (u32, u32) {
    let stated = entries.iter().filter_map(|entry| stated(field, entry));
    stated.fold((0, 0), |(matching, of), stated| (matching + u32::from(stated == value), of + 1))
}

/// What an entry states in the field.
fn stated(field: ShareField, entry: &Begun<'_>) -> Option<&'static str> {
    match field {
        ShareField::Scope => entry.facts.scope.map(Into::into),
        ShareField::Conduct => entry.facts.conduct.map(Into::into),
    }
}
