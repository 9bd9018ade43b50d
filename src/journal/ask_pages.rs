//! Asking somebody about an entry: whom, what they and the owner should know before, and what is under way.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::accounts::Actor;
use crate::corroboration::Question;
use crate::corroboration::asking::{self, AskForm, Asked};
use crate::corroboration::durability::{self, Moment};
use crate::corroboration::store::{self, Came, Request};
use crate::corroboration::voices::{self, Voice};
use crate::dashboard::store::Reader;
use crate::dashboard::{cache, words};
use crate::db::Tx;
use crate::error::{Error, FieldError, Result};
use crate::evidence::dossiers::Dossier;
use crate::evidence::naming::Known;
use crate::evidence::{Aim, Audience, Entry, NamedPerson, Sharing, Status, actions, words as terms};
use crate::framework::AskedVoice;
use crate::instance::Instance;
use crate::policy::EntryAct;
use crate::readiness::Lens;
use crate::web::forms::Form;
use crate::web::path::{Id, Text};
use crate::web::query::Params;
use crate::web::{self, Chrome};

#[derive(Template)]
#[template(path = "journal/ask.html")]
struct AskPage {
    chrome: Chrome,
    entry: Entry,
    question: Question,
    /// Since when it is worth asking whether it holds.
    moment: Option<Moment>,
    /// Those whom the entry names, each once, and whether they report to the candidate.
    named: Vec<(NamedPerson, bool)>,
    known: Known,
    readers: Vec<String>,
    /// The capabilities of the entry with the voice that each still asks to hear; none where it is heard.
    voices: Vec<(String, Option<AskedVoice>)>,
    requests: Vec<Request>,
    /// How the answers to these came that came by mail or link.
    came: Vec<Came>,
    /// Confirmations that a material edit superseded, of people who are not asked yet.
    superseded: Vec<Voice>,
    now: DateTime<Utc>,
    zone: chrono_tz::Tz,
    asked: Option<Asked>,
    /// Whether there is a mail server.
    mails: bool,
    typed: AskForm,
    faults: Vec<FieldError>,
}

impl AskPage {
    /// How a request stands, in words.
    fn stands(&self, request: &Request) -> String {
        if let Some(at) = request.answered_at {
            let answered = format!("Answered {}", web::words::moment(&at, self.zone));
            let came = self.came.iter().find(|came| came.request_id == request.id);
            return came.map_or(answered.clone(), |came| {
                let way = terms::came(came.via, came.vouched_on, came.voucher.as_deref());
                format!("{answered}, {way}")
            });
        }
        match request.expires_at {
            Some(expires) if expires <= self.now => "The link ran out. Ask again for a new one.".into(),
            Some(expires) => {
                let until = web::words::moment(&expires, self.zone);
                match &request.address {
                    Some(address) => format!("By a letter to {address} or by link, until {until}"),
                    None => format!("By link, until {until}"),
                }
            }
            None => "Asked in the app".into(),
        }
    }

    fn is_for_ctos(&self) -> bool {
        self.entry.content.audience == Audience::Cto
    }
}

/// `GET /evidence/{id}/requests`
pub async fn ask_page(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    mut params: Params,
    Text(id): Text,
) -> Result<Response> {
    let question = params.word("question").unwrap_or(Question::Happened);
    let person = params.one("person").unwrap_or_default();
    params.finish()?;
    let typed = AskForm { question: question.to_string(), person, ..AskForm::default() };
    web::page(&gathered(&instance, &actor, chrome, &id, typed).await?)
}

/// `POST /evidence/{id}/requests`: asks, and shows a link this once.
pub async fn ask(
    State(instance): State<Instance>,
    actor: Actor,
    chrome: Chrome,
    Text(id): Text,
    Form(form): Form<AskForm>,
) -> Result<Response> {
    match asking::ask(&instance, &actor, &id, &form).await {
        Ok(asked) => {
            let page = gathered(&instance, &actor, chrome, &id, AskForm::default()).await?;
            web::page(&AskPage { asked: Some(asked), ..page })
        }
        Err(Error::Invalid(faults)) => {
            let page = gathered(&instance, &actor, chrome, &id, form).await?;
            web::page_with(StatusCode::UNPROCESSABLE_ENTITY, &AskPage { faults, ..page })
        }
        Err(error) => Err(error),
    }
}

/// `POST /requests/{id}/withdrawal`
pub async fn take_back(State(instance): State<Instance>, actor: Actor, Id(id): Id) -> Result<Redirect> {
    let entry = asking::take_back(&instance, &actor, id).await?;
    Ok(Redirect::to(&format!("/evidence/{entry}/requests")))
}

