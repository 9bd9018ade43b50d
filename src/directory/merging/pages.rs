//! The admin's pages: who is perhaps one person, the two side by side before they are merged, and what was merged.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::choice::Everybody;
use super::view::{Side, place, side};
use super::{actions, store};
use crate::accounts::Actor;
use crate::accounts::viewer;
use crate::error::{Error, Faults, FieldError, Result};
use crate::instance::Instance;
use crate::people;
use crate::web::forms::Form;
use crate::web::path::{self, Id};
use crate::web::query::{NoParams, Params};
use crate::web::{self, Chrome, words};

/// Pairs on the page; there are rarely any.
const MOST_PAIRS: usize = 100;
/// Beyond so many a browser's suggestions help nobody; any name can be typed.
const MOST_SUGGESTIONS: usize = 300;

#[derive(Template)]
#[template(path = "admin/people.html")]
struct PeoplePage {
    chrome: Chrome,
    pairs: Vec<Pair>,
    /// How many more there are.
    more: usize,
    merges: Vec<MergeRow>,
    handles: Vec<String>,
    keep: String,
    merge: String,
    faults: Vec<FieldError>,
}

/// Two who are perhaps one.
struct Pair {
    one: Uuid,
    other: Uuid,
    name: String,
    about: [String; 2],
}

struct MergeRow {
    id: Uuid,
    survivor: Uuid,
    survivor_name: String,
    merged_name: String,
    when: String,
}

#[derive(Template)]
#[template(path = "admin/merge.html")]
struct CheckPage {
    chrome: Chrome,
    keep: Side,
    merge: Side,
    /// Why it can't be done.
    obstacle: Option<&'static str>,
}

impl CheckPage {
    /// Both, and whether each stays.
    fn sides(&self) -> [(&Side, bool); 2] {
        [(&self.keep, true), (&self.merge, false)]
    }
}

/// `GET /admin/people`
pub async fn people_page(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    _: NoParams,
) -> Result<Response> {
    web::page(&overview(&instance, chrome, &actor).await?)
}

async fn overview(instance: &Instance, chrome: Chrome, actor: &Actor) -> Result<PeoplePage> {
    let mut tx = instance.db.read().await?;
    let everybody = Everybody::new(people::store::known(&mut tx, viewer(actor), None).await?);
    let told_apart = store::told_apart(&mut tx).await?;
    let found = everybody.perhaps_one(&told_apart);
    let more = found.len().saturating_sub(MOST_PAIRS);
    let mut pairs = Vec::new();
    for (one, other) in found.into_iter().take(MOST_PAIRS) {
        let mut about = [String::new(), String::new()];
        for (text, person) in about.iter_mut().zip([one, other]) {
            let side = side(&mut tx, actor, person.id, instance.today()).await?;
            let account = side.email.map(|email| format!("signs in as {email}"));
            let added = side.by_candidate.then(|| "added by a candidate".to_owned());
            let parts: Vec<String> = [Some(place(person)), Some(side.now), account, added]
                .into_iter()
                .flatten()
                .filter(|part| !part.is_empty())
                .collect();
            *text = parts.join(", ");
        }
        pairs.push(Pair { one: one.id, other: other.id, name: one.name.clone(), about });
    }
    let mut merges = Vec::new();
    for merge in store::holding(&mut tx).await? {
        let zone = actor.zone(instance);
        merges.push(MergeRow {
            id: merge.id,
            survivor: merge.survivor,
            survivor_name: people::store::name(&mut tx, merge.survivor).await?,
            merged_name: people::store::name(&mut tx, merge.merged).await?,
            when: words::moment(&merge.merged_at, zone),
        });
    }
    let handles =
        everybody.people.iter().take(MOST_SUGGESTIONS).map(|person| everybody.handle(person)).collect();
    Ok(PeoplePage {
        chrome,
        pairs,
        more,
        merges,
        handles,
        keep: String::new(),
        merge: String::new(),
        faults: Vec::new(),
    })
}

/// `GET /admin/people/merge`: the two side by side, or the form that asks for them.
pub async fn check_page(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    mut params: Params,
) -> Result<Response> {
    let keep = params.one("keep").unwrap_or_default();
    let merge = params.one("merge").unwrap_or_default();
    params.finish()?;
    check(&instance, chrome, &actor, keep, merge, Vec::new()).await
}

async fn check(
    instance: &Instance,
    chrome: Chrome,
    actor: &Actor,
    keep: String,
    merge: String,
    faults: Vec<FieldError>,
) -> Result<Response> {
    let mut tx = instance.db.read().await?;
    let everybody = Everybody::new(people::store::known(&mut tx, viewer(actor), None).await?);
    let mut faults = Faults(faults);
    let mut find = |field: &'static str, typed: &str| {
        // Left empty, it is still to be typed.
        if typed.is_empty() {
            None
        } else {
            faults.take(field, everybody.find(typed)).map(|person| person.id)
        }
    };
    let found = (find("keep", &keep), find("merge", &merge));
    if let (Some(keep), Some(merge)) = found
        && faults.0.is_empty()
        && keep != merge
    {
        let obstacle = actions::obstacle(&mut tx, actor, keep, merge).await?;
        let today = instance.today();
        let keep = side(&mut tx, actor, keep, today).await?;
        let merge = side(&mut tx, actor, merge, today).await?;
        return web::page(&CheckPage { chrome, keep, merge, obstacle });
    }
    if found.0.is_some() && found.0 == found.1 {
        faults.add("merge", "This is one person already. Choose two.");
    }
    drop(tx);
    let shown = |id: Option<Uuid>, typed: String| id.map_or(typed, |id| everybody.handle_of(id));
    let mut page = overview(instance, chrome, actor).await?;
    (page.keep, page.merge) = (shown(found.0, keep), shown(found.1, merge));
    let status = if faults.0.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page.faults = faults.0;
    web::page_with(status, &page)
}

/// The two people of a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct MergeForm {
    keep: String,
    merge: String,
}

/// `POST /admin/people/merges`
pub async fn merge(
    State(instance): State<Instance>,
    chrome: Chrome,
    actor: Actor,
    Form(form): Form<MergeForm>,
) -> Result<Response> {
    let (Ok(keep), Ok(other)) = (path::id(&form.keep), path::id(&form.merge)) else {
        let message = "Choose two people.";
        let faults = vec![FieldError::new("keep", message)];
        return check(&instance, chrome, &actor, String::new(), String::new(), faults).await;
    };
    match actions::merge(&instance, &actor, keep, other).await {
        Ok(_) => Ok(Redirect::to("/admin/people#merges").into_response()),
        Err(Error::Invalid(faults)) => {
            check(&instance, chrome, &actor, String::new(), String::new(), faults).await
        }
        Err(error) => Err(error),
    }
}

/// `POST /admin/people/merges/{id}/reversal`
pub async fn undo(State(instance): State<Instance>, actor: Actor, Id(id): Id) -> Result<Redirect> {
    actions::undo(&instance, &actor, id).await?;
    Ok(Redirect::to("/admin/people"))
}

/// Two namesakes of a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NamesakesForm {
    one: String,
    other: String,
}

/// `POST /admin/people/namesakes`: that two are two.
pub async fn tell_apart(
    State(instance): State<Instance>,
    actor: Actor,
    Form(form): Form<NamesakesForm>,
) -> Result<Redirect> {
    actions::tell_apart(&instance, &actor, path::id(&form.one)?, path::id(&form.other)?).await?;
    Ok(Redirect::to("/admin/people"))
}
