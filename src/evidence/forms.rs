//! The entry's form: what was typed, kept as it was typed, and its reading into a [`Content`].

use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Deserialize;

use super::naming::{Known, TypedPerson};
use super::{Audience, Content, Status, rules};
use crate::text;
use crate::web::forms::Faults;

/// How many empty rows for people are offered.
const SPARE_ROWS: usize = 3;
/// Most rows for people that are read; more is no person's doing.
const MOST_ROWS: usize = 200;

/// The fields of the form. Those of people stand in parallel: the nth of each belong to one row.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EntryForm {
    /// The draft's id once it was saved by itself; empty on a new form.
    pub id: String,
    /// The revision that was edited.
    pub revision: String,
    /// `draft` or `publish`.
    pub intent: String,
    /// `person` when more rows are asked for, and nothing else.
    pub add: String,
    /// Not empty once a near-duplicate was seen and is meant.
    pub confirm_duplicate: String,
    pub(super) title: String,
    pub(super) from: String,
    pub(super) from_day: String,
    pub(super) from_month: String,
    pub(super) from_year: String,
    pub(super) to: String,
    pub(super) to_day: String,
    pub(super) to_month: String,
    pub(super) to_year: String,
    pub(super) ongoing: String,
    pub(super) capability: Vec<String>,
    pub(super) criterion: Vec<String>,
    pub(super) situation: String,
    pub(super) action: String,
    pub(super) impact: String,
    pub(super) domain_cost: String,
    pub(super) scope: String,
    pub(super) conduct: String,
    pub(super) setting: String,
    pub(super) horizon_years: String,
    pub(super) for_cto: String,
    pub(super) audience: String,
    pub(super) links: String,
    pub(super) person: Vec<String>,
    #[serde(rename = "as")]
    pub(super) named_as: Vec<String>,
    pub(super) organization: Vec<String>,
    pub(super) works_at: Vec<String>,
    pub(super) level: Vec<String>,
    pub(super) domain: Vec<String>,
}

impl EntryForm {
    /// The form of an entry that is there, or of what a duplicate begins with.
    pub fn of(content: &Content, known: &Known) -> EntryForm {
        let (from_day, from_month, from_year) = typed_date(content.from, content.from_is_month);
        let (to_day, to_month, to_year) = typed_date(content.to, content.to_is_month);
        let word = |word: Option<&'static str>| word.unwrap_or_default().to_owned();
        EntryForm {
            title: content.title.clone(),
            from_day,
            from_month,
            from_year,
            to_day,
            to_month,
            to_year,
            ongoing: tick(content.ongoing),
            capability: content.capabilities.clone(),
            criterion: content.criteria.clone(),
            situation: content.situation.clone(),
            action: content.action.clone(),
            impact: content.impact.clone(),
            domain_cost: content.domain_cost.clone(),
            scope: word(content.scope.map(Into::into)),
            conduct: word(content.conduct.map(Into::into)),
            setting: word(content.setting.map(Into::into)),
            horizon_years: content.horizon_years.map(|years| years.to_string()).unwrap_or_default(),
            for_cto: tick(content.for_cto),
            audience: content.audience.to_string(),
            links: content.links.join("\n"),
            person: content.people.iter().map(|named| known.handle(named.person)).collect(),
            named_as: content.people.iter().map(|named| named.named_as.to_string()).collect(),
            ..EntryForm::default()
        }
    }

    /// Puts what addresses of other pages prefill into an empty form.
    pub fn prefilled(title: Option<String>, capability: Vec<String>, criterion: Vec<String>) -> EntryForm {
        EntryForm { title: title.unwrap_or_default(), capability, criterion, ..EntryForm::default() }
    }

