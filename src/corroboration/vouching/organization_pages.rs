//! The admin's list of known organizations, by the domains of their addresses.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::domain_store::{self, KnownDomain};
use super::organizations;
use crate::accounts::Actor;
use crate::error::{Error, FieldError, Result};
use crate::instance::Instance;
use crate::policy::{self, InstanceAct};
use crate::web::forms::Form;
use crate::web::path::Id;
use crate::web::query::Params;
use crate::web::{self, Chrome, words};

#[derive(Template)]
#[template(path = "admin/organizations.html")]
struct ListPage {
    chrome: Chrome,
    listed: Vec<KnownDomain>,
    domain: String,
    /// Whether something was just kept.
    kept: bool,
    faults: Vec<FieldError>,
}

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct DomainForm {
    #[serde(default)]
    domain: String,
}

/// `GET /admin/organizations`
pub async fn page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
) -> Result<Response> {
    let kept = params.number("kept", 1, 1).is_some();
    params.finish()?;
    let page = gathered(&instance, &actor, chrome).await?;
    web::page(&ListPage { kept, ..page })
}

/// `POST /admin/organizations`
pub async fn list(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Form(form): Form<DomainForm>,
) -> Result<Response> {
    match organizations::list(&instance, &actor, &form.domain).await {
        Ok(_) => Ok(Redirect::to("/admin/organizations?kept=1").into_response()),
        Err(Error::Invalid(faults)) => {
            let page = gathered(&instance, &actor, chrome).await?;
            let page = ListPage { faults, domain: form.domain, ..page };
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

/// `POST /admin/organizations/{id}/removal`
pub async fn remove(State(instance): State<Instance>, actor: Actor, Id(id): Id) -> Result<Response> {
    organizations::remove(&instance, &actor, id).await?;
    Ok(Redirect::to("/admin/organizations?kept=1").into_response())
}

async fn gathered(instance: &Instance, actor: &Actor, chrome: Chrome) -> Result<ListPage> {
    policy::decide(&actor.roles, InstanceAct::Administer).require()?;
    let mut tx = instance.db.read().await?;
    let listed = domain_store::all(&mut tx).await?;
    Ok(ListPage { chrome, listed, domain: String::new(), kept: false, faults: Vec::new() })
}
