//! The dashboard: what [`crate::readiness`] says of a dossier, as people see it.
//!
//! [`store`] loads facts from the database, as far as their reader may know them, and [`cache`] keeps what was assessed of
//! them. The page is drawn from these ([`drawing`]) and kept too; what saving an entry costs of it is told in [`editing`].

pub mod cache;
pub mod drawing;
pub mod editing;
pub(crate) mod grids;
pub mod pages;
pub mod responses;
mod routes;
pub mod sources;
pub mod store;
pub(crate) mod strip;
pub(crate) mod view;
pub mod words;

pub use routes::routes;
