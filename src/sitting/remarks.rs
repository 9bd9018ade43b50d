//! What CTOs remark on single entries: judgements and comments, private among CTOs or released to the owner, who may reply.
//! Nothing is edited: a judgement is corrected by a further one, and the latest counts.

use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::actions::tell_release;
use super::forms::short;
use crate::accounts::{self, Actor};
use crate::audit::{Change, Event};
use crate::db::Tx;
use crate::error::{Error, Faults, Result};
use crate::evidence::dossiers::{self, Dossier};
use crate::evidence::superseding::is_outdated;
use crate::evidence::visibility::{READS_REMARK, Viewer};
use crate::evidence::{self, Entry};
use crate::instance::Instance;
use crate::notices::{self, Notice};
use crate::policy::{self, EntryState, SittingAct};
use crate::review::remark_store::{self, Kind, NewRemark};
use crate::review::{Field, Judgement, superseding};

/// Longest reason, comment and reply, in characters.
pub const LONGEST: usize = 2_000;

/// A remark as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct RemarkForm {
    /// The judgement, of a judgement.
    pub judgement: String,
    /// The field, of a comment.
    pub field: String,
    /// The reason, the comment or the reply.
    pub text: String,
    /// The entry's revision that was read.
    pub revision: String,
    /// `release` or `keep`.
    #[serde(rename = "do")]
    pub doing: String,
}

impl RemarkForm {
    fn releases(&self) -> bool {
        self.doing == "release"
    }

    fn text(&self, faults: &mut Faults, what: &str, missing: &str) -> Option<String> {
        let text = faults.take("text", short(&self.text, LONGEST, what))?;
        if text.is_empty() {
            faults.add("text", missing);
        }
        Some(text)
    }

    /// The revision that was read; without one that can be, the present one.
    fn revision(&self, entry: &Entry) -> i64 {
        self.revision
            .parse()
            .ok()
            .filter(|read| (1..=entry.revision).contains(read))
            .unwrap_or(entry.revision)
    }
}

/// A remark with its entry, as the viewer may read it.
pub struct Found {
    /// Its id.
    pub id: Uuid,
    /// Its author's name.
    pub by: String,
    /// Its text.
    pub text: String,
    /// What its owner replied.
    pub reply: Option<String>,
    /// Its author, as a leader.
    author: Uuid,
    released_on: Option<NaiveDate>,
    /// The dossier of its entry.
    pub dossier: Dossier,
    /// Its entry.
    pub entry: Entry,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    entry_id: Uuid,
    by_name: String,
    text: String,
    reply: Option<String>,
    author: Uuid,
    released_on: Option<NaiveDate>,
}

/// A remark that the actor may read.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or none that they may know of.
pub async fn find(tx: &mut Tx, actor: &Actor, kind: Kind, id: Uuid) -> Result<Found> {
    let (text, author) = match kind {
        Kind::Assessment => ("r.reason as text", "p.id = r.person_id"),
        Kind::Comment => ("r.text", "p.id = (select a.person_id from accounts a where a.id = r.account_id)"),
    };
    let sql = format!(
        "select r.id, r.entry_id, p.name as by_name, {text}, r.reply, p.id as author, r.released_on from {} r \
         join entries e on e.id = r.entry_id join dossiers d on d.id = e.dossier_id join people p on {author} \
         where {READS_REMARK} and r.id = $3",
        kind.table()
    );
    let row: Option<Row> = Viewer::from(actor).bind(tx.query_built(sql)).bind(id).optional().await?;
    let row = row.ok_or(Error::NotFound)?;
    let entry = evidence::store::readable(tx, actor, row.entry_id).await?.ok_or(Error::NotFound)?;
    let dossier = dossiers::readable(tx, actor, entry.dossier).await?;
    let released = row.released_on.is_some();
    policy::decide(&actor.roles, SittingAct::ReadRemark(state(actor, &dossier, &entry), released))
        .require()?;
    Ok(Found {
        id: row.id,
        by: row.by_name,
        text: row.text,
        reply: row.reply,
        author: row.author,
        released_on: row.released_on,
        dossier,
        entry,
    })
}

