//! What pages draw beside an assessment: which days are shown, by which entries, month by month.
//!
//! Everything here is read off the same spans, counted entries and shown days that the assessment is made from.

use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;

use super::assessment::{CriteriaReadiness, Lens};
use super::counted::{Begun, Reading};
use super::facts::PersonIndex;
use super::time::{DateRange, date_of, day_of};
use crate::review::Judgement;

/// A counted entry of a capability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountedEntry {
    /// Its place in the facts' entries.
    pub entry: usize,
    /// The days it speaks about, before anything is carried on, by date; they may overlap.
    pub spans: Vec<DateRange>,
    /// The latest day of its spans.
    pub last_day: NaiveDate,
    /// Whether it is in the window.
    pub in_window: bool,
    /// Who gave it a valid confirmation, in the order of the facts' people.
    pub voices: Vec<PersonIndex>,
    /// Whether it confirms the criteria that it names.
    pub confirms: bool,
    /// Whether somebody's account differs, unsettled.
    pub differing: bool,
    /// Its latest judgement.
    pub judgement: Option<Judgement>,
}

/// One calendar month of one capability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MonthCell {
    /// The month's first day.
    pub month: NaiveDate,
    /// How many counted entries have a span that touches it.
    pub entries: u32,
}

/// One calendar quarter of one criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarterCell {
    /// The quarter's days.
    pub quarter: DateRange,
    /// The places in the facts of the counted entries that name the criterion and have a span that touches it.
    pub entries: Vec<usize>,
}

