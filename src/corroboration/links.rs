//! Links for those without an account: who may answer by one. Whoever can sign in answers there, so that no link is answered
//! in anybody's session; and nobody answers for others what they asked themselves, nor does their browser once they signed out.

use axum::Extension;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::accounts::{self, Actor, browsers};
use crate::db::{Result, Tx};
use crate::error::{self, Error};
use crate::instance::Instance;

/// What a link leads to.
#[derive(Clone, Debug)]
pub enum Link<T> {
    /// It can be answered.
    Open(Box<T>),
    /// It was answered.
    Used,
    /// It is too old.
    Expired,
    /// What it is about was taken back, or there never was such a link.
    Gone,
    /// Whoever opens it asked themselves.
    Own,
    /// Whoever it is for can sign in, and answers here then.
    SignIn(String),
    /// Whoever opens it is signed in, and so is somebody else than whom it is for.
    SignedIn,
}

/// Who opens a link, as far as their browser tells.
#[derive(Clone, Debug, Default)]
pub struct Opener {
    account: Option<Uuid>,
    headers: HeaderMap,
}

impl Opener {
    /// Refuses what the account that is signed in would answer on evidence of a candidate, where the candidate made the link
    /// by which its password was set, and this lately was the candidate's own browser: so somebody would answer as another
    /// for what they ask themselves.
    ///
    /// # Errors
    /// [`Error::Conflict`] says why.
    pub async fn require_other(
        &self,
        tx: &mut Tx,
        instance: &Instance,
        candidate: Uuid,
    ) -> error::Result<()> {
        let Some(account) = self.account.filter(|account| *account != candidate) else { return Ok(()) };
        if browsers::is_marked(instance, &self.headers, candidate)
            && accounts::store::made_last_link(tx, account, candidate).await?
        {
            return Err(Error::Conflict(
                "No answer is taken here. Whoever’s evidence this is made the link by which the password of this account was \
                 set, and signed in in this browser lately, so nobody could tell whose answer it is. Answer in a browser of \
                 your own, or ask another admin for a new password link."
                    .into(),
            ));
        }
        Ok(())
    }

    /// Whether this is, or lately was, the browser of an account.
    fn is(&self, instance: &Instance, account: Uuid) -> bool {
        self.account == Some(account) || browsers::is_marked(instance, &self.headers, account)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Opener {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> std::result::Result<Self, Self::Rejection> {
        let actor = <Extension<Actor> as OptionalFromRequestParts<S>>::from_request_parts(parts, state).await;
        let account = actor.ok().flatten().map(|Extension(actor)| actor.account);
        Ok(Opener { account, headers: parts.headers.clone() })
    }
}

/// What is kept about a link that was not answered.
pub(super) struct Kept {
    /// The account that asks, by whose evidence it is.
    pub(super) owner: Uuid,
    /// Whom it is for.
    pub(super) person: Uuid,
    /// Until when it can be used; none where it was taken back.
    pub(super) expires_at: Option<DateTime<Utc>>,
    /// Where they answer when they sign in.
    pub(super) path: String,
}

impl Kept {
    /// What it leads to, for who opens it.
    pub(super) async fn open<T>(
        self,
        tx: &mut Tx,
        instance: &Instance,
        opener: &Opener,
        found: T,
    ) -> Result<Link<T>> {
        let Some(expires_at) = self.expires_at else { return Ok(Link::Gone) };
        if opener.is(instance, self.owner) {
            return Ok(Link::Own);
        }
        if accounts::store::of_person(tx, self.person).await?.is_some() {
            return Ok(Link::SignIn(self.path));
        }
        if opener.account.is_some() {
            return Ok(Link::SignedIn);
        }
        Ok(if expires_at <= instance.now() { Link::Expired } else { Link::Open(Box::new(found)) })
    }
}
