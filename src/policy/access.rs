//! The table of routes: every address of the program, a line each, and whom it serves at all.

use axum::http::Method;

use super::Role;

/// Whom a route serves at all. What they may see there is decided by [`super::decide`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, signed in or not.
    Anyone,
    /// Anybody on a demo server, nobody elsewhere.
    Demo,
    /// Everybody who is signed in.
    SignedIn,
    /// Those who hold one of these roles.
    Roles(&'static [Role]),
}

/// One row of the table of routes.
#[derive(Clone, Debug)]
pub struct Route {
    /// The method; HEAD is answered where GET is.
    pub method: Method,
    /// The path, as the router writes it.
    pub path: &'static str,
    /// Whom it serves.
    pub access: Access,
}

const fn get(path: &'static str, access: Access) -> Route {
    Route { method: Method::GET, path, access }
}

const fn post(path: &'static str, access: Access) -> Route {
    Route { method: Method::POST, path, access }
}

const CANDIDATE: Access = Access::Roles(&[Role::Candidate]);
const READERS: Access = Access::Roles(&[Role::Candidate, Role::Cto]);
const CTO: Access = Access::Roles(&[Role::Cto]);
const COMMITTEE: Access = Access::Roles(&[Role::Committee]);
const DECIDERS: Access = Access::Roles(&[Role::Cto, Role::Committee]);
const STEWARDS: Access = Access::Roles(&[Role::Cto, Role::Admin]);
const ADMIN: Access = Access::Roles(&[Role::Admin]);

