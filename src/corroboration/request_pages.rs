//! What somebody with an account was asked, and their answer.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use strum::VariantArray;

use super::answering::{self, AnswerForm};
use super::links::Opener;
use super::shown::{self, ShownEntry};
use super::store::{self, Given, Request};
use super::{CorroborationAnswer, HoldsAnswer, Question, readers};
use crate::accounts::{Actor, Role};
use crate::error::{Error, FieldError, Result};
use crate::evidence::store as entries;
use crate::instance::Instance;
use crate::web::forms::Form;
use crate::web::path::Id;
use crate::web::query::Params;
use crate::web::{self, Chrome, words};

#[derive(Template)]
#[template(path = "corroboration/request.html")]
struct RequestPage {
    chrome: Chrome,
    request: Request,
    owner: String,
    entry: ShownEntry,
    readers: Vec<String>,
    /// What they answered, the latest first, and which of it stands.
    given: Vec<(Given, bool)>,
    held: Option<String>,
    typed: AnswerForm,
    zone: chrono_tz::Tz,
    /// Whether an answer was just kept.
    kept: bool,
    faults: Vec<FieldError>,
}

/// `GET /requests/{id}`
pub async fn request(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
    Id(id): Id,
) -> Result<Response> {
    let kept = params.number("kept", 1, 1).is_some();
    let page = params.page();
    params.finish()?;
    let page = gathered(&instance, &actor, chrome, (id, page), AnswerForm::default()).await?;
    web::page(&RequestPage { kept, ..page })
}

/// `POST /requests/{id}`
pub async fn answer(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    opener: Opener,
    Id(id): Id,
    Form(form): Form<AnswerForm>,
) -> Result<Response> {
    match answering::answer(&instance, &actor, &opener, id, &form).await {
        Ok(()) => Ok(Redirect::to(&format!("/requests/{id}?kept=1")).into_response()),
        Err(Error::Invalid(faults)) => {
            let page = gathered(&instance, &actor, chrome, (id, 1), form).await?;
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &RequestPage { faults, ..page })
        }
        Err(error) => Err(error),
    }
}

async fn gathered(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    (id, page): (uuid::Uuid, usize),
    typed: AnswerForm,
) -> Result<RequestPage> {
    let mut tx = instance.db.read().await?;
    let (request, dossier) = answering::find(&mut tx, actor, id).await?;
    let audience = entries::audience(&mut tx, request.entry_id).await?;
    let framework = dossier.framework()?;
    let cto = actor.is(Role::Cto);
    let mut entry = shown::entry(&mut tx, framework, request.entry_id, request.revision, cto).await?;
    let given = match request.question {
        Question::Happened => store::given(&mut tx, request.entry_id, request.person_id).await?,
        Question::Holds => Vec::new(),
    };
    let held = match request.question {
        Question::Happened => None,
        Question::Holds => store::held(&mut tx, request.entry_id, request.person_id).await?,
    };
    let stands = |given: &Given| given.origin().stands_ever(&request.person_id, &dossier.owner_person);
    let standing = given.iter().position(stands);
    drop(tx);
    entry.set(instance, actor.account, &format!("/requests/{id}"), page).await?;
    Ok(RequestPage {
        chrome,
        readers: readers(&dossier.owner_name, dossier.sharing, dossier.aim, audience),
        owner: dossier.owner_name,
        entry,
        given: given.into_iter().enumerate().map(|(place, given)| (given, Some(place) == standing)).collect(),
        held: held.map(|(answer, on, _)| format!("{}, {}", answer.title(), words::day(&on))),
        request,
        typed,
        zone: actor.zone(instance),
        kept: false,
        faults: Vec::new(),
    })
}
