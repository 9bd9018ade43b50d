//! What those whom entries name know of it and answer: agreed, differs, or "don't name me".

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::links::{Kept, Link, Opener};
use super::{LINK_LIFE, vouching};
use crate::accounts::{self, Actor, Role, clean_email, sessions};
use crate::audit::{self, Change, Event};
use crate::db::{self, Tx};
use crate::error::{Error, FieldError, Result};
use crate::evidence::dossiers;
use crate::evidence::named_store::{self, Saying};
use crate::evidence::visibility::TELLS_NAMED;
use crate::evidence::{Audience, NamedAnswer, NamedAs, Origin, Status, Via, actions, telling, words};
use crate::instance::Instance;
use crate::notices::{self, Kind, Letter, Notice};
use crate::policy::{self, EntryAct, EntryState, VoiceAct};

/// An entry that names somebody, as they are told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naming {
    /// The entry.
    pub entry: Uuid,
    /// The dossier that it is in.
    pub dossier: Uuid,
    /// Who is named.
    pub person: Uuid,
    /// By whom.
    pub owner: String,
    /// In which sentence.
    pub title: String,
    /// When that was.
    pub from: Option<NaiveDate>,
    /// Whether that was given as a month.
    pub from_is_month: bool,
    /// As what.
    pub parts: Vec<NamedAs>,
    /// What they answered.
    pub answer: Option<NamedAnswer>,
    /// How that came and whether it stands, where it came by mail or link.
    pub came: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    entry_id: Uuid,
    dossier_id: Uuid,
    owner: String,
    title: String,
    from_date: Option<NaiveDate>,
    from_is_month: bool,
    named_as: NamedAs,
    answer: Option<NamedAnswer>,
    via: Via,
    vouched_on: Option<NaiveDate>,
}

impl Row {
    fn came(&self) -> Option<String> {
        (self.answer.is_some() && self.via != Via::Account)
            .then(|| words::came(self.via, self.vouched_on, None))
    }
}

/// The entries that tell somebody that they name them, those without an answer first, then the newest; all, or one.
pub async fn of_person(tx: &mut Tx, person: Uuid, cto: bool, entry: Option<Uuid>) -> db::Result<Vec<Naming>> {
    let sql = format!(
        "select e.id as entry_id, d.id as dossier_id, o.name as owner, e.title, e.from_date, e.from_is_month, \
         n.named_as, n.answer, n.via, n.vouched_on from entry_people n join entries e on e.id = n.entry_id \
         join dossiers d on d.id = e.dossier_id join people o on o.id = d.owner_person \
         where n.person_id = $1 and {TELLS_NAMED} and ($3 or e.id = $4) \
         order by case when n.answer is null then 0 else 1 end, e.from_date desc, e.id desc, n.position"
    );
    let rows: Vec<Row> = tx
        .query_built(sql)
        .bind(person)
        .bind(cto)
        .bind(entry.is_none())
        .bind(entry.unwrap_or_default())
        .all()
        .await?;
    let mut namings: Vec<Naming> = Vec::new();
    for row in rows {
        let came = row.came();
        if let Some(known) = namings.iter_mut().find(|naming| naming.entry == row.entry_id) {
            known.parts.push(row.named_as);
            known.came = known.came.take().or(came);
            known.answer = known.answer.or(row.answer);
            continue;
        }
        namings.push(Naming {
            entry: row.entry_id,
            dossier: row.dossier_id,
            person,
            owner: row.owner,
            title: row.title,
            from: row.from_date,
            from_is_month: row.from_is_month,
            parts: vec![row.named_as],
            answer: row.answer,
            came,
        });
    }
    Ok(namings)
}

/// Reads the answer that was chosen.
fn read(typed: &str) -> Result<NamedAnswer> {
    typed
        .parse()
        .map_err(|_| Error::Invalid(vec![FieldError::new("answer", "Choose one of the three answers.")]))
}

