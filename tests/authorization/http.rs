//! Every request of every route, about things in every state, as everybody.

use evident::evidence::{Aim, Sharing};
use strum::VariantArray as _;
use uuid::Uuid;

use super::case::Case;
use super::cast::{IRIS, KIRA, MONA, SETTINGS, Scene, Viewer};
use super::table::{Answer, Route, Table};
use super::things::{Store, Thing, case, depends, things};
use super::{Found, named};
use crate::support;

/// An id that nothing has.
pub const MISSING: &str = "019a0000-0000-7000-8000-000000000000";

/// How much is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// A state in which everybody reads who ever may.
    Small,
    /// The states that differ in who may read.
    Suite,
    /// Every state.
    Full,
}

/// Sends all of it, and compares the answers with what the tables say.
pub async fn every_request(scene: &mut Scene, table: &Table, extent: Extent) -> Found {
    let (mut found, mut store) = (Found::default(), Store::default());
    let settings: Vec<(Sharing, Aim)> = match extent {
        Extent::Small => vec![(Sharing::Committee, Aim::E2)],
        Extent::Suite => SETTINGS.iter().map(|(_, sharing, aim)| (*sharing, *aim)).collect(),
        Extent::Full => {
            Sharing::VARIANTS.iter().flat_map(|s| Aim::VARIANTS.iter().map(move |a| (*s, *a))).collect()
        }
    };
    for (turn, (sharing, aim)) in settings.into_iter().enumerate() {
        scene.set(sharing, aim).await;
        for route in &table.routes {
            // What ends one's own session is tested with sessions; who lets in demos' visitors is none of this cast.
            if route.route == "POST /sign-out" {
                continue;
            }
            let things: Vec<Option<Thing>> = if route.about.is_empty() {
                vec![None]
            } else {
                things(route.about, extent).into_iter().map(Some).collect()
            };
            for thing in things {
                if turn > 0 && !thing.is_some_and(depends) {
                    continue;
                }
                // Whom a route doesn't let in, it asks nothing about the dossier.
                let gate = turn == 0 || extent == Extent::Full;
                everybody(scene, table, &mut store, (route, thing, gate), &mut found).await;
            }
        }
    }
    found
}

/// A route's address about something, and the same about nothing.
fn addresses(scene: &Scene, path: &str, id: &str) -> (String, String) {
    if path == "/compare" {
        let other = scene.places.dossier(MONA);
        let of = |id: &str| format!("/compare?dossier={id}&dossier={other}");
        return (of(id), of(MISSING));
    }
    let of =
        |id: &str| path.replace("{id}", id).replace("{token}", id).replace("{pitfall}", "super-director");
    (of(id), of(MISSING))
}

