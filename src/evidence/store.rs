//! The rows of entries and of what belongs to them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::visibility::{READS_ENTRY, Viewer};
use super::{
    Audience, Conduct, Content, Entry, Named, NamedAnswer, NamedAs, NamedPerson, Scope, Setting, Status,
    Update, near, search,
};
use crate::accounts::Actor;
use crate::db::{Result, Tx};

#[derive(sqlx::FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column")]
struct EntryRow {
    id: Uuid,
    dossier_id: Uuid,
    status: Status,
    title: String,
    from_date: Option<NaiveDate>,
    to_date: Option<NaiveDate>,
    from_is_month: bool,
    to_is_month: bool,
    ongoing: bool,
    recorded_on: Option<NaiveDate>,
    situation: String,
    action: String,
    impact: String,
    domain_cost: String,
    scope: Option<Scope>,
    conduct: Option<Conduct>,
    setting: Option<Setting>,
    horizon_years: Option<i64>,
    for_cto: bool,
    audience: Audience,
    revision: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

const ENTRY: &str = "select e.id, e.dossier_id, e.status, e.title, e.from_date, e.to_date, e.from_is_month, e.to_is_month, \
     e.ongoing, e.recorded_on, e.situation, e.action, e.impact, e.domain_cost, e.scope, e.conduct, e.setting, \
     e.horizon_years, e.for_cto, e.audience, e.revision, e.created_at, e.updated_at \
     from entries e join dossiers d on d.id = e.dossier_id";

/// An entry that the actor may read.
pub async fn readable(tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<Option<Entry>> {
    let query = tx.query_built(format!("{ENTRY} where {READS_ENTRY} and e.id = $3"));
    let row: Option<EntryRow> = Viewer::from(actor).bind(query).bind(id).optional().await?;
    let Some(row) = row else { return Ok(None) };
    let mut belongings = Belongings::load(tx, "e.id = $1", id).await?;
    Ok(Some(belongings.join(row)))
}

/// Who may read an entry. Asks for no permission.
pub async fn audience(tx: &mut Tx, id: Uuid) -> Result<Audience> {
    let (audience,): (Audience,) =
        tx.query("select audience from entries where id = $1").bind(id).one().await?;
    Ok(audience)
}

/// Every entry of a dossier, drafts and withdrawn ones among them, in order of ids. Asks for no permission: a caller
/// shows only what its viewer may read.
pub async fn of_dossier(tx: &mut Tx, dossier: Uuid) -> Result<Vec<Entry>> {
    let rows: Vec<EntryRow> =
        tx.query_built(format!("{ENTRY} where e.dossier_id = $1 order by e.id")).bind(dossier).all().await?;
    let mut belongings = Belongings::load(tx, "e.dossier_id = $1", dossier).await?;
    Ok(rows.into_iter().map(|row| belongings.join(row)).collect())
}

/// What belongs to entries, by entry.
#[derive(Default)]
struct Belongings {
    capabilities: HashMap<Uuid, Vec<String>>,
    criteria: HashMap<Uuid, Vec<String>>,
    people: HashMap<Uuid, Vec<NamedPerson>>,
    links: HashMap<Uuid, Vec<String>>,
    updates: HashMap<Uuid, Vec<Update>>,
}

type PersonRow = (Uuid, Uuid, String, NamedAs, Option<NamedAnswer>);

impl Belongings {
    /// Of the entries for which a condition holds of `$1`.
    async fn load(tx: &mut Tx, condition: &'static str, id: Uuid) -> Result<Belongings> {
        let mut all = Belongings::default();
        let sql = |columns: &str, from: &str, order: &str| {
            format!("select {columns} from entries e join {from} where {condition} order by {order}")
        };
        let capabilities: Vec<(Uuid, String)> = tx
            .query_built(sql(
                "e.id, c.capability",
                "entry_capabilities c on c.entry_id = e.id",
                "c.capability",
            ))
            .bind(id)
            .all()
            .await?;
        group(&mut all.capabilities, capabilities);
        let criteria: Vec<(Uuid, String)> = tx
            .query_built(sql("e.id, c.criterion", "entry_criteria c on c.entry_id = e.id", "c.criterion"))
            .bind(id)
            .all()
            .await?;
        group(&mut all.criteria, criteria);
        let people: Vec<PersonRow> = tx
            .query_built(sql(
                "e.id, p.id, p.name, n.named_as, n.answer",
                "entry_people n on n.entry_id = e.id join people p on p.id = n.person_id",
                "n.position, n.person_id, n.named_as",
            ))
            .bind(id)
            .all()
            .await?;
        let people = people.into_iter().map(|(entry, person, name, named_as, answer)| {
            (entry, NamedPerson { person, name, named_as, answer })
        });
        group(&mut all.people, people);
        let links: Vec<(Uuid, String)> = tx
            .query_built(sql("e.id, l.url", "entry_links l on l.entry_id = e.id", "l.position"))
            .bind(id)
            .all()
            .await?;
        group(&mut all.links, links);
        let updates: Vec<(Uuid, NaiveDate, String)> = tx
            .query_built(sql(
                "e.id, u.on_date, u.text",
                "entry_updates u on u.entry_id = e.id",
                "u.on_date, u.id",
            ))
            .bind(id)
            .all()
            .await?;
        group(&mut all.updates, updates.into_iter().map(|(entry, on, text)| (entry, Update { on, text })));
        Ok(all)
    }

    fn join(&mut self, row: EntryRow) -> Entry {
        let people = self.people.remove(&row.id).unwrap_or_default();
        Entry {
            id: row.id,
            dossier: row.dossier_id,
            status: row.status,
            revision: row.revision,
            recorded_on: row.recorded_on,
            created_at: row.created_at,
            updated_at: row.updated_at,
            content: Content {
                title: row.title,
                from: row.from_date,
                from_is_month: row.from_is_month,
                to: row.to_date,
                to_is_month: row.to_is_month,
                ongoing: row.ongoing,
                situation: row.situation,
                action: row.action,
                impact: row.impact,
                domain_cost: row.domain_cost,
                scope: row.scope,
                conduct: row.conduct,
                setting: row.setting,
                horizon_years: row.horizon_years,
                for_cto: row.for_cto,
                audience: row.audience,
                capabilities: self.capabilities.remove(&row.id).unwrap_or_default(),
                criteria: self.criteria.remove(&row.id).unwrap_or_default(),
                people: people.iter().map(|p| Named { person: p.person, named_as: p.named_as }).collect(),
                links: self.links.remove(&row.id).unwrap_or_default(),
                updates: self.updates.remove(&row.id).unwrap_or_default(),
            },
            people,
        }
    }
}

fn group<T>(into: &mut HashMap<Uuid, Vec<T>>, rows: impl IntoIterator<Item = (Uuid, T)>) {
    for (entry, item) in rows {
        into.entry(entry).or_default().push(item);
    }
}

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
    .run_soon_expecting(1)
    .await
}

/// Takes an entry's revision on by one; false when it isn't the one expected. From here on, nobody else changes it
/// before this transaction ends.
pub(super) async fn take_revision(tx: &mut Tx, id: Uuid, expected: i64) -> Result<bool> {
    let taken = tx
        .query("update entries set revision = revision + 1 where id = $1 and revision = $2")
        .bind(id)
        .bind(expected)
        .run()
        .await?;
    Ok(taken == 1)
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
    .run_soon_expecting(1)
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
    let found: Option<EntryRow> =
        tx.query_built(format!("{ENTRY} where e.id = $1")).bind(id).optional().await?;
    let Some(row) = found else { return Ok(()) };
    let content = Belongings::load(tx, "e.id = $1", id).await?.join(row).content;
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
    tx.query("delete from entry_capabilities where entry_id = $1").bind(id).run_soon().await?;
    for capability in &content.capabilities {
        tx.query("insert into entry_capabilities (entry_id, capability) values ($1, $2)")
            .bind(id)
            .bind(capability.clone())
            .run_soon_expecting(1)
            .await?;
    }
    tx.query("delete from entry_criteria where entry_id = $1").bind(id).run_soon().await?;
    for criterion in &content.criteria {
        tx.query("insert into entry_criteria (entry_id, criterion) values ($1, $2)")
            .bind(id)
            .bind(criterion.clone())
            .run_soon_expecting(1)
            .await?;
    }
    tx.query("delete from entry_links where entry_id = $1").bind(id).run_soon().await?;
    for (position, url) in (0_i64..).zip(&content.links) {
        tx.query("insert into entry_links (entry_id, position, url) values ($1, $2, $3)")
            .bind(id)
            .bind(position)
            .bind(url.clone())
            .run_soon_expecting(1)
            .await?;
    }
    Ok(())
}

async fn replace_people(tx: &mut Tx, id: Uuid, people: &[Named]) -> Result<()> {
    let kept: Vec<(Uuid, NamedAs, Option<NamedAnswer>)> = tx
        .query("select person_id, named_as, answer from entry_people where entry_id = $1")
        .bind(id)
        .all()
        .await?;
    // Who asked not to be named stays so, as whatever they are named.
    let unnamed: Vec<(Uuid,)> = tx
        .query("select person_id from namings where entry_id = $1 and answer = 'unnamed'")
        .bind(id)
        .all()
        .await?;
    tx.query("delete from entry_people where entry_id = $1").bind(id).run_soon().await?;
    for (position, named) in (0_i64..).zip(people) {
        let answer = kept
            .iter()
            .find(|(person, named_as, _)| *person == named.person && *named_as == named.named_as)
            .and_then(|(_, _, answer)| *answer);
        let objected = unnamed.iter().any(|(person,)| *person == named.person);
        let answer = if objected { Some(NamedAnswer::Unnamed) } else { answer };
        tx.query(
            "insert into entry_people (entry_id, person_id, named_as, position, answer) values ($1, $2, $3, $4, $5)",
        )
        .bind(id)
        .bind(named.person)
        .bind(named.named_as)
        .bind(position)
        .bind(answer)
        .run_soon_expecting(1)
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
    .run_soon_expecting(1)
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
        tx.query(sql).bind(id).run_soon().await?;
    }
    tx.query("delete from entries where id = $1").bind(id).run_soon_expecting(1).await
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
