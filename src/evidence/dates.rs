//! Days and months as people type them, in one field or in three.

use chrono::{Datelike, Days, Months, NaiveDate};

/// Which day of a month it stands for.
#[derive(Clone, Copy)]
pub(super) enum Edge {
    /// The first.
    First,
    /// The last.
    Last,
}

/// Reads a date typed as `2026-03` or `2026-03-14` in one field, or as day, month and year in three; whether it is a
/// month comes with it.
pub(super) fn read_date(
    [whole, day, month, year]: [&String; 4],
    edge: Edge,
) -> Result<Option<(NaiveDate, bool)>, String> {
    let (day, month, year) = match whole.trim().split('-').collect::<Vec<_>>()[..] {
        [""] => (day.trim(), month.trim(), year.trim()),
        [year, month] => ("", month, year),
        [year, month, day] => (day, month, year),
        _ => return Err("Write the date like 2026-03 or 2026-03-14.".into()),
    };
    if day.is_empty() && month.is_empty() && year.is_empty() {
        return Ok(None);
    }
    if year.is_empty() || month.is_empty() {
        return Err("Enter the month and the year, such as 3 2026.".into());
    }
    let digits = |text: &str, most: usize| {
        (text.len() <= most && text.bytes().all(|b| b.is_ascii_digit()))
            .then(|| text.parse::<u32>().ok())
            .flatten()
    };
    let Some(year) = digits(year, 4).filter(|year| (1900..=2199).contains(year)) else {
        return Err("Enter the year with four digits, from 1900 to 2199.".into());
    };
    let Some(month) = digits(month, 2).or_else(|| named_month(month)).filter(|m| (1..=12).contains(m)) else {
        return Err("Enter the month as a number from 1 to 12, or by its name.".into());
    };
    let year = i32::try_from(year).unwrap_or_default();
    if day.is_empty() {
        let first = NaiveDate::from_ymd_opt(year, month, 1);
        let date = match edge {
            Edge::First => first,
            Edge::Last => first
                .and_then(|first| first.checked_add_months(Months::new(1))?.checked_sub_days(Days::new(1))),
        };
        return date.map(|date| Some((date, true))).ok_or_else(|| "This month does not exist.".into());
    }
    digits(day, 2)
        .and_then(|day| NaiveDate::from_ymd_opt(year, month, day))
        .map(|date| Some((date, false)))
        .ok_or_else(|| "This day does not exist. Check it, or give the month alone.".into())
}

/// The number of a month from its English name or the first three letters of it.
fn named_month(typed: &str) -> Option<u32> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let typed = typed.to_lowercase();
    let place = NAMES.iter().position(|name| typed.len() >= 3 && name.starts_with(&typed))?;
    u32::try_from(place + 1).ok()
}

/// A date as it fills the three fields.
pub(super) fn typed_date(date: Option<NaiveDate>, is_month: bool) -> (String, String, String) {
    date.map_or_else(Default::default, |date| {
        let day = if is_month { String::new() } else { date.day().to_string() };
        (day, date.month().to_string(), date.year().to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::{Edge, read_date};

    fn date(
        whole: &str,
        day: &str,
        month: &str,
        year: &str,
        edge: Edge,
    ) -> Result<Option<(String, bool)>, String> {
        let typed = [whole, day, month, year].map(str::to_owned);
        let [whole, day, month, year] = &typed;
        read_date([whole, day, month, year], edge)
            .map(|read| read.map(|(date, month)| (date.to_string(), month)))
    }

    #[test]
    fn a_month_stands_for_its_first_or_last_day() {
        let is = |date: &str, month| Ok(Some((date.to_owned(), month)));
        assert_eq!(date("", "", "2", "2024", Edge::First), is("2024-02-01", true));
        assert_eq!(date("", "", "2", "2024", Edge::Last), is("2024-02-29", true));
        assert_eq!(date("", "", "Dec", "2025", Edge::Last), is("2025-12-31", true));
        assert_eq!(date("", "14", "3", "2026", Edge::Last), is("2026-03-14", false));
        assert_eq!(date("2026-03", "", "", "", Edge::Last), is("2026-03-31", true));
        assert_eq!(date("2026-03-14", "", "", "", Edge::First), is("2026-03-14", false));
        assert_eq!(date("", "", "", "", Edge::First), Ok(None));
    }

    #[test]
    fn absurd_dates_are_refused() {
        for (day, month, year) in [
            ("30", "2", "2026"),
            ("", "13", "2026"),
            ("", "0", "2026"),
            ("", "1", "0"),
            ("", "1", "9999"),
            ("", "1", "26"),
            ("1", "", "2026"),
            ("", "", "2026"),
            ("x", "1", "2026"),
            ("", "٣", "2026"),
            ("-1", "1", "2026"),
            ("", "ma", "2026"),
        ] {
            assert!(date("", day, month, year, Edge::First).is_err(), "{day} {month} {year}");
        }
        for whole in ["2026", "2026-02-30", "0000-01", "a-b-c-d", "2026-3-1-1"] {
            assert!(date(whole, "", "", "", Edge::First).is_err(), "{whole}");
        }
    }
}
