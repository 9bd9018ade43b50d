//! Time, as an argument: the system's, or one that stands where it was put.

use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, TimeDelta, Utc};

/// Tells the time.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's time.
    System,
    /// The system's time, moved: for a demo whose today is a given date.
    Shifted(TimeDelta),
    /// A moment that never passes: for tests.
    Fixed(DateTime<Utc>),
}

impl Clock {
    /// Now, in UTC, truncated to microseconds as both databases keep it.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Clock::System => system_now(),
            Clock::Shifted(by) => system_now() + *by,
            Clock::Fixed(moment) => moment.trunc_subsecs(6),
        }
    }

    /// Today, in the instance's time zone.
    pub fn today(&self, zone: chrono_tz::Tz) -> NaiveDate {
        self.now().with_timezone(&zone).date_naive()
    }

    /// The system's time of day, on another date.
    pub fn on_day(day: NaiveDate) -> Clock {
        Clock::Shifted(day.signed_duration_since(system_now().date_naive()))
    }

    /// A clock that stands at the beginning of a day: for tests.
    pub fn fixed_on(day: NaiveDate) -> Clock {
        Clock::Fixed(day.and_time(NaiveTime::MIN).and_utc())
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
fn system_now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
