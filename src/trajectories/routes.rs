//! The routes of the leaders whom a candidate developed.

use super::{claims, pages};
use crate::policy::access::{CANDIDATE, CTO, READERS};
use crate::routes::Routes;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default()
        .get("/trajectories", CANDIDATE, pages::own)
        .get("/dossiers/{id}/trajectories", READERS, pages::trajectories)
        .get("/dossiers/claims", CTO, claims::page)
}
