//! The renderings of a failure: a page for people, problem+json (RFC 9457) where a route answers with data, and a line where
//! it answers with one.
//!
//! Handlers return [`Error`]; this module turns it into a response that carries a [`Problem`], and [`render`], a layer
//! around every route, draws it, along with what the router itself refuses (404, 405, CSRF).

use askama::Template;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;
use uuid::Uuid;

use super::{Answer, Chrome, cookies, query};
use crate::error::{Error, FieldError};

/// What went wrong, ready to be drawn.
#[derive(Clone, Debug)]
struct Problem {
    title: String,
    detail: String,
    fields: Vec<FieldError>,
    id: Option<Uuid>,
    signed_out: bool,
}

#[derive(Template)]
#[template(path = "errors/page.html")]
struct ErrorPage {
    chrome: Chrome,
    title: String,
    detail: String,
    fields: Vec<FieldError>,
    id: Option<Uuid>,
    /// The page's address without what was refused.
    plain: Option<String>,
}

fn describe(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::BAD_REQUEST => ("This request can't be read", "Go back and try again."),
        StatusCode::UNAUTHORIZED => ("You are signed out", "Sign in to go on."),
        StatusCode::FORBIDDEN => (
            "This is not open to you",
            "Your role does not include this page. If you came by a link on another site, open Evident itself and go on from there.",
        ),
        StatusCode::NOT_FOUND => {
            ("There is nothing here", "The address may be mistyped, or what was here is not yours to see.")
        }
        StatusCode::METHOD_NOT_ALLOWED => {
            ("This can't be done here", "The address exists, but does not take this kind of request.")
        }
        StatusCode::REQUEST_TIMEOUT => {
            ("The request took too long to arrive", "Check your connection and try again.")
        }
        StatusCode::PAYLOAD_TOO_LARGE => (
            "This is too much at once",
            "A form can hold up to 2 MB. Shorten the text, and link to long documents instead.",
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("This kind of content is not taken here", "Send a form."),
        StatusCode::MISDIRECTED_REQUEST => (
            "A demo answers on this machine alone",
            "Open it by the address that it printed, which begins with http://127.0.0.1 or http://localhost.",
        ),
        StatusCode::PRECONDITION_FAILED => (
            "Somebody else is signed in here now",
            "This was typed as another account, and nothing was saved. Sign in as the one who typed it, and send it again.",
        ),
        StatusCode::UNPROCESSABLE_ENTITY => ("Something needs another look", ""),
        StatusCode::TOO_MANY_REQUESTS => ("Please wait a moment", "There were many tries in a short time."),
        StatusCode::SERVICE_UNAVAILABLE => (
            "Evident is busy",
            "Nothing was changed. Reload this page in a moment: a form that you sent is then sent again, as you typed it.",
        ),
        StatusCode::INSUFFICIENT_STORAGE => (
            "There is no room left to keep this",
            "Nothing was changed, since the disk of this service is full. Tell whoever runs it; once there is room, go back to what you typed and send it again.",
        ),
        _ => (
            "Something went wrong on our side",
            "Nothing was changed. Try again; if it happens again, tell whoever runs this service the number below.",
        ),
    }
}

impl Error {
    fn status(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Forbidden => StatusCode::FORBIDDEN,
            Error::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Error::SignedOut => StatusCode::UNAUTHORIZED,
            Error::OtherAccount => StatusCode::PRECONDITION_FAILED,
            Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Conflict(_) => StatusCode::CONFLICT,
            Error::TooMany { .. } | Error::Crowded => StatusCode::TOO_MANY_REQUESTS,
            Error::Malformed(_) => StatusCode::BAD_REQUEST,
            Error::Busy | Error::CommitUnknown => StatusCode::SERVICE_UNAVAILABLE,
            Error::Full => StatusCode::INSUFFICIENT_STORAGE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        let (title, detail) = describe(status);
        let mut problem = Problem {
            title: title.to_owned(),
            detail: detail.to_owned(),
            fields: Vec::new(),
            id: None,
            signed_out: matches!(self, Error::SignedOut),
        };
        let mut retry_after = None;
        match self {
            Error::Invalid(fields) => problem.fields = fields,
            Error::Conflict(message) => {
                problem.title = "This can't be done now".into();
                problem.detail = message;
            }
            Error::Malformed(message) => problem.detail = message,
            Error::TooMany { retry_after: seconds } => {
                problem.detail =
                    format!("There were many tries in a short time. Try again in {seconds} seconds.");
                retry_after = Some(seconds);
            }
            Error::Crowded => {
                problem.detail = "You asked for much at once, and what you asked for first is still being put together. Reload this page in a moment.".into();
                retry_after = Some(2);
            }
            Error::Busy => retry_after = Some(2),
            Error::CommitUnknown => {
                problem.title = "It is not known whether this was kept".into();
                problem.detail = "The database went away at this very moment. Look whether your change is there before you send it again.".into();
            }
            Error::Internal(error) => {
                // The one place where a failure of ours is logged: under the id that the person is shown.
                let id = failure_id();
                tracing::error!(failure.id = %id, "a request failed: {error:#}");
                problem.id = Some(id);
            }
            Error::NotFound
            | Error::Forbidden
            | Error::WrongMethod
            | Error::SignedOut
            | Error::OtherAccount
            | Error::Full => {}
        }
        let mut response = status.into_response();
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(problem);
        response
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the number of a failure is no entity's id; nothing depends on its value"
)]
fn failure_id() -> Uuid {
    Uuid::new_v4()
}

