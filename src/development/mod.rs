//! The development plan, and path conversations with the CTO: what a candidate means to do, and what was agreed. Both are
//! the owner's alone: no CTO, committee member or admin sees them, and nothing is computed from them.

use crate::word::word;
use macro_rules_attribute::apply;

pub mod actions;
pub mod conversation_pages;
mod forms;
pub mod pages;
mod routes;
pub mod store;

pub use routes::routes;

/// How far a planned action has come.
#[apply(word!)]
pub enum Progress {
    /// It is meant to be done.
    Planned,
    /// It has begun.
    UnderWay,
    /// It is done.
    Done,
    /// It won't be done.
    Dropped,
}

impl Progress {
    /// What it is called for people.
    pub fn title(self) -> &'static str {
        match self {
            Progress::Planned => "Planned",
            Progress::UnderWay => "Under way",
            Progress::Done => "Done",
            Progress::Dropped => "Dropped",
        }
    }

    /// Whether nothing more is to be done about it.
    pub fn is_closed(self) -> bool {
        match self {
            Progress::Planned | Progress::UnderWay => false,
            Progress::Done | Progress::Dropped => true,
        }
    }
}