impl Reading<'_> {
    /// The window on the calendar, up to the day of the assessment; leave makes it longer.
    pub fn window(&self) -> DateRange {
        self.present_range(self.window_after() + 1, self.timeline.t(self.today))
    }

    /// The shown days of a capability within the window, as calendar ranges by date. Leave inside a range belongs to it, and
    /// vanishes from `months`.
    pub fn shown_spans(&self, capability: usize, lens: Lens) -> Vec<DateRange> {
        let after = self.window_after();
        self.shown(capability, self.counted(capability, lens))
            .into_iter()
            .filter(|&(_, last)| last > after)
            .map(|(first, last)| self.present_range(first.max(after + 1), last))
            .collect()
    }

    /// The days of the window that are not among the shown ones, as [`Reading::shown_spans`] gives them; leave alone is no
    /// silence.
    pub fn silences(&self, shown: &[DateRange]) -> Vec<DateRange> {
        let window = self.window();
        let mut silences = Vec::new();
        let mut from = window.from;
        for span in shown {
            if let Some(to) = span.from.pred_opt().filter(|to| from <= *to) {
                silences.push(DateRange { from, to });
            }
            from = span.to.succ_opt().unwrap_or(NaiveDate::MAX);
        }
        if from <= window.to {
            silences.push(DateRange { from, to: window.to });
        }
        silences.retain(|silence| {
            self.timeline.t(day_of(silence.to) + 1) > self.timeline.t(day_of(silence.from))
        });
        silences
    }

    /// What is confirmed, claimed and missing of a capability's criteria.
    pub fn criteria(&self, capability: usize, lens: Lens) -> CriteriaReadiness {
        self.tally(capability, lens).criteria()
    }

    /// The candidate's level, where one is recorded that the framework knows.
    pub fn level(&self) -> Option<&str> {
        let rank = self.histories.level(self.facts.candidate, self.as_of)?;
        self.framework.levels.get(rank as usize).map(String::as_str)
    }

    /// The counted entries of a capability, in the order of the facts.
    pub fn counted_entries(&self, capability: usize, lens: Lens) -> Vec<CountedEntry> {
        self.counted(capability, lens)
            .map(|entry| {
                let voices: Vec<PersonIndex> =
                    self.valid_confirmations(entry, capability).map(|c| c.by).collect();
                CountedEntry {
                    entry: entry.index,
                    spans: self.calendar_spans(entry),
                    last_day: self.clamped_date(entry.last_day),
                    in_window: self.in_window(entry),
                    confirms: self.confirms(entry, capability),
                    voices,
                    differing: entry.differing,
                    judgement: entry.judgement,
                }
            })
            .collect()
    }

    /// Whose confirmation of an entry stands, of those who were a CTO on its day, by the entry's place in the facts. Somebody
    /// who has ceased to be one is among them.
    pub fn confirmed_as_cto(&self, entry: usize) -> Vec<(PersonIndex, NaiveDate)> {
        let begun = self.entries.iter().filter(|begun| begun.index == entry);
        begun
            .flat_map(|begun| self.confirmations(begun))
            .filter(|(by, on)| self.histories.is_cto(*by, *on))
            .collect()
    }

    /// The latest day of an entry's spans, by its place in the facts; none before it has begun.
    pub fn last_day(&self, entry: usize) -> Option<NaiveDate> {
        let begun = self.entries.iter().find(|begun| begun.index == entry)?;
        date_of(begun.last_day)
    }

    /// For every capability, in framework order, the calendar months of the window's length, the latest last.
    pub fn month_grid(&self, lens: Lens) -> Vec<Vec<MonthCell>> {
        let months = self.periods(1);
        (0..self.framework.capabilities.len())
            .map(|capability| {
                let spans: Vec<Vec<DateRange>> =
                    self.counted(capability, lens).map(|e| self.calendar_spans(e)).collect();
                let touching = |month: DateRange| spans.iter().filter(|s| touches(s, month)).count();
                months
                    .iter()
                    .map(|&month| MonthCell {
                        month: month.from,
                        entries: u32::try_from(touching(month)).unwrap_or(u32::MAX),
                    })
                    .collect()
            })
            .collect()
    }

    /// For every criterion of a capability, in framework order, the calendar quarters of the window's length, the latest
    /// last.
    pub fn quarter_grid(&self, capability: usize, lens: Lens) -> Vec<Vec<QuarterCell>> {
        let quarters = self.periods(3);
        let counted: Vec<(&Begun<'_>, Vec<DateRange>)> =
            self.counted(capability, lens).map(|e| (e, self.calendar_spans(e))).collect();
        let cell = |criterion: usize, quarter: DateRange| QuarterCell {
            quarter,
            entries: counted
                .iter()
                .filter(|(e, spans)| e.facts.criteria.contains(criterion) && touches(spans, quarter))
                .map(|(e, _)| e.index)
                .collect(),
        };
        self.criteria_of(capability)
            .iter()
            .map(|criterion| quarters.iter().map(|&quarter| cell(criterion, quarter)).collect())
            .collect()
    }

    /// The calendar periods of some months each that make up the window's length, the latest, with D in it, last.
    fn periods(&self, months: u32) -> Vec<DateRange> {
        let count = self.framework.thresholds.window_months.div_ceil(months);
        let first_month = (self.as_of.month0() / months) * months + 1;
        let current = NaiveDate::from_ymd_opt(self.as_of.year(), first_month, 1).unwrap_or(self.as_of);
        (0..count)
            .rev()
            .filter_map(|back| {
                let from = current.checked_sub_months(Months::new(back * months))?;
                let to = from.checked_add_months(Months::new(months))?.pred_opt()?;
                Some(DateRange { from, to })
            })
            .collect()
    }

    fn calendar_spans(&self, entry: &Begun<'_>) -> Vec<DateRange> {
        let mut spans: Vec<DateRange> = self
            .spans(entry)
            .iter()
            .map(|&(first, last)| DateRange { from: self.clamped_date(first), to: self.clamped_date(last) })
            .collect();
        spans.sort_unstable();
        spans
    }

    /// From the day that is no leave with the one *t* to that with the other, none after D.
    fn present_range(&self, first: i64, last: i64) -> DateRange {
        let date = |t| self.clamped_date(self.timeline.present_day(t));
        DateRange { from: date(first), to: date(last) }
    }

    /// A day, or D if it is later than that.
    fn clamped_date(&self, day: i64) -> NaiveDate {
        if day < day_of(self.as_of) { date_of(day).unwrap_or(NaiveDate::MIN) } else { self.as_of }
    }
}

fn touches(spans: &[DateRange], period: DateRange) -> bool {
    spans.iter().any(|span| span.touches(period))
}
