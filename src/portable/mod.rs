//! The portable dossier: a dossier as a file, `evident-dossier/1` to `/3`, the unit of export, import, packets and
//! `evident assess`. Nothing here knows a database.
//!
//! [`Dossier`] is what is in it; [`read`] reads one and lists everything that is wrong with it, each fault at its path;
//! [`Dossier::to_json`] writes one; `Facts::from_dossier` leaves out the prose, for the readiness rules.
//! `crate::transfer` makes one of what is in the database.

mod came;
mod development;
mod dossier;
mod entry;
mod facts;
mod fields;
mod json;
mod parts;
mod read;
mod sittings;

pub use self::came::Came;
pub use self::development::{Conversation, PlanAction, SignalResponse};
pub use self::dossier::{
    Assessment, CheckIn, Corroboration, Dossier, Durability, Entry, FORMAT, FORMAT_2, FORMAT_3, Feedback,
    Leave, LevelEntry, Milestone, Named, Person, Update,
};
pub use self::fields::parse_date;
pub use self::read::{MAX_BYTES, read, read_file};
pub use self::sittings::{Comment, Sitting};
pub use crate::framework::load::Fault;
