//! What the owner of an entry can do: ask somebody about it, and take that back.

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::store::{self, NewRequest};
use super::{LINK_LIFE, Question, durability, following};
use crate::accounts::{self, Actor, Role, clean_email, sessions};
use crate::audit::{Change, Event};
use crate::db::{Tx, placeholders};
use crate::error::{Error, Faults, Result};
use crate::evidence::dossiers;
use crate::evidence::input::Whom;
use crate::evidence::naming::{self, Known, KnownPerson};
use crate::evidence::{Audience, Status, actions};
use crate::instance::Instance;
use crate::notices::{self, Kind, Letter, Notice};
use crate::policy::EntryAct;

/// Whom to ask, as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct AskForm {
    /// The id of somebody offered, or `other`.
    #[serde(default)]
    pub person: String,
    /// A name, for `other`.
    #[serde(default)]
    pub other: String,
    /// Where a link is mailed to, for somebody without an account.
    #[serde(default)]
    pub email: String,
    /// `happened` or `holds`.
    #[serde(default)]
    pub question: String,
    /// Whether this is the one click that asks again: a letter goes to where the last went.
    #[serde(default)]
    pub again: String,
}

/// What came of asking.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The request.
    pub request: Uuid,
    /// Who was asked.
    pub name: String,
    /// The address of the link to hand over, shown this once; none for somebody who answers in the app.
    pub link: Option<String>,
    /// The address that it is mailed to.
    pub mailed_to: Option<String>,
}

/// Asks somebody about a published entry: in the app where they have an account, by a link otherwise. Asking again takes
/// the earlier request back.
///
/// # Errors
/// [`Error::Invalid`] names `person`, `other` and `email`; [`Error::Conflict`] for an entry that is not published.
pub async fn ask(instance: &Instance, actor: &Actor, id: &str, form: &AskForm) -> Result<Asked> {
    let mut change = Change::begin(instance, actor).await?;
    let (dossier, entry) = actions::find(change.tx(), actor, id, EntryAct::Change).await?;
    // Lists say whom it is worth asking again.
    dossiers::touch(change.tx(), dossier.id).await?;
    if entry.status != Status::Final {
        return Err(Error::Conflict("Only published evidence can be asked about. Publish it first.".into()));
    }
    let question = if form.question.is_empty() {
        Question::Happened
    } else {
        form.question
            .parse()
            .map_err(|_| Error::Malformed("The question is neither “happened” nor “holds”.".into()))?
    };
    let mut faults = Faults::default();
    let known = Known::load(change.tx(), actor, Some(entry.id), instance.today()).await?;
    let person = whom(actor, form, &known, &mut faults);
    let moment = durability::moment(change.tx(), entry.id).await?;
    if question == Question::Holds && moment.is_none() {
        return Err(Error::Conflict("It is not time yet to ask whether this holds.".into()));
    }
    let mut account = None;
    if let Some(person) = &person {
        let field = if form.person == "other" { "other" } else { "person" };
        account = accounts::store::of_person(change.tx(), person.id).await?;
        if entry.content.audience == Audience::Cto && !is_cto(change.tx(), account).await? {
            faults.add(field, "This entry is for CTOs alone. Ask a CTO, or change who may read it first.");
        }
        if question == Question::Holds
            && let Some(message) = durability::unfit(change.tx(), &dossier, person, instance.today()).await?
        {
            faults.add(field, message);
        }
    }
    let email = match form.email.trim() {
        "" => match &person {
            Some(person) if !form.again.is_empty() => {
                store::last_address(change.tx(), actor.account, person.id).await?
            }
            _ => None,
        },
        typed => faults.take("email", clean_email(typed)),
    };
    // Somebody with an account is told in the app.
    let email = email.filter(|_| account.is_none());
    if let Some(to) = &email
        && let Some(message) = notices::too_many(change.tx(), actor.account, to, instance.now()).await?
    {
        faults.add("email", message);
    }
    let person = faults.done(person)?;
    let earlier = store::standing(change.tx(), entry.id, person.id, question).await?;
    following::close_requests(&mut change, &earlier).await?;
    let (id, at) = (change.new_id(), change.at());
    let token = account.is_none().then(|| sessions::token(instance));
    // The letter has a link of its own, which nobody else ever sees: so an answer tells by which way it came.
    let mailed = email.as_ref().map(|to| (sessions::token(instance), to.clone()));
    let new = NewRequest {
        id,
        entry: entry.id,
        person: person.id,
        asked_by: actor.account,
        question,
        months: moment.as_ref().filter(|_| question == Question::Holds).map(|moment| moment.months),
        revision: entry.revision,
        link: token.as_ref().map(|token| (sessions::digest(token), at + LINK_LIFE)),
        mailed: mailed.as_ref().map(|(token, to)| (sessions::digest(token), to.clone())),
        at,
    };
    let months = new.months;
    store::insert(change.tx(), new).await?;
    if let Some(moment) = moment.filter(|_| question == Question::Holds) {
        following::close_moments(&mut change, &[moment.id]).await?;
    }
    let kind = match question {
        Question::Happened => Kind::Corroboration,
        Question::Holds => Kind::Durability,
    };
    let address = |token: &str| format!("{}/answers/{token}", instance.settings.url);
    let link = token.as_deref().map(address);
    if let Some(account) = account {
        let path = format!("/requests/{id}");
        // What they are asked anew now takes the place of the word that what they said no longer counts.
        if question == Question::Happened {
            notices::settle(&mut change, Kind::Superseded, entry.id, Some(account)).await?;
        }
        let notice = Notice { to: account, kind, about: id, by: Some(actor.person), path };
        notices::tell(&mut change, notice).await?;
    }
    if let Some((token, to)) = mailed {
        notices::post(&mut change, letter(actor, to, kind, id, &person.name, &address(&token))).await?;
    }
    change.record(
        Event::CorroborationAsked,
        Some(id),
        &json!({"entry": entry.id, "person": person.id, "question": question, "months": months, "revision": entry.revision}),
    );
    change.commit().await?;
    Ok(Asked { request: id, name: person.name, link, mailed_to: email })
}

