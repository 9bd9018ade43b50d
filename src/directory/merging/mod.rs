//! Two people who turn out to be one: everything that refers to one comes to refer to the other, and each row that was
//! moved is written down, so that undoing moves back just these. What came after the merge stays with who is left.

pub mod actions;
mod asked;
mod choice;
mod entries;
mod levels;
pub mod pages;
mod store;
mod view;

/// A column that refers to a person, and how merging goes about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// How its rows are moved.
    pub rows: Rows,
}

/// How the rows of a reference are moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// Each has an id and stands by itself.
    Plain,
    /// A person's levels, whose order of recording decides between two of one date.
    Levels,
    /// To whom somebody reports: nobody reports to themselves.
    Line,
    /// People in entries: one entry may name both as the same.
    Named,
    /// Requests, of which one about a thing is open at a time.
    Requests,
    /// What people were told of being named, once for each entry.
    Namings,
    /// Who vouched for what people named in entries answered: rows without an id of their own.
    Voucher,
}

const fn plain(table: &'static str, column: &'static str) -> Reference {
    Reference { table, column, rows: Rows::Plain }
}

/// Every column that refers to people and moves with them, in the order in which they are moved. `tests/merging.rs` holds
/// this to the schema's foreign keys, so that no later table is forgotten.
pub const REFERENCES: &[Reference] = &[
    Reference { table: "person_levels", column: "reports_to", rows: Rows::Line },
    Reference { table: "person_levels", column: "person_id", rows: Rows::Levels },
    plain("person_levels", "recorded_by"),
    plain("milestones", "person_id"),
    plain("milestones", "recorded_by"),
    plain("people", "merged_into"),
    plain("accounts", "person_id"),
    plain("dossiers", "owner_person"),
    Reference { table: "entry_people", column: "person_id", rows: Rows::Named },
    Reference { table: "entry_people", column: "vouched_by", rows: Rows::Voucher },
    plain("corroborations", "person_id"),
    plain("corroborations", "settled_by"),
    plain("corroborations", "vouched_by"),
    plain("durability_answers", "person_id"),
    plain("durability_answers", "vouched_by"),
    plain("vouched_addresses", "person_id"),
    plain("vouched_addresses", "vouched_by"),
    plain("known_domains", "listed_by"),
    Reference { table: "requests", column: "person_id", rows: Rows::Requests },
    Reference { table: "namings", column: "person_id", rows: Rows::Namings },
    plain("namings", "vouched_by"),
    plain("assessments", "person_id"),
    plain("check_ins", "person_id"),
    plain("feedback", "person_id"),
    plain("notices", "by_person"),
    plain("opportunities", "offered_to"),
    plain("opportunities", "taken_by"),
];

/// Columns that refer to people and stay, each with its reason.
pub const STAYING: &[(&str, &str)] = &[
    // The record of merges itself.
    ("person_merges", "survivor"),
    ("person_merges", "merged"),
    // What an admin said of the two as they were.
    ("namesakes", "one"),
    ("namesakes", "other"),
    // Brought in line with the entries that name them, in the same change.
    ("recusals", "person_id"),
];

impl Reference {
    /// `table.column`, as it is written down.
    pub fn name(self) -> String {
        format!("{}.{}", self.table, self.column)
    }
}
