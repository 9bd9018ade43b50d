//! The pages about one dossier, on real databases.

mod planted;
mod readiness;
