//! Which entries count, and for which days.
//!
//! 1. Valid confirmation of an entry: an answer `confirmed` dated ≤ D by someone other than the candidate who on that date
//!    did not report to the candidate (a `developed` capability lets reports count), being the latest of that person's
//!    standing answers ≤ D on the entry (by date; on one date the later in the list), and not superseded on a date ≤ D. An
//!    answer stands if it was given in an account, or by mail or link and was vouched for, on a date ≤ D, by someone other
//!    than the candidate. What does not stand counts nowhere.
//! 2. Counted entries: status `final`, tagged c, `from` ≤ D; with `audience` `cto` only if a CTO (on that date) gave a
//!    valid confirmation; through lens `confirmed` only if there is a valid confirmation.
//! 3. Spans of an entry: [from, min(end, from + `entry_covers_days` − 1, D)], where end = D if `ongoing`, else `to`, else
//!    `from`; and for each update dated ≤ D: [max(from, on − (`entry_covers_days` − 1)), on]. Its last day is the latest day
//!    of its spans.

use std::ops::Range;

use chrono::NaiveDate;

use super::assessment::Lens;
use super::facts::{Corroboration, Entry, Facts, IndexSet, PersonIndex};
use super::histories::Histories;
use super::time::{Timeline, day_of};
use crate::evidence::{Audience, NamedAs};
use crate::framework::{AskedVoice, Framework};
use crate::review::{CorroborationAnswer, Judgement};

/// The facts as they stand on a day, prepared once for every rule, lens and page that asks.
pub struct Reading<'a> {
    pub(super) framework: &'a Framework,
    pub(super) facts: &'a Facts,
    pub(super) as_of: NaiveDate,
    /// The day's number.
    pub(super) today: i64,
    pub(super) timeline: Timeline,
    pub(super) histories: Histories<'a>,
    /// The entries that have begun, in the order of the facts.
    pub(super) entries: Vec<Begun<'a>>,
    spans: Vec<(i64, i64)>,
    confirmations: Vec<Confirmation>,
}

/// An entry that has begun.
pub(super) struct Begun<'a> {
    /// Its place in the facts.
    pub(super) index: usize,
    pub(super) facts: &'a Entry,
    spans: Range<usize>,
    confirmations: Range<usize>,
    /// The latest day of its spans.
    pub(super) last_day: i64,
    /// Whether somebody's latest answer that stands is `differs`, and not settled.
    pub(super) differing: bool,
    /// The latest judgement, unless that is a `meets` which was superseded.
    pub(super) judgement: Option<Judgement>,
}

/// An answer `confirmed` that is the latest of its giver's that stand, and not superseded.
#[derive(Clone, Copy)]
pub(super) struct Confirmation {
    pub(super) by: PersonIndex,
    pub(super) on: NaiveDate,
    /// Whether its giver reported to the candidate on that date.
    report: bool,
    /// Whether the entry names its giver as developed.
    pub(super) developed: bool,
}

