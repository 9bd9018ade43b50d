//! The CTO's overview: what waits for them first, then everybody who shares a dossier with CTOs, by name; as page,
//! JSON and CSV.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use uuid::Uuid;

use super::audience::Audience;
use super::list::List;
use super::selection::Selection;
use super::shown::Board;
use super::waiting::{Matter, Waiting, waiting};
use super::words;
use crate::accounts::Actor;
use crate::cache::Kind;
use crate::corroboration;
use crate::dashboard::store;
use crate::db::{self, Tx, placeholders};
use crate::error::Result;
use crate::evidence::dossiers::Dossier;
use crate::evidence::recusals::{NoPart, Place};
use crate::evidence::visibility::{READS_ENTRY, Viewer};
use crate::framework::Framework;
use crate::instance::Instance;
use crate::notices;
use crate::readiness::{Facts, IndexSet};
use crate::sitting::due::{Due, due};
use crate::web::query::Params;
use crate::web::{self, Chrome};

/// How many of the things that wait are shown.
const SHOWN: usize = 5;

#[derive(Template)]
#[template(path = "board/overview.html")]
struct OverviewPage {
    chrome: Chrome,
    list: List,
    waiting: Vec<WaitingView>,
    /// How many more things wait.
    more: usize,
    /// The cases in which the CTO has no part.
    no_part: NoPart,
    /// What is asked of the CTO as anybody may be.
    asked: notices::pages::Waiting,
    /// How many answers by mail or link wait until somebody vouches for them.
    vouching: u64,
}

/// Something that waits, as the page draws it.
struct WaitingView {
    href: String,
    title: String,
    why: String,
    since: String,
}

/// Something that waits in one of the dossiers.
struct Open<'a> {
    since: NaiveDate,
    dossier: &'a Dossier,
    matter: Matter,
}

/// `GET /dossiers`
pub async fn page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    params: Params,
) -> Result<Response> {
    let selection = Selection::read(params)?;
    let board = Board::load(&instance, &actor, Audience::Cto, selection).await?;
    prepare(&instance, &actor).await?;
    let mut tx = instance.db.read().await?;
    let dossiers = Audience::Cto.dossiers(&mut tx, &actor).await?;
    let mut open = open(&mut tx, &instance, &actor, &dossiers).await?;
    let mut list = List::from(&board);
    // What waits today says nothing about another day.
    if board.as_of == instance.today() {
        mark(&mut list, &open)?;
    }
    let more = open.len().saturating_sub(SHOWN);
    open.truncate(SHOWN);
    let waiting = describe(&mut tx, &actor, &open).await?;
    let asked = notices::pages::Waiting::load(&mut tx, &instance, &actor).await?;
    let no_part = NoPart::load(&mut tx, &actor, Place::Overview).await?;
    let vouching = corroboration::vouching::pages::waits(&mut tx, &actor).await?;
    web::page(&OverviewPage { chrome, list, waiting, more, no_part, asked, vouching })
}

/// `GET /dossiers.json`
pub async fn json(State(instance): State<Instance>, actor: Actor, params: Params) -> Result<Response> {
    Ok(data(&instance, &actor, params).await?.document().json())
}

/// `GET /dossiers.csv`
pub async fn csv(State(instance): State<Instance>, actor: Actor, params: Params) -> Result<Response> {
    data(&instance, &actor, params).await?.csv()
}

async fn data(instance: &Instance, actor: &Actor, params: Params) -> Result<Board> {
    let selection = Selection::read(params)?;
    Board::load(instance, actor, Audience::Cto, selection).await
}

/// What waits in each dossier as it was found for one state of it, so that it is found again only after a change.
enum Found {}

impl Kind for Found {
    type Key = Moment;
    type Value = Arc<[Waiting]>;
    const NAME: &'static str = "What waits in dossiers";
    const MOST: u64 = 4_000_000;
    const EACH: u64 = 600;
}

