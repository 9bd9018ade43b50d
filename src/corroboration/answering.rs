//! Answering what was asked: in the app as the account of the person asked, or by a link.

use serde::Deserialize;
use uuid::Uuid;

use super::answer_store::{self, Said};
use super::links::{Kept, Link, Opener};
use super::store::{self, Request};
use super::{ACCOUNT, COMMENT, Question, vouching};
use super::{CorroborationAnswer, superseding};
use crate::accounts::{self, Actor, Role, sessions};
use crate::audit::{self, Change, Event};
use crate::db::Tx;
use crate::error::{Error, Faults, Result};
use crate::evidence::dossiers::{self, Dossier};
use crate::evidence::superseding::is_outdated;
use crate::evidence::{Audience, Origin, Status, Via};
use crate::instance::Instance;
use crate::notices::{self, Kind, Notice};
use crate::policy::{self, EntryState, RequestState, VoiceAct};
use crate::text;

/// An answer, as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct AnswerForm {
    /// The answer that was chosen.
    #[serde(default)]
    pub answer: String,
    /// The other version, where it differs.
    #[serde(default)]
    pub account: String,
    /// A sentence that may be quoted.
    #[serde(default)]
    pub comment: String,
}

/// A request that the actor may read and answer, with the dossier that it is about.
///
/// # Errors
/// [`Error::NotFound`] for every other.
pub async fn find(tx: &mut Tx, actor: &Actor, id: Uuid) -> Result<(Request, Dossier)> {
    let cto = actor.is(Role::Cto);
    let request = store::answerable(tx, id, actor.person, cto).await?.ok_or(Error::NotFound)?;
    let dossier = dossiers::find_for(tx, actor, request.dossier_id).await?.ok_or(Error::NotFound)?;
    let (status, audience): (Status, Audience) =
        tx.query("select status, audience from entries where id = $1").bind(request.entry_id).one().await?;
    let state = RequestState {
        entry: EntryState { dossier: dossier.state(actor), status, audience },
        asked: request.person_id == actor.person,
        closed: request.closed_at.is_some(),
    };
    policy::decide(&actor.roles, VoiceAct::AnswerRequest(state)).require()?;
    Ok((request, dossier))
}

/// What a link leads to, for who opens it.
pub async fn follow(
    tx: &mut Tx,
    instance: &Instance,
    token: &str,
    opener: &Opener,
) -> Result<Link<(Request, Via)>> {
    let Some((request, via, open)) = store::of_link(tx, &sessions::digest(token)).await? else {
        return Ok(Link::Gone);
    };
    if request.answered_at.is_some() {
        return Ok(Link::Used);
    }
    let kept = Kept {
        owner: request.asked_by,
        person: request.person_id,
        expires_at: request.expires_at.filter(|_| open),
        path: format!("/requests/{}", request.id),
    };
    Ok(kept.open(tx, instance, opener, (request, via)).await?)
}

/// Keeps an answer that is given in the app. One may answer anew; the later answer stands, and all are kept.
///
/// # Errors
/// [`Error::Invalid`] names `answer`, `account` and `comment`; [`Error::Conflict`] in a browser of whoever asks.
pub async fn answer(
    instance: &Instance,
    actor: &Actor,
    opener: &Opener,
    id: Uuid,
    form: &AnswerForm,
) -> Result<()> {
    let mut change = Change::begin(instance, actor).await?;
    let (request, dossier) = find(change.tx(), actor, id).await?;
    opener.require_other(change.tx(), instance, dossier.owner_account).await?;
    let said = read(request.question, form)?;
    dossiers::touch(change.tx(), request.dossier_id).await?;
    // What was found before the lock may be gone by now.
    let (request, dossier) = find(change.tx(), actor, id).await?;
    let at = change.at();
    store::mark_answered(change.tx(), request.id, at).await?;
    if request.question == Question::Happened {
        notices::settle(&mut change, Kind::Superseded, request.entry_id, Some(actor.account)).await?;
    }
    keep(instance, change, &request, &dossier, &said, Origin::of(Via::Account)).await
}

/// Keeps an answer that is given by a link, which is spent by it, and the other link of the request with it.
///
/// # Errors
/// [`Error::Invalid`] as [`answer`]; [`Error::NotFound`] when the link can't be used by who opens it.
pub async fn answer_link(instance: &Instance, token: &str, opener: &Opener, form: &AnswerForm) -> Result<()> {
    let mut tx = instance.db.read().await?;
    let Link::Open(found) = follow(&mut tx, instance, token, opener).await? else {
        return Err(Error::NotFound);
    };
    drop(tx);
    let mut change = Change::begin(instance, audit::Origin::Link(Some(found.0.id))).await?;
    let said = read(found.0.question, form)?;
    dossiers::touch(change.tx(), found.0.dossier_id).await?;
    let Link::Open(found) = follow(change.tx(), instance, token, opener).await? else {
        return Err(Error::NotFound);
    };
    let (request, via) = *found;
    let dossier = dossiers::find(change.tx(), request.dossier_id).await?.ok_or(Error::NotFound)?;
    let at = change.at();
    if !store::mark_answered(change.tx(), request.id, at).await? {
        return Err(Error::NotFound);
    }
    let from = request.address.as_deref().filter(|_| via == Via::Mail);
    let (person, owner) = (request.person_id, dossier.owner_person);
    let vouched = vouching::beforehand(change.tx(), instance, person, from, owner).await?;
    keep(instance, change, &request, &dossier, &said, Origin { via, vouched }).await
}

