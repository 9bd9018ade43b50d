//! What names somebody, for them; and what those whom an entry names know, for its owner.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::named::{self, Naming, Told};
use crate::accounts::policy::Act;
use crate::accounts::{Actor, Role};
use crate::db::Tx;
use crate::error::{Error, FieldError, Result};
use crate::evidence::{Entry, NamedPerson, actions, words};
use crate::instance::Instance;
use crate::web::forms::Form;
use crate::web::path::{Id, Text};
use crate::web::query::{NoParams, Params};
use crate::web::{self, Chrome};

/// Up to so many, each asks at once; of more, each is opened by whom it concerns.
const FEW: usize = 5;

#[derive(Template)]
#[template(path = "corroboration/named.html")]
struct OwnPage {
    chrome: Chrome,
    namings: Vec<Named>,
    /// Whether an answer was just kept.
    kept: bool,
    faults: Vec<FieldError>,
}

/// A naming, with the id that a notice's link ends in.
struct Named {
    naming: Naming,
    anchor: Option<Uuid>,
    when: String,
    chosen: String,
}

/// The answer that was chosen.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct NamedForm {
    #[serde(default)]
    answer: String,
}

/// `GET /named`
pub async fn own(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
) -> Result<Response> {
    let kept = params.number("kept", 1, 1).is_some();
    params.finish()?;
    let mut tx = instance.db.read().await?;
    let namings = gathered(&mut tx, &actor).await?;
    web::page(&OwnPage { chrome, namings, kept, faults: Vec::new() })
}

/// `POST /named/{id}`: what the actor says of being named in an entry.
pub async fn answer(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(entry): Id,
    Form(form): Form<NamedForm>,
) -> Result<Response> {
    match named::answer(&instance, &actor, entry, &form.answer).await {
        Ok(naming) => Ok(Redirect::to(&format!("/named?kept=1#naming-{naming}")).into_response()),
        Err(Error::Invalid(faults)) => {
            let mut tx = instance.db.read().await?;
            let namings = gathered(&mut tx, &actor).await?;
            // The page has a form for each entry.
            let of_entry =
                |fault: FieldError| FieldError::new(format!("{}-{entry}", fault.field), fault.message);
            let faults = faults.into_iter().map(of_entry).collect();
            let page = OwnPage { chrome, namings, kept: false, faults };
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error),
    }
}

async fn gathered(tx: &mut Tx, actor: &Actor) -> Result<Vec<Named>> {
    let namings = named::of_person(tx, actor.person, actor.is(Role::Cto), None).await?;
    let ids: Vec<(Uuid, Uuid)> =
        tx.query("select entry_id, id from namings where person_id = $1").bind(actor.person).all().await?;
    let anchor = |entry: Uuid| ids.iter().find(|(named_in, _)| *named_in == entry).map(|(_, id)| *id);
    Ok(namings
        .into_iter()
        .map(|naming| Named {
            anchor: anchor(naming.entry),
            when: naming.from.map(|from| words::date(from, naming.from_is_month)).unwrap_or_default(),
            chosen: naming.answer.map(|answer| answer.to_string()).unwrap_or_default(),
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
    let (_, entry) = actions::find(&mut tx, actor, id, Act::ChangeEntry).await?;
    let told = named::told(&mut tx, entry.id).await?;
    let of = |person: Uuid| told.iter().find(|told| told.person_id == person).cloned();
    let people = entry.people.iter().map(|person| (person.clone(), of(person.person))).collect();
    Ok(PeoplePage {
        chrome,
        people,
        entry,
        zone: instance.settings.zone,
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
