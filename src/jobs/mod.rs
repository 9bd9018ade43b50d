//! Jobs: what the program does by itself, kept in a table until it is done.
//!
//! A feature puts a job there within its own change, under a name and a key: of two with the same there is only the
//! first, so that asking twice does no harm.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::db::{Result, Tx};

/// A job to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: Uuid,
    /// What is to be done, such as `letter`.
    pub name: &'static str,
    /// Tells it from others of its name.
    pub key: String,
    /// What it works on, where that is one thing.
    pub about: Option<Uuid>,
    /// When it is due.
    pub due: DateTime<Utc>,
}

/// Keeps a job to be done; false when there is, or was, one with its name and key.
pub async fn add(tx: &mut Tx, job: Job, at: DateTime<Utc>) -> Result<bool> {
    let added = tx
        .query(
            "insert into jobs (id, name, key, about, due_at, attempts, last_error, created_at) \
             values ($1, $2, $3, $4, $5, 0, '', $6) on conflict do nothing",
        )
        .bind(job.id)
        .bind(job.name)
        .bind(job.key)
        .bind(job.about)
        .bind(job.due)
        .bind(at)
        .run()
        .await?;
    Ok(added == 1)
}
