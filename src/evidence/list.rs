//! A candidate's own entries, searched and filtered, a page at a time.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::visibility::{READS_ENTRY, Viewer};
use super::{Content, Status, search};
use crate::accounts::Actor;
use crate::db::{Query, Result, Tx};

/// Entries on a page.
pub const PER_PAGE: usize = 50;

/// What is looked for; everything absent looks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words, each of which an entry holds the beginning of.
    pub q: Option<String>,
    /// Capabilities, of which it speaks for at least one.
    pub capabilities: Vec<String>,
    /// How far it has come.
    pub status: Option<Status>,
    /// It had not ended before this day.
    pub from: Option<NaiveDate>,
    /// It had begun by this day.
    pub to: Option<NaiveDate>,
}

impl Filter {
    /// Whether it looks for all.
    pub fn is_empty(&self) -> bool {
        *self == Filter::default()
    }

    /// The condition, whose placeholders begin at `$4`.
    fn condition(&self) -> String {
        let mut condition = format!("{READS_ENTRY} and e.dossier_id = $3");
        let mut next = 4;
        let mut place = || {
            next += 1;
            next - 1
        };
        if let Some(q) = &self.q {
            let patterns = search::patterns(q);
            if patterns.is_empty() {
                // Signs without a word are found nowhere.
                condition.push_str(" and 1 = 0");
            }
            for _ in patterns {
                condition.push_str(&format!(" and e.search_words like ${}", place()));
            }
        }
        if !self.capabilities.is_empty() {
            let list =
                self.capabilities.iter().map(|_| format!("${}", place())).collect::<Vec<_>>().join(", ");
            condition.push_str(&format!(
                " and exists (select 1 from entry_capabilities c where c.entry_id = e.id and c.capability in ({list}))"
            ));
        }
        if self.status.is_some() {
            condition.push_str(&format!(" and e.status = ${}", place()));
        }
        if self.from.is_some() {
            let end = format!("coalesce(e.to_date, e.from_date) >= ${}", place());
            condition.push_str(&format!(" and e.from_date is not null and (e.ongoing or {end})"));
        }
        if self.to.is_some() {
            condition.push_str(&format!(" and e.from_date <= ${}", place()));
        }
        condition
    }

    /// Binds every value of the condition.
    fn bind<'t>(&self, query: Query<'t>, actor: &Actor, dossier: Uuid) -> Query<'t> {
        let mut query = Viewer::from(actor).bind(query).bind(dossier);
        query = query.bind_all(self.q.iter().flat_map(|q| search::patterns(q)));
        query = query.bind_all(self.capabilities.iter().cloned());
        query = query.bind_all(self.status);
        query.bind_all(self.from).bind_all(self.to)
    }
}

/// An entry as a line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: Uuid,
    /// How far it has come.
    pub status: Status,
    /// Its title and dates, and the beginning of its impact.
    pub content: Content,
    /// How many confirmed it, of those who answered last so.
    pub confirmed: usize,
    /// How many see it differently, unsettled.
    pub differing: usize,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    status: Status,
    title: String,
    from_date: Option<NaiveDate>,
    to_date: Option<NaiveDate>,
    from_is_month: bool,
    to_is_month: bool,
    ongoing: bool,
    impact: String,
    total: i64,
    /// With spaces between them; none where there are none.
    capabilities: Option<String>,
    /// The last of each person who answered, unsettled; as the capabilities.
    answers: Option<String>,
}

impl From<Row> for Line {
    fn from(row: Row) -> Line {
        let words = |all: Option<String>| -> Vec<String> {
            all.unwrap_or_default().split_whitespace().map(String::from).collect()
        };
        let answers = words(row.answers);
        let number = |given| answers.iter().filter(|answer| *answer == given).count();
        Line {
            confirmed: number("confirmed"),
            differing: number("differs"),
            id: row.id,
            status: row.status,
            content: Content {
                title: row.title,
                from: row.from_date,
                from_is_month: row.from_is_month,
                to: row.to_date,
                to_is_month: row.to_is_month,
                ongoing: row.ongoing,
                impact: row.impact,
                capabilities: row
                    .capabilities
                    .unwrap_or_default()
                    .split_whitespace()
                    .map(String::from)
                    .collect(),
                ..Content::default()
            },
        }
    }
}

