//! A leader's levels over time as a step line: the geometry of a small SVG, beside which the page always has the table.

use chrono::{Datelike, NaiveDate};

use crate::people::LEFT;

/// Where the drawing stands in its view box.
const LEFT_EDGE: i64 = 56;
const RIGHT_EDGE: i64 = 628;
const TOP: i64 = 24;
const STEP: i64 = 40;
/// The room that the label of a year takes.
const LABEL: i64 = 40;

/// A level with its line across the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The level.
    pub level: String,
    /// Its height.
    pub y: i64,
}

/// A mark or a year on the time axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Where from the left.
    pub x: i64,
    /// Where from the top.
    pub y: i64,
    /// What it says, if anything.
    pub label: String,
}

/// The chart, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// What it shows, in words.
    pub title: String,
    /// The height of the view box; its width is 640.
    pub height: i64,
    /// One line across for each level that was ever held, and those between them.
    pub lines: Vec<Line>,
    /// The step line, as SVG path data.
    pub path: String,
    /// The days on which a level began.
    pub dots: Vec<Mark>,
    /// Years along the bottom.
    pub years: Vec<Mark>,
}

/// Draws the levels, earliest first, up to a day. None without a listed level that began by then.
pub fn draw(
    name: &str,
    levels: &[String],
    history: &[(NaiveDate, String)],
    today: NaiveDate,
) -> Option<Chart> {
    let held: Vec<(NaiveDate, Option<usize>)> = history
        .iter()
        .filter(|(from, _)| *from <= today)
        .map(|(from, level)| (*from, levels.iter().position(|listed| listed == level)))
        .collect();
    let ranks: Vec<usize> = held.iter().filter_map(|(_, rank)| *rank).collect();
    let (lowest, highest) = (*ranks.iter().min()?, *ranks.iter().max()?);
    let first = held.first()?.0;
    let days = (today - first).num_days().max(1);
    let x = |day: NaiveDate| LEFT_EDGE + (day - first).num_days() * (RIGHT_EDGE - LEFT_EDGE) / days;
    let rank_count = i64::try_from(highest - lowest).unwrap_or(0);
    let y = |rank: usize| TOP + (rank_count - i64::try_from(rank - lowest).unwrap_or(0)) * STEP;

    let mut path = String::new();
    let mut at: Option<usize> = None;
    for (from, rank) in &held {
        match (at, *rank) {
            (None, Some(rank)) => path.push_str(&format!("M{} {}", x(*from), y(rank))),
            (Some(_), Some(rank)) => path.push_str(&format!("H{}V{}", x(*from), y(rank))),
            (Some(_), None) => path.push_str(&format!("H{}", x(*from))),
            (None, None) => {}
        }
        at = *rank;
    }
    if at.is_some() {
        path.push_str(&format!("H{RIGHT_EDGE}"));
    }
    let bottom = y(lowest) + 32;
    let steps: Vec<String> = history
        .iter()
        .filter(|(from, _)| *from <= today)
        .map(|(from, level)| {
            let level = if level == LEFT { "left" } else { level };
            format!("{level} from {}", crate::web::words::month(from))
        })
        .collect();
    Some(Chart {
        title: format!("{name}’s levels: {}", steps.join(", ")),
        height: bottom + 12,
        lines: (lowest..=highest).map(|rank| Line { level: levels[rank].clone(), y: y(rank) }).collect(),
        path,
        dots: held
            .iter()
            .filter_map(|(from, rank)| Some(Mark { x: x(*from), y: y((*rank)?), label: String::new() }))
            .collect(),
        years: apart(years(first, today).into_iter().map(|year| {
            let day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(first).max(first);
            Mark { x: x(day), y: bottom, label: year.to_string() }
        })),
    })
}

/// The first year, and so many of those after it that their labels don't touch.
fn years(first: NaiveDate, today: NaiveDate) -> Vec<i32> {
    let all = today.year() - first.year();
    let every = usize::try_from(all / 6 + 1).unwrap_or(1);
    (first.year()..=today.year()).step_by(every).collect()
}

/// Leaves out labels that would touch the one before or the edge: the first stands at the first day, which may be late
/// in its year.
fn apart(years: impl Iterator<Item = Mark>) -> Vec<Mark> {
    let mut kept: Vec<Mark> = Vec::new();
    for year in years {
        if kept.last().is_none_or(|before| year.x - before.x >= LABEL) && year.x + LABEL <= RIGHT_EDGE + 12 {
            kept.push(year);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::draw;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn drawn(history: &[(&str, &str)]) -> Option<super::Chart> {
        let levels = ["M3", "E1", "E2", "CTO"].map(str::to_owned);
        let history: Vec<_> = history.iter().map(|(from, level)| (day(from), (*level).to_owned())).collect();
        draw("Ada", &levels, &history, day("2026-11-22"))
    }

    #[test]
    fn a_promotion_is_a_step_and_a_departure_ends_the_line() {
        let chart =
            drawn(&[("2021-03-01", "M3"), ("2024-01-15", "E1"), ("2025-06-01", "none")]).expect("a chart");
        assert_eq!(chart.lines.iter().map(|line| line.level.as_str()).collect::<Vec<_>>(), ["M3", "E1"]);
        assert_eq!(chart.dots.len(), 2);
        assert_eq!(chart.path.matches('V').count(), 1);
        assert!(!chart.path.ends_with("H628"), "{}", chart.path);
        let labels = |chart: &super::Chart| chart.years.iter().map(|y| y.label.clone()).collect::<Vec<_>>();
        assert_eq!(labels(&chart), ["2021", "2022", "2023", "2024", "2025", "2026"]);
        let late = drawn(&[("2020-08-05", "M3")]).expect("a chart");
        assert_eq!(labels(&late), ["2020", "2022", "2024", "2026"]);
        let at_the_end_of_a_year = drawn(&[("2021-12-05", "M3")]).expect("a chart");
        assert_eq!(labels(&at_the_end_of_a_year), ["2021", "2023", "2024", "2025", "2026"]);
        assert_eq!(chart.title, "Ada’s levels: M3 from Mar 2021, E1 from Jan 2024, left from Jun 2025");
    }

    #[test]
    fn there_is_nothing_to_draw_of_unknown_or_future_levels() {
        assert_eq!(drawn(&[]), None);
        assert_eq!(drawn(&[("2027-01-01", "E1")]), None);
        assert_eq!(drawn(&[("2020-01-01", "VP")]), None);
        assert!(drawn(&[("2026-11-22", "E1")]).is_some());
    }
}
