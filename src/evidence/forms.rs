//! The entry's form: what was typed, kept as it was typed, and its reading into an [`EntryInput`].

use std::str::FromStr;

use chrono::NaiveDate;
use serde::Deserialize;

use super::dates::{Edge, read_date, typed_date};
use super::input::{EntryInput, Intent, Saving};
use super::naming::Known;
use super::rows::{TypedPerson, on_row};
use super::updates::UpdateInput;
use super::{Audience, Content};
use crate::error::{Faults, FieldError, Given, Path};
use crate::web::typed::Page;

/// How many empty rows for people are offered.
const SPARE_ROWS: usize = 3;
/// Most rows for people that are read; more is no person's doing.
const MOST_ROWS: usize = 60;

/// The fields of the form. Those of people stand in parallel: the nth of each belong to one row.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EntryForm {
    /// The draft's id once it was saved by itself; empty on a new form.
    pub id: String,
    /// What the script of a new form calls the draft before it was saved, so that a first save whose answer is lost is
    /// found again.
    pub draft: String,
    /// The open page that sends it, and in which turn.
    pub(super) typed_key: String,
    pub(super) typed_turn: String,
    /// The revision that was edited.
    pub revision: String,
    /// `draft` or `publish`.
    pub intent: String,
    /// `person` when more rows are asked for, and nothing else.
    pub add: String,
    /// Not empty once a near-duplicate was seen and is meant.
    pub confirm_duplicate: String,
    /// Stands for the cost of a material edit, once that was seen and is meant.
    pub confirm_superseded: String,
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

    /// How it is to be saved. A draft that saves itself asks for nothing.
    pub fn saving(&self, autosave: bool) -> Saving {
        Saving {
            autosave,
            intent: self.intent.parse().ok(),
            revision: self.revision.trim().parse().ok(),
            draft: self.draft.clone(),
            page: Page::read(&self.typed_key, &self.typed_turn),
            saw_duplicates: !self.confirm_duplicate.is_empty(),
            saw_cost: self.confirm_superseded.clone(),
        }
    }

    /// What the entry is to say.
    pub fn read(&self) -> Given<EntryInput> {
        let mut faults = Faults::default();
        let mut content = Content {
            title: self.title.clone(),
            ongoing: !self.ongoing.is_empty(),
            capabilities: present(&self.capability),
            criteria: present(&self.criterion),
            situation: self.situation.clone(),
            action: self.action.clone(),
            impact: self.impact.clone(),
            domain_cost: self.domain_cost.clone(),
            scope: choice(&self.scope, "scope", &mut faults),
            conduct: choice(&self.conduct, "conduct", &mut faults),
            setting: choice(&self.setting, "setting", &mut faults),
            for_cto: !self.for_cto.is_empty(),
            audience: choice(&self.audience, "audience", &mut faults).unwrap_or(Audience::Dossier),
            links: self.links.split(['\n', '\r', '\u{B}']).flat_map(addresses).map(str::to_owned).collect(),
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
        if !self.intent.is_empty() && self.intent.parse::<Intent>().is_err() {
            faults.add("intent", "Choose to publish it or to keep it as a draft.");
        }
        let people = self.people().map(|row| row.read()).collect();
        Given { input: EntryInput { content, people }, faults }
    }

    /// The same faults by the ids that the page gives its fields, where these have others than what is read from them: those
    /// of people end in the row.
    pub fn placed(&self, mut faults: Vec<FieldError>) -> Vec<FieldError> {
        let rows: Vec<usize> = self.people().map(|row| row.row).collect();
        for fault in &mut faults {
            fault.field = match fault.field {
                Path::Item("people", place, field) => {
                    on_row(field, rows.get(place).copied().unwrap_or(place))
                }
                ref field if *field == "capabilities" => "capability".into(),
                _ => continue,
            };
        }
        faults
    }

    /// The rows in which somebody is named or something is filled in.
    fn people(&self) -> impl Iterator<Item = TypedPerson> {
        self.rows().into_iter().filter(|row| !row.is_empty())
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

fn choice<T: FromStr>(typed: &str, field: &'static str, faults: &mut Faults) -> Option<T> {
    if typed.is_empty() {
        return None;
    }
    faults.take(field, typed.parse().map_err(|_| "Choose one of those shown."))
}

/// The addresses that stand on a line. A space, comma or semicolon parts two where one begins after it; elsewhere it
/// belongs to the address.
fn addresses(line: &str) -> impl Iterator<Item = &str> {
    let begins = |at: usize| {
        let rest = &line.as_bytes()[at..];
        ["http://", "https://"].iter().any(|scheme| {
            rest.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme.as_bytes()))
        })
    };
    let parts = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    let mut cuts = vec![0];
    let mut before = 'x';
    for (at, c) in line.char_indices() {
        if parts(before) && begins(at) {
            cuts.push(at);
        }
        before = c;
    }
    cuts.push(line.len());
    let pieces: Vec<&str> = cuts.windows(2).map(|ends| &line[ends[0]..ends[1]]).collect();
    let last = pieces.len() - 1;
    pieces
        .into_iter()
        .enumerate()
        // What parts two belongs to neither.
        .map(move |(n, piece)| if n == last { piece.trim() } else { piece.trim_end_matches(parts).trim() })
        .filter(|piece| !piece.is_empty())
}