/// Keeps what the actor says of being named in an entry. They may answer anew.
///
/// # Errors
/// [`Error::Invalid`] names `answer`; [`Error::NotFound`] for an entry that tells the actor nothing; [`Error::Conflict`] in a
/// browser of whoever names them.
pub async fn answer(
    instance: &Instance,
    actor: &Actor,
    opener: &Opener,
    entry: Uuid,
    typed: &str,
) -> Result<Uuid> {
    let mut change = Change::begin(instance, actor).await?;
    let cto = actor.is(Role::Cto);
    let naming = one(change.tx(), actor.person, cto, entry).await?;
    let dossier = dossiers::find_for(change.tx(), actor, naming.dossier).await?.ok_or(Error::NotFound)?;
    let (status, audience): (Status, Audience) =
        change.tx().query("select status, audience from entries where id = $1").bind(entry).one().await?;
    let state = EntryState { dossier: dossier.state(actor), status, audience };
    policy::decide(&actor.roles, VoiceAct::AnswerNaming(state, true)).require()?;
    opener.require_other(change.tx(), instance, dossier.owner_account).await?;
    let said = read(typed)?;
    keep(instance, change, &naming, dossier.owner_account, said, (Origin::of(Via::Account), None)).await
}

/// A naming that a link leads to, by which way the link went, the address that it was mailed to, and the id of its row.
type Followed = (Naming, Via, Option<String>, Uuid);

/// What is kept about a link for somebody named.
#[derive(sqlx::FromRow)]
struct LinkRow {
    id: Uuid,
    entry_id: Uuid,
    person_id: Uuid,
    owner_account: Uuid,
    expires_at: DateTime<Utc>,
    spent_at: Option<DateTime<Utc>>,
    mail_token_hash: Option<Vec<u8>>,
    address: Option<String>,
}

/// What a link for somebody named leads to, for who opens it; none when it is no such link.
pub async fn follow(
    tx: &mut Tx,
    instance: &Instance,
    token: &str,
    opener: &Opener,
) -> Result<Option<Link<Followed>>> {
    let digest = sessions::digest(token);
    let found: Option<LinkRow> = tx
        .query(
            "select n.id, n.entry_id, n.person_id, d.owner_account, n.expires_at, n.spent_at, n.mail_token_hash, \
             n.address from namings n join entries e on e.id = n.entry_id join dossiers d on d.id = e.dossier_id \
             where n.token_hash = $1 or n.mail_token_hash = $1",
        )
        .bind(digest.clone())
        .optional()
        .await?;
    let Some(row) = found else { return Ok(None) };
    if row.spent_at.is_some() {
        return Ok(Some(Link::Used));
    }
    let naming = of_person(tx, row.person_id, false, Some(row.entry_id)).await?.pop();
    let Some(naming) = naming else { return Ok(Some(Link::Gone)) };
    let via = if row.mail_token_hash.as_ref() == Some(&digest) { Via::Mail } else { Via::Link };
    let kept = Kept {
        owner: row.owner_account,
        person: row.person_id,
        expires_at: Some(row.expires_at),
        path: format!("/named?naming={id}#naming-{id}", id = row.id),
    };
    let from = row.address.filter(|_| via == Via::Mail);
    Ok(Some(kept.open(tx, instance, opener, (naming, via, from, row.id)).await?))
}

