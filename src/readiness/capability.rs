//! How far the evidence for one capability carries.
//!
//! 4. Shown days: a span and the `carry_days` after it, in *t*, up to D; the union over the counted entries. `months` =
//!    `months_of`(shown days with *t* in (t(D) − `days_of`(`window_months`), t(D)]).
//! 5. In the window: counted entries with a span that has a day with *t* in that interval. Of these: `entries` their
//!    number; criteria claimed = those of c that they name; confirmed = those named by one with a valid confirmation, or
//!    whose latest assessment ≤ D is `meets`; `voices` = the distinct people with a valid confirmation; the asked voice is
//!    heard when one of the voices was, on the date of the confirmation: `cto`, a CTO · `other-domain`, of a known domain
//!    other than the candidate's known one · `developed`, named as `developed` in the entry confirmed · `external`, of an
//!    external organization, or anyone where the entry confirmed has a link. `differing` = those where some person's
//!    latest answer ≤ D is `differs`, unless settled on a date ≤ D; `not_yet` = those whose latest assessment ≤ D is
//!    `not-yet`.
//! 6. State, the first that holds: `none` (no counted entry) · `lapsed` (t(D) − t(last day of all) > `carry_days`) ·
//!    `established`, `sustained` (months, entries, confirmed criteria and voices at their thresholds, and the asked voice
//!    heard) · `developing` (months ≥ `developing_months`, claimed ≥ `developing_criteria`) · `emerging`.
//! 8. `lapses_on` = the first day d with t(d) − t(last day) > `carry_days`, null for none and lapsed.
//! 9. `promptly_recorded`: of the entries in the window that have `recorded_on`, how many have it ≤ `prompt_days` after their
//!    `to`, or `from` without `to`.

use super::assessment::{
    AskedVoiceReadiness, CapabilityReadiness, CriteriaReadiness, Lens, PromptlyRecorded, State,
};
use super::counted::{Begun, Confirmation, Reading};
use super::facts::{IndexSet, PersonIndex};
use super::gaps;
use super::time::{date_of, day_of, days_of, days_within, merge, months_of};
use crate::framework::{AskedVoice, Thresholds};
use crate::people::Organization;
use crate::review::Judgement;

/// What the counted entries of one capability add up to.
pub(super) struct Tally<'r, 'a> {
    pub(super) reading: &'r Reading<'a>,
    pub(super) capability: usize,
    pub(super) state: State,
    /// The shown days up to D in *t*, merged, the window's and those before it.
    pub(super) shown: Vec<(i64, i64)>,
    pub(super) months: u32,
    /// The counted entries in the window.
    pub(super) in_window: Vec<&'r Begun<'a>>,
    pub(super) claimed: IndexSet,
    pub(super) confirmed: IndexSet,
    /// In the order of the facts' people.
    pub(super) voices: Vec<PersonIndex>,
    pub(super) heard: bool,
    pub(super) promptly_recorded: PromptlyRecorded,
    /// The number of the latest day of all counted entries.
    pub(super) last_day: Option<i64>,
}

impl<'a> Reading<'a> {
    /// The last day, in *t*, before the window.
    pub(super) fn window_after(&self) -> i64 {
        self.timeline.t(self.today) - days_of(self.framework.thresholds.window_months)
    }

    pub(super) fn in_window(&self, entry: &Begun<'_>) -> bool {
        self.timeline.t(entry.last_day) > self.window_after()
    }

    /// Rule 4: the shown days up to D in *t*, merged.
    pub(super) fn shown<'e>(
        &self,
        capability: usize,
        counted: impl Iterator<Item = &'e Begun<'a>>,
    ) -> Vec<(i64, i64)>
    where
        'a: 'e,
    {
        let carry = i64::from(self.framework.capabilities[capability].carry_days);
        let today = self.timeline.t(self.today);
        let mut shown = Vec::with_capacity(self.entries.len());
        for entry in counted {
            shown.extend(
                self.spans(entry).iter().map(|&(first, last)| {
                    (self.timeline.t(first), (self.timeline.t(last) + carry).min(today))
                }),
            );
        }
        merge(&mut shown);
        shown
    }

    /// Rules 4 to 6.
    pub(super) fn tally(&self, capability: usize, lens: Lens) -> Tally<'_, 'a> {
        let counted: Vec<&Begun<'a>> = self.counted(capability, lens).collect();
        let shown = self.shown(capability, counted.iter().copied());
        let today = self.timeline.t(self.today);
        let months = months_of(days_within(&shown, self.window_after(), today));
        let mut tally = Tally {
            reading: self,
            capability,
            state: State::None,
            shown,
            months,
            in_window: Vec::with_capacity(counted.len()),
            claimed: IndexSet::default(),
            confirmed: IndexSet::default(),
            voices: Vec::new(),
            heard: false,
            promptly_recorded: PromptlyRecorded::default(),
            last_day: counted.iter().map(|e| e.last_day).max(),
        };
        for entry in counted.into_iter().filter(|e| self.in_window(e)) {
            tally.add(entry);
        }
        tally.voices.sort_unstable();
        tally.voices.dedup();
        tally.state = tally.find_state();
        tally
    }

    /// Rule 5: whether an entry confirms the criteria that it names.
    pub(super) fn confirms(&self, entry: &Begun<'_>, capability: usize) -> bool {
        entry.judgement == Some(Judgement::Meets)
            || self.valid_confirmations(entry, capability).next().is_some()
    }

    /// Rule 5: whether a valid confirmation is the voice that the capability asks for.
    fn is_asked_voice(&self, capability: usize, entry: &Begun<'_>, confirmation: Confirmation) -> bool {
        let Confirmation { by, on, developed, .. } = confirmation;
        match self.framework.capabilities[capability].asks_for {
            AskedVoice::Cto => self.histories.is_cto(by, on),
            AskedVoice::OtherDomain => {
                let own = self.histories.domain(self.facts.candidate, on);
                let other = self.histories.domain(by, on);
                own.is_some() && other.is_some() && own != other
            }
            AskedVoice::Developed => developed,
            AskedVoice::External => {
                entry.facts.has_link
                    || self.facts.people[by.0 as usize].organization == Organization::External
            }
        }
    }
}

