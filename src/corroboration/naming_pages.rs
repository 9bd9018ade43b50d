//! What names somebody, for them; and what those whom an entry names know, for its owner.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::links::Opener;
use super::named::{self, Naming, Told};
use crate::accounts::{Actor, Role};
use crate::db::Tx;
use crate::error::{Error, FieldError, Result};
use crate::evidence::{Entry, NamedAs, NamedPerson, actions, words};
use crate::instance::Instance;
use crate::policy::EntryAct;
use crate::web::forms::Form;
use crate::web::paging::Paging;
use crate::web::path::{Id, Text};
use crate::web::query::{NoParams, Params};
use crate::web::{self, Chrome};

/// How many a page shows.
const PER_PAGE: usize = 20;
/// Up to so many on a page, each asks at once; of more, each is opened by whom it concerns.
const FEW: usize = 5;

#[derive(Template)]
#[template(path = "corroboration/named.html")]
struct OwnPage {
    chrome: Chrome,
    namings: Vec<Named>,
    paging: Paging,
    /// How many wait for an answer, on all pages.
    unanswered: usize,
    /// The one that was just answered.
    kept: Option<Named>,
    /// Whether one was looked for that is not there any more.
    gone: bool,
    faults: Vec<FieldError>,
}

/// A naming, with the id that a notice's link ends in.
#[derive(Clone)]
struct Named {
    naming: Naming,
    anchor: Option<Uuid>,
    when: String,
    chosen: String,
    /// Whether it keeps somebody from the case who would have a part in it by a role.
    recuses: bool,
    /// Whether its question is open before anybody opens it.
    open: bool,
}

/// The answer that was chosen.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct NamedForm {
    #[serde(default)]
    answer: String,
}

/// Which part of the namings to show.
#[derive(Clone, Copy)]
enum Shown {
    Page(usize),
    /// The page with the naming of this id.
    Naming(Uuid),
    /// The page with this entry.
    Entry(Uuid),
}

/// `GET /named`
pub async fn own(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
) -> Result<Response> {
    let page = params.page();
    let naming = params.id("naming");
    let kept = params.id("kept");
    params.finish()?;
    let shown = naming.map_or(Shown::Page(page), Shown::Naming);
    let mut tx = instance.db.read().await?;
    web::page(&OwnPage::load(&mut tx, &actor, chrome, shown, kept).await?)
}

