//! Accounts: who may sign in, and as what.

pub mod actions;
pub mod admin;
pub mod authorship;
pub mod browsers;
pub mod demo;
pub mod devices;
mod granting;
pub mod kept_forms;
pub mod known;
pub mod pages;
pub mod passwords;
pub mod resubmission;
mod routes;
pub mod sessions;
pub mod store;
pub mod telling;
mod throttle;

pub use routes::routes;

use std::pin::Pin;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::NaiveDate;
use chrono_tz::Tz;
use uuid::Uuid;

use crate::audit::{Author, Change, Origin};
use crate::db;
use crate::error::Error;
use crate::instance::Instance;
pub use crate::mail::address::clean as clean_email;
use crate::people::visibility::Viewer;
pub use crate::policy::Role;

/// The viewer as the visibility of people asks for it.
pub fn viewer(actor: &Actor) -> Viewer {
    Viewer {
        account: actor.account,
        person: actor.person,
        admin: actor.is(Role::Admin),
        cto: actor.is(Role::Cto),
    }
}

/// What a feature that is built on accounts does, within the change, when one came to be or its roles or state changed.
pub type Reaction =
    for<'c, 'i> fn(&'c mut Change<'i>, Uuid) -> Pin<Box<dyn Future<Output = db::Result<()>> + Send + 'c>>;

/// Has everything follow that rests on an account's roles and state, within the change that changes them. Every such change
/// calls this.
pub(crate) async fn changed(change: &mut Change<'_>, account: Uuid) -> db::Result<()> {
    for react in crate::ACCOUNT_REACTIONS {
        react(change, account).await?;
    }
    Ok(())
}

/// What somebody shows with a request to be known by. Another way to sign in, such as an API token, is one more here, with
/// an [`Origin`] of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// The cookie of a session: the session's id.
    Session(Uuid),
}

impl From<Credential> for Origin {
    fn from(credential: Credential) -> Origin {
        match credential {
            Credential::Session(id) => Origin::Session(id),
        }
    }
}

/// The signed-in person on whose behalf something is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Their account.
    pub account: Uuid,
    /// Themselves, as a leader.
    pub person: Uuid,
    /// Their name.
    pub name: String,
    /// Their roles, in order.
    pub roles: Vec<Role>,
    /// What they showed to be known.
    pub credential: Credential,
    /// The time zone in which they are; none as long as nobody said.
    pub zone: Option<Tz>,
}

impl Actor {
    /// Whether they hold a role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// The session they came with, if it is one.
    pub fn session(&self) -> Option<Uuid> {
        match self.credential {
            Credential::Session(id) => Some(id),
        }
    }

    /// In which zone they are shown times of day.
    pub fn zone(&self, instance: &Instance) -> Tz {
        self.zone.unwrap_or(instance.settings.zone)
    }

    /// The day that it is where they are, which forms are filled in with.
    pub fn today(&self, instance: &Instance) -> NaiveDate {
        instance.clock.today(self.zone(instance))
    }

    /// The last day that is no future to them or to the instance: what they say has happened is held against it.
    pub fn last_day(&self, instance: &Instance) -> NaiveDate {
        self.today(instance).max(instance.today())
    }

    /// The first day that is no past to them or to the instance: what they plan is held against it.
    pub fn first_day(&self, instance: &Instance) -> NaiveDate {
        self.today(instance).min(instance.today())
    }
}

impl From<&Actor> for Author {
    fn from(actor: &Actor) -> Author {
        Author::of(actor.account, actor.credential.into())
    }
}

/// The gate has put the actor there; a handler that takes one can't be reached without.
impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts.extensions.get::<Actor>().cloned().ok_or(Error::SignedOut)
    }
}

/// An actor who came with a session: for what is about sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InSession {
    /// Who.
    pub actor: Actor,
    /// The session's id.
    pub session: Uuid,
}

impl InSession {
    /// The actor with the session that they came with; none when they came by something else.
    pub fn of(actor: Actor) -> Option<InSession> {
        let session = actor.session()?;
        Some(InSession { actor, session })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for InSession {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        InSession::of(Actor::from_request_parts(parts, state).await?).ok_or(Error::Forbidden)
    }
}
