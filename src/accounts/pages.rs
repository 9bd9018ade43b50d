//! Signing in and out, setting a password, and choosing a theme.

use askama::Template;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use strum::VariantArray;

use super::{Actor, Role, actions, passwords};
use crate::error::{Error, FieldError, Result};
use crate::instance::Instance;
use crate::web::forms::Form;
use crate::web::path::Text;
use crate::web::query::{NoParams, Params};
use crate::web::{self, Chrome, ClientAddress, cookies};

/// Longest address to go on to: longer ones would come back in a header that browsers refuse.
const LONGEST_NEXT: usize = 4_000;

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignInPage {
    chrome: Chrome,
    email: String,
    next: String,
    faults: Vec<FieldError>,
    demo_roles: &'static [Role],
}

#[derive(Template)]
#[template(path = "accounts/set_password.html")]
struct SetPasswordPage {
    chrome: Chrome,
    usable: bool,
    shortest: usize,
    faults: Vec<FieldError>,
}

/// `GET /sign-in`
pub async fn sign_in_page(
    State(instance): State<Instance>,
    chrome: Chrome,
    mut params: Params,
) -> Result<Response> {
    let next = params.one("next").unwrap_or_default();
    params.finish()?;
    web::page(&sign_in_form(&instance, chrome, String::new(), next, Vec::new()))
}

fn sign_in_form(
    instance: &Instance,
    chrome: Chrome,
    email: String,
    next: String,
    faults: Vec<FieldError>,
) -> SignInPage {
    let demo_roles = if instance.demo { Role::VARIANTS } else { &[] };
    SignInPage { chrome, email, next, faults, demo_roles }
}

/// What the sign-in form sends.
#[derive(Debug, Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in`
pub async fn sign_in(
    State(instance): State<Instance>,
    chrome: Chrome,
    address: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Result<Response> {
    let address = address.map(|Extension(ClientAddress(ip))| ip.to_string()).unwrap_or_default();
    match actions::sign_in(&instance, &form.email, form.password, &address, agent(&headers)).await {
        Ok(token) => Ok(signed_in(&instance, &token, same_site(&form.next))),
        Err(Error::Invalid(faults)) => {
            let page = sign_in_form(&instance, chrome, form.email, form.next, faults);
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(Error::TooMany { retry_after }) => {
            let message =
                format!("There were many tries in a short time. Try again in {retry_after} seconds.");
            let faults = vec![FieldError::new("email", message)];
            let page = sign_in_form(&instance, chrome, form.email, form.next, faults);
            let mut response = web::page_with(StatusCode::TOO_MANY_REQUESTS, &page)?;
            response.headers_mut().insert(header::RETRY_AFTER, retry_after.into());
            Ok(response)
        }
        Err(error) => Err(error),
    }
}

/// `GET /sign-in/demo/{token}`: on demo servers alone, once.
pub async fn follow_demo_link(
    State(instance): State<Instance>,
    _: NoParams,
    headers: HeaderMap,
    Text(token): Text,
) -> Result<Response> {
    let session = actions::follow_demo_link(&instance, &token, agent(&headers)).await?;
    Ok(signed_in(&instance, &session, "/"))
}

/// The role that a visitor of a demo takes.
#[derive(Debug, Deserialize)]
pub struct DemoForm {
    role: String,
}

/// `POST /sign-in/demo`: on demo servers alone.
pub async fn sign_in_to_demo(
    State(instance): State<Instance>,
    headers: HeaderMap,
    Form(form): Form<DemoForm>,
) -> Result<Response> {
    let role = form.role.parse().map_err(|_| {
        Error::Invalid(vec![FieldError::new("role", "Choose candidate, cto, committee or admin.")])
    })?;
    let session = actions::sign_in_to_demo(&instance, role, agent(&headers)).await?;
    Ok(signed_in(&instance, &session, "/"))
}

/// `POST /sign-out`
pub async fn sign_out(State(instance): State<Instance>, actor: Option<Extension<Actor>>) -> Result<Response> {
    if let Some(Extension(actor)) = actor {
        match actions::sign_out(&instance, &actor).await {
            // Signed out in another window a moment ago.
            Ok(()) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    let forget = cookies::forget_session(instance.settings.secure());
    let clear = [
        (header::SET_COOKIE, forget),
        (
            "clear-site-data".parse().map_err(anyhow::Error::from)?,
            "\"storage\"".parse().map_err(anyhow::Error::from)?,
        ),
    ];
    Ok((clear, Redirect::to("/sign-in")).into_response())
}

/// `GET /set-password/{token}`
pub async fn set_password_page(
    State(instance): State<Instance>,
    chrome: Chrome,
    _: NoParams,
    Text(token): Text,
) -> Result<Response> {
    let usable = actions::can_set_password(&instance, &token).await?;
    let status = if usable { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let page = SetPasswordPage { chrome, usable, shortest: passwords::SHORTEST, faults: Vec::new() };
    web::page_with(status, &page)
}

/// The password that was chosen.
#[derive(Debug, Deserialize)]
pub struct SetPasswordForm {
    #[serde(default)]
    password: String,
}

/// `POST /set-password/{token}`
pub async fn set_password(
    State(instance): State<Instance>,
    chrome: Chrome,
    headers: HeaderMap,
    Text(token): Text,
    Form(form): Form<SetPasswordForm>,
) -> Result<Response> {
    let page = |usable, faults| SetPasswordPage { chrome, usable, shortest: passwords::SHORTEST, faults };
    match actions::set_password(&instance, &token, form.password, agent(&headers)).await {
        Ok(session) => Ok(signed_in(&instance, &session, "/")),
        Err(Error::Invalid(faults)) => web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page(true, faults)),
        Err(Error::NotFound) => web::page_with(StatusCode::NOT_FOUND, &page(false, Vec::new())),
        Err(error) => Err(error),
    }
}

/// The theme that was chosen, and where from.
#[derive(Debug, Deserialize)]
pub struct ThemeForm {
    #[serde(default)]
    theme: String,
    #[serde(default)]
    back: String,
}

/// `POST /theme`
pub async fn set_theme(State(instance): State<Instance>, Form(form): Form<ThemeForm>) -> Result<Response> {
    let theme = match form.theme.as_str() {
        "light" => "light",
        "dark" => "dark",
        "" | "system" => "",
        _ => return Err(Error::Invalid(vec![FieldError::new("theme", "Choose light, dark or system.")])),
    };
    let keep = [(header::SET_COOKIE, cookies::keep_theme(theme, instance.settings.secure()))];
    Ok((keep, Redirect::to(same_site(&form.back))).into_response())
}

fn signed_in(instance: &Instance, token: &str, next: &str) -> Response {
    let keep = [(header::SET_COOKIE, cookies::keep_session(token, instance.settings.secure()))];
    (keep, Redirect::to(next)).into_response()
}

fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default()
}

/// A path of this site to go on to; anything else is the home page.
fn same_site(next: &str) -> &str {
    let own = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && next.len() <= LONGEST_NEXT
        && next.bytes().all(|byte| byte.is_ascii_graphic());
    if own { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::same_site;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        assert_eq!(same_site("/evidence?q=a%20b"), "/evidence?q=a%20b");
        for bad in [
            "",
            "https://example.com",
            "//example.com",
            "/\\example.com",
            "javascript:1",
            "/\t/example.com",
            "/\0",
            "/a b",
            "/\u{7f}",
            "/é",
        ] {
            assert_eq!(same_site(bad), "/", "{bad}");
        }
    }
}
