//! The routes of writing entries, and the settings.

use super::{form_pages, revisions, settings_pages};
use crate::policy::access::{Access, CANDIDATE};
use crate::routes::Routes;
use crate::web::Answer;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default()
        .get("/settings", Access::SignedIn, settings_pages::page)
        .post("/settings/mail", Access::SignedIn, settings_pages::set_mail)
        .post("/settings/zone", Access::SignedIn, settings_pages::set_zone)
        .post("/settings/sessions/{id}/end", Access::SignedIn, settings_pages::end_session)
        .post("/settings/leave", CANDIDATE, settings_pages::add_leave)
        .post("/settings/leave/{id}/removal", CANDIDATE, settings_pages::remove_leave)
        .post("/settings/aim", CANDIDATE, settings_pages::set_aim)
        .post("/settings/sharing", CANDIDATE, settings_pages::set_sharing)
        .get("/evidence/new", CANDIDATE, form_pages::new_page)
        .post("/evidence/draft", CANDIDATE, form_pages::autosave_new)
        .answering(Answer::Json)
        .get("/evidence/{id}/edit", CANDIDATE, form_pages::edit_page)
        .post("/evidence/{id}/draft", CANDIDATE, form_pages::autosave)
        .answering(Answer::Json)
        .get("/evidence/{id}/revisions", CANDIDATE, revisions::revisions_page)
}
