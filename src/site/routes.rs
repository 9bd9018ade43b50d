//! The routes of pages that are no single feature's.

use super::{admin, audit, design, home, jobs, settings};
use crate::policy::access::{ADMIN, Access, CANDIDATE};
use crate::routes::Routes;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default()
        .get("/", Access::SignedIn, home::home)
        .get("/design", Access::Demo, design::page)
        .get("/settings", Access::SignedIn, settings::page)
        .post("/settings/mail", Access::SignedIn, settings::set_mail)
        .post("/settings/zone", Access::SignedIn, settings::set_zone)
        .post("/settings/sessions/{id}/end", Access::SignedIn, settings::end_session)
        .post("/settings/leave", CANDIDATE, settings::add_leave)
        .post("/settings/leave/{id}/removal", CANDIDATE, settings::remove_leave)
        .post("/settings/aim", CANDIDATE, settings::set_aim)
        .post("/settings/sharing", CANDIDATE, settings::set_sharing)
        .get("/admin", ADMIN, admin::overview)
        .get("/admin/audit", ADMIN, audit::log)
        .get("/admin/jobs", ADMIN, jobs::jobs)
        .post("/admin/jobs/attempts", ADMIN, jobs::retry_all_now)
        .post("/admin/jobs/{id}/attempt", ADMIN, jobs::retry_now)
}
