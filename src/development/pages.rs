//! The development plan's pages, for their owner alone.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{Days, NaiveDate};
use serde::Deserialize;
use strum::VariantArray;
use uuid::Uuid;

use super::Progress;
use super::actions::{self, ActionForm, ConversationForm, ProgressForm};
use super::store::{self, Conversation, PlanAction};
use crate::accounts::Actor;
use crate::dashboard::drawing::{SignalView, signals};
use crate::dashboard::responses;
use crate::dashboard::sources::{self, EntryLine};
use crate::dashboard::store::Reader;
use crate::dashboard::{cache, words};
use crate::db::Tx;
use crate::error::{Error, FieldError, Result};
use crate::evidence::Aim;
use crate::evidence::dossiers::Dossier;
use crate::framework::{Capability, Framework};
use crate::instance::Instance;
use crate::readiness::{Assessment, Lens, State as Standing};
use crate::web::forms::Form;
use crate::web::path::{Id, Text};
use crate::web::query::{NoParams, Params};
use crate::web::{self, Chrome};

/// How far ahead an action is due unless something else is typed.
const USUAL: Days = Days::new(90);

#[derive(Template)]
#[template(path = "development/page.html")]
struct PlanPage {
    chrome: Chrome,
    framework: &'static Framework,
    open: Vec<ActionView>,
    closed: Vec<ActionView>,
    conversations: Vec<Conversation>,
    /// What is offered from the gaps; empty for somebody who stays at E1 by choice.
    offers: Vec<Offer>,
    /// The questions to ask oneself; empty for somebody who stays at E1 by choice.
    signals: Vec<SignalView>,
    by_choice: bool,
    adding: ActionForm,
    talking: ConversationForm,
    /// What is typed of an answer to a signal: the pitfall and the text.
    answering: Option<(String, String)>,
    /// What was just kept.
    saved: Option<Part>,
    faults: Vec<FieldError>,
}

/// A part of the page that is saved by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, strum::EnumString, strum::VariantArray)]
#[strum(serialize_all = "lowercase")]
pub(super) enum Part {
    Plan,
    Conversations,
    Signals,
}

pub(super) fn saved(part: Part) -> Response {
    Redirect::to(&format!("/development?saved={part}#{part}")).into_response()
}

/// An action as the page shows it.
struct ActionView {
    action: PlanAction,
    capability: Option<&'static Capability>,
    /// The entry that closed it, and its title.
    entry: Option<(Uuid, String)>,
    overdue: bool,
}

/// Development actions for a capability with gaps.
struct Offer {
    capability: &'static Capability,
    why: String,
    /// Actions of the guide that are in the plan neither open nor done.
    actions: Vec<(&'static str, &'static str)>,
}

impl PlanPage {
    /// Whether what is typed of a conversation came back with a fault.
    fn wrote(&self) -> bool {
        self.faults
            .iter()
            .any(|fault| ["on", "with", "notes", "next"].iter().any(|field| fault.field == field))
    }

    fn closed_in_words(&self) -> String {
        web::words::count(self.closed.len() as u64, "action", "actions")
    }

    /// What stands in the field of an answer: what was typed, or what was answered before.
    fn answer<'a>(&'a self, view: &'a SignalView) -> &'a str {
        match &self.answering {
            Some((pitfall, text)) if *pitfall == view.id => text,
            _ => view.answer.as_ref().map_or("", |answer| &answer.text),
        }
    }
}

/// `GET /development`
pub async fn page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
) -> Result<Response> {
    let dossier = actions::own(&instance, &actor).await?;
    let framework = dossier.framework()?;
    let saved = params.word("saved");
    let capability = params.one("capability").unwrap_or_default();
    let by = params.date("by");
    if !capability.is_empty() && framework.capability(&capability).is_none() {
        params.fault("capability", "Choose one of the framework’s capabilities.");
    }
    params.finish()?;
    let mut page = gathered(&instance, &dossier, chrome).await?;
    page.saved = saved;
    page.adding.capability = capability;
    if let Some(by) = by.filter(|by| *by >= instance.today()) {
        page.adding.due = by.to_string();
    }
    web::page(&page)
}

async fn gathered(instance: &Instance, dossier: &Dossier, chrome: Chrome) -> Result<PlanPage> {
    let framework = dossier.framework()?;
    let today = instance.today();
    let mut tx = instance.db.read().await?;
    let plan = store::plan(&mut tx, dossier.id).await?;
    let entries = sources::final_entries(&mut tx, dossier.id).await?;
    let conversations = store::conversations(&mut tx, dossier.id).await?;
    let by_choice = dossier.aim == Aim::E1ByChoice;
    let (offers, signals) = if by_choice {
        (Vec::new(), Vec::new())
    } else {
        from_readiness(&mut tx, instance, dossier, &plan).await?
    };
    drop(tx);
    let titles: HashMap<Uuid, String> = entries.into_iter().map(|entry| (entry.id, entry.title)).collect();
    let view = |action: PlanAction| ActionView {
        capability: action.capability.as_deref().and_then(|id| framework.capability(id)),
        entry: action.entry_id.and_then(|id| Some((id, titles.get(&id)?.clone()))),
        overdue: !action.state.is_closed() && action.due_date < today,
        action,
    };
    let (closed, open): (Vec<_>, Vec<_>) =
        plan.into_iter().map(view).partition(|view| view.action.state.is_closed());
    let with = conversations.first().map(|last| last.with_whom.clone()).unwrap_or_default();
    Ok(PlanPage {
        chrome,
        framework,
        open,
        closed,
        conversations,
        offers,
        signals,
        by_choice,
        adding: ActionForm { due: usual(today), ..ActionForm::default() },
        talking: ConversationForm { on: today.to_string(), with, ..ConversationForm::default() },
        answering: None,
        saved: None,
        faults: Vec::new(),
    })
}

