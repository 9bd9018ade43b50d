//! Organizations that are known here, by the domains of their addresses. An admin lists one, and vouches by that for the
//! answers that are mailed from there.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{domain_store, domains, store};
use crate::accounts::Actor;
use crate::audit::{Change, Event};
use crate::db::{self, Tx};
use crate::error::{Error, FieldError, Result};
use crate::instance::Instance;
use crate::policy::{self, InstanceAct};

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
    let mut change = Change::begin_alone(instance, actor).await?;
    if is_own(change.tx(), instance, &domain).await? {
        return Err(fault(format!(
            "{domain} is the company’s own, where candidates have addresses themselves. Give those who are asked an account."
        )));
    }
    if domain_store::all(change.tx()).await?.iter().any(|known| known.domain == domain) {
        return Err(fault(format!("{domain} is listed already.")));
    }
    let (id, at, today) = (change.new_id(), change.at(), instance.today());
    domain_store::insert(change.tx(), id, &domain, actor.person, today, at).await?;
    let mailed = store::all_mailed(change.tx(), actor.account).await?;
    let of_it = |address: &String| domains::of_address(address).is_some_and(|of| of == domain);
    let mut from_there = Vec::new();
    for answer in mailed {
        if let Some(address) = answer.address.as_ref().filter(|address| of_it(address))
            && store::is_theirs_alone(change.tx(), answer.person_id, address).await?
        {
            from_there.push(answer);
        }
    }
    super::stand(&mut change, &from_there, actor.person, today).await?;
    change.record(Event::DomainListed, Some(id), &domain);
    change.commit().await?;
    Ok(domain)
}

/// Takes a domain off the list: answers that come later are vouched for one by one again.
///
/// # Errors
/// [`Error::NotFound`] for what is not listed.
pub async fn remove(instance: &Instance, actor: &Actor, id: Uuid) -> Result<()> {
    policy::decide(&actor.roles, InstanceAct::Administer).require()?;
    let mut change = Change::begin_alone(instance, actor).await?;
    let at = change.at();
    if !domain_store::remove(change.tx(), id, at).await? {
        return Err(Error::NotFound);
    }
    change.record(Event::DomainRemoved, Some(id), &());
    change.commit().await
}

/// The admin who listed a domain, and when; but not the candidate whose evidence it is.
pub(super) async fn vouching(
    tx: &mut Tx,
    instance: &Instance,
    domain: &str,
    candidate: Uuid,
) -> Result<Option<(Uuid, NaiveDate)>> {
    let found = domain_store::lister(tx, domain, candidate).await?;
    // Since it was listed, somebody of the company may have got an account with an address there.
    if found.is_some() && is_own(tx, instance, domain).await? {
        return Ok(None);
    }
    Ok(found)
}

/// Whether a domain is the company's own: that of the address at which people use the program, or of addresses with which
/// its people sign in.
pub(super) async fn is_own(tx: &mut Tx, instance: &Instance, domain: &str) -> db::Result<bool> {
    let served = url::Url::parse(&instance.settings.url).ok();
    let host = served.as_ref().and_then(url::Url::domain).filter(|host| host.contains('.'));
    Ok(host.is_some_and(|host| domains::are_related(host, domain))
        || !domains::is_public(domain)
            && domain_store::is_of_accounts(tx, domains::registrable(domain)).await?)
}
