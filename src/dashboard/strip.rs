//! The time for which a capability's evidence speaks, as a strip under its row of months: silences and leave are seen.

use std::fmt::Write;

use chrono::{Datelike, Months, NaiveDate};

use crate::readiness::{DateRange, Lens, Reading};
use crate::web::words::{day, list};

/// One part of a strip, in months from its beginning, as SVG takes them.
pub(crate) struct Part {
    /// `shown` or `leave`.
    pub(crate) kind: &'static str,
    pub(crate) x: String,
    pub(crate) width: String,
}

/// A strip.
pub(crate) struct Strip {
    pub(crate) parts: Vec<Part>,
    /// The same in words.
    pub(crate) said: String,
}

impl Strip {
    /// The strip of a capability over calendar months, given by their first days, the earliest first.
    pub(crate) fn of(reading: &Reading<'_>, capability: usize, lens: Lens, months: &[NaiveDate]) -> Strip {
        let shown = reading.shown_spans(capability, lens);
        let part = |kind, range: &DateRange| {
            let (x, to) = (place(months, range.from)?, place(months, range.to.succ_opt()?)?);
            (to > x).then(|| Part { kind, x: thousandths(x), width: thousandths(to - x) })
        };
        let parts = shown.iter().map(|span| ("shown", span));
        let parts = parts.chain(reading.facts().leave.iter().map(|leave| ("leave", leave)));
        let silences: Vec<String> = reading.silences(&shown).iter().map(|silence| words(*silence)).collect();
        let said = if shown.is_empty() {
            "No day is shown.".into()
        } else if silences.is_empty() {
            "Shown without a silence.".into()
        } else {
            format!("Silent {}.", list(&silences))
        };
        Strip { parts: parts.filter_map(|(kind, range)| part(kind, range)).collect(), said }
    }
}

fn words(range: DateRange) -> String {
    if range.from == range.to {
        format!("on {}", day(&range.from))
    } else {
        format!("from {} to {}", day(&range.from), day(&range.to))
    }
}

/// Where a day begins on a strip, in thousandths of a month; what lies outside is at its nearer end.
fn place(months: &[NaiveDate], date: NaiveDate) -> Option<u32> {
    let end = u32::try_from(months.len()).ok()? * 1000;
    let Some(index) = months.partition_point(|first| *first <= date).checked_sub(1) else { return Some(0) };
    let first = months[index];
    let next = first.checked_add_months(Months::new(1))?;
    let length = u32::try_from((next - first).num_days()).ok()?;
    let into = if date < next { date.day0() * 1000 / length } else { 1000 };
    Some((u32::try_from(index).ok()? * 1000 + into).min(end))
}

fn thousandths(length: u32) -> String {
    let mut text = String::new();
    // Writing into a string can't fail.
    write!(text, "{}.{:03}", length / 1000, length % 1000).ok();
    text
}

#[cfg(test)]
mod tests {
    use super::{place, thousandths};

    #[test]
    fn days_stand_within_their_month() {
        let date = |text: &str| text.parse::<chrono::NaiveDate>().expect("a date");
        let months = [date("2026-09-01"), date("2026-10-01"), date("2026-11-01")];
        assert_eq!(place(&months, date("2026-08-31")), Some(0));
        assert_eq!(place(&months, date("2026-09-16")), Some(500));
        assert_eq!(place(&months, date("2026-10-01")), Some(1000));
        assert_eq!(place(&months, date("2026-12-24")), Some(3000), "after the end");
        assert_eq!(thousandths(1045), "1.045");
    }
}