fn usual(today: NaiveDate) -> String {
    today.checked_add_days(USUAL).unwrap_or(today).to_string()
}

/// What is offered from the gaps, and the signals with their answers.
async fn from_readiness(
    tx: &mut Tx,
    instance: &Instance,
    dossier: &Dossier,
    plan: &[PlanAction],
) -> Result<(Vec<Offer>, Vec<SignalView>)> {
    let framework = dossier.framework()?;
    let one = std::slice::from_ref(dossier);
    let found = cache::assessed(tx, instance, one, Reader::Owner, instance.today(), Lens::All).await?;
    let answers = responses::of(tx, dossier.id).await?;
    let Some(assessment) = found.first() else { return Ok((Vec::new(), Vec::new())) };
    Ok((offers(framework, assessment, plan), signals(framework, assessment, answers)))
}

fn offers(framework: &'static Framework, assessment: &Assessment, plan: &[PlanAction]) -> Vec<Offer> {
    let planned = |id: &str| {
        plan.iter().any(|action| action.action.as_deref() == Some(id) && action.state != Progress::Dropped)
    };
    let gaps = framework.capabilities.iter().zip(&assessment.capabilities);
    gaps.filter(|(_, found)| !matches!(found.state, Standing::Sustained | Standing::Established))
        .map(|(capability, found)| Offer {
            capability,
            why: found
                .gaps
                .iter()
                .map(|gap| format!("{} {}", gap.kind().title(), words::gap(gap)).trim().to_owned())
                .collect::<Vec<_>>()
                .join(" · "),
            actions: capability
                .development_actions
                .iter()
                .filter(|action| !planned(&action.id))
                .map(|action| (action.id.as_str(), action.text.as_str()))
                .collect(),
        })
        .filter(|offer| !offer.actions.is_empty())
        .collect()
}

/// What was wrong, beside the page as it was typed.
async fn again(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    error: Error,
    typed: impl FnOnce(&mut PlanPage),
) -> Result<Response> {
    let Error::Invalid(faults) = error else { return Err(error) };
    let dossier = actions::own(instance, actor).await?;
    let mut page = gathered(instance, &dossier, chrome).await?;
    page.faults = faults;
    typed(&mut page);
    web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// `POST /development/actions`
pub async fn plan(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Form(mut form): Form<ActionForm>,
) -> Result<Response> {
    // What is offered is taken with one button; its day can be changed later.
    if form.due.is_empty() && !form.action.is_empty() {
        form.due = usual(instance.today());
    }
    match actions::plan(&instance, &actor, &form).await {
        Ok(_) => Ok(saved(Part::Plan)),
        Err(error) => again(&instance, &actor, chrome, error, |page| page.adding = form).await,
    }
}

/// `POST /development/conversations`
pub async fn write_down(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Form(form): Form<ConversationForm>,
) -> Result<Response> {
    match actions::write_down(&instance, &actor, &form).await {
        Ok(_) => Ok(saved(Part::Conversations)),
        Err(error) => again(&instance, &actor, chrome, error, |page| page.talking = form).await,
    }
}

/// An answer to a signal.
#[derive(Debug, Deserialize)]
pub struct ResponseForm {
    #[serde(default)]
    text: String,
}

/// `POST /development/signals/{pitfall}`
pub async fn respond(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Text(pitfall): Text,
    Form(form): Form<ResponseForm>,
) -> Result<Response> {
    match responses::respond(&instance, &actor, &pitfall, &form.text).await {
        Ok(()) => Ok(saved(Part::Signals)),
        Err(error) => {
            again(&instance, &actor, chrome, error, |page| page.answering = Some((pitfall, form.text))).await
        }
    }
}

#[derive(Template)]
#[template(path = "development/action.html")]
struct ActionPage {
    chrome: Chrome,
    action: PlanAction,
    capability: Option<&'static Capability>,
    entries: Vec<EntryLine>,
    form: ProgressForm,
    faults: Vec<FieldError>,
}

async fn action_page(instance: &Instance, actor: &Actor, chrome: Chrome, id: Uuid) -> Result<ActionPage> {
    let dossier = actions::own(instance, actor).await?;
    let mut tx = instance.db.read().await?;
    let action = store::action(&mut tx, dossier.id, id).await?.ok_or(Error::NotFound)?;
    let framework = dossier.framework()?;
    Ok(ActionPage {
        chrome,
        capability: action.capability.as_deref().and_then(|id| framework.capability(id)),
        entries: sources::final_entries(&mut tx, dossier.id).await?,
        form: ProgressForm::of(&action),
        action,
        faults: Vec::new(),
    })
}

/// `GET /development/actions/{id}`
pub async fn action(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    _: NoParams,
) -> Result<Response> {
    web::page(&action_page(&instance, &actor, chrome, id).await?)
}

/// `POST /development/actions/{id}`
pub async fn progress(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    Form(form): Form<ProgressForm>,
) -> Result<Response> {
    match actions::progress(&instance, &actor, id, &form).await {
        Ok(()) => Ok(saved(Part::Plan)),
        Err(Error::Invalid(faults)) => {
            let page = action_page(&instance, &actor, chrome, id).await?;
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &ActionPage { form, faults, ..page })
        }
        Err(error) => Err(error),
    }
}

/// `POST /development/actions/{id}/removal`
pub async fn remove_action(State(instance): State<Instance>, actor: Actor, Id(id): Id) -> Result<Response> {
    actions::remove_action(&instance, &actor, id).await?;
    Ok(saved(Part::Plan))
}