/// What the form for an update sends: the day in three fields or in one, and what happened.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct UpdateForm {
    /// The day, in one field.
    pub on: String,
    /// Its day of the month.
    pub on_day: String,
    /// Its month.
    pub on_month: String,
    /// Its year.
    pub on_year: String,
    /// What happened.
    pub text: String,
}

impl UpdateForm {
    /// An empty form for today.
    pub fn on(day: NaiveDate) -> UpdateForm {
        let (on_day, on_month, on_year) = typed_date(Some(day), false);
        UpdateForm { on_day, on_month, on_year, ..UpdateForm::default() }
    }

    /// The update to be.
    pub fn read(&self) -> Given<UpdateInput> {
        let mut faults = Faults::default();
        let typed = [&self.on, &self.on_day, &self.on_month, &self.on_year];
        let on = faults.take("on", read_date(typed, Edge::First)).flatten();
        if on.is_some_and(|(_, is_month)| is_month) {
            faults.add("on", "Enter the day as well: an update is of a day.");
        }
        let on = on.filter(|(_, is_month)| !is_month).map(|(day, _)| day);
        Given { input: UpdateInput { on, text: self.text.clone() }, faults }
    }
}

#[cfg(test)]
mod tests {
    use super::{EntryForm, addresses};
    use crate::evidence::reading;

    #[test]
    fn several_addresses_on_a_line_are_several_links() {
        fn of(line: &str) -> Vec<&str> {
            addresses(line).collect()
        }
        let two = ["https://example.com/a", "HTTP://example.com/b"];
        for between in [" ", ", ", ",", "; ", " ,\t", "\u{A0}"] {
            let line = two.join(between);
            assert_eq!(of(&line), two, "{between:?}");
        }
        for one in [
            "https://example.com/a,b;c",
            "https://example.com/a file.pdf",
            "https://archive.example/2020/https://example.com",
            "see https",
        ] {
            assert_eq!(of(one), [one]);
        }
        assert_eq!(of("notes: https://example.com"), ["notes:", "https://example.com"]);
        assert_eq!(of("  "), [""; 0]);
        let form = EntryForm { links: format!("{}\u{B}{}", two.join(","), two[0]), ..EntryForm::default() };
        let mut faults = form.read().faults;
        let content = reading::content(&form.read().input.content, &mut faults);
        assert_eq!(content.links, ["https://example.com/a", "http://example.com/b"]);
        assert!(faults.0.is_empty());
    }

    #[test]
    fn every_fault_is_found_at_once() {
        let form = EntryForm {
            title: "a\u{FFFD}b".into(),
            from_month: "13".into(),
            scope: "galaxy".into(),
            horizon_years: "many".into(),
            links: "javascript:1".into(),
            impact: "a\u{FFFD}b".into(),
            ..EntryForm::default()
        };
        let mut faults = form.read().faults;
        reading::content(&form.read().input.content, &mut faults);
        let fields: Vec<String> = faults.0.iter().map(|fault| fault.field.to_string()).collect();
        assert_eq!(fields, ["scope", "from", "horizon_years", "title", "impact", "links"]);
    }

    #[test]
    fn rows_are_to_spare() {
        assert_eq!(EntryForm::default().rows_to_show().len(), 3);
        let one = EntryForm { person: vec!["Ada".into()], ..EntryForm::default() };
        assert_eq!(one.rows_to_show().len(), 2);
        assert_eq!(EntryForm { add: "person".into(), ..one }.rows_to_show().len(), 4);
    }
}
