//! Enums that are a word each in the database, in files and in forms.

/// Makes an enum one whose variants are kebab-case words: for people's forms, for JSON, and as text in SQL.
macro_rules! word {
    ($($enum:tt)*) => {
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
        $($enum)*
    };
}
pub(crate) use word;
