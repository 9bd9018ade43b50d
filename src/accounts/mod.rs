//! Accounts: who may sign in, and as what.

pub mod actions;
pub mod admin;
pub mod audit_page;
pub mod browsers;
pub mod carried;
pub mod demo;
pub mod devices;
mod granting;
pub mod jobs_page;
pub mod known;
pub mod pages;
pub mod passwords;
mod routes;
pub mod sessions;
pub mod store;
pub mod telling;
mod throttle;
pub mod typed;

pub use routes::routes;

use std::pin::Pin;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::NaiveDate;
use chrono_tz::Tz;
use uuid::Uuid;

use crate::audit::Change;
use crate::db;
use crate::error::Error;
use crate::instance::Instance;
pub use crate::mail::address::clean as clean_email;
pub use crate::policy::Role;

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
    /// The session they came with.
    pub session: Uuid,
    /// The time zone in which they are; none as long as nobody said.
    pub zone: Option<Tz>,
}

impl Actor {
    /// Whether they hold a role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
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

/// The gate has put the actor there; a handler that takes one can't be reached without.
impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        parts.extensions.get::<Actor>().cloned().ok_or(Error::SignedOut)
    }
}
