//! The routes of what the evidence carries, and what saving an entry costs of it.

use super::{editing, pages};
use crate::policy::access::{CANDIDATE, READERS};
use crate::routes::Routes;
use crate::web::Answer;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default()
        .get("/readiness", CANDIDATE, pages::own)
        .get("/dossiers/{id}/readiness", READERS, pages::readiness)
        .get("/dossiers/{id}/readiness.json", READERS, pages::readiness_json)
        .answering(Answer::Json)
        .post("/evidence", CANDIDATE, editing::create)
        .post("/evidence/{id}", CANDIDATE, editing::save)
}
