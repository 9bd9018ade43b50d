//! The list of leaders, and the page of one.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::actions::{self, LevelForm, MilestoneForm};
use super::chart::{self, Chart};
use super::store::{self, NamedIn};
use super::{belongs, state, viewer};
use crate::accounts::policy::{Act, Decision, decide};
use crate::accounts::{Actor, Role};
use crate::db::Tx;
use crate::error::{Error, FieldError, Result};
use crate::evidence::{self, NamedAs, Status};
use crate::framework::load;
use crate::instance::Instance;
use crate::people::store::{LevelEntry, Milestone, Person};
use crate::people::{self, CTO, LEFT, Organization};
use crate::text;
use crate::web::forms::Form;
use crate::web::paging::Paging;
use crate::web::path::Id;
use crate::web::query::{NoParams, Params};
use crate::web::{self, Chrome, words};

/// Leaders on a page of the list.
const PER_PAGE: usize = 50;
/// The most pages that an address can ask for; those past the end are empty.
const LAST_PAGE: usize = 1_000_000;

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
    let page = params.number("page", 1, LAST_PAGE).unwrap_or(1);
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
    web::page(&ListPage { chrome, q, organization, rows, paging, counts })
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
fn held(level: &LevelEntry) -> String {
    if level.level == LEFT {
        format!("Left in {}", words::month(&level.from_date))
    } else {
        format!("{} since {}", level.level, words::month(&level.from_date))
    }
}

#[derive(Template)]
#[template(path = "directory/person.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one yes or no that the template asks, and nothing else"
)]
struct PersonPage {
    chrome: Chrome,
    person: Person,
    summary: String,
    levels: Vec<LevelRow>,
    chart: Option<Chart>,
    milestones: Vec<Milestone>,
    may_see_milestones: bool,
    evidence: Vec<EvidenceRow>,
    counts: bool,
    own: bool,
    /// What the level form offers; none when the viewer may not record levels.
    offered: Option<Vec<String>>,
    leaders: Vec<String>,
    may_record_milestone: bool,
    level_form: LevelForm,
    milestone_form: MilestoneForm,
    faults: Vec<FieldError>,
}

struct LevelRow {
    level: LevelEntry,
    /// Whether a later entry of the same date stands in its place.
    corrected: bool,
}

struct EvidenceRow {
    entry: NamedIn,
    when: String,
    roles: String,
}

/// What was typed and what is wrong with it, when a form comes back.
#[derive(Default)]
struct Typed {
    level: LevelForm,
    milestone: MilestoneForm,
    faults: Vec<FieldError>,
}

/// `GET /people/{id}`
pub async fn person(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    Id(id): Id,
    _: NoParams,
) -> Result<Response> {
    web::page(&person_page(&instance, chrome, &actor, id, Typed::default()).await?)
}

