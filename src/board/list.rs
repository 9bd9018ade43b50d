//! A board as its page draws it: choices with their counts, chosen filters, rows, and links to the other pages.

use strum::VariantArray;
use uuid::Uuid;

use super::audience::Audience;
use super::document::{Candidate, Document, Standing};
use super::filter::Match;
use super::selection::Chip;
use super::shown::Board;
use super::words;
use crate::framework::Capability;
use crate::readiness::{GapKind, Lens, State};
use crate::web::csv::Separator;

/// The list of a board, with its filters.
pub struct List {
    /// Its address.
    pub path: &'static str,
    /// The part of a name that is looked for.
    pub q: String,
    /// Whether the viewer may choose the day.
    pub any_day: bool,
    /// The day that the address names, if it does.
    pub day: String,
    /// The day in words.
    pub as_of: String,
    /// Which entries count.
    pub lens: Lens,
    /// The same in words.
    pub evidence: &'static str,
    /// Capabilities to choose from.
    pub gaps: Vec<Choice>,
    /// Whether each chosen capability must have a gap.
    pub all: bool,
    /// Kinds of gaps to choose from.
    pub kinds: Vec<Choice>,
    /// States to choose from.
    pub states: Vec<Choice>,
    /// Lenses to choose from.
    pub lenses: Vec<Choice>,
    /// Rows on a page, where the address says so.
    pub per_page: Option<usize>,
    /// The chosen filters.
    pub chips: Vec<Chip>,
    /// How many candidates are on the whole board.
    pub whole: usize,
    /// How many the filter shows.
    pub total: usize,
    /// The first and last of the page's rows, from 1.
    pub range: (usize, usize),
    /// The page's rows.
    pub rows: Vec<RowView>,
    /// The columns.
    pub capabilities: Vec<&'static Capability>,
    /// Links to the pages, where there are several.
    pub pages: Vec<PageLink>,
    /// The address of the first page.
    pub first_page: String,
    /// The same as CSV.
    pub csv: String,
    /// The same with the other separator, and what a cell ends with there.
    pub other_csv: (String, &'static str),
    /// The separator, where the address says so.
    pub separator: Option<Separator>,
    /// The same as JSON.
    pub json: String,
}

/// Something to choose.
pub struct Choice {
    /// Its value in the address.
    pub value: String,
    /// What it is called.
    pub label: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// How many candidates it alone would show.
    pub count: usize,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A candidate's row.
pub struct RowView {
    /// The name.
    pub name: String,
    /// Where the name leads, if anywhere.
    pub href: Option<String>,
    /// The dossier.
    pub dossier: Uuid,
    /// Whether the evidence is complete.
    pub complete: bool,
    /// A cell for each column; none for a capability that isn't in the candidate's guide.
    pub cells: Vec<Option<Cell>>,
}

/// One capability of a candidate.
pub struct Cell {
    /// The capability.
    pub capability: &'static Capability,
    /// The state, as the style sheet knows it.
    pub state: State,
    /// The state in words.
    pub word: &'static str,
    /// Months shown of the window, in words; empty when there are none to speak of.
    pub months: String,
    /// The kinds of gaps in words.
    pub gaps: String,
    /// The day since which it waits for the CTO, in words.
    pub waiting: Option<String>,
}

/// A link to a page of the list, or the dots between two of them.
pub struct PageLink {
    /// The page's number; none for dots.
    pub number: Option<usize>,
    /// Its address.
    pub href: String,
    /// Whether it is the page shown.
    pub current: bool,
}

impl From<&Board> for List {
    fn from(board: &Board) -> Self {
        let (path, selection) = (board.audience.path(), &board.selection);
        let filter = &selection.filter;
        let document = board.document();
        let number = document.candidates.len();
        let first = if number == 0 { 0 } else { selection.skipped() + 1 };
        let unpaged = selection.with(|s| s.per_page = None);
        let links_to_dossiers = board.audience == Audience::Cto;
        List {
            path,
            any_day: true,
            q: filter.q.clone().unwrap_or_default(),
            day: selection.as_of.map(|day| day.to_string()).unwrap_or_default(),
            as_of: crate::web::words::day(&document.as_of),
            lens: document.lens,
            evidence: words::lens(document.lens),
            gaps: gap_choices(&document, &filter.gaps),
            all: filter.matching == Match::All,
            kinds: kind_choices(&document, &filter.kinds),
            states: choices(State::VARIANTS, words::state, |state| filter.state == Some(state)),
            lenses: lens_choices(document.lens),
            per_page: selection.per_page,
            chips: selection.chips(path, board.audience.lens()),
            whole: board.whole.rows.len(),
            total: document.total,
            range: (first, selection.skipped().saturating_add(number)),
            rows: {
                let row = |candidate| RowView::new(candidate, document.columns, links_to_dossiers);
                document.candidates.iter().map(row).collect()
            },
            capabilities: document.columns.to_vec(),
            pages: page_links(board),
            first_page: selection.with(|_| ()).address(path),
            csv: unpaged.address(&format!("{path}.csv")),
            other_csv: {
                let (other, signs) = selection.separator.unwrap_or_default().other();
                (unpaged.with(|s| s.separator = Some(other)).address(&format!("{path}.csv")), signs)
            },
            separator: selection.separator,
            json: selection.address(&format!("{path}.json")),
        }
    }
}

impl List {
    /// Whether the filter leaves anybody out.
    pub fn is_filtered(&self) -> bool {
        !self.chips.is_empty()
    }
}

impl RowView {
    fn new(candidate: &Candidate<'_>, columns: &[&'static Capability], linked: bool) -> RowView {
        let cell = |column: &&'static Capability| Some(Cell::new(column, candidate.standing(column)?));
        RowView {
            name: candidate.name.to_owned(),
            href: linked.then(|| format!("/dossiers/{}/readiness", candidate.dossier)),
            dossier: candidate.dossier,
            complete: candidate.evidence_complete,
            cells: columns.iter().map(cell).collect(),
        }
    }
}

impl Cell {
    fn new(capability: &'static Capability, standing: &Standing) -> Cell {
        let months = match standing.state {
            State::None => String::new(),
            _ => format!("{} of {} months", standing.months, standing.window_months),
        };
        Cell {
            capability,
            state: standing.state,
            word: words::state(standing.state),
            months,
            gaps: words::gap_kinds(standing.gaps.iter().copied()),
            waiting: None,
        }
    }
}

fn gap_choices(document: &Document<'_>, chosen: &[String]) -> Vec<Choice> {
    let choice = |(capability, (id, count)): (&&'static Capability, &(String, usize))| Choice {
        value: id.clone(),
        label: &capability.name,
        meaning: "",
        count: *count,
        chosen: chosen.contains(id),
    };
    document.columns.iter().zip(&document.counts.gap).map(choice).collect()
}

fn kind_choices(document: &Document<'_>, chosen: &[GapKind]) -> Vec<Choice> {
    let choice = |(kind, count): &(GapKind, usize)| Choice {
        value: kind.to_string(),
        label: words::gap_kind(*kind),
        meaning: words::gap_meaning(*kind),
        count: *count,
        chosen: chosen.contains(kind),
    };
    document.counts.kind.iter().map(choice).collect()
}

/// The lenses to choose from.
pub fn lens_choices(chosen: Lens) -> Vec<Choice> {
    choices(Lens::VARIANTS, words::lens, |lens| lens == chosen)
}

fn choices<T: Copy + ToString>(
    all: &[T],
    label: impl Fn(T) -> &'static str,
    chosen: impl Fn(T) -> bool,
) -> Vec<Choice> {
    let choice = |value: T| Choice {
        value: value.to_string(),
        label: label(value),
        meaning: "",
        count: 0,
        chosen: chosen(value),
    };
    all.iter().copied().map(choice).collect()
}

/// The first and the last page and those around the present one, with dots where some are left out.
fn page_links(board: &Board) -> Vec<PageLink> {
    let selection = &board.selection;
    let last = board.shown.len().div_ceil(selection.per_page());
    if last < 2 {
        return Vec::new();
    }
    let current = selection.page();
    let near = current.saturating_sub(2)..=current.saturating_add(2);
    let mut links = Vec::new();
    let mut before = 0;
    for number in (1..=last).filter(|n| *n == 1 || *n == last || near.contains(n)) {
        if number > before + 1 {
            links.push(PageLink { number: None, href: String::new(), current: false });
        }
        let href = selection.with(|s| s.page = Some(number)).address(board.audience.path());
        links.push(PageLink { number: Some(number), href, current: number == current });
        before = number;
    }
    links
}
