//! Where people arrive: a candidate at their dossier, others at what they are here for.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;

use crate::accounts::{Actor, Role};
use crate::dashboard::grids::{Links, MonthTable};
use crate::dashboard::sources::{self, DraftLine, EntryLine};
use crate::dashboard::store::{self, Reader};
use crate::dashboard::view::{Card, Known, cards};
use crate::dashboard::words;
use crate::error::{Error, Result};
use crate::evidence::Aim;
use crate::evidence::dossiers::{self, Dossier};
use crate::framework::Framework;
use crate::instance::Instance;
use crate::notices::pages::Waiting;
use crate::readiness::{Lens, Reading};
use crate::review::{self, CheckInKind};
use crate::web::query::NoParams;
use crate::web::{self, Chrome};

/// How many of the latest entries are shown.
const RECENT: usize = 5;

#[derive(Template)]
#[template(path = "site/home.html")]
struct HomePage {
    chrome: Chrome,
    dossier: Dossier,
    framework: &'static Framework,
    today: NaiveDate,
    zone: chrono_tz::Tz,
    /// The latest draft, and how many more there are.
    draft: Option<DraftLine>,
    more_drafts: usize,
    recent: Vec<EntryLine>,
    entries: u64,
    checked_in: Option<NaiveDate>,
    /// What is asked of them.
    asked: Waiting,
    /// None for somebody who stays at E1 by choice.
    standing: Option<Standing>,
}

/// How far the evidence carries, for who wants to know.
struct Standing {
    headline: String,
    cards: Vec<Card>,
    months: MonthTable,
}

/// `GET /`
pub async fn home(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    _: NoParams,
) -> Result<Response> {
    let elsewhere = [(Role::Cto, "/dossiers"), (Role::Committee, "/committee"), (Role::Admin, "/admin")];
    if actor.is(Role::Candidate) {
        return candidate(&instance, &actor, chrome).await;
    }
    let found = elsewhere.into_iter().find(|(role, _)| actor.is(*role));
    Ok(Redirect::to(found.map_or("/settings", |(_, address)| address)).into_response())
}

async fn candidate(instance: &Instance, actor: &Actor, chrome: Chrome) -> Result<Response> {
    let dossier = dossiers::own(instance, actor).await?;
    let framework = dossier.framework()?;
    let today = instance.today();
    let mut tx = instance.db.read().await?;
    let entries = sources::final_entries(&mut tx, dossier.id).await?;
    let drafts = sources::drafts(&mut tx, dossier.id).await?;
    let check_ins = review::store::check_ins(&mut tx, dossier.id).await?;
    let standing = if dossier.aim == Aim::E1ByChoice {
        None
    } else {
        let facts = store::facts(&mut tx, &[dossier.id], Reader::Owner).await?.pop();
        let (_, facts) = facts.ok_or(Error::NotFound)?;
        let reading = Reading::new(framework, &facts, today);
        let assessment = reading.assess(Lens::All);
        let headline = if entries.is_empty() {
            "Nothing counts yet. Begin with something you did this month.".into()
        } else {
            words::headline(framework, &assessment)
        };
        Some(Standing {
            headline,
            cards: cards(&reading, &assessment, &Known::default()),
            months: MonthTable::of(&reading, Lens::All, Links::List),
        })
    };
    let asked = Waiting::load(&mut tx, instance, actor).await?;
    drop(tx);
    let page = HomePage {
        chrome,
        dossier,
        framework,
        today,
        zone: actor.zone(instance),
        more_drafts: drafts.len().saturating_sub(1),
        draft: drafts.into_iter().next(),
        entries: entries.len() as u64,
        recent: entries.into_iter().take(RECENT).collect(),
        checked_in: check_ins.iter().find(|c| c.kind == CheckInKind::SelfAssessment).map(|c| c.on),
        standing,
        asked,
    };
    web::page(&page)
}
