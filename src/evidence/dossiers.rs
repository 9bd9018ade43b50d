//! Dossiers: finding them by what the viewer may see, and opening a candidate's own.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};
use uuid::Uuid;

use super::visibility::{ON_MEMBERS_BOARD, READS_DOSSIER, RECUSED, Viewer};
use super::{Aim, Sharing};
use crate::accounts::{Actor, Role};
use crate::audit::{Change, Event};
use crate::db::{self, Tx, placeholders, some_at_once};
use crate::error::{Error, Result};
use crate::framework::{self, Framework};
use crate::instance::Instance;
use crate::policy::DossierState;

/// The framework of a dossier that is opened.
const DEFAULT_FRAMEWORK: &str = "e1-to-e2";

/// One candidate's collection.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Dossier {
    /// Its id.
    pub id: Uuid,
    /// The account that owns it.
    pub owner_account: Uuid,
    /// The candidate.
    pub owner_person: Uuid,
    /// The candidate's name.
    pub owner_name: String,
    /// The id of its framework.
    pub framework: String,
    /// With whom it is shared.
    pub sharing: Sharing,
    /// Since when; none while private.
    pub shared_on: Option<NaiveDate>,
    /// What the owner wants; private to them.
    pub aim: Aim,
    /// The account of its sponsor, a CTO who writes the statement; none while private.
    pub sponsor: Option<Uuid>,
    /// Counts up with every change of an entry that is no draft, and of what else its readiness rests on; and when a draft
    /// is discarded.
    pub version: i64,
    /// When it was opened.
    pub created_at: DateTime<Utc>,
    /// Whether whoever it was looked up for has no part in the case; false where that was nobody.
    pub recused: bool,
}

impl Dossier {
    /// What the policy decides by, for the actor for whom it was looked up.
    pub fn state(&self, actor: &Actor) -> DossierState {
        DossierState {
            owner: self.owner_account == actor.account,
            sharing: self.sharing,
            aim: self.aim,
            recused: self.recused,
        }
    }

    /// Its framework.
    ///
    /// # Errors
    /// When this program no longer knows it.
    pub fn framework(&self) -> Result<&'static Framework> {
        let found = framework::load::find(&self.framework);
        Ok(found.ok_or_else(|| anyhow::anyhow!("dossier {} names framework {}", self.id, self.framework))?)
    }
}

/// The columns of a [`Dossier`] `d`, with its owner `p`, for that owner or for nobody, who are never kept from the case.
pub const COLUMNS: &str = "d.id, d.owner_account, d.owner_person, p.name as owner_name, d.framework, d.sharing, d.shared_on, \
     d.aim, d.sponsor, d.version, d.created_at, 1 = 0 as recused";
const DOSSIERS: &str = "dossiers d join people p on p.id = d.owner_person";

/// The same for the account `$1`.
fn for_viewer() -> String {
    COLUMNS.replace("1 = 0", RECUSED)
}

/// A dossier that the actor may read.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or none that they may know of.
pub async fn readable(tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<Dossier> {
    let columns = for_viewer();
    let query =
        tx.query_built(format!("select {columns} from {DOSSIERS} where {READS_DOSSIER} and d.id = $3"));
    Viewer::from(actor).bind(query).bind(id).optional().await?.ok_or(Error::NotFound)
}

/// The dossier that is the asker's own, as it was when the request began; none before it is opened. The gate has put it
/// there for handlers to take, so that they need not ask the database again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own(pub Option<Dossier>);

impl<'r, R> FromRow<'r, R> for Own
where
    R: Row,
    &'static str: ColumnIndex<R>,
    Option<Uuid>: Decode<'r, R::Database> + Type<R::Database>,
    Dossier: FromRow<'r, R>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        let id: Option<Uuid> = row.try_get("id")?;
        Ok(Own(id.map(|_| Dossier::from_row(row)).transpose()?))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Own {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        Ok(parts.extensions.get::<Own>().cloned().unwrap_or_default())
    }
}

impl Own {
    /// The dossier, opened when its candidate first comes to it.
    ///
    /// # Errors
    /// As [`own`].
    pub async fn opened(self, instance: &Instance, actor: &Actor) -> Result<Dossier> {
        match self.0 {
            Some(found) if actor.is(Role::Candidate) => Ok(found),
            _ => own(instance, actor).await,
        }
    }

    /// A dossier that the actor may read: this one, or another.
    ///
    /// # Errors
    /// As [`readable`].
    pub async fn or_readable(self, instance: &Instance, actor: &Actor, id: Uuid) -> Result<Dossier> {
        match self.0 {
            Some(found) if found.id == id => Ok(found),
            _ => readable(&mut instance.db.read_autocommit().await?, actor, id).await,
        }
    }
}