    /// The status that is asked for, given the present one: drafts stay drafts unless they are published.
    ///
    /// # Errors
    /// Says what the field takes.
    pub fn status(&self, present: Status) -> Result<Status, &'static str> {
        match (self.intent.as_str(), present) {
            ("publish", _) | ("", Status::Final | Status::Withdrawn) => Ok(Status::Final),
            ("draft" | "", Status::Draft) => Ok(Status::Draft),
            ("draft", _) => Err("This was published, and can’t be a draft again. Withdraw it instead."),
            _ => Err("Choose to publish it or to keep it as a draft."),
        }
    }

    /// Reads everything but the people, whose names are looked up later. Faults go by the ids of the fields.
    pub fn read(&self, faults: &mut Faults) -> Content {
        let mut content = Content {
            title: faults.take("title", text::one_line(&self.title)).unwrap_or_default(),
            ongoing: !self.ongoing.is_empty(),
            capabilities: present(&self.capability),
            criteria: present(&self.criterion),
            situation: faults.take("situation", text::lines(&self.situation)).unwrap_or_default(),
            action: faults.take("action", text::lines(&self.action)).unwrap_or_default(),
            impact: faults.take("impact", text::lines(&self.impact)).unwrap_or_default(),
            domain_cost: faults.take("domain_cost", text::lines(&self.domain_cost)).unwrap_or_default(),
            scope: choice(&self.scope, "scope", faults),
            conduct: choice(&self.conduct, "conduct", faults),
            setting: choice(&self.setting, "setting", faults),
            for_cto: !self.for_cto.is_empty(),
            audience: choice(&self.audience, "audience", faults).unwrap_or(Audience::Dossier),
            ..Content::default()
        };
        let typed = [&self.from, &self.from_day, &self.from_month, &self.from_year];
        if let Some(Some((date, is_month))) = faults.take("from", read_date(typed, Edge::First)) {
            (content.from, content.from_is_month) = (Some(date), is_month);
        }
        let typed = [&self.to, &self.to_day, &self.to_month, &self.to_year];
        if let Some(Some((date, is_month))) = faults.take("to", read_date(typed, Edge::Last)) {
            (content.to, content.to_is_month) = (Some(date), is_month);
        }
        let years = self.horizon_years.trim();
        if !years.is_empty() {
            let read = years.parse::<i64>().map_err(|_| "Enter a whole number of years, or nothing.");
            content.horizon_years = faults.take("horizon_years", read);
        }
        content.links = self.read_links(faults);
        content
    }

    fn read_links(&self, faults: &mut Faults) -> Vec<String> {
        let mut links = Vec::new();
        for line in self.links.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if links.len() > rules::LINKS {
                // Too many already, which is said once; the rest needs no look.
                break;
            }
            match link(line) {
                Ok(url) if links.contains(&url) => {}
                Ok(url) => links.push(url),
                Err(message) => {
                    // One fault for the field is enough: the first says what is asked for.
                    faults.add("links", message);
                    break;
                }
            }
        }
        links
    }

    /// The rows in which somebody is named or something is filled in.
    pub(super) fn people(&self) -> Vec<TypedPerson> {
        self.rows().into_iter().filter(|row| !row.is_empty()).collect()
    }

    /// All rows, as they were typed.
    fn rows(&self) -> Vec<TypedPerson> {
        let at =
            |list: &[String], n: usize| list.get(n).map(|text| text.trim().to_owned()).unwrap_or_default();
        (0..self.person.len().min(MOST_ROWS))
            .map(|n| TypedPerson {
                row: n,
                name: at(&self.person, n),
                named_as: at(&self.named_as, n),
                organization: at(&self.organization, n),
                works_at: at(&self.works_at, n),
                level: at(&self.level, n),
                domain: at(&self.domain, n),
            })
            .collect()
    }

    /// The rows to show: those typed, and some to spare.
    pub fn rows_to_show(&self) -> Vec<TypedPerson> {
        let mut rows = self.rows();
        while rows.last().is_some_and(TypedPerson::is_empty) && rows.len() > SPARE_ROWS {
            rows.pop();
        }
        let spare = if self.add == "person" || rows.is_empty() { SPARE_ROWS } else { 1 };
        let filled = rows.len() - rows.iter().rev().take_while(|row| row.is_empty()).count();
        while rows.len() < filled + spare {
            rows.push(TypedPerson { row: rows.len(), ..TypedPerson::default() });
        }
        rows
    }
}