/// Where an entry's remarks are read.
pub fn section(entry: Uuid) -> String {
    format!("/evidence/{entry}#assess-h")
}

/// What the policy decides by, over an entry.
fn state(actor: &Actor, dossier: &Dossier, entry: &Entry) -> EntryState {
    EntryState { dossier: dossier.state(actor), status: entry.status, audience: entry.content.audience }
}

/// Judges an entry; released, the judgement counts from today.
///
/// # Errors
/// [`Error::NotFound`] for an entry that the actor may not read, [`Error::Forbidden`] for their own;
/// [`Error::Invalid`] names `judgement-meets` and `text`.
pub async fn judge(instance: &Instance, actor: &Actor, entry: &str, form: &RemarkForm) -> Result<Uuid> {
    let mut change = Change::begin(instance, actor).await?;
    let (dossier, entry) = evidence::actions::find(change.tx(), actor, entry, SittingAct::Remark).await?;
    let mut faults = Faults::default();
    let judgement: Option<Judgement> = faults
        .take("judgement-meets", form.judgement.parse().map_err(|_| "Choose meets, partly or not yet."));
    let reason = form.text(&mut faults, "A reason", "Say in a sentence or two what this rests on.");
    let (judgement, reason) = faults.done(judgement.zip(reason))?;
    dossiers::lock(change.tx(), dossier.id).await?;
    let at = change.at();
    let id = instance.ids.new_id(at);
    let released_on = form.releases().then(|| instance.today());
    let revision = form.revision(&entry);
    let new = NewRemark { id, entry: entry.id, revision, text: &reason, released_on, at };
    remark_store::judge(change.tx(), &new, actor.person, judgement).await?;
    change.record(Event::AssessmentMade, Some(id), &(entry.id, judgement, &reason, revision, released_on));
    if let Some(on) = released_on {
        count(&mut change, actor, (entry.id, id), on).await?;
        dossiers::touch(change.tx(), dossier.id).await?;
        tell_release(&mut change, &dossier, actor, id, section(entry.id)).await?;
    }
    change.commit().await?;
    Ok(entry.id)
}

/// What follows on a judgement that counts from a day: it is superseded as it comes when it is a `meets` about what its entry
/// no longer says; otherwise its author has judged the entry anew, as they were told that they may.
async fn count(
    change: &mut Change<'_>,
    actor: &Actor,
    (entry, id): (Uuid, Uuid),
    on: NaiveDate,
) -> Result<()> {
    let (judgement,): (Judgement,) =
        change.tx().query("select judgement from assessments where id = $1").bind(id).one().await?;
    let revision = superseding::judged_revision(change.tx(), id).await?;
    if judgement == Judgement::Meets && is_outdated(change.tx(), entry, revision).await? {
        return Ok(superseding::supersede(change.tx(), id, on).await?);
    }
    Ok(notices::settle(change, notices::Kind::Superseded, entry, Some(actor.account)).await?)
}

/// Comments on a field of an entry, as the revision that was read has it.
///
/// # Errors
/// As [`judge`]; [`Error::Invalid`] names `field` and `text`.
pub async fn comment(instance: &Instance, actor: &Actor, entry: &str, form: &RemarkForm) -> Result<Uuid> {
    let mut change = Change::begin(instance, actor).await?;
    let (dossier, entry) = evidence::actions::find(change.tx(), actor, entry, SittingAct::Remark).await?;
    let mut faults = Faults::default();
    let field: Option<Field> =
        faults.take("field", form.field.parse().map_err(|_| "Choose the part that you comment on."));
    let text = form.text(&mut faults, "A comment", "Write the comment.");
    let (field, text) = faults.done(field.zip(text))?;
    let at = change.at();
    let id = instance.ids.new_id(at);
    let released_on = form.releases().then(|| instance.today());
    let revision = form.revision(&entry);
    let new = NewRemark { id, entry: entry.id, revision, text: &text, released_on, at };
    remark_store::comment(change.tx(), &new, actor.account, field).await?;
    change.record(Event::CommentMade, Some(id), &(entry.id, field, revision, &text, released_on));
    if released_on.is_some() {
        tell_release(&mut change, &dossier, actor, id, section(entry.id)).await?;
    }
    change.commit().await?;
    Ok(entry.id)
}

