//! Logging and editing an entry: the form, its saves, and the drafts that save themselves.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;
use strum::VariantArray;
use uuid::Uuid;

use super::actions::{self, Outcome, Saving};
use super::diff::{self, Difference, Naming, Part};
use super::dossiers::{self, Dossier};
use super::forms::EntryForm;
use super::naming::{self, Known, TypedPerson};
use super::{Audience, Conduct, NamedAs, Scope, Setting, Status, revisions};
use crate::accounts::Actor;
use crate::accounts::policy::Act;
use crate::error::{Error, FieldError, Result};
use crate::framework::Framework;
use crate::instance::Instance;
use crate::people::Organization;
use crate::web::forms::Form;
use crate::web::path::Text;
use crate::web::query::{NoParams, Params};
use crate::web::{self, Chrome};

#[derive(Template)]
#[template(path = "evidence/form.html")]
struct FormPage {
    chrome: Chrome,
    framework: &'static Framework,
    known: Known,
    levels: Vec<String>,
    form: EntryForm,
    /// The entry that is edited; none while it is new.
    id: Option<Uuid>,
    status: Status,
    faults: Vec<FieldError>,
    near: Vec<(Uuid, String)>,
    /// What was typed beside what is stored now, after somebody was quicker.
    stale: Option<Vec<Difference>>,
}

/// A field's place in the page: its id, heading, hint and text.
struct Narrative<'p> {
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    text: &'p str,
}

/// A choice of one answer: field, question, values with their names, the present value.
type Choice<'p> = (&'static str, &'static str, Vec<(&'static str, &'static str)>, &'p str);

impl FormPage {
    /// The faults of a field, or of a row's field.
    fn said(&self, field: &str) -> Vec<&str> {
        self.faults.iter().filter(|fault| fault.field == field).map(|fault| fault.message.as_str()).collect()
    }

    fn wrong(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.field == field)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand their fields over by reference")]
    fn wrong_row(&self, field: &str, row: &usize) -> bool {
        self.wrong(&format!("{field}-{row}"))
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand their fields over by reference")]
    fn said_row(&self, field: &str, row: &usize) -> Vec<&str> {
        self.said(&format!("{field}-{row}"))
    }

    fn rows(&self) -> Vec<TypedPerson> {
        self.form.rows_to_show()
    }

    /// Whether a row shows what is asked of somebody new.
    fn is_new(&self, row: &TypedPerson) -> bool {
        row.is_described()
            || ["organization", "works-at", "level", "domain"]
                .iter()
                .any(|field| self.wrong_row(field, &row.row))
    }

    /// The id of a criterion as part of an element's id.
    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn dashed(&self, criterion: &str) -> String {
        criterion.replace('/', "-")
    }

    fn has_capability(&self, id: &str) -> bool {
        self.form.capability.iter().any(|chosen| chosen == id)
    }

    fn has_criterion(&self, id: &str) -> bool {
        self.form.criterion.iter().any(|chosen| chosen == id)
    }

    fn narratives(&self) -> [Narrative<'_>; 4] {
        [
            Narrative {
                id: "situation",
                label: "How did things stand?",
                hint: "",
                text: &self.form.situation,
            },
            Narrative { id: "action", label: "What did you do?", hint: "", text: &self.form.action },
            Narrative {
                id: "impact",
                label: "What came of it?",
                hint: "For the company rather than for your domain.",
                text: &self.form.impact,
            },
            Narrative {
                id: "domain_cost",
                label: "What did your own domain give up for it?",
                hint: "For work across domains: people, money, a date.",
                text: &self.form.domain_cost,
            },
        ]
    }

    /// The questions that have one answer of several.
    fn choices(&self) -> [Choice<'_>; 3] {
        [
            (
                "scope",
                "How far did it reach?",
                Scope::VARIANTS.iter().map(|value| (value.into(), value.title())).collect(),
                &self.form.scope,
            ),
            (
                "conduct",
                "How was it done?",
                Conduct::VARIANTS.iter().map(|value| (value.into(), value.title())).collect(),
                &self.form.conduct,
            ),
            (
                "setting",
                "Where was it seen?",
                Setting::VARIANTS.iter().map(|value| (value.into(), value.title())).collect(),
                &self.form.setting,
            ),
        ]
    }

    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn parts(&self) -> Vec<(&'static str, &'static str)> {
        NamedAs::VARIANTS.iter().map(|value| (value.into(), value.title())).collect()
    }

    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn organizations(&self) -> [(&'static str, &'static str); 2] {
        [(Organization::Internal.into(), "In the company"), (Organization::External.into(), "Elsewhere")]
    }

    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn audiences(&self) -> [(&'static str, &'static str, &'static str); 2] {
        [
            (Audience::Dossier.into(), Audience::Dossier.title(), ""),
            (
                Audience::Cto.into(),
                Audience::Cto.title(),
                "It counts once a CTO confirms it. Others then see that it exists, and nothing of it.",
            ),
        ]
    }

    fn has_audience(&self, value: &str) -> bool {
        let default = <&str>::from(Audience::Dossier);
        self.form.audience == value || self.form.audience.is_empty() && value == default
    }

    fn is_draft(&self) -> bool {
        self.status == Status::Draft
    }

    fn heading(&self) -> &'static str {
        match (self.id, self.status) {
            (None, _) => "Log evidence",
            (Some(_), Status::Draft) => "Edit the draft",
            (Some(_), Status::Final | Status::Withdrawn) => "Edit evidence",
        }
    }

    fn publish_label(&self) -> &'static str {
        match self.status {
            Status::Draft => "Save and publish",
            Status::Final => "Save changes",
            Status::Withdrawn => "Publish again",
        }
    }

