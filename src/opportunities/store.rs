//! The rows of opportunities.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::Kind;
use crate::db::{Result, Tx};

/// An opportunity, with names.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Opportunity {
    /// Its id.
    pub id: Uuid,
    /// Its kind.
    pub kind: Kind,
    /// The day of the occasion.
    pub on_date: NaiveDate,
    /// What it is.
    pub what: String,
    /// To whom it was offered.
    pub offered_to: Uuid,
    /// Their name.
    pub offered_name: String,
    /// Who took it, if anybody has.
    pub taken_by: Option<Uuid>,
    /// Their name.
    pub taken_name: Option<String>,
    /// Counts up with every change.
    pub revision: i64,
}

/// What a CTO writes of one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Contents {
    /// Its kind.
    pub kind: Kind,
    /// The day of the occasion.
    pub on: NaiveDate,
    /// What it is.
    pub what: String,
    /// To whom it was offered.
    pub offered_to: Uuid,
    /// Who took it, if anybody has.
    pub taken_by: Option<Uuid>,
}

const OPPORTUNITY: &str = "select o.id, o.kind, o.on_date, o.what, o.offered_to, p.name as offered_name, o.taken_by, \
     t.name as taken_name, o.revision from opportunities o join people p on p.id = o.offered_to \
     left join people t on t.id = o.taken_by where not o.withdrawn";

/// Those on days after `after`, the latest first.
pub async fn since(tx: &mut Tx, after: NaiveDate) -> Result<Vec<Opportunity>> {
    tx.query_built(format!("{OPPORTUNITY} and o.on_date > $1 order by o.on_date desc, o.id desc"))
        .bind(after)
        .all()
        .await
}

/// One that isn't withdrawn.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Opportunity>> {
    tx.query_built(format!("{OPPORTUNITY} and o.id = $1")).bind(id).optional().await
}

/// Adds one.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    new: &Contents,
    recorded_by: Uuid,
    at: DateTime<Utc>,
) -> Result<()> {
    tx.query(
        "insert into opportunities (id, kind, on_date, what, offered_to, taken_by, withdrawn, revision, recorded_by, \
         created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $9)",
    )
    .bind(id)
    .bind(new.kind)
    .bind(new.on)
    .bind(new.what.clone())
    .bind(new.offered_to)
    .bind(new.taken_by)
    .bind(false)
    .bind(recorded_by)
    .bind(at)
    .run_expecting(1)
    .await
}

/// Writes one anew; false where it isn't at the revision expected any more.
pub(super) async fn update(
    tx: &mut Tx,
    id: Uuid,
    revision: i64,
    new: &Contents,
    at: DateTime<Utc>,
) -> Result<bool> {
    let changed = tx
        .query(
            "update opportunities set kind = $3, on_date = $4, what = $5, offered_to = $6, taken_by = $7, \
             revision = revision + 1, updated_at = $8 where id = $1 and revision = $2 and not withdrawn",
        )
        .bind(id)
        .bind(revision)
        .bind(new.kind)
        .bind(new.on)
        .bind(new.what.clone())
        .bind(new.offered_to)
        .bind(new.taken_by)
        .bind(at)
        .run()
        .await?;
    Ok(changed == 1)
}

/// Takes one back; false where it was already.
pub(super) async fn withdraw(tx: &mut Tx, id: Uuid, at: DateTime<Utc>) -> Result<bool> {
    let changed = tx
        .query(
            "update opportunities set withdrawn = $2, revision = revision + 1, updated_at = $3 \
             where id = $1 and not withdrawn",
        )
        .bind(id)
        .bind(true)
        .bind(at)
        .run()
        .await?;
    Ok(changed == 1)
}
