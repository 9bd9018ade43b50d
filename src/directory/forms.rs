//! What is typed about people, and its reading into what the actions take.

use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::input::{LevelInput, MilestoneInput, PersonInput};
use crate::error::{Faults, Given};
use crate::evidence::input::Whom;
use crate::people::MilestoneKind;
use crate::web::forms::day;

/// A level as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct LevelForm {
    /// A level of the framework, or `none`.
    pub level: String,
    /// The first day on which it holds.
    pub from: String,
    /// The domain; may be empty.
    pub domain: String,
    /// The name of whom they report to, or the address of that person's page; may be empty.
    pub reports_to: String,
}

/// A milestone as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct MilestoneForm {
    /// The day.
    pub on: String,
    /// The kind; empty is any other, in words.
    pub kind: String,
    /// What was reached, in a sentence; may be empty where the kind says it.
    pub what: String,
    /// Of a correction: `no` when it did not happen.
    pub happened: String,
}

/// Somebody without an account, as they are typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PersonForm {
    /// Their full name.
    pub name: String,
    /// `internal` or `external`.
    pub organization: String,
    /// Where somebody external works; may be empty.
    pub works_at: String,
    /// Their level; may be empty.
    pub level: String,
    /// The first day of it.
    pub from: String,
    /// Their domain; may be empty.
    pub domain: String,
    /// `yes` when they are somebody else than those of the same name.
    pub different: String,
}

impl LevelForm {
    /// The level to record.
    pub fn read(&self) -> Given<LevelInput> {
        let mut faults = Faults::default();
        let input = LevelInput {
            level: self.level.clone(),
            from: read_day("from", &self.from, &mut faults),
            domain: self.domain.clone(),
            reports_to: whom(&self.reports_to),
        };
        Given { input, faults }
    }
}

impl MilestoneForm {
    /// The milestone to record.
    pub fn read(&self) -> Given<MilestoneInput> {
        let mut faults = Faults::default();
        let kind = match self.kind.as_str() {
            "" => None,
            typed => faults.take("kind", typed.parse().map_err(|_| "Choose a kind from the list.")),
        };
        let input = MilestoneInput {
            on: read_day("on", &self.on, &mut faults),
            kind: kind.unwrap_or(MilestoneKind::Other),
            what: self.what.clone(),
            happened: self.happened != "no",
        };
        Given { input, faults }
    }
}

impl PersonForm {
    /// The person to add.
    pub fn read(&self) -> Given<PersonInput> {
        let mut faults = Faults::default();
        let input = PersonInput {
            name: self.name.clone(),
            organization: self.organization.parse().ok(),
            works_at: self.works_at.clone(),
            level: self.level.clone(),
            from: read_day("from", &self.from, &mut faults),
            domain: self.domain.clone(),
            different: self.different == "yes",
        };
        Given { input, faults }
    }
}

/// A day; none where nothing was typed.
pub(crate) fn read_day(field: &'static str, typed: &str, faults: &mut Faults) -> Option<NaiveDate> {
    if typed.trim().is_empty() { None } else { faults.take(field, day(typed)) }
}

/// Whom a name or the address of a page means; none where nothing was typed.
pub(crate) fn whom(typed: &str) -> Option<Whom> {
    let typed = typed.trim();
    let last = typed.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let whom = Uuid::try_parse(last).map_or_else(|_| Whom::Name(typed.to_owned()), Whom::Id);
    Some(whom).filter(|_| !typed.is_empty())
}
