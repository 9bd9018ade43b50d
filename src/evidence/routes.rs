//! The routes of writing entries.

use super::{form_pages, revisions};
use crate::policy::access::CANDIDATE;
use crate::routes::Routes;
use crate::web::Answer;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default()
        .get("/evidence/new", CANDIDATE, form_pages::new_page)
        .post("/evidence/draft", CANDIDATE, form_pages::autosave_new)
        .answering(Answer::Json)
        .get("/evidence/{id}/edit", CANDIDATE, form_pages::edit_page)
        .post("/evidence/{id}/draft", CANDIDATE, form_pages::autosave)
        .answering(Answer::Json)
        .get("/evidence/{id}/revisions", CANDIDATE, revisions::revisions_page)
}
