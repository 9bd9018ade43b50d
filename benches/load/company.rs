//! The companies that are measured, and sessions of the people in them.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use evident::accounts::sessions;
use evident::db::{Db, Settings};
use evident::ids::Ids;
use tempfile::TempDir;
use uuid::Uuid;

use crate::process::{self, Place, Process};

/// How long a company's jobs of a day may take.
const DAYS_WORK: Duration = Duration::from_mins(3);

/// A company in a database, with signed-in people.
pub struct Company {
    /// Where it is.
    pub place: Place,
    /// How many dossiers there are.
    pub dossiers: usize,
    /// How many entries there are.
    pub entries: usize,
    /// A candidate each: the dossier, and the token of a session.
    pub candidates: Vec<(Uuid, String)>,
    /// The token of a committee member's session.
    pub member: String,
    /// The token of a CTO's session.
    pub cto: String,
    /// Dossiers that the CTO may read.
    pub shared: Vec<Uuid>,
    /// Some of the people whom entries name, from all over.
    pub named: Vec<Uuid>,
    _folder: Option<TempDir>,
}

impl Company {
    /// Makes a company in a folder of its own, or in a new database of the server whose address is given.
    pub async fn make(server: Option<&str>, dossiers: usize, entries: usize) -> anyhow::Result<Company> {
        let (place, folder) = match server {
            None => {
                let folder = tempfile::tempdir()?;
                (Place::Folder(folder.path().to_owned()), Some(folder))
            }
            Some(server) => (Place::Server(new_database(server).await?), None),
        };
        process::make_company(&place, dossiers, entries)?;
        let settings = match &place {
            Place::Folder(folder) => Settings::in_folder(folder),
            Place::Server(address) => Settings::parse(address)?,
        };
        let db = settings.open().await?;
        days_work(&place, (dossiers, entries), &db).await?;
        let people = sign_in(&db, process::begins()).await?;
        let mut tx = db.read().await?;
        let shared: Vec<(Uuid,)> = tx
            .query("select id from dossiers where sharing <> 'private' and aim <> 'e1-by-choice' order by id")
            .all()
            .await?;
        let named: Vec<(Uuid,)> =
            tx.query("select distinct person_id from entry_people order by person_id").all().await?;
        drop(tx);
        db.close().await;
        settle(&place).await?;
        let of_role = |role: &str| people.others.get(role).cloned().with_context(|| format!("no {role}"));
        Ok(Company {
            place,
            dossiers,
            entries,
            member: of_role("committee")?,
            cto: of_role("cto")?,
            candidates: people.candidates,
            shared: shared.into_iter().map(|(id,)| id).collect(),
            named: named.chunks(named.len().div_ceil(5).max(1)).map(|some| some[0].0).collect(),
            _folder: folder,
        })
    }
}

struct SignedIn {
    candidates: Vec<(Uuid, String)>,
    others: HashMap<String, String>,
}

/// Begins a session for everybody.
async fn sign_in(db: &Db, now: DateTime<Utc>) -> anyhow::Result<SignedIn> {
    let ids = Ids::random();
    let mut tx = db.write().await?;
    let accounts: Vec<(Uuid, String, Option<Uuid>)> = tx
        .query(
            "select a.id, min(r.role), d.id from accounts a join account_roles r on r.account_id = a.id \
             left join dossiers d on d.owner_account = a.id and d.aim <> 'e1-by-choice' \
             group by a.id, d.id having count(*) = 1 order by a.id",
        )
        .all()
        .await?;
    let mut people = SignedIn { candidates: Vec::new(), others: HashMap::new() };
    for (account, role, dossier) in accounts {
        let token = hex::encode(ids.bytes::<32>());
        tx.query(
            "insert into sessions (token_hash, id, account_id, user_agent, created_at, last_seen_at, expires_at) \
             values ($1, $2, $3, 'load', $4, $4, $5)",
        )
        .bind(sessions::digest(&token))
        .bind(ids.new_id(now))
        .bind(account)
        .bind(now)
        .bind(now + TimeDelta::hours(8))
        .run_expecting(1)
        .await?;
        match dossier {
            Some(dossier) => people.candidates.push((dossier, token)),
            None => {
                people.others.entry(role).or_insert(token);
            }
        }
    }
    tx.commit().await?;
    Ok(people)
}

/// Has the program do what it does once a day, which takes it a while for a company that it has never seen.
async fn days_work(place: &Place, size: (usize, usize), db: &Db) -> anyhow::Result<()> {
    let _server = Process::serve(place, size).await?;
    let began = Instant::now();
    loop {
        let (open, done): (i64, i64) = db
            .read_autocommit()
            .await?
            .query("select count(*) - count(done_at), count(done_at) from jobs where failed_at is null")
            .one()
            .await?;
        if open == 0 && done > 0 {
            return Ok(());
        }
        anyhow::ensure!(began.elapsed() < DAYS_WORK, "the day's jobs are not done after {DAYS_WORK:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Has what the making left to be done in the background done before anything is measured: writing to the disk, and
/// looking after the tables.
async fn settle(place: &Place) -> anyhow::Result<()> {
    if let Place::Server(address) = place {
        let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect(address).await?;
        sqlx::raw_sql("vacuum analyze").execute(&mut connection).await?;
        sqlx::raw_sql("checkpoint").execute(&mut connection).await?;
    }
    let synced = std::process::Command::new("sync").status().context("sync did not run")?;
    anyhow::ensure!(synced.success(), "sync ended with {synced}");
    Ok(())
}

async fn new_database(server: &str) -> anyhow::Result<String> {
    let name = format!("load_{}", hex::encode(Ids::random().bytes::<6>()));
    let mut connection =
        <sqlx::PgConnection as sqlx::Connection>::connect(&format!("{server}/postgres")).await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("create database {name}"))).execute(&mut connection).await?;
    Ok(format!("{server}/{name}"))
}
