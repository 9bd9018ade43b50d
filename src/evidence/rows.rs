//! The rows of the entry's form in which people are named.

use super::input::NamedInput;
use crate::error::Path;

/// A row of the form, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedPerson {
    /// Where it stands in the form, from 0; its fields' ids end in it.
    pub row: usize,
    /// A name, a handle from the list of people, or an id.
    pub name: String,
    /// As what.
    pub named_as: String,
    /// Of somebody new: `internal` or `external`.
    pub organization: String,
    /// Of somebody new and external: where they work.
    pub works_at: String,
    /// Of somebody new: their level.
    pub level: String,
    /// Of somebody new: their domain.
    pub domain: String,
}

impl TypedPerson {
    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        [&self.name, &self.named_as, &self.organization, &self.works_at, &self.level, &self.domain]
            .iter()
            .all(|field| field.is_empty())
    }

    /// Whether what is asked of somebody new was filled in.
    pub fn is_described(&self) -> bool {
        !(self.organization.is_empty()
            && self.works_at.is_empty()
            && self.level.is_empty()
            && self.domain.is_empty())
    }

    /// Their part in the entry.
    pub(super) fn read(&self) -> NamedInput {
        NamedInput {
            whom: self.name.as_str().into(),
            named_as: self.named_as.parse().ok(),
            organization: self.organization.parse().ok(),
            works_at: self.works_at.clone(),
            level: self.level.clone(),
            domain: self.domain.clone(),
        }
    }
}

/// The id of a field of somebody's row.
pub(super) fn on_row(field: &str, row: usize) -> Path {
    let id = match field {
        "name" => "person".into(),
        field => field.replace('_', "-"),
    };
    format!("{id}-{row}").into()
}
