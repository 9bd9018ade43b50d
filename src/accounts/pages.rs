//! Signing in and out, setting a password, and choosing a theme.

use askama::Template;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use serde::Deserialize;
use strum::VariantArray;

use super::actions::Browser;
use super::resubmission::Carried;
use super::{Actor, InSession, Role, actions, devices, passwords, sessions};
use crate::error::{Error, FieldError, Result};
use crate::instance::Instance;
use crate::web::forms::Form;
use crate::web::path::{Text, same_site};
use crate::web::query::{NoParams, Params};
use crate::web::{self, Chrome, ClientAddress, cookies};

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
pub(super) struct SignInPage {
    chrome: Chrome,
    email: String,
    next: String,
    faults: Vec<FieldError>,
    demo_roles: &'static [Role],
    /// A form that was sent when its session had run out.
    carried: Carried,
    /// Whether it was sent while somebody else was signed in.
    of_another: bool,
}

impl SignInPage {
    pub(super) fn new(instance: &Instance, chrome: Chrome) -> SignInPage {
        SignInPage {
            chrome,
            email: String::new(),
            next: String::new(),
            faults: Vec::new(),
            demo_roles: if instance.demo { Role::VARIANTS } else { &[] },
            carried: Carried::default(),
            of_another: false,
        }
    }

    pub(super) fn carrying(self, carried: Carried) -> SignInPage {
        SignInPage { carried, ..self }
    }

    pub(super) fn of_another(self) -> SignInPage {
        SignInPage { of_another: true, ..self }
    }
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
    web::page(&SignInPage { next, ..SignInPage::new(&instance, chrome) })
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
    #[serde(flatten)]
    carried: Carried,
}

/// `POST /sign-in`
pub async fn sign_in(
    State(instance): State<Instance>,
    chrome: Chrome,
    address: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Result<Response> {
    let SignInForm { email, password, next, carried } = form;
    let device = cookies::device(&headers, instance.settings.secure());
    let browser = Browser {
        address: address.map(|Extension(address)| address),
        device: device.as_deref(),
        user_agent: agent(&headers),
    };
    let signed_in = actions::sign_in(&instance, &email, password, browser).await;
    let page = |faults| SignInPage {
        email: email.clone(),
        next: next.clone(),
        faults,
        carried: carried.clone(),
        ..SignInPage::new(&instance, chrome.clone())
    };
    match signed_in {
        Ok(token) => go_on(&instance, chrome, &headers, &token, same_site(&next), &carried).await,
        Err(Error::Invalid(faults)) => web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page(faults)),
        Err(Error::TooMany { retry_after }) => {
            let message =
                format!("There were many tries in a short time. Try again in {retry_after} seconds.");
            let faults = vec![FieldError::new("email", message)];
            let mut response = web::page_with(StatusCode::TOO_MANY_REQUESTS, &page(faults))?;
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
    signed_in(&instance, &headers, &session, "/").await
}

/// The role that a visitor of a demo takes.
#[derive(Debug, Deserialize)]
pub struct DemoForm {
    role: String,
    #[serde(flatten)]
    carried: Carried,
}

/// `POST /sign-in/demo`: on demo servers alone.
pub async fn sign_in_to_demo(
    State(instance): State<Instance>,
    chrome: Chrome,
    headers: HeaderMap,
    Form(form): Form<DemoForm>,
) -> Result<Response> {
    let role = form.role.parse().map_err(|_| {
        Error::Invalid(vec![FieldError::new("role", "Choose candidate, cto, committee or admin.")])
    })?;
    let session = actions::sign_in_to_demo(&instance, role, agent(&headers)).await?;
    go_on(&instance, chrome, &headers, &session, "/", &form.carried).await
}

/// `POST /sign-out`
pub async fn sign_out(State(instance): State<Instance>, actor: Option<Extension<Actor>>) -> Result<Response> {
    if let Some(by) = actor.and_then(|Extension(actor)| InSession::of(actor)) {
        match actions::sign_out(&instance, &by).await {
            // Signed out in another window a moment ago.
            Ok(()) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    let forget = cookies::forget_session(instance.settings.secure());
    // What was typed and not saved stays in the browser, where only pages of the same account can read it.
    Ok(([(header::SET_COOKIE, forget)], Redirect::to("/sign-in")).into_response())
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
        Ok(session) => signed_in(&instance, &headers, &session, "/").await,
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

/// Where somebody goes who has just signed in: to what they typed before, if it is theirs, or to the next address.
async fn go_on(
    instance: &Instance,
    chrome: Chrome,
    headers: &HeaderMap,
    token: &str,
    next: &str,
    carried: &Carried,
) -> Result<Response> {
    if carried.is_empty() {
        return signed_in(instance, headers, token, next).await;
    }
    let actor = sessions::actor(instance, token).await?;
    let Some(page) = actor.and_then(|actor| carried.page(instance, actor.account, chrome)) else {
        return signed_in(instance, headers, token, next).await;
    };
    let keep = kept_cookies(instance, headers, token).await?;
    Ok((keep, web::page(&page)?).into_response())
}

async fn signed_in(instance: &Instance, headers: &HeaderMap, token: &str, next: &str) -> Result<Response> {
    let keep = kept_cookies(instance, headers, token).await?;
    Ok((keep, Redirect::to(next)).into_response())
}

/// The cookies of who has just signed in: the session's, and the one by which their browser is known from now on.
async fn kept_cookies(
    instance: &Instance,
    headers: &HeaderMap,
    token: &str,
) -> Result<AppendHeaders<Vec<(HeaderName, HeaderValue)>>> {
    let secure = instance.settings.secure();
    let mut keep = vec![(header::SET_COOKIE, cookies::keep_session(token, secure))];
    let brought = cookies::device(headers, secure);
    if let Some(device) = devices::remember(instance, token, brought.as_deref()).await? {
        keep.push((header::SET_COOKIE, cookies::keep_device(&device, secure)));
    }
    Ok(AppendHeaders(keep))
}

fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default()
}
