//! Days counted backwards from today without the candidate's leave, as the readiness rules count them.

use chrono::{Days, NaiveDate};

/// A candidate's days: today is 0, yesterday 1, and a day of leave has no number of its own.
#[derive(Clone)]
pub(super) struct Calendar {
    today: NaiveDate,
    /// Periods of leave, apart from each other, latest first, all before today.
    leave: Vec<(NaiveDate, NaiveDate)>,
}

impl Calendar {
    pub(super) fn new(today: NaiveDate, leave: Vec<(NaiveDate, NaiveDate)>) -> Self {
        Self { today, leave }
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.today
    }

    pub(super) fn leave(&self) -> &[(NaiveDate, NaiveDate)] {
        &self.leave
    }

    /// The date that is `ago` days before today, leave not counted. Never a day of leave.
    pub(super) fn date(&self, ago: i64) -> NaiveDate {
        let mut date = back(self.today, ago);
        for &(from, to) in &self.leave {
            if date <= to {
                date = back(date, (to - from).num_days() + 1);
            }
        }
        date
    }

    /// How many days before today a date is, leave not counted.
    pub(super) fn ago(&self, date: NaiveDate) -> i64 {
        let mut ago = (self.today - date).num_days();
        for &(from, to) in &self.leave {
            if date <= to {
                ago -= (to - date.max(from)).num_days() + 1;
            }
        }
        ago
    }

    /// The first day from this one on that is no day of leave.
    pub(super) fn at_work(&self, date: NaiveDate) -> NaiveDate {
        self.leave
            .iter()
            .find(|(from, to)| *from <= date && date <= *to)
            .map_or(date, |(_, to)| forth(*to, 1))
    }

    /// Whether a day of leave lies between the two.
    pub(super) fn interrupted(&self, from: NaiveDate, to: NaiveDate) -> Option<NaiveDate> {
        self.leave.iter().map(|leave| leave.0).find(|start| from < *start && *start <= to)
    }
}

/// The date so many days earlier.
pub(super) fn back(date: NaiveDate, days: i64) -> NaiveDate {
    date.checked_sub_days(Days::new(u64::try_from(days).unwrap_or(0))).unwrap_or(NaiveDate::MIN)
}

/// The date so many days later.
pub(super) fn forth(date: NaiveDate, days: i64) -> NaiveDate {
    date.checked_add_days(Days::new(u64::try_from(days).unwrap_or(0))).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leave_has_no_days_of_its_own() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let calendar = Calendar::new(day("2026-06-30"), vec![(day("2026-06-10"), day("2026-06-19"))]);
        assert_eq!(calendar.date(10), day("2026-06-20"));
        assert_eq!(calendar.date(11), day("2026-06-09"));
        assert_eq!(calendar.ago(day("2026-06-09")), 11);
        assert_eq!(calendar.at_work(day("2026-06-12")), day("2026-06-20"));
        assert!((0..100).all(|ago| calendar.ago(calendar.date(ago)) == ago));
    }
}
