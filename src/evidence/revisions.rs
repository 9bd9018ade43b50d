//! The saved states of an entry, and the page that tells them apart.

use std::collections::{BTreeSet, HashMap};

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::diff::{self, Difference, Naming, Part};
use super::{Content, Entry, Status, actions};
use crate::accounts::Actor;
use crate::db::{self, Tx};
use crate::error::Result;
use crate::instance::Instance;
use crate::policy::EntryAct;
use crate::web::path::Text;
use crate::web::query::Params;
use crate::web::{self, Chrome, words};

/// How many revisions a page shows.
const PER_PAGE: usize = 10;

/// What a revision keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// How far the entry had come.
    pub status: Status,
    /// Whether a draft saved itself; the next such save takes its place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub autosaved: bool,
    /// What it said.
    #[serde(flatten)]
    pub content: Content,
}

/// Keeps a revision.
pub(super) async fn insert(
    tx: &mut Tx,
    entry: Uuid,
    number: i64,
    saved_by: Uuid,
    at: DateTime<Utc>,
    kept: &Kept,
) -> Result<()> {
    let content = serde_json::to_string(kept).map_err(anyhow::Error::from)?;
    tx.query("insert into entry_revisions (entry_id, number, saved_by, saved_at, content) values ($1, $2, $3, $4, $5)")
        .bind(entry)
        .bind(number)
        .bind(saved_by)
        .bind(at)
        .bind(content)
        .enqueue_expecting(1)
        .await?;
    Ok(())
}

/// Drops a revision that a draft made by saving itself. One that was asked for stays.
pub(super) async fn drop_autosaved(tx: &mut Tx, entry: Uuid, number: i64) -> Result<()> {
    let found: Option<(String,)> = tx
        .query("select content from entry_revisions where entry_id = $1 and number = $2")
        .bind(entry)
        .bind(number)
        .optional()
        .await?;
    let autosaved = match found {
        Some((content,)) => serde_json::from_str::<Kept>(&content).map_err(anyhow::Error::from)?.autosaved,
        None => false,
    };
    if autosaved {
        tx.query("delete from entry_revisions where entry_id = $1 and number = $2")
            .bind(entry)
            .bind(number)
            .run_expecting(1)
            .await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    number: i64,
    saved_at: DateTime<Utc>,
    name: String,
    content: String,
}

/// Revisions from the latest on, `limit` of them after skipping `skip`.
async fn latest(tx: &mut Tx, entry: Uuid, skip: usize, limit: usize) -> db::Result<Vec<Row>> {
    tx.query(
        "select r.number, r.saved_at, p.name, r.content from entry_revisions r \
         join accounts a on a.id = r.saved_by join people p on p.id = a.person_id \
         where r.entry_id = $1 order by r.number desc limit $2 offset $3",
    )
    .bind(entry)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .bind(i64::try_from(skip).unwrap_or(i64::MAX))
    .all()
    .await
}

/// What an entry said in some of its revisions, but for those that are gone.
pub async fn contents(tx: &mut Tx, entry: Uuid, numbers: &[i64]) -> Result<HashMap<i64, Content>> {
    let numbers: BTreeSet<i64> = numbers.iter().copied().collect();
    if numbers.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = format!(
        "select number, content from entry_revisions where entry_id = $1 and number in ({})",
        db::placeholders(2, numbers.len())
    );
    let rows: Vec<(i64, String)> = tx.query_built(sql).bind(entry).bind_all(numbers).all().await?;
    let mut contents = HashMap::new();
    for (number, json) in rows {
        let kept: Kept = serde_json::from_str(&json).map_err(anyhow::Error::from)?;
        contents.insert(number, kept.content);
    }
    Ok(contents)
}

/// What an entry said in a revision; none when that is gone.
pub async fn at(tx: &mut Tx, entry: Uuid, number: i64) -> Result<Option<Content>> {
    Ok(contents(tx, entry, &[number]).await?.remove(&number))
}

/// How many revisions an entry has.
pub async fn count(tx: &mut Tx, entry: Uuid) -> db::Result<i64> {
    let (count,): (i64,) =
        tx.query("select count(*) from entry_revisions where entry_id = $1").bind(entry).one().await?;
    Ok(count)
}

/// The names of everybody named in some contents.
pub async fn names(tx: &mut Tx, contents: &[&Content]) -> db::Result<HashMap<Uuid, String>> {
    let mut ids: Vec<Uuid> =
        contents.iter().flat_map(|content| content.people.iter().map(|named| named.person)).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut names = HashMap::new();
    for some in ids.chunks(500) {
        let list = db::placeholders(1, some.len());
        let rows: Vec<(Uuid, String)> = tx
            .query_built(format!("select id, name from people where id in ({list})"))
            .bind_all(some.iter().copied())
            .all()
            .await?;
        names.extend(rows);
    }
    Ok(names)
}

#[derive(Template)]
#[template(path = "evidence/revisions.html")]
struct RevisionsPage {
    chrome: Chrome,
    entry: Entry,
    revisions: Vec<Shown>,
    page: usize,
    total: String,
    more: bool,
}

struct Shown {
    number: i64,
    when: String,
    by: String,
    first: bool,
    differences: Vec<Difference>,
}

/// `GET /evidence/{id}/revisions`
pub async fn revisions_page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
    Text(id): Text,
) -> Result<Response> {
    let page = params.page();
    params.finish()?;
    let mut tx = instance.db.read().await?;
    let (dossier, entry) = actions::find(&mut tx, &actor, &id, EntryAct::ReadRevisions).await?;
    let count = count(&mut tx, entry.id).await?;
    let rows = latest(&mut tx, entry.id, (page - 1) * PER_PAGE, PER_PAGE + 1).await?;
    let mut kept = Vec::with_capacity(rows.len());
    for row in &rows {
        kept.push(serde_json::from_str::<Kept>(&row.content).map_err(anyhow::Error::from)?);
    }
    let people = names(&mut tx, &kept.iter().map(|kept| &kept.content).collect::<Vec<_>>()).await?;
    drop(tx);
    let framework = dossier.framework()?;
    let mut spare = diff::SPARE;
    let shown = rows.iter().enumerate().take(PER_PAGE).map(|(n, row)| {
        let naming = Naming { people: &people, framework };
        let new = &kept[n];
        let old = kept.get(n + 1);
        Shown {
            number: row.number,
            when: words::moment(&row.saved_at, actor.zone(&instance)),
            by: row.name.clone(),
            first: old.is_none(),
            differences: old
                .map(|old| {
                    let (old, new) = ((old.status, &old.content), (new.status, &new.content));
                    diff::differences(old, new, naming, &mut spare)
                })
                .unwrap_or_default(),
        }
    });
    web::page(&RevisionsPage {
        chrome,
        revisions: shown.collect(),
        entry,
        page,
        total: words::count(u64::try_from(count).unwrap_or_default(), "revision", "revisions"),
        more: rows.len() > PER_PAGE,
    })
}
