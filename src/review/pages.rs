//! Check-ins: the six questions, and what was answered before.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use uuid::Uuid;

use super::actions::{self, CheckInInput};
use super::store::{self, CheckIn};
use super::{CheckInKind, Reply};
use crate::accounts::Actor;
use crate::error::{Faults, FieldError, Given, Result};
use crate::evidence::dossiers;
use crate::framework::Framework;
use crate::instance::Instance;
use crate::web::forms::{self, Form};
use crate::web::query::Params;
use crate::web::words::{count, day};
use crate::web::{self, Chrome};

/// Where a check-in that was kept is seen.
const BACK: &str = "/check-ins?saved=1";

#[derive(Template)]
#[template(path = "review/check_ins.html")]
struct CheckInsPage {
    chrome: Chrome,
    dossier: Uuid,
    framework: &'static Framework,
    today: NaiveDate,
    questions: Vec<QuestionField>,
    own: Vec<Past>,
    ctos: Vec<Past>,
    /// Whether there is one from before the sharing, or none is shared yet, so that inclusion is a question.
    earlier: bool,
    on: String,
    /// Whether something was just kept.
    saved: bool,
    faults: Vec<FieldError>,
}

/// One question of the form.
struct QuestionField {
    id: String,
    text: String,
    chosen: String,
    /// What was answered last, and when.
    last: Option<String>,
}

/// A check-in that was made.
struct Past {
    id: Uuid,
    on: String,
    summary: String,
    answers: Vec<(String, &'static str)>,
    included: bool,
    before_sharing: bool,
}

fn title(reply: Reply) -> &'static str {
    match reply {
        Reply::Yes => "Yes",
        Reply::Partly => "Partly",
        Reply::NotYet => "Not yet",
    }
}

fn past(framework: &Framework, check_in: &CheckIn, shared_on: Option<NaiveDate>) -> Past {
    let number = |reply| check_in.answers.values().filter(|answer| **answer == reply).count() as u64;
    let parts = [(Reply::Yes, "yes"), (Reply::Partly, "partly"), (Reply::NotYet, "not yet")];
    let parts = parts.into_iter().filter(|(reply, _)| number(*reply) > 0);
    let summary: Vec<String> = parts.map(|(reply, word)| count(number(reply), word, word)).collect();
    let answer = |id: &String| check_in.answers.get(id).map(|reply| title(*reply));
    Past {
        id: check_in.id,
        on: day(&check_in.on),
        summary: summary.join(", "),
        answers: framework.questions.iter().filter_map(|q| Some((q.text.clone(), answer(&q.id)?))).collect(),
        included: check_in.included,
        before_sharing: shared_on.is_none_or(|since| check_in.on < since),
    }
}

async fn gathered(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    typed: &HashMap<&str, &str>,
) -> Result<CheckInsPage> {
    let dossier = dossiers::own(instance, actor).await?;
    let framework = dossier.framework()?;
    let mut tx = instance.db.read().await?;
    let all = store::check_ins(&mut tx, dossier.id).await?;
    let of = |kind| all.iter().filter(move |check_in| check_in.kind == kind);
    let list = |kind| -> Vec<Past> { of(kind).map(|c| past(framework, c, dossier.shared_on)).collect() };
    let last = |id: &str| {
        let found = of(CheckInKind::SelfAssessment).find_map(|c| Some((c.on, *c.answers.get(id)?)));
        found.map(|(on, reply)| format!("Last time, {}: {}", day(&on), title(reply).to_lowercase()))
    };
    let questions = framework.questions.iter().map(|question| QuestionField {
        id: question.id.clone(),
        text: question.text.clone(),
        chosen: typed.get(question.id.as_str()).copied().unwrap_or_default().to_owned(),
        last: last(&question.id),
    });
    let own = list(CheckInKind::SelfAssessment);
    Ok(CheckInsPage {
        chrome,
        dossier: dossier.id,
        framework,
        today: actor.today(instance),
        questions: questions.collect(),
        earlier: own.iter().any(|past| past.before_sharing),
        ctos: list(CheckInKind::Cto),
        own,
        on: typed.get("on").map_or_else(|| actor.today(instance).to_string(), |on| (*on).to_owned()),
        saved: false,
        faults: Vec::new(),
    })
}

/// `GET /check-ins`
pub async fn check_ins(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
) -> Result<Response> {
    let saved = params.number("saved", 1, 1).is_some();
    params.finish()?;
    let page = gathered(&instance, &actor, chrome, &HashMap::new()).await?;
    web::page(&CheckInsPage { saved, ..page })
}

/// `POST /check-ins`: a check-in, or with `do=include` which of the earlier ones CTOs are shown.
pub async fn check_in(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let typed: HashMap<&str, &str> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    if typed.get("do") == Some(&"include") {
        let ids = fields.iter().filter(|(name, _)| name == "included");
        let chosen: Vec<_> = ids.filter_map(|(_, id)| id.parse().ok()).collect();
        actions::include(&instance, &actor, &chosen).await?;
        return Ok(Redirect::to(BACK).into_response());
    }
    let framework = dossiers::own(&instance, &actor).await?.framework()?;
    let outcome = actions::check_in(&instance, &actor, &read(&fields, framework)).await;
    let again = async |faults| {
        let page = gathered(&instance, &actor, chrome, &typed).await?;
        Ok(CheckInsPage { faults, ..page })
    };
    forms::done_or_again(outcome, |()| BACK.into(), again).await
}

/// The check-in of a form.
fn read(fields: &[(String, String)], framework: &Framework) -> Given<CheckInInput> {
    let mut faults = Faults::default();
    let first = |name: &str| fields.iter().find(|(other, value)| other == name && !value.trim().is_empty());
    let on = first("on").and_then(|(_, typed)| faults.take("on", forms::day(typed)));
    let mut answers = Vec::new();
    for question in &framework.questions {
        let given = fields.iter().find(|(id, answer)| *id == question.id && !answer.is_empty());
        let Some((id, answer)) = given else { continue };
        let read = answer.parse().map_err(|_| "Choose yes, partly or not yet.");
        answers.extend(faults.take(format!("{id}-yes"), read).map(|reply| (id.clone(), reply)));
    }
    Given { input: CheckInInput { on, answers }, faults }
}
