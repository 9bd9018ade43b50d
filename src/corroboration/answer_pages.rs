//! One answer about an entry, for the entry's owner and CTOs: what was said about which revision, the owner's reply, and
//! a CTO's settlement.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::replies::{self, Found};
use super::shown::{self, ShownEntry};
use crate::accounts::Actor;
use crate::error::{Error, FieldError, Result};
use crate::evidence::{REPLY_DAYS, revisions};
use crate::instance::Instance;
use crate::policy::{Decision, VoiceAct, decide};
use crate::web::forms::Form;
use crate::web::path::Id;
use crate::web::query::Params;
use crate::web::{self, Chrome, words};

#[derive(Template)]
#[template(path = "corroboration/answer.html")]
struct AnswerPage {
    chrome: Chrome,
    found: Found,
    name: String,
    owner: bool,
    /// Whether the viewer may settle it now.
    settles: bool,
    /// The entry as it was answered, where it has changed since.
    earlier: Option<ShownEntry>,
    /// Until when a differing account is the owner's and CTOs' alone.
    kept_back_until: Option<NaiveDate>,
    reply: String,
    reason: String,
    /// Whether something was just kept.
    kept: bool,
    faults: Vec<FieldError>,
}

/// `GET /corroborations/{id}`
pub async fn page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
    Id(id): Id,
) -> Result<Response> {
    let kept = params.number("kept", 1, 1).is_some();
    let page = params.page();
    params.finish()?;
    let page = gathered(&instance, &actor, chrome, id, page).await?;
    web::page(&AnswerPage { kept, ..page })
}

async fn gathered(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    id: Uuid,
    page: usize,
) -> Result<AnswerPage> {
    let mut tx = instance.db.read().await?;
    let found = replies::find(&mut tx, actor, id).await?;
    let names = shown::names(&mut tx, &[found.person]).await?;
    let name = names.get(&found.person).cloned().unwrap_or_default();
    let revision = found.answer().revision;
    let before = revisions::at(&mut tx, found.entry.id, revision).await?;
    let changed = before.is_some_and(|before| before.differs_materially(&found.entry.content));
    let mut earlier = if changed {
        Some(shown::entry(&mut tx, found.dossier.framework()?, found.entry.id, revision, true).await?)
    } else {
        None
    };
    drop(tx);
    if let Some(earlier) = &mut earlier {
        earlier.set(instance, actor.account, &format!("/corroborations/{id}"), page).await?;
    }
    let own = found.person == actor.person;
    let settles = found.is_open()
        && decide(&actor.roles, VoiceAct::SettleAccount(found.state(actor), own)) == Decision::Allow;
    let until = found.answer().on_date + chrono::TimeDelta::days(REPLY_DAYS);
    let kept_back_until = Some(until).filter(|until| found.is_open() && *until > instance.today());
    Ok(AnswerPage {
        chrome,
        name,
        owner: found.dossier.owner_account == actor.account,
        settles,
        earlier,
        kept_back_until,
        reply: found.answer().reply.clone(),
        reason: String::new(),
        kept: false,
        faults: Vec::new(),
        found,
    })
}

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ReplyForm {
    #[serde(default)]
    reply: String,
    #[serde(default)]
    reason: String,
}

/// `POST /corroborations/{id}/reply`
pub async fn reply(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    Form(form): Form<ReplyForm>,
) -> Result<Response> {
    let done = replies::reply(&instance, &actor, id, &form.reply).await;
    answered(&instance, &actor, chrome, id, done, form).await
}

/// `POST /corroborations/{id}/settlement`
pub async fn settle(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    Form(form): Form<ReplyForm>,
) -> Result<Response> {
    let done = replies::settle(&instance, &actor, id, &form.reason).await;
    answered(&instance, &actor, chrome, id, done, form).await
}

async fn answered(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    id: Uuid,
    done: Result<()>,
    form: ReplyForm,
) -> Result<Response> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/corroborations/{id}?kept=1")).into_response()),
        Err(Error::Invalid(faults)) => {
            let page = gathered(instance, actor, chrome, id, 1).await?;
            let page = AnswerPage { faults, reply: form.reply, reason: form.reason, ..page };
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}
