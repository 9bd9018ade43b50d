//! The routes of the list of opportunities.

use super::pages;
use crate::policy::access::CTO;
use crate::routes::Routes;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default()
        .get("/opportunities", CTO, pages::list)
        .post("/opportunities", CTO, pages::add)
        .get("/opportunities/{id}", CTO, pages::one)
        .post("/opportunities/{id}", CTO, pages::edit)
        .post("/opportunities/{id}/withdrawal", CTO, pages::withdraw)
}
