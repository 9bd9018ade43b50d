//! The routes of asking, answering, being named and vouching.

use super::vouching::{self, organization_pages};
use super::{answer_pages, link_pages, naming_pages, request_pages};
use crate::policy::access::{ADMIN, Access, CANDIDATE, CTO, READERS, STEWARDS};
use crate::routes::Routes;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default()
        .get("/evidence/{id}/named", CANDIDATE, naming_pages::people)
        .post("/evidence/{id}/named", CANDIDATE, naming_pages::write)
        .get("/requests/{id}", Access::SignedIn, request_pages::request)
        .post("/requests/{id}", Access::SignedIn, request_pages::answer)
        .get("/corroborations/{id}", READERS, answer_pages::page)
        .post("/corroborations/{id}/reply", CANDIDATE, answer_pages::reply)
        .post("/corroborations/{id}/settlement", CTO, answer_pages::settle)
        .get("/answers/{token}", Access::Anyone, link_pages::page)
        .post("/answers/{token}", Access::Anyone, link_pages::answer)
        .get("/vouching", STEWARDS, vouching::pages::page)
        .post("/vouching/{id}", STEWARDS, vouching::pages::vouch)
        .post("/vouching/{id}/withdrawal", STEWARDS, vouching::pages::take_back)
        .get("/admin/organizations", ADMIN, organization_pages::page)
        .post("/admin/organizations", ADMIN, organization_pages::list)
        .post("/admin/organizations/{id}/removal", ADMIN, organization_pages::remove)
        .get("/named", Access::SignedIn, naming_pages::own)
        .post("/named/{id}", Access::SignedIn, naming_pages::answer)
}
