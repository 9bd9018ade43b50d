//! What somebody was sending when their session had run out: carried through sign-in, for the same person alone.
//!
//! The form's own fields travel in the sign-in page, enciphered and bound to the account that typed them: the page may be in
//! front of somebody else, who reads nothing of them in it and is never shown them.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::pages::SignInPage;
use super::{authorship, sessions};
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
    /// The other form, enciphered.
    #[serde(default, rename = "carried")]
    pub(super) form: String,
    /// Binds both to the account that typed them, and is what the form is enciphered with beside the instance's secret.
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
    fn of(instance: &Instance, who: &str, to: &str, form: &str) -> Carried {
        let seal = seal(instance, who, to, form.as_bytes());
        let form = BASE64_URL_SAFE_NO_PAD.encode(cipher(instance, &seal, form.as_bytes().to_vec()));
        Carried { to: to.to_owned(), form, seal }
    }

    /// Whether nothing is carried.
    pub(super) fn is_empty(&self) -> bool {
        self.to.is_empty()
    }

    /// The page on which somebody who is signed in again finds what they typed; none for anybody else.
    pub(super) fn page(&self, instance: &Instance, account: Uuid, chrome: Chrome) -> Option<impl Template> {
        let form = BASE64_URL_SAFE_NO_PAD.decode(&self.form).ok()?;
        let form = cipher(instance, &self.seal, form);
        let right = seal(instance, &authorship::who(instance, account), &self.to, &form);
        let same = bool::from(right.as_bytes().ct_eq(self.seal.as_bytes()));
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(&form).into_owned().collect();
        let title = fields.iter().find(|(name, value)| name == "title" && !value.trim().is_empty());
        let title = title.map(|(_, value)| value.trim().to_owned());
        (!self.is_empty() && same).then(|| CarriedPage { chrome, to: self.to.clone(), title, fields })
    }
}

fn seal(instance: &Instance, who: &str, to: &str, form: &[u8]) -> String {
    let sealed = [who.as_bytes(), &[0], to.as_bytes(), &[0], form].concat();
    hex::encode(instance.digest("carried form", &sealed))
}

/// Enciphers and deciphers. The seal stands for whose it is, where it goes and every byte of it, so that no two forms ever
/// share a key, and what was changed deciphers to something that the seal is not of.
fn cipher(instance: &Instance, seal: &str, mut form: Vec<u8>) -> Vec<u8> {
    let mut key = [0; 32];
    key.copy_from_slice(&instance.digest("carried cipher", seal.as_bytes()));
    let mut stream = vec![0; form.len()];
    ChaCha20Rng::from_seed(key).fill_bytes(&mut stream);
    for (byte, with) in form.iter_mut().zip(stream) {
        *byte ^= with;
    }
    form
}

/// `POST /sign-in/again`: where a form is sent on to whose session has run out, or was ended in another tab
/// ([`web::errors`]).
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
    if !web::forms::is_utf8_decoded(form.as_bytes()) {
        return Err(Error::Malformed("The form holds bytes that are no UTF-8 text.".into()));
    }
    // Who typed it may be somebody else than whose session ended last in this browser.
    let who = Sent::read(form.as_bytes()).map(|sent| sent.by).filter(|who| !who.is_empty());
    let who = who.or_else(|| account.map(|account| authorship::who(&instance, account)));
    let Some(who) = who.filter(|_| to != "/") else {
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let carried = Carried::of(&instance, &who, to, &form);
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
    let carried = Carried::of(instance, who, to, &String::from_utf8_lossy(form));
    let page = SignInPage::new(instance, chrome).carrying(carried).of_another();
    web::page_with(StatusCode::PRECONDITION_FAILED, &page)
}
