//! A leader's levels over time as a step line, with what they reached and the evidence about them marked on it: the
//! geometry of a small SVG, beside which the page always has the table.

use chrono::{Datelike, NaiveDate};

use crate::people::LEFT;
use crate::web::words;

/// Where the drawing stands in its view box, which is 480 wide.
const LEFT_EDGE: i64 = 52;
const RIGHT_EDGE: i64 = 468;
const TOP: i64 = 24;
const STEP: i64 = 40;
/// The room that the label of a year takes.
const LABEL: i64 = 44;

/// A level from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The first day.
    pub from: NaiveDate,
    /// The level.
    pub level: String,
    /// Whether it is claimed and not confirmed: it is marked, and no part of the line.
    pub claimed: bool,
}

/// What to draw.
#[derive(Clone, Debug)]
pub struct Drawing<'a> {
    /// Whose levels they are.
    pub name: &'a str,
    /// The framework's levels, in order.
    pub levels: &'a [String],
    /// Each level that stands, earliest first.
    pub steps: &'a [Step],
    /// The days of milestones.
    pub milestones: &'a [NaiveDate],
    /// The first days of entries.
    pub entries: &'a [NaiveDate],
    /// The day at the left edge, so that several charts share one axis; the first level's, if it is none.
    pub from: Option<NaiveDate>,
    /// The day at the right edge; what is later is left out.
    pub to: NaiveDate,
}

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
    /// The height of the view box; its width is 480.
    pub height: i64,
    /// One line across for each level that was ever held, and those between them.
    pub lines: Vec<Line>,
    /// The step line, as SVG path data.
    pub path: String,
    /// The days on which a level began.
    pub dots: Vec<Mark>,
    /// The days from which a level is claimed and not confirmed.
    pub claimed: Vec<Mark>,
    /// What was reached, on the step line.
    pub milestones: Vec<Mark>,
    /// The evidence, below the line.
    pub entries: Vec<Mark>,
    /// Years along the bottom.
    pub years: Vec<Mark>,
}

impl Drawing<'_> {
    /// Draws it. None without a listed level that began by the last day.
    pub fn draw(&self) -> Option<Chart> {
        let rank = |level: &String| self.levels.iter().position(|listed| listed == level);
        let known: Vec<(&Step, Option<usize>)> = self
            .steps
            .iter()
            .filter(|step| step.from <= self.to)
            .map(|step| (step, rank(&step.level)))
            .collect();
        let ranks: Vec<usize> = known.iter().filter_map(|(_, rank)| *rank).collect();
        let (lowest, highest) = (*ranks.iter().min()?, *ranks.iter().max()?);
        let begun = known.first()?.0.from;
        let first = self.from.map_or(begun, |from| from.min(begun));
        let days = (self.to - first).num_days().max(1);
        let x = |day: NaiveDate| {
            LEFT_EDGE + (day - first).num_days().clamp(0, days) * (RIGHT_EDGE - LEFT_EDGE) / days
        };
        let rank_count = i64::try_from(highest - lowest).unwrap_or(0);
        let y = |rank: usize| TOP + (rank_count - i64::try_from(rank - lowest).unwrap_or(0)) * STEP;
        let mark = |x, y| Mark { x, y, label: String::new() };

        let held: Vec<(NaiveDate, Option<usize>)> =
            known.iter().filter(|(step, _)| !step.claimed).map(|(step, rank)| (step.from, *rank)).collect();
        let lane = y(lowest) + 24;
        let on_line = |day: NaiveDate| {
            let rank = held.iter().rev().find(|(from, _)| *from <= day).and_then(|(_, rank)| *rank);
            mark(x(day), rank.map_or(lane, y))
        };
        let within = |days: &[NaiveDate]| -> Vec<NaiveDate> {
            days.iter().copied().filter(|day| *day >= first && *day <= self.to).collect()
        };
        let entries: Vec<Mark> = within(self.entries).into_iter().map(|day| mark(x(day), lane)).collect();
        let milestones: Vec<Mark> = within(self.milestones).into_iter().map(on_line).collect();
        let bottom = y(lowest) + if entries.is_empty() { 32 } else { 52 };
        Some(Chart {
            title: self.title(milestones.len(), entries.len()),
            height: bottom + 12,
            lines: (lowest..=highest)
                .map(|rank| Line { level: self.levels[rank].clone(), y: y(rank) })
                .collect(),
            path: path(&held, x, y),
            dots: held.iter().filter_map(|(from, rank)| Some(mark(x(*from), y((*rank)?)))).collect(),
            claimed: known
                .iter()
                .filter(|(step, _)| step.claimed)
                .filter_map(|(step, rank)| Some(mark(x(step.from), y((*rank)?))))
                .collect(),
            milestones,
            entries,
            years: apart(years(first, self.to).into_iter().map(|year| {
                let day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(first).max(first);
                Mark { x: x(day), y: bottom, label: year.to_string() }
            })),
        })
    }

    fn title(&self, milestones: usize, entries: usize) -> String {
        let steps = self.steps.iter().filter(|step| step.from <= self.to);
        let mut parts: Vec<String> = steps
            .map(|step| {
                let level = if step.level == LEFT { "left" } else { &step.level };
                let claimed = if step.claimed { ", not confirmed" } else { "" };
                format!("{level} from {}{claimed}", words::month(&step.from))
            })
            .collect();
        if milestones > 0 {
            parts.push(words::count(milestones as u64, "milestone", "milestones"));
        }
        if entries > 0 {
            parts.push(words::count(entries as u64, "entry", "entries"));
        }
        format!("{}’s levels: {}", self.name, parts.join(", "))
    }
}

