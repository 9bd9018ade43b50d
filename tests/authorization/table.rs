//! The rules as `docs/authorization.md` tells them: its three tables, read.

use std::sync::LazyLock;

use super::case::{Case, Word};

/// The page that people read and the tests hold everything to.
static PAGE: LazyLock<String> = LazyLock::new(|| {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/authorization.md");
    std::fs::read_to_string(page).expect("the page of who may see and do what")
});

/// What somebody is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::Display, strum::EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum Answer {
    /// It is done.
    Allow,
    /// As if there were no such thing.
    Hide,
    /// It is not allowed.
    Refuse,
}

/// A row of the table of actions.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What is done.
    pub action: &'static str,
    /// What must hold of who does it and of what it is done to; false for a word that must not.
    words: Vec<(Word, bool)>,
    /// What is answered.
    answer: Answer,
}

/// A row of the table of routes.
#[derive(Clone, Debug)]
#[expect(clippy::struct_field_names, reason = "the name is that of the column")]
pub struct Route {
    /// `GET /evidence/{id}`.
    pub route: &'static str,
    /// Whom it lets in, as the page says it.
    pub lets_in: &'static str,
    /// The kind of thing that its id is of; empty without.
    pub about: &'static str,
    /// What it does; empty where it shows one's own.
    pub action: &'static str,
}

/// A row of the table of fields: who finds which text where.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::struct_field_names, reason = "the name is that of the column")]
pub struct Field {
    /// What text it is.
    pub field: String,
    /// Who finds it.
    pub who: String,
    /// While the dossier is in which states.
    pub when: String,
    /// On which routes.
    pub places: Vec<String>,
}

/// The tables.
pub struct Table {
    /// Who may do what.
    pub rules: Vec<Rule>,
    /// What each route does.
    pub routes: Vec<Route>,
    /// What is found where.
    pub fields: Vec<Field>,
}

/// The cells of each row below a heading.
fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let section = PAGE.split("\n## ").find(|section| section.starts_with(heading)).unwrap_or_default();
    let lines = section.lines().filter(|line| line.starts_with('|')).skip(2);
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

fn words(text: &'static str) -> impl Iterator<Item = (Word, bool)> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty() && *part != "anybody");
    parts.map(|part| {
        let (word, holds) = part.strip_prefix("not ").map_or((part, true), |word| (word, false));
        (
            word.parse().unwrap_or_else(|_| panic!("docs/authorization.md: “{word}” is no word of a case")),
            holds,
        )
    })
}

impl Table {
    /// Reads them.
    pub fn read() -> Table {
        let rule = |cells: Vec<&'static str>| {
            let [action, who, when, answer] = cells[..] else { panic!("four cells: {cells:?}") };
            let answer = answer.parse().unwrap_or_else(|_| panic!("allow, hide or refuse: {cells:?}"));
            Rule { action, words: words(who).chain(words(when)).collect(), answer }
        };
        let route = |cells: Vec<&'static str>| {
            let [route, lets_in, about, action] = cells[..] else { panic!("four cells: {cells:?}") };
            Route { route, lets_in, about, action }
        };
        let field = |cells: Vec<&'static str>| {
            let [field, who, when, places] = cells[..] else { panic!("four cells: {cells:?}") };
            let places = places.split(' ').map(str::to_owned).collect();
            Field { field: field.into(), who: who.into(), when: when.into(), places }
        };
        Table {
            rules: rows("Actions").into_iter().map(rule).collect(),
            routes: rows("Routes").into_iter().map(route).collect(),
            fields: rows("Fields").into_iter().map(field).collect(),
        }
    }

    /// What is answered to somebody who wants to do something.
    ///
    /// # Errors
    /// The row to add where none fits.
    pub fn answer(&self, action: &str, case: &Case) -> Result<Answer, String> {
        let mut rules = self.rules.iter().filter(|rule| rule.action == action);
        let fits = |rule: &&Rule| rule.words.iter().all(|(word, holds)| case.holds(*word) == *holds);
        rules.find(fits).map(|rule| rule.answer).ok_or_else(|| {
            let words = case.words();
            format!("docs/authorization.md needs a row, such as: | {action} | anybody | {words} | hide |")
        })
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rules.len() + self.routes.len() + self.fields.len()
    }
}
