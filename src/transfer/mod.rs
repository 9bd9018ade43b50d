//! Transfer: how a dossier travels as a file.
//!
//! [`Dossier`] is the portable dossier, `evident-dossier/1` to `/3`, the unit of export, import, packets and `evident assess`.
//! [`export::export`] makes one of what is in the database; [`read`] reads one and lists everything that is wrong with it; [`Dossier::to_json`] writes one; `Facts::from_dossier` leaves
//! out the prose, for the readiness rules.

mod came;
mod development;
mod dossier;
mod entry;
pub mod export;
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
