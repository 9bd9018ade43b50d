//! The routes of the inbox.

use super::pages;
use crate::policy::access::Access;
use crate::routes::Routes;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default().get("/inbox", Access::SignedIn, pages::inbox).post(
        "/inbox/{id}/removal",
        Access::SignedIn,
        pages::dismiss,
    )
}
