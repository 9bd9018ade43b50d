//! The rows of jobs.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Job, Taken};
use crate::db::{Result, Tx, insert_new, placeholders};

/// A job to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// Its id.
    pub id: Uuid,
    /// What is to be done, such as `letter`.
    pub name: &'static str,
    /// Tells it from others of its name.
    pub key: String,
    /// What it works on, where that is one thing.
    pub about: Option<Uuid>,
    /// What it is told besides, as JSON; none for nothing.
    pub payload: Option<String>,
    /// When it is due.
    pub due: DateTime<Utc>,
}

impl New {
    /// A job of a kind.
    pub fn of<J: Job>(
        id: Uuid,
        key: String,
        about: Option<Uuid>,
        payload: &J::Payload,
        due: DateTime<Utc>,
    ) -> New {
        // Serializing our own plain types into memory can't fail; were it to, the job would say that it can't be understood.
        let payload = serde_json::to_string(payload).unwrap_or_default();
        New { id, name: J::NAME, key, about, payload: Some(payload).filter(|payload| payload != "null"), due }
    }
}

/// Keeps a job to be done; false when there is, or was, one with its name and key.
pub async fn add(tx: &mut Tx, job: New, at: DateTime<Utc>) -> Result<bool> {
    let added = tx
        .query(
            "insert into jobs (id, name, key, about, payload, due_at, attempts, last_error, created_at) \
             values ($1, $2, $3, $4, $5, $6, 0, '', $7) on conflict do nothing",
        )
        .bind(job.id)
        .bind(job.name)
        .bind(job.key)
        .bind(job.about)
        .bind(job.payload)
        .bind(job.due)
        .bind(at)
        .run()
        .await?;
    Ok(added == 1)
}

/// As [`add`], of many.
pub async fn add_all(tx: &mut Tx, jobs: &[New], at: DateTime<Utc>) -> Result<()> {
    insert_new(
        tx,
        "jobs (id, name, key, about, payload, due_at, attempts, last_error, created_at)",
        jobs,
        |query, job| {
            let query = query.bind(job.id).bind(job.name).bind(job.key.clone()).bind(job.about);
            query.bind(job.payload.clone()).bind(job.due).bind(0_i64).bind("").bind(at)
        },
    )
    .await
}

/// What is to be done and nobody has, on a day `$1`.
const DUE: &str = "done_at is null and failed_at is null and due_at <= $1 \
     and (leased_until is null or leased_until <= $1)";

