//! The page of a leader: levels over time, milestones, and the evidence that names them.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use strum::VariantArray as _;
use uuid::Uuid;

use super::actions;
use super::chart::{Chart, Drawing, Step};
use super::forms::{LevelForm, MilestoneForm};
use super::pages::held;
use super::store::{self, NamedIn};
use super::{belongs, state, viewer};
use crate::accounts::{Actor, Role};
use crate::error::{Error, FieldError, Result};
use crate::evidence::{self, Status};
use crate::framework::load;
use crate::instance::Instance;
use crate::people::store::{LevelEntry, Milestone, Person};
use crate::people::{self, CTO, LEFT, MilestoneKind, Organization};
use crate::policy::{Decision, PersonAct, decide};
use crate::web::forms::{self, Form};
use crate::web::path::Id;
use crate::web::query::NoParams;
use crate::web::{self, Chrome, words};

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
    /// For an admin, who may find that they are one with somebody else.
    may_merge: bool,
    /// For a CTO: by how many candidates' shared evidence they were developed, if by several.
    claims: usize,
    level_form: LevelForm,
    milestone_form: MilestoneForm,
    faults: Vec<FieldError>,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that the template asks")]
struct LevelRow {
    level: LevelEntry,
    /// Whether a later entry of the same date stands in its place, and says something else.
    corrected: bool,
    /// Whether a later entry of the same date says the same.
    confirmed: bool,
    /// Whether it is a candidate's word that stands, and nobody has confirmed it.
    claimed: bool,
    /// Whether the viewer may confirm it.
    may_confirm: bool,
}

impl LevelRow {
    /// Whether a later one of the same date stands in its place.
    fn superseded(&self) -> bool {
        self.corrected || self.confirmed
    }
}

struct EvidenceRow {
    entry: NamedIn,
    when: String,
    roles: String,
}

impl PersonPage {
    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn kinds(&self) -> &'static [MilestoneKind] {
        MilestoneKind::VARIANTS
    }
}

/// What was typed and what is wrong with it, when a form comes back.
#[derive(Default)]
struct Typed {
    level: LevelForm,
    milestone: MilestoneForm,
    faults: Vec<FieldError>,
}

/// `GET /people/{id}`: of somebody who turned out to be another, to that person's page, for who may know of them.
pub async fn person(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    Id(id): Id,
    _: NoParams,
) -> Result<Response> {
    let mut tx = instance.db.read().await?;
    if let Some(other) = people::store::turned_out_to_be(&mut tx, id).await? {
        people::store::find(&mut tx, viewer(&actor), other).await?.ok_or(Error::NotFound)?;
        return Ok(Redirect::to(&format!("/people/{other}")).into_response());
    }
    drop(tx);
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
    let outcome = actions::record_level(&instance, &actor, id, &form.read()).await;
    let again = |faults| {
        let typed = Typed { level: form, faults, ..Typed::default() };
        person_page(&instance, chrome, &actor, id, typed)
    };
    forms::done_or_again(outcome, |()| format!("/people/{id}"), again).await
}

/// `POST /levels/{id}/confirmation`
pub async fn confirm_level(State(instance): State<Instance>, actor: Actor, Id(id): Id) -> Result<Redirect> {
    let person = actions::confirm_level(&instance, &actor, id).await?;
    Ok(Redirect::to(&format!("/people/{person}#levels-h")))
}

