//! All routes, gathered from the features. Each is listed as it is added, so that tests can hold the list to the policy.

use axum::Router;
use axum::handler::Handler;
use axum::http::{Method, StatusCode};
use axum::routing::{MethodRouter, get, post};

use crate::evidence::settings_pages;
use crate::instance::Instance;
use crate::{
    accounts, calibration, corroboration, development, directory, evidence, framework, notices,
    opportunities, readiness, review, sitting, trajectories,
};

/// A router that remembers what was added to it.
#[derive(Default)]
pub struct Routes {
    router: Router<Instance>,
    listed: Vec<(Method, &'static str)>,
}

impl Routes {
    /// Adds a page or a data address.
    #[must_use]
    pub fn get<H: Handler<T, Instance>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(Method::GET, path, get(handler))
    }

    /// Adds a change.
    #[must_use]
    pub fn post<H: Handler<T, Instance>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(Method::POST, path, post(handler))
    }

    fn add(mut self, method: Method, path: &'static str, handler: MethodRouter<Instance>) -> Self {
        self.router = self.router.route(path, handler);
        self.listed.push((method, path));
        self
    }

    /// What was added.
    pub fn listed(&self) -> &[(Method, &'static str)] {
        &self.listed
    }

    pub(super) fn into_router(self) -> Router<Instance> {
        self.router.fallback(|| async { StatusCode::NOT_FOUND })
    }
}

