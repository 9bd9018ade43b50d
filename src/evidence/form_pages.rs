//! Logging and editing an entry: the form, its saves, and the drafts that save themselves.

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::actions;
use super::diff::{self, Naming};
use super::dossiers::{self, Dossier};
use super::form_page::FormPage;
use super::forms::EntryForm;
use super::naming::{self, Known};
use super::rows::on_row;
use super::saving::{self, Outcome};
use super::superseding::Weigh;
use super::{Entry, NamedAs, Status, developed, revisions};
use crate::accounts::Actor;
use crate::db::Tx;
use crate::error::{Error, FieldError, Result};
use crate::instance::Instance;
use crate::policy::EntryAct;
use crate::web::forms::Form;
use crate::web::path::Text;
use crate::web::query::{NoParams, Params};
use crate::web::typed::{Kept, Sent};
use crate::web::{self, Chrome, words};

/// What a form's page needs, loaded for a dossier.
async fn form_page(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    dossier: &Dossier,
    form: EntryForm,
    entry: Option<(Uuid, Status)>,
) -> Result<FormPage> {
    let framework = dossier.framework()?;
    let mut tx = instance.db.read().await?;
    let known = Known::load(&mut tx, actor, entry.map(|(id, _)| id), instance.today()).await?;
    Ok(FormPage {
        chrome,
        framework,
        known,
        levels: naming::levels(framework),
        form,
        id: entry.map(|(id, _)| id),
        status: entry.map_or(Status::Draft, |(_, status)| status),
        faults: Vec::new(),
        advice: Vec::new(),
        near: Vec::new(),
        stale: None,
        cost: None,
    })
}

/// `GET /evidence/new`
pub async fn new_page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
) -> Result<Response> {
    let dossier = dossiers::own(&instance, &actor).await?;
    let framework = dossier.framework()?;
    let (title, mut capabilities, criteria) =
        (params.one("title"), params.many("capability"), params.many("criterion"));
    if title.as_ref().is_some_and(|title| title.chars().count() > super::rules::TITLE) {
        params.fault("title", "A title has at most 200 characters.");
    }
    if capabilities.iter().any(|id| framework.capability(id).is_none()) {
        params.fault("capability", "This capability is not in your guide.");
    }
    for id in &criteria {
        match framework.criterion(id) {
            Some((capability, _)) => capabilities.push(capability.id.clone()),
            None => params.fault("criterion", "This criterion is not in your guide."),
        }
    }
    params.finish()?;
    let form = EntryForm::prefilled(title, capabilities, criteria);
    web::page(&form_page(&instance, &actor, chrome, &dossier, form, None).await?)
}

/// `GET /evidence/{id}/edit`
pub async fn edit_page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    _: NoParams,
    Text(id): Text,
) -> Result<Response> {
    let mut tx = instance.db.read().await?;
    let (dossier, entry) = actions::find(&mut tx, &actor, &id, EntryAct::Change).await?;
    let advice = advice(&mut tx, &dossier, &entry, instance.today()).await?;
    drop(tx);
    let about = Some((entry.id, entry.status));
    let mut page = form_page(&instance, &actor, chrome, &dossier, EntryForm::default(), about).await?;
    page.form = EntryForm::of(&entry.content, &page.known);
    page.form.revision = entry.revision.to_string();
    page.advice = advice;
    page.form.id = entry.id.to_string();
    web::page(&page)
}

/// What would keep an entry from being published as it is, and a draft tells already: somebody whom the candidate can't have
/// developed.
async fn advice(tx: &mut Tx, dossier: &Dossier, entry: &Entry, today: NaiveDate) -> Result<Vec<FieldError>> {
    let Some(from) = entry.content.from else { return Ok(Vec::new()) };
    let named = || entry.content.people.iter().enumerate().filter(|(_, n)| n.named_as == NamedAs::Developed);
    let people: Vec<Uuid> = named().map(|(_, named)| named.person).collect();
    let above = developed::above(tx, dossier, from, today, &people).await?;
    let names = revisions::names(tx, &[&entry.content]).await?;
    let advice = named().filter_map(|(row, named)| {
        let found = above.iter().find(|found| found.person == named.person)?;
        let name = names.get(&named.person).map_or("This person", String::as_str);
        Some(FieldError::new(on_row("name", row), found.said_of(name)))
    });
    Ok(advice.collect())
}

