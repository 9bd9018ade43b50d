//! What those whom entries name know of it and answer: agreed, differs, or "don't name me".

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use uuid::Uuid;

use super::LINK_LIFE;
use crate::accounts::policy::{self, Act, EntryState};
use crate::accounts::{self, Actor, Role, clean_email, sessions};
use crate::audit::Change;
use crate::db::{self, Tx};
use crate::error::{Error, FieldError, Result};
use crate::evidence::dossiers;
use crate::evidence::visibility::TELLS_NAMED;
use crate::evidence::{Audience, NamedAnswer, NamedAs, Origin, Status, Via, actions, telling};
use crate::instance::Instance;
use crate::notices::{self, Kind, Letter, Notice};

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
}

/// The entries that tell somebody that they name them, those without an answer first, then the newest; all, or one.
pub async fn of_person(tx: &mut Tx, person: Uuid, cto: bool, entry: Option<Uuid>) -> db::Result<Vec<Naming>> {
    let sql = format!(
        "select e.id as entry_id, d.id as dossier_id, o.name as owner, e.title, e.from_date, e.from_is_month, \
         n.named_as, n.answer from entry_people n join entries e on e.id = n.entry_id \
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
        if let Some(known) = namings.iter_mut().find(|naming| naming.entry == row.entry_id) {
            known.parts.push(row.named_as);
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
/// [`Error::Invalid`] names `answer`; [`Error::NotFound`] for an entry that tells the actor nothing.
pub async fn answer(instance: &Instance, actor: &Actor, entry: Uuid, typed: &str) -> Result<Uuid> {
    let mut change = Change::begin(instance, Some(actor.account)).await?;
    let cto = actor.is(Role::Cto);
    let naming = one(change.tx(), actor.person, cto, entry).await?;
    let dossier = dossiers::find(change.tx(), naming.dossier).await?.ok_or(Error::NotFound)?;
    let (status, audience): (Status, Audience) =
        change.tx().query("select status, audience from entries where id = $1").bind(entry).one().await?;
    let state = EntryState { dossier: dossier.state(actor), status, audience };
    policy::decide(actor, Act::AnswerNaming(state, true)).require()?;
    let said = read(typed)?;
    keep(change, &naming, dossier.owner_account, said, Origin::of(Via::Account)).await
}

/// What a link for somebody named leads to.
pub async fn follow(tx: &mut Tx, token: &str, now: DateTime<Utc>) -> Result<Option<Link>> {
    /// The entry, the person, until when the link can be used, and when it was answered.
    type Row = (Uuid, Uuid, DateTime<Utc>, Option<DateTime<Utc>>);
    let found: Option<Row> = tx
        .query("select entry_id, person_id, expires_at, answered_at from namings where token_hash = $1")
        .bind(sessions::digest(token))
        .optional()
        .await?;
    let Some((entry, person, expires_at, answered_at)) = found else { return Ok(None) };
    let naming = of_person(tx, person, false, Some(entry)).await?.pop();
    Ok(Some(match naming {
        _ if answered_at.is_some() => Link::Used,
        None => Link::Gone,
        Some(_) if expires_at <= now => Link::Expired,
        Some(naming) => Link::Open(Box::new(naming)),
    }))
}

/// What became of a link for somebody named.
#[derive(Clone, Debug)]
pub enum Link {
    /// It can be answered.
    Open(Box<Naming>),
    /// It was answered.
    Used,
    /// It is too old.
    Expired,
    /// The entry was taken back, or names them no longer.
    Gone,
}

/// Keeps what somebody says of being named by a link, which is spent by it.
///
/// # Errors
/// [`Error::Invalid`] names `answer`; [`Error::NotFound`] when the link can't be used.
pub async fn answer_link(instance: &Instance, token: &str, typed: &str) -> Result<()> {
    let mut change = Change::begin(instance, None).await?;
    let Some(Link::Open(naming)) = follow(change.tx(), token, instance.now()).await? else {
        return Err(Error::NotFound);
    };
    let said = read(typed)?;
    lock(change.tx(), naming.entry).await?;
    let Some(Link::Open(naming)) = follow(change.tx(), token, instance.now()).await? else {
        return Err(Error::NotFound);
    };
    let dossier = dossiers::find(change.tx(), naming.dossier).await?.ok_or(Error::NotFound)?;
    keep(change, &naming, dossier.owner_account, said, Origin::of(Via::Link)).await.map(drop)
}

async fn keep(
    mut change: Change<'_>,
    naming: &Naming,
    owner: Uuid,
    said: NamedAnswer,
    origin: Origin<Uuid>,
) -> Result<Uuid> {
    let at = change.at();
    // In the order of those who edit an entry, so that none waits for the other.
    lock(change.tx(), naming.entry).await?;
    dossiers::touch(change.tx(), naming.dossier).await?;
    let answered = change
        .tx()
        .query(
            "update entry_people set answer = $3, via = $4, vouched_by = $5, vouched_on = $6 \
             where entry_id = $1 and person_id = $2",
        )
        .bind(naming.entry)
        .bind(naming.person)
        .bind(said)
        .bind(origin.via)
        .bind(origin.vouched_by())
        .bind(origin.vouched_on())
        .run()
        .await?;
    if answered == 0 {
        return Err(Error::NotFound);
    }
    let id = telling::naming(&mut change, naming.entry, naming.person).await?;
    change
        .tx()
        .query(
            "update namings set answer = $3, answered_at = $4, via = $5, vouched_by = $6, vouched_on = $7 \
             where entry_id = $1 and person_id = $2",
        )
        .bind(naming.entry)
        .bind(naming.person)
        .bind(said)
        .bind(at)
        .bind(origin.via)
        .bind(origin.vouched_by())
        .bind(origin.vouched_on())
        .run()
        .await?;
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
    change.note("naming.answered", "entry", Some(naming.entry), &(naming.person, said, origin.via));
    change.commit().await?;
    Ok(id)
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
    let mut change = Change::begin(instance, Some(actor.account)).await?;
    let (dossier, entry) = actions::find(change.tx(), actor, id, Act::ChangeEntry).await?;
    dossiers::lock(change.tx(), dossier.id).await?;
    let fault = |field: &str, message: &str| Error::Invalid(vec![FieldError::new(field, message)]);
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
    change
        .tx()
        .query("update namings set token_hash = $2, expires_at = $3, answered_at = null where id = $1")
        .bind(naming)
        .bind(sessions::digest(&token))
        .bind(at + LINK_LIFE)
        .run_expecting(1)
        .await?;
    let link = format!("{}/answers/{token}", instance.settings.url);
    if let Some(to) = email {
        notices::post(&mut change, letter(actor, to, naming, &named.name, &link)).await?;
    }
    change.note("naming.told", "entry", Some(entry.id), &json!({"person": named.person}));
    change.commit().await?;
    Ok((link, named.name.clone()))
}

fn letter(actor: &Actor, to: String, about: Uuid, name: &str, link: &str) -> Letter {
    let owner = &actor.name;
    let subject = format!("{owner} names you in a record of their work");
    let text = format!(
        "Dear {name},\n\n{owner} keeps a record of their work in Evident, and one entry in it names you. Kept about you \
         are your name, where you work as far as {owner} knows it, and your part in that entry. Those who read it are \
         {owner} and their CTO, and a committee if it comes to a decision on a promotion.\n\nWhich entry it is, and how to \
         agree, to say that it was otherwise, or to ask not to be named, is on this page:\n\n{link}\n\nThe link is yours \
         alone, lasts 30 days and can be used for one answer. Opening it answers nothing.\n"
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
}

/// What those whom an entry names were told.
pub async fn told(tx: &mut Tx, entry: Uuid) -> db::Result<Vec<Told>> {
    tx.query(
        "select distinct n.person_id, exists (select 1 from accounts a where a.person_id = n.person_id \
         and a.disabled_at is null) as account, t.told_at, t.expires_at from entry_people n \
         left join namings t on t.entry_id = n.entry_id and t.person_id = n.person_id where n.entry_id = $1",
    )
    .bind(entry)
    .all()
    .await
}
