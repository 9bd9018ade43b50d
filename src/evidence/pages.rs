//! The list of one's evidence, and the page of an entry.

use askama::Template;
use axum::extract::State;
use axum::response::{Redirect, Response};
use strum::VariantArray;

use super::dossiers::{Dossier, Own};
use super::forms::UpdateForm;
use super::list::{self, Filter, Line, Lines};
use super::remarks::Remarks;
use super::voices::Voices;
use super::{
    Aim, Audience, Content, Entry, NamedAs, Sharing, Status, Update, actions, revisions, updates,
    words as named,
};
use crate::accounts::Actor;
use crate::error::{FieldError, Result};
use crate::framework::Framework;
use crate::instance::Instance;
use crate::policy::EntryAct;
use crate::web::forms::{self, Form};
use crate::web::path::Text;
use crate::web::prose::{self, Part, Prose};
use crate::web::query::Params;
use crate::web::{self, Chrome, words};

/// Longest text that is searched for, in characters.
const LONGEST_QUERY: usize = 200;

/// How many characters of a link are shown.
const LONGEST_SHOWN: usize = 200;

#[derive(Template)]
#[template(path = "evidence/list.html")]
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

/// The capabilities of an entry, in the guide's order, with their names.
fn tags(framework: &'static Framework, ids: &[String]) -> Vec<(&'static str, &'static str)> {
    let tagged = framework.capabilities.iter().filter(|capability| ids.contains(&capability.id));
    tagged.map(|capability| (capability.id.as_str(), capability.name.as_str())).collect()
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
pub async fn list_page(
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

#[derive(Template)]
#[template(path = "evidence/detail.html")]
struct DetailPage {
    chrome: Chrome,
    framework: &'static Framework,
    dossier: Dossier,
    owner: bool,
    entry: Entry,
    voices: Voices,
    remarks: Remarks,
    revisions: i64,
    update: UpdateForm,
    faults: Vec<FieldError>,
    zone: chrono_tz::Tz,
    prose: Prose,
}

/// The narratives that are filled in, with their headings.
fn headings(content: &Content) -> Vec<(&'static str, &String)> {
    let all = [
        ("How things stood", &content.situation),
        ("What was done", &content.action),
        ("What came of it", &content.impact),
        ("What the own domain gave up", &content.domain_cost),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

impl DetailPage {
    fn capabilities(&self) -> Vec<(&'static str, &'static str)> {
        tags(self.framework, &self.entry.content.capabilities)
    }

    /// The criteria in words; one that the guide no longer holds stands as its id.
    fn criteria(&self) -> Vec<&str> {
        let text = |id| self.framework.criterion(id).map(|(_, criterion)| criterion.text.as_str());
        self.entry.content.criteria.iter().map(|id| text(id).unwrap_or(id)).collect()
    }

    /// The parts of the narratives on this page, with their headings.
    fn narratives(&self) -> Vec<(&'static str, &Part)> {
        let headings = headings(&self.entry.content);
        self.prose.of(0, headings.len()).map(|part| (headings[part.text].0, part)).collect()
    }

    /// Whether a part is the last of its text on this page: what is said about the text comes after it.
    fn ends(&self, part: &Part) -> bool {
        self.prose.parts.iter().rfind(|other| other.text == part.text) == Some(part)
    }

    /// The parts of the updates on this page.
    fn updates(&self) -> Vec<(&Update, &Part)> {
        let first = headings(&self.entry.content).len();
        let parts = self.prose.of(first, usize::MAX);
        parts.filter_map(|part| Some((self.entry.content.updates.get(part.text - first)?, part))).collect()
    }

    /// The smaller facts that are filled in.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let content = &self.entry.content;
        let mut facts = Vec::new();
        if let Some(scope) = content.scope {
            facts.push(("Reach", scope.title().to_owned()));
        }
        if let Some(conduct) = content.conduct {
            facts.push(("Done", conduct.title().to_owned()));
        }
        if let Some(setting) = content.setting {
            facts.push(("Setting", setting.title().to_owned()));
        }
        if let Some(years) = content.horizon_years {
            let years = words::count(u64::try_from(years).unwrap_or_default(), "year ahead", "years ahead");
            facts.push(("Horizon", years));
        }
        if content.for_cto {
            facts.push(("Stood in", "In the CTO’s place".to_owned()));
        }
        facts
    }

    /// With whom it is shared now, for its owner.
    fn shared_with(&self) -> &'static str {
        match (self.entry.status, self.dossier.sharing, self.entry.content.audience) {
            (Status::Draft, ..) => "You alone: it is a draft.",
            (Status::Withdrawn, ..) => "You alone: it was withdrawn, and counts no longer.",
            (Status::Final, ..) if self.dossier.aim == Aim::E1ByChoice => {
                "You alone: your journal is yours while you stay at E1 by choice."
            }
            (Status::Final, Sharing::Private, _) => "You alone: your dossier is private.",
            (Status::Final, Sharing::Sponsor | Sharing::Committee, Audience::Cto) => {
                "You and CTOs, except any who has no part in your case, and nobody else. It counts once a CTO confirms it."
            }
            (Status::Final, Sharing::Sponsor, Audience::Dossier) => {
                "You and CTOs, except any who has no part in your case."
            }
            (Status::Final, Sharing::Committee, Audience::Dossier) => {
                "You and CTOs, except any who has no part in your case. The committee’s board shows what your evidence adds up to, and no text."
            }
        }
    }

    /// Whether nothing is written but the title.
    fn is_bare(&self) -> bool {
        headings(&self.entry.content).is_empty()
    }

    /// A link as it is read: its beginning, where it is very long.
    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn read(&self, link: &str) -> String {
        let shown: String = link.chars().take(LONGEST_SHOWN).collect();
        if shown.len() < link.len() { shown + "…" } else { shown }
    }

    fn is(&self, status: &str) -> bool {
        <&str>::from(self.entry.status) == status
    }

    fn for_ctos_alone(&self) -> bool {
        self.entry.content.audience == Audience::Cto
    }

    fn has_fault(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.field == field)
    }

    fn recorded(&self) -> String {
        match self.entry.recorded_on {
            Some(day) => format!("Recorded {}", words::day(&day)),
            None => format!("Begun {}", words::moment(&self.entry.created_at, self.zone)),
        }
    }
}

/// Which page of each of an entry's lists is shown, from 1.
#[derive(Clone, Copy)]
struct At {
    prose: usize,
    voices: usize,
    remarks: usize,
}

impl At {
    const FIRST: At = At { prose: 1, voices: 1, remarks: 1 };
}

/// `GET /evidence/{id}`
pub async fn detail_page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
    Text(id): Text,
) -> Result<Response> {
    let at = At {
        prose: params.page(),
        voices: params.number("voices", 1, usize::MAX).unwrap_or(1),
        remarks: params.number("remarks", 1, usize::MAX).unwrap_or(1),
    };
    params.finish()?;
    let update = UpdateForm::on(actor.today(&instance));
    web::page(&detail(&instance, &actor, chrome, (&id, at), update, Vec::new()).await?)
}

