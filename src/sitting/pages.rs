//! The page of a sitting: what has changed on top, then what the CTO says, filled in from their last time.

use std::collections::HashMap;

use askama::Template;
use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::NaiveDate;
use serde_json::json;
use strum::VariantArray;
use uuid::Uuid;

use super::actions::{self, Doing, Outcome};
use super::changes::{News, Since, since};
use super::forms::Typed;
use super::store::{self, SaidBefore, Sitting};
use super::{Kept, answer};
use crate::accounts::Actor;
use crate::dashboard::sources;
use crate::dashboard::store::{self as facts_store, Reader};
use crate::error::{Error, FieldError, Result};
use crate::evidence::dossiers::Dossier;
use crate::evidence::{Via, words as terms};
use crate::framework::{Framework, Pitfall};
use crate::instance::Instance;
use crate::readiness::{Facts, Lens, PersonIndex, State as Carries, assess};
use crate::review::{CheckInKind, CorroborationAnswer, Reply};
use crate::web::forms::Form;
use crate::web::path::Id;
use crate::web::query::NoParams;
use crate::web::typed::{self, Sent};
use crate::web::words::{self, day};
use crate::web::{self, Chrome};

/// How many of the news are shown.
const SHOWN: usize = 8;

#[derive(Template)]
#[template(path = "sitting/page.html")]
struct SittingPage {
    chrome: Chrome,
    dossier: Dossier,
    framework: &'static Framework,
    /// When this CTO last sat over the dossier or spoke to it, if they did.
    last: Option<NaiveDate>,
    /// Whether there is a draft.
    draft: bool,
    capabilities: Vec<CapabilityView>,
    news: Vec<NewsView>,
    /// How many more there are.
    more: usize,
    /// The latest day since on which the candidate answered the questions anew.
    checked_in: Option<NaiveDate>,
    questions: Vec<QuestionView>,
    last_feedback: Option<(String, String)>,
    commitment: Option<(String, String)>,
    typed: Typed,
    faults: Vec<FieldError>,
}

/// A capability, on which a sentence is asked.
struct CapabilityView {
    id: String,
    name: String,
    now: Carries,
    was: Option<Carries>,
    field: String,
}

/// Something that is new.
struct NewsView {
    on: String,
    href: String,
    title: String,
    what: String,
}

/// A question, with both sides' last answers.
struct QuestionView {
    text: String,
    field: String,
    own: String,
    cto: String,
    diverging: bool,
}

impl SittingPage {
    fn pitfalls(&self) -> &'static [Pitfall] {
        &self.framework.pitfalls
    }

    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn replies(&self) -> [(&'static str, &'static str); 4] {
        [("yes", "Yes"), ("partly", "Partly"), ("not-yet", "Not yet"), ("", "No answer")]
    }

    #[expect(clippy::unused_self, reason = "templates reach it through the page")]
    fn kinds_of_kept(&self) -> &'static [Kept] {
        Kept::VARIANTS
    }

    fn changed(&self) -> bool {
        !self.news.is_empty()
            || self.checked_in.is_some()
            || self.capabilities.iter().any(|capability| capability.was.is_some())
    }
}