/// Every route of the service.
#[expect(clippy::too_many_lines, reason = "a line for each route, and nothing else")]
pub fn all() -> Routes {
    Routes::default()
        .get("/healthz", || async { "ok\n" })
        .get("/readyz", ready)
        .get("/sign-in", accounts::pages::sign_in_page)
        .post("/sign-in", accounts::pages::sign_in)
        .post("/sign-in/again", accounts::carried::sign_in_again)
        .get("/sign-in/demo/{token}", accounts::pages::follow_demo_link)
        .post("/sign-in/demo", accounts::pages::sign_in_to_demo)
        .post("/sign-out", accounts::pages::sign_out)
        .get("/set-password/{token}", accounts::pages::set_password_page)
        .post("/set-password/{token}", accounts::pages::set_password)
        .post("/theme", accounts::pages::set_theme)
        .get("/", readiness::home::home)
        .get("/inbox", notices::pages::inbox)
        .post("/inbox/{id}/removal", notices::pages::put_away)
        .get("/settings", settings_pages::page)
        .post("/settings/mail", settings_pages::set_mail)
        .post("/settings/zone", settings_pages::set_zone)
        .post("/settings/sessions/{id}/end", settings_pages::end_session)
        .post("/settings/leave", settings_pages::add_leave)
        .post("/settings/leave/{id}/removal", settings_pages::remove_leave)
        .post("/settings/aim", settings_pages::set_aim)
        .post("/settings/sharing", settings_pages::set_sharing)
        .get("/check-ins", review::pages::check_ins)
        .post("/check-ins", review::pages::check_in)
        .get("/people", directory::pages::list)
        .post("/people", directory::pages::add)
        .get("/people/new", directory::pages::new_page)
        .get("/people/{id}", directory::person::person)
        .post("/people/{id}/levels", directory::person::record_level)
        .post("/people/{id}/milestones", directory::person::record_milestone)
        .post("/levels/{id}/confirmation", directory::person::confirm_level)
        .get("/milestones/{id}/correction", directory::correction::page)
        .post("/milestones/{id}/correction", directory::correction::correct)
        .get("/framework", framework::pages::guide)
        .get("/admin", accounts::admin::overview)
        .get("/admin/accounts", accounts::admin::accounts)
        .post("/admin/accounts", accounts::admin::add_account)
        .get("/admin/accounts/{id}", accounts::admin::account)
        .post("/admin/accounts/{id}/roles", accounts::admin::set_roles)
        .post("/admin/accounts/{id}/invitation", accounts::admin::invite_again)
        .post("/admin/accounts/{id}/disabled", accounts::admin::set_disabled)
        .get("/admin/people", directory::merging::pages::people_page)
        .get("/admin/people/merge", directory::merging::pages::check_page)
        .post("/admin/people/merges", directory::merging::pages::merge)
        .post("/admin/people/merges/{id}/reversal", directory::merging::pages::undo)
        .post("/admin/people/namesakes", directory::merging::pages::tell_apart)
        .get("/admin/audit", accounts::audit_page::log)
        .get("/design", readiness::design::page)
        .get("/admin/jobs", accounts::jobs_page::jobs)
        .post("/admin/jobs/attempts", accounts::jobs_page::hurry_all)
        .post("/admin/jobs/{id}/attempt", accounts::jobs_page::hurry)
        .get("/readiness", readiness::pages::own)
        .get("/development", development::pages::page)
        .post("/development/actions", development::pages::plan)
        .get("/development/actions/{id}", development::pages::action)
        .post("/development/actions/{id}", development::pages::progress)
        .post("/development/actions/{id}/removal", development::pages::remove_action)
        .post("/development/conversations", development::pages::write_down)
        .get("/development/conversations/{id}", development::conversation_pages::conversation)
        .post("/development/conversations/{id}", development::conversation_pages::correct)
        .post("/development/conversations/{id}/removal", development::conversation_pages::remove_conversation)
        .post("/development/signals/{pitfall}", development::pages::respond)
        .get("/dossiers/{id}/readiness", readiness::pages::readiness)
        .get("/dossiers/{id}/readiness.json", readiness::pages::readiness_json)
        .get("/trajectories", trajectories::pages::own)
        .get("/dossiers/{id}/trajectories", trajectories::pages::trajectories)
        .get("/dossiers/claims", trajectories::claims::page)
        .get("/dossiers/{id}/sitting", sitting::pages::sitting)
        .post("/dossiers/{id}/sitting", sitting::pages::save)
        .post("/dossiers/{id}/sitting/draft", sitting::pages::autosave)
        .post("/dossiers/{id}/sitting/removal", sitting::pages::discard)
        .get("/dossiers/{id}/sittings", sitting::history::page)
        .get("/dossiers/{id}/deputizing", sitting::deputizing::page)
        .post("/dossiers/{id}/deputizing", sitting::deputizing::confirm)
        .get("/evidence/{id}/assessment", sitting::remark_pages::assessment_page)
        .post("/evidence/{id}/assessment", sitting::remark_pages::assess)
        .get("/evidence/{id}/comment", sitting::remark_pages::comment_page)
        .post("/evidence/{id}/comment", sitting::remark_pages::comment)
        .post("/assessments/{id}/release", sitting::remark_pages::release_assessment)
        .get("/assessments/{id}/reply", sitting::remark_pages::assessment_reply_page)
        .post("/assessments/{id}/reply", sitting::remark_pages::reply_to_assessment)
        .post("/comments/{id}/release", sitting::remark_pages::release_comment)
        .get("/comments/{id}/reply", sitting::remark_pages::comment_reply_page)
        .post("/comments/{id}/reply", sitting::remark_pages::reply_to_comment)
        .get("/opportunities", opportunities::pages::list)
        .post("/opportunities", opportunities::pages::add)
        .get("/opportunities/{id}", opportunities::pages::one)
        .post("/opportunities/{id}", opportunities::pages::edit)
        .post("/opportunities/{id}/withdrawal", opportunities::pages::withdraw)
        .get("/committee", calibration::pages::page)
        .get("/committee.json", calibration::pages::json)
        .get("/committee.csv", calibration::pages::csv)
        .get("/dossiers", calibration::overview::page)
        .get("/dossiers.json", calibration::overview::json)
        .get("/dossiers.csv", calibration::overview::csv)
        .get("/compare", calibration::compare::page)
        .get("/evidence", evidence::pages::list_page)
        .post("/evidence", readiness::editing::create)
        .get("/evidence/new", evidence::form_pages::new_page)
        .post("/evidence/draft", evidence::form_pages::autosave_new)
        .get("/evidence/{id}", evidence::pages::detail_page)
        .post("/evidence/{id}", readiness::editing::save)
        .get("/evidence/{id}/edit", evidence::form_pages::edit_page)
        .post("/evidence/{id}/draft", evidence::form_pages::autosave)
        .post("/evidence/{id}/withdrawal", evidence::pages::withdraw)
        .post("/evidence/{id}/duplicate", evidence::pages::duplicate)
        .post("/evidence/{id}/updates", evidence::pages::add_update)
        .get("/evidence/{id}/revisions", evidence::revisions::revisions_page)
        .get("/evidence/{id}/requests", corroboration::ask_pages::ask_page)
        .post("/evidence/{id}/requests", corroboration::ask_pages::ask)
        .post("/evidence/{id}/durability", corroboration::ask_pages::let_be)
        .get("/evidence/{id}/named", corroboration::naming_pages::people)
        .post("/evidence/{id}/named", corroboration::naming_pages::write)
        .get("/requests/{id}", corroboration::request_pages::request)
        .post("/requests/{id}", corroboration::request_pages::answer)
        .post("/requests/{id}/withdrawal", corroboration::ask_pages::take_back)
        .get("/corroborations/{id}", corroboration::answer_pages::page)
        .post("/corroborations/{id}/reply", corroboration::answer_pages::reply)
        .post("/corroborations/{id}/settlement", corroboration::answer_pages::settle)
        .get("/answers/{token}", corroboration::link_pages::page)
        .post("/answers/{token}", corroboration::link_pages::answer)
        .get("/vouching", corroboration::vouching::pages::page)
        .post("/vouching/{id}", corroboration::vouching::pages::vouch)
        .post("/vouching/{id}/withdrawal", corroboration::vouching::pages::take_back)
        .get("/admin/organizations", corroboration::vouching::organization_pages::page)
        .post("/admin/organizations", corroboration::vouching::organization_pages::list)
        .post("/admin/organizations/{id}/removal", corroboration::vouching::organization_pages::remove)
        .get("/named", corroboration::naming_pages::own)
        .post("/named/{id}", corroboration::naming_pages::answer)
}

/// Whether the database answers.
async fn ready(
    axum::extract::State(instance): axum::extract::State<Instance>,
) -> crate::error::Result<&'static str> {
    let mut tx = instance.db.read().await?;
    let (_,): (i64,) = tx.query("select seq from audit_head where id = 1").one().await?;
    Ok("ready\n")
}
