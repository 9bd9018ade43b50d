//! The two tables of a readiness page: capability by month, and criterion by quarter.

use std::fmt::Write;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::strip::Strip;
use crate::readiness::{DateRange, Lens, MonthCell, Reading};

/// A cell: how many entries, and where they can be read.
pub(crate) struct Cell {
    /// How many.
    pub(crate) entries: u32,
    /// 0 to 5, five for five and more.
    pub(crate) heat: u32,
    /// Where they can be read; none for an empty cell.
    pub(crate) href: Option<String>,
    /// The period, in words.
    pub(crate) period: String,
    /// Whether it was leave, to the eye of a calendar: its middle was.
    pub(crate) leave: bool,
}

/// One capability or criterion.
pub(crate) struct GridRow {
    /// The capability's id.
    pub(crate) capability: String,
    /// What the row is about.
    pub(crate) name: String,
    /// A word about the whole row; empty in the months.
    pub(crate) sum: &'static str,
    pub(crate) cells: Vec<Cell>,
}

/// A column of the months: its letter and its name.
pub(crate) struct Month {
    pub(crate) letter: String,
    pub(crate) name: String,
}

/// Capability by month.
pub(crate) struct MonthTable {
    /// Years, with how many of the columns are theirs.
    pub(crate) years: Vec<(i32, usize)>,
    pub(crate) months: Vec<Month>,
    /// Each capability's months, and the time for which its evidence speaks.
    pub(crate) rows: Vec<(GridRow, Strip)>,
}

impl MonthTable {
    /// `December 2024 to November 2026`.
    pub(crate) fn caption(&self) -> String {
        match (self.months.first(), self.months.last()) {
            (Some(first), Some(last)) => format!("{} to {}", first.name, last.name),
            _ => String::new(),
        }
    }
}

/// Criterion by quarter, of one capability.
pub(crate) struct QuarterTable {
    pub(crate) capability: String,
    pub(crate) name: String,
    pub(crate) quarters: Vec<String>,
    pub(crate) rows: Vec<GridRow>,
}

/// Where the entries of a cell can be read.
#[derive(Clone, Copy)]
pub(crate) enum Links {
    /// In the owner's list, filtered.
    List,
    /// Below on the page, the first of them.
    Anchors,
}

impl Links {
    fn of(self, capability: &str, period: DateRange, first_entry: Option<&str>) -> Option<String> {
        match self {
            Links::List => Some(format!(
                "/evidence?capability={capability}&status=final&from={}&to={}",
                period.from, period.to
            )),
            Links::Anchors => first_entry.map(|id| format!("#entry-{id}")),
        }
    }
}

impl MonthTable {
    /// The months of every capability.
    pub(crate) fn of(reading: &Reading<'_>, lens: Lens, links: Links) -> MonthTable {
        let grid = reading.month_grid(lens);
        let months: Vec<NaiveDate> = grid.first().into_iter().flatten().map(|cell| cell.month).collect();
        let mut years: Vec<(i32, usize)> = Vec::new();
        for month in &months {
            match years.last_mut() {
                Some((year, columns)) if *year == month.year() => *columns += 1,
                _ => years.push((month.year(), 1)),
            }
        }
        let rows = grid.iter().enumerate().map(|(capability, cells)| {
            (
                GridRow::of_months(reading, capability, cells, lens, links),
                Strip::of(reading, capability, lens, &months),
            )
        });
        let named = |month: &NaiveDate| Month {
            letter: month.format("%b").to_string().chars().take(1).collect(),
            name: month.format("%B %Y").to_string(),
        };
        let rows = rows.collect();
        MonthTable { years, months: months.iter().map(named).collect(), rows }
    }
}

impl GridRow {
    fn of_months(
        reading: &Reading<'_>,
        capability: usize,
        cells: &[MonthCell],
        lens: Lens,
        links: Links,
    ) -> GridRow {
        let counted = reading.counted_entries(capability, lens);
        let of = &reading.framework().capabilities[capability];
        let cells = cells.iter().map(|cell| {
            let to = cell.month.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt());
            let period = DateRange { from: cell.month, to: to.unwrap_or(cell.month) };
            let first = counted
                .iter()
                .find(|entry| entry.spans.iter().any(|span| span.touches(period)))
                .map(|entry| &*reading.facts().entries[entry.entry].id);
            let middle = cell.month.checked_add_days(Days::new(14)).unwrap_or(cell.month);
            Cell {
                entries: cell.entries,
                heat: cell.entries.min(5),
                href: if cell.entries == 0 { None } else { links.of(&of.id, period, first) },
                period: cell.month.format("%B %Y").to_string(),
                leave: cell.entries == 0 && is_leave(reading, middle),
            }
        });
        GridRow { capability: of.id.clone(), name: of.name.clone(), sum: "", cells: cells.collect() }
    }
}

impl QuarterTable {
    /// The quarters of a capability's criteria.
    pub(crate) fn of(reading: &Reading<'_>, capability: usize, lens: Lens, links: Links) -> QuarterTable {
        let of = &reading.framework().capabilities[capability];
        let criteria = reading.criteria(capability, lens);
        let grid = reading.quarter_grid(capability, lens);
        let name =
            |period: DateRange| format!("Q{} {}", period.from.month0() / 3 + 1, period.from.format("%y"));
        let quarters = grid.first().into_iter().flatten().map(|cell| name(cell.quarter)).collect();
        let rows = of.criteria.iter().zip(&grid).map(|(criterion, cells)| {
            let cells = cells.iter().map(|cell| {
                let entries = u32::try_from(cell.entries.len()).unwrap_or(u32::MAX);
                let first = cell.entries.first().map(|&entry| &*reading.facts().entries[entry].id);
                Cell {
                    entries,
                    heat: entries.min(5),
                    href: first.and_then(|first| links.of(&of.id, cell.quarter, Some(first))),
                    period: name(cell.quarter),
                    leave: false,
                }
            });
            let sum = if criteria.confirmed.contains(&criterion.id) {
                "Confirmed"
            } else if criteria.claimed.contains(&criterion.id) {
                "Claimed"
            } else {
                "Not yet"
            };
            GridRow { capability: of.id.clone(), name: criterion.text.clone(), sum, cells: cells.collect() }
        });
        QuarterTable { capability: of.id.clone(), name: of.name.clone(), quarters, rows: rows.collect() }
    }
}

/// Whether a day is one of leave.
fn is_leave(reading: &Reading<'_>, date: NaiveDate) -> bool {
    reading.facts().leave.iter().any(|leave| leave.touches(DateRange { from: date, to: date }))
}

/// A share of a length, as SVG takes it (`54.17%`).
pub(crate) fn share(part: u32, whole: u32) -> String {
    let hundredths = u64::from(part.min(whole)) * 10_000 / u64::from(whole.max(1));
    let mut text = String::new();
    // Writing into a string can't fail.
    write!(text, "{}.{:02}%", hundredths / 100, hundredths % 100).ok();
    text
}
