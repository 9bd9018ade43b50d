//! What somebody was sending when their session had run out: carried through sign-in, for the same person alone.
//!
//! The form's own fields travel in the sign-in page, sealed with the account whose ended session sent them. Whoever signs
//! in as somebody else is never shown them.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::pages::SignInPage;
use super::{sessions, typed};
use crate::error::{Error, Result};
use crate::instance::Instance;
use crate::web::query::Params;
use crate::web::typed::Sent;
use crate::web::{self, Chrome, cookies};

/// The fields in which the sign-in form carries another form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Carried {
    /// Where the other form was sent.
    #[serde(default, rename = "carried_to")]
    pub(super) to: String,
    /// The other form, as it was sent.
    #[serde(default, rename = "carried")]
    pub(super) form: String,
    /// Binds both to the account that sent them.
    #[serde(default, rename = "carried_seal")]
    pub(super) seal: String,
}

#[derive(Template)]
#[template(path = "accounts/carried.html")]
struct CarriedPage {
    chrome: Chrome,
    to: String,
    title: Option<String>,
    fields: Vec<(String, String)>,
}

impl Carried {
    fn of(instance: &Instance, who: &str, to: &str, form: String) -> Carried {
        let seal = seal(instance, who, to, &form);
        Carried { to: to.to_owned(), form, seal }
    }

    /// Whether nothing is carried.
    pub(super) fn is_empty(&self) -> bool {
        self.to.is_empty()
    }

    /// The page on which somebody who is signed in again finds what they typed; none for anybody else.
    pub(super) fn page(&self, instance: &Instance, account: Uuid, chrome: Chrome) -> Option<impl Template> {
        let right = seal(instance, &typed::who(instance, account), &self.to, &self.form);
        let same = bool::from(right.as_bytes().ct_eq(self.seal.as_bytes()));
        let fields: Vec<(String, String)> =
            url::form_urlencoded::parse(self.form.as_bytes()).into_owned().collect();
        let title = fields.iter().find(|(name, value)| name == "title" && !value.trim().is_empty());
        let title = title.map(|(_, value)| value.trim().to_owned());
        (!self.is_empty() && same).then(|| CarriedPage { chrome, to: self.to.clone(), title, fields })
    }
}

fn seal(instance: &Instance, who: &str, to: &str, form: &str) -> String {
    let sealed = [who.as_bytes(), &[0], to.as_bytes(), &[0], form.as_bytes()].concat();
    hex::encode(instance.digest("carried form", &sealed))
}

/// `POST /sign-in/again`: where a form is sent on to whose session has run out ([`web::errors`]).
pub async fn sign_in_again(
    State(instance): State<Instance>,
    chrome: Chrome,
    headers: HeaderMap,
    mut params: Params,
    form: String,
) -> Result<Response> {
    let to = params.one("next").unwrap_or_default();
    params.finish()?;
    let token = cookies::session(&headers, instance.settings.secure());
    let account = match &token {
        Some(token) => sessions::whose(&instance, token).await?,
        None => None,
    };
    let to = web::path::same_site(&to);
    let Some(account) = account.filter(|_| to != "/") else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    if !web::forms::is_utf8_decoded(form.as_bytes()) {
        return Err(Error::Malformed("The form holds bytes that are no UTF-8 text.".into()));
    }
    // Who typed it may be somebody else than whose session ended last in this browser.
    let who = Sent::read(form.as_bytes()).map(|sent| sent.by).filter(|who| !who.is_empty());
    let who = who.unwrap_or_else(|| typed::who(&instance, account));
    let carried = Carried::of(&instance, &who, to, form);
    web::page(&SignInPage::new(&instance, chrome).carrying(carried))
}

/// What a form is answered with that was typed as one account and comes while another is signed in: nothing is done, and the
/// one who typed it can sign in and save it.
///
/// # Errors
/// When the page can't be drawn.
pub fn of_another(instance: &Instance, chrome: Chrome, who: &str, to: &str, form: &[u8]) -> Result<Response> {
    if !web::forms::is_utf8_decoded(form) {
        return Err(Error::OtherAccount);
    }
    let carried = Carried::of(instance, who, to, String::from_utf8_lossy(form).into_owned());
    let page = SignInPage::new(instance, chrome).carrying(carried).of_another();
    web::page_with(StatusCode::PRECONDITION_FAILED, &page)
}
