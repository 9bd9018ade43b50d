//! Holds the policy and the running pages to the tables of `docs/authorization.md`: every action in every state for every
//! set of roles, every route of the router for everybody who may try it, and every text for everybody who may find it.

mod case;
mod cast;
mod fields;
mod http;
mod table;
mod things;
mod timing;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use evident::accounts::Role;
use evident::policy::{self, Access, Act, Decision};
use evident::routes::Route;
use evident::server::routes;

pub use self::cast::Scene;
pub use self::http::Extent;
use self::table::{Answer, Table};

/// What was compared.
#[derive(Debug, Default)]
pub struct Found {
    /// How many comparisons.
    pub checks: u64,
    /// What was not as the tables say, in a line each.
    pub wrong: Vec<String>,
}

impl Found {
    fn check(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        self.checks += 1;
        if !holds {
            self.wrong.push(otherwise());
        }
    }

    /// Fails unless everything was as the tables say.
    #[track_caller]
    pub fn all_is_as_told(&self) {
        let shown: Vec<&str> = self.wrong.iter().take(200).map(String::as_str).collect();
        assert!(self.wrong.is_empty(), "{} are wrong:\n{}", self.wrong.len(), shown.join("\n"));
        assert!(self.checks > 0);
    }
}

/// How many rows the tables have, and how many routes.
pub fn size() -> (usize, usize) {
    let table = Table::read();
    (table.len(), table.routes.len())
}

/// Compares what the policy decides with the table of actions, in every state for every set of roles.
pub fn policy_level() -> Found {
    let (table, mut found) = (Table::read(), Found::default());
    let acts = case::acts();
    // One name, one kind: the table of actions tells them apart by it.
    let kinds: HashSet<&str> = acts.iter().map(|act| case::told(*act, case::Case::default()).0).collect();
    found.check(kinds.len() == Act::KINDS, || "tests/authorization/case.rs: acts() leaves some out".into());
    for roles in case::all_roles() {
        for act in &acts {
            let (action, case) = case::told(*act, case::Case::of(&roles));
            let decided = match policy::decide(&roles, *act) {
                Decision::Allow => Answer::Allow,
                Decision::Hide => Answer::Hide,
                Decision::Refuse => Answer::Refuse,
            };
            match table.answer(action, &case) {
                Ok(answer) => found.check(answer == decided, || {
                    format!("{action} | {}: the policy says {decided}, the page {answer}", case.words())
                }),
                Err(row) => found.check(false, || row),
            }
        }
    }
    found
}

/// Compares the routes and whom they let in with the table of routes.
pub fn every_route_has_its_row() -> Found {
    let (table, mut found) = (Table::read(), Found::default());
    let rows: BTreeMap<&str, &table::Route> = table.routes.iter().map(|row| (row.route, row)).collect();
    let routes = routes::all();
    let mut served = BTreeSet::new();
    for Route { method, path, terms } in routes.listed() {
        let route = format!("{method} {path}");
        let lets_in = told(terms.access);
        let row = rows.get(route.as_str());
        found.check(row.is_some(), || {
            format!("docs/authorization.md needs a row: | {route} | {lets_in} | | |")
        });
        if let Some(row) = row {
            found.check(row.lets_in == lets_in, || {
                format!("{route}: the router lets in {lets_in}, the page {}", row.lets_in)
            });
            found.check(!path.contains("{id}") || !row.action.is_empty(), || {
                format!("{route}: its row needs what it is about, and what it does")
            });
        }
        served.insert(route);
    }
    for row in &table.routes {
        found.check(served.contains(row.route), || format!("{}: there is no such route any more", row.route));
    }
    found
}

/// Whom a route lets in, in the words of the page.
fn told(access: Access) -> String {
    match access {
        Access::Anyone => "anyone".into(),
        Access::Demo => "a demo’s visitors".into(),
        Access::SignedIn => "whoever is signed in".into(),
        Access::Roles(roles) => roles.iter().map(|role| named(*role)).collect::<Vec<_>>().join(", "),
    }
}

fn named(role: Role) -> &'static str {
    match role {
        Role::Candidate => "candidate",
        Role::Cto => "CTO",
        Role::Committee => "committee",
        Role::Admin => "admin",
    }
}

/// Sends every request of every route, about things in every state, as everybody.
pub async fn http_level(scene: &mut Scene, extent: Extent) -> Found {
    http::every_request(scene, &Table::read(), extent).await
}

/// Reads everything as everybody, and compares what texts they find where with the table of fields.
pub async fn field_level(scene: &mut Scene) -> Found {
    fields::everything(scene, &Table::read()).await
}

/// The figure of how alike in time somebody else's id and a missing one are answered.
pub async fn timing(scene: &mut Scene, pairs: usize) -> (String, Found) {
    timing::measured(scene, pairs).await
}