/// The entries that match, a page of them, and how many they are in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// What has no date yet, then the newest first.
    pub lines: Vec<Line>,
    /// How many match.
    pub total: i64,
}

/// The page of this number, counted from 1.
pub async fn page(tx: &mut Tx, actor: &Actor, dossier: Uuid, filter: &Filter, page: usize) -> Result<Page> {
    const ORDER: &str =
        "order by case when e.from_date is null then 0 else 1 end, e.from_date desc, e.id desc";
    let skip = page.saturating_sub(1).saturating_mul(PER_PAGE);
    let matching =
        format!("from entries e join dossiers d on d.id = e.dossier_id where {}", filter.condition());
    // The texts are read of the page's entries alone, and sorting doesn't carry them along.
    let sql = format!(
        "with found as (select e.id {matching} {ORDER} limit {PER_PAGE} offset {skip}) \
         select e.id, e.status, e.title, e.from_date, e.to_date, e.from_is_month, e.to_is_month, e.ongoing, \
         substr(e.impact, 1, 400) as impact, (select count(*) {matching}) as total, \
         (select string_agg(c.capability, ' ') from entry_capabilities c where c.entry_id = e.id) as capabilities, \
         (select string_agg(c.answer, ' ') from corroborations c where c.entry_id = e.id and c.settled_on is null \
         and not exists (select 1 from corroborations l where l.entry_id = c.entry_id and l.person_id = c.person_id \
         and (l.on_date > c.on_date or l.on_date = c.on_date and l.position > c.position))) as answers \
         from found f join entries e on e.id = f.id {ORDER}"
    );
    let rows: Vec<Row> = filter.bind(tx.query_built(sql), actor, dossier).all().await?;
    let total = match rows.first() {
        Some(row) => row.total,
        None if page > 1 => total(tx, actor, dossier, filter).await?,
        None => 0,
    };
    Ok(Page { lines: rows.into_iter().map(Line::from).collect(), total })
}

/// How many entries match, for a page beyond the last, which has no row to tell it.
async fn total(tx: &mut Tx, actor: &Actor, dossier: Uuid, filter: &Filter) -> Result<i64> {
    let sql = format!(
        "select count(*) from entries e join dossiers d on d.id = e.dossier_id where {}",
        filter.condition()
    );
    let (total,): (i64,) = filter.bind(tx.query_built(sql), actor, dossier).one().await?;
    Ok(total)
}

/// How many of all entries each choice would show.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// By status.
    pub status: HashMap<Status, i64>,
    /// By capability.
    pub capability: HashMap<String, i64>,
}

/// Counts over all of a dossier's entries that the actor may read.
pub async fn counts(tx: &mut Tx, actor: &Actor, dossier: Uuid) -> Result<Counts> {
    let everything = Filter::default();
    let condition = everything.condition();
    let sql = format!(
        "with readable as (select e.id, e.status from entries e join dossiers d on d.id = e.dossier_id where {condition}) \
         select e.status, null, count(*) from readable e group by e.status union all \
         select null, c.capability, count(*) from readable e join entry_capabilities c on c.entry_id = e.id \
         group by c.capability"
    );
    let rows: Vec<(Option<Status>, Option<String>, i64)> =
        everything.bind(tx.query_built(sql), actor, dossier).all().await?;
    let mut counts = Counts::default();
    for (status, capability, count) in rows {
        if let Some(status) = status {
            counts.status.insert(status, count);
        }
        if let Some(capability) = capability {
            counts.capability.insert(capability, count);
        }
    }
    Ok(counts)
}