/// `POST /named/{id}`: what the actor says of being named in an entry.
pub async fn answer(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    opener: Opener,
    Id(entry): Id,
    Form(form): Form<NamedForm>,
) -> Result<Response> {
    match named::answer(&instance, &actor, &opener, entry, &form.answer).await {
        // What waits still stands first there.
        Ok(naming) => Ok(Redirect::to(&format!("/named?kept={naming}")).into_response()),
        Err(Error::Invalid(faults)) => {
            let mut tx = instance.db.read().await?;
            let mut page = OwnPage::load(&mut tx, &actor, chrome, Shown::Entry(entry), None).await?;
            // The page has a form for each entry.
            let of_entry =
                |fault: FieldError| FieldError::new(format!("{}-{entry}", fault.field), fault.message);
            page.faults = faults.into_iter().map(of_entry).collect();
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

impl OwnPage {
    async fn load(
        tx: &mut Tx,
        actor: &Actor,
        chrome: Chrome,
        shown: Shown,
        kept: Option<Uuid>,
    ) -> Result<OwnPage> {
        let mut all = gathered(tx, actor).await?;
        let kept = all.iter().find(|named| kept.is_some() && named.anchor == kept).cloned();
        let is_looked_for = |named: &Named| match shown {
            Shown::Page(_) => false,
            Shown::Naming(id) => named.anchor == Some(id),
            Shown::Entry(id) => named.naming.entry == id,
        };
        let found = all.iter().position(is_looked_for);
        let page = match shown {
            Shown::Page(page) => page,
            Shown::Naming(_) | Shown::Entry(_) => found.unwrap_or_default() / PER_PAGE + 1,
        };
        let paging = Paging::new("/named", &[], page, PER_PAGE, all.len());
        let unanswered = all.iter().filter(|named| named.naming.answer.is_none()).count();
        let place = found.map(|place| place - paging.skipped());
        let from = paging.skipped();
        let mut namings: Vec<Named> = all.drain(from..(from + PER_PAGE).min(all.len()).max(from)).collect();
        let few = namings.len() <= FEW;
        for (number, named) in namings.iter_mut().enumerate() {
            named.open = Some(number) == place || few && named.naming.answer.is_none();
        }
        let gone = found.is_none() && matches!(shown, Shown::Naming(_));
        Ok(OwnPage { chrome, namings, paging, unanswered, kept, gone, faults: Vec::new() })
    }
}

async fn gathered(tx: &mut Tx, actor: &Actor) -> Result<Vec<Named>> {
    let namings = named::of_person(tx, actor.person, actor.is(Role::Cto), None).await?;
    let ids: Vec<(Uuid, Uuid)> =
        tx.query("select entry_id, id from namings where person_id = $1").bind(actor.person).all().await?;
    let anchors: HashMap<Uuid, Uuid> = ids.into_iter().collect();
    Ok(namings
        .into_iter()
        .map(|naming| Named {
            anchor: anchors.get(&naming.entry).copied(),
            when: naming.from.map(|from| words::date(from, naming.from_is_month)).unwrap_or_default(),
            chosen: naming.answer.map(|answer| answer.to_string()).unwrap_or_default(),
            recuses: (actor.is(Role::Cto) || actor.is(Role::Committee))
                && naming.parts.contains(&NamedAs::Developed),
            open: false,
            naming,
        })
        .collect())
}

#[derive(Template)]
#[template(path = "corroboration/people.html")]
struct PeoplePage {
    chrome: Chrome,
    entry: Entry,
    people: Vec<(NamedPerson, Option<Told>)>,
    zone: chrono_tz::Tz,
    /// The link that was just made, and for whom.
    link: Option<(String, String)>,
    email: String,
    person: String,
    faults: Vec<FieldError>,
}

impl PeoplePage {
    /// Those without an account, whom a link can be written to; each once.
    fn reachable(&self) -> Vec<&NamedPerson> {
        let without = |told: &Option<Told>| told.as_ref().is_some_and(|told| !told.account);
        let mut people: Vec<&NamedPerson> =
            self.people.iter().filter(|(_, told)| without(told)).map(|(person, _)| person).collect();
        people.dedup_by_key(|person| person.person);
        people
    }
}

/// `GET /evidence/{id}/named`
pub async fn people(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    _: NoParams,
    Text(id): Text,
) -> Result<Response> {
    web::page(&listed(&instance, &actor, chrome, &id).await?)
}

async fn listed(instance: &Instance, actor: &Actor, chrome: Chrome, id: &str) -> Result<PeoplePage> {
    let mut tx = instance.db.read().await?;
    let (_, entry) = actions::find(&mut tx, actor, id, EntryAct::Change).await?;
    let told = named::told(&mut tx, entry.id).await?;
    let of = |person: Uuid| told.iter().find(|told| told.person_id == person).cloned();
    let people = entry.people.iter().map(|person| (person.clone(), of(person.person))).collect();
    Ok(PeoplePage {
        chrome,
        people,
        entry,
        zone: actor.zone(instance),
        link: None,
        email: String::new(),
        person: String::new(),
        faults: Vec::new(),
    })
}

/// Whom to write to.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct WriteForm {
    #[serde(default)]
    person: String,
    #[serde(default)]
    email: String,
}

/// `POST /evidence/{id}/named`: makes a link for somebody without an account, mails it where there is an address, and
/// shows it this once.
pub async fn write(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Text(id): Text,
    Form(form): Form<WriteForm>,
) -> Result<Response> {
    match named::write(&instance, &actor, &id, &form.person, &form.email).await {
        Ok(link) => {
            let page = listed(&instance, &actor, chrome, &id).await?;
            web::page(&PeoplePage { link: Some(link), ..page })
        }
        Err(Error::Invalid(faults)) => {
            let page = listed(&instance, &actor, chrome, &id).await?;
            let page = PeoplePage { faults, email: form.email, person: form.person, ..page };
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}