/// The step line through the levels held, up to the right edge.
fn path(
    held: &[(NaiveDate, Option<usize>)],
    x: impl Fn(NaiveDate) -> i64,
    y: impl Fn(usize) -> i64,
) -> String {
    let mut path = String::new();
    let mut at: Option<usize> = None;
    for (from, rank) in held {
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
    path
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

    use super::{Chart, Drawing, Step};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn drawn(history: &[(&str, &str)]) -> Option<Chart> {
        marked(history, &[], &[])
    }

    fn marked(history: &[(&str, &str)], milestones: &[NaiveDate], entries: &[NaiveDate]) -> Option<Chart> {
        let levels = ["M3", "E1", "E2", "CTO"].map(str::to_owned);
        let steps: Vec<_> = history
            .iter()
            .map(|(from, level)| Step {
                from: day(from),
                level: level.trim_end_matches('?').to_owned(),
                claimed: level.ends_with('?'),
            })
            .collect();
        let to = day("2026-11-22");
        let (levels, steps) = (&levels, &steps);
        Drawing { name: "Ada", levels, steps, milestones, entries, from: None, to }.draw()
    }

    #[test]
    fn a_promotion_is_a_step_and_a_departure_ends_the_line() {
        let chart =
            drawn(&[("2021-03-01", "M3"), ("2024-01-15", "E1"), ("2025-06-01", "none")]).expect("a chart");
        assert_eq!(chart.lines.iter().map(|line| line.level.as_str()).collect::<Vec<_>>(), ["M3", "E1"]);
        assert_eq!(chart.dots.len(), 2);
        assert_eq!(chart.path.matches('V').count(), 1);
        assert!(!chart.path.ends_with("H468"), "{}", chart.path);
        let labels = |chart: &Chart| chart.years.iter().map(|y| y.label.clone()).collect::<Vec<_>>();
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

    #[test]
    fn what_is_claimed_is_marked_and_no_part_of_the_line() {
        let chart = drawn(&[("2021-03-01", "M3"), ("2024-01-15", "E1?")]).expect("a chart");
        assert_eq!((chart.dots.len(), chart.claimed.len()), (1, 1));
        assert_eq!(chart.path.matches('V').count(), 0);
        assert_eq!(chart.title, "Ada’s levels: M3 from Mar 2021, E1 from Jan 2024, not confirmed");
    }

    #[test]
    fn milestones_stand_on_the_line_and_entries_below_it() {
        let history = [("2021-03-01", "M3"), ("2024-01-15", "E1")];
        let late = day("2026-12-01");
        let chart = marked(&history, &[day("2025-01-01"), late], &[day("2022-01-01"), day("2024-05-01")])
            .expect("a chart");
        let height = |level: &str| chart.lines.iter().find(|line| line.level == level).map(|line| line.y);
        assert_eq!(chart.milestones.iter().map(|mark| Some(mark.y)).collect::<Vec<_>>(), [height("E1")]);
        assert_eq!(chart.entries.len(), 2);
        assert!(chart.entries.iter().all(|mark| Some(mark.y) > height("M3")));
        assert!(chart.title.ends_with("E1 from Jan 2024, 1 milestone, 2 entries"), "{}", chart.title);
    }
}
