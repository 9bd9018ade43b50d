//! The rows of accounts, roles and single-use links.

use crate::word::word;
use chrono::{DateTime, Utc};
use macro_rules_attribute::apply;
use uuid::Uuid;

use super::Role;
use crate::db::{Result, Tx};
use crate::mail::address;

/// An account with its person's name.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    /// Its id.
    pub id: Uuid,
    /// The address it signs in with.
    pub email: String,
    /// Its person.
    pub person_id: Uuid,
    /// The person's name.
    pub name: String,
    /// Set while nobody may sign in with it.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Whether its invitation has been taken up.
    pub has_password: bool,
}

impl Account {
    /// Its address for people to read.
    pub fn address(&self) -> String {
        address::shown(&self.email)
    }
}

/// What a single-use link is for.
#[apply(word!)]
pub enum Purpose {
    /// To choose a first password.
    Invite,
    /// To choose a new one.
    Reset,
    /// To be signed in on a demo server.
    Demo,
}

/// What sign-in needs of an account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Credentials {
    pub id: Uuid,
    pub password_hash: Option<String>,
    pub disabled_at: Option<DateTime<Utc>>,
}

const ACCOUNT: &str = "select a.id, a.email, a.person_id, p.name, a.disabled_at, a.password_hash is not null as has_password \
     from accounts a join people p on p.id = a.person_id";

/// Of the forms of an address, the first is the one in which they are kept by now.
pub(super) async fn credentials(tx: &mut Tx, [email, before]: &[String; 2]) -> Result<Option<Credentials>> {
    tx.query(
        "select id, password_hash, disabled_at from accounts where email in ($1, $2) \
         order by case when email = $1 then 0 else 1 end limit 1",
    )
    .bind(email.clone())
    .bind(before.clone())
    .optional()
    .await
}

/// All accounts, by name.
pub async fn all(tx: &mut Tx) -> Result<Vec<Account>> {
    tx.query_built(format!("{ACCOUNT} order by p.name, a.id")).all().await
}

/// One account.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Account>> {
    tx.query_built(format!("{ACCOUNT} where a.id = $1")).bind(id).optional().await
}

/// The account that signs in with an address, also one that was kept before addresses had one form.
pub async fn find_by_email(tx: &mut Tx, email: &str) -> Result<Option<Account>> {
    let by = "where a.email in ($1, $2) order by case when a.email = $1 then 0 else 1 end limit 1";
    let query = tx.query_built(format!("{ACCOUNT} {by}")).bind(email.to_owned());
    query.bind(address::shown(email)).optional().await
}

/// Sets the time zone in which the person of an account is.
pub(super) async fn set_zone(tx: &mut Tx, id: Uuid, zone: Option<chrono_tz::Tz>) -> Result<()> {
    tx.query("update accounts set time_zone = $2 where id = $1")
        .bind(id)
        .bind(zone.map(|zone| zone.name().to_owned()))
        .run_expecting(1)
        .await
}

/// The account of a person, unless they have none or it is disabled.
pub async fn of_person(tx: &mut Tx, person: Uuid) -> Result<Option<Uuid>> {
    let found: Option<(Uuid,)> = tx
        .query("select id from accounts where person_id = $1 and disabled_at is null")
        .bind(person)
        .optional()
        .await?;
    Ok(found.map(|(id,)| id))
}

/// Keeps others from changing an account, its password and its roles until the transaction ends.
pub async fn lock(tx: &mut Tx, id: Uuid) -> Result<()> {
    let lock = tx.query_either(
        "select id from accounts where id = $1",
        "select id from accounts where id = $1 for no key update",
    );
    lock.bind(id).optional::<(Uuid,)>().await.map(drop)
}

/// The roles of an account, in order.
pub async fn roles(tx: &mut Tx, account: Uuid) -> Result<Vec<Role>> {
    let mut roles: Vec<Role> = tx
        .query("select role from account_roles where account_id = $1")
        .bind(account)
        .all::<(Role,)>()
        .await?
        .into_iter()
        .map(|(role,)| role)
        .collect();
    roles.sort_unstable();
    Ok(roles)
}

/// Every account's roles.
pub async fn all_roles(tx: &mut Tx) -> Result<Vec<(Uuid, Role)>> {
    tx.query("select account_id, role from account_roles order by account_id, role").all().await
}

/// The accounts that are told of what is given to others: every admin's and every CTO's, and whether it is an admin's.
pub async fn stewards(tx: &mut Tx) -> Result<Vec<(Uuid, bool)>> {
    tx.query(
        "select a.id, exists (select 1 from account_roles r where r.account_id = a.id and r.role = 'admin') \
         from accounts a where exists (select 1 from account_roles r where r.account_id = a.id \
         and r.role in ('admin', 'cto')) order by a.id",
    )
    .all()
    .await
}

