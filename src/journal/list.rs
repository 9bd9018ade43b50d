//! A candidate's own entries, searched and filtered, a page at a time.
//!
//! A dossier has some hundreds of entries, and its owner looks at them in many ways before any changes. So what a list
//! shows of them is read once and kept in memory, under the state read with every request; filters and searches
//! then go through it without the database.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::accounts::Actor;
use crate::cache::Kind;
use crate::db::Tx;
use crate::error::Result;
use crate::evidence::dossiers::{self, Dossier};
use crate::evidence::visibility::{READS_ENTRY, Viewer};
use crate::evidence::{Content, Status, is_later, is_taken_back, search, stands, store, words};
use crate::framework::{Capability, Framework};
use crate::instance::Instance;

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

/// An entry as a line of the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its id.
    pub id: Uuid,
    /// How far it has come.
    pub status: Status,
    /// What it is called.
    pub title: Box<str>,
    /// Its dates, in words.
    pub when: Box<str>,
    /// The beginning of its impact, in one line.
    pub beginning: Box<str>,
    /// What it speaks for, in the guide's order.
    pub capabilities: Box<[&'static Capability]>,
    /// How many confirmed it, of those who answered last so.
    pub confirmed: usize,
    /// How many see it differently, unsettled.
    pub differing: usize,
    /// How many confirmations a material edit superseded, whose people have not answered, or been asked, again.
    pub superseded: usize,
    /// How many answered last by mail or link, so that it counts for nothing until somebody vouches for it.
    pub unvouched: usize,
    from: Option<NaiveDate>,
    /// The last day; none for what goes on.
    end: Option<NaiveDate>,
    words: Box<str>,
}

impl Line {
    fn is_of(&self, filter: &Filter) -> bool {
        let any = |ids: &[String]| self.capabilities.iter().any(|capability| ids.contains(&capability.id));
        filter.status.is_none_or(|status| self.status == status)
            && (filter.capabilities.is_empty() || any(&filter.capabilities))
            && filter.to.is_none_or(|to| self.from.is_some_and(|from| from <= to))
            && filter.from.is_none_or(|from| self.from.is_some() && self.end.is_none_or(|end| end >= from))
    }

    /// About its bytes in memory.
    fn weight(&self) -> usize {
        let texts = self.title.len() + self.when.len() + self.beginning.len() + self.words.len();
        size_of::<Line>() + texts + size_of_val(&*self.capabilities)
    }
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
    search_words: String,
    /// With spaces between them; none where there are none.
    capabilities: Option<String>,
    /// The last of each person's answers that stand, unsettled; as the capabilities.
    answers: Option<String>,
    unvouched: i64,
}

impl Row {
    fn line(self, framework: &'static Framework) -> Line {
        let answers = self.answers.unwrap_or_default();
        let number = |given| answers.split_whitespace().filter(|answer| *answer == given).count();
        let tagged = self.capabilities.unwrap_or_default();
        let tagged: Vec<&str> = tagged.split_whitespace().collect();
        let dates = Content {
            from: self.from_date,
            from_is_month: self.from_is_month,
            to: self.to_date,
            to_is_month: self.to_is_month,
            ongoing: self.ongoing,
            ..Content::default()
        };
        Line {
            id: self.id,
            status: self.status,
            when: words::period(&dates).into(),
            beginning: beginning(&self.impact).into(),
            capabilities: framework.capabilities.iter().filter(|c| tagged.contains(&&*c.id)).collect(),
            confirmed: number("confirmed"),
            differing: number("differs"),
            superseded: number("superseded"),
            unvouched: usize::try_from(self.unvouched).unwrap_or_default(),
            from: self.from_date,
            end: if self.ongoing { None } else { self.to_date.or(self.from_date) },
            title: self.title.into(),
            words: self.search_words.into(),
        }
    }
}

/// The beginning of a text in one line, without its Markdown signs.
fn beginning(text: &str) -> String {
    let plain = text.replace(['*', '_', '`', '#', '>'], "");
    let folded = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().count() <= 140 {
        return folded;
    }
    let cut: String = folded.chars().take(140).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole}…")
}

/// How many of all entries each choice would show.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// By status.
    pub status: HashMap<Status, usize>,
    /// By capability.
    pub capability: HashMap<&'static str, usize>,
}

/// What a list shows of a dossier's entries: what has no date yet, then the newest first.
#[derive(Clone, Debug)]
pub struct Lines {
    /// Every entry that the viewer may read.
    pub all: Box<[Line]>,
    /// How many they are by each choice.
    pub counts: Counts,
}

