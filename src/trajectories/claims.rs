//! The leaders whom several candidates say that they developed, side by side, for CTOs.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use super::history::History;
use super::pages::{by_entry, leaders, of, reached};
use super::store::{self, Answered, Told, Within};
use super::view::{Leader, Reading};
use crate::accounts::Actor;
use crate::directory;
use crate::error::Result;
use crate::evidence::visibility::Viewer;
use crate::framework::load;
use crate::instance::Instance;
use crate::people;
use crate::people::store::{LevelEntry, Milestone};
use crate::web::query::NoParams;
use crate::web::{self, Chrome};

#[derive(Template)]
#[template(path = "trajectories/claims.html")]
struct ClaimsPage {
    chrome: Chrome,
    claims: Vec<Claim>,
}

/// A leader, and each candidate who names them as developed.
struct Claim {
    id: Uuid,
    name: String,
    candidates: Vec<Candidate>,
}

struct Candidate {
    name: String,
    dossier: Uuid,
    /// The leader as this candidate's evidence has them.
    leader: Leader,
}

/// `GET /dossiers/claims`
pub async fn page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    _: NoParams,
) -> Result<Response> {
    let mut tx = instance.db.read().await?;
    let viewer = Viewer::from(&actor);
    let told = store::told(&mut tx, viewer, Within::Claimed).await?;
    let answered = store::answered(&mut tx, viewer, Within::Claimed).await?;
    let people = leaders(&told);
    let knows = directory::viewer(&actor);
    let levels = people::store::levels(&mut tx, knows, &people).await?;
    let milestones = people::store::milestones(&mut tx, knows, &people).await?;
    drop(tx);
    let answers = by_entry(&answered);
    let reading = Reading {
        framework: load::built_in(),
        owner: false,
        confirms: false,
        as_of: instance.today(),
        from: None,
    };
    let claim = |person: &Uuid| claim(&reading, *person, &told, &levels, &milestones, &answers);
    web::page(&ClaimsPage { chrome, claims: people.iter().map(claim).collect() })
}

fn claim(
    reading: &Reading<'_>,
    person: Uuid,
    told: &[Told],
    levels: &[LevelEntry],
    milestones: &[Milestone],
    answers: &HashMap<Uuid, Vec<&Answered>>,
) -> Claim {
    let about: Vec<&Told> = told.iter().filter(|entry| entry.person_id == person).collect();
    let candidates = about.chunk_by(|a, b| a.dossier_id == b.dossier_id).filter_map(|entries| {
        let first = entries.first()?;
        let history = History::new(
            reading.framework,
            first.owner_person,
            of(levels, person),
            reached(milestones, person),
            reading.as_of,
        );
        Some(Candidate {
            name: first.owner_name.clone(),
            dossier: first.dossier_id,
            leader: reading.leader(entries, &history, answers),
        })
    });
    let candidates: Vec<Candidate> = candidates.collect();
    let name = about.first().map_or_else(String::new, |first| first.person_name.clone());
    Claim { id: person, name, candidates }
}
