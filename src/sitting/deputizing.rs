//! The deputizing log: what a Director did in the CTO's place, from their published entries, each confirmed by the CTO with a
//! click.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use crate::accounts::Actor;
use crate::audit::{Change, Event};
use crate::corroboration::answer_store;
use crate::corroboration::answering::confirmed_otherwise;
use crate::corroboration::links::Opener;
use crate::dashboard::store::{self, Reader};
use crate::db::{self, Tx};
use crate::error::{Error, Result};
use crate::evidence::dossiers::{self, Dossier};
use crate::evidence::visibility::{READS_ENTRY, Viewer};
use crate::evidence::{is_taken_back, stands};
use crate::instance::Instance;
use crate::notices::{self, Notice};
use crate::policy::{self, Decision, DossierAct, SittingAct};
use crate::readiness::Reading;
use crate::web::forms::Form;
use crate::web::path::Id;
use crate::web::query::NoParams;
use crate::web::words::{day, list, period};
use crate::web::{self, Chrome};

/// An entry of the log.
#[derive(sqlx::FromRow)]
struct Stood {
    id: Uuid,
    title: String,
    from_date: NaiveDate,
    to_date: Option<NaiveDate>,
    from_is_month: bool,
    to_is_month: bool,
    ongoing: bool,
    revision: i64,
    /// The revision that the viewer confirmed, if they did.
    confirmed: Option<i64>,
}

/// An entry of the log, as the page shows it.
struct Line {
    stood: Stood,
    when: String,
    /// Which CTOs confirmed it, and when.
    confirmed_by: String,
}

impl Line {
    /// Whether the viewer has confirmed it as it is.
    fn is_confirmed(&self) -> bool {
        self.stood.confirmed == Some(self.stood.revision)
    }
}

#[derive(Template)]
#[template(path = "sitting/deputizing.html")]
struct DeputizingPage {
    chrome: Chrome,
    dossier: Dossier,
    owner: bool,
    /// Whether the viewer may confirm.
    may: bool,
    lines: Vec<Line>,
}

/// The final entries in the CTO's place that the viewer may read, the latest first.
async fn stood_in(tx: &mut Tx, actor: &Actor, dossier: Uuid) -> db::Result<Vec<Stood>> {
    let sql = format!(
        "select e.id, e.title, e.from_date, e.to_date, e.from_is_month, e.to_is_month, e.ongoing, e.revision, \
         (select max(c.revision) from corroborations c where c.entry_id = e.id and c.person_id = $4 \
         and c.answer = 'confirmed' and c.superseded_on is null and {} \
         and not {}) as confirmed \
         from entries e join dossiers d on d.id = e.dossier_id \
         where {READS_ENTRY} and e.dossier_id = $3 and e.status = 'final' and e.for_cto \
         order by e.from_date desc, e.id desc",
        stands("c"),
        is_taken_back("c")
    );
    Viewer::from(actor).bind(tx.query_built(sql)).bind(dossier).bind(actor.person).all().await
}

/// `GET /dossiers/{id}/deputizing`
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
    let stood = stood_in(&mut tx, &actor, id).await?;
    let reader = if state.owner { Reader::Owner } else { Reader::Cto };
    let facts = store::facts(&mut tx, &[id], reader).await?.pop().map(|(_, facts)| facts);
    let names = crate::dashboard::sources::voices(&mut tx, id).await?;
    let mut confirmed: HashMap<String, String> = HashMap::new();
    if let Some(facts) = &facts {
        let reading = Reading::new(dossier.framework()?, facts, instance.today());
        for (place, entry) in facts.entries.iter().enumerate() {
            let name =
                |person: usize| names.get(&*facts.people[person].id).map_or("somebody", String::as_str);
            let by: Vec<String> = reading
                .confirmed_as_cto(place)
                .into_iter()
                .map(|(by, on)| format!("{}, {}", name(by.0 as usize), day(&on)))
                .collect();
            confirmed.insert(entry.id.to_string(), list(&by));
        }
    }
    let line = |stood: Stood| Line {
        when: period(
            (stood.from_date, stood.from_is_month),
            stood.to_date.map(|to| (to, stood.to_is_month)),
            stood.ongoing,
        ),
        confirmed_by: confirmed.remove(&stood.id.to_string()).unwrap_or_default(),
        stood,
    };
    let may = policy::decide(&actor.roles, SittingAct::Hold(state)) == Decision::Allow;
    let lines = stood.into_iter().map(line).collect();
    web::page(&DeputizingPage { chrome, owner: state.owner, may, lines, dossier })
}

/// The entry that is confirmed, as it was read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ConfirmForm {
    entry: String,
    revision: String,
}

/// `POST /dossiers/{id}/deputizing`: the CTO confirms one entry of the log.
pub async fn confirm(
    State(instance): State<Instance>,
    actor: Actor,
    opener: Opener,
    Id(id): Id,
    Form(form): Form<ConfirmForm>,
) -> Result<Response> {
    let mut change = Change::begin(&instance, &actor).await?;
    let dossier = dossiers::readable(change.tx(), &actor, id).await?;
    policy::decide(&actor.roles, SittingAct::Hold(dossier.state(&actor))).require()?;
    opener.require_other(change.tx(), &instance, dossier.owner_account).await?;
    dossiers::lock(change.tx(), id).await?;
    let entry = web::path::id(&form.entry)?;
    let log = stood_in(change.tx(), &actor, id).await?;
    let stood = log.into_iter().find(|stood| stood.id == entry).ok_or(Error::NotFound)?;
    if form.revision.parse() != Ok(stood.revision) {
        return Err(Error::Conflict(
            "This entry was changed since you opened the page. Read it as it is now, then confirm it.".into(),
        ));
    }
    if stood.confirmed != Some(stood.revision) {
        let at = change.at();
        let answer = instance.ids.new_id(at);
        let (revision, today) = (stood.revision, instance.today());
        let on = answer_store::confirm(change.tx(), answer, entry, actor.person, revision, today, at).await?;
        confirmed_otherwise(&mut change, entry, actor.person).await?;
        dossiers::touch(change.tx(), id).await?;
        let path = format!("/dossiers/{id}/deputizing#entry-{entry}");
        let (kind, by) = (notices::Kind::Answered, Some(actor.person));
        let notice = Notice { to: dossier.owner_account, kind, about: answer, by, path };
        notices::tell(&mut change, notice).await?;
        change.record(Event::EntryConfirmed, Some(entry), &(actor.person, stood.revision, on));
        change.commit().await?;
    }
    Ok(Redirect::to(&format!("/dossiers/{id}/deputizing#entry-{entry}")).into_response())
}