async fn everybody(
    scene: &mut Scene,
    table: &Table,
    store: &mut Store,
    (route, thing, gate): (&Route, Option<Thing>, bool),
    found: &mut Found,
) {
    let (method, path) = route.route.split_once(' ').expect("a method and a path");
    let shared = match thing {
        Some(thing) => store.take(scene, thing).await,
        None => "none".into(),
    };
    let of = |id: Uuid| id.to_string();
    // What an action takes besides the thing in its address, where it could not be found without.
    let fields: Vec<(&str, String)> = match path {
        "/dossiers/{id}/deputizing" => {
            vec![("entry", of(scene.places.entry(1))), ("revision", "2".to_owned())]
        }
        "/vouching/{id}" => vec![("what", "answer".to_owned())],
        "/admin/people/namesakes" => {
            vec![("one", of(scene.places.person(IRIS))), ("other", of(scene.places.person(KIRA)))]
        }
        _ => Vec::new(),
    };
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let fields = fields.as_slice();
    for place in 0..scene.viewers.len() {
        let viewer = &scene.viewers[place];
        let expected = expected(scene, table, route, thing, viewer);
        let changes = method == "POST" && expected == Ok(Expected::Answer(Answer::Allow));
        let id = match thing {
            Some(thing) if changes => store.take(scene, thing).await,
            _ => shared.clone(),
        };
        let viewer = &scene.viewers[place];
        let what = || {
            let state = thing.map(|thing| format!(" {thing:?}, {}, {}", scene.sharing, scene.aim));
            format!("{} as {}{}", route.route, viewer.stands, state.unwrap_or_default())
        };
        let expected = match expected {
            Ok(expected) => expected,
            Err(row) => {
                found.check(false, || row);
                continue;
            }
        };
        if !gate && matches!(expected, Expected::SignedOut | Expected::NotLetIn) {
            continue;
        }
        let (address, missing) = addresses(scene, path, &id);
        let before = head(scene).await;
        let send = |address: String| async move {
            if method == "GET" {
                viewer.visitor.get(&address).await
            } else {
                viewer.visitor.post(&address, fields).await
            }
        };
        let answer = send(address.clone()).await;
        let status = answer.status.as_u16();
        let fits = match expected {
            Expected::SignedOut if is_data(path) => status == 401,
            Expected::SignedOut => status == 303 && answer.location().starts_with("/sign-in"),
            Expected::NotLetIn | Expected::Answer(Answer::Refuse) => status == 403,
            Expected::Answer(Answer::Hide) => status == 404,
            Expected::Answer(Answer::Allow) => status < 500 && ![401, 403, 404, 405].contains(&status),
        };
        found.check(fits, || format!("{}: expected {expected:?}, answered {status}", what()));
        if !fits || expected == Expected::Answer(Answer::Allow) {
            continue;
        }
        found.check(answer.header("cache-control") == "no-store", || {
            format!("{}: may be kept by a browser", what())
        });
        let unchanged = before == head(scene).await;
        found.check(unchanged, || format!("{}: something was changed", what()));
        if thing.is_some() && expected != Expected::Answer(Answer::Refuse) {
            let other = send(missing.clone()).await;
            let (answered, nothing) = (whole(&answer, &id), whole(&other, MISSING));
            found.check(answered == nothing, || {
                let (one, other) = differing(&answered, &nothing);
                format!("{}: not the answer of a missing id: {one:?} instead of {other:?}", what())
            });
            // What is asked of it changes nothing.
            let asks = |address: &str| {
                format!("{address}{}lens=nonsense", if address.contains('?') { '&' } else { '?' })
            };
            let (answer, other) = (send(asks(&address)).await, send(asks(&missing)).await);
            found.check(whole(&answer, &id) == whole(&other, MISSING), || {
                format!("{}: asked more of, not the answer of a missing id", what())
            });
        }
    }
}

/// Whether a path answers programs, which are sent nowhere.
fn is_data(path: &str) -> bool {
    [".json", ".csv", "/draft"].iter().any(|ending| path.ends_with(ending))
}

/// How many changes there were.
async fn head(scene: &Scene) -> i64 {
    let mut tx = scene.world.instance.db.read().await.expect("a read");
    let (seq,): (i64,) = tx.query("select seq from audit_head where id = 1").one().await.expect("a head");
    seq
}

/// Everything that can be told of an answer, with an id taken out.
pub fn whole(answer: &support::Answer, id: &str) -> String {
    let headers = answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}"));
    let mut headers: Vec<String> = headers.collect();
    headers.sort();
    format!("{} {headers:?} {}", answer.status, answer.body).replace(id, "ID")
}

/// A few characters of each of two texts, from where they differ.
fn differing(one: &str, other: &str) -> (String, String) {
    let alike = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let from = |text: &str| text.chars().skip(alike.saturating_sub(20)).take(120).collect();
    (from(one), from(other))
}

/// What somebody is to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// That they are signed out.
    SignedOut,
    /// That their role is not let in.
    NotLetIn,
    /// What the tables say.
    Answer(Answer),
}

fn expected(
    scene: &Scene,
    table: &Table,
    route: &Route,
    thing: Option<Thing>,
    viewer: &Viewer,
) -> Result<Expected, String> {
    let roles = viewer.roles();
    let lets_in = roles.iter().any(|role| route.lets_in.split(", ").any(|name| name == named(*role)));
    match route.lets_in {
        "anyone" => {}
        "a demo’s visitors" => return Ok(Expected::Answer(Answer::Hide)),
        _ if viewer.who.is_none() => return Ok(Expected::SignedOut),
        "whoever is signed in" => {}
        _ if !lets_in => return Ok(Expected::NotLetIn),
        _ => {}
    }
    if route.action.is_empty() {
        return Ok(Expected::Answer(Answer::Allow));
    }
    let case = thing.map_or_else(|| Case::of(roles), |thing| case(scene, viewer, thing));
    table.answer(route.action, &case).map(Expected::Answer)
}
