//! What somebody without an account sees by a link: one question, or why it can't be answered. Opening it does nothing,
//! because mail scanners open links; answering spends it.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use strum::VariantArray;

use super::answering::{self, AnswerForm, Link};
use super::named::{self, Naming};
use super::shown::{self, ShownEntry};
use super::{HoldsAnswer, Question, readers};
use crate::error::{Error, FieldError, Result};
use crate::evidence::{dossiers, store as entries};
use crate::instance::Instance;
use crate::review::CorroborationAnswer;
use crate::web::forms::Form;
use crate::web::path::Text;
use crate::web::query::NoParams;
use crate::web::typed::Kept;
use crate::web::{self, Chrome};

#[derive(Template)]
#[template(path = "corroboration/link.html")]
struct AskedPage {
    chrome: Chrome,
    token: String,
    question: Question,
    owner: String,
    name: String,
    entry: ShownEntry,
    readers: Vec<String>,
    typed: AnswerForm,
    faults: Vec<FieldError>,
}

#[derive(Template)]
#[template(path = "corroboration/link_named.html")]
struct NamedPage {
    chrome: Chrome,
    token: String,
    naming: Naming,
    chosen: String,
    faults: Vec<FieldError>,
}

/// Why there is nothing to answer.
#[derive(Template)]
#[template(path = "corroboration/link_closed.html")]
struct ClosedPage {
    chrome: Chrome,
    why: Closed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closed {
    /// An answer was just given.
    Thanks,
    Used,
    Expired,
    Gone,
}

/// Everything that a link's page may send.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct LinkForm {
    #[serde(default)]
    answer: String,
    #[serde(default)]
    account: String,
    #[serde(default)]
    comment: String,
}

/// `GET /answers/{token}`
pub async fn page(
    State(instance): State<Instance>,
    chrome: Chrome,
    _: NoParams,
    Text(token): Text,
) -> Result<Response> {
    shown(&instance, chrome, &token, LinkForm::default(), Vec::new()).await
}

/// `POST /answers/{token}`
pub async fn answer(
    State(instance): State<Instance>,
    chrome: Chrome,
    Text(token): Text,
    Form(form): Form<LinkForm>,
) -> Result<Response> {
    let mut tx = instance.db.read().await?;
    let names = named::follow(&mut tx, &token, instance.now()).await?.is_some();
    drop(tx);
    let done = if names {
        named::answer_link(&instance, &token, &form.answer).await
    } else {
        let form = AnswerForm {
            answer: form.answer.clone(),
            account: form.account.clone(),
            comment: form.comment.clone(),
        };
        answering::answer_link(&instance, &token, &form).await
    };
    match done {
        Ok(()) => closed(chrome, Closed::Thanks),
        Err(Error::Invalid(faults)) => shown(&instance, chrome, &token, form, faults).await,
        // Whatever kept it from being taken stands on the page that is shown now.
        Err(Error::NotFound) => shown(&instance, chrome, &token, form, Vec::new()).await,
        Err(error) => Err(error),
    }
}

async fn shown(
    instance: &Instance,
    chrome: Chrome,
    token: &str,
    typed: LinkForm,
    faults: Vec<FieldError>,
) -> Result<Response> {
    let mut tx = instance.db.read().await?;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match named::follow(&mut tx, token, instance.now()).await? {
        None => {}
        Some(named::Link::Used) => return closed(chrome, Closed::Used),
        Some(named::Link::Expired) => return closed(chrome, Closed::Expired),
        Some(named::Link::Gone) => return closed(chrome, Closed::Gone),
        Some(named::Link::Open(naming)) => {
            let token = token.to_owned();
            let page = NamedPage { chrome, token, naming: *naming, chosen: typed.answer, faults };
            return Ok(unlisted(web::page_with(status, &page)?));
        }
    }
    let request = match answering::follow(&mut tx, instance, token).await? {
        Link::Open(request) => *request,
        Link::Used => return closed(chrome, Closed::Used),
        Link::Expired => return closed(chrome, Closed::Expired),
        Link::Gone => return closed(chrome, Closed::Gone),
    };
    let dossier = dossiers::find(&mut tx, request.dossier_id).await?.ok_or(Error::NotFound)?;
    let audience = entries::audience(&mut tx, request.entry_id).await?;
    let entry =
        shown::entry(&mut tx, dossier.framework()?, request.entry_id, request.revision, false).await?;
    let page = AskedPage {
        chrome,
        token: token.to_owned(),
        question: request.question,
        readers: readers(&dossier.owner_name, dossier.sharing, dossier.aim, audience),
        owner: dossier.owner_name,
        name: request.name,
        entry,
        typed: AnswerForm { answer: typed.answer, account: typed.account, comment: typed.comment },
        faults,
    };
    Ok(unlisted(web::page_with(status, &page)?))
}

/// One status for every link that can't be answered, so that it tells nothing.
fn closed(chrome: Chrome, why: Closed) -> Result<Response> {
    let status = if why == Closed::Thanks { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let mut response = unlisted(web::page_with(status, &ClosedPage { chrome, why })?);
    if why == Closed::Thanks {
        response.extensions_mut().insert(Kept);
    }
    Ok(response)
}

/// Keeps a page that a link leads to out of search engines.
fn unlisted(mut response: Response) -> Response {
    let name = HeaderName::from_static("x-robots-tag");
    response.headers_mut().insert(name, HeaderValue::from_static("noindex, nofollow"));
    response
}