/// The dossier, its version, and the day.
type Moment = (Uuid, i64, NaiveDate);

/// What waits in each of the dossiers today, by their ids.
async fn find(
    tx: &mut Tx,
    instance: &Instance,
    dossiers: &[Dossier],
) -> Result<HashMap<Uuid, Arc<[Waiting]>>> {
    let today = instance.today();
    let state = |dossier: &Dossier| (dossier.id, dossier.version, today);
    let found = instance.cache::<Found>();
    let mut known: HashMap<Uuid, Arc<[Waiting]>> =
        dossiers.iter().filter_map(|dossier| Some((dossier.id, found.get(&state(dossier))?))).collect();
    let unknown: Vec<&Dossier> = dossiers.iter().filter(|d| !known.contains_key(&d.id)).collect();
    let make = move |framework: &'static Framework, facts: &Facts| waiting(framework, facts, today).into();
    let made: Vec<(&Dossier, Arc<[Waiting]>)> =
        store::made_of(tx, &unknown, Audience::Cto.reader(today), make).await?;
    for (dossier, waiting) in made {
        found.keep(state(dossier), waiting.clone(), waiting.len() * size_of::<Waiting>());
        known.insert(dossier.id, waiting);
    }
    Ok(known)
}

/// How many dossiers are looked through where pages are served.
const FEW: usize = 16;

/// Finds what waits where many dossiers have to be looked through for it, as after a start.
async fn prepare(instance: &Instance, actor: &Actor) -> Result<()> {
    let mut tx = instance.db.read().await?;
    let dossiers = Audience::Cto.dossiers(&mut tx, actor).await?;
    drop(tx);
    let (found, today) = (instance.cache::<Found>(), instance.today());
    let is_unknown = |dossier: &&Dossier| found.get(&(dossier.id, dossier.version, today)).is_none();
    if dossiers.iter().filter(is_unknown).count() <= FEW {
        return Ok(());
    }
    let (work, instance, account) = (instance.work.clone(), instance.clone(), actor.account);
    let finding = async move {
        let mut tx = instance.db.read().await?;
        find(&mut tx, &instance, &dossiers).await.map(drop)
    };
    work.aside(account, finding).await
}

/// Everything that waits today, the longest waiting first.
async fn open<'a>(
    tx: &mut Tx,
    instance: &Instance,
    actor: &Actor,
    dossiers: &'a [Dossier],
) -> Result<Vec<Open<'a>>> {
    let today = instance.today();
    let mut known = find(tx, instance, dossiers).await?;
    let sittings = due(tx, actor, dossiers.iter().map(|dossier| dossier.id), today).await?;
    let mut open = Vec::new();
    for dossier in dossiers {
        let Some(waiting) = known.remove(&dossier.id) else { continue };
        let shared_on = dossier.shared_on.unwrap_or(today);
        open.extend(waiting.iter().map(|waiting| Open {
            // Nobody waited for who couldn't see it yet.
            since: waiting.since.map_or(shared_on, |since| since.max(shared_on)),
            dossier,
            matter: waiting.matter.clone(),
        }));
        // A sitting is where feedback is given: one of the two is enough to say, but a draft is there to be finished.
        let says = waiting.iter().any(|waiting| matches!(waiting.matter, Matter::Feedback(_)));
        let sitting = sittings.get(&dossier.id).filter(|due| !says || matches!(due, Due::Unfinished(_)));
        open.extend(sitting.map(|due| Open {
            since: due.since().map_or(shared_on, |since| since.max(shared_on)),
            dossier,
            matter: Matter::Sitting(*due),
        }));
    }
    open.sort_by(|a, b| {
        (a.since, &a.dossier.owner_name, a.dossier.id).cmp(&(b.since, &b.dossier.owner_name, b.dossier.id))
    });
    Ok(open)
}