/// Keeps what somebody says of being named by a link, which is spent by it, and the other one of the same letter with it.
///
/// # Errors
/// [`Error::Invalid`] names `answer`; [`Error::NotFound`] when the link can't be used by who opens it.
pub async fn answer_link(instance: &Instance, token: &str, opener: &Opener, typed: &str) -> Result<()> {
    let mut tx = instance.db.read().await?;
    let Some(Link::Open(found)) = follow(&mut tx, instance, token, opener).await? else {
        return Err(Error::NotFound);
    };
    drop(tx);
    let mut change = Change::begin(instance, audit::Origin::Link(Some(found.3))).await?;
    let said = read(typed)?;
    lock(change.tx(), found.0.entry).await?;
    let Some(Link::Open(found)) = follow(change.tx(), instance, token, opener).await? else {
        return Err(Error::NotFound);
    };
    let (naming, via, from, _) = *found;
    let dossier = dossiers::find(change.tx(), naming.dossier).await?.ok_or(Error::NotFound)?;
    let (person, owner) = (naming.person, dossier.owner_person);
    let vouched = vouching::beforehand(change.tx(), instance, person, from.as_deref(), owner).await?;
    let came = (Origin { via, vouched }, from);
    keep(instance, change, &naming, dossier.owner_account, said, came).await.map(drop)
}

async fn keep(
    instance: &Instance,
    mut change: Change<'_>,
    naming: &Naming,
    owner: Uuid,
    answer: NamedAnswer,
    (origin, from): (Origin<Uuid>, Option<String>),
) -> Result<Uuid> {
    let at = change.at();
    // In the order of those who edit an entry, so that none waits for the other.
    lock(change.tx(), naming.entry).await?;
    dossiers::touch(change.tx(), naming.dossier).await?;
    let Some(named) = of_entry(change.tx(), naming).await? else { return Err(Error::NotFound) };
    let id = telling::naming(&mut change, naming.entry, naming.person).await?;
    let said = Saying { answer, origin, from, parts: named, on: instance.today(), at };
    named_store::keep(change.tx(), id, (naming.entry, naming.person), &said).await?;
    notices::settle(&mut change, Kind::Named, id, None).await?;
    notices::recall(&mut change, id).await?;
    let notice = Notice {
        to: owner,
        kind: Kind::NamedAnswer,
        about: id,
        by: Some(naming.person),
        path: format!("/evidence/{}/named", naming.entry),
    };
    notices::tell(&mut change, notice).await?;
    change.record(Event::NamingAnswered, Some(naming.entry), &(naming.person, answer, origin.via));
    change.commit().await?;
    Ok(id)
}

/// As what an entry names somebody now; none when it does no longer.
async fn of_entry(tx: &mut Tx, naming: &Naming) -> db::Result<Option<Vec<NamedAs>>> {
    let parts: Vec<(NamedAs,)> = tx
        .query("select named_as from entry_people where entry_id = $1 and person_id = $2 order by position")
        .bind(naming.entry)
        .bind(naming.person)
        .all()
        .await?;
    Ok(Some(parts.into_iter().map(|(part,)| part).collect()).filter(|parts: &Vec<_>| !parts.is_empty()))
}

/// Keeps others from changing an entry until the transaction ends.
async fn lock(tx: &mut Tx, entry: Uuid) -> db::Result<()> {
    let lock = tx.query_either(
        "select id from entries where id = $1",
        "select id from entries where id = $1 for no key update",
    );
    lock.bind(entry).one::<(Uuid,)>().await.map(drop)
}

async fn one(tx: &mut Tx, person: Uuid, cto: bool, entry: Uuid) -> Result<Naming> {
    of_person(tx, person, cto, Some(entry)).await?.pop().ok_or(Error::NotFound)
}

