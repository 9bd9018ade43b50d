//! A dossier's readiness, as a page and as the JSON of `evident assess`.

use std::sync::Arc;

use askama::Template;
use axum::extract::State as Extract;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;

use super::cache::Key;
use super::drawing::{Drawn, draw, facts_of};
use super::sources::{self, EntryLine};
use super::store::Reader;
use crate::accounts::Actor;
use crate::cache::Kind;
use crate::error::{Error, Result};
use crate::evidence::Aim;
use crate::evidence::dossiers::{self, Dossier, Own};
use crate::evidence::recusals::Case;
use crate::framework::Framework;
use crate::instance::Instance;
use crate::policy::{self, DossierAct};
use crate::readiness::{Lens, Signal, assess};
use crate::web::path::Id;
use crate::web::query::{NoParams, Params};
use crate::web::{self, Chrome};

#[derive(Template)]
#[template(path = "dashboard/page.html")]
struct ReadinessPage {
    chrome: Chrome,
    drawn: Arc<Drawn>,
    /// Who has which part in the case, for CTOs; not drawn with the rest, which is kept while others' roles change.
    case: Option<Case>,
}

/// Pages that were drawn: most are opened again before anything in them has changed.
enum Pages {}

impl Kind for Pages {
    /// Beside what the assessment depends on, the day that the page leads back to.
    type Key = (Key, NaiveDate);
    type Value = Arc<Drawn>;
    const NAME: &'static str = "Readiness pages";
    const MOST: u64 = 9_000_000;
    const EACH: u64 = 90_000;
}

#[derive(Template)]
#[template(path = "dashboard/journal.html")]
struct JournalPage {
    chrome: Chrome,
    framework: &'static Framework,
    entries: Vec<EntryLine>,
}

/// The day and the lens of an address.
fn as_of_and_lens(instance: &Instance, mut params: Params) -> Result<(NaiveDate, Lens)> {
    let as_of = params.date("as_of").unwrap_or_else(|| instance.today());
    let lens = params.word("lens").unwrap_or(Lens::All);
    params.finish()?;
    Ok((as_of, lens))
}

/// As whom an actor reads a dossier that they found.
fn reader_of(actor: &Actor, dossier: &Dossier) -> Result<Reader> {
    let state = dossier.state(actor);
    policy::decide(&actor.roles, DossierAct::Read(state)).require()?;
    Ok(if state.owner { Reader::Owner } else { Reader::Cto })
}

/// `GET /readiness`: to one's own.
pub async fn own(
    Extract(instance): Extract<Instance>,
    actor: Actor,
    own: Own,
    _: NoParams,
) -> Result<Response> {
    let found = own.opened(&instance, &actor).await?;
    Ok(Redirect::to(&format!("/dossiers/{}/readiness", found.id)).into_response())
}

/// `GET /dossiers/{id}/readiness`
pub async fn readiness(
    Extract(instance): Extract<Instance>,
    actor: Actor,
    chrome: Chrome,
    own: Own,
    Id(id): Id,
    params: Params,
) -> Result<Response> {
    let dossier = own.or_readable(&instance, &actor, id).await?;
    let reader = reader_of(&actor, &dossier)?;
    let (as_of, lens) = as_of_and_lens(&instance, params)?;
    if dossier.aim == Aim::E1ByChoice {
        let framework = dossier.framework()?;
        let mut tx = instance.db.read().await?;
        let entries = sources::final_entries(&mut tx, id).await?;
        return web::page(&JournalPage { chrome, framework, entries });
    }
    let today = instance.today();
    let key = |found: &Dossier| (Key::of(found, reader, as_of, lens), today);
    let pages = instance.cache::<Pages>();
    let drawn = if let Some(drawn) = pages.get(&key(&dossier)) {
        drawn
    } else {
        let mut tx = instance.db.read().await?;
        // As they are in this snapshot, which may be a later one.
        let dossier = dossiers::readable(&mut tx, &actor, id).await?;
        let key = key(&dossier);
        let drawn = Arc::new(draw(&mut tx, dossier, reader, as_of, lens, today).await?);
        pages.keep(key, drawn.clone(), drawn.main.len() + drawn.sheet.len());
        drawn
    };
    let case = match reader {
        Reader::Owner => None,
        Reader::Cto | Reader::Committee { .. } => {
            Some(Case::load(&mut instance.db.read_autocommit().await?, &dossier).await?)
        }
    };
    web::page(&ReadinessPage { chrome, drawn, case })
}

/// `GET /dossiers/{id}/readiness.json`: what `evident assess` prints of the exported dossier. Signals are the
/// candidate's alone: to a CTO they are null, as what only people judge.
pub async fn readiness_json(
    Extract(instance): Extract<Instance>,
    actor: Actor,
    Id(id): Id,
    params: Params,
) -> Result<Response> {
    let mut tx = instance.db.read().await?;
    let dossier = dossiers::readable(&mut tx, &actor, id).await?;
    let reader = reader_of(&actor, &dossier)?;
    // There are no states, whatever is asked of them.
    if dossier.aim == Aim::E1ByChoice {
        return Err(Error::NotFound);
    }
    let (as_of, lens) = as_of_and_lens(&instance, params)?;
    let facts = facts_of(&mut tx, &dossier, reader).await?;
    drop(tx);
    let mut assessment = assess(dossier.framework()?, &facts, as_of, lens);
    if reader != Reader::Owner {
        for signal in &mut assessment.signals {
            let pitfall = std::mem::take(&mut signal.pitfall);
            *signal = Signal { pitfall, signal: None, matching: None, of: None };
        }
    }
    let text = serde_json::to_string_pretty(&assessment).map_err(anyhow::Error::from)? + "\n";
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}
