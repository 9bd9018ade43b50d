//! Leaders: anyone who is named in evidence, inside or outside the company, with or without an account.

/// Whether somebody belongs to the company whose instance this is.
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
pub enum Organization {
    /// Inside the company.
    Internal,
    /// Anywhere else: a customer, a partner, a conference, another employer.
    External,
}
