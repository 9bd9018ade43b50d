//! The CTO's ten minutes: one Director at a sitting, and what CTOs remark on single entries.
//!
//! A sitting is a private draft of one CTO until they release it; then its answers, its feedback and its sentences get
//! that day's date and count. It stands above readiness, because what has changed since the last one is read from two
//! assessments.

pub mod actions;
pub mod changes;
pub mod deputizing;
pub mod due;
pub mod forms;
pub mod history;
pub mod pages;
pub mod remark_pages;
pub mod remarks;
mod routes;
pub mod store;

pub use routes::routes;

use crate::db::word;
use crate::review::Reply;
use macro_rules_attribute::apply;

/// What became of what a CTO said that they would do.
#[apply(word!)]
pub enum Kept {
    /// They did it.
    Kept,
    /// They did a part of it.
    Partly,
    /// They didn't.
    NotKept,
}

impl Kept {
    /// The word for people.
    pub fn title(self) -> &'static str {
        match self {
            Kept::Kept => "Kept",
            Kept::Partly => "Partly kept",
            Kept::NotKept => "Not kept",
        }
    }
}

/// A field of an entry on which a CTO comments.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
    serde::Serialize,
    serde::Deserialize,
    sqlx::Type,
)]
#[strum(serialize_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Field {
    /// What happened, in a sentence.
    Title,
    /// How things stood.
    Situation,
    /// What was done.
    Action,
    /// What came of it.
    Impact,
    /// What the own domain gave up.
    DomainCost,
}

impl Field {
    /// Its name, as the entry's page heads it.
    pub fn title(self) -> &'static str {
        crate::evidence::remarks::heading(self.into())
    }
}

/// The word for an answer.
pub(crate) fn answer(reply: Reply) -> &'static str {
    match reply {
        Reply::Yes => "Yes",
        Reply::Partly => "Partly",
        Reply::NotYet => "Not yet",
    }
}
