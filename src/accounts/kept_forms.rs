//! Forms that were kept: one that is sent again leads to what it made.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::db::{Result, Tx};
use crate::instance::Instance;

/// How long a form is remembered once it was kept.
const REMEMBERED: TimeDelta = TimeDelta::days(1);

/// What a form of an account made, if it was kept.
pub async fn made(instance: &Instance, account: Uuid, form: &[u8]) -> Result<Option<String>> {
    let mut tx = instance.db.read_autocommit().await?;
    let found: Option<(String,)> = tx
        .query(
            "select location from kept_forms where account_id = $1 and form = $2 and location is not null \
             and at >= $3",
        )
        .bind(account)
        .bind(form.to_vec())
        .bind(instance.now() - REMEMBERED)
        .optional()
        .await?;
    Ok(found.map(|(location,)| location))
}

/// Notes what a form made.
pub async fn note(instance: &Instance, account: Uuid, form: &[u8], location: &str) -> Result<()> {
    let mut tx = instance.db.write().await?;
    tx.query(
        "insert into kept_forms (account_id, form, location, at) values ($1, $2, $3, $4) \
         on conflict (account_id, form) do update set location = excluded.location, at = excluded.at",
    )
    .bind(account)
    .bind(form.to_vec())
    .bind(location.to_owned())
    .bind(instance.now())
    .run()
    .await?;
    tx.commit().await
}

/// Forgets the forms of earlier days.
pub(super) async fn tidy(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    tx.query("delete from kept_forms where at < $1").bind(now - REMEMBERED).run().await?;
    Ok(())
}