/// `POST /people/{id}/milestones`
pub async fn record_milestone(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    Id(id): Id,
    Form(form): Form<MilestoneForm>,
) -> Result<Response> {
    let outcome = actions::record_milestone(&instance, &actor, id, &form.read()).await;
    let again = |faults| {
        let typed = Typed { milestone: form, faults, ..Typed::default() };
        person_page(&instance, chrome, &actor, id, typed)
    };
    forms::done_or_again(outcome, |()| format!("/people/{id}#milestones"), again).await
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
    let standing = people::store::standing(&mut tx, viewer, id).await?.ok_or(Error::NotFound)?;
    let state = state(actor, id, standing);
    let may = |act| decide(&actor.roles, act) == Decision::Allow;
    let offered = may(PersonAct::RecordLevel(state, false)).then(|| {
        let levels = load::built_in().levels.iter();
        levels.filter(|level| *level != CTO || may(PersonAct::RecordLevel(state, true))).cloned().collect()
    });
    let leaders = match offered {
        Some(_) => people::store::known(&mut tx, viewer, Some(Organization::Internal)).await?,
        None => Vec::new(),
    };
    let history = people::store::levels(&mut tx, viewer, &[id]).await?;
    let cto = actor.is(Role::Cto);
    let milestones = people::store::milestones(&mut tx, viewer, &[id]).await?;
    let reader = evidence::visibility::Viewer::from(actor);
    let named = store::named_in(&mut tx, reader, id).await?;
    let claims = if cto { store::claimants(&mut tx, reader, id).await? } else { 0 };
    let may_confirm = |level: &LevelEntry| {
        may(PersonAct::ConfirmLevel(state, level.level == CTO)) && level.recorded_by != Some(actor.person)
    };
    let levels = marked(history, may_confirm);
    Ok(PersonPage {
        chrome,
        summary: summary(&person, &levels, instance),
        chart: drawn(&person, &levels, &milestones, instance),
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
        may_record_milestone: may(PersonAct::RecordMilestone(state)),
        may_merge: may(PersonAct::Merge),
        claims,
        level_form: typed.level,
        milestone_form: typed.milestone,
        faults: typed.faults,
        person,
    })
}

/// Notes which entries were corrected or confirmed: of one date, the first in this order stands.
fn marked(history: Vec<LevelEntry>, may_confirm: impl Fn(&LevelEntry) -> bool) -> Vec<LevelRow> {
    let mut rows: Vec<LevelRow> = Vec::with_capacity(history.len());
    // What stands on the date of the last row.
    let mut stands: Option<(chrono::NaiveDate, String)> = None;
    for level in history {
        let later = stands.as_ref().filter(|(from, _)| *from == level.from_date).map(|(_, level)| level);
        let (corrected, confirmed) = match later {
            Some(later) => (*later != level.level, *later == level.level),
            None => (false, false),
        };
        if later.is_none() {
            stands = Some((level.from_date, level.level.clone()));
        }
        let claimed = level.claimed && !corrected && !confirmed;
        let may_confirm = claimed && may_confirm(&level);
        rows.push(LevelRow { level, corrected, confirmed, claimed, may_confirm });
    }
    rows
}

/// `E1, Risk; reports to Ada Marsh`.
fn summary(person: &Person, levels: &[LevelRow], instance: &Instance) -> String {
    let today = instance.today();
    let now = levels.iter().find(|row| row.level.from_date <= today);
    let mut parts = vec![belongs(person.organization, person.works_at.as_deref())];
    if let Some(row) = now {
        let claimed = if row.claimed { " (not confirmed yet)" } else { "" };
        parts.push(format!("{}{claimed}", held(&row.level)));
        parts.extend(row.level.domain.clone());
    }
    parts.retain(|part| !part.is_empty());
    let mut line = parts.join(", ");
    if let Some(name) = now.and_then(|row| row.level.reports_to_name.as_deref()) {
        line.push_str("; reports to ");
        line.push_str(name);
    }
    line
}

fn drawn(
    person: &Person,
    levels: &[LevelRow],
    milestones: &[Milestone],
    instance: &Instance,
) -> Option<Chart> {
    let standing = levels.iter().rev().filter(|row| !row.superseded());
    let steps: Vec<Step> = standing
        .map(|row| Step { from: row.level.from_date, level: row.level.level.clone(), claimed: row.claimed })
        .collect();
    let reached: Vec<_> =
        milestones.iter().filter(|milestone| milestone.stands()).map(|milestone| milestone.on_date).collect();
    let drawing = Drawing {
        name: &person.name,
        levels: &load::built_in().levels,
        steps: &steps,
        milestones: &reached,
        entries: &[],
        from: None,
        to: instance.today(),
    };
    drawing.draw()
}

/// One row for each entry, with everything that the person was in it.
fn grouped(named: Vec<NamedIn>) -> Vec<EvidenceRow> {
    let mut rows: Vec<EvidenceRow> = Vec::new();
    for entry in named {
        let role = store::named_as(entry.named_as);
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
