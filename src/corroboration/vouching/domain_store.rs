//! The rows of the domains of organizations that are known here.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::db::{Result, Tx};

/// A domain that is listed.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KnownDomain {
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
pub(super) async fn all(tx: &mut Tx) -> Result<Vec<KnownDomain>> {
    tx.query(
        "select k.id, k.domain, k.listed_on, p.name from known_domains k join people p on p.id = k.listed_by \
         where k.removed_at is null order by k.domain",
    )
    .all()
    .await
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: Uuid,
    domain: &str,
    by: Uuid,
    on: NaiveDate,
    at: DateTime<Utc>,
) -> Result<()> {
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

/// Takes a domain off the list; false when it is not on it.
pub(super) async fn remove(tx: &mut Tx, id: Uuid, at: DateTime<Utc>) -> Result<bool> {
    let removed = tx
        .query("update known_domains set removed_at = $2 where id = $1 and removed_at is null")
        .bind(id)
        .bind(at)
        .run()
        .await?;
    Ok(removed == 1)
}

/// Who listed a domain, and when; but not the candidate whose evidence it is.
pub(super) async fn lister(tx: &mut Tx, domain: &str, candidate: Uuid) -> Result<Option<(Uuid, NaiveDate)>> {
    tx.query(
        "select listed_by, listed_on from known_domains where domain = $1 and removed_at is null and listed_by <> $2",
    )
    .bind(domain.to_owned())
    .bind(candidate)
    .optional()
    .await
}

/// Whether somebody of the company signs in with an address at a domain that somebody registered, or under it.
pub(super) async fn is_of_accounts(tx: &mut Tx, registrable: &str) -> Result<bool> {
    let domain = registrable.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    let (number,): (i64,) = tx
        .query(
            "select count(*) from accounts a join people p on p.id = a.person_id where p.organization = 'internal' \
             and (a.email like $1 escape '!' or a.email like $2 escape '!')",
        )
        .bind(format!("%@{domain}"))
        .bind(format!("%@%.{domain}"))
        .one()
        .await?;
    Ok(number > 0)
}
