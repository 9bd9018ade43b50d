//! The routes of the list of evidence, an entry's page, and asking about it.

use super::{ask_pages, entry_page, list_page};
use crate::policy::access::{CANDIDATE, READERS};
use crate::routes::Routes;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default()
        .get("/evidence", CANDIDATE, list_page::page)
        .get("/evidence/{id}", READERS, entry_page::page)
        .post("/evidence/{id}/withdrawal", CANDIDATE, entry_page::withdraw)
        .post("/evidence/{id}/duplicate", CANDIDATE, entry_page::duplicate)
        .post("/evidence/{id}/updates", CANDIDATE, entry_page::add_update)
        .get("/evidence/{id}/requests", CANDIDATE, ask_pages::ask_page)
        .post("/evidence/{id}/requests", CANDIDATE, ask_pages::ask)
        .post("/evidence/{id}/durability", CANDIDATE, ask_pages::let_be)
        .post("/requests/{id}/withdrawal", CANDIDATE, ask_pages::take_back)
}
