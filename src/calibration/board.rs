//! A board: whose dossiers it shows, how they are assessed, and what of them an address chooses; as JSON and as CSV.

use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::selection::Selection;
use super::{Counts, Row};
use crate::accounts::Actor;
use crate::db::{self, Tx};
use crate::error::Result;
use crate::evidence::dossiers::{self, Dossier};
use crate::framework::{Framework, load};
use crate::instance::Instance;
use crate::readiness::cache::assessed;
use crate::readiness::store::Reader;
use crate::readiness::{GapKind, Lens, State};
use crate::web::csv;

/// The framework whose capabilities are a board's columns and choices.
pub fn framework() -> &'static Framework {
    load::built_in()
}

/// Whose board it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

    /// Rows for dossiers, by name (code point), then id.
    pub async fn rows(
        self,
        tx: &mut Tx,
        instance: &Instance,
        dossiers: Vec<Dossier>,
        as_of: NaiveDate,
        lens: Lens,
    ) -> Result<Vec<Row>> {
        let reader = self.reader(instance.today());
        let assessments = assessed(tx, instance, &dossiers, reader, as_of, lens).await?;
        let row = |(dossier, assessment): (Dossier, _)| Row {
            name: dossier.owner_name,
            dossier: dossier.id,
            assessment,
        };
        let mut rows: Vec<Row> = dossiers.into_iter().zip(assessments).map(row).collect();
        rows.sort_by(|a, b| (&a.name, a.dossier).cmp(&(&b.name, b.dossier)));
        Ok(rows)
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
    /// How many candidates are on the whole board.
    pub whole: usize,
    /// How many each single choice would show.
    pub counts: Counts,
    /// Everybody whom the filter shows, on whatever page.
    pub rows: Vec<Row>,
}

impl Board {
    /// Assesses everybody on it, and filters.
    pub async fn load(
        tx: &mut Tx,
        instance: &Instance,
        actor: &Actor,
        audience: Audience,
        selection: Selection,
    ) -> Result<Board> {
        let as_of = selection.as_of.unwrap_or_else(|| instance.today());
        let lens = selection.lens.unwrap_or(audience.lens());
        let dossiers = audience.dossiers(tx, actor).await?;
        let mut rows = audience.rows(tx, instance, dossiers, as_of, lens).await?;
        let (whole, counts) = (rows.len(), Counts::of(&rows, &framework().capabilities));
        rows.retain(|row| selection.filter.keeps(row));
        Ok(Board { audience, selection, as_of, lens, whole, counts, rows })
    }

    /// The rows of the page; none past the end.
    pub fn page(&self) -> &[Row] {
        let rows = self.rows.get(self.selection.skipped()..).unwrap_or_default();
        &rows[..rows.len().min(self.selection.per_page())]
    }

    /// The JSON of the page.
    pub fn json(&self) -> Response {
        let candidates = self.page().iter().map(Candidate::from).collect();
        Json(Document {
            as_of: self.as_of,
            lens: self.lens,
            total: self.rows.len(),
            page: self.selection.page(),
            per_page: self.selection.per_page(),
            counts: &self.counts,
            candidates,
        })
        .into_response()
    }

    /// The CSV: all rows, or those of the page where the address names `page` or `per_page`.
    pub fn csv(&self) -> Result<Response> {
        let paged = self.selection.page.is_some() || self.selection.per_page.is_some();
        let rows = if paged { self.page() } else { &self.rows };
        let mut header = vec!["name".to_owned(), "dossier".into(), "evidence_complete".into()];
        for capability in &framework().capabilities {
            header.extend(["state", "months", "gaps"].map(|column| format!("{}_{column}", capability.id)));
        }
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let name = format!("{}-{}.csv", self.audience.path().trim_start_matches('/'), self.as_of);
        csv::table(&name, &header, rows.iter().map(cells))
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
        let cell = |c: &'a crate::readiness::CapabilityReadiness| CapabilityCell {
            capability: &c.capability,
            state: c.state,
            months: c.months,
            gaps: c.gap_kinds().collect(),
        };
        Candidate {
            dossier: row.dossier,
            name: &row.name,
            evidence_complete: row.assessment.evidence_complete,
            capabilities: row.assessment.capabilities.iter().map(cell).collect(),
        }
    }
}
