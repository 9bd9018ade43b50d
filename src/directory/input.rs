//! What is given to an action on people, typed.

use chrono::NaiveDate;

use crate::evidence::input::Whom;
use crate::people::{MilestoneKind, Organization};

/// A level to record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LevelInput {
    /// A level of the framework, or `none`.
    pub level: String,
    /// The first day on which it holds.
    pub from: Option<NaiveDate>,
    /// The domain; may be empty.
    pub domain: String,
    /// Whom they report to.
    pub reports_to: Option<Whom>,
}

/// A milestone to record, or to put in another's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MilestoneInput {
    /// The day.
    pub on: Option<NaiveDate>,
    /// The kind.
    pub kind: MilestoneKind,
    /// What was reached, in a sentence; may be empty where the kind says it.
    pub what: String,
    /// Of a correction: whether it happened at all.
    pub happened: bool,
}

/// Somebody to add who has no account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonInput {
    /// Their full name.
    pub name: String,
    /// Where they belong.
    pub organization: Option<Organization>,
    /// Where somebody external works; may be empty.
    pub works_at: String,
    /// Their level; may be empty.
    pub level: String,
    /// The first day of it.
    pub from: Option<NaiveDate>,
    /// Their domain; may be empty.
    pub domain: String,
    /// Whether they are somebody else than those of the same name.
    pub different: bool,
}
