//! Review: what others say of evidence and of the candidate.

pub mod actions;
pub mod pages;
mod routes;
pub mod store;

pub use routes::routes;

pub use crate::evidence::{Origin, Via, Vouching};

/// A named person's answer to "did it happen like this?".
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
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
#[sqlx(type_name = "text", rename_all = "kebab-case")]
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
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
#[sqlx(type_name = "text", rename_all = "kebab-case")]
pub enum Judgement {
    /// It shows the capability at the level asked for.
    Meets,
    /// It shows it in part.
    Partly,
    /// It does not show it yet.
    NotYet,
}

/// Who answers the self-assessment questions.
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
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
#[sqlx(type_name = "text", rename_all = "kebab-case")]
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
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
#[sqlx(type_name = "text", rename_all = "kebab-case")]
pub enum Reply {
    /// Yes.
    Yes,
    /// In part.
    Partly,
    /// Not yet.
    NotYet,
}
