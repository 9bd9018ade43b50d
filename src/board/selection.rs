//! What an address chooses: the filter, the day, the lens and the page; and addresses that choose a little else.

use chrono::NaiveDate;

use super::filter::{Filter, Match};
use super::{guides, words};
use crate::accounts::{Actor, Role};
use crate::error::{Error, FieldError, Result};
use crate::readiness::Lens;
use crate::web::csv::Separator;
use crate::web::query::Params;

/// Rows on a page, unless the address says otherwise.
const PER_PAGE: usize = 50;
/// Rows on a page at most.
const MOST_PER_PAGE: usize = 200;

/// What the address of a board chooses. What it leaves out is `None`, so that links can leave it out too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Who is shown.
    pub filter: Filter,
    /// The day; today if left out.
    pub as_of: Option<NaiveDate>,
    /// Which entries count; each board has a default.
    pub lens: Option<Lens>,
    /// The page, from 1.
    pub page: Option<usize>,
    /// Rows on a page.
    pub per_page: Option<usize>,
    /// What stands between the cells of the CSV.
    pub separator: Option<Separator>,
}

/// The day that somebody may look at on the committee's board and beside each other. A CTO looks at any: they know the dates of
/// leave. A member looks at today alone; cut-off dates once there are cycles: states that lapse, or months that stand still,
/// over a series of days would tell when somebody was away. So an address that a member keeps names no day.
///
/// # Errors
/// [`Error::Invalid`] names `as_of`.
pub fn day_for(actor: &Actor, asked: Option<NaiveDate>, today: NaiveDate) -> Result<Option<NaiveDate>> {
    if actor.is(Role::Cto) {
        return Ok(asked);
    }
    match asked {
        Some(day) if day != today => {
            let message = format!(
                "The committee sees how far evidence carries today. Leave as_of out, or write {today}; a CTO sees other days."
            );
            Err(Error::Invalid(vec![FieldError::new("as_of", message)]))
        }
        _ => Ok(None),
    }
}

/// A chosen filter, with the address that no longer chooses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    /// What it says.
    pub label: String,
    /// The address without it.
    pub href: String,
}

impl Selection {
    /// Reads the parameters of an address.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`] naming all that are unknown or malformed.
    pub fn read(mut params: Params) -> Result<Selection> {
        let capabilities = guides::known();
        let place = |id: &str| capabilities.iter().position(|capability| capability.id == id);
        let mut gaps = Vec::new();
        for id in params.many("gap") {
            if place(&id).is_none() {
                let known: Vec<&str> = capabilities.iter().map(|c| c.id.as_str()).collect();
                let shown: String = id.chars().take(60).collect();
                params.fault("gap", format!("“{shown}” is none of {}.", known.join(", ")));
            } else if !gaps.contains(&id) {
                gaps.push(id);
            }
        }
        gaps.sort_by_key(|id| place(id));
        let mut kinds = params.words("kind");
        kinds.sort_unstable();
        kinds.dedup();
        let filter = Filter {
            gaps,
            kinds,
            matching: params.word("match").unwrap_or_default(),
            state: params.word("state"),
            q: params.one("q").filter(|q| !q.is_empty()),
        };
        let selection = Selection {
            filter,
            as_of: params.date("as_of"),
            lens: params.word("lens"),
            page: params.number("page", 1, usize::MAX),
            per_page: params.number("per_page", 1, MOST_PER_PAGE),
            separator: params.word("separator"),
        };
        params.finish()?;
        Ok(selection)
    }

    /// The page, from 1.
    pub fn page(&self) -> usize {
        self.page.unwrap_or(1)
    }

    /// Rows on a page.
    pub fn per_page(&self) -> usize {
        self.per_page.unwrap_or(PER_PAGE)
    }

    /// How many rows stand before the page.
    pub fn skipped(&self) -> usize {
        (self.page() - 1).saturating_mul(self.per_page())
    }

    /// The address of a path with this selection.
    pub fn address(&self, path: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for id in &self.filter.gaps {
            query.append_pair("gap", id);
        }
        if !self.filter.kinds.is_empty() {
            let kinds: Vec<&str> = self.filter.kinds.iter().map(Into::into).collect();
            query.append_pair("kind", &kinds.join(","));
        }
        if self.filter.matching == Match::All {
            query.append_pair("match", "all");
        }
        if let Some(state) = self.filter.state {
            query.append_pair("state", state.into());
        }
        if let Some(q) = &self.filter.q {
            query.append_pair("q", q);
        }
        if let Some(as_of) = self.as_of {
            query.append_pair("as_of", &as_of.to_string());
        }
        if let Some(lens) = self.lens {
            query.append_pair("lens", lens.into());
        }
        if let Some(page) = self.page.filter(|page| *page > 1) {
            query.append_pair("page", &page.to_string());
        }
        if let Some(per_page) = self.per_page {
            query.append_pair("per_page", &per_page.to_string());
        }
        if let Some(separator) = self.separator {
            query.append_pair("separator", &separator.to_string());
        }
        match query.finish() {
            query if query.is_empty() => path.to_owned(),
            // A comma is a comma in a query; it reads better than its code.
            query => format!("{path}?{}", query.replace("%2C", ",")),
        }
    }

