//! Transfer: how a dossier leaves a database. [`export`] makes the [portable dossier](crate::portable) of what is in it.

mod development;
mod export;
mod sittings;

pub use self::export::export;
