//! The inbox: what waits for somebody's answer, what is new for them, and what the program suggests; and their switches.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use strum::VariantArray;

use super::store::{self, Open};
use super::{Delivery, Topic, actions};
use crate::accounts::Actor;
use crate::db::{self, Tx};
use crate::error::{Faults, FieldError, Result};
use crate::instance::Instance;
use crate::web::path::Id;
use crate::web::query::Params;
use crate::web::{self, Chrome};

/// How many of what waits are shown on the page where somebody arrives.
const AT_HOME: usize = 5;

#[derive(Template)]
#[template(path = "notices/inbox.html")]
struct InboxPage {
    chrome: Chrome,
    /// What waits for an answer, what is new, and what is suggested; each with its heading.
    groups: Vec<(&'static str, &'static str, Vec<Open>)>,
    zone: chrono_tz::Tz,
    /// Whether something was just put away.
    put_away: bool,
}

/// `GET /inbox`
pub async fn inbox(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
) -> Result<Response> {
    let put_away = params.number("put-away", 1, 1).is_some();
    params.finish()?;
    let mut tx = instance.db.read().await?;
    let open = store::open(&mut tx, actor.account).await?;
    let (requests, others): (Vec<_>, Vec<_>) = open.into_iter().partition(|open| open.kind.is_request());
    let (suggestions, news): (Vec<_>, Vec<_>) =
        others.into_iter().partition(|open| open.kind.topic().is_reminder());
    let groups = [
        ("requests", "Waiting for your answer", requests),
        ("news", "New for you", news),
        ("suggestions", "Suggestions", suggestions),
    ];
    let groups = groups.into_iter().filter(|(_, _, open)| !open.is_empty()).collect();
    web::page(&InboxPage { chrome, groups, zone: actor.zone(&instance), put_away })
}

/// `POST /inbox/{id}/removal`
pub async fn dismiss(State(instance): State<Instance>, actor: Actor, Id(id): Id) -> Result<Response> {
    actions::dismiss(&instance, &actor, id).await?;
    Ok(Redirect::to("/inbox?put-away=1").into_response())
}

/// What waits for somebody's answer, for the page where they arrive.
#[derive(Template)]
#[template(path = "notices/_waiting.html")]
pub struct Waiting {
    requests: Vec<Open>,
    /// How many more there are.
    more: usize,
    zone: chrono_tz::Tz,
}

impl Waiting {
    /// The newest requests to an account.
    pub async fn load(tx: &mut Tx, instance: &Instance, actor: &Actor) -> db::Result<Waiting> {
        let mut requests = store::open(tx, actor.account).await?;
        requests.retain(|open| open.kind.is_request());
        let more = requests.len().saturating_sub(AT_HOME);
        requests.truncate(AT_HOME);
        Ok(Waiting { requests, more, zone: actor.zone(instance) })
    }
}

/// The part of the settings that says how somebody hears of what.
#[derive(Template)]
#[template(path = "notices/_switches.html")]
pub struct Switches {
    topics: Vec<(Topic, Delivery)>,
    /// Whether mail is sent at all, and at what hour the digest leaves.
    hour: Option<u32>,
    zone: chrono_tz::Tz,
    saved: bool,
    faults: Vec<FieldError>,
}

impl Switches {
    /// Somebody's switches, with those of reminders for whom they are made.
    pub async fn load(
        tx: &mut Tx,
        instance: &Instance,
        actor: &Actor,
        reminders: bool,
    ) -> db::Result<Switches> {
        let chosen = store::switches(tx, actor.account).await?;
        let of = |topic: &Topic| {
            let found = chosen.iter().find(|(other, _)| other == topic);
            (*topic, found.map_or(Delivery::Digest, |(_, delivery)| *delivery))
        };
        let shown = Topic::VARIANTS.iter().filter(|topic| reminders || !topic.is_reminder());
        Ok(Switches {
            topics: shown.map(of).collect(),
            hour: instance.settings.mail.as_ref().map(|mail| mail.digest_hour),
            zone: instance.settings.zone,
            saved: false,
            faults: Vec::new(),
        })
    }

    /// The same, just saved or with faults.
    #[must_use]
    pub fn after(self, saved: bool, faults: &[FieldError]) -> Switches {
        Switches { saved, faults: faults.to_vec(), ..self }
    }
}

/// Reads the switches as they were sent, a field for each topic; of reminders where there are any for the sender.
///
/// # Errors
/// [`crate::error::Error::Invalid`] names the topic whose choice can't be read.
pub fn read_switches(fields: &[(String, String)], reminders: bool) -> Result<Vec<(Topic, Delivery)>> {
    let mut faults = Faults::default();
    let mut chosen = Vec::new();
    for (name, value) in fields {
        let Ok(topic) = name.parse::<Topic>() else { continue };
        if topic.is_reminder() && !reminders {
            continue;
        }
        match value.parse::<Delivery>() {
            Ok(delivery) => chosen.push((topic, delivery)),
            Err(_) => faults.add(topic.first_field(), "Choose once a day, at once, or off."),
        }
    }
    if chosen.is_empty() && faults.0.is_empty() {
        faults.add("requests-digest", "Choose how you hear of requests.");
    }
    faults.done(Some(chosen))
}
