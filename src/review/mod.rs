//! Review: check-ins, and what CTOs say of evidence and of the candidate.

use crate::word::word;
use macro_rules_attribute::apply;

pub mod actions;
pub mod pages;
pub mod remark_store;
mod routes;
pub mod spoken_store;
pub mod store;
pub mod superseding;

pub use routes::routes;

pub use crate::corroboration::CorroborationAnswer;
use crate::evidence::Content;
pub use crate::evidence::{Origin, Via, Vouching};

/// The CTO's judgement of one entry.
#[apply(word!)]
pub enum Judgement {
    /// It shows the capability at the level asked for.
    Meets,
    /// It shows it in part.
    Partly,
    /// It does not show it yet.
    NotYet,
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
        match self {
            Field::Title => "What happened",
            Field::Situation => "How things stood",
            Field::Action => "What was done",
            Field::Impact => "What came of it",
            Field::DomainCost => "What the own domain gave up",
        }
    }

    /// Its text.
    pub fn of(self, content: &Content) -> &str {
        match self {
            Field::Title => &content.title,
            Field::Situation => &content.situation,
            Field::Action => &content.action,
            Field::Impact => &content.impact,
            Field::DomainCost => &content.domain_cost,
        }
    }
}

/// Who answers the self-assessment questions.
#[apply(word!)]
pub enum CheckInKind {
    /// The candidate.
    #[strum(serialize = "self")]
    #[serde(rename = "self")]
    #[sqlx(rename = "self")]
    SelfAssessment,
    /// The CTO.
    Cto,
}

/// An answer to a self-assessment question, or to "ready for broader scope?".
#[apply(word!)]
pub enum Reply {
    /// Yes.
    Yes,
    /// In part.
    Partly,
    /// Not yet.
    NotYet,
}
