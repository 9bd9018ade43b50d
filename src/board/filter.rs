//! Which candidates a choice of gaps, kinds, state and name shows. Pure: rows in, rows out.
//!
//! - A capability counts as a gap when it has any gap of the readiness rules.
//! - `gap=X&kind=K1,K2`: X has a gap of one of these kinds. `kind` without `gap` looks at all capabilities.
//! - With several `gap`s, `match` says any (default) or all of them.
//! - `state=S`: one of the capabilities named by `gap` (or any, without `gap`) is at or below S. It asks for no gap and
//!   no kind of its own, and `match` does not apply to it.
//! - `q`: it is part of the name, or each of its words begins a word of the name, whatever the case and the accents.
//!
//! A candidate is shown when every condition that was chosen holds.

use serde::{Serialize, Serializer};

use super::Row;
use crate::framework::Capability;
use crate::readiness::{CapabilitySummary, GapKind, GapKinds, State};
use crate::text;

/// How several chosen capabilities are combined.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, strum::Display, strum::EnumString, strum::VariantArray,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Match {
    /// One of them has a gap.
    #[default]
    Any,
    /// Each of them has a gap.
    All,
}

/// What was chosen. Nothing chosen shows everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Ids of capabilities, each once.
    pub gaps: Vec<String>,
    /// Kinds of gaps, each once.
    pub kinds: Vec<GapKind>,
    /// How several capabilities are combined.
    pub matching: Match,
    /// The highest state looked for.
    pub state: Option<State>,
    /// A part of the name.
    pub q: Option<String>,
}

impl Filter {
    /// Whether the choice shows this candidate.
    pub fn keeps(&self, row: &Row) -> bool {
        self.has_gaps(row) && self.is_at_or_below(row) && self.is_named(row)
    }

    fn has_gaps(&self, row: &Row) -> bool {
        let kinds: GapKinds = self.kinds.iter().copied().collect();
        let is_gap = |c: &CapabilitySummary| {
            if kinds.is_empty() { !c.gaps.is_empty() } else { c.gaps.meets(kinds) }
        };
        if self.gaps.is_empty() {
            return kinds.is_empty() || row.summary.capabilities().any(|(_, c)| is_gap(c));
        }
        let has_gap = |id: &String| row.summary.capability(id).is_some_and(is_gap);
        match self.matching {
            Match::Any => self.gaps.iter().any(has_gap),
            Match::All => self.gaps.iter().all(has_gap),
        }
    }

    fn is_at_or_below(&self, row: &Row) -> bool {
        let Some(highest) = self.state else { return true };
        row.summary
            .capabilities()
            .filter(|(id, _)| self.gaps.is_empty() || self.gaps.iter().any(|gap| gap == id))
            .any(|(_, c)| c.state <= highest)
    }

    fn is_named(&self, row: &Row) -> bool {
        let Some(q) = &self.q else { return true };
        let sought = text::words(q);
        // What holds no word at all, such as "?", is in no name.
        let part = sought.trim_start();
        !part.is_empty() && (row.words.contains(part) || text::matches(&row.words, &sought))
    }
}

/// How many candidates each single choice would show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// For every capability, in framework order.
    #[serde(serialize_with = "as_map")]
    pub gap: Vec<(String, usize)>,
    /// For every kind of gap, in the order of the rules.
    #[serde(serialize_with = "as_map")]
    pub kind: Vec<(GapKind, usize)>,
}

impl Counts {
    /// Counts over a whole board.
    pub fn of<'c>(rows: &[Row], capabilities: impl IntoIterator<Item = &'c Capability>) -> Counts {
        let shown = |filter: Filter| rows.iter().filter(|row| filter.keeps(row)).count();
        let by_gap =
            |c: &Capability| (c.id.clone(), shown(Filter { gaps: vec![c.id.clone()], ..Filter::default() }));
        let by_kind = |kind: &GapKind| (*kind, shown(Filter { kinds: vec![*kind], ..Filter::default() }));
        Counts {
            gap: capabilities.into_iter().map(by_gap).collect(),
            kind: <GapKind as strum::VariantArray>::VARIANTS.iter().map(by_kind).collect(),
        }
    }
}

fn as_map<K: Serialize, S: Serializer>(counts: &[(K, usize)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(counts.iter().map(|(choice, count)| (choice, count)))
}

#[cfg(test)]
mod tests;
