//! The routes of a candidate's entries.

use super::{form_pages, pages, revisions};
use crate::policy::access::{CANDIDATE, READERS};
use crate::routes::Routes;
use crate::web::Answer;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default()
        .get("/evidence", CANDIDATE, pages::list_page)
        .get("/evidence/new", CANDIDATE, form_pages::new_page)
        .post("/evidence/draft", CANDIDATE, form_pages::autosave_new)
        .answering(Answer::Json)
        .get("/evidence/{id}", READERS, pages::detail_page)
        .get("/evidence/{id}/edit", CANDIDATE, form_pages::edit_page)
        .post("/evidence/{id}/draft", CANDIDATE, form_pages::autosave)
        .answering(Answer::Json)
        .post("/evidence/{id}/withdrawal", CANDIDATE, pages::withdraw)
        .post("/evidence/{id}/duplicate", CANDIDATE, pages::duplicate)
        .post("/evidence/{id}/updates", CANDIDATE, pages::add_update)
        .get("/evidence/{id}/revisions", CANDIDATE, revisions::revisions_page)
}
