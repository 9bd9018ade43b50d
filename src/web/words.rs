//! Dates and counts in words, as pages show them.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

/// `14 Sep 2026`.
pub fn day(date: &NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// `Sep 2026`.
pub fn month(date: &NaiveDate) -> String {
    date.format("%b %Y").to_string()
}

/// When something happened, from and to a day or (true) a month: `6 – 9 Nov 2026`, `Jul – Aug 2026`, `Sep 2026, ongoing`.
pub fn period(from: (NaiveDate, bool), to: Option<(NaiveDate, bool)>, ongoing: bool) -> String {
    let written = |(date, is_month): (NaiveDate, bool)| if is_month { month(&date) } else { day(&date) };
    let start = written(from);
    match to {
        _ if ongoing => format!("{start}, ongoing"),
        None => start,
        Some(to) => {
            let end = written(to);
            let same_year = from.1 == to.1 && from.0.year() == to.0.year();
            if start == end {
                start
            } else if same_year && from.1 {
                format!("{} – {end}", from.0.format("%b"))
            } else if same_year && from.0.month() == to.0.month() {
                format!("{} – {end}", from.0.day())
            } else if same_year {
                format!("{} – {end}", from.0.format("%-d %b"))
            } else {
                format!("{start} – {end}")
            }
        }
    }
}

/// `14 Sep 2026, 09:05`, in a time zone.
pub fn moment(at: &DateTime<Utc>, zone: chrono_tz::Tz) -> String {
    at.with_timezone(&zone).format("%-d %b %Y, %H:%M").to_string()
}

/// `09:05`, in a time zone.
pub fn time_of_day(at: &DateTime<Utc>, zone: chrono_tz::Tz) -> String {
    at.with_timezone(&zone).format("%H:%M").to_string()
}

/// `1 entry`, `2 entries`.
pub fn count<N: Into<u64> + Copy>(number: N, one: &str, many: &str) -> String {
    let number = number.into();
    format!("{number} {}", if number == 1 { one } else { many })
}

/// `a`, `a and b`, `a, b and c`.
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}