/// Whether one of these names is due, and the pace lets it begin.
pub(super) async fn may_begin(
    tx: &mut Tx,
    names: &[&'static str],
    pace: Option<u32>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let among = placeholders(2, names.len());
    let due = format!("select 1 from jobs where {DUE} and name in ({among}) limit 1");
    let due: Option<(i32,)> =
        tx.query_built(due).bind(now).bind_all(names.iter().copied()).optional().await?;
    let (Some(_), Some(pace)) = (due, pace) else { return Ok(due.is_some()) };
    let begun = format!("select count(*) from jobs where started_at > $1 and name in ({among})");
    let begun = tx.query_built(begun).bind(now - TimeDelta::minutes(1)).bind_all(names.iter().copied());
    Ok(begun.one::<(i64,)>().await?.0 < i64::from(pace))
}

/// Takes the one that has been due longest; none that another instance takes at this moment.
pub(super) async fn take(
    tx: &mut Tx,
    names: &[&'static str],
    lease: Uuid,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Option<Taken>> {
    let among = placeholders(4, names.len());
    let take = |skip: &str| {
        format!(
            "update jobs set lease = $2, leased_until = $3, started_at = $1, attempts = attempts + 1 \
             where id = (select id from jobs where {DUE} and name in ({among}) order by due_at, id limit 1{skip}) \
             returning id, name, about, payload, attempts, lease"
        )
    };
    let sql = tx.either(take(""), take(" for update skip locked"));
    tx.query_built(sql).bind(now).bind(lease).bind(until).bind_all(names.iter().copied()).optional().await
}

/// Whether it is still the taker's, who has it until another moment from now on.
pub(super) async fn renew(tx: &mut Tx, job: &Taken, until: DateTime<Utc>) -> Result<bool> {
    let renewed = tx
        .query("update jobs set leased_until = $3 where id = $1 and lease = $2")
        .bind(job.id)
        .bind(job.lease)
        .bind(until)
        .run()
        .await?;
    Ok(renewed == 1)
}

/// The rest is only written while the lease is the taker's; false where it is not.
pub(super) async fn done(tx: &mut Tx, job: &Taken, now: DateTime<Utc>) -> Result<bool> {
    let done = tx
        .query(
            "update jobs set done_at = $3, lease = null, leased_until = null, last_error = '' \
             where id = $1 and lease = $2",
        )
        .bind(job.id)
        .bind(job.lease)
        .bind(now)
        .run()
        .await?;
    Ok(done == 1)
}

pub(super) async fn put_off(tx: &mut Tx, job: &Taken, due: DateTime<Utc>, why: &str) -> Result<bool> {
    let put_off = tx
        .query(
            "update jobs set due_at = $3, lease = null, leased_until = null, last_error = $4 \
             where id = $1 and lease = $2",
        )
        .bind(job.id)
        .bind(job.lease)
        .bind(due)
        .bind(why.to_owned())
        .run()
        .await?;
    Ok(put_off == 1)
}

pub(super) async fn give_up(tx: &mut Tx, job: &Taken, now: DateTime<Utc>, why: &str) -> Result<bool> {
    let given_up = tx
        .query(
            "update jobs set failed_at = $3, lease = null, leased_until = null, last_error = $4 \
             where id = $1 and lease = $2",
        )
        .bind(job.id)
        .bind(job.lease)
        .bind(now)
        .bind(why.to_owned())
        .run()
        .await?;
    Ok(given_up == 1)
}

pub(super) async fn retry_now(tx: &mut Tx, id: Uuid, at: DateTime<Utc>) -> Result<bool> {
    let updated = tx
        .query(
            "update jobs set due_at = $2, failed_at = null, attempts = case when failed_at is null then attempts else 0 end \
             where id = $1 and about is null and done_at is null \
             and (leased_until is null or leased_until <= $2)",
        )
        .bind(id)
        .bind(at)
        .run()
        .await?;
    Ok(updated == 1)
}

pub(super) async fn retry_all_now(tx: &mut Tx, at: DateTime<Utc>) -> Result<()> {
    tx.query("update jobs set due_at = $1, failed_at = null, attempts = 0 where failed_at is not null and done_at is null")
        .bind(at)
        .run()
        .await
        .map(drop)
}

pub(super) async fn forget(tx: &mut Tx, before: DateTime<Utc>) -> Result<()> {
    tx.query("delete from jobs where done_at < $1").bind(before).run().await.map(drop)
}

/// A job as an admin sees it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Row {
    /// Its id.
    pub id: Uuid,
    /// What is to be done.
    pub name: String,
    /// When it is due, or was.
    pub due_at: DateTime<Utc>,
    /// How often it was tried.
    pub attempts: i64,
    /// Until when somebody has it.
    pub leased_until: Option<DateTime<Utc>>,
    /// When it was last begun.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was done.
    pub done_at: Option<DateTime<Utc>>,
    /// When it was given up.
    pub failed_at: Option<DateTime<Utc>>,
    /// Why the last attempt failed.
    pub last_error: String,
}

const ROW: &str =
    "select id, name, due_at, attempts, leased_until, started_at, done_at, failed_at, last_error from jobs";

/// What an admin is shown: what the program does by itself for all. A job about one thing, such as a mail, is somebody's:
/// that there is one, and when it is due, tells that somebody asked or was told something.
const FOR_ALL: &str = "about is null";

/// How many of those for all are in each state: waiting, given up, done.
pub async fn counts_for_all(tx: &mut Tx) -> Result<(i64, i64, i64)> {
    tx.query_built(format!(
        "select count(*) filter (where done_at is null and failed_at is null), \
         count(*) filter (where failed_at is not null), count(*) filter (where done_at is not null) from jobs \
         where {FOR_ALL}"
    ))
    .one()
    .await
}

/// What was given up of what is for all, the latest first.
pub async fn given_up(tx: &mut Tx, most: i64) -> Result<Vec<Row>> {
    let sql = format!("{ROW} where {FOR_ALL} and failed_at is not null order by failed_at desc, id limit $1");
    tx.query_built(sql).bind(most).all().await
}

/// What waits of what is for all: what failed before first, then by when it is due.
pub async fn waiting(tx: &mut Tx, most: i64) -> Result<Vec<Row>> {
    let sql = format!(
        "{ROW} where {FOR_ALL} and done_at is null and failed_at is null \
         order by case when last_error = '' then 1 else 0 end, due_at, id limit $1"
    );
    tx.query_built(sql).bind(most).all().await
}

/// What was done of what is for all, the latest first.
pub async fn done_lately(tx: &mut Tx, most: i64) -> Result<Vec<Row>> {
    let sql = format!("{ROW} where {FOR_ALL} and done_at is not null order by done_at desc, id limit $1");
    tx.query_built(sql).bind(most).all().await
}