async fn page(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    id: Uuid,
    typed: Option<Typed>,
    faults: Vec<FieldError>,
) -> Result<SittingPage> {
    let mut tx = instance.db.read().await?;
    let dossier = actions::opened(&mut tx, actor, id).await?;
    let framework = dossier.framework()?;
    let draft = store::draft(&mut tx, actor, id).await?;
    let released = store::released(&mut tx, actor, id).await?;
    let before = store::said_before(&mut tx, actor.person, id).await?;
    let mut found = facts_store::facts(&mut tx, &[id], Reader::Cto).await?;
    let facts = found.pop().map(|(_, facts)| facts).ok_or(Error::NotFound)?;
    let entries = sources::final_entries(&mut tx, id).await?;
    let names = sources::voices(&mut tx, id).await?;
    drop(tx);
    let today = instance.today();
    let own = released.iter().find(|sitting| sitting.account_id == actor.account);
    let last = last_time(own, &before);
    let changed = since(framework, &facts, last, today);
    let (news, more) = news(&changed, &facts, &entries, &names);
    let capabilities =
        framework.capabilities.iter().zip(&changed.standing).map(|(c, standing)| CapabilityView {
            id: c.id.clone(),
            name: c.name.clone(),
            now: standing.now,
            was: standing.was,
            field: format!("sentence-{}", c.id),
        });
    let typed = typed.unwrap_or_else(|| match &draft {
        Some(draft) => Typed::of_draft(draft),
        None => Typed::from_last(own, &before),
    });
    let commitment = actions::open_commitment(actor, &released);
    Ok(SittingPage {
        chrome,
        framework,
        last,
        draft: draft.is_some(),
        capabilities: capabilities.collect(),
        news,
        more,
        checked_in: changed.check_in,
        questions: questions(framework, &facts, today),
        last_feedback: before.feedback.map(|(on, scope, text)| {
            let word =
                scope.map(|reply| format!("; ready for broader scope: {}", answer(reply).to_lowercase()));
            (format!("{}{}", day(&on), word.unwrap_or_default()), text)
        }),
        commitment: commitment.map(|sitting| {
            (sitting.released_on.as_ref().map(day).unwrap_or_default(), sitting.commitment.clone())
        }),
        typed,
        faults,
        dossier,
    })
}

/// When a CTO last said something: at a sitting, or before there were any.
fn last_time(own: Option<&Sitting>, before: &SaidBefore) -> Option<NaiveDate> {
    let sitting = own.and_then(|sitting| sitting.released_on);
    let check_in = before.check_in.as_ref().map(|(on, _)| *on);
    let feedback = before.feedback.as_ref().map(|(on, ..)| *on);
    sitting.max(check_in).max(feedback)
}

/// The news in words, the latest first, and how many are left out.
fn news(
    changed: &Since,
    facts: &Facts,
    entries: &[sources::EntryLine],
    names: &HashMap<String, String>,
) -> (Vec<NewsView>, usize) {
    let lines: HashMap<String, &sources::EntryLine> =
        entries.iter().map(|line| (line.id.to_string(), line)).collect();
    let mut views: Vec<NewsView> = changed
        .news
        .iter()
        .filter_map(|(on, entry, news)| {
            let what = match news {
                News::Published => "New evidence".to_owned(),
                News::Updated => "What happened since was added".to_owned(),
                News::Answered(by, said, origin) => {
                    let name =
                        |by: PersonIndex| names.get(&*facts.people[by.0 as usize].id).map(String::as_str);
                    let told = format!("{} {}", name(*by).unwrap_or("Somebody"), said_so(*said));
                    let voucher = origin.vouched_by().and_then(name);
                    match origin.via {
                        Via::Account => told,
                        via => format!("{told}, {}", terms::came(via, origin.vouched_on(), voucher)),
                    }
                }
            };
            let title = lines.get(&**entry)?.title.clone();
            Some(NewsView { on: day(on), href: format!("/evidence/{entry}"), title, what })
        })
        .collect();
    let more = views.len().saturating_sub(SHOWN);
    views.truncate(SHOWN);
    (views, more)
}

fn said_so(answer: CorroborationAnswer) -> &'static str {
    match answer {
        CorroborationAnswer::Confirmed => "confirmed it",
        CorroborationAnswer::Differs => "tells it differently",
        CorroborationAnswer::NotCloseEnough => "was not close enough to say",
        CorroborationAnswer::Declined => "declined to answer",
    }
}

