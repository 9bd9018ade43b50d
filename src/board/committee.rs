//! The committee's board: `/committee`, and the same as JSON and CSV.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::audience::Audience;
use super::list::List;
use super::selection::{Selection, day_for};
use super::shown::Board;
use crate::accounts::{Actor, Role};
use crate::error::Result;
use crate::evidence::recusals::{NoPart, Place};
use crate::instance::Instance;
use crate::web::query::Params;
use crate::web::{self, Chrome};

#[derive(Template)]
#[template(path = "board/committee.html")]
struct BoardPage {
    chrome: Chrome,
    list: List,
    /// The cases in which the member has no part.
    no_part: NoPart,
}

async fn load(instance: &Instance, actor: &Actor, params: Params) -> Result<Board> {
    let selection = Selection::read(params)?;
    let as_of = day_for(actor, selection.as_of, instance.today())?;
    let selection = Selection { as_of, ..selection };
    Board::load(instance, actor, Audience::Committee, selection).await
}

/// `GET /committee`
pub async fn page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    params: Params,
) -> Result<Response> {
    let board = load(&instance, &actor, params).await?;
    let no_part = NoPart::load(&mut instance.db.read_autocommit().await?, &actor, Place::Board).await?;
    let list = List { any_day: actor.is(Role::Cto), ..List::from(&board) };
    web::page(&BoardPage { chrome, list, no_part })
}

/// `GET /committee.json`
pub async fn json(State(instance): State<Instance>, actor: Actor, params: Params) -> Result<Response> {
    Ok(load(&instance, &actor, params).await?.document().json())
}

/// `GET /committee.csv`
pub async fn csv(State(instance): State<Instance>, actor: Actor, params: Params) -> Result<Response> {
    load(&instance, &actor, params).await?.csv()
}
