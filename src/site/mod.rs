//! The site: pages that are no single feature's. Where people arrive, the settings, the admin's pages about the whole, and
//! on demo servers the components in every state.

mod admin;
mod audit;
mod design;
mod home;
mod jobs;
mod routes;
mod settings;
mod zones;

pub use routes::routes;
