//! The pages about one dossier, on real databases.

mod export;
mod planted;
mod planting;
mod readiness;
mod settings;
