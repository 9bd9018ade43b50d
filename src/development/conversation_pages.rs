//! The page of one path conversation, for its owner alone.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use uuid::Uuid;

use super::actions::{self, ConversationForm};
use super::pages::{Part, saved};
use super::store::{self, Conversation};
use crate::accounts::Actor;
use crate::error::{Error, FieldError, Result};
use crate::instance::Instance;
use crate::web::forms::Form;
use crate::web::path::Id;
use crate::web::query::NoParams;
use crate::web::{self, Chrome};

#[derive(Template)]
#[template(path = "development/conversation.html")]
struct ConversationPage {
    chrome: Chrome,
    conversation: Conversation,
    talking: ConversationForm,
    faults: Vec<FieldError>,
}

async fn conversation_page(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    id: Uuid,
) -> Result<ConversationPage> {
    let dossier = actions::own(instance, actor).await?;
    let mut tx = instance.db.read().await?;
    let conversation = store::conversation(&mut tx, dossier.id, id).await?.ok_or(Error::NotFound)?;
    let talking = ConversationForm::of(&conversation);
    Ok(ConversationPage { chrome, conversation, talking, faults: Vec::new() })
}

/// `GET /development/conversations/{id}`
pub async fn conversation(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    _: NoParams,
) -> Result<Response> {
    web::page(&conversation_page(&instance, &actor, chrome, id).await?)
}

/// `POST /development/conversations/{id}`
pub async fn correct(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    Form(form): Form<ConversationForm>,
) -> Result<Response> {
    match actions::correct(&instance, &actor, id, &form).await {
        Ok(()) => Ok(saved(Part::Conversations)),
        Err(Error::Invalid(faults)) => {
            let page = conversation_page(&instance, &actor, chrome, id).await?;
            web::page_with(
                StatusCode::UNPROCESSABLE_ENTITY,
                &ConversationPage { talking: form, faults, ..page },
            )
        }
        Err(error) => Err(error),
    }
}

/// `POST /development/conversations/{id}/removal`
pub async fn remove_conversation(
    State(instance): State<Instance>,
    actor: Actor,
    Id(id): Id,
) -> Result<Response> {
    actions::remove_conversation(&instance, &actor, id).await?;
    Ok(saved(Part::Conversations))
}
