//! The page on which a milestone is corrected: by another that stands in its place, or by saying that it did not happen.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use strum::VariantArray as _;
use uuid::Uuid;

use super::forms::MilestoneForm;
use super::{actions, viewer};
use crate::accounts::Actor;
use crate::error::{Error, FieldError, Result};
use crate::instance::Instance;
use crate::people::MilestoneKind;
use crate::people::store::{self, Milestone, Person};
use crate::web::forms::{self, Form};
use crate::web::path::Id;
use crate::web::query::NoParams;
use crate::web::{self, Chrome, words};

#[derive(Template)]
#[template(path = "directory/correction.html")]
struct CorrectionPage {
    chrome: Chrome,
    person: Person,
    milestone: Milestone,
    form: MilestoneForm,
    faults: Vec<FieldError>,
}

impl CorrectionPage {
    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn kinds(&self) -> &'static [MilestoneKind] {
        MilestoneKind::VARIANTS
    }
}

/// `GET /milestones/{id}/correction`
pub async fn page(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    Id(id): Id,
    _: NoParams,
) -> Result<Response> {
    web::page(&correction(&instance, chrome, &actor, id, None).await?)
}

async fn correction(
    instance: &Instance,
    chrome: Chrome,
    actor: &Actor,
    id: Uuid,
    typed: Option<(MilestoneForm, Vec<FieldError>)>,
) -> Result<CorrectionPage> {
    let mut tx = instance.db.read().await?;
    let milestone = actions::correctable(&mut tx, actor, id).await?;
    let person = store::find(&mut tx, viewer(actor), milestone.person_id).await?.ok_or(Error::NotFound)?;
    let (form, faults) = typed.unwrap_or_else(|| {
        let form = MilestoneForm {
            on: milestone.on_date.to_string(),
            kind: milestone.kind.unwrap_or(MilestoneKind::Other).to_string(),
            what: milestone.what.clone(),
            happened: String::new(),
        };
        (form, Vec::new())
    });
    Ok(CorrectionPage { chrome, person, milestone, form, faults })
}

/// `POST /milestones/{id}/correction`
pub async fn correct(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    Id(id): Id,
    Form(form): Form<MilestoneForm>,
) -> Result<Response> {
    let outcome = actions::correct_milestone(&instance, &actor, id, &form.read()).await;
    let to = |person| format!("/people/{person}#milestones");
    let again = |faults| correction(&instance, chrome, &actor, id, Some((form, faults)));
    forms::done_or_again(outcome, to, again).await
}