/// `POST /evidence/{id}/durability`: lets the offer be to ask whether it holds.
pub async fn let_be(State(instance): State<Instance>, actor: Actor, Text(id): Text) -> Result<Response> {
    let entry = durability::let_be(&instance, &actor, &id).await?;
    Ok(Redirect::to(&format!("/evidence/{entry}")).into_response())
}

async fn gathered(
    instance: &Instance,
    actor: &Actor,
    chrome: Chrome,
    id: &str,
    typed: AskForm,
) -> Result<AskPage> {
    let mut tx = instance.db.read().await?;
    let (dossier, entry) = actions::find(&mut tx, actor, id, EntryAct::Change).await?;
    if entry.status != Status::Final {
        return Err(Error::Conflict("Only published evidence can be asked about. Publish it first.".into()));
    }
    let moment = durability::moment(&mut tx, entry.id).await?;
    let asks_holds = typed.question == Question::Holds.to_string() && moment.is_some();
    let today = instance.today();
    let mut people: Vec<&NamedPerson> = Vec::new();
    for person in &entry.people {
        if !people.iter().any(|known| known.person == person.person) {
            people.push(person);
        }
    }
    let ids: Vec<Uuid> = people.iter().map(|person| person.person).collect();
    let reports = asking::reports_of(&mut tx, dossier.owner_person, &ids, today).await?;
    let named = people.into_iter().map(|person| (person.clone(), reports.contains(&person.person))).collect();
    let known = Known::load(&mut tx, actor, Some(entry.id), today).await?;
    let mut typed = typed;
    if let Ok(id) = typed.person.parse::<Uuid>() {
        if typed.email.is_empty() {
            typed.email = store::last_address(&mut tx, actor.account, id).await?.unwrap_or_default();
        }
        if !ids.contains(&id) {
            // Somebody whom the entry doesn't name, or no longer: the other field is theirs.
            typed.person = "other".into();
            typed.other = known.handle(id);
        }
    }
    let asked_voices = asked_voices(&mut tx, instance, &dossier, &entry).await?;
    let requests = store::of_entry(&mut tx, entry.id).await?;
    let came = store::came(&mut tx, entry.id).await?;
    let now = instance.now();
    let waits = |person: Uuid| {
        let open = |r: &&Request| r.answered_at.is_none() && r.expires_at.is_none_or(|expires| expires > now);
        requests.iter().filter(open).any(|r| r.person_id == person && r.question == Question::Happened)
    };
    let mut superseded = voices::of_entry(&mut tx, entry.id).await?;
    superseded.retain(|voice| voice.is_superseded() && !waits(voice.person_id));
    Ok(AskPage {
        chrome,
        question: if asks_holds { Question::Holds } else { Question::Happened },
        moment,
        named,
        known,
        readers: seen_by(&dossier, entry.content.audience),
        voices: asked_voices,
        requests,
        came,
        superseded,
        now,
        zone: actor.zone(instance),
        asked: None,
        mails: instance.settings.mail.is_some(),
        typed,
        faults: Vec::new(),
        entry,
    })
}

/// Who sees the answer, for the owner.
fn seen_by(dossier: &Dossier, audience: Audience) -> Vec<String> {
    let shared = dossier.sharing != Sharing::Private && dossier.aim != Aim::E1ByChoice;
    let mut sentences = vec![
        "Whoever you ask is told that you ask, and sees this entry as it is now, and nothing else of your dossier.".to_owned(),
        if shared {
            "You and every CTO see their answer with their name.".to_owned()
        } else {
            "You alone see their answer with their name; every CTO does once you share the dossier.".to_owned()
        },
    ];
    if audience == Audience::Dossier {
        sentences.push(
            "Asking takes them off the vote: if your case is decided on later, they may speak as a witness, and have no ballot."
                .into(),
        );
    }
    sentences
}

/// The voice that each of the entry's capabilities still asks to hear. Who stays at E1 by choice is told of none.
async fn asked_voices(
    tx: &mut Tx,
    instance: &Instance,
    dossier: &Dossier,
    entry: &Entry,
) -> Result<Vec<(String, Option<AskedVoice>)>> {
    if dossier.aim == Aim::E1ByChoice {
        return Ok(Vec::new());
    }
    let framework = dossier.framework()?;
    let own = std::slice::from_ref(dossier);
    let assessed = cache::assessed(tx, instance, own, Reader::Owner, instance.today(), Lens::All).await?;
    let tagged = framework.capabilities.iter().filter(|c| entry.content.capabilities.contains(&c.id));
    Ok(tagged
        .map(|capability| {
            let found = assessed
                .first()
                .and_then(|a| a.capabilities.iter().find(|found| found.capability == capability.id));
            let missing = found.map(|found| &found.asked_voice).filter(|voice| !voice.heard);
            (capability.name.clone(), missing.map(|voice| voice.asks_for))
        })
        .collect())
}
