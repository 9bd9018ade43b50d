//! Giving and taking roles. Nobody gains one by themselves: an admin's own are given by another admin or from the command
//! line. And there is always an admin who is not disabled.

use uuid::Uuid;

use super::store::{self, Account};
use super::telling::{self, Done};
use super::{Actor, Role, clean_email};
use crate::audit::{Change, Event, Origin};
use crate::db::Tx;
use crate::error::{Error, FieldError, Result};
use crate::instance::Instance;
use crate::policy::{self, InstanceAct};

fn refused(message: impl Into<String>) -> Error {
    Error::Invalid(vec![FieldError::new("role", message)])
}

/// The titles of roles, as a sentence names them.
fn titles(roles: &[Role]) -> String {
    let titles: Vec<String> = roles.iter().map(|role| role.title().to_owned()).collect();
    crate::web::words::list(&titles)
}

/// Puts an account's roles in place of those it had, by an admin. They hold on the next request.
///
/// # Errors
/// [`Error::Invalid`] with the field `role`: none, one more for oneself, no longer being an admin oneself, or no admin left.
pub async fn set_roles(instance: &Instance, actor: &Actor, account: Uuid, roles: &[Role]) -> Result<()> {
    policy::decide(&actor.roles, InstanceAct::Administer).require()?;
    if roles.is_empty() {
        return Err(refused("Choose at least one role."));
    }
    let mut change = Change::begin_alone(instance, actor).await?;
    let found = store::find(change.tx(), account).await?.ok_or(Error::NotFound)?;
    let had = store::roles(change.tx(), account).await?;
    if account == actor.account {
        let given: Vec<Role> = roles.iter().copied().filter(|role| !had.contains(role)).collect();
        if let Some(first) = given.first() {
            return Err(refused(format!(
                "Nobody gives themselves a role. Ask another admin for {}, or have it given on the command line: \
                 evident user grant {} --role {first}",
                titles(&given),
                found.email
            )));
        }
        if !roles.contains(&Role::Admin) {
            return Err(refused("You can't take the admin role from yourself; ask another admin."));
        }
    }
    put(&mut change, instance, Some(actor), &found, &had, roles).await?;
    change.commit().await
}

/// Gives roles to the account of an address, from the command line. Returns the account.
///
/// # Errors
/// [`Error::Invalid`] where there is no such account, or it holds one of them.
pub async fn grant(instance: &Instance, email: &str, roles: &[Role]) -> Result<Account> {
    let mut change = Change::begin_alone(instance, Origin::CommandLine).await?;
    let (found, had) = with_roles(change.tx(), email).await?;
    let held: Vec<Role> = roles.iter().copied().filter(|role| had.contains(role)).collect();
    if !held.is_empty() {
        return Err(refused(format!("{} holds {} already; nothing was changed.", found.name, titles(&held))));
    }
    let mut then = [had.as_slice(), roles].concat();
    then.sort_unstable();
    put(&mut change, instance, None, &found, &had, &then).await?;
    change.commit().await?;
    Ok(found)
}

/// Takes roles from the account of an address, from the command line. Returns the account.
///
/// # Errors
/// [`Error::Invalid`] where there is no such account, it does not hold one of them, has no other, or is the last admin's.
pub async fn revoke(instance: &Instance, email: &str, roles: &[Role]) -> Result<Account> {
    let mut change = Change::begin_alone(instance, Origin::CommandLine).await?;
    let (found, had) = with_roles(change.tx(), email).await?;
    let missing: Vec<Role> = roles.iter().copied().filter(|role| !had.contains(role)).collect();
    if !missing.is_empty() {
        return Err(refused(format!(
            "{} does not hold {}; nothing was changed. They hold {}.",
            found.name,
            titles(&missing),
            titles(&had)
        )));
    }
    let then: Vec<Role> = had.iter().copied().filter(|role| !roles.contains(role)).collect();
    if then.is_empty() {
        return Err(refused(format!(
            "{} holds nothing but {}, and an account has at least one role. Grant another first, or disable the account \
             on an admin's page.",
            found.name,
            titles(&had)
        )));
    }
    put(&mut change, instance, None, &found, &had, &then).await?;
    change.commit().await?;
    Ok(found)
}

/// The account that signs in with an address, and its roles.
async fn with_roles(tx: &mut Tx, email: &str) -> Result<(Account, Vec<Role>)> {
    let found = of_address(tx, email).await?;
    let roles = store::roles(tx, found.id).await?;
    Ok((found, roles))
}

/// The account that signs in with an address, for the command line.
///
/// # Errors
/// [`Error::Invalid`] with the field `email`.
pub async fn of_address(tx: &mut Tx, email: &str) -> Result<Account> {
    let unknown = |message: String| Error::Invalid(vec![FieldError::new("email", message)]);
    let email = clean_email(email).map_err(|message| unknown(message.to_owned()))?;
    store::find_by_email(tx, &email).await?.ok_or_else(|| {
        unknown(format!(
            "No account signs in with {email}. Add one with evident user add, or check the address."
        ))
    })
}

/// The one way in which the roles of an account that is there change.
async fn put(
    change: &mut Change<'_>,
    instance: &Instance,
    by: Option<&Actor>,
    account: &Account,
    had: &[Role],
    roles: &[Role],
) -> Result<()> {
    if had.contains(&Role::Admin) && !roles.contains(&Role::Admin) {
        another_admin(change.tx(), account).await?;
    }
    store::lock(change.tx(), account.id).await?;
    store::set_roles(change.tx(), account.id, roles).await?;
    super::changed(change, account.id).await?;
    let given: Vec<Role> = roles.iter().copied().filter(|role| !had.contains(role)).collect();
    telling::tell(change, instance, by, account, Done::Given(&given)).await?;
    change.record(Event::AccountRolesSet, Some(account.id), &roles);
    Ok(())
}

/// Refuses to leave the instance without an admin who may sign in.
pub(super) async fn another_admin(tx: &mut Tx, account: &Account) -> Result<()> {
    if account.disabled_at.is_some() || store::administered_without(tx, account.id).await? {
        return Ok(());
    }
    Err(refused(format!(
        "{} is the last admin. Make somebody else an admin first, so that there is one.",
        account.name
    )))
}
