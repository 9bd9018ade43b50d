//! The pages about one dossier, on real databases.

mod export;
mod planted;
mod readiness;
mod settings;
