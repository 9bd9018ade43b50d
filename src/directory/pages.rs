//! The list of leaders, and adding one who has no account.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use super::actions;
use super::forms::PersonForm;
use super::store;
use super::{belongs, viewer};
use crate::accounts::{Actor, Role};
use crate::db::Tx;
use crate::error::{FieldError, Result};
use crate::evidence;
use crate::framework::load;
use crate::instance::Instance;
use crate::people::store::{LevelEntry, Person};
use crate::people::{self, LEFT, Organization};
use crate::policy::{Decision, PersonAct, decide};
use crate::text;
use crate::web::forms::{self, Form};
use crate::web::paging::Paging;
use crate::web::query::{NoParams, Params};
use crate::web::{self, Chrome, words};

/// Leaders on a page of the list.
const PER_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "directory/list.html")]
struct ListPage {
    chrome: Chrome,
    q: String,
    organization: Option<Organization>,
    rows: Vec<Row>,
    paging: Paging,
    /// Whether the viewer may read any evidence, so that counting it tells something.
    counts: bool,
    may_add: bool,
}

struct Row {
    person: Person,
    level: String,
    place: String,
    reports_to: Option<(Uuid, String)>,
    entries: i64,
}

/// `GET /people`
pub async fn list(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    mut params: Params,
) -> Result<Response> {
    let q = params.one("q").unwrap_or_default();
    let organization = params.word::<Organization>("organization");
    let page = params.page();
    params.finish()?;

    let mut tx = instance.db.read().await?;
    let query = text::words(&q);
    let mut found = people::store::known(&mut tx, viewer(&actor), organization).await?;
    // A text without a letter or digit names nobody.
    found.retain(|person| {
        q.is_empty() || !query.is_empty() && text::matches(&text::words(&person.name), &query)
    });
    let chosen = organization.map(|organization| organization.to_string()).unwrap_or_default();
    let filters = [("q", q.as_str()), ("organization", chosen.as_str())];
    let paging = Paging::new("/people", &filters, page, PER_PAGE, found.len());
    let counts = actor.is(Role::Candidate) || actor.is(Role::Cto);
    let rows = rows(&mut tx, &instance, &actor, paging.of(&found)).await?;
    let may_add = decide(&actor.roles, PersonAct::Add) == Decision::Allow;
    web::page(&ListPage { chrome, q, organization, rows, paging, counts, may_add })
}

async fn rows(tx: &mut Tx, instance: &Instance, actor: &Actor, shown: &[Person]) -> Result<Vec<Row>> {
    let ids: Vec<Uuid> = shown.iter().map(|person| person.id).collect();
    let today = instance.today();
    let mut current: HashMap<Uuid, LevelEntry> = HashMap::new();
    for level in people::store::levels(tx, viewer(actor), &ids).await? {
        if level.from_date <= today {
            current.entry(level.person_id).or_insert(level);
        }
    }
    let entries: HashMap<Uuid, i64> =
        store::counts(tx, evidence::visibility::Viewer::from(actor), &ids).await?.into_iter().collect();
    let row = |person: &Person| {
        let level = current.get(&person.id);
        let domain = level.and_then(|level| level.domain.clone());
        Row {
            level: level.map(held).unwrap_or_default(),
            place: domain.unwrap_or_else(|| belongs(person.organization, person.works_at.as_deref())),
            reports_to: level.and_then(|level| level.reports_to.zip(level.reports_to_name.clone())),
            entries: entries.get(&person.id).copied().unwrap_or(0),
            person: person.clone(),
        }
    };
    Ok(shown.iter().map(row).collect())
}

/// A level in words: `E1 since Jan 2025`.
pub(super) fn held(level: &LevelEntry) -> String {
    if level.level == LEFT {
        format!("Left in {}", words::month(&level.from_date))
    } else {
        format!("{} since {}", level.level, words::month(&level.from_date))
    }
}

#[derive(Template)]
#[template(path = "directory/new.html")]
struct NewPage {
    chrome: Chrome,
    form: PersonForm,
    levels: &'static [String],
    faults: Vec<FieldError>,
}

/// `GET /people/new`
pub async fn new_page(chrome: Chrome, actor: Actor, _: NoParams) -> Result<Response> {
    decide(&actor.roles, PersonAct::Add).require()?;
    web::page(&new(chrome, PersonForm::default(), Vec::new()))
}

fn new(chrome: Chrome, form: PersonForm, faults: Vec<FieldError>) -> NewPage {
    NewPage { chrome, form, levels: &load::built_in().levels, faults }
}

/// `POST /people`
pub async fn add(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    Form(form): Form<PersonForm>,
) -> Result<Response> {
    let outcome = actions::add_person(&instance, &actor, &form.read()).await;
    let again = async |faults| Ok(new(chrome, form, faults));
    forms::done_or_again(outcome, |id| format!("/people/{id}"), again).await
}