impl<'a> Reading<'a> {
    /// What it is read against.
    pub fn framework(&self) -> &'a Framework {
        self.framework
    }

    /// What it is read from.
    pub fn facts(&self) -> &'a Facts {
        self.facts
    }

    /// Reads the facts as of a day.
    pub fn new(framework: &'a Framework, facts: &'a Facts, as_of: NaiveDate) -> Self {
        let mut reading = Self {
            framework,
            facts,
            as_of,
            today: day_of(as_of),
            timeline: Timeline::new(&facts.leave),
            histories: Histories::new(framework, facts, as_of),
            entries: Vec::with_capacity(facts.entries.len()),
            spans: Vec::with_capacity(facts.entries.len()),
            confirmations: Vec::with_capacity(facts.entries.len()),
        };
        let mut scratch = Scratch::default();
        for (index, entry) in facts.entries.iter().enumerate().filter(|(_, e)| e.from <= as_of) {
            reading.begin(index, entry, &mut scratch);
        }
        reading
    }

    fn begin(&mut self, index: usize, entry: &'a Entry, scratch: &mut Scratch<'a>) {
        let spans = self.spans.len();
        let last_day = self.add_spans(entry);
        let confirmations = self.confirmations.len();
        let differing = self.add_confirmations(entry, scratch);
        let judgement = entry
            .assessments
            .iter()
            .filter(|a| a.on <= self.as_of && a.by != Some(self.facts.candidate))
            .max_by_key(|a| a.on)
            .filter(|a| a.judgement != Judgement::Meets || !self.is_superseded(a.superseded_on))
            .map(|a| a.judgement);
        self.entries.push(Begun {
            index,
            facts: entry,
            spans: spans..self.spans.len(),
            confirmations: confirmations..self.confirmations.len(),
            last_day,
            differing,
            judgement,
        });
    }

    /// Whether a material edit superseded on that day what was said, or did before.
    fn is_superseded(&self, on: Option<NaiveDate>) -> bool {
        on.is_some_and(|on| on <= self.as_of)
    }

    /// Rule 3. Returns the last day.
    fn add_spans(&mut self, entry: &Entry) -> i64 {
        let reach = i64::from(self.framework.thresholds.entry_covers_days) - 1;
        let from = day_of(entry.from);
        let end = if entry.ongoing { self.today } else { entry.to.map_or(from, day_of) };
        let mut last_day = end.min(from + reach).min(self.today);
        self.spans.push((from, last_day));
        for on in entry.updates.iter().filter(|&&on| on <= self.as_of).map(|&on| day_of(on)) {
            self.spans.push((from.max(on - reach), on));
            last_day = last_day.max(on);
        }
        last_day
    }

    /// Rule 1, but for reports, whom some capabilities let count. Returns whether an account differs.
    fn add_confirmations(&mut self, entry: &'a Entry, scratch: &mut Scratch<'a>) -> bool {
        let candidate = self.facts.candidate;
        scratch.answers.clear();
        scratch.answers.extend(entry.standing(candidate, self.as_of));
        if scratch.answers.is_empty() {
            return false;
        }
        // As `Entry::latest_of`, for everybody at once. Stable: of one person's answers on one date, the later in the list stays
        // the later.
        scratch.answers.sort_by_key(|c| (c.by, c.on));
        scratch.developed.clear();
        scratch
            .developed
            .extend(entry.people.iter().filter(|n| n.named_as == NamedAs::Developed).map(|n| n.person));
        scratch.developed.sort_unstable();
        let mut differing = false;
        for latest in scratch.answers.chunk_by(|a, b| a.by == b.by).filter_map(<[_]>::last) {
            match latest.answer {
                CorroborationAnswer::Confirmed if self.is_superseded(latest.superseded_on) => {}
                CorroborationAnswer::Confirmed => self.confirmations.push(Confirmation {
                    by: latest.by,
                    on: latest.on,
                    report: self.histories.reports_to_candidate(latest.by, latest.on),
                    developed: scratch.developed.binary_search(&latest.by).is_ok(),
                }),
                CorroborationAnswer::Differs => {
                    differing |= latest.settled_on.is_none_or(|settled| settled > self.as_of);
                }
                CorroborationAnswer::NotCloseEnough | CorroborationAnswer::Declined => {}
            }
        }
        differing
    }

    /// Rule 3: the spans of an entry as day numbers, both ends included.
    pub(super) fn spans(&self, entry: &Begun<'_>) -> &[(i64, i64)] {
        &self.spans[entry.spans.clone()]
    }

    /// Rule 1: the valid confirmations of an entry for a capability.
    pub(super) fn valid_confirmations(
        &self,
        entry: &Begun<'_>,
        capability: usize,
    ) -> impl Iterator<Item = Confirmation> {
        let reports_count = self.framework.capabilities[capability].asks_for == AskedVoice::Developed;
        self.confirmations[entry.confirmations.clone()]
            .iter()
            .copied()
            .filter(move |c| reports_count || !c.report)
    }

    /// Rule 1: all confirmations of an entry that stand, reports' among them.
    pub(super) fn confirmations(&self, entry: &Begun<'_>) -> impl Iterator<Item = (PersonIndex, NaiveDate)> {
        self.confirmations[entry.confirmations.clone()].iter().map(|c| (c.by, c.on))
    }

    /// Rule 2: whether an entry counts for a capability.
    pub(super) fn counts(&self, entry: &Begun<'_>, capability: usize, lens: Lens) -> bool {
        entry.facts.capabilities.contains(capability)
            && match (entry.facts.audience, lens) {
                (Audience::Cto, _) => {
                    self.valid_confirmations(entry, capability).any(|c| self.histories.is_cto(c.by, c.on))
                }
                (Audience::Dossier, Lens::All) => true,
                (Audience::Dossier, Lens::Confirmed) => {
                    self.valid_confirmations(entry, capability).next().is_some()
                }
            }
    }

    /// Rule 2: the counted entries of a capability.
    pub(super) fn counted(&self, capability: usize, lens: Lens) -> impl Iterator<Item = &Begun<'a>> {
        self.entries.iter().filter(move |entry| self.counts(entry, capability, lens))
    }

    /// The places of a capability's criteria among all criteria of the framework.
    pub(super) fn criteria_of(&self, capability: usize) -> IndexSet {
        let before: usize = self.framework.capabilities[..capability].iter().map(|c| c.criteria.len()).sum();
        IndexSet::range(before, before + self.framework.capabilities[capability].criteria.len())
    }
}

/// Room that is used again for each entry.
#[derive(Default)]
struct Scratch<'a> {
    answers: Vec<&'a Corroboration>,
    developed: Vec<PersonIndex>,
}