/// Makes a link by which somebody without an account reads that an entry names them, and objects; mails it where there is
/// an address. Returns the link, to hand over, and their name.
///
/// # Errors
/// [`Error::Invalid`] names `person` and `email`; [`Error::Conflict`] for an entry that others can't read yet.
pub async fn write(
    instance: &Instance,
    actor: &Actor,
    id: &str,
    person: &str,
    email: &str,
) -> Result<(String, String)> {
    let mut change = Change::begin(instance, actor).await?;
    let (dossier, entry) = actions::find(change.tx(), actor, id, EntryAct::Change).await?;
    dossiers::lock(change.tx(), dossier.id).await?;
    let fault = |field: &'static str, message: &str| Error::Invalid(vec![FieldError::new(field, message)]);
    let named = entry.people.iter().find(|named| named.person.to_string() == person);
    let named = named.ok_or_else(|| fault("person", "Choose somebody whom the entry names."))?;
    if accounts::store::of_person(change.tx(), named.person).await?.is_some() {
        return Err(fault("person", "They have an account, and are told in the app."));
    }
    if of_person(change.tx(), named.person, false, Some(entry.id)).await?.is_empty() {
        return Err(Error::Conflict(
            "Nobody else can read this entry yet. They are told once it is published and shared with more than CTOs alone."
                .into(),
        ));
    }
    let email = match email.trim() {
        "" => None,
        typed => Some(clean_email(typed).map_err(|message| fault("email", message))?),
    };
    let naming = telling::naming(&mut change, entry.id, named.person).await?;
    notices::recall(&mut change, naming).await?;
    if let Some(to) = &email
        && let Some(message) = notices::too_many(change.tx(), actor.account, to, instance.now()).await?
    {
        return Err(fault("email", &message));
    }
    let (token, at) = (sessions::token(instance), change.at());
    // The letter has a link of its own, which nobody else ever sees: so an answer tells by which way it came. What they
    // answered before stands until they answer anew.
    let mailed = email.map(|to| (sessions::token(instance), to));
    let digest = sessions::digest(&token);
    let to = mailed.as_ref().map(|(token, to)| (sessions::digest(token), to.clone()));
    named_store::give_link(change.tx(), naming, (digest, at + LINK_LIFE), to).await?;
    let address = |token: &str| format!("{}/answers/{token}", instance.settings.url);
    let link = address(&token);
    if let Some((token, to)) = mailed {
        notices::post(&mut change, letter(actor, to, naming, &named.name, &address(&token))).await?;
    }
    change.record(Event::NamingTold, Some(entry.id), &json!({"person": named.person}));
    change.commit().await?;
    Ok((link, named.name.clone()))
}

fn letter(actor: &Actor, to: String, about: Uuid, name: &str, link: &str) -> Letter {
    let subject = format!("Evident: {} names you in a record of their work", notices::called(&actor.name));
    let text = format!(
        "Evident keeps evidence of what people did at work. Somebody who keeps theirs there gave your address, since one \
         entry names you. Kept about you are your name, where you work as far as they know it, and your part in that \
         entry. Those who read it are they and their CTO, and a committee if it comes to a decision on a \
         promotion.\n\nWhich entry it is, and how to agree, to say that it was otherwise, or to ask not to be named, is on \
         this page:\n\n{link}\n\nThe link is yours alone, lasts 30 days and can be used for one answer. Opening it answers \
         nothing.\n\n{}",
        notices::in_their_words(&actor.name, name)
    );
    Letter { by: actor.account, to, kind: Kind::Named, about, subject, text }
}

/// What somebody whom an entry names was told and said, for its owner.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Told {
    /// Who.
    pub person_id: Uuid,
    /// Whether they have an account, and are told in the app.
    pub account: bool,
    /// Since when they were told, if so.
    pub told_at: Option<DateTime<Utc>>,
    /// Until when a link can be used.
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether they answered anew by mail or link, and nobody vouched for that yet.
    pub waits: bool,
    /// Whether they asked by mail or link not to be named, beside an answer that stands until somebody vouches for that.
    pub masked: bool,
}

/// What those whom an entry names were told.
pub async fn told(tx: &mut Tx, entry: Uuid) -> db::Result<Vec<Told>> {
    tx.query(
        "select distinct n.person_id, exists (select 1 from accounts a where a.person_id = n.person_id \
         and a.disabled_at is null) as account, t.told_at, t.expires_at, \
         t.later_answer is not null as waits, t.masked_on is not null as masked from entry_people n \
         left join namings t on t.entry_id = n.entry_id and t.person_id = n.person_id where n.entry_id = $1",
    )
    .bind(entry)
    .all()
    .await
}
