//! The queue of answers by mail or link: whose they are said to be, by which way and when they came, and what is known of the
//! address. It tells nobody whose evidence an answer is on, which entry, or what it says.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::VouchForm;
use super::address;
use super::store::{self, VouchedAddress, Waiting};
use crate::accounts::Actor;
use crate::accounts::viewer;
use crate::db::{self, Tx};
use crate::error::{Error, FieldError, Result};
use crate::evidence::Via;
use crate::instance::Instance;
use crate::web::forms::Form;
use crate::web::paging::Paging;
use crate::web::path::Id;
use crate::web::query::Params;
use crate::web::{self, Chrome, words};

/// How many a page shows.
const PER_PAGE: usize = 50;
/// How much of what the viewer vouched for can be taken back here.
const LATELY: usize = 20;

#[derive(Template)]
#[template(path = "corroboration/vouching.html")]
struct QueuePage {
    chrome: Chrome,
    items: Vec<Item>,
    paging: Paging,
    /// The addresses and answers that the viewer vouched for lately.
    addresses: Vec<VouchedAddress>,
    lately: Vec<Item>,
    /// Whether the viewer has just vouched for one.
    vouched: bool,
    /// Whether they have just taken that back.
    taken_back: bool,
    faults: Vec<FieldError>,
}

/// An answer that waits.
struct Item {
    answer: Waiting,
    /// When it came, which tells two of one day apart.
    when: String,
    /// What is known of the address, a sentence each.
    known: Vec<String>,
}

impl Item {
    fn came(&self) -> String {
        let when = &self.when;
        match &self.answer.address {
            Some(address) => format!("By a letter to {address}, {when}"),
            None if self.answer.via == Via::Mail => format!("By a letter, {when}"),
            None => format!("By a link handed over, {when}"),
        }
    }
}

/// `GET /vouching`
pub async fn page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
) -> Result<Response> {
    let page = params.page();
    let vouched = params.number("vouched", 1, 1).is_some();
    let taken_back = params.number("taken_back", 1, 1).is_some();
    params.finish()?;
    web::page(&QueuePage { vouched, taken_back, ..gathered(&instance, &actor, chrome, page).await? })
}

/// `POST /vouching/{id}`
pub async fn vouch(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    Form(form): Form<VouchForm>,
) -> Result<Response> {
    match super::vouch(&instance, &actor, id, &form).await {
        Ok(()) => Ok(Redirect::to("/vouching?vouched=1").into_response()),
        Err(Error::Invalid(faults)) => {
            let page = gathered(&instance, &actor, chrome, 1).await?;
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &QueuePage { faults, ..page })
        }
        Err(error) => Err(error),
    }
}

/// `POST /vouching/{id}/withdrawal`
pub async fn take_back(State(instance): State<Instance>, actor: Actor, Id(id): Id) -> Result<Response> {
    super::take_back(&instance, &actor, id).await?;
    Ok(Redirect::to("/vouching?taken_back=1").into_response())
}

async fn gathered(instance: &Instance, actor: &Actor, chrome: Chrome, page: usize) -> Result<QueuePage> {
    let mut tx = instance.db.read().await?;
    let total = usize::try_from(waits(&mut tx, actor).await?).unwrap_or(usize::MAX);
    let paging = Paging::new("/vouching", &[], page, PER_PAGE, total);
    let answers = store::queue(&mut tx, viewer(actor), PER_PAGE, paging.skipped()).await?;
    let known = address::Known::load(&mut tx, instance, &answers).await?;
    let zone = actor.zone(instance);
    let item = |answer: Waiting, known: Vec<String>| {
        let when = answer.at.map_or_else(|| words::day(&answer.on_date), |at| words::moment(&at, zone));
        Item { answer, when, known }
    };
    let items = answers.into_iter().map(|answer| {
        let known = known.sentences(&answer);
        item(answer, known)
    });
    let lately = store::vouched(&mut tx, actor.account, actor.person, LATELY).await?;
    Ok(QueuePage {
        chrome,
        items: items.collect(),
        paging,
        addresses: store::addresses(&mut tx, actor.person, LATELY).await?,
        lately: lately.into_iter().map(|answer| item(answer, Vec::new())).collect(),
        vouched: false,
        taken_back: false,
        faults: Vec::new(),
    })
}

/// How much waits for a voucher, for the page where they arrive and for the navigation.
pub async fn waits(tx: &mut Tx, actor: &Actor) -> db::Result<u64> {
    store::number(tx, viewer(actor)).await
}
