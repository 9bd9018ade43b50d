//! What the program does by itself for all, as an admin sees it: what waits, what was given up and why, and what was done.
//! Mails are not there, one by one or in numbers: that one waits tells that somebody asked or was told something. Whether
//! the mail server takes any is asked once a day, and whatever was given up is tried again without being counted.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use crate::accounts::Actor;
use crate::error::Result;
use crate::instance::Instance;
use crate::jobs::{self, store};
use crate::policy::{self, InstanceAct};
use crate::web::path::Id;
use crate::web::query::Params;
use crate::web::{self, Chrome, words};

/// How many jobs of a state are listed.
const LISTED: i64 = 50;

#[derive(Template)]
#[template(path = "admin/jobs.html")]
struct JobsPage {
    chrome: Chrome,
    /// How many wait, were given up, and are done.
    counts: (i64, i64, i64),
    given_up: Vec<JobView>,
    waiting: Vec<JobView>,
    done: Vec<JobView>,
    /// Whether there is a mail server.
    mails: bool,
    zone: String,
    /// Whether a job was just made due.
    hurried: bool,
}

struct JobView {
    id: uuid::Uuid,
    what: String,
    when: String,
    attempts: i64,
    why: String,
    under_way: bool,
}

/// `GET /admin/jobs`
pub async fn jobs(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
) -> Result<Response> {
    let hurried = params.number("hurried", 1, 1).is_some();
    params.finish()?;
    let (zone, now) = (actor.zone(&instance), instance.now());
    let view = |row: store::Row| JobView {
        id: row.id,
        when: words::moment(&row.done_at.or(row.failed_at).unwrap_or(row.due_at), zone),
        attempts: row.attempts,
        under_way: row.leased_until.is_some_and(|until| until > now),
        what: in_words(&row.name).to_owned(),
        why: row.last_error,
    };
    let mut tx = instance.db.read().await?;
    web::page(&JobsPage {
        chrome,
        counts: store::counts_for_all(&mut tx).await?,
        given_up: store::given_up(&mut tx, LISTED).await?.into_iter().map(view).collect(),
        waiting: store::waiting(&mut tx, LISTED).await?.into_iter().map(view).collect(),
        done: store::done_lately(&mut tx, LISTED).await?.into_iter().map(view).collect(),
        mails: instance.settings.mail.is_some(),
        zone: zone.to_string(),
        hurried,
    })
}

/// `POST /admin/jobs/{id}/attempt`
pub async fn retry_now(State(instance): State<Instance>, actor: Actor, Id(id): Id) -> Result<Response> {
    policy::decide(&actor.roles, InstanceAct::Administer).require()?;
    jobs::retry_now(&instance, &actor, id).await?;
    Ok(Redirect::to("/admin/jobs?hurried=1").into_response())
}

/// `POST /admin/jobs/attempts`: every job that was given up.
pub async fn retry_all_now(State(instance): State<Instance>, actor: Actor) -> Result<Response> {
    policy::decide(&actor.roles, InstanceAct::Administer).require()?;
    jobs::retry_all_now(&instance, &actor).await?;
    Ok(Redirect::to("/admin/jobs?hurried=1").into_response())
}

/// What a job is called for people.
fn in_words(name: &str) -> &str {
    match name {
        "mail-check" => "Asking the mail server whether it takes mails",
        "digests" => "Preparing the day’s mails",
        "reminders-lapsing" => "Finding suggestions for capabilities",
        "reminders-check-ins" => "Finding check-ins that are due",
        "reminders-durability" => "Finding solutions to ask about again",
        "tidy" => "Forgetting what is over",
        other => other,
    }
}
