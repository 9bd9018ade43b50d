//! Sessions in a small table of our own: only a token's SHA-256 is kept, and an ended session is never revived.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Actor, Credential, Role, devices};
use crate::db::{self, Query, Result, Tx};
use crate::instance::Instance;

/// A session's last request is noted this coarsely, to spare a write on every page.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);

/// A session as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Session {
    /// Its id, which is not its token.
    pub id: Uuid,
    /// What the browser called itself.
    pub user_agent: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to about a minute.
    pub last_seen_at: DateTime<Utc>,
}

/// A session with its account and one of the account's roles: a row of [`ASKING`].
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SessionRole {
    session: Uuid,
    account: Uuid,
    person: Uuid,
    name: String,
    last_seen_at: DateTime<Utc>,
    time_zone: Option<String>,
    role: Option<Role>,
}

/// The columns of a [`SessionRole`], which come from [`ASKING`].
pub const COLUMNS: &str =
    "s.id as session, a.id as account, a.person_id as person, p.name, s.last_seen_at, a.time_zone, r.role";

/// Where sessions stand with their accounts and roles.
pub const ASKING: &str = "sessions s join accounts a on a.id = s.account_id join people p on p.id = a.person_id \
     left join account_roles r on r.account_id = a.id";

/// A token's session, as long as it lasts, out of [`ASKING`]; bound by [`bind`].
pub const LASTS: &str = "s.token_hash = $1 and s.ended_at is null and s.expires_at > $2 and s.last_seen_at > $3 \
     and a.disabled_at is null";

/// The digest under which a token is kept, here and with links that are handed out.
pub fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// A new token of 256 bits.
pub fn token(instance: &Instance) -> String {
    hex::encode(instance.ids.bytes::<32>())
}

/// Begins a session of an id, and returns its token for the cookie.
pub(super) async fn begin(
    tx: &mut Tx,
    instance: &Instance,
    (session, account): (Uuid, Uuid),
    user_agent: &str,
    at: DateTime<Utc>,
) -> Result<String> {
    let token = token(instance);
    let agent: String = user_agent.chars().filter(|c| !c.is_control()).take(200).collect();
    tx.query(
        "insert into sessions (token_hash, id, account_id, user_agent, created_at, last_seen_at, expires_at) \
         values ($1, $2, $3, $4, $5, $5, $6)",
    )
    .bind(digest(&token))
    .bind(session)
    .bind(account)
    .bind(agent)
    .bind(at)
    .bind(at + instance.settings.session_life)
    .run_expecting(1)
    .await?;
    Ok(token)
}

/// Who a token stands for on this very request: roles, disabling and sign-out hold at once.
pub async fn actor(instance: &Instance, token: &str) -> Result<Option<Actor>> {
    let mut tx = instance.db.read_autocommit().await?;
    let query = tx.query_built(format!("select {COLUMNS} from {ASKING} where {LASTS}"));
    let rows = bind(query, instance, token).all().await?;
    drop(tx);
    actor_of(instance, rows).await
}

/// Binds `$1` to `$3` of [`LASTS`].
pub fn bind<'q>(query: Query<'q>, instance: &Instance, token: &str) -> Query<'q> {
    let now = instance.now();
    query.bind(digest(token)).bind(now).bind(now - instance.settings.session_idle)
}

/// Whom the rows of a session, one for each role, stand for; and notes that it is in use.
pub async fn actor_of(instance: &Instance, rows: Vec<SessionRole>) -> Result<Option<Actor>> {
    let now = instance.now();
    let Some(SessionRole { session, account, person, name, last_seen_at, time_zone, .. }) =
        rows.first().cloned()
    else {
        return Ok(None);
    };
    if now - last_seen_at > SEEN_EVERY {
        match touch(instance, session, now).await {
            // While nothing can be kept, people can still read; their session only ends the earlier.
            Err(db::Error::Full) => {}
            noted => noted?,
        }
    }
    let mut roles: Vec<Role> = rows.into_iter().filter_map(|row| row.role).collect();
    roles.sort_unstable();
    let zone = time_zone.and_then(|zone| zone.parse().ok());
    let credential = Credential::Session(session);
    Ok(Some(Actor { account, person, name, roles, credential, zone }))
}

/// Whose session a token was, even if it has ended since.
pub(super) async fn whose(instance: &Instance, token: &str) -> Result<Option<Uuid>> {
    let mut tx = instance.db.read().await?;
    let found: Option<(Uuid,)> = tx
        .query("select account_id from sessions where token_hash = $1")
        .bind(digest(token))
        .optional()
        .await?;
    Ok(found.map(|(account,)| account))
}

/// Notes that a session is in use. Only updates, so that a late request can't revive one that was ended.
async fn touch(instance: &Instance, session: Uuid, now: DateTime<Utc>) -> Result<()> {
    let mut tx = instance.db.write().await?;
    tx.query(
        "update sessions set last_seen_at = $2 where id = $1 and ended_at is null and last_seen_at < $2",
    )
    .bind(session)
    .bind(now)
    .run()
    .await?;
    tx.commit().await
}

/// The sessions of an account that are still open, the latest first.
pub async fn open(tx: &mut Tx, instance: &Instance, account: Uuid) -> Result<Vec<Session>> {
    let now = instance.now();
    tx.query(
        "select id, user_agent, created_at, last_seen_at from sessions \
         where account_id = $1 and ended_at is null and expires_at > $2 and last_seen_at > $3 \
         order by last_seen_at desc, id",
    )
    .bind(account)
    .bind(now)
    .bind(now - instance.settings.session_idle)
    .all()
    .await
}

/// Ends one session of an account; false when it has no such open session.
pub(super) async fn end(tx: &mut Tx, account: Uuid, session: Uuid, at: DateTime<Utc>) -> Result<bool> {
    let ended = tx
        .query("update sessions set ended_at = $3 where account_id = $1 and id = $2 and ended_at is null")
        .bind(account)
        .bind(session)
        .bind(at)
        .run()
        .await?;
    Ok(ended == 1)
}

/// Ends every session of an account, and forgets its browsers.
pub(super) async fn end_all(tx: &mut Tx, account: Uuid, at: DateTime<Utc>) -> Result<()> {
    devices::forget_all(tx, account).await?;
    tx.query("update sessions set ended_at = $2 where account_id = $1 and ended_at is null")
        .bind(account)
        .bind(at)
        .run()
        .await?;
    Ok(())
}
