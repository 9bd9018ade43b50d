//! The rows of entries and of what belongs to them.

mod reading;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

pub(super) use self::reading::find;
pub use self::reading::{audience, of_dossier, readable};
use super::{
    Audience, Content, Entry, Named, NamedAnswer, NamedAs, Origin, Status, Update, Via, near, search,
};
use crate::db::{Result, Tx};
use crate::web::typed::Page;

/// The state of an entry that is about to be written.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub id: Uuid,
    pub status: Status,
    pub revision: i64,
    pub recorded_on: Option<NaiveDate>,
    pub at: DateTime<Utc>,
}

/// Adds an entry's own row; what belongs to it comes with [`write`].
pub(super) async fn insert(tx: &mut Tx, state: &State, dossier: Uuid, title: &str) -> Result<()> {
    // The row is whole once `write` has run in the same transaction.
    tx.query(
        "insert into entries (id, dossier_id, status, title, from_is_month, to_is_month, ongoing, situation, action, \
         impact, domain_cost, for_cto, audience, revision, search_words, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $5, $5, '', '', '', '', $5, $6, 0, '', $7, $7)",
    )
    .bind(state.id)
    .bind(dossier)
    .bind(Status::Draft)
    .bind(title.to_owned())
    .bind(false)
    .bind(Audience::Dossier)
    .bind(state.at)
    .enqueue_expecting(1)
    .await
}

/// How many entries a dossier holds, but for those that were withdrawn.
pub(super) async fn count(tx: &mut Tx, dossier: Uuid) -> Result<i64> {
    let (count,): (i64,) = tx
        .query("select count(*) from entries where dossier_id = $1 and status <> 'withdrawn'")
        .bind(dossier)
        .one()
        .await?;
    Ok(count)
}

/// In which state a dossier's entries are: its version, which counts for whatever is no draft, and how often its drafts
/// were saved, all together. That is less than before only when a draft leaves, which counts the version up.
pub async fn state(tx: &mut Tx, dossier: Uuid) -> Result<(i64, i64)> {
    tx.query(
        "select d.version, (select cast(coalesce(sum(e.revision), 0) as bigint) from entries e \
         where e.dossier_id = d.id and e.status = 'draft') from dossiers d where d.id = $1",
    )
    .bind(dossier)
    .one()
    .await
}

/// Takes an entry's revision on by one; false when it isn't the one expected. From here on, nobody else changes it
/// before this transaction ends.
pub(super) async fn take_revision(tx: &mut Tx, id: Uuid, expected: i64) -> Result<bool> {
    let taken = tx
        .query(
            "update entries set revision = revision + 1, typed_key = null, typed_turn = null \
             where id = $1 and revision = $2",
        )
        .bind(id)
        .bind(expected)
        .run()
        .await?;
    Ok(taken == 1)
}

/// Notes from which open page an entry's present revision came.
pub(super) async fn note_page(tx: &mut Tx, id: Uuid, page: &Page) -> Result<()> {
    tx.query("update entries set typed_key = $2, typed_turn = $3 where id = $1")
        .bind(id)
        .bind(page.key.clone())
        .bind(page.turn)
        .enqueue_expecting(1)
        .await
}

/// Whether an entry's present revision came from an earlier turn of an open page.
pub(super) async fn is_from(tx: &mut Tx, id: Uuid, page: &Page) -> Result<bool> {
    let (from,): (i64,) = tx
        .query("select count(*) from entries where id = $1 and typed_key = $2 and typed_turn < $3")
        .bind(id)
        .bind(page.key.clone())
        .bind(page.turn)
        .one()
        .await?;
    Ok(from == 1)
}

