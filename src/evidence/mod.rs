//! Evidence: dossiers and the entries in them, as their owner writes them.
//!
//! An entry's [`Content`] is what its owner writes and what each revision keeps; an [`Entry`] is that with its place,
//! its state, and what the people named in it said of being named.

pub mod actions;
mod content;
mod dates;
pub mod developed;
pub mod diff;
pub mod dossiers;
mod form_page;
pub mod form_pages;
pub mod forms;
pub mod input;
pub mod material;
pub mod named_store;
pub mod naming;
pub mod near;
mod origin;
pub mod reading;
pub mod recusals;
pub mod revisions;
mod routes;
pub mod rows;
pub mod rules;
pub mod saving;
pub mod search;
pub mod settings;
pub mod sponsors;
pub mod store;
pub mod superseding;
pub mod telling;
pub mod updates;
pub mod visibility;
pub mod words;

use macro_rules_attribute::apply;

pub use routes::routes;

pub use content::{Content, Entry, Named, NamedPerson, Update};
pub use origin::{Origin, Via, Vouching, holds_is_taken_back, is_later, is_taken_back, stands};

pub use crate::policy::{Aim, Audience, Sharing, Status};
use crate::word::word;

/// For so many days a differing account and a not-yet are the owner's and the CTOs' alone.
pub const REPLY_DAYS: i64 = 14;

/// How far the work in an entry reached.
#[apply(word!)]
pub enum Scope {
    /// The candidate's own domain.
    OwnDomain,
    /// Several domains of engineering.
    CrossDomain,
    /// The whole company.
    Company,
    /// Beyond the company.
    External,
}

/// How the work in an entry was done.
#[apply(word!)]
pub enum Conduct {
    /// By the candidate's own hands.
    Personally,
    /// Together with peers.
    WithPeers,
    /// Through the candidate's Directors.
    ThroughDirectors,
}

/// Where the work in an entry was seen.
#[apply(word!)]
pub enum Setting {
    /// Within engineering.
    Internal,
    /// Among the company's executives.
    Executive,
    /// Before the board.
    Board,
    /// Before investors.
    Investor,
    /// At a customer.
    Customer,
    /// At a partner.
    Partner,
    /// In the industry at large.
    Industry,
}

/// What somebody was in an entry that names them.
#[apply(word!)]
pub enum NamedAs {
    /// A leader whom the candidate developed.
    Developed,
    /// A partner in the work.
    Partner,
    /// A peer of the candidate.
    Peer,
    /// A sponsor of the work.
    Sponsor,
    /// Somebody with a stake in the outcome.
    Stakeholder,
    /// Somebody outside, met in that part.
    External,
}

/// What a named leader said of being named.
#[apply(word!)]
pub enum NamedAnswer {
    /// It is right to name me so.
    Agreed,
    /// I was there, but not like that.
    Differs,
    /// Don't name me.
    Unnamed,
}
