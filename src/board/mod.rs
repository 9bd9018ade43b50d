//! The board: what looks at many dossiers. The committee's board, the CTO's overview, and people side by side.
//!
//! The board and the overview are one list: rows of people with the [`Summary`] of their evidence, a pure [`Filter`] over
//! them, and one document (`document.rs`) of which the page, the JSON and the CSV of an address are made. They differ in
//! whose dossiers they show and in the lens that they start with. Nobody is ordered or grouped by how well they do: rows
//! stand by name.

mod audience;
mod committee;
pub mod compare;
mod document;
mod filter;
mod guides;
mod list;
pub mod overview;
mod routes;
mod selection;
mod shown;
mod waiting;
mod whole;
pub mod words;

pub use routes::routes;

use std::sync::Arc;

use uuid::Uuid;

pub use filter::{Counts, Filter, Match};
pub use selection::{Chip, Selection};

use crate::readiness::Summary;
use crate::text;

/// One candidate on a board.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The candidate's name.
    pub name: Arc<str>,
    /// The words of the name, as searches look for them.
    pub words: Arc<str>,
    /// The dossier's id.
    pub dossier: Uuid,
    /// How far the evidence carries, on the board's day and through its lens.
    pub summary: Arc<Summary>,
}

impl Row {
    /// The row of a candidate.
    pub fn new(name: &str, dossier: Uuid, summary: Arc<Summary>) -> Row {
        Row { name: name.into(), words: text::words(name).into(), dossier, summary }
    }
}