/// Writes into the cells that wait for the CTO since when they do.
fn mark(list: &mut List, open: &[Open<'_>]) -> Result<()> {
    let mut since: HashMap<(Uuid, &str), NaiveDate> = HashMap::new();
    for open in open {
        let places = match open.matter {
            Matter::Voice(capability) => [capability].into_iter().collect(),
            Matter::Confirmation(_, capabilities) => capabilities,
            Matter::Differing(_) | Matter::Feedback(_) | Matter::Sitting(_) => IndexSet::default(),
        };
        let guide = open.dossier.framework()?;
        for place in places.iter() {
            // The longest waiting come first.
            since.entry((open.dossier.id, &*guide.capabilities[place].id)).or_insert(open.since);
        }
    }
    for row in &mut list.rows {
        for cell in row.cells.iter_mut().flatten() {
            cell.waiting = since.get(&(row.dossier, &*cell.capability.id)).map(web::words::day);
        }
    }
    Ok(())
}

async fn describe(tx: &mut Tx, actor: &Actor, open: &[Open<'_>]) -> Result<Vec<WaitingView>> {
    let titles = titles(tx, actor, open).await?;
    let view = |open: &Open<'_>| -> Result<WaitingView> {
        let name = &open.dossier.owner_name;
        let readiness = format!("/dossiers/{}/readiness", open.dossier.id);
        let sitting = format!("/dossiers/{}/sitting", open.dossier.id);
        let entry = |id: &str| {
            let title = id.parse().ok().and_then(|id: Uuid| titles.get(&id));
            (
                format!("/evidence/{id}"),
                title.map_or_else(|| name.clone(), |title| format!("{name}: “{title}”")),
            )
        };
        let ((href, title), why) = match &open.matter {
            Matter::Confirmation(id, _) => {
                (entry(id), "For CTOs alone: it counts once a CTO has confirmed it".to_owned())
            }
            Matter::Differing(id) => (entry(id), "An account differs; hear both sides".to_owned()),
            Matter::Voice(place) => {
                let capability = &open.dossier.framework()?.capabilities[*place];
                let title = format!("{name}: {}", words::within(&capability.name));
                let href = format!("{readiness}#{}", capability.id);
                ((href, title), "No CTO has said yet how it was".to_owned())
            }
            Matter::Feedback(last) => {
                let why = match last {
                    Some(last) => format!("The last is from {}", web::words::day(last)),
                    None => "There is none yet".to_owned(),
                };
                ((sitting, format!("{name}: feedback on the partnership")), why)
            }
            Matter::Sitting(due) => {
                let why = match due {
                    Due::Unfinished(_) => "Your draft of a sitting isn’t released".to_owned(),
                    Due::Again(last) => format!("You last sat over it on {}", web::words::day(last)),
                    Due::Never => "You haven’t sat over it yet".to_owned(),
                };
                ((sitting, format!("{name}: ten minutes")), why)
            }
        };
        Ok(WaitingView { href, title, why, since: web::words::day(&open.since) })
    };
    open.iter().map(view).collect()
}

/// The titles of the entries that wait.
async fn titles(tx: &mut Tx, actor: &Actor, open: &[Open<'_>]) -> db::Result<HashMap<Uuid, String>> {
    let named = |open: &Open<'_>| match &open.matter {
        Matter::Confirmation(id, _) | Matter::Differing(id) => id.parse::<Uuid>().ok(),
        Matter::Voice(_) | Matter::Feedback(_) | Matter::Sitting(_) => None,
    };
    let entries: Vec<Uuid> = open.iter().filter_map(named).collect();
    let Some(last) = entries.last().copied() else { return Ok(HashMap::new()) };
    let places = placeholders(3, SHOWN);
    let query = tx.query_built(format!(
        "select e.id, e.title from entries e join dossiers d on d.id = e.dossier_id where {READS_ENTRY} and e.id in ({places})"
    ));
    let padded = entries.into_iter().chain(std::iter::repeat(last)).take(SHOWN);
    Ok(Viewer::from(actor).bind(query).bind_all(padded).all().await?.into_iter().collect())
}