/// Takes a request back that nobody has answered.
///
/// # Errors
/// [`Error::NotFound`] when the actor has no such request; [`Error::Conflict`] once it is answered.
pub async fn take_back(instance: &Instance, actor: &Actor, id: Uuid) -> Result<Uuid> {
    let mut change = Change::begin(instance, actor).await?;
    let found = store::own(change.tx(), id, actor.account).await?.ok_or(Error::NotFound)?;
    dossiers::touch(change.tx(), found.dossier_id).await?;
    let request = store::own(change.tx(), id, actor.account).await?.ok_or(Error::NotFound)?;
    if request.closed_at.is_some() {
        return Ok(request.entry_id);
    }
    if request.answered_at.is_some() {
        return Err(Error::Conflict(format!("{} has answered in the meantime.", request.name)));
    }
    following::close_requests(&mut change, &[id]).await?;
    change.record(Event::CorroborationTakenBack, Some(id), &request.entry_id);
    change.commit().await?;
    Ok(request.entry_id)
}

/// The one who is to be asked, by what was chosen or typed.
fn whom(actor: &Actor, form: &AskForm, known: &Known, faults: &mut Faults) -> Option<KnownPerson> {
    let (field, typed) = match form.person.as_str() {
        "" => {
            faults.add("person", "Choose whom to ask.");
            return None;
        }
        "other" => ("other", form.other.trim()),
        id => ("person", id),
    };
    if typed.is_empty() {
        faults.add(field, "Enter the name of whom to ask.");
        return None;
    }
    let whom = Whom::from(typed);
    if naming::is_self(&whom, actor) {
        faults.add(field, "This is you. Ask somebody else who was there.");
        return None;
    }
    faults.take(field, known.one(&whom)).cloned()
}

/// Whether an account is a CTO's.
pub(super) async fn is_cto(tx: &mut Tx, account: Option<Uuid>) -> Result<bool> {
    match account {
        Some(account) => Ok(accounts::store::roles(tx, account).await?.contains(&Role::Cto)),
        None => Ok(false),
    }
}

/// A letter with a link to answer by. It tells who asks and nothing of the entry.
fn letter(actor: &Actor, to: String, kind: Kind, about: Uuid, name: &str, link: &str) -> Letter {
    let subject = format!("Evident: {} asks you about their work", notices::called(&actor.name));
    let what = if kind == Kind::Durability {
        "whether a solution that they describe there still holds"
    } else {
        "whether something happened as they wrote it"
    };
    let text = format!(
        "Evident keeps evidence of what people did at work. Somebody who keeps theirs there gave your address, to ask you \
         {what}.\n\nWhat the entry says, who will see your answer, and the ways to answer are on this page:\n\n{link}\n\n\
         The link is yours alone, lasts 30 days and can be used for one answer. Opening it answers nothing. You may \
         also decline there, or do nothing.\n\n{}",
        notices::in_their_words(&actor.name, name)
    );
    Letter { by: actor.account, to, kind, about, subject, text }
}

/// Those among people who report to the candidate on a day: their word counts only for having been developed.
pub async fn reports_of(
    tx: &mut Tx,
    candidate: Uuid,
    people: &[Uuid],
    today: chrono::NaiveDate,
) -> Result<Vec<Uuid>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    // Of what others than the candidate recorded, the latest decides.
    let counts = |alias: &str| {
        format!("{alias}.from_date <= $2 and ({alias}.recorded_by is null or {alias}.recorded_by <> $1)")
    };
    let sql = format!(
        "select l.person_id from person_levels l where l.reports_to = $1 and {} and l.person_id in ({}) \
         and not exists (select 1 from person_levels n where n.person_id = l.person_id and {} \
         and (n.from_date > l.from_date or n.from_date = l.from_date and n.position > l.position))",
        counts("l"),
        placeholders(3, people.len()),
        counts("n")
    );
    let query = tx.query_built(sql).bind(candidate).bind(today).bind_all(people.iter().copied());
    let reports: Vec<(Uuid,)> = query.all().await?;
    Ok(reports.into_iter().map(|(person,)| person).collect())
}
