//! Opportunities: what CTOs have to offer, a slot before the board or a stage, and to whom they offered it. Over a year the
//! list shows who was offered what, by name and never ranked. It is a note that CTOs keep among themselves.

use crate::word::word;
use macro_rules_attribute::apply;

pub mod actions;
pub mod forms;
pub mod pages;
mod routes;
pub mod store;

pub use routes::routes;

/// Of which kind an opportunity is.
#[apply(word!)]
pub enum Kind {
    /// To speak before the board.
    BoardSlot,
    /// To stand in for the CTO.
    StandIn,
    /// To meet a customer.
    Customer,
    /// To speak at a conference.
    Conference,
}

impl Kind {
    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Kind::BoardSlot => "Board slot",
            Kind::StandIn => "Stand-in",
            Kind::Customer => "Customer",
            Kind::Conference => "Conference",
        }
    }
}