/// Keeps what was sent, or shows the form again with what is to be said first. What a material edit costs is said with the
/// help of `weigh`, so that the handlers are those of readiness.
///
/// # Errors
/// As [`saving::save`], but for what the form shows.
pub async fn saved(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    id: Option<&str>,
    form: EntryForm,
    weigh: Weigh,
) -> Result<Response> {
    // More rows were asked for, and nothing was sent to be kept.
    let more_rows = !form.add.is_empty();
    let how = form.saving(false);
    let outcome = match id {
        _ if more_rows => None,
        Some(id) => Some(saving::save(instance, actor, id, &form.read(), &how, Some(weigh)).await),
        None => Some(saving::create(instance, actor, &form.read(), &how, Some(weigh)).await),
    };
    let (outcome, faults) = match outcome {
        Some(Ok(Outcome::Kept(id, _))) => {
            return Ok(Redirect::to(&format!("/evidence/{id}")).into_response());
        }
        Some(Ok(outcome)) => (Some(outcome), Vec::new()),
        Some(Err(Error::Invalid(faults))) => (None, form.placed(faults)),
        Some(Err(error)) => return Err(error),
        None => (None, Vec::new()),
    };
    let (dossier, about) = match id {
        Some(id) => {
            let mut tx = instance.db.read().await?;
            let (dossier, entry) = actions::find(&mut tx, actor, id, EntryAct::Change).await?;
            (dossier, Some((entry.id, entry.status)))
        }
        None => (dossiers::own(instance, actor).await?, None),
    };
    let mut page = form_page(instance, actor, chrome, &dossier, form, about).await?;
    page.faults = faults;
    let status = match outcome {
        None if more_rows => StatusCode::OK,
        None | Some(Outcome::Kept(..)) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(Outcome::Near(near)) => {
            let message = "This looks like evidence that you have logged already: the same dates, and a title close to it.";
            page.faults = vec![FieldError::new("confirm_duplicate", message)];
            page.near = near;
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Some(Outcome::Costs(cost)) => {
            page.cost = Some(cost);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Some(Outcome::Stale(now, typed)) => {
            let mut tx = instance.db.read().await?;
            let people = revisions::names(&mut tx, &[&now.content, &typed]).await?;
            let naming = Naming { people: &people, framework: page.framework };
            let status = how.status(now.status).unwrap_or(now.status);
            let message = "This was changed elsewhere while you wrote. What you typed is still here; compare the two, and save again to keep it.";
            page.faults = vec![FieldError::new("stored", message)];
            let (stored, typed) = ((now.status, &now.content), (status, &*typed));
            page.stale = Some(diff::differences(stored, typed, naming, &mut { diff::SPARE }));
            page.form.revision = now.revision.to_string();
            page.form.id = now.id.to_string();
            (page.id, page.status) = (Some(now.id), now.status);
            StatusCode::CONFLICT
        }
    };
    web::page_with(status, &page)
}

/// `POST /evidence/draft`
pub async fn autosave_new(
    State(instance): State<Instance>,
    actor: Actor,
    sent: Option<Extension<Sent>>,
    Form(form): Form<EntryForm>,
) -> Result<Response> {
    let outcome = if form.id.is_empty() {
        saving::create(&instance, &actor, &form.read(), &form.saving(true), None).await
    } else {
        saving::save(&instance, &actor, &form.id, &form.read(), &form.saving(true), None).await
    };
    autosaved(&instance, &actor, &form, sent, outcome)
}

/// `POST /evidence/{id}/draft`
pub async fn autosave(
    State(instance): State<Instance>,
    actor: Actor,
    Text(id): Text,
    sent: Option<Extension<Sent>>,
    Form(form): Form<EntryForm>,
) -> Result<Response> {
    let outcome = saving::save(&instance, &actor, &id, &form.read(), &form.saving(true), None).await;
    autosaved(&instance, &actor, &form, sent, outcome)
}

/// Answers the script of the page.
fn autosaved(
    instance: &Instance,
    actor: &Actor,
    form: &EntryForm,
    sent: Option<Extension<Sent>>,
    outcome: Result<Outcome>,
) -> Result<Response> {
    match outcome {
        Ok(Outcome::Kept(id, revision)) => {
            let saved_at = words::time_of_day(&instance.now(), actor.zone(instance));
            // What was kept is said by its digest: a page forgets what it holds on this word alone.
            let kept = sent.map(|Extension(sent)| sent.digest);
            let answer = json!({"id": id, "saved_at": saved_at, "revision": revision, "kept": kept});
            let mut response = Json(answer).into_response();
            // Who has left the page by then hears it on the next one.
            response.extensions_mut().insert(Kept);
            Ok(response)
        }
        Ok(Outcome::Near(_) | Outcome::Stale(..) | Outcome::Costs(_)) | Err(Error::Conflict(_)) => {
            let detail = "This draft was changed elsewhere. Open it again to see it as it is now.";
            Ok((StatusCode::CONFLICT, Json(json!({"detail": detail}))).into_response())
        }
        Err(Error::Invalid(faults)) => {
            let answer = json!({"errors": form.placed(faults)});
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(answer)).into_response())
        }
        Err(error) => Err(error),
    }
}
