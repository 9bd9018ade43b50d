//! Leaders: anyone who is named in evidence, inside or outside the company, with or without an account.

pub mod store;

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

/// A name as it is kept: trimmed, on one line.
///
/// # Errors
/// Says what is wrong with it, for the person who typed it.
pub fn clean_name(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() {
        Err("Enter a name.".into())
    } else if name.chars().count() > 200 {
        Err("A name has at most 200 characters.".into())
    } else {
        crate::text::one_line(name).map_err(str::to_owned)
    }
}
