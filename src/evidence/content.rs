//! What an entry says.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Audience, Conduct, NamedAnswer, NamedAs, Origin, Scope, Setting, Status, Via, words};

/// Everything that an entry's owner writes into it. A revision keeps it as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, as the form and the file have it"
)]
pub struct Content {
    /// What happened, in a sentence.
    pub title: String,
    /// The first day; only a draft may lack it.
    pub from: Option<NaiveDate>,
    /// Whether `from` was given as a month, and stands for its first day.
    pub from_is_month: bool,
    /// The last day.
    pub to: Option<NaiveDate>,
    /// Whether `to` was given as a month, and stands for its last day.
    pub to_is_month: bool,
    /// Whether it is still going on.
    pub ongoing: bool,
    /// How things stood; Markdown.
    pub situation: String,
    /// What the candidate did; Markdown.
    pub action: String,
    /// What came of it; Markdown.
    pub impact: String,
    /// What the candidate's own domain gave up for it; Markdown.
    pub domain_cost: String,
    /// How far it reached.
    pub scope: Option<Scope>,
    /// How it was done.
    pub conduct: Option<Conduct>,
    /// Where it was seen.
    pub setting: Option<Setting>,
    /// How many years ahead it looked.
    pub horizon_years: Option<i64>,
    /// Whether it was done in the CTO's place.
    pub for_cto: bool,
    /// Who may read it once the dossier is shared.
    pub audience: Audience,
    /// The capabilities it speaks for, in the framework's order.
    pub capabilities: Vec<String>,
    /// The criteria it shows, in the framework's order; each of a capability above.
    pub criteria: Vec<String>,
    /// Who was involved and as what, as the candidate lists them.
    pub people: Vec<Named>,
    /// Addresses of what shows it.
    pub links: Vec<String>,
    /// What happened since, by date.
    pub updates: Vec<Update>,
}

impl Default for Content {
    fn default() -> Self {
        Content {
            title: String::new(),
            from: None,
            from_is_month: false,
            to: None,
            to_is_month: false,
            ongoing: false,
            situation: String::new(),
            action: String::new(),
            impact: String::new(),
            domain_cost: String::new(),
            scope: None,
            conduct: None,
            setting: None,
            horizon_years: None,
            for_cto: false,
            audience: Audience::Dossier,
            capabilities: Vec::new(),
            criteria: Vec::new(),
            people: Vec::new(),
            links: Vec::new(),
            updates: Vec::new(),
        }
    }
}

impl Content {
    /// Whether somebody who vouched for the one has to be asked again about the other: what happened, when, who was
    /// involved and as what, what it speaks for, or the text about it differs. Links, updates, and what only sorts an
    /// entry change nothing of that.
    pub fn differs_materially(&self, other: &Content) -> bool {
        fn said(content: &Content) -> impl PartialEq + '_ {
            let mut people = content.people.clone();
            people.sort_unstable();
            (
                (&content.title, content.from, content.to, content.ongoing, content.for_cto),
                [&content.situation, &content.action, &content.impact, &content.domain_cost],
                (&content.capabilities, &content.criteria, people),
            )
        }
        said(self) != said(other)
    }
}

/// Somebody's part in an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Named {
    /// Who.
    pub person: Uuid,
    /// As what.
    #[serde(rename = "as")]
    pub named_as: NamedAs,
}

/// What happened since, on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// The day.
    pub on: NaiveDate,
    /// What happened; Markdown.
    pub text: String,
}

/// An entry as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// The dossier it is in.
    pub dossier: Uuid,
    /// How far it has come.
    pub status: Status,
    /// Counts up with every saved change.
    pub revision: i64,
    /// The day of first publication.
    pub recorded_on: Option<NaiveDate>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
    /// What it says.
    pub content: Content,
    /// The people of its content, in the same order, with their names and answers.
    pub people: Vec<NamedPerson>,
}

/// Somebody named in an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPerson {
    /// Who.
    pub person: Uuid,
    /// Their name.
    pub name: String,
    /// As what.
    pub named_as: NamedAs,
    /// What they said of being named.
    pub answer: Option<NamedAnswer>,
    /// How that came.
    pub origin: Origin<Uuid>,
    /// The name of who vouched for it.
    pub voucher: Option<String>,
}

impl NamedPerson {
    /// How what they said came, and whether it stands, where it came by mail or link.
    pub fn came(&self) -> Option<String> {
        let said = self.answer.is_some() && self.origin.via != Via::Account;
        said.then(|| words::came(self.origin.via, self.origin.vouched_on(), self.voucher.as_deref()))
    }
}
