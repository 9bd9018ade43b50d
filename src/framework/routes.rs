//! The routes of the guide.

use super::pages;
use crate::policy::access::Access;
use crate::routes::Routes;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default().get("/framework", Access::SignedIn, pages::guide)
}
