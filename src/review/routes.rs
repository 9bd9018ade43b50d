//! The routes of check-ins.

use super::pages;
use crate::policy::access::CANDIDATE;
use crate::routes::Routes;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default().get("/check-ins", CANDIDATE, pages::check_ins).post(
        "/check-ins",
        CANDIDATE,
        pages::check_in,
    )
}
