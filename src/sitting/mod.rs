//! The CTO's ten minutes: one Director at a sitting, and what CTOs remark on single entries.
//!
//! A sitting is a private draft of one CTO until they release it; then its answers, its feedback and its sentences get
//! that day's date and count. It stands above readiness, because what has changed since the last one is read from two
//! assessments.

pub mod actions;
pub mod changes;
pub mod deputizing;
pub mod due;
pub mod forms;
pub mod history;
pub mod pages;
pub mod remark_pages;
pub mod remarks;
pub mod remarks_shown;
mod routes;
pub mod store;

pub use routes::routes;

use crate::review::Reply;
use crate::word::word;
use macro_rules_attribute::apply;

/// What became of what a CTO said that they would do.
#[apply(word!)]
pub enum Kept {
    /// They did it.
    Kept,
    /// They did a part of it.
    Partly,
    /// They didn't.
    NotKept,
}

impl Kept {
    /// The word for people.
    pub fn title(self) -> &'static str {
        match self {
            Kept::Kept => "Kept",
            Kept::Partly => "Partly kept",
            Kept::NotKept => "Not kept",
        }
    }
}

/// The word for an answer.
pub(crate) fn answer(reply: Reply) -> &'static str {
    match reply {
        Reply::Yes => "Yes",
        Reply::Partly => "Partly",
        Reply::NotYet => "Not yet",
    }
}
