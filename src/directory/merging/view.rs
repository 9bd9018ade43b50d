//! What an admin is shown of two people who may be one: what everybody signed in may know, and no evidence.

use uuid::Uuid;

use crate::accounts;
use crate::accounts::Actor;
use crate::db::Tx;
use crate::directory::pages::held;
use crate::directory::{belongs, viewer};
use crate::error::{Error, Result};
use crate::mail::address;
use crate::people;
use crate::people::LEFT;
use crate::people::store::Person;
use crate::web::words;

/// One of the two.
pub(super) struct Side {
    pub(super) id: Uuid,
    pub(super) name: String,
    /// `In the company`, or where they work.
    pub(super) place: String,
    /// `E1 since Jan 2025, Risk`; empty when no level is recorded.
    pub(super) now: String,
    /// Every level with its first day, the latest first.
    pub(super) levels: Vec<String>,
    /// The address that they sign in with.
    pub(super) email: Option<String>,
    /// Whether a candidate added them.
    pub(super) by_candidate: bool,
}

/// Shows somebody.
pub(super) async fn side(tx: &mut Tx, actor: &Actor, id: Uuid, today: chrono::NaiveDate) -> Result<Side> {
    let person = people::store::find(tx, viewer(actor), id).await?.ok_or(Error::NotFound)?;
    let history = people::store::levels(tx, viewer(actor), &[id]).await?;
    let email = accounts::store::email_of(tx, id).await?.map(|email| address::shown(&email));
    let by_candidate = people::store::added_by_candidate(tx, id).await?;
    let now = history.iter().find(|level| level.from_date <= today);
    let described = |level: &people::store::LevelEntry| {
        let held = if level.level == LEFT { "Left" } else { &level.level };
        let domain = level.domain.as_ref().map(|domain| format!(", {domain}")).unwrap_or_default();
        let line =
            level.reports_to_name.as_ref().map(|name| format!("; reports to {name}")).unwrap_or_default();
        format!("{}: {held}{domain}{line}", words::day(&level.from_date))
    };
    Ok(Side {
        id,
        place: place(&person),
        name: person.name,
        now: now.map(|level| with_domain(held(level), level.domain.as_deref())).unwrap_or_default(),
        levels: history.iter().map(described).collect(),
        email,
        by_candidate,
    })
}

fn with_domain(held: String, domain: Option<&str>) -> String {
    match domain {
        Some(domain) => format!("{held}, {domain}"),
        None => held,
    }
}

/// Where somebody belongs.
pub(super) fn place(person: &Person) -> String {
    match belongs(person.organization, person.works_at.as_deref()) {
        place if place.is_empty() => person.organization.title().to_owned(),
        place => place,
    }
}
