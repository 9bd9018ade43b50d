//! Review: what others say of evidence and of the candidate.

use crate::db::word;
use macro_rules_attribute::apply;

pub mod actions;
pub mod pages;
mod routes;
pub mod store;

pub use routes::routes;

pub use crate::evidence::{Origin, Via, Vouching};

/// A named person's answer to "did it happen like this?".
#[apply(word!)]
pub enum CorroborationAnswer {
    /// It did.
    Confirmed,
    /// It happened otherwise.
    Differs,
    /// Not close enough to say.
    NotCloseEnough,
    /// Would rather not answer.
    Declined,
}

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