    /// Where the form goes.
    fn action(&self) -> String {
        self.id.map_or_else(|| "/evidence".into(), |id| format!("/evidence/{id}"))
    }

    /// Where the draft saves itself.
    fn autosave(&self) -> String {
        self.id.map_or_else(|| "/evidence/draft".into(), |id| format!("/evidence/{id}/draft"))
    }

    /// Whether something in these fields was answered or is wrong, so that their part stands open.
    fn opens(&self, part: &str) -> bool {
        let form = &self.form;
        let wrong = |fields: &[&str]| {
            self.faults.iter().any(|fault| fields.iter().any(|f| fault.field.starts_with(f)))
        };
        match part {
            "people" => {
                wrong(&["person", "as-", "organization", "works-at", "level", "domain-", "people"])
                    || !form.add.is_empty()
                    || form.person.iter().any(|name| !name.is_empty())
            }
            "links" => wrong(&["links"]) || !form.links.is_empty(),
            "details" => {
                wrong(&["scope", "conduct", "setting", "horizon", "for_cto"])
                    || [&form.scope, &form.conduct, &form.setting, &form.horizon_years, &form.for_cto]
                        .iter()
                        .any(|field| !field.is_empty())
            }
            _ => wrong(&["audience"]) || !self.has_audience(Audience::Dossier.into()),
        }
    }
}

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
        near: Vec::new(),
        stale: None,
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
    let (dossier, entry) = actions::find(&mut tx, &actor, &id, Act::ChangeEntry).await?;
    drop(tx);
    let about = Some((entry.id, entry.status));
    let mut page = form_page(&instance, &actor, chrome, &dossier, EntryForm::default(), about).await?;
    page.form = EntryForm::of(&entry.content, &page.known);
    page.form.revision = entry.revision.to_string();
    web::page(&page)
}

/// `POST /evidence`
pub async fn create(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Form(form): Form<EntryForm>,
) -> Result<Response> {
    // A draft that saved itself while its page was open has an id by now.
    let id = Some(form.id.clone()).filter(|id| !id.is_empty());
    saved(&instance, &actor, chrome, id.as_deref(), form).await
}

/// `POST /evidence/{id}`
pub async fn save(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Text(id): Text,
    Form(form): Form<EntryForm>,
) -> Result<Response> {
    saved(&instance, &actor, chrome, Some(&id), form).await
}

async fn saved(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    id: Option<&str>,
    form: EntryForm,
) -> Result<Response> {
    // More rows were asked for, and nothing was sent to be kept.
    let more_rows = !form.add.is_empty();
    let outcome = match id {
        _ if more_rows => None,
        Some(id) => Some(actions::save(instance, actor, id, &form, Saving::Asked).await),
        None => Some(actions::create(instance, actor, &form, Saving::Asked).await),
    };
    let (outcome, faults) = match outcome {
        Some(Ok(Outcome::Kept(id, _))) => {
            return Ok(Redirect::to(&format!("/evidence/{id}")).into_response());
        }
        Some(Ok(outcome)) => (Some(outcome), Vec::new()),
        Some(Err(Error::Invalid(faults))) => (None, faults),
        Some(Err(error)) => return Err(error),
        None => (None, Vec::new()),
    };
    let (dossier, about) = match id {
        Some(id) => {
            let mut tx = instance.db.read().await?;
            let (dossier, entry) = actions::find(&mut tx, actor, id, Act::ChangeEntry).await?;
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
        Some(Outcome::Stale(now, typed)) => {
            let mut tx = instance.db.read().await?;
            let people = revisions::names(&mut tx, &[&now.content, &typed]).await?;
            let naming = Naming { people: &people, framework: page.framework };
            let status = page.form.status(now.status).unwrap_or(now.status);
            let message = "This was changed elsewhere while you wrote. What you typed is still here; compare the two, and save again to keep it.";
            page.faults = vec![FieldError::new("stored", message)];
            page.stale = Some(diff::differences((now.status, &now.content), (status, &typed), naming));
            page.form.revision = now.revision.to_string();
            StatusCode::CONFLICT
        }
    };
    web::page_with(status, &page)
}

/// `POST /evidence/draft`
pub async fn autosave_new(
    State(instance): State<Instance>,
    actor: Actor,
    Form(form): Form<EntryForm>,
) -> Result<Response> {
    if form.id.is_empty() {
        autosaved(&instance, actions::create(&instance, &actor, &form, Saving::Itself).await)
    } else {
        autosaved(&instance, actions::save(&instance, &actor, &form.id, &form, Saving::Itself).await)
    }
}

/// `POST /evidence/{id}/draft`
pub async fn autosave(
    State(instance): State<Instance>,
    actor: Actor,
    Text(id): Text,
    Form(form): Form<EntryForm>,
) -> Result<Response> {
    autosaved(&instance, actions::save(&instance, &actor, &id, &form, Saving::Itself).await)
}

/// Answers the script of the page.
fn autosaved(instance: &Instance, outcome: Result<Outcome>) -> Result<Response> {
    match outcome {
        Ok(Outcome::Kept(id, revision)) => {
            let saved_at = instance.now().with_timezone(&instance.settings.zone).format("%H:%M").to_string();
            Ok(Json(json!({"id": id, "saved_at": saved_at, "revision": revision})).into_response())
        }
        Ok(Outcome::Near(_) | Outcome::Stale(..)) | Err(Error::Conflict(_)) => {
            let detail = "This draft was changed elsewhere. Open it again to see it as it is now.";
            Ok((StatusCode::CONFLICT, Json(json!({"detail": detail}))).into_response())
        }
        Err(Error::Invalid(faults)) => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"errors": faults}))).into_response())
        }
        Err(error) => Err(error),
    }
}
