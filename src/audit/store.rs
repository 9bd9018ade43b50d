//! The audit log's rows.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Event;
use crate::db::{Result, Tx};

/// Locks the head, moves it on by `count`, and returns what it was: the last number and hash.
pub(super) async fn take_head(tx: &mut Tx, count: usize) -> Result<(i64, Vec<u8>)> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let (seq, hash): (i64, Vec<u8>) = tx
        .query("update audit_head set seq = seq + $1 where id = 1 returning seq, hash")
        .bind(count)
        .one()
        .await?;
    Ok((seq - count, hash))
}

pub(super) async fn put_head(tx: &mut Tx, hash: &[u8]) -> Result<()> {
    tx.query("update audit_head set hash = $1 where id = 1").bind(hash.to_vec()).run_expecting(1).await
}

pub(super) async fn append(
    tx: &mut Tx,
    seq: i64,
    at: DateTime<Utc>,
    actor: Option<Uuid>,
    event: &Event,
    hash: &[u8],
) -> Result<()> {
    tx.query(
        "insert into audit_entries (seq, at, actor, action, subject, subject_id, commitment, hash) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(seq)
    .bind(at)
    .bind(actor)
    .bind(event.action)
    .bind(event.subject)
    .bind(event.subject_id)
    .bind(event.commitment.clone())
    .bind(hash.to_vec())
    .run_expecting(1)
    .await
}