/// `POST /people/{id}/levels`
pub async fn record_level(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    Id(id): Id,
    Form(form): Form<LevelForm>,
) -> Result<Response> {
    match actions::record_level(&instance, &actor, id, &form).await {
        Ok(()) => Ok(Redirect::to(&format!("/people/{id}")).into_response()),
        Err(Error::Invalid(faults)) => {
            let typed = Typed { level: form, faults, ..Typed::default() };
            let page = person_page(&instance, chrome, &actor, id, typed).await?;
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

/// `POST /people/{id}/milestones`
pub async fn record_milestone(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    Id(id): Id,
    Form(form): Form<MilestoneForm>,
) -> Result<Response> {
    match actions::record_milestone(&instance, &actor, id, &form).await {
        Ok(()) => Ok(Redirect::to(&format!("/people/{id}#milestones")).into_response()),
        Err(Error::Invalid(faults)) => {
            let typed = Typed { milestone: form, faults, ..Typed::default() };
            let page = person_page(&instance, chrome, &actor, id, typed).await?;
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

async fn person_page(
    instance: &Instance,
    chrome: Chrome,
    actor: &Actor,
    id: Uuid,
    typed: Typed,
) -> Result<PersonPage> {
    let mut tx = instance.db.read().await?;
    let viewer = viewer(actor);
    let person = people::store::find(&mut tx, viewer, id).await?.ok_or(Error::NotFound)?;
    let standing = people::store::standing(&mut tx, id, actor.is(Role::Cto)).await?.ok_or(Error::NotFound)?;
    let state = state(actor, id, &standing);
    let may = |act| decide(actor, act) == Decision::Allow;
    let offered = may(Act::RecordLevel(state, false)).then(|| {
        let levels = load::built_in().levels.iter();
        levels.filter(|level| *level != CTO || may(Act::RecordLevel(state, true))).cloned().collect()
    });
    let leaders = match offered {
        Some(_) => people::store::known(&mut tx, viewer, Some(Organization::Internal)).await?,
        None => Vec::new(),
    };
    let history = people::store::levels(&mut tx, viewer, &[id]).await?;
    let cto = actor.is(Role::Cto);
    let milestones = people::store::milestones(&mut tx, viewer, cto, id).await?;
    let named = store::named_in(&mut tx, evidence::visibility::Viewer::from(actor), id).await?;
    let levels = marked(history);
    Ok(PersonPage {
        chrome,
        summary: summary(&person, &levels, instance),
        chart: drawn(&person, &levels, instance),
        levels,
        may_see_milestones: cto || state.own || !milestones.is_empty(),
        milestones,
        evidence: grouped(named),
        counts: actor.is(Role::Candidate) || cto,
        own: state.own,
        offered,
        // Beyond so many a browser's suggestions help nobody, and the page would grow heavy; any name can be typed.
        leaders: leaders
            .into_iter()
            .filter(|leader| leader.id != id)
            .map(|leader| leader.name)
            .take(300)
            .collect(),
        may_record_milestone: may(Act::RecordMilestone(state)),
        level_form: typed.level,
        milestone_form: typed.milestone,
        faults: typed.faults,
        person,
    })
}

/// Notes which entries were corrected: of one date, the first in this order stands.
fn marked(history: Vec<LevelEntry>) -> Vec<LevelRow> {
    let mut rows: Vec<LevelRow> = Vec::with_capacity(history.len());
    for level in history {
        let corrected = rows.last().is_some_and(|row| row.level.from_date == level.from_date);
        rows.push(LevelRow { level, corrected });
    }
    rows
}

/// `E1, Risk; reports to Ada Marsh`.
fn summary(person: &Person, levels: &[LevelRow], instance: &Instance) -> String {
    let today = instance.today();
    let now = levels.iter().map(|row| &row.level).find(|level| level.from_date <= today);
    let mut parts = vec![belongs(person.organization, person.works_at.as_deref())];
    if let Some(level) = now {
        parts.push(held(level));
        parts.extend(level.domain.clone());
    }
    parts.retain(|part| !part.is_empty());
    let mut line = parts.join(", ");
    if let Some(name) = now.and_then(|level| level.reports_to_name.as_deref()) {
        line.push_str("; reports to ");
        line.push_str(name);
    }
    line
}

fn drawn(person: &Person, levels: &[LevelRow], instance: &Instance) -> Option<Chart> {
    let standing = levels.iter().rev().filter(|row| !row.corrected);
    let history: Vec<_> = standing.map(|row| (row.level.from_date, row.level.level.clone())).collect();
    chart::draw(&person.name, &load::built_in().levels, &history, instance.today())
}

/// One row for each entry, with everything that the person was in it.
fn grouped(named: Vec<NamedIn>) -> Vec<EvidenceRow> {
    let mut rows: Vec<EvidenceRow> = Vec::new();
    for entry in named {
        let role = named_as(entry.named_as);
        if let Some(row) = rows.last_mut().filter(|row| row.entry.id == entry.id) {
            row.roles.push_str(", ");
            row.roles.push_str(role);
            continue;
        }
        let when = match entry.from_date {
            None => String::new(),
            Some(day) if entry.from_is_month => words::month(&day),
            Some(day) => words::day(&day),
        };
        rows.push(EvidenceRow { when, roles: role.to_owned(), entry });
    }
    rows
}

fn named_as(named_as: NamedAs) -> &'static str {
    match named_as {
        NamedAs::Developed => "developed",
        NamedAs::Partner => "partner",
        NamedAs::Peer => "peer",
        NamedAs::Sponsor => "sponsor",
        NamedAs::Stakeholder => "stakeholder",
        NamedAs::External => "met outside",
    }
}