/// Releases what its author kept among CTOs; a judgement counts from today. Returns the entry.
///
/// # Errors
/// [`Error::NotFound`] for what the actor may not read; [`Error::Forbidden`] for what another CTO wrote.
pub async fn release(instance: &Instance, actor: &Actor, kind: Kind, id: Uuid) -> Result<Uuid> {
    let mut change = Change::begin(instance, actor).await?;
    let found = find(change.tx(), actor, kind, id).await?;
    policy::decide(&actor.roles, SittingAct::Remark(state(actor, &found.dossier, &found.entry))).require()?;
    if found.author != actor.person {
        return Err(Error::Forbidden);
    }
    if found.released_on.is_some() {
        return Ok(found.entry.id);
    }
    dossiers::lock(change.tx(), found.dossier.id).await?;
    let on = instance.today();
    remark_store::release(change.tx(), kind, id, on).await?;
    match kind {
        Kind::Assessment => {
            count(&mut change, actor, (found.entry.id, id), on).await?;
            dossiers::touch(change.tx(), found.dossier.id).await?;
            change.record(Event::AssessmentReleased, Some(id), &on);
        }
        Kind::Comment => change.record(Event::CommentReleased, Some(id), &on),
    }
    tell_release(&mut change, &found.dossier, actor, id, section(found.entry.id)).await?;
    change.commit().await?;
    Ok(found.entry.id)
}

/// The owner replies to what was released to them; a further reply takes the place of the one before. Returns the entry.
///
/// # Errors
/// [`Error::NotFound`] for what the actor may not reply to; [`Error::Invalid`] names `text`.
pub async fn reply(
    instance: &Instance,
    actor: &Actor,
    kind: Kind,
    id: Uuid,
    form: &RemarkForm,
) -> Result<Uuid> {
    let mut change = Change::begin(instance, actor).await?;
    let found = repliable(change.tx(), actor, kind, id).await?;
    let mut faults = Faults::default();
    let text = form.text(&mut faults, "A reply", "Write the reply.");
    let text = faults.done(text)?;
    remark_store::reply(change.tx(), kind, id, &text, instance.today()).await?;
    change.record(Event::RemarkReplied, Some(id), &text);
    notices::settle(&mut change, notices::Kind::Release, id, Some(actor.account)).await?;
    // Somebody who wrote it and has no account any more is told nothing.
    if let Some(to) = accounts::store::of_person(change.tx(), found.author).await? {
        let (by, path) = (Some(actor.person), section(found.entry.id));
        let notice = Notice { to, kind: notices::Kind::Replied, about: id, by, path };
        notices::tell_of_case(&mut change, found.dossier.id, vec![notice]).await?;
    }
    change.commit().await?;
    Ok(found.entry.id)
}

/// A remark to which the actor may reply.
///
/// # Errors
/// [`Error::NotFound`] for every other.
pub async fn repliable(tx: &mut Tx, actor: &Actor, kind: Kind, id: Uuid) -> Result<Found> {
    let found = find(tx, actor, kind, id).await?;
    let about = state(actor, &found.dossier, &found.entry);
    policy::decide(&actor.roles, SittingAct::Reply(about, found.released_on.is_some())).require()?;
    Ok(found)
}