/// The questions with both sides' last answers; where they differ comes first.
fn questions(framework: &Framework, facts: &Facts, today: NaiveDate) -> Vec<QuestionView> {
    let assessment = assess(framework, facts, today, Lens::All);
    let said = |kind: CheckInKind, place: usize, latest: Option<Reply>| {
        let Some(reply) = latest else { return "No answer".to_owned() };
        let of = |c: &&crate::readiness::CheckIn| {
            c.kind == kind && c.on <= today && c.answers.iter().any(|(at, _)| usize::from(*at) == place)
        };
        let on = facts.check_ins.iter().filter(of).map(|c| c.on).max();
        format!("{}, {}", answer(reply), on.as_ref().map(day).unwrap_or_default())
    };
    let both = framework.questions.iter().zip(&assessment.questions).enumerate();
    let mut views: Vec<QuestionView> = both
        .map(|(place, (question, readiness))| QuestionView {
            text: question.text.clone(),
            field: format!("answer-{}", question.id),
            own: said(CheckInKind::SelfAssessment, place, readiness.own.latest),
            cto: said(CheckInKind::Cto, place, readiness.cto.latest),
            diverging: readiness.diverging,
        })
        .collect();
    views.sort_by_key(|view| !view.diverging);
    views
}

/// `GET /dossiers/{id}/sitting`
pub async fn sitting(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    _: NoParams,
) -> Result<Response> {
    web::page(&page(&instance, &actor, chrome, id, None, Vec::new()).await?)
}

/// `POST /dossiers/{id}/sitting`: saves the draft, or with `do=release` releases it.
#[expect(clippy::implicit_hasher, reason = "a form's fields come with the one hasher")]
pub async fn save(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Id(id): Id,
    Form(fields): Form<HashMap<String, String>>,
) -> Result<Response> {
    let mut typed = Typed(fields);
    let doing = if typed.get("do") == "release" { Doing::Release } else { Doing::Keep };
    let faults = match actions::save(&instance, &actor, id, &typed, doing).await {
        Ok(Outcome::Kept(sitting, _)) => {
            let to = match doing {
                Doing::Keep => format!("/dossiers/{id}/sitting"),
                Doing::Release => actions::history_path(id, sitting),
            };
            return Ok(Redirect::to(&to).into_response());
        }
        Ok(Outcome::Stale(present)) => {
            typed.0.insert("revision".into(), present.to_string());
            let message = "You saved or released this sitting in another window meanwhile. What you typed here stands \
                 below; saving it now takes the place of that draft.";
            vec![FieldError::new("save", message)]
        }
        Err(Error::Invalid(faults)) => faults,
        Err(error) => return Err(error),
    };
    let page = page(&instance, &actor, chrome, id, Some(typed), faults).await?;
    web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// `POST /dossiers/{id}/sitting/draft`: the page's script saves the draft.
#[expect(clippy::implicit_hasher, reason = "a form's fields come with the one hasher")]
pub async fn autosave(
    State(instance): State<Instance>,
    actor: Actor,
    Id(id): Id,
    sent: Option<Extension<Sent>>,
    Form(fields): Form<HashMap<String, String>>,
) -> Result<Response> {
    match actions::save(&instance, &actor, id, &Typed(fields), Doing::Keep).await {
        Ok(Outcome::Kept(_, revision)) => {
            let saved_at = words::time_of_day(&instance.now(), actor.zone(&instance));
            let kept = sent.map(|Extension(sent)| sent.digest);
            let answer = json!({"saved_at": saved_at, "revision": revision, "kept": kept});
            let mut response = Json(answer).into_response();
            response.extensions_mut().insert(typed::Kept);
            Ok(response)
        }
        Ok(Outcome::Stale(_)) => {
            let detail = "This sitting was saved elsewhere. Open it again to see it as it is now.";
            Ok((StatusCode::CONFLICT, Json(json!({"detail": detail}))).into_response())
        }
        Err(Error::Invalid(faults)) => {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"errors": faults}))).into_response())
        }
        Err(error) => Err(error),
    }
}

/// `POST /dossiers/{id}/sitting/removal`: throws the draft away.
pub async fn discard(State(instance): State<Instance>, actor: Actor, Id(id): Id) -> Result<Redirect> {
    actions::discard(&instance, &actor, id).await?;
    Ok(Redirect::to(&format!("/dossiers/{id}/sitting")))
}
