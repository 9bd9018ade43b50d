//! Time, as an argument: the system's, or one that stands where it was put.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SubsecRound, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// When a local time of a zone is. One that the zone leaves out, as when summer begins, is taken for the first after it.
fn first_at(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    let mut hours = (0..=24).map(|hours| local + TimeDelta::hours(hours));
    hours.find_map(|local| zone.from_local_datetime(&local).earliest()).map(|first| first.to_utc())
}

/// When a day begins in a zone: at midnight, or later where the zone leaves midnight out.
pub fn day_begins(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    first_at(midnight, zone).unwrap_or_else(|| midnight.and_utc())
}

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
    pub fn today(&self, zone: Tz) -> NaiveDate {
        self.now().with_timezone(&zone).date_naive()
    }

    /// A clock that begins on a day of this zone, at a time of day, and goes on from there; what isn't given is the
    /// system's.
    pub fn beginning(day: Option<NaiveDate>, time: Option<NaiveTime>, zone: Tz) -> Clock {
        Clock::moved(system_now(), day, time, zone)
    }

    fn moved(system: DateTime<Utc>, day: Option<NaiveDate>, time: Option<NaiveTime>, zone: Tz) -> Clock {
        if day.is_none() && time.is_none() {
            return Clock::System;
        }
        let here = system.with_timezone(&zone).naive_local();
        let wanted = day.unwrap_or(here.date()).and_time(time.unwrap_or(here.time()));
        Clock::Shifted(first_at(wanted, zone).map_or(TimeDelta::zero(), |begins| begins - system))
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

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
    use chrono_tz::Tz;

    use super::{Clock, day_begins};

    fn begins(system: DateTime<Utc>, day: &str, time: Option<&str>, zone: Tz) -> String {
        let day: NaiveDate = day.parse().expect("a day");
        let time = time.map(|time| NaiveTime::parse_from_str(time, "%H:%M").expect("a time"));
        let Clock::Shifted(by) = Clock::moved(system, Some(day), time, zone) else { panic!("it is moved") };
        (system + by).with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string()
    }

    #[test]
    fn a_day_is_that_day_in_every_zone_at_every_hour() {
        for zone in [Tz::UTC, Tz::Pacific__Kiritimati, Tz::Pacific__Niue, Tz::Europe__Zurich] {
            for (month, hour) in [1, 3, 7, 12].into_iter().flat_map(|month| (0..24).map(move |h| (month, h)))
            {
                let system = Utc.with_ymd_and_hms(2027, month, 28, hour, 59, 30).single().expect("a moment");
                for day in ["2026-11-20", "2026-07-01", "2024-02-29"] {
                    let clock = begins(system, day, None, zone);
                    let time = system.with_timezone(&zone).format("%H:%M:%S").to_string();
                    assert_eq!(clock, format!("{day} {time}"), "{zone}, {system}");
                    assert_eq!(begins(system, day, Some("12:00"), zone), format!("{day} 12:00:00"), "{zone}");
                }
            }
        }
    }

    #[test]
    fn a_time_that_a_zone_leaves_out_is_the_first_after_it() {
        let system = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).single().expect("a moment");
        let summer = begins(system, "2026-03-29", Some("02:30"), Tz::Europe__Zurich);
        assert_eq!(summer, "2026-03-29 03:30:00");
        assert!(matches!(Clock::moved(system, None, None, Tz::UTC), Clock::System));
    }

    #[test]
    fn a_day_begins_at_midnight_or_where_there_is_none_right_after() {
        let begins = |day: &str, zone| {
            day_begins(day.parse().expect("a day"), zone).format("%Y-%m-%d %H:%M").to_string()
        };
        assert_eq!(begins("2026-11-20", Tz::Europe__Zurich), "2026-11-19 23:00");
        // Chile's summer begins at midnight, so that the day begins at one o'clock, three hours behind UTC.
        assert_eq!(begins("2025-09-07", Tz::America__Santiago), "2025-09-07 04:00");
        assert_eq!(begins("2025-09-08", Tz::America__Santiago), "2025-09-08 03:00");
    }
}
