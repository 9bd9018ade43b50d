//! The routes of signing in and out, and the admin's pages of accounts.

use super::{admin, pages, resubmission};
use crate::policy::access::{ADMIN, Access};
use crate::routes::Routes;

/// What is served, and to whom.
pub fn routes() -> Routes {
    Routes::default()
        .get("/sign-in", Access::Anyone, pages::sign_in_page)
        .post("/sign-in", Access::Anyone, pages::sign_in)
        .post("/sign-in/again", Access::Anyone, resubmission::sign_in_again)
        .get("/sign-in/demo/{token}", Access::Demo, pages::follow_demo_link)
        .post("/sign-in/demo", Access::Demo, pages::sign_in_to_demo)
        .post("/sign-out", Access::Anyone, pages::sign_out)
        .get("/set-password/{token}", Access::Anyone, pages::set_password_page)
        .post("/set-password/{token}", Access::Anyone, pages::set_password)
        .post("/theme", Access::Anyone, pages::set_theme)
        .get("/admin/accounts", ADMIN, admin::accounts)
        .post("/admin/accounts", ADMIN, admin::add_account)
        .get("/admin/accounts/{id}", ADMIN, admin::account)
        .post("/admin/accounts/{id}/roles", ADMIN, admin::set_roles)
        .post("/admin/accounts/{id}/invitation", ADMIN, admin::invite_again)
        .post("/admin/accounts/{id}/disabled", ADMIN, admin::set_disabled)
}