/// Whether an account other than this is an admin's and not disabled.
pub(super) async fn administered_without(tx: &mut Tx, account: Uuid) -> Result<bool> {
    let (another,): (bool,) = tx
        .query(
            "select exists (select 1 from account_roles r join accounts a on a.id = r.account_id \
             where r.role = 'admin' and a.disabled_at is null and a.id <> $1)",
        )
        .bind(account)
        .one()
        .await?;
    Ok(another)
}

/// Adds an account without a password for a person who has none.
pub async fn insert(tx: &mut Tx, id: Uuid, email: &str, person: Uuid, at: DateTime<Utc>) -> Result<()> {
    tx.query("insert into accounts (id, email, person_id, created_at) values ($1, $2, $3, $4)")
        .bind(id)
        .bind(email.to_owned())
        .bind(person)
        .bind(at)
        .run_expecting(1)
        .await
}

/// Puts an account's roles in place of those it had.
pub async fn set_roles(tx: &mut Tx, account: Uuid, roles: &[Role]) -> Result<()> {
    tx.query("delete from account_roles where account_id = $1").bind(account).run().await?;
    for role in roles {
        tx.query("insert into account_roles (account_id, role) values ($1, $2)")
            .bind(account)
            .bind(*role)
            .run_expecting(1)
            .await?;
    }
    Ok(())
}

/// Disables an account, or enables it again.
pub async fn set_disabled(tx: &mut Tx, account: Uuid, at: Option<DateTime<Utc>>) -> Result<()> {
    tx.query("update accounts set disabled_at = $2 where id = $1")
        .bind(account)
        .bind(at)
        .run_expecting(1)
        .await
}

pub(super) async fn set_password(tx: &mut Tx, account: Uuid, hash: String) -> Result<()> {
    tx.query("update accounts set password_hash = $2 where id = $1")
        .bind(account)
        .bind(hash)
        .run_expecting(1)
        .await
}

pub(super) async fn insert_link(
    tx: &mut Tx,
    token_hash: &[u8],
    account: Uuid,
    purpose: Purpose,
    made_by: Option<Uuid>,
    at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    tx.query(
        "insert into account_links (token_hash, account_id, purpose, created_at, expires_at, made_by) \
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(token_hash.to_vec())
    .bind(account)
    .bind(purpose)
    .bind(at)
    .bind(expires_at)
    .bind(made_by)
    .run_expecting(1)
    .await
}

/// Whether an account made the last link by which another's password could be set.
pub async fn made_last_link(tx: &mut Tx, account: Uuid, maker: Uuid) -> Result<bool> {
    let (made,): (i64,) = tx
        .query(
            "select count(*) from account_links l where l.account_id = $1 and l.made_by = $2 and l.purpose <> 'demo' \
             and not exists (select 1 from account_links n where n.account_id = l.account_id and n.purpose <> 'demo' \
             and n.created_at > l.created_at)",
        )
        .bind(account)
        .bind(maker)
        .one()
        .await?;
    Ok(made > 0)
}

/// The account and purpose of a link that can still be used.
pub(super) async fn usable_link(
    tx: &mut Tx,
    token_hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<(Uuid, Purpose)>> {
    tx.query(
        "select l.account_id, l.purpose from account_links l join accounts a on a.id = l.account_id \
         where l.token_hash = $1 and l.used_at is null and l.expires_at > $2 and a.disabled_at is null",
    )
    .bind(token_hash.to_vec())
    .bind(now)
    .optional()
    .await
}

/// Spends a link; false when somebody else was quicker.
pub(super) async fn spend_link(tx: &mut Tx, token_hash: &[u8], now: DateTime<Utc>) -> Result<bool> {
    let spent = tx
        .query("update account_links set used_at = $2 where token_hash = $1 and used_at is null")
        .bind(token_hash.to_vec())
        .bind(now)
        .run()
        .await?;
    Ok(spent == 1)
}

/// Makes every link of an account useless.
pub(super) async fn spend_links(tx: &mut Tx, account: Uuid, now: DateTime<Utc>) -> Result<()> {
    tx.query("update account_links set used_at = $2 where account_id = $1 and used_at is null")
        .bind(account)
        .bind(now)
        .run()
        .await?;
    Ok(())
}

/// The address that a person signs in with, if they have an account.
pub async fn email_of(tx: &mut Tx, person: Uuid) -> Result<Option<String>> {
    let found: Option<(String,)> =
        tx.query("select email from accounts where person_id = $1").bind(person).optional().await?;
    Ok(found.map(|(email,)| email))
}