fn tick(on: bool) -> String {
    if on { "true".into() } else { String::new() }
}

fn present(values: &[String]) -> Vec<String> {
    values.iter().filter(|value| !value.is_empty()).cloned().collect()
}

fn choice<T: FromStr>(typed: &str, field: &str, faults: &mut Faults) -> Option<T> {
    if typed.is_empty() {
        return None;
    }
    faults.take(field, typed.parse().map_err(|_| "Choose one of those shown."))
}

/// An address as it is kept.
fn link(typed: &str) -> Result<String, String> {
    let shown: String = typed.chars().take(60).collect();
    if typed.chars().count() > rules::LINK {
        return Err(format!("A link has at most {} characters. “{shown}…” is longer.", rules::LINK));
    }
    text::one_line(typed)?;
    match url::Url::parse(typed) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url.into()),
        _ => Err(format!(
            "“{shown}” is not a link. Write one a line, each beginning with https:// or http://."
        )),
    }
}

/// Which day of a month it stands for.
#[derive(Clone, Copy)]
enum Edge {
    First,
    Last,
}

/// Reads a date typed as `2026-03` or `2026-03-14` in one field, or as day, month and year in three; whether it is a
/// month comes with it.
fn read_date(
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
fn typed_date(date: Option<NaiveDate>, is_month: bool) -> (String, String, String) {
    date.map_or_else(Default::default, |date| {
        let day = if is_month { String::new() } else { date.day().to_string() };
        (day, date.month().to_string(), date.year().to_string())
    })
}

/// What the form for an update sends: the day in three fields or in one, and what happened.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct UpdateForm {
    pub(super) on: String,
    pub(super) on_day: String,
    pub(super) on_month: String,
    pub(super) on_year: String,
    pub(super) text: String,
}

impl UpdateForm {
    /// An empty form for today.
    pub fn on(day: NaiveDate) -> UpdateForm {
        let (on_day, on_month, on_year) = typed_date(Some(day), false);
        UpdateForm { on_day, on_month, on_year, ..UpdateForm::default() }
    }

    /// The day.
    pub(super) fn day(&self) -> Result<NaiveDate, String> {
        match read_date([&self.on, &self.on_day, &self.on_month, &self.on_year], Edge::First)? {
            Some((day, false)) => Ok(day),
            Some((_, true)) => Err("Enter the day as well: an update is of a day.".into()),
            None => Err("Enter the day, such as 14 3 2026.".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Edge, EntryForm, link, read_date};
    use crate::web::forms::Faults;

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

    #[test]
    fn links_are_web_addresses_alone() {
        assert!(link("https://example.com/rfc?a=b#c").is_ok());
        for bad in [
            "javascript:alert(1)",
            "ftp://example.com",
            "example.com",
            "https://",
            "data:text/html,x",
            "//x.example",
        ] {
            assert!(link(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_fault_is_found_at_once() {
        let form = EntryForm {
            title: "a\u{202E}b".into(),
            from_month: "13".into(),
            scope: "galaxy".into(),
            horizon_years: "many".into(),
            links: "javascript:1".into(),
            impact: "a\0b".into(),
            ..EntryForm::default()
        };
        let mut faults = Faults::default();
        form.read(&mut faults);
        let fields: Vec<&str> = faults.0.iter().map(|fault| fault.field.as_str()).collect();
        assert_eq!(fields, ["title", "impact", "scope", "from", "horizon_years", "links"]);
    }

    #[test]
    fn rows_are_to_spare() {
        assert_eq!(EntryForm::default().rows_to_show().len(), 3);
        let one = EntryForm { person: vec!["Ada".into()], ..EntryForm::default() };
        assert_eq!(one.rows_to_show().len(), 2);
        assert_eq!(EntryForm { add: "person".into(), ..one }.rows_to_show().len(), 4);
    }
}