/// A page of the entries that match, and how many they are in all.
#[derive(Clone, Debug)]
pub struct Page<'l> {
    /// In the order of the list.
    pub lines: Vec<&'l Line>,
    /// How many match.
    pub total: usize,
}

/// The lists that candidates have open, by the account, the dossier with the state of its entries, and the day.
enum Lists {}

impl Kind for Lists {
    type Key = (Uuid, Uuid, (i64, i64), NaiveDate);
    type Value = Arc<Lines>;
    const NAME: &'static str = "Lists of evidence";
    const MOST: u64 = 6_000_000;
    const EACH: u64 = 200_000;
}

impl Lines {
    /// The lines of a dossier, as the actor may read its entries now.
    pub async fn load(
        tx: &mut Tx,
        actor: &Actor,
        dossier: Uuid,
        framework: &'static Framework,
        now: DateTime<Utc>,
    ) -> Result<Lines> {
        let sql = format!(
            "select e.id, e.status, e.title, e.from_date, e.to_date, e.from_is_month, e.to_is_month, e.ongoing, \
             substr(e.impact, 1, 400) as impact, e.search_words, \
             (select string_agg(c.capability, ' ') from entry_capabilities c where c.entry_id = e.id) as capabilities, \
             (select string_agg(case when c.superseded_on is null or c.answer <> 'confirmed' then c.answer \
             when exists (select 1 from requests r where r.entry_id = e.id and r.person_id = c.person_id \
             and r.question = 'happened' and r.answered_at is null and r.closed_at is null \
             and (r.expires_at is null or r.expires_at > $4)) then 'asked' else 'superseded' end, ' ') from corroborations c where c.entry_id = e.id and c.settled_on is null and {} \
             and not {}) as answers, \
             (select count(*) from corroborations c where c.entry_id = e.id and not {} and not exists (select 1 \
             from corroborations l where l.entry_id = c.entry_id and l.person_id = c.person_id \
             and {})) as unvouched \
             from entries e join dossiers d on d.id = e.dossier_id where {READS_ENTRY} and e.dossier_id = $3 \
             order by case when e.from_date is null then 0 else 1 end, e.from_date desc, e.id desc",
            stands("c"),
            is_taken_back("c"),
            stands("c"),
            is_later("c")
        );
        let rows: Vec<Row> =
            Viewer::from(actor).bind(tx.query_built(sql)).bind(dossier).bind(now).all().await?;
        let all: Box<[Line]> = rows.into_iter().map(|row| row.line(framework)).collect();
        let mut counts = Counts::default();
        for line in &all {
            *counts.status.entry(line.status).or_default() += 1;
            for capability in &line.capabilities {
                *counts.capability.entry(&capability.id).or_default() += 1;
            }
        }
        Ok(Lines { all, counts })
    }

    /// The lines of one's own dossier, kept since they were last read where nothing has changed.
    pub async fn of_own(instance: &Instance, actor: &Actor, found: &Dossier) -> Result<Arc<Lines>> {
        let lists = instance.cache::<Lists>();
        let key = |state| (actor.account, found.id, state, instance.today());
        let state = store::state(&mut instance.db.read_autocommit().await?, found.id).await?;
        if let Some(lines) = lists.get(&key(state)) {
            return Ok(lines);
        }
        let mut tx = instance.db.read().await?;
        // As they are in this snapshot, which may be a later one.
        let found = dossiers::readable(&mut tx, actor, found.id).await?;
        let state = store::state(&mut tx, found.id).await?;
        let lines = Lines::load(&mut tx, actor, found.id, found.framework()?, instance.now()).await?;
        let lines = Arc::new(lines);
        lists.keep(key(state), lines.clone(), lines.all.iter().map(Line::weight).sum());
        Ok(lines)
    }

    /// The page of this number, counted from 1, of what matches.
    pub fn page(&self, filter: &Filter, page: usize) -> Page<'_> {
        let beginnings = filter.q.as_deref().map(search::beginnings);
        let mut total = 0;
        let mut lines = Vec::new();
        let skipped = page.saturating_sub(1).saturating_mul(PER_PAGE);
        for line in &self.all {
            let found = beginnings.as_ref().is_none_or(|all| search::finds(all, &line.words));
            if found && line.is_of(filter) {
                if total >= skipped && lines.len() < PER_PAGE {
                    lines.push(line);
                }
                total += 1;
            }
        }
        Page { lines, total }
    }
}

#[cfg(test)]
mod tests {
    use super::beginning;

    #[test]
    fn beginnings_end_between_words() {
        assert_eq!(beginning("**One**\n\nservice"), "One service");
        let long = beginning(&"word ".repeat(60));
        assert!(long.ends_with("word…") && long.chars().count() <= 141, "{long}");
    }
}