async fn detail(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    (id, at): (&str, At),
    update: UpdateForm,
    faults: Vec<FieldError>,
) -> Result<DetailPage> {
    let mut tx = instance.db.read().await?;
    let (dossier, entry) = actions::find(&mut tx, actor, id, EntryAct::Read).await?;
    let owner = dossier.owner_account == actor.account;
    let by_choice = dossier.aim == Aim::E1ByChoice;
    let voices =
        Voices::load(&mut tx, &entry, owner, by_choice, instance.now(), instance.today(), at.voices).await?;
    let remarks = Remarks::of_entry(&mut tx, actor, owner, &entry, instance.today(), at.remarks).await?;
    let revisions = revisions::count(&mut tx, entry.id).await?;
    drop(tx);
    let framework = dossier.framework()?;
    let zone = actor.zone(instance);
    let texts = headings(&entry.content).into_iter().map(|(_, text)| text.clone());
    let texts = texts.chain(entry.content.updates.iter().map(|update| update.text.clone())).collect();
    let path = format!("/evidence/{}", entry.id);
    let prose = prose::page(instance, actor.account, texts, &path, at.prose).await?;
    let mut page = DetailPage {
        chrome,
        framework,
        dossier,
        owner,
        entry,
        voices,
        remarks,
        revisions,
        update,
        faults,
        zone,
        prose,
    };
    page.remarks.shown = page.narratives().into_iter().map(|(heading, _)| heading).collect();
    Ok(page)
}

/// `POST /evidence/{id}/updates`
pub async fn add_update(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Text(id): Text,
    Form(form): Form<UpdateForm>,
) -> Result<Response> {
    let outcome = updates::add(&instance, &actor, &id, &form.read()).await;
    let to = |id| format!("/evidence/{id}#updates");
    forms::done_or_again(outcome, to, |faults| {
        detail(&instance, &actor, chrome, (&id, At::FIRST), form, faults)
    })
    .await
}

/// `POST /evidence/{id}/withdrawal`
pub async fn withdraw(State(instance): State<Instance>, actor: Actor, Text(id): Text) -> Result<Redirect> {
    Ok(match actions::withdraw(&instance, &actor, &id).await? {
        Some(id) => Redirect::to(&format!("/evidence/{id}")),
        None => Redirect::to("/evidence"),
    })
}

/// `POST /evidence/{id}/duplicate`
pub async fn duplicate(State(instance): State<Instance>, actor: Actor, Text(id): Text) -> Result<Redirect> {
    let id = actions::duplicate(&instance, &actor, &id).await?;
    Ok(Redirect::to(&format!("/evidence/{id}/edit")))
}

#[cfg(test)]
mod tests {
    use super::address;
    use crate::evidence::{Status, list::Filter};

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
