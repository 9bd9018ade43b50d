//! The routes of the development plan.

use super::{conversation_pages, pages};
use crate::policy::access::CANDIDATE;
use crate::routes::Routes;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default()
        .get("/development", CANDIDATE, pages::page)
        .post("/development/actions", CANDIDATE, pages::plan)
        .get("/development/actions/{id}", CANDIDATE, pages::action)
        .post("/development/actions/{id}", CANDIDATE, pages::progress)
        .post("/development/actions/{id}/removal", CANDIDATE, pages::remove_action)
        .post("/development/conversations", CANDIDATE, pages::write_down)
        .get("/development/conversations/{id}", CANDIDATE, conversation_pages::conversation)
        .post("/development/conversations/{id}", CANDIDATE, conversation_pages::correct)
        .post("/development/conversations/{id}/removal", CANDIDATE, conversation_pages::remove_conversation)
        .post("/development/signals/{pitfall}", CANDIDATE, pages::respond)
}
