//! The rows of people, their levels and milestones.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Organization;
use crate::db::{Result, Tx};

/// Adds a person; `added_by` is the candidate's account that did, or nobody.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    name: &str,
    organization: Organization,
    works_at: Option<&str>,
    added_by: Option<Uuid>,
    at: DateTime<Utc>,
) -> Result<()> {
    tx.query(
        "insert into people (id, name, organization, works_at, added_by, created_at) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(name.to_owned())
    .bind(organization)
    .bind(works_at.map(str::to_owned))
    .bind(added_by)
    .bind(at)
    .run_expecting(1)
    .await
}
