//! What a board answers: one document, of which the page, the JSON and the CSV are made.

use axum::Json;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Serialize;
use uuid::Uuid;

use super::{Counts, Row};
use crate::error::Result;
use crate::framework::Capability;
use crate::readiness::{CapabilitySummary, GapKind, Lens, State};
use crate::web::csv::{self, Separator};

/// The answer. What serializes is the JSON.
#[derive(Debug, Serialize)]
pub struct Document<'b> {
    /// The day.
    pub as_of: NaiveDate,
    /// Which entries count.
    pub lens: Lens,
    /// How many candidates the filter shows, on whatever page.
    pub total: usize,
    /// The page, from 1.
    pub page: usize,
    /// Candidates on a page.
    pub per_page: usize,
    /// How many each single choice would show.
    pub counts: &'b Counts,
    /// The page's candidates, by name.
    pub candidates: Vec<Candidate<'b>>,
    /// The capabilities that the board speaks of. Each candidate has those of their own guide.
    #[serde(skip)]
    pub columns: &'b [&'static Capability],
}

/// A candidate.
#[derive(Debug, Serialize)]
pub struct Candidate<'b> {
    /// The dossier.
    pub dossier: Uuid,
    /// The name.
    pub name: &'b str,
    /// Whether the evidence is complete.
    pub evidence_complete: bool,
    /// What is said of each capability, in the order of the guide.
    pub capabilities: Vec<Standing>,
}

/// How far a candidate's evidence for a capability carries.
#[derive(Debug, Serialize)]
pub struct Standing {
    /// The capability's id.
    pub capability: &'static str,
    /// The state.
    pub state: State,
    /// Months shown within the window.
    pub months: u32,
    /// Length of the window in months.
    #[serde(skip)]
    pub window_months: u32,
    /// The kinds of gaps.
    pub gaps: Vec<GapKind>,
}

impl Document<'_> {
    /// As JSON.
    pub fn json(&self) -> Response {
        Json(self).into_response()
    }

    /// As CSV, in a file of this name: a row for each candidate, and three cells for each capability of the board.
    pub fn csv(&self, name: &str, separator: Separator) -> Result<Response> {
        let mut header = vec!["name".to_owned(), "dossier".into(), "evidence_complete".into()];
        for capability in self.columns {
            header.extend(["state", "months", "gaps"].map(|column| format!("{}_{column}", capability.id)));
        }
        let header: Vec<&str> = header.iter().map(String::as_str).collect();
        let rows = self.candidates.iter().map(|candidate| candidate.cells(self.columns));
        csv::table(name, separator, &header, rows)
    }
}

impl Candidate<'_> {
    /// What is said of a capability, where the candidate's guide has it.
    pub fn standing(&self, capability: &Capability) -> Option<&Standing> {
        self.capabilities.iter().find(|standing| standing.capability == capability.id)
    }

    fn cells(&self, columns: &[&Capability]) -> Vec<String> {
        let mut cells =
            vec![self.name.to_owned(), self.dossier.to_string(), self.evidence_complete.to_string()];
        for column in columns {
            match self.standing(column) {
                Some(standing) => {
                    let gaps: Vec<&str> = standing.gaps.iter().map(Into::into).collect();
                    cells.extend([standing.state.to_string(), standing.months.to_string(), gaps.join(" ")]);
                }
                None => cells.extend([const { String::new() }; 3]),
            }
        }
        cells
    }
}

impl<'b> From<&'b Row> for Candidate<'b> {
    fn from(row: &'b Row) -> Self {
        Candidate {
            dossier: row.dossier,
            name: &row.name,
            evidence_complete: row.summary.evidence_complete,
            capabilities: row.summary.capabilities().map(Standing::from).collect(),
        }
    }
}

impl From<(&'static str, &CapabilitySummary)> for Standing {
    fn from((capability, short): (&'static str, &CapabilitySummary)) -> Self {
        Standing {
            capability,
            state: short.state,
            months: short.months,
            window_months: short.window_months,
            gaps: short.gaps.iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Candidate, Standing};
    use crate::framework::load::built_in;
    use crate::readiness::{GapKind, State};

    #[test]
    fn what_is_not_in_the_guide_of_a_candidate_is_left_empty() {
        let columns: Vec<_> = built_in().capabilities.iter().take(2).collect();
        let standing = Standing {
            capability: &columns[1].id,
            state: State::Emerging,
            months: 3,
            window_months: 24,
            gaps: vec![GapKind::Short, GapKind::Few],
        };
        let candidate = Candidate {
            dossier: uuid::Uuid::nil(),
            name: "Ada Marsh",
            evidence_complete: false,
            capabilities: vec![standing],
        };
        let cells = candidate.cells(&columns);
        assert_eq!(cells[2..], ["false", "", "", "", "emerging", "3", "short few"]);
    }
}
