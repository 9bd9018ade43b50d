//! Whose something is that was typed, and that a form which is sent again leads to what it made.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::db::Result;
use crate::instance::Instance;

/// How long a form is remembered once it was kept.
const REMEMBERED: TimeDelta = TimeDelta::days(1);
/// After this long, a form that is still said to be on its way was cut off.
const CUT_OFF: TimeDelta = TimeDelta::seconds(60);

/// Tells one account from another to the browser, and nothing else about them.
pub fn who(instance: &Instance, account: Uuid) -> String {
    let digest = instance.digest("who", account.as_bytes());
    hex::encode(digest.get(..8).unwrap_or_default())
}

/// Under which a browser keeps what an account typed. Only pages made for that account hold it.
pub fn key(instance: &Instance, account: Uuid) -> String {
    hex::encode(instance.digest("typed", account.as_bytes()))
}

/// What is known of a form that comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing: it is to be looked at.
    New,
    /// It came a moment ago, and is being looked at.
    UnderWay,
    /// It was kept, and this is what it made.
    Kept(String),
}

/// Notes that a form of an account is being looked at, unless it was.
pub async fn begin(instance: &Instance, account: Uuid, form: &[u8]) -> Result<Known> {
    let now = instance.now();
    let mut tx = instance.db.write().await?;
    tx.query("delete from kept_forms where at < $1").bind(now - REMEMBERED).run().await?;
    let noted = tx
        .query("insert into kept_forms (account_id, form, at) values ($1, $2, $3) on conflict do nothing")
        .bind(account)
        .bind(form.to_vec())
        .bind(now)
        .run()
        .await?;
    let known = if noted == 1 {
        Known::New
    } else {
        let (location,): (Option<String>,) = tx
            .query("select location from kept_forms where account_id = $1 and form = $2")
            .bind(account)
            .bind(form.to_vec())
            .one()
            .await?;
        if let Some(location) = location {
            Known::Kept(location)
        } else {
            let again = tx
                .query(
                    "update kept_forms set at = $3 where account_id = $1 and form = $2 and location is null \
                     and at < $4",
                )
                .bind(account)
                .bind(form.to_vec())
                .bind(now)
                .bind(now - CUT_OFF)
                .run()
                .await?;
            if again == 1 { Known::New } else { Known::UnderWay }
        }
    };
    tx.commit().await?;
    Ok(known)
}

/// Notes what a form made; without anything, it may come again.
pub async fn end(instance: &Instance, account: Uuid, form: &[u8], made: Option<&str>) -> Result<()> {
    let mut tx = instance.db.write().await?;
    let query = match made {
        Some(location) => tx
            .query("update kept_forms set location = $3 where account_id = $1 and form = $2")
            .bind(account)
            .bind(form.to_vec())
            .bind(location.to_owned()),
        None => tx
            .query("delete from kept_forms where account_id = $1 and form = $2")
            .bind(account)
            .bind(form.to_vec()),
    };
    query.run().await?;
    tx.commit().await
}
