//! The released sittings over a dossier, as its owner and CTOs read them.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use super::answer;
use super::store::{self, Sitting};
use crate::accounts::Actor;
use crate::error::Result;
use crate::evidence::dossiers::{self, Dossier};
use crate::framework::Framework;
use crate::instance::Instance;
use crate::policy::{self, Decision, DossierAct, SittingAct};
use crate::web::path::Id;
use crate::web::query::NoParams;
use crate::web::words::day;
use crate::web::{self, Chrome};

/// A sitting that was released.
struct Past {
    id: Uuid,
    author: String,
    on: String,
    /// The ids and names of capabilities, with the sentences.
    sentences: Vec<(String, String, String)>,
    /// The questions, with the answers.
    answers: Vec<(String, &'static str)>,
    feedback: String,
    broader_scope: Option<&'static str>,
    commitment: String,
    /// What the CTO said later became of it.
    kept: Option<String>,
}

#[derive(Template)]
#[template(path = "sitting/history.html")]
struct HistoryPage {
    chrome: Chrome,
    dossier: Dossier,
    owner: bool,
    /// Whether the viewer may hold a sitting.
    may: bool,
    sittings: Vec<Past>,
    /// Drafts of CTOs who have no part in the case any more, handed over to the viewer.
    handed: Vec<Past>,
}

fn past(framework: &Framework, sitting: &Sitting, all: &[Sitting]) -> Past {
    let sentence = |id: &String| sitting.sentences.get(id).cloned();
    let later = all.iter().find(|later| later.earlier_id == Some(sitting.id));
    let kept = later.and_then(|later| {
        Some(format!(
            "{}, {} said on {}",
            later.earlier_kept?.title(),
            later.author,
            day(&later.released_on?)
        ))
    });
    Past {
        id: sitting.id,
        author: sitting.author.clone(),
        on: sitting.released_on.as_ref().map_or_else(|| "Draft".to_owned(), day),
        sentences: framework
            .capabilities
            .iter()
            .filter_map(|c| Some((c.id.clone(), c.name.clone(), sentence(&c.id)?)))
            .collect(),
        answers: framework
            .questions
            .iter()
            .filter_map(|q| Some((q.text.clone(), answer(*sitting.answers.get(&q.id)?))))
            .collect(),
        feedback: sitting.feedback.clone().unwrap_or_default(),
        broader_scope: sitting.broader_scope.map(answer),
        commitment: sitting.commitment.clone(),
        kept,
    }
}

/// `GET /dossiers/{id}/sittings`
pub async fn page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    _: NoParams,
) -> Result<Response> {
    let mut tx = instance.db.read().await?;
    let dossier = dossiers::readable(&mut tx, &actor, id).await?;
    let state = dossier.state(&actor);
    policy::decide(&actor.roles, DossierAct::Read(state)).require()?;
    let released = store::released(&mut tx, &actor, id).await?;
    let handed = store::handed_over(&mut tx, &actor, id).await?;
    drop(tx);
    let framework = dossier.framework()?;
    let sittings = released.iter().map(|sitting| past(framework, sitting, &released)).collect();
    let handed = handed.iter().map(|sitting| past(framework, sitting, &[])).collect();
    let may = policy::decide(&actor.roles, SittingAct::Hold(state)) == Decision::Allow;
    web::page(&HistoryPage { chrome, owner: state.owner, may, sittings, handed, dossier })
}