impl<'r, 'a> Tally<'r, 'a> {
    /// Rules 5 and 9, for one counted entry in the window.
    fn add(&mut self, entry: &'r Begun<'a>) {
        let reading = self.reading;
        let names = entry.facts.criteria.intersection(reading.criteria_of(self.capability));
        self.claimed = self.claimed.union(names);
        for confirmation in reading.valid_confirmations(entry, self.capability) {
            self.voices.push(confirmation.by);
            self.heard = self.heard || reading.is_asked_voice(self.capability, entry, confirmation);
        }
        if reading.confirms(entry, self.capability) {
            self.confirmed = self.confirmed.union(names);
        }
        if let Some(recorded) = entry.facts.recorded_on {
            let after = day_of(recorded) - day_of(entry.facts.to.unwrap_or(entry.facts.from));
            self.promptly_recorded.of += 1;
            self.promptly_recorded.within +=
                u32::from(after <= i64::from(reading.framework.thresholds.prompt_days));
        }
        self.in_window.push(entry);
    }

    pub(super) fn thresholds(&self) -> &'a Thresholds {
        &self.reading.framework.thresholds
    }

    /// How many entries are in the window.
    pub(super) fn entries(&self) -> u32 {
        u32::try_from(self.in_window.len()).unwrap_or(u32::MAX)
    }

    /// How many people are heard.
    pub(super) fn voice_count(&self) -> u32 {
        u32::try_from(self.voices.len()).unwrap_or(u32::MAX)
    }

    /// Rule 6.
    fn find_state(&self) -> State {
        let t = self.thresholds();
        let holds = |months, entries, criteria, voices| {
            self.months >= months
                && self.entries() >= entries
                && self.confirmed.len() >= criteria
                && self.voice_count() >= voices
                && self.heard
        };
        let Some(last_day) = self.last_day else { return State::None };
        let reading = self.reading;
        let silent = reading.timeline.t(reading.today) - reading.timeline.t(last_day);
        if silent > self.carry_days() {
            State::Lapsed
        } else if holds(
            t.established_months,
            t.established_entries,
            t.established_criteria,
            t.established_voices,
        ) {
            State::Established
        } else if holds(t.sustained_months, t.sustained_entries, t.sustained_criteria, t.sustained_voices) {
            State::Sustained
        } else if self.months >= t.developing_months && self.claimed.len() >= t.developing_criteria {
            State::Developing
        } else {
            State::Emerging
        }
    }

    fn carry_days(&self) -> i64 {
        i64::from(self.reading.framework.capabilities[self.capability].carry_days)
    }

    /// The ids of the capability's criteria that are in a set, in framework order.
    pub(super) fn ids(&self, set: IndexSet) -> Vec<String> {
        let capability = &self.reading.framework.capabilities[self.capability];
        let places = self.reading.criteria_of(self.capability).iter();
        places
            .zip(&capability.criteria)
            .filter(|(p, _)| set.contains(*p))
            .map(|(_, c)| c.id.clone())
            .collect()
    }

    /// The ids of the entries in the window for which something holds, in byte order.
    pub(super) fn entry_ids(&self, holds: impl Fn(&Begun<'a>) -> bool) -> Vec<String> {
        let mut ids: Vec<String> =
            self.in_window.iter().filter(|e| holds(e)).map(|e| e.facts.id.to_string()).collect();
        ids.sort_unstable();
        ids
    }

    /// Whether an entry in the window has a differing account, or is judged not yet to show the capability.
    pub(super) fn is_contested(&self) -> bool {
        self.in_window.iter().any(|e| e.differing || e.judgement == Some(Judgement::NotYet))
    }

    /// The criteria, by what is said of them.
    pub(super) fn criteria(&self) -> CriteriaReadiness {
        let all = self.reading.criteria_of(self.capability);
        CriteriaReadiness {
            confirmed: self.ids(self.confirmed),
            claimed: self.ids(self.claimed.difference(self.confirmed)),
            missing: self.ids(all.difference(self.claimed)),
        }
    }

    /// The result, with its gaps.
    pub(super) fn readiness(&self) -> CapabilityReadiness {
        let reading = self.reading;
        let capability = &reading.framework.capabilities[self.capability];
        let mut voices: Vec<String> =
            self.voices.iter().map(|v| reading.facts.people[v.0 as usize].id.to_string()).collect();
        voices.sort_unstable();
        let earliest = gaps::earliest(self);
        let lapses_on = match (self.state, self.last_day) {
            (State::None | State::Lapsed, _) | (_, None) => None,
            (_, Some(last_day)) => {
                let silent_from = reading.timeline.t(last_day) + self.carry_days() + 1;
                date_of(reading.timeline.first_day(silent_from))
            }
        };
        CapabilityReadiness {
            capability: capability.id.clone(),
            state: self.state,
            months: self.months,
            window_months: self.thresholds().window_months,
            entries: self.entries(),
            criteria: self.criteria(),
            voices,
            asked_voice: AskedVoiceReadiness { asks_for: capability.asks_for, heard: self.heard },
            last_day: self.last_day.and_then(date_of),
            lapses_on,
            sustained_on: earliest,
            promptly_recorded: self.promptly_recorded,
            gaps: gaps::gaps(self, earliest),
        }
    }
}
