//! A board: whose dossiers it shows, how they are assessed, and what of them an address chooses; as JSON and as CSV.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::selection::Selection;
use super::{Counts, Row};
use crate::accounts::Actor;
use crate::audit;
use crate::cache::Kind;
use crate::dashboard::cache::summaries;
use crate::dashboard::store::Reader;
use crate::db::{self, Tx};
use crate::error::Result;
use crate::evidence::dossiers::{self, Dossier};
use crate::framework::{Framework, load};
use crate::instance::Instance;
use crate::readiness::{CapabilitySummary, GapKind, Lens, State};
use crate::web::csv;

/// The framework whose capabilities are a board's columns and choices.
pub fn framework() -> &'static Framework {
    load::built_in()
}

/// Whose board it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The committee's: dossiers shared with it.
    Committee,
    /// CTOs': dossiers shared with CTOs.
    Cto,
}

impl Audience {
    /// Its address.
    pub fn path(self) -> &'static str {
        match self {
            Audience::Committee => "/committee",
            Audience::Cto => "/dossiers",
        }
    }

    /// The lens that it starts with.
    pub fn lens(self) -> Lens {
        match self {
            Audience::Committee => Lens::Confirmed,
            Audience::Cto => Lens::All,
        }
    }

    /// The dossiers on it for somebody, by what they may see.
    pub async fn dossiers(self, tx: &mut Tx, actor: &Actor) -> db::Result<Vec<Dossier>> {
        match self {
            Audience::Committee => dossiers::on_board(tx, actor).await,
            Audience::Cto => dossiers::shared_with_ctos(tx, actor).await,
        }
    }

    /// What is left out of the facts.
    pub fn reader(self, today: NaiveDate) -> Reader {
        match self {
            Audience::Committee => Reader::Committee { today },
            Audience::Cto => Reader::Cto,
        }
    }
}

/// What an address shows of a board.
#[derive(Clone, Debug)]
pub struct Board {
    /// Whose it is.
    pub audience: Audience,
    /// What the address chooses.
    pub selection: Selection,
    /// The day.
    pub as_of: NaiveDate,
    /// Which entries count.
    pub lens: Lens,
    /// The whole board, before the filter.
    pub whole: Arc<Whole>,
    /// The places in the whole board of everybody whom the filter shows, on whatever page.
    pub shown: Vec<usize>,
}

/// A whole board of a day and a lens, for one viewer.
#[derive(Debug)]
pub struct Whole {
    /// Everybody on it, by name (code point), then id.
    pub rows: Vec<Row>,
    /// How many each single choice would show.
    pub counts: Counts,
}

/// Which board it is. What it rests on besides is compared by [`Kept`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    /// None where it stands for the same board of every viewer, of which most is made once for all.
    viewer: Option<Uuid>,
    audience: Audience,
    today: NaiveDate,
    as_of: NaiveDate,
    lens: Lens,
}

/// A whole board that was made before.
#[derive(Debug)]
struct Kept {
    whole: Arc<Whole>,
    /// A digest of all that it rests on: the dossiers that the viewer may see, in which versions, and their owners' names.
    rests_on: [u8; 32],
    /// The last number of the audit log at which it was known to be right: while nothing at all has changed since, it is.
    seq: AtomicI64,
}

/// Whole boards that were asked for: a filter is changed more often than anything that it looks at.
enum Boards {}

impl Kind for Boards {
    type Key = Key;
    type Value = Arc<Kept>;
    const NAME: &'static str = "Boards";
    const MOST: u64 = 5_000_000;
    const EACH: u64 = 20_000;
}

impl Whole {
    /// The board as an actor may see it now.
    async fn load(
        instance: &Instance,
        actor: &Actor,
        audience: Audience,
        as_of: NaiveDate,
        lens: Lens,
    ) -> Result<Arc<Whole>> {
        let today = instance.today();
        let key = Key { viewer: Some(actor.account), audience, today, as_of, lens };
        let (seq, _) = audit::head(&mut instance.db.read_autocommit().await?).await?;
        let kept = instance.cache::<Boards>().get(&key);
        if let Some(kept) = kept.filter(|kept| kept.seq.load(Ordering::Relaxed) == seq) {
            return Ok(Arc::clone(&kept.whole));
        }
        let mut tx = instance.db.read().await?;
        let (seq, dossiers) = seen(&mut tx, actor, audience).await?;
        if let Some(whole) = still_right(instance, key, &dossiers, seq) {
            return Ok(whole);
        }
        drop(tx);
        let (work, instance, actor) = (instance.work.clone(), instance.clone(), actor.clone());
        work.aside(actor.account, async move { Whole::make(&instance, &actor, key).await }).await
    }

    async fn make(instance: &Instance, actor: &Actor, key: Key) -> Result<Arc<Whole>> {
        let Key { audience, today, as_of, lens, .. } = key;
        let boards = instance.cache::<Boards>();
        // Those who ask for the same day make most of it once.
        let _turn = boards.turn(&Key { viewer: None, ..key }).await;
        let mut tx = instance.db.read().await?;
        let (seq, dossiers) = seen(&mut tx, actor, audience).await?;
        if let Some(whole) = still_right(instance, key, &dossiers, seq) {
            return Ok(whole);
        }
        let rests_on = digest(&dossiers);
        let summaries = summaries(&mut tx, instance, &dossiers, audience.reader(today), as_of, lens).await?;
        drop(tx);
        let row = |(dossier, summary): (Dossier, _)| Row::new(&dossier.owner_name, dossier.id, summary);
        let mut rows: Vec<Row> = dossiers.into_iter().zip(summaries).map(row).collect();
        rows.sort_by(|a, b| (&a.name, a.dossier).cmp(&(&b.name, b.dossier)));
        let counts = Counts::of(&rows, &framework().capabilities);
        let bytes: usize =
            rows.iter().map(|row| size_of::<Row>() + row.name.len() + row.words.len() + 32).sum();
        let whole = Arc::new(Whole { rows, counts });
        let kept = Kept { whole: Arc::clone(&whole), rests_on, seq: AtomicI64::new(seq) };
        boards.keep(key, Arc::new(kept), bytes + size_of::<Kept>());
        Ok(whole)
    }
}

