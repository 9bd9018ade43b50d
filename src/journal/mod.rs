//! The journal: one's list of evidence, the page of an entry with what others say of it, and the page on which somebody is
//! asked about it.
//!
//! It stands above evidence, corroboration, readiness and sittings, because these pages bring them together.

pub mod ask_pages;
pub mod entry_page;
pub mod list;
pub mod list_page;
mod routes;

pub use routes::routes;
