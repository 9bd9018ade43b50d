//! What an address chooses of a board.

use std::sync::Arc;

use axum::response::Response;
use chrono::NaiveDate;

use super::audience::Audience;
use super::document::{Candidate, Document};
use super::selection::Selection;
use super::whole::Whole;
use crate::accounts::Actor;
use crate::error::Result;
use crate::instance::Instance;
use crate::readiness::Lens;

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

    /// The page that the address chooses; nobody is on one past the end.
    pub fn document(&self) -> Document<'_> {
        let shown = self.shown.get(self.selection.skipped()..).unwrap_or_default();
        self.with(&shown[..shown.len().min(self.selection.per_page())])
    }

    fn with(&self, shown: &[usize]) -> Document<'_> {
        Document {
            as_of: self.as_of,
            lens: self.lens,
            total: self.shown.len(),
            page: self.selection.page(),
            per_page: self.selection.per_page(),
            counts: &self.whole.counts,
            candidates: shown.iter().map(|place| Candidate::from(&self.whole.rows[*place])).collect(),
            columns: &self.whole.columns,
        }
    }

    /// The CSV: everybody whom the filter shows, or those of the page where the address names `page` or `per_page`.
    pub fn csv(&self) -> Result<Response> {
        let paged = self.selection.page.is_some() || self.selection.per_page.is_some();
        let document = if paged { self.document() } else { self.with(&self.shown) };
        let name = format!("{}-{}.csv", self.audience.path().trim_start_matches('/'), self.as_of);
        document.csv(&name, self.selection.separator.unwrap_or_default())
    }
}
