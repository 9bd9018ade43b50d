//! Entries as they are read, with what belongs to them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::accounts::Actor;
use crate::db::{Result, Tx};
use crate::evidence::visibility::{READS_ENTRY, Viewer};
use crate::evidence::{
    Audience, Conduct, Content, Entry, Named, NamedAnswer, NamedAs, NamedPerson, Origin, Scope, Setting,
    Status, Update, Via,
};

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
    join(tx, row).await
}

/// An entry. Asks for no permission.
pub(in crate::evidence) async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Entry>> {
    let row = tx.query_built(format!("{ENTRY} where e.id = $1")).bind(id).optional().await?;
    join(tx, row).await
}

async fn join(tx: &mut Tx, row: Option<EntryRow>) -> Result<Option<Entry>> {
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Belongings::load(tx, "e.id = $1", row.id).await?.join(row)))
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

#[derive(sqlx::FromRow)]
struct PersonRow {
    entry_id: Uuid,
    person_id: Uuid,
    name: String,
    named_as: NamedAs,
    answer: Option<NamedAnswer>,
    via: Via,
    vouched_by: Option<Uuid>,
    vouched_on: Option<NaiveDate>,
    voucher: Option<String>,
}

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
                "n.entry_id, n.person_id, p.name, n.named_as, n.answer, n.via, n.vouched_by, n.vouched_on, \
                 v.name as voucher",
                "entry_people n on n.entry_id = e.id join people p on p.id = n.person_id \
                 left join people v on v.id = n.vouched_by",
                "n.position, n.person_id, n.named_as",
            ))
            .bind(id)
            .all()
            .await?;
        let people = people.into_iter().map(|row| {
            let origin = Origin::from_columns(row.via, row.vouched_by, row.vouched_on);
            let PersonRow { person_id: person, name, named_as, answer, voucher, .. } = row;
            (row.entry_id, NamedPerson { person, name, named_as, answer, origin, voucher })
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
