//! The trajectories of those whom a candidate developed.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use uuid::Uuid;

use super::history::History;
use super::store::{self, Answered, Told, Within};
use super::view::{self, Leader, Reading};
use crate::accounts::{self, Actor, Role};
use crate::error::Result;
use crate::evidence::dossiers::{self, Dossier};
use crate::evidence::{Aim, visibility::Viewer};
use crate::instance::Instance;
use crate::people;
use crate::people::store::{LevelEntry, Milestone};
use crate::policy::{self, DossierAct};
use crate::readiness::Lens;
use crate::web::path::Id;
use crate::web::query::{NoParams, Params};
use crate::web::{self, Chrome, words};

#[derive(Template)]
#[template(path = "trajectories/page.html")]
struct TrajectoriesPage {
    chrome: Chrome,
    dossier: Dossier,
    /// Whether it is the candidate who looks.
    owner: bool,
    /// Whether the candidate stays at E1 by choice, so that nothing is measured.
    journal: bool,
    from_level: &'static str,
    as_of: NaiveDate,
    lens: Lens,
    /// Whether all evidence is shown as it stands today.
    today: bool,
    leaders: Vec<Leader>,
    /// How many leaders and entries there are, in words.
    leader_count: String,
    entry_count: String,
}

/// `GET /trajectories`: to one's own.
pub async fn own(State(instance): State<Instance>, actor: Actor, _: NoParams) -> Result<Response> {
    let dossier = dossiers::own(&instance, &actor).await?;
    Ok(Redirect::to(&format!("/dossiers/{}/trajectories", dossier.id)).into_response())
}

/// `GET /dossiers/{id}/trajectories`
pub async fn trajectories(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    mut params: Params,
) -> Result<Response> {
    let mut tx = instance.db.read().await?;
    let dossier = dossiers::readable(&mut tx, &actor, id).await?;
    let state = dossier.state(&actor);
    policy::decide(&actor.roles, DossierAct::Read(state)).require()?;
    let as_of = params.date("as_of").unwrap_or_else(|| instance.today());
    let lens = params.word("lens").unwrap_or(Lens::All);
    params.finish()?;
    let framework = dossier.framework()?;
    let viewer = Viewer::from(&actor);
    let within = Within::Dossier(id);
    let mut told = store::told(&mut tx, viewer, within).await?;
    let answered = store::answered(&mut tx, viewer, within).await?;
    let answers = by_entry(&answered);
    told.retain(|entry| {
        entry.from_date <= as_of && (lens == Lens::All || view::is_confirmed(entry, &answers, as_of))
    });
    let people: Vec<Uuid> = leaders(&told);
    let knows = accounts::viewer(&actor);
    let levels = people::store::levels(&mut tx, knows, &people).await?;
    let milestones = people::store::milestones(&mut tx, knows, &people).await?;
    drop(tx);
    let first_level = levels.iter().map(|level| level.from_date);
    let reading = Reading {
        framework,
        owner: state.owner,
        confirms: actor.is(Role::Cto) && !state.owner,
        as_of,
        from: first_level.chain(told.iter().map(|entry| entry.from_date)).min().filter(|from| *from < as_of),
    };
    let leaders: Vec<Leader> = people
        .iter()
        .map(|person| {
            let about: Vec<&Told> = told.iter().filter(|entry| entry.person_id == *person).collect();
            let history = History::new(
                framework,
                dossier.owner_person,
                of(&levels, *person),
                reached(&milestones, *person),
                as_of,
            );
            reading.leader(&about, &history, &answers)
        })
        .collect();
    let mut ids: Vec<Uuid> = told.iter().map(|entry| entry.id).collect();
    ids.sort_unstable();
    ids.dedup();
    web::page(&TrajectoriesPage {
        chrome,
        owner: state.owner,
        journal: dossier.aim == Aim::E1ByChoice,
        from_level: &framework.from_level,
        as_of,
        lens,
        today: as_of == instance.today() && lens == Lens::All,
        leader_count: words::count(leaders.len() as u64, "leader", "leaders"),
        entry_count: words::count(ids.len() as u64, "entry", "entries"),
        leaders,
        dossier,
    })
}

/// The leaders of these entries, each once, in the order in which they come.
pub(super) fn leaders(told: &[Told]) -> Vec<Uuid> {
    let mut people: Vec<Uuid> = Vec::new();
    for entry in told {
        if people.last() != Some(&entry.person_id) {
            people.push(entry.person_id);
        }
    }
    people
}

/// The answers about each entry, in the order in which they came.
pub(super) fn by_entry(answered: &[Answered]) -> HashMap<Uuid, Vec<&Answered>> {
    let mut answers: HashMap<Uuid, Vec<&Answered>> = HashMap::new();
    for answer in answered {
        answers.entry(answer.entry_id).or_default().push(answer);
    }
    answers
}

pub(super) fn of(levels: &[LevelEntry], person: Uuid) -> impl Iterator<Item = &LevelEntry> {
    levels.iter().filter(move |level| level.person_id == person)
}

pub(super) fn reached(milestones: &[Milestone], person: Uuid) -> impl Iterator<Item = &Milestone> {
    milestones.iter().filter(move |milestone| milestone.person_id == person)
}