/// Every route of the program and whom it serves. The router's own list is held to this one by a test.
pub const ROUTES: &[Route] = &[
    get("/healthz", Access::Anyone),
    get("/readyz", Access::Anyone),
    get("/sign-in", Access::Anyone),
    post("/sign-in", Access::Anyone),
    post("/sign-in/again", Access::Anyone),
    get("/sign-in/demo/{token}", Access::Demo),
    post("/sign-in/demo", Access::Demo),
    post("/sign-out", Access::Anyone),
    get("/design", Access::Demo),
    get("/set-password/{token}", Access::Anyone),
    post("/set-password/{token}", Access::Anyone),
    post("/theme", Access::Anyone),
    get("/", Access::SignedIn),
    get("/settings", Access::SignedIn),
    post("/settings/sessions/{id}/end", Access::SignedIn),
    post("/settings/mail", Access::SignedIn),
    post("/settings/zone", Access::SignedIn),
    get("/inbox", Access::SignedIn),
    post("/inbox/{id}/removal", Access::SignedIn),
    post("/settings/leave", CANDIDATE),
    post("/settings/leave/{id}/removal", CANDIDATE),
    post("/settings/aim", CANDIDATE),
    post("/settings/sharing", CANDIDATE),
    get("/evidence", CANDIDATE),
    post("/evidence", CANDIDATE),
    get("/evidence/new", CANDIDATE),
    post("/evidence/draft", CANDIDATE),
    get("/evidence/{id}", READERS),
    post("/evidence/{id}", CANDIDATE),
    get("/evidence/{id}/edit", CANDIDATE),
    post("/evidence/{id}/draft", CANDIDATE),
    post("/evidence/{id}/withdrawal", CANDIDATE),
    post("/evidence/{id}/duplicate", CANDIDATE),
    post("/evidence/{id}/updates", CANDIDATE),
    get("/evidence/{id}/requests", CANDIDATE),
    post("/evidence/{id}/requests", CANDIDATE),
    post("/evidence/{id}/durability", CANDIDATE),
    get("/evidence/{id}/named", CANDIDATE),
    post("/evidence/{id}/named", CANDIDATE),
    get("/requests/{id}", Access::SignedIn),
    post("/requests/{id}", Access::SignedIn),
    post("/requests/{id}/withdrawal", CANDIDATE),
    get("/corroborations/{id}", READERS),
    post("/corroborations/{id}/reply", CANDIDATE),
    post("/corroborations/{id}/settlement", CTO),
    get("/answers/{token}", Access::Anyone),
    post("/answers/{token}", Access::Anyone),
    get("/vouching", STEWARDS),
    post("/vouching/{id}", STEWARDS),
    get("/named", Access::SignedIn),
    post("/named/{id}", Access::SignedIn),
    get("/evidence/{id}/revisions", CANDIDATE),
    get("/evidence/{id}/assessment", CTO),
    post("/evidence/{id}/assessment", CTO),
    get("/evidence/{id}/comment", CTO),
    post("/evidence/{id}/comment", CTO),
    post("/assessments/{id}/release", CTO),
    get("/assessments/{id}/reply", CANDIDATE),
    post("/assessments/{id}/reply", CANDIDATE),
    post("/comments/{id}/release", CTO),
    get("/comments/{id}/reply", CANDIDATE),
    post("/comments/{id}/reply", CANDIDATE),
    get("/readiness", CANDIDATE),
    get("/development", CANDIDATE),
    post("/development/actions", CANDIDATE),
    get("/development/actions/{id}", CANDIDATE),
    post("/development/actions/{id}", CANDIDATE),
    post("/development/actions/{id}/removal", CANDIDATE),
    post("/development/conversations", CANDIDATE),
    get("/development/conversations/{id}", CANDIDATE),
    post("/development/conversations/{id}", CANDIDATE),
    post("/development/conversations/{id}/removal", CANDIDATE),
    post("/development/signals/{pitfall}", CANDIDATE),
    get("/check-ins", CANDIDATE),
    post("/check-ins", CANDIDATE),
    get("/dossiers", CTO),
    get("/dossiers.csv", CTO),
    get("/dossiers.json", CTO),
    get("/dossiers/{id}/readiness", READERS),
    get("/dossiers/{id}/readiness.json", READERS),
    get("/trajectories", CANDIDATE),
    get("/dossiers/{id}/trajectories", READERS),
    get("/dossiers/claims", CTO),
    get("/dossiers/{id}/sitting", CTO),
    post("/dossiers/{id}/sitting", CTO),
    post("/dossiers/{id}/sitting/draft", CTO),
    post("/dossiers/{id}/sitting/removal", CTO),
    get("/dossiers/{id}/sittings", READERS),
    get("/dossiers/{id}/deputizing", READERS),
    post("/dossiers/{id}/deputizing", CTO),
    get("/opportunities", CTO),
    post("/opportunities", CTO),
    get("/opportunities/{id}", CTO),
    post("/opportunities/{id}", CTO),
    post("/opportunities/{id}/withdrawal", CTO),
    get("/committee", COMMITTEE),
    get("/committee.json", COMMITTEE),
    get("/committee.csv", COMMITTEE),
    get("/compare", DECIDERS),
    get("/people", Access::SignedIn),
    get("/people/new", STEWARDS),
    post("/people", STEWARDS),
    get("/people/{id}", Access::SignedIn),
    post("/people/{id}/levels", Access::SignedIn),
    post("/people/{id}/milestones", Access::SignedIn),
    post("/levels/{id}/confirmation", Access::SignedIn),
    get("/milestones/{id}/correction", Access::SignedIn),
    post("/milestones/{id}/correction", Access::SignedIn),
    get("/framework", Access::SignedIn),
    get("/admin", ADMIN),
    get("/admin/accounts", ADMIN),
    post("/admin/accounts", ADMIN),
    get("/admin/accounts/{id}", ADMIN),
    post("/admin/accounts/{id}/roles", ADMIN),
    post("/admin/accounts/{id}/invitation", ADMIN),
    post("/admin/accounts/{id}/disabled", ADMIN),
    get("/admin/people", ADMIN),
    get("/admin/people/merge", ADMIN),
    post("/admin/people/merges", ADMIN),
    post("/admin/people/merges/{id}/reversal", ADMIN),
    post("/admin/people/namesakes", ADMIN),
    get("/admin/organizations", ADMIN),
    post("/admin/organizations", ADMIN),
    post("/admin/organizations/{id}/removal", ADMIN),
    get("/admin/audit", ADMIN),
    get("/admin/jobs", ADMIN),
    post("/admin/jobs/attempts", ADMIN),
    post("/admin/jobs/{id}/attempt", ADMIN),
];

/// The row for a method and a path pattern.
pub fn access(method: &Method, path: &str) -> Option<Access> {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    ROUTES.iter().find(|route| route.method == *method && route.path == path).map(|route| route.access)
}
