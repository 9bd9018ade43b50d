//! The list of one's evidence.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use strum::VariantArray;

use super::list::{self, Filter, Line, Lines};
use crate::accounts::Actor;
use crate::error::Result;
use crate::evidence::Status;
use crate::evidence::dossiers::Own;
use crate::framework::Framework;
use crate::instance::Instance;
use crate::web::query::Params;
use crate::web::{self, Chrome, words};

/// Longest text that is searched for, in characters.
const LONGEST_QUERY: usize = 200;

#[derive(Template)]
#[template(path = "journal/list.html")]
struct ListPage<'l> {
    chrome: Chrome,
    framework: &'static Framework,
    filter: Filter,
    /// Every line, with its counts.
    every: &'l Lines,
    /// How many match.
    total: usize,
    /// This page's.
    lines: Vec<&'l Line>,
    chosen: Vec<Chosen>,
    page: usize,
}

/// A chosen filter as a link that removes it.
struct Chosen {
    label: String,
    href: String,
}

impl ListPage<'_> {
    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn statuses(&self) -> &'static [Status] {
        Status::VARIANTS
    }

    fn all(&self) -> usize {
        self.every.all.len()
    }

    fn drafts(&self) -> usize {
        self.count_of(&Status::Draft)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand their fields over by reference")]
    fn count_of(&self, status: &Status) -> usize {
        self.every.counts.status.get(status).copied().unwrap_or_default()
    }

    fn count_for(&self, capability: &str) -> usize {
        self.every.counts.capability.get(capability).copied().unwrap_or_default()
    }

    fn is_chosen(&self, capability: &str) -> bool {
        self.filter.capabilities.iter().any(|chosen| chosen == capability)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand their fields over by reference")]
    fn has_status(&self, status: &Status) -> bool {
        self.filter.status == Some(*status)
    }

    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn entries(&self, number: usize) -> String {
        words::count(u64::try_from(number).unwrap_or_default(), "entry", "entries")
    }

    fn shown(&self) -> String {
        let first = (self.page - 1) * list::PER_PAGE;
        format!("{}–{} of {}", first + 1, first + self.lines.len(), self.total)
    }

    fn has_next(&self) -> bool {
        self.total > self.page.saturating_mul(list::PER_PAGE)
    }

    fn page_link(&self, page: usize) -> String {
        address(&self.filter, page)
    }
}

/// The list's address with these filters.
fn address(filter: &Filter, page: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(q) = &filter.q {
        query.append_pair("q", q);
    }
    for capability in &filter.capabilities {
        query.append_pair("capability", capability);
    }
    if let Some(status) = filter.status {
        query.append_pair("status", status.into());
    }
    for (name, date) in [("from", filter.from), ("to", filter.to)] {
        if let Some(date) = date {
            query.append_pair(name, &date.to_string());
        }
    }
    if page > 1 {
        query.append_pair("page", &page.to_string());
    }
    let query = query.finish();
    if query.is_empty() { "/evidence".into() } else { format!("/evidence?{query}") }
}

fn chosen(filter: &Filter, framework: &Framework) -> Vec<Chosen> {
    let mut chosen = Vec::new();
    let mut add = |label: String, rest: Filter| chosen.push(Chosen { label, href: address(&rest, 1) });
    if let Some(q) = &filter.q {
        add(format!("“{q}”"), Filter { q: None, ..filter.clone() });
    }
    for id in &filter.capabilities {
        let mut rest = filter.clone();
        rest.capabilities.retain(|other| other != id);
        add(framework.capability(id).map_or_else(|| id.clone(), |found| found.name.clone()), rest);
    }
    if let Some(status) = filter.status {
        add(status.title().into(), Filter { status: None, ..filter.clone() });
    }
    if let Some(from) = filter.from {
        add(format!("From {}", words::day(&from)), Filter { from: None, ..filter.clone() });
    }
    if let Some(to) = filter.to {
        add(format!("To {}", words::day(&to)), Filter { to: None, ..filter.clone() });
    }
    chosen
}

/// `GET /evidence`
pub async fn page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    own: Own,
    mut params: Params,
) -> Result<Response> {
    let found = own.opened(&instance, &actor).await?;
    let framework = found.framework()?;
    let mut filter = Filter {
        q: params.one("q"),
        capabilities: params.many("capability"),
        status: params.word("status"),
        from: params.date("from"),
        to: params.date("to"),
    };
    let page = params.page();
    if filter.q.as_ref().is_some_and(|q| q.chars().count() > LONGEST_QUERY) {
        params.fault("q", format!("Search for at most {LONGEST_QUERY} characters."));
    }
    if filter.capabilities.iter().any(|id| framework.capability(id).is_none()) {
        let known: Vec<&str> =
            framework.capabilities.iter().map(|capability| capability.id.as_str()).collect();
        params.fault("capability", format!("Choose among {}.", known.join(", ")));
    }
    params.finish()?;
    filter.capabilities.sort_by_key(|id| framework.capability_index(id));
    filter.capabilities.dedup();
    let every = Lines::of_own(&instance, &actor, &found).await?;
    let list::Page { lines, total } = every.page(&filter, page);
    let chosen = chosen(&filter, framework);
    web::page(&ListPage { chrome, framework, filter, every: &every, total, lines, chosen, page })
}

#[cfg(test)]
mod tests {
    use super::address;
    use crate::evidence::Status;
    use crate::journal::list::Filter;

    #[test]
    fn the_address_holds_every_filter() {
        assert_eq!(address(&Filter::default(), 1), "/evidence");
        let filter = Filter {
            q: Some("a b".into()),
            capabilities: vec!["cto-partnership".into()],
            status: Some(Status::Draft),
            from: "2026-01-02".parse().ok(),
            to: None,
        };
        let all = "/evidence?q=a+b&capability=cto-partnership&status=draft&from=2026-01-02&page=2";
        assert_eq!(address(&filter, 2), all);
    }
}
