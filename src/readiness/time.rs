//! Time, as the rules count it.
//!
//! Dates are calendar days. A month is 30.4375 days. Leave periods (inclusive, may overlap) vanish:
//! `t(d)` is d's day number less the leave days before d. All days of a leave, and the first day after it, so share
//! one *t*; every other step of a day is a step of one.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

/// Months in a number of days, rounded down: `floor(days · 16 / 487)`. A negative number of days has none.
pub fn months_of(days: i64) -> u32 {
    u32::try_from(days.max(0) * 16 / 487).unwrap_or(u32::MAX)
}

/// Days that make a number of months, rounded up: `ceil(months · 487 / 16)`.
pub fn days_of(months: u32) -> i64 {
    (i64::from(months) * 487 + 15) / 16
}

/// A calendar range, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct DateRange {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, not before the first.
    pub to: NaiveDate,
}

impl DateRange {
    /// Whether the two ranges have a day in common.
    pub fn touches(self, other: DateRange) -> bool {
        self.from <= other.to && other.from <= self.to
    }
}

/// The number of a calendar day. Wide enough that no threshold of a framework can overflow it.
pub(super) fn day_of(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce())
}

/// The calendar day of a number, unless it lies beyond what a calendar can hold.
pub(super) fn date_of(day: i64) -> Option<NaiveDate> {
    i32::try_from(day).ok().and_then(NaiveDate::from_num_days_from_ce_opt)
}

/// The calendar without leave: sorted, merged leave periods, each with the number of leave days before it.
#[derive(Clone, Debug)]
pub(super) struct Timeline {
    leave: Vec<Leave>,
}

#[derive(Clone, Copy, Debug)]
struct Leave {
    first: i64,
    last: i64,
    before: i64,
}

impl Timeline {
    /// Of leave periods in any order, overlapping or not. One whose end is before its start is no leave.
    pub(super) fn new(leave: &[DateRange]) -> Self {
        let mut ranges: Vec<(i64, i64)> =
            leave.iter().filter(|l| l.from <= l.to).map(|l| (day_of(l.from), day_of(l.to))).collect();
        merge(&mut ranges);
        let mut before = 0;
        let leave = ranges
            .into_iter()
            .map(|(first, last)| {
                let one = Leave { first, last, before };
                before += last - first + 1;
                one
            })
            .collect();
        Self { leave }
    }

    /// `t(day)`: the day's number less the leave days before it.
    pub(super) fn t(&self, day: i64) -> i64 {
        match self.leave.partition_point(|l| l.first < day).checked_sub(1) {
            None => day,
            Some(i) => {
                let leave = self.leave[i];
                day - leave.before - (day.min(leave.last + 1) - leave.first)
            }
        }
    }

    /// The first day with `t(day) ≥ t`.
    pub(super) fn first_day(&self, t: i64) -> i64 {
        match self.leave.partition_point(|l| l.first - l.before < t).checked_sub(1) {
            None => t,
            Some(i) => t + self.leave[i].before + (self.leave[i].last - self.leave[i].first + 1),
        }
    }

    /// The one day with `t(day) = t` that is no leave day.
    pub(super) fn present_day(&self, t: i64) -> i64 {
        self.first_day(t + 1) - 1
    }
}

/// Sorts ranges (both ends included) and joins those that overlap or adjoin.
pub(super) fn merge(ranges: &mut Vec<(i64, i64)>) {
    ranges.sort_unstable();
    ranges.dedup_by(|next, kept| {
        let joins = next.0 <= kept.1.saturating_add(1);
        if joins {
            kept.1 = kept.1.max(next.1);
        }
        joins
    });
}

/// How many days of merged ranges lie in `after < day ≤ until`.
pub(super) fn days_within(ranges: &[(i64, i64)], after: i64, until: i64) -> i64 {
    ranges.iter().map(|&(first, last)| (last.min(until) - first.max(after + 1) + 1).max(0)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn range(from: &str, to: &str) -> DateRange {
        DateRange { from: date(from), to: date(to) }
    }

    #[test]
    fn a_month_is_30_4375_days() {
        assert_eq!(
            [months_of(0), months_of(30), months_of(31), months_of(60), months_of(61)],
            [0, 0, 1, 1, 2]
        );
        assert_eq!([days_of(1), days_of(6), days_of(12), days_of(18), days_of(24)], [31, 183, 366, 548, 731]);
        for months in 0..200 {
            assert_eq!(months_of(days_of(months)), months);
            assert_eq!(months_of(days_of(months + 1) - 1), months);
        }
    }

    #[test]
    fn leave_vanishes_up_to_the_day_before() {
        let timeline = Timeline::new(&[
            range("2025-03-10", "2025-03-12"),
            range("2025-03-12", "2025-03-14"),
            range("2025-03-20", "2025-03-20"),
        ]);
        let t = |text: &str| timeline.t(day_of(date(text))) - day_of(date("2025-03-01"));
        assert_eq!(t("2025-03-09"), 8);
        assert_eq!(t("2025-03-10"), 9, "no leave day lies before the first one");
        assert_eq!(t("2025-03-14"), 9);
        assert_eq!(t("2025-03-15"), 9, "the first day back");
        assert_eq!(t("2025-03-16"), 10);
        assert_eq!(t("2025-03-20"), 14);
        assert_eq!(t("2025-03-21"), 14);
        assert_eq!(t("2025-03-22"), 15);
    }

    #[test]
    fn a_t_leads_back_to_its_days() {
        let timeline = Timeline::new(&[range("2025-03-10", "2025-03-14"), range("2025-03-15", "2025-03-17")]);
        for day in day_of(date("2025-03-01"))..day_of(date("2025-04-01")) {
            let t = timeline.t(day);
            let first = timeline.first_day(t);
            assert!(first <= day && timeline.t(first) == t && timeline.t(first - 1) < t);
            let present = timeline.present_day(t);
            assert!(present >= day && timeline.t(present) == t && timeline.t(present + 1) > t);
        }
    }

    #[test]
    fn ranges_join_when_they_adjoin() {
        let mut ranges = vec![(10, 12), (1, 3), (4, 5), (11, 20), (22, 22)];
        merge(&mut ranges);
        assert_eq!(ranges, [(1, 5), (10, 20), (22, 22)]);
        assert_eq!(days_within(&ranges, 3, 22), 2 + 11 + 1);
    }
}
