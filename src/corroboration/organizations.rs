//! Organizations that are known here, by the domains of their addresses. An admin lists one, and vouches by that for the
//! answers that are mailed from there.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{domains, vouching, vouching_store};
use crate::accounts::Actor;
use crate::audit::Change;
use crate::db::{self, Tx};
use crate::error::{Error, FieldError, Result};
use crate::instance::Instance;
use crate::policy::{self, InstanceAct};

/// A domain that is listed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// Its id.
    pub id: Uuid,
    /// It.
    pub domain: String,
    /// Since when.
    pub listed_on: NaiveDate,
    /// The name of the admin who listed it.
    pub name: String,
}

/// All that are listed, by name.
pub async fn all(tx: &mut Tx) -> db::Result<Vec<Listed>> {
    tx.query(
        "select k.id, k.domain, k.listed_on, p.name from known_domains k join people p on p.id = k.listed_by \
         where k.removed_at is null order by k.domain",
    )
    .all()
    .await
}

/// Lists a domain. Answers that were mailed from there count from today on, as those to come do: those of people outside the
/// company, each from an address that nobody else was given.
///
/// # Errors
/// [`Error::Invalid`] names `domain`.
pub async fn list(instance: &Instance, actor: &Actor, typed: &str) -> Result<String> {
    policy::decide(&actor.roles, InstanceAct::Administer).require()?;
    let fault = |message: String| Error::Invalid(vec![FieldError::new("domain", message)]);
    let domain = domains::clean(typed).map_err(|message| fault(message.into()))?;
    if domains::is_public(&domain) {
        return Err(fault(format!(
            "Anybody can have an address at {domain}, so that it says nothing about who answers. Vouch for the addresses themselves."
        )));
    }
    let mut change = Change::begin_alone(instance, Some(actor.account)).await?;
    if is_own(change.tx(), instance, &domain).await? {
        return Err(fault(format!(
            "{domain} is the company’s own, where candidates have addresses themselves. Give those who are asked an account."
        )));
    }
    if all(change.tx()).await?.iter().any(|known| known.domain == domain) {
        return Err(fault(format!("{domain} is listed already.")));
    }
    let (id, at, today) = (change.new_id(), change.at(), instance.today());
    insert(change.tx(), id, &domain, actor.person, today, at).await?;
    let mailed = vouching_store::all_mailed(change.tx(), actor.account).await?;
    let of_it = |address: &String| domains::of_address(address).is_some_and(|of| of == domain);
    let mut from_there = Vec::new();
    for answer in mailed {
        if let Some(address) = answer.address.as_ref().filter(|address| of_it(address))
            && vouching_store::is_theirs_alone(change.tx(), answer.person_id, address).await?
        {
            from_there.push(answer);
        }
    }
    vouching::stand(&mut change, &from_there, actor.person, today).await?;
    change.note("domain.listed", "domain", Some(id), &domain);
    change.commit().await?;
    Ok(domain)
}

/// Takes a domain off the list: answers that come later are vouched for one by one again.
///
/// # Errors
/// [`Error::NotFound`] for what is not listed.
pub async fn remove(instance: &Instance, actor: &Actor, id: Uuid) -> Result<()> {
    policy::decide(&actor.roles, InstanceAct::Administer).require()?;
    let mut change = Change::begin_alone(instance, Some(actor.account)).await?;
    let at = change.at();
    let removed = change
        .tx()
        .query("update known_domains set removed_at = $2 where id = $1 and removed_at is null")
        .bind(id)
        .bind(at)
        .run()
        .await?;
    if removed == 0 {
        return Err(Error::NotFound);
    }
    change.note("domain.removed", "domain", Some(id), &());
    change.commit().await
}

/// The admin who listed a domain, and when; but not the candidate whose evidence it is.
pub(super) async fn vouching(
    tx: &mut Tx,
    instance: &Instance,
    domain: &str,
    candidate: Uuid,
) -> Result<Option<(Uuid, NaiveDate)>> {
    let found = tx
        .query(
            "select listed_by, listed_on from known_domains where domain = $1 and removed_at is null and listed_by <> $2",
        )
        .bind(domain.to_owned())
        .bind(candidate)
        .optional()
        .await?;
    // Since it was listed, somebody of the company may have got an account with an address there.
    if found.is_some() && is_own(tx, instance, domain).await? {
        return Ok(None);
    }
    Ok(found)
}

/// Whether a domain is the company's own: that of the address at which people use the program, or of addresses with which
/// its people sign in.
pub(super) async fn is_own(tx: &mut Tx, instance: &Instance, domain: &str) -> db::Result<bool> {
    let addresses: Vec<(String,)> = tx
        .query(
            "select a.email from accounts a join people p on p.id = a.person_id where p.organization = 'internal'",
        )
        .all()
        .await?;
    let of_accounts = addresses.iter().filter_map(|(address,)| domains::of_address(address));
    let served = url::Url::parse(&instance.settings.url).ok();
    let host = served.as_ref().and_then(url::Url::domain).filter(|host| host.contains('.'));
    let mut own = of_accounts.filter(|own| !domains::is_public(own)).chain(host.map(str::to_owned));
    Ok(own.any(|own| domains::are_related(&own, domain)))
}

async fn insert(
    tx: &mut Tx,
    id: Uuid,
    domain: &str,
    by: Uuid,
    on: NaiveDate,
    at: DateTime<Utc>,
) -> db::Result<()> {
    tx.query(
        "insert into known_domains (id, domain, listed_by, listed_on, listed_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(domain.to_owned())
    .bind(by)
    .bind(on)
    .bind(at)
    .run_expecting(1)
    .await
}