/// A response for a panic, which the panic hook has logged already.
pub fn panicked() -> Response {
    Error::Internal(anyhow::anyhow!("a handler panicked")).into_response()
}

/// Draws every failure, the router's own included.
pub async fn render(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let here = query::here(request.uri());
    let reads = request.method().is_safe();
    let answer = match request.extensions().get::<Answer>().copied().unwrap_or_default() {
        Answer::Page | Answer::Redirect if accepts_json_alone(&request) => Answer::Json,
        answer => answer,
    };
    let data = match answer {
        Answer::Page | Answer::Redirect => false,
        Answer::Json | Answer::Csv | Answer::Text => true,
    };
    let carries = !reads && is_form_of_somebody(request.headers());
    let response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = response.extensions().get::<Problem>().cloned();
    let is_page = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes().starts_with(b"text/html") || kind.as_bytes().starts_with(b"application/")
    });
    if problem.is_none() && is_page {
        return response;
    }
    let (title, detail) = describe(status);
    let problem = problem.unwrap_or_else(|| Problem {
        title: title.to_owned(),
        detail: detail.to_owned(),
        fields: Vec::new(),
        id: None,
        signed_out: false,
    });
    if problem.signed_out && carries && !data {
        // With the method and the form: what was typed while the session ran out is not lost.
        return Redirect::temporary(&in_query("/sign-in/again", &here)).into_response();
    }
    if problem.signed_out && !data {
        let back = if reads { here } else { String::new() };
        return Redirect::to(&sign_in_address(&back)).into_response();
    }
    let chrome = response.extensions().get::<Chrome>().cloned().unwrap_or_default();
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    let mut drawn = match answer {
        Answer::Json | Answer::Csv => problem_json(status, &problem),
        Answer::Text => (status, format!("{}. {}\n", problem.title, problem.detail)).into_response(),
        Answer::Page | Answer::Redirect => {
            // What an address chooses that its page does not know is left out by this.
            let plain = (reads && here != path && !problem.fields.is_empty()).then_some(path);
            problem_page(status, chrome, problem, plain)
        }
    };
    for (name, value) in &parts.headers {
        drawn.headers_mut().append(name, value.clone());
    }
    drawn
}

/// Whether a request takes data and no page, as a page's script asks.
pub fn accepts_json_alone(request: &Request) -> bool {
    request
        .headers()
        .get(header::ACCEPT)
        .is_some_and(|accept| accept.as_bytes().starts_with(b"application/json"))
}

/// The sign-in page, with the way back.
pub fn sign_in_address(back: &str) -> String {
    if back.is_empty() || back == "/" {
        return "/sign-in".into();
    }
    in_query("/sign-in", back)
}

fn in_query(page: &str, next: &str) -> String {
    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
    format!("{page}?next={next}")
}

/// Whether a request brings a form and the cookie of a session, ended or not, or comes from a browser in which somebody signed
/// in before, and perhaps out in another tab.
fn is_form_of_somebody(headers: &HeaderMap) -> bool {
    let is_form = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    let known =
        |secure| cookies::session(headers, secure).is_some() || cookies::device(headers, secure).is_some();
    is_form && [true, false].into_iter().any(known)
}

fn problem_json(status: StatusCode, problem: &Problem) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": problem.title,
        "status": status.as_u16(),
        "detail": problem.detail,
        "errors": problem.fields,
        "id": problem.id,
    });
    (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

fn problem_page(status: StatusCode, chrome: Chrome, problem: Problem, plain: Option<String>) -> Response {
    let page = ErrorPage {
        chrome,
        title: problem.title,
        detail: problem.detail,
        fields: problem.fields,
        id: problem.id,
        plain,
    };
    match page.render() {
        Ok(html) => (status, axum::response::Html(html)).into_response(),
        Err(_) => (status, page.title).into_response(),
    }
}