async fn keep(
    instance: &Instance,
    mut change: Change<'_>,
    request: &Request,
    dossier: &Dossier,
    said: &Said,
    origin: Origin<Uuid>,
) -> Result<()> {
    let (id, at) = (change.new_id(), change.at());
    if !repeats(change.tx(), request, said, origin).await? {
        let today = instance.today();
        let on = answer_store::insert_answer(change.tx(), id, request, said, origin, today, at).await?;
        // They answered what they were asked about, which the entry may no longer say.
        let confirmed = matches!(said, Said::Happened { answer: CorroborationAnswer::Confirmed, .. });
        if confirmed && is_outdated(change.tx(), request.entry_id, request.revision).await? {
            superseding::supersede(change.tx(), id, on).await?;
        }
        let kind = match said {
            Said::Happened { answer: CorroborationAnswer::Differs, .. } => Kind::Differs,
            _ => Kind::Answered,
        };
        let path = match said {
            Said::Happened { .. } => format!("/corroborations/{id}"),
            Said::Holds { .. } => format!("/evidence/{}#voices-h", request.entry_id),
        };
        let by = Some(request.person_id);
        notices::tell(&mut change, Notice { to: dossier.owner_account, kind, about: id, by, path }).await?;
    }
    for kind in [Kind::Corroboration, Kind::Durability] {
        notices::settle(&mut change, kind, request.id, None).await?;
    }
    notices::recall(&mut change, request.id).await?;
    change.record(Event::CorroborationAnswered, Some(request.id), &(id, said, origin.via));
    change.commit().await
}

/// Somebody confirmed an entry without being asked, or in another place than the request: what they were asked about it is
/// answered by that.
pub async fn confirmed_otherwise(change: &mut Change<'_>, entry: Uuid, person: Uuid) -> Result<()> {
    let open: Vec<(Uuid,)> = change
        .tx()
        .query(
            "select id from requests where entry_id = $1 and person_id = $2 and question = 'happened' \
             and answered_at is null and closed_at is null",
        )
        .bind(entry)
        .bind(person)
        .all()
        .await?;
    let at = change.at();
    for (request,) in open {
        store::mark_answered(change.tx(), request, at).await?;
        notices::settle(change, Kind::Corroboration, request, None).await?;
        notices::recall(change, request).await?;
    }
    if let Some(account) = accounts::store::of_person(change.tx(), person).await? {
        notices::settle(change, Kind::Superseded, entry, Some(account)).await?;
    }
    Ok(())
}

/// Whether somebody said the very same last time by the same way: a form that was sent twice.
async fn repeats(tx: &mut Tx, request: &Request, said: &Said, origin: Origin<Uuid>) -> Result<bool> {
    Ok(match said {
        Said::Happened { answer, account, comment } => {
            store::given(tx, request.entry_id, request.person_id).await?.first().is_some_and(|last| {
                last.answer == *answer
                    && last.account == *account
                    && last.comment == *comment
                    && last.revision == request.revision
                    && last.settled_on.is_none()
                    && last.superseded_on.is_none()
                    && last.via == origin.via
            })
        }
        Said::Holds { .. } => false,
    })
}

fn read(question: Question, form: &AnswerForm) -> Result<Said> {
    let mut faults = Faults::default();
    let comment = faults.take("comment", text::one_line(&form.comment)).unwrap_or_default();
    if comment.chars().count() > COMMENT {
        faults.add("comment", format!("A sentence to be quoted has at most {COMMENT} characters."));
    }
    let said = match question {
        Question::Happened => {
            let answer = form.answer.parse::<CorroborationAnswer>().ok();
            if answer.is_none() {
                faults.add("answer", "Choose one of the four answers.");
            }
            let mut account = faults.take("account", text::lines(&form.account)).unwrap_or_default();
            if account.chars().count() > ACCOUNT {
                faults.add("account", "Your version has at most 20,000 characters.");
            }
            if answer != Some(CorroborationAnswer::Differs) {
                // What was typed and then not chosen is not kept.
                account = String::new();
            } else if account.is_empty() && !faults.0.iter().any(|fault| fault.field == "account") {
                faults.add("account", "Say how you remember it.");
            }
            let comment = if answer == Some(CorroborationAnswer::Declined) { String::new() } else { comment };
            answer.map(|answer| Said::Happened { answer, account, comment })
        }
        Question::Holds => {
            let answer = form.answer.parse().ok();
            if answer.is_none() {
                faults.add("answer", "Choose one of the three answers.");
            }
            answer.map(|answer| Said::Holds { answer, comment })
        }
    };
    faults.done(said)
}
