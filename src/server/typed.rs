//! What was typed goes to the account that typed it or nowhere; a form that comes again leads to what it made; and the
//! browser is told when this very content was kept.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use uuid::Uuid;

use super::autosaves::Autosaves;
use crate::accounts::{Actor, authorship, kept_forms, resubmission};
use crate::error::Error;
use crate::instance::Instance;
use crate::web::typed::{Kept, Page, Sent, word};
use crate::web::{Chrome, errors};

/// Stands for a form: its account and its digest.
type Form = (Uuid, Vec<u8>);

/// Forms that are being looked at.
#[derive(Clone, Debug, Default)]
pub struct UnderWay(Arc<Mutex<HashSet<Form>>>);

/// A form that is being looked at, until this is dropped.
struct Looking<'u> {
    all: &'u UnderWay,
    form: Form,
}

impl UnderWay {
    fn forms(&self) -> MutexGuard<'_, HashSet<Form>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to look at a form; none while it is being looked at.
    fn begin(&self, form: Form) -> Option<Looking<'_>> {
        self.forms().insert(form.clone()).then_some(Looking { all: self, form })
    }
}

impl Drop for Looking<'_> {
    fn drop(&mut self) {
        self.all.forms().remove(&self.form);
    }
}

/// What [`hold`] remembers from one request to the next.
#[derive(Clone, Debug, Default)]
pub struct Held {
    under_way: UnderWay,
    autosaves: Autosaves,
}

/// Holds a form that says by whom it was typed to who is signed in, before any handler sees it.
pub async fn hold(
    State((instance, held)): State<(Instance, Held)>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() || !is_form(request.headers()) {
        return next.run(request).await;
    }
    let wants_data = errors::accepts_json_alone(&request);
    let (parts, body) = request.into_parts();
    // It was taken in whole already.
    let bytes = match Bytes::from_request(Request::new(body), &()).await {
        Ok(bytes) => bytes,
        Err(refused) => return refused.into_response(),
    };
    let Some(sent) = Sent::read(&bytes) else {
        return next.run(Request::from_parts(parts, Body::from(bytes))).await;
    };
    let actor = parts.extensions.get::<Actor>().cloned();
    let path = parts.uri.path().to_owned();
    if let Some(actor) = actor.as_ref().filter(|_| !sent.by.is_empty())
        && authorship::who(&instance, actor.account) != sent.by
    {
        if wants_data {
            return Error::OtherAccount.into_response();
        }
        let chrome = parts.extensions.get::<Chrome>().cloned().unwrap_or_default();
        return resubmission::of_another(&instance, chrome, &sent.by, &path, &bytes)
            .unwrap_or_else(IntoResponse::into_response);
    }
    if let Some(session) = actor.as_ref().filter(|_| wants_data).and_then(Actor::session)
        && let Err(retry_after) = held.autosaves.spend(session, instance.now())
    {
        return Error::TooMany { retry_after }.into_response();
    }
    let page = sent.page.clone();
    let once = actor.filter(|_| !wants_data).zip(page.clone()).map(|(actor, page)| {
        let form = [path.as_bytes(), page.key.as_bytes(), sent.digest.as_bytes()].join(&0);
        (actor.account, instance.digest("form", &form))
    });
    let looking = once.clone().map(|form| held.under_way.begin(form));
    if let Some(None) = looking {
        let message =
            "This very form came a moment ago, and is being kept. Go back in a moment to see what it made.";
        return Error::Conflict(message.into()).into_response();
    }
    if let Some((account, form)) = &once {
        match kept_forms::made(&instance, *account, form).await {
            Ok(None) => {}
            Ok(Some(location)) => {
                return told(&instance, page.as_ref(), &sent, Redirect::to(&location).into_response());
            }
            Err(error) => return Error::from(error).into_response(),
        }
    }
    let mut request = Request::from_parts(parts, Body::from(bytes));
    request.extensions_mut().insert(sent.clone());
    let response = next.run(request).await;
    let made = made(&response);
    if let Some(((account, form), location)) = once.as_ref().zip(made.as_ref())
        && let Err(error) = kept_forms::note(&instance, *account, form, location).await
    {
        // What the form made is kept; only that it leads there when it comes again is not.
        tracing::warn!("what a form made was not noted: {error}");
    }
    let kept = made.is_some() || response.extensions().get::<Kept>().is_some();
    if kept { told(&instance, page.as_ref(), &sent, response) } else { response }
}

/// Where a kept form leads.
fn made(response: &Response) -> Option<String> {
    let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
    (response.status() == StatusCode::SEE_OTHER && !location.starts_with("/sign-in"))
        .then(|| location.to_owned())
}

fn told(instance: &Instance, page: Option<&Page>, sent: &Sent, mut response: Response) -> Response {
    if let Some(page) = page {
        let word = word(page, &sent.digest, instance.settings.secure());
        response.headers_mut().append(header::SET_COOKIE, word);
    }
    response
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"))
}
