//! What somebody without an account sees by a link: one question, or why it can't be answered. Opening it does nothing,
//! because mail scanners open links; answering spends it.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use strum::VariantArray;

use super::answering::{self, AnswerForm};
use super::links::{Link, Opener};
use super::named::{self, Naming};
use super::shown::{self, ShownEntry};
use super::{CorroborationAnswer, HoldsAnswer, Question, readers};
use crate::error::{Error, FieldError, Result};
use crate::evidence::{dossiers, store as entries};
use crate::instance::Instance;
use crate::web::forms::Form;
use crate::web::path::Text;
use crate::web::query::Params;
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
    /// Where they answer whose link it is, once they are signed in.
    path: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closed {
    /// An answer was just given.
    Thanks,
    Used,
    Expired,
    Gone,
    /// Opened by who asked.
    Own,
    /// For somebody who can sign in.
    SignIn,
    /// Opened by somebody who is signed in.
    SignedIn,
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
    opener: Opener,
    mut params: Params,
    Text(token): Text,
) -> Result<Response> {
    let page = params.page();
    params.finish()?;
    shown(&instance, chrome, (&token, page), &opener, LinkForm::default(), Vec::new()).await
}

/// `POST /answers/{token}`
pub async fn answer(
    State(instance): State<Instance>,
    chrome: Chrome,
    opener: Opener,
    Text(token): Text,
    Form(form): Form<LinkForm>,
) -> Result<Response> {
    let mut tx = instance.db.read().await?;
    let names = named::follow(&mut tx, &instance, &token, &opener).await?.is_some();
    drop(tx);
    let done = if names {
        named::answer_link(&instance, &token, &opener, &form.answer).await
    } else {
        let form = AnswerForm {
            answer: form.answer.clone(),
            account: form.account.clone(),
            comment: form.comment.clone(),
        };
        answering::answer_link(&instance, &token, &opener, &form).await
    };
    match done {
        Ok(()) => closed(chrome, Closed::Thanks, String::new()),
        Err(Error::Invalid(faults)) => shown(&instance, chrome, (&token, 1), &opener, form, faults).await,
        // Whatever kept it from being taken stands on the page that is shown now.
        Err(Error::NotFound) => shown(&instance, chrome, (&token, 1), &opener, form, Vec::new()).await,
        Err(error) => Err(error),
    }
}

async fn shown(
    instance: &Instance,
    chrome: Chrome,
    (token, page): (&str, usize),
    opener: &Opener,
    typed: LinkForm,
    faults: Vec<FieldError>,
) -> Result<Response> {
    let mut tx = instance.db.read().await?;
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    match named::follow(&mut tx, instance, token, opener).await? {
        None => {}
        Some(Link::Open(found)) => {
            let token = token.to_owned();
            let page = NamedPage { chrome, token, naming: found.0, chosen: typed.answer, faults };
            return Ok(unlisted(web::page_with(status, &page)?));
        }
        Some(other) => return closed_link(chrome, other),
    }
    let request = match answering::follow(&mut tx, instance, token, opener).await? {
        Link::Open(found) => found.0,
        other => return closed_link(chrome, other),
    };
    let dossier = dossiers::find(&mut tx, request.dossier_id).await?.ok_or(Error::NotFound)?;
    let audience = entries::audience(&mut tx, request.entry_id).await?;
    let mut entry =
        shown::entry(&mut tx, dossier.framework()?, request.entry_id, request.revision, false).await?;
    drop(tx);
    // Who has the link stands for themselves alone: others with links wait for nothing of theirs.
    entry.set(instance, request.id, &format!("/answers/{token}"), page).await?;
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

/// Why a link can't be answered, for who opens it.
fn closed_link<T>(chrome: Chrome, link: Link<T>) -> Result<Response> {
    let (why, path) = match link {
        Link::Used => (Closed::Used, String::new()),
        Link::Expired => (Closed::Expired, String::new()),
        Link::Open(_) | Link::Gone => (Closed::Gone, String::new()),
        Link::Own => (Closed::Own, String::new()),
        Link::SignedIn => (Closed::SignedIn, String::new()),
        Link::SignIn(path) if chrome.name.is_some() => (Closed::SignIn, path),
        Link::SignIn(path) => {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            (Closed::SignIn, format!("/sign-in?{}", query.append_pair("next", &path).finish()))
        }
    };
    closed(chrome, why, path)
}

/// One status for every link that nobody can answer, so that it tells nothing.
fn closed(chrome: Chrome, why: Closed, path: String) -> Result<Response> {
    let status = match why {
        Closed::Thanks => StatusCode::OK,
        Closed::Used | Closed::Expired | Closed::Gone => StatusCode::NOT_FOUND,
        Closed::Own | Closed::SignIn | Closed::SignedIn => StatusCode::FORBIDDEN,
    };
    let mut response = unlisted(web::page_with(status, &ClosedPage { chrome, why, path })?);
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