/// The entries of a dossier that were begun in a status with a title since a moment.
pub(super) async fn begun_since(
    tx: &mut Tx,
    dossier: Uuid,
    status: Status,
    title: &str,
    since: DateTime<Utc>,
) -> Result<Vec<Uuid>> {
    let found: Vec<(Uuid,)> = tx
        .query(
            "select id from entries where dossier_id = $1 and status = $2 and title = $3 and created_at >= $4 \
             order by id",
        )
        .bind(dossier)
        .bind(status)
        .bind(title.to_owned())
        .bind(since)
        .all()
        .await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Writes an entry as it is to be, with its people, and keeps the answers of those whose part stays. Updates have their
/// own rows ([`insert_update`]) and are only read here, for the words they hold.
pub(super) async fn write(tx: &mut Tx, state: &State, content: &Content) -> Result<()> {
    let names = names(tx, content).await?;
    tx.query(
        "update entries set status = $2, title = $3, from_date = $4, to_date = $5, from_is_month = $6, to_is_month = $7, \
         ongoing = $8, recorded_on = $9, situation = $10, action = $11, impact = $12, domain_cost = $13, scope = $14, \
         conduct = $15, setting = $16, horizon_years = $17, for_cto = $18, audience = $19, revision = $20, \
         search_words = $21, updated_at = $22 where id = $1",
    )
    .bind(state.id)
    .bind(state.status)
    .bind(content.title.clone())
    .bind(content.from)
    .bind(content.to)
    .bind(content.from_is_month)
    .bind(content.to_is_month)
    .bind(content.ongoing)
    .bind(state.recorded_on)
    .bind(content.situation.clone())
    .bind(content.action.clone())
    .bind(content.impact.clone())
    .bind(content.domain_cost.clone())
    .bind(content.scope)
    .bind(content.conduct)
    .bind(content.setting)
    .bind(content.horizon_years)
    .bind(content.for_cto)
    .bind(content.audience)
    .bind(state.revision)
    .bind(search_words(content, &names))
    .bind(state.at)
    .enqueue_expecting(1)
    .await?;
    replace(tx, state.id, content).await?;
    replace_people(tx, state.id, &content.people).await
}

/// The words by which an entry is found: those of its texts, links and updates, and of the names of its people.
pub fn search_words(content: &Content, names: &[String]) -> String {
    let texts = [&content.title, &content.situation, &content.action, &content.impact, &content.domain_cost];
    let updates = content.updates.iter().map(|update| &update.text);
    search::words(texts.into_iter().chain(updates).chain(&content.links).chain(names).map(String::as_str))
}

/// Writes the words by which an entry is found again, after somebody whom it names has another name.
pub async fn index_again(tx: &mut Tx, id: Uuid) -> Result<()> {
    let Some(Entry { content, .. }) = reading::find(tx, id).await? else { return Ok(()) };
    let names = names(tx, &content).await?;
    tx.query("update entries set search_words = $2 where id = $1")
        .bind(id)
        .bind(search_words(&content, &names))
        .run_expecting(1)
        .await
}

async fn names(tx: &mut Tx, content: &Content) -> Result<Vec<String>> {
    if content.people.is_empty() {
        return Ok(Vec::new());
    }
    let list = crate::db::placeholders(1, content.people.len());
    let names: Vec<(String,)> = tx
        .query_built(format!("select name from people where id in ({list}) order by id"))
        .bind_all(content.people.iter().map(|named| named.person))
        .all()
        .await?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}

async fn replace(tx: &mut Tx, id: Uuid, content: &Content) -> Result<()> {
    tx.query("delete from entry_capabilities where entry_id = $1").bind(id).enqueue().await?;
    for capability in &content.capabilities {
        tx.query("insert into entry_capabilities (entry_id, capability) values ($1, $2)")
            .bind(id)
            .bind(capability.clone())
            .enqueue_expecting(1)
            .await?;
    }
    tx.query("delete from entry_criteria where entry_id = $1").bind(id).enqueue().await?;
    for criterion in &content.criteria {
        tx.query("insert into entry_criteria (entry_id, criterion) values ($1, $2)")
            .bind(id)
            .bind(criterion.clone())
            .enqueue_expecting(1)
            .await?;
    }
    tx.query("delete from entry_links where entry_id = $1").bind(id).enqueue().await?;
    for (position, url) in (0_i64..).zip(&content.links) {
        tx.query("insert into entry_links (entry_id, position, url) values ($1, $2, $3)")
            .bind(id)
            .bind(position)
            .bind(url.clone())
            .enqueue_expecting(1)
            .await?;
    }
    Ok(())
}

/// What somebody whom an entry names said of it, and how that came.
#[derive(sqlx::FromRow)]
struct AnswerRow {
    person_id: Uuid,
    named_as: NamedAs,
    answer: Option<NamedAnswer>,
    via: Via,
    vouched_by: Option<Uuid>,
    vouched_on: Option<NaiveDate>,
}

/// What somebody answered last of being named in an entry, and of being named as what.
#[derive(sqlx::FromRow)]
struct SaidRow {
    person_id: Uuid,
    /// Each part after a space.
    answered_as: String,
    answer: Option<NamedAnswer>,
    via: Via,
    vouched_by: Option<Uuid>,
    vouched_on: Option<NaiveDate>,
}

impl SaidRow {
    fn objects(&self) -> bool {
        self.answer == Some(NamedAnswer::Unnamed)
    }

    fn is_about(&self, part: NamedAs) -> bool {
        self.objects() || self.answered_as.split_whitespace().any(|said| said == part.to_string())
    }

    fn origin(&self) -> Origin<Uuid> {
        Origin::from_columns(self.via, self.vouched_by, self.vouched_on)
    }
}

async fn replace_people(tx: &mut Tx, id: Uuid, people: &[Named]) -> Result<()> {
    let kept: Vec<AnswerRow> = tx
        .query(
            "select person_id, named_as, answer, via, vouched_by, vouched_on from entry_people where entry_id = $1",
        )
        .bind(id)
        .all()
        .await?;
    // What they answered last stands, also when they were taken out and are named again: about the parts that it was
    // about, and of who asked not to be named, about every part.
    let said: Vec<SaidRow> = tx
        .query(
            "select person_id, answered_as, answer, via, vouched_by, vouched_on from namings \
             where entry_id = $1 and answer is not null order by told_at desc, id desc",
        )
        .bind(id)
        .all()
        .await?;
    tx.query("delete from entry_people where entry_id = $1").bind(id).enqueue().await?;
    for (position, named) in (0_i64..).zip(people) {
        let same = |row: &&AnswerRow| row.person_id == named.person && row.named_as == named.named_as;
        let kept = kept.iter().find(same);
        let said = said.iter().find(|said| said.person_id == named.person && said.is_about(named.named_as));
        let (answer, origin) = match (said, kept) {
            (Some(said), _) if said.objects() => (said.answer, said.origin()),
            (_, Some(row)) if row.answer.is_some() => {
                (row.answer, Origin::from_columns(row.via, row.vouched_by, row.vouched_on))
            }
            (Some(said), _) => (said.answer, said.origin()),
            (None, _) => (None, Origin::default()),
        };
        tx.query(
            "insert into entry_people (entry_id, person_id, named_as, position, answer, via, vouched_by, vouched_on) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(id)
        .bind(named.person)
        .bind(named.named_as)
        .bind(position)
        .bind(answer)
        .bind(origin.via)
        .bind(origin.vouched_by())
        .bind(origin.vouched_on())
        .enqueue_expecting(1)
        .await?;
    }
    Ok(())
}

/// Adds an update.
pub(super) async fn insert_update(
    tx: &mut Tx,
    id: Uuid,
    entry: Uuid,
    update: &Update,
    at: DateTime<Utc>,
) -> Result<()> {
    tx.query(
        "insert into entry_updates (id, entry_id, on_date, text, created_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(entry)
    .bind(update.on)
    .bind(update.text.clone())
    .bind(at)
    .enqueue_expecting(1)
    .await
}

/// Removes a draft with everything that belongs to it.
pub(super) async fn remove(tx: &mut Tx, id: Uuid) -> Result<()> {
    for sql in [
        "delete from entry_capabilities where entry_id = $1",
        "delete from entry_criteria where entry_id = $1",
        "delete from entry_people where entry_id = $1",
        "delete from entry_links where entry_id = $1",
        "delete from entry_updates where entry_id = $1",
        "delete from entry_revisions where entry_id = $1",
    ] {
        tx.query(sql).bind(id).enqueue().await?;
    }
    tx.query("delete from entries where id = $1").bind(id).enqueue_expecting(1).await
}

/// The other published entries of a dossier with the same dates and a near title: ids and titles. A draft is no entry yet,
/// and may be what a form left behind that is now sent.
pub(super) async fn near_duplicates(
    tx: &mut Tx,
    dossier: Uuid,
    except: Option<Uuid>,
    content: &Content,
) -> Result<Vec<(Uuid, String)>> {
    let rows: Vec<(Uuid, String, Option<NaiveDate>)> = tx
        .query(
            "select id, title, to_date from entries \
             where dossier_id = $1 and id <> $2 and status = 'final' and from_date = $3 order by id",
        )
        .bind(dossier)
        .bind(except.unwrap_or_default())
        .bind(content.from)
        .all()
        .await?;
    Ok(rows
        .into_iter()
        .filter(|(_, title, to)| *to == content.to && near::titles(title, &content.title))
        .map(|(id, title, ..)| (id, title))
        .collect())
}