    /// The same with a change, from the first page on.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Selection)) -> Selection {
        let mut changed = Selection { page: None, ..self.clone() };
        change(&mut changed);
        changed
    }

    /// Each chosen filter with the address that leaves it out.
    pub fn chips(&self, path: &str, default_lens: Lens) -> Vec<Chip> {
        let mut chips = Vec::new();
        let mut add = |label: String, without: Selection| {
            chips.push(Chip { label, href: without.address(path) });
        };
        if let Some(q) = &self.filter.q {
            add(format!("Name: {q}"), self.with(|s| s.filter.q = None));
        }
        for capability in guides::known().iter().filter(|c| self.filter.gaps.contains(&c.id)) {
            let without = self.with(|s| s.filter.gaps.retain(|id| *id != capability.id));
            add(format!("Gap in {}", words::within(&capability.name)), without);
        }
        if self.filter.matching == Match::All && self.filter.gaps.len() > 1 {
            add("All of these gaps".into(), self.with(|s| s.filter.matching = Match::Any));
        }
        for kind in &self.filter.kinds {
            add(words::gap_kind(*kind).into(), self.with(|s| s.filter.kinds.retain(|k| k != kind)));
        }
        if let Some(state) = self.filter.state {
            let label = format!("State {} or below", words::within(words::state(state)));
            add(label, self.with(|s| s.filter.state = None));
        }
        if let Some(as_of) = self.as_of {
            add(format!("As of {}", crate::web::words::day(&as_of)), self.with(|s| s.as_of = None));
        }
        if let Some(lens) = self.lens.filter(|lens| *lens != default_lens) {
            add(words::lens(lens).into(), self.with(|s| s.lens = None));
        }
        chips
    }
}

#[cfg(test)]
mod tests {
    use super::Selection;
    use crate::error::Error;
    use crate::readiness::Lens;
    use crate::web::csv::Separator;
    use crate::web::query::Params;

    fn read(query: &str) -> Result<Selection, Vec<String>> {
        match Selection::read(Params::parse(query).expect("text")) {
            Ok(selection) => Ok(selection),
            Err(Error::Invalid(faults)) => {
                Err(faults.into_iter().map(|fault| fault.field.to_string()).collect())
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn every_parameter_is_named_when_it_is_malformed() {
        for bad in [
            "gap=external",
            "kind=silent",
            "match=some",
            "state=great",
            "as_of=2026-02-30",
            "lens=none",
            "page=0",
            "page=x",
            "per_page=0",
            "per_page=201",
            "separator=tab",
            "separator=;",
            "order=state",
            "q=a&q=b",
        ] {
            let name = bad.split('=').next().expect("a name");
            assert_eq!(read(bad), Err(vec![name.to_owned()]), "{bad}");
        }
    }

    #[test]
    fn an_address_read_and_written_chooses_the_same() {
        let query = "gap=cross-domain-leadership&gap=external-presence&kind=lapsed,short&match=all\
                     &state=developing&q=Zo%C3%AB&as_of=2026-03-01&lens=all&page=2&per_page=10&separator=semicolon";
        let selection = read(query).expect("well formed");
        assert_eq!(selection.address("/committee"), format!("/committee?{query}"));
        assert_eq!(read("").expect("empty").address("/committee"), "/committee");
        let repeated = read("kind=short&kind=lapsed,short&gap=external-presence&gap=external-presence");
        assert_eq!(
            repeated.expect("well formed").address("/x"),
            "/x?gap=external-presence&kind=lapsed,short"
        );
    }

    #[test]
    fn each_chip_leaves_out_itself_alone() {
        let selection =
            read("gap=external-presence&kind=lapsed&state=developing&q=ada&lens=all&page=3&separator=comma")
                .expect("well formed");
        let chips = selection.chips("/committee", Lens::Confirmed);
        assert_eq!(chips.len(), 5);
        for chip in &chips {
            let query = chip.href.strip_prefix("/committee?").expect("something is left");
            let left = read(query).expect("well formed");
            assert_eq!((left.page, left.separator), (None, Some(Separator::Comma)));
            assert_eq!(left.chips("/committee", Lens::Confirmed).len(), 4, "{}", chip.label);
        }
    }

    #[test]
    fn far_pages_are_reckoned_without_overflow() {
        let selection = read(&format!("page={}&per_page=200", usize::MAX)).expect("well formed");
        assert_eq!(selection.skipped(), usize::MAX);
    }
}
