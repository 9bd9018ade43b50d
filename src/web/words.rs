//! Dates and counts in words, as pages show them.

use chrono::{DateTime, NaiveDate, Utc};

/// `14 Sep 2026`.
pub fn day(date: &NaiveDate) -> String {
    date.format("%-d %b %Y").to_string()
}

/// `Sep 2026`.
pub fn month(date: &NaiveDate) -> String {
    date.format("%b %Y").to_string()
}

/// `14 Sep 2026, 09:05`, in a time zone.
pub fn moment(at: &DateTime<Utc>, zone: chrono_tz::Tz) -> String {
    at.with_timezone(&zone).format("%-d %b %Y, %H:%M").to_string()
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