/// The dossiers of a board as an actor may see it, and the last number of the audit log, both at one moment.
async fn seen(tx: &mut Tx, actor: &Actor, audience: Audience) -> Result<(i64, Vec<Dossier>)> {
    let (seq, _) = audit::head(tx).await?;
    Ok((seq, audience.dossiers(tx, actor).await?))
}

/// The board that is kept, if it rests on these dossiers as they were at this number of the audit log.
fn still_right(instance: &Instance, key: Key, dossiers: &[Dossier], seq: i64) -> Option<Arc<Whole>> {
    let kept = instance.cache::<Boards>().get(&key).filter(|kept| kept.rests_on == digest(dossiers))?;
    kept.seq.store(seq, Ordering::Relaxed);
    Some(Arc::clone(&kept.whole))
}

/// A digest of what a board takes from dossiers, and of the versions that stand for all the rest of them.
fn digest(dossiers: &[Dossier]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for dossier in dossiers {
        digest.update(dossier.id.as_bytes());
        digest.update(dossier.version.to_be_bytes());
        digest.update(dossier.owner_name.len().to_be_bytes());
        digest.update(&dossier.owner_name);
    }
    digest.finalize().into()
}

impl Board {
    /// The board as an actor may see it now, and what of it the address chooses.
    pub async fn load(
        instance: &Instance,
        actor: &Actor,
        audience: Audience,
        selection: Selection,
    ) -> Result<Board> {
        let as_of = selection.as_of.unwrap_or_else(|| instance.today());
        let lens = selection.lens.unwrap_or(audience.lens());
        let whole = Whole::load(instance, actor, audience, as_of, lens).await?;
        let rows = whole.rows.iter().enumerate();
        let shown = rows.filter(|(_, row)| selection.filter.keeps(row)).map(|(place, _)| place).collect();
        Ok(Board { audience, selection, as_of, lens, whole, shown })
    }

    /// The rows of the page; none past the end.
    pub fn page(&self) -> impl ExactSizeIterator<Item = &Row> {
        let shown = self.shown.get(self.selection.skipped()..).unwrap_or_default();
        shown[..shown.len().min(self.selection.per_page())].iter().map(|place| &self.whole.rows[*place])
    }

    /// The JSON of the page.
    pub fn json(&self) -> Response {
        let candidates = self.page().map(Candidate::from).collect();
        Json(Document {
            as_of: self.as_of,
            lens: self.lens,
            total: self.shown.len(),
            page: self.selection.page(),
            per_page: self.selection.per_page(),
            counts: &self.whole.counts,
            candidates,
        })
        .into_response()
    }

    /// The CSV: all rows, or those of the page where the address names `page` or `per_page`.
    pub fn csv(&self) -> Result<Response> {
        let paged = self.selection.page.is_some() || self.selection.per_page.is_some();
        let mut header = vec!["name".to_owned(), "dossier".into(), "evidence_complete".into()];
        for capability in &framework().capabilities {
            header.extend(["state", "months", "gaps"].map(|column| format!("{}_{column}", capability.id)));
        }
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let separator = self.selection.separator.unwrap_or_default();
        let name = format!("{}-{}.csv", self.audience.path().trim_start_matches('/'), self.as_of);
        if paged {
            csv::table(&name, separator, &header, self.page().map(cells))
        } else {
            csv::table(
                &name,
                separator,
                &header,
                self.shown.iter().map(|place| cells(&self.whole.rows[*place])),
            )
        }
    }
}

fn cells(row: &Row) -> Vec<String> {
    let candidate = Candidate::from(row);
    let mut cells = vec![
        candidate.name.to_owned(),
        candidate.dossier.to_string(),
        candidate.evidence_complete.to_string(),
    ];
    for column in &framework().capabilities {
        match candidate.capabilities.iter().find(|c| c.capability == column.id) {
            Some(c) => {
                let gaps: Vec<&str> = c.gaps.iter().map(Into::into).collect();
                cells.extend([c.state.to_string(), c.months.to_string(), gaps.join(" ")]);
            }
            None => cells.extend([const { String::new() }; 3]),
        }
    }
    cells
}

#[derive(Serialize)]
struct Document<'a> {
    as_of: NaiveDate,
    lens: Lens,
    total: usize,
    page: usize,
    per_page: usize,
    counts: &'a Counts,
    candidates: Vec<Candidate<'a>>,
}

#[derive(Serialize)]
struct Candidate<'a> {
    dossier: Uuid,
    name: &'a str,
    evidence_complete: bool,
    capabilities: Vec<CapabilityCell<'a>>,
}

#[derive(Serialize)]
struct CapabilityCell<'a> {
    capability: &'a str,
    state: State,
    months: u32,
    gaps: Vec<GapKind>,
}

impl<'a> From<&'a Row> for Candidate<'a> {
    fn from(row: &'a Row) -> Self {
        let cell = |(capability, short): (&'static str, &CapabilitySummary)| CapabilityCell {
            capability,
            state: short.state,
            months: short.months,
            gaps: short.gaps.iter().collect(),
        };
        Candidate {
            dossier: row.dossier,
            name: &row.name,
            evidence_complete: row.summary.evidence_complete,
            capabilities: row.summary.capabilities().map(cell).collect(),
        }
    }
}
