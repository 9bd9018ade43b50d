//! Browsers in which somebody signed in before. Each keeps a token for long, of which only the SHA-256 is kept here, with
//! the accounts that it names: those that signed in there and that haven't ended it since.
//!
//! It signs nobody in. It tells a person's own browser from others, so that guessing elsewhere keeps nobody out
//! ([`super::throttle`]).

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::sessions::digest;
use crate::db::{Result, Tx};
use crate::instance::Instance;

/// How long a browser is known after somebody last signed in there.
pub const KNOWN_FOR: TimeDelta = TimeDelta::days(180);

/// Whether the account of an address, in its two forms, signed in in the browser that brings this token.
pub(super) async fn knows(
    tx: &mut Tx,
    token: &str,
    [one, other]: &[String; 2],
    now: DateTime<Utc>,
) -> Result<bool> {
    let found: Option<(Uuid,)> = tx
        .query(
            "select a.id from sign_in_devices d join accounts a on a.id = d.account_id \
             where d.token_hash = $1 and d.used_at > $2 and a.email in ($3, $4)",
        )
        .bind(digest(token))
        .bind(now - KNOWN_FOR)
        .bind(one.clone())
        .bind(other.clone())
        .optional()
        .await?;
    Ok(found.is_some())
}

/// Notes that a session has just begun in a browser, and returns the browser's new token for its cookie; none when the
/// session is over already. The one that it brought is worth nothing from now on: whoever copied it has no use of it.
pub(super) async fn remember(
    instance: &Instance,
    session: &str,
    brought: Option<&str>,
) -> Result<Option<String>> {
    let (token, now) = (super::sessions::token(instance), instance.now());
    let mut tx = instance.db.write().await?;
    let begun: Option<(Uuid, Uuid)> = tx
        .query("select id, account_id from sessions where token_hash = $1 and ended_at is null")
        .bind(digest(session))
        .optional()
        .await?;
    let Some((session, account)) = begun else { return Ok(None) };
    if let Some(brought) = brought {
        tx.query("delete from sign_in_devices where token_hash = $1 and account_id = $2")
            .bind(digest(brought))
            .bind(account)
            .run()
            .await?;
        tx.query("update sign_in_devices set token_hash = $2 where token_hash = $1")
            .bind(digest(brought))
            .bind(digest(&token))
            .run()
            .await?;
    }
    tx.query(
        "insert into sign_in_devices (token_hash, account_id, session_id, used_at) values ($1, $2, $3, $4)",
    )
    .bind(digest(&token))
    .bind(account)
    .bind(session)
    .bind(now)
    .run_expecting(1)
    .await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// Forgets every browser of an account.
pub(super) async fn forget_all(tx: &mut Tx, account: Uuid) -> Result<()> {
    tx.query("delete from sign_in_devices where account_id = $1").bind(account).run().await.map(drop)
}

/// Forgets the browser in which a session of an account began.
pub(super) async fn forget_of_session(tx: &mut Tx, account: Uuid, session: Uuid) -> Result<()> {
    tx.query("delete from sign_in_devices where account_id = $1 and session_id = $2")
        .bind(account)
        .bind(session)
        .run()
        .await
        .map(drop)
}

/// Forgets browsers in which nobody signed in for long.
pub(super) async fn tidy(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    tx.query("delete from sign_in_devices where used_at < $1").bind(now - KNOWN_FOR).run().await.map(drop)
}
