//! The audit log's rows.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Event;
use super::entry::Entry;
use crate::db::{Result, Tx, placeholders};

/// Begins the chain, where there is none yet.
pub(crate) async fn begin(tx: &mut Tx) -> Result<()> {
    tx.query("insert into audit_head (id, seq, hash) values (1, 0, $1) on conflict do nothing")
        .bind(vec![0_u8; 32])
        .run()
        .await
        .map(drop)
}

/// An entry of the log, as it is read. Its commitment and hash are for verifying.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Logged {
    /// Counts up from 1 without a gap.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// The acting account; none where none acted.
    pub actor: Option<Uuid>,
    /// By what, as [`super::By`]'s word; none where the entry is from before that was kept.
    pub origin: Option<String>,
    /// What was done, such as `account.added`.
    pub action: String,
    /// What it was done to, such as `account`.
    pub subject: String,
    /// Which one.
    pub subject_id: Option<Uuid>,
}

/// The last entry's number and hash: a checkpoint against which the log can be verified.
pub async fn head(tx: &mut Tx) -> Result<(i64, Vec<u8>)> {
    tx.query("select seq, hash from audit_head where id = 1").one().await
}

/// How many entries tell of one of these events.
pub async fn number_of(tx: &mut Tx, events: &[Event]) -> Result<usize> {
    let sql =
        format!("select count(*) from audit_entries where action in ({})", placeholders(1, events.len()));
    let (number,): (i64,) =
        tx.query_built(sql).bind_all(events.iter().map(|event| event.action())).one().await?;
    Ok(usize::try_from(number).unwrap_or_default())
}

/// The entries that tell of one of these events, newest first, without the first `skipped`.
pub async fn latest_of(tx: &mut Tx, events: &[Event], skipped: usize, limit: usize) -> Result<Vec<Logged>> {
    let sql = format!(
        "select seq, at, actor, origin, action, subject, subject_id from audit_entries where action in ({}) \
         order by seq desc limit $1 offset $2",
        placeholders(3, events.len())
    );
    let whole = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    tx.query_built(sql)
        .bind(whole(limit))
        .bind(whole(skipped))
        .bind_all(events.iter().map(|event| event.action()))
        .all()
        .await
}

/// The hash of the last entry from before a moment.
pub async fn head_before(tx: &mut Tx, moment: DateTime<Utc>) -> Result<Option<Vec<u8>>> {
    let found: Option<(Vec<u8>,)> = tx
        .query("select hash from audit_entries where at < $1 order by seq desc limit 1")
        .bind(moment)
        .optional()
        .await?;
    Ok(found.map(|(hash,)| hash))
}

/// The number of the entry with a hash.
pub async fn with_hash(tx: &mut Tx, hash: &[u8]) -> Result<Option<i64>> {
    let found: Option<(i64,)> =
        tx.query("select seq from audit_entries where hash = $1").bind(hash.to_vec()).optional().await?;
    Ok(found.map(|(seq,)| seq))
}

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
    tx.query("update audit_head set hash = $1 where id = 1").bind(hash.to_vec()).enqueue_expecting(1).await
}

pub(super) async fn append(tx: &mut Tx, entry: &Entry) -> Result<()> {
    tx.query(
        "insert into audit_entries \
         (seq, version, at, actor, origin, origin_id, action, subject, subject_id, commitment, hash) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(entry.seq)
    .bind(entry.version)
    .bind(entry.at)
    .bind(entry.actor)
    .bind(entry.origin.clone())
    .bind(entry.origin_id)
    .bind(entry.action.clone())
    .bind(entry.subject.clone())
    .bind(entry.subject_id)
    .bind(entry.commitment.clone())
    .bind(entry.hash.clone())
    .enqueue_expecting(1)
    .await
}

/// The first `limit` entries after a number, all of what they hold.
pub(super) async fn after(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<Entry>> {
    tx.query(
        "select seq, version, at, actor, origin, origin_id, action, subject, subject_id, commitment, hash \
         from audit_entries where seq > $1 order by seq limit $2",
    )
    .bind(seq)
    .bind(limit)
    .all()
    .await
}

/// The number of the first entry after a number.
pub(super) async fn next_number(tx: &mut Tx, seq: i64) -> Result<i64> {
    let (next,): (i64,) =
        tx.query("select seq from audit_entries where seq > $1 order by seq limit 1").bind(seq).one().await?;
    Ok(next)
}
