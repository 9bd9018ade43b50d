//! The routes of people, and the admin's pages of who is who.

use super::{correction, merging, pages, person};
use crate::policy::access::{ADMIN, Access, STEWARDS};
use crate::routes::Routes;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default()
        .get("/people", Access::SignedIn, pages::list)
        .post("/people", STEWARDS, pages::add)
        .get("/people/new", STEWARDS, pages::new_page)
        .get("/people/{id}", Access::SignedIn, person::person)
        .post("/people/{id}/levels", Access::SignedIn, person::record_level)
        .post("/people/{id}/milestones", Access::SignedIn, person::record_milestone)
        .post("/levels/{id}/confirmation", Access::SignedIn, person::confirm_level)
        .get("/milestones/{id}/correction", Access::SignedIn, correction::page)
        .post("/milestones/{id}/correction", Access::SignedIn, correction::correct)
        .get("/admin/people", ADMIN, merging::pages::people_page)
        .get("/admin/people/merge", ADMIN, merging::pages::check_page)
        .post("/admin/people/merges", ADMIN, merging::pages::merge)
        .post("/admin/people/merges/{id}/reversal", ADMIN, merging::pages::undo)
        .post("/admin/people/namesakes", ADMIN, merging::pages::tell_apart)
}