/// Every dossier that a CTO may read but their own, by name.
pub async fn shared_with_ctos(tx: &mut Tx, actor: &Actor) -> db::Result<Vec<Dossier>> {
    let columns = for_viewer();
    let sql = format!(
        "select {columns} from {DOSSIERS} where {READS_DOSSIER} and d.owner_account <> $1 order by p.name, d.id"
    );
    Viewer::from(actor).bind(tx.query_built(sql)).all().await
}

/// Every dossier on a committee member's board, by name.
pub async fn on_board(tx: &mut Tx, actor: &Actor) -> db::Result<Vec<Dossier>> {
    let columns = for_viewer();
    let sql = format!("select {columns} from {DOSSIERS} where {ON_MEMBERS_BOARD} order by p.name, d.id");
    tx.query_built(sql).bind(actor.account).all().await
}

/// The dossiers whose owners are reminded on a day: those who sign in, don't stay at E1 by choice, and aren't on leave.
pub async fn reminded(tx: &mut Tx, today: NaiveDate) -> db::Result<Vec<Dossier>> {
    let sql = format!(
        "select {COLUMNS} from {DOSSIERS} where d.aim <> 'e1-by-choice' \
         and exists (select 1 from accounts ra where ra.id = d.owner_account and ra.disabled_at is null) \
         and not exists (select 1 from leave_periods rl where rl.dossier_id = d.id \
         and rl.from_date <= $1 and rl.to_date >= $1) order by d.id"
    );
    tx.query_built(sql).bind(today).all().await
}

/// Any dossier, as it stands to an actor. Asks for no permission: for who is asked or named, who may not read it.
pub async fn find_for(tx: &mut Tx, actor: &Actor, id: Uuid) -> db::Result<Option<Dossier>> {
    let sql = format!("select {} from {DOSSIERS} where d.id = $2", for_viewer());
    tx.query_built(sql).bind(actor.account).bind(id).optional().await
}

/// Any dossier: for the command line and for links, which are nobody's.
pub async fn find(tx: &mut Tx, id: Uuid) -> db::Result<Option<Dossier>> {
    tx.query_built(format!("select {COLUMNS} from {DOSSIERS} where d.id = $1")).bind(id).optional().await
}

/// The dossier that an account owns.
async fn owned(tx: &mut Tx, account: Uuid) -> db::Result<Option<Dossier>> {
    let sql = format!("select {COLUMNS} from {DOSSIERS} where d.owner_account = $1");
    tx.query_built(sql).bind(account).optional().await
}

/// A candidate's own dossier, opened when they first come to it.
///
/// # Errors
/// [`Error::Forbidden`] for who is no candidate.
pub async fn own(instance: &Instance, actor: &Actor) -> Result<Dossier> {
    if !actor.is(Role::Candidate) {
        return Err(Error::Forbidden);
    }
    let mut tx = instance.db.read_autocommit().await?;
    if let Some(found) = owned(&mut tx, actor.account).await? {
        return Ok(found);
    }
    drop(tx);
    let mut change = Change::begin(instance, actor).await?;
    let at = change.at();
    let opened = change
        .tx()
        .query(
            "insert into dossiers (id, owner_account, owner_person, framework, sharing, aim, version, created_at) \
             values ($1, $2, $3, $4, $5, $6, 0, $7) on conflict do nothing",
        )
        .bind(instance.ids.new_id(at))
        .bind(actor.account)
        .bind(actor.person)
        .bind(DEFAULT_FRAMEWORK)
        .bind(Sharing::Private)
        .bind(Aim::Undecided)
        .bind(at)
        .run()
        .await?;
    let found = owned(change.tx(), actor.account).await?.ok_or(Error::NotFound)?;
    // Another request of the same person may have been quicker.
    if opened == 1 {
        change.record(Event::DossierOpened, Some(found.id), &());
        change.commit().await?;
    }
    Ok(found)
}

/// Keeps others from adding to a dossier until the transaction ends.
pub async fn lock(tx: &mut Tx, id: Uuid) -> db::Result<()> {
    // SQLite has one writer at a time anyway.
    match tx.either(None, Some("select id from dossiers where id = $1 for no key update")) {
        Some(lock) => tx.query(lock).bind(id).one::<(Uuid,)>().await.map(drop),
        None => Ok(()),
    }
}

/// Notes that an entry changed that is no draft, or something else on which the dossier's readiness rests.
pub async fn touch(tx: &mut Tx, id: Uuid) -> db::Result<()> {
    tx.query("update dossiers set version = version + 1 where id = $1").bind(id).enqueue_expecting(1).await
}

/// As [`touch`], of several, each once.
pub async fn touch_all(tx: &mut Tx, ids: &[Uuid]) -> db::Result<()> {
    for some in some_at_once(ids) {
        let sql = format!(
            "update dossiers set version = version + 1 where id in ({})",
            placeholders(1, some.len())
        );
        tx.query_built(sql).bind_all(some.iter().copied()).run().await?;
    }
    Ok(())
}
