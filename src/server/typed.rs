//! What was typed goes to the account that typed it or nowhere; a form that comes again leads to what it made; and the
//! browser is told when this very content was kept.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use crate::accounts::typed::{self, Known};
use crate::accounts::{Actor, carried};
use crate::error::Error;
use crate::instance::Instance;
use crate::web::typed::{Kept, Page, Sent, word};
use crate::web::{Chrome, errors};

/// Holds a form that says by whom it was typed to who is signed in, before any handler sees it.
pub async fn hold(State(instance): State<Instance>, request: Request, next: Next) -> Response {
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
        && typed::who(&instance, actor.account) != sent.by
    {
        if wants_data {
            return Error::OtherAccount.into_response();
        }
        let chrome = parts.extensions.get::<Chrome>().cloned().unwrap_or_default();
        return carried::of_another(&instance, chrome, &sent.by, &path, &bytes)
            .unwrap_or_else(IntoResponse::into_response);
    }
    let page = sent.page.clone();
    let once = actor.filter(|_| !wants_data).zip(page.clone()).map(|(actor, page)| {
        let form = [path.as_bytes(), page.key.as_bytes(), sent.digest.as_bytes()].join(&0);
        (actor.account, instance.digest("form", &form))
    });
    if let Some((account, form)) = &once {
        match typed::begin(&instance, *account, form).await {
            Ok(Known::New) => {}
            Ok(Known::Kept(location)) => {
                return told(&instance, page.as_ref(), &sent, Redirect::to(&location).into_response());
            }
            Ok(Known::UnderWay) => {
                let message = "This very form came a moment ago, and is being kept. Go back in a moment to see what it made.";
                return Error::Conflict(message.into()).into_response();
            }
            Err(error) => return Error::from(error).into_response(),
        }
    }
    let mut request = Request::from_parts(parts, Body::from(bytes));
    request.extensions_mut().insert(sent.clone());
    let response = next.run(request).await;
    let made = made(&response);
    if let Some((account, form)) = &once
        && let Err(error) = typed::end(&instance, *account, form, made.as_deref()).await
    {
        // What the form made is kept; only that it may not come again is not, for a minute.
        tracing::warn!("what a form made was not noted: {error}");
    }
    let kept = made.is_some() || response.extensions().get::<Kept>().is_some();
    if kept && !wants_data { told(&instance, page.as_ref(), &sent, response) } else { response }
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
