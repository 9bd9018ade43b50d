//! What CTOs remark on one entry, as its page shows it: judgements of the whole, and comments on single fields. Their own
//! feature is `sitting`, which this one can't know.

use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

use super::visibility::{READS_REMARK, Viewer};
use super::{Content, Entry, Status, revisions};
use crate::accounts::{Actor, Role};
use crate::db::Tx;
use crate::error::Result;
use crate::web::words;

/// For so many days a judgement of not-yet is its owner's and CTOs' alone, with room for a reply.
const REPLY_DAYS: i64 = 14;

/// The fields on which CTOs comment, with the headings of their texts on the entry's page.
const FIELDS: [(&str, &str); 5] = [
    ("title", "What happened"),
    ("situation", "How things stood"),
    ("action", "What was done"),
    ("impact", "What came of it"),
    ("domain_cost", "What the own domain gave up"),
];

/// The heading of a field on the entry's page.
pub fn heading(field: &str) -> &'static str {
    FIELDS.iter().find(|(name, _)| *name == field).map_or("The entry", |(_, heading)| heading)
}

/// The text of a field.
pub fn text<'c>(content: &'c Content, field: &str) -> &'c str {
    match field {
        "title" => &content.title,
        "situation" => &content.situation,
        "action" => &content.action,
        "impact" => &content.impact,
        "domain_cost" => &content.domain_cost,
        _ => "",
    }
}

/// A CTO's judgement of an entry.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Judged {
    id: Uuid,
    person_id: Uuid,
    name: String,
    judgement: String,
    reason: String,
    revision: Option<i64>,
    released_on: Option<NaiveDate>,
    superseded_on: Option<NaiveDate>,
    reply: Option<String>,
    replied_on: Option<NaiveDate>,
}

impl Judged {
    /// The day on which a material edit superseded that the entry meets what is asked for.
    fn superseded(&self) -> Option<NaiveDate> {
        self.superseded_on.filter(|_| self.judgement == "meets")
    }

    fn title(&self) -> &'static str {
        match self.judgement.as_str() {
            "meets" if self.superseded_on.is_some() => "Meets, superseded",
            "meets" => "Meets",
            "partly" => "Partly",
            _ => "Not yet",
        }
    }

    fn kind(&self) -> &'static str {
        match self.judgement.as_str() {
            "meets" if self.superseded_on.is_some() => "warn",
            "meets" => "ok",
            "partly" => "",
            _ => "warn",
        }
    }

    /// The last day on which it is the owner's and CTOs' alone, if it is so.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand their fields over by reference")]
    fn kept_until(&self, today: &NaiveDate) -> Option<NaiveDate> {
        let released = self.released_on.filter(|_| self.judgement == "not-yet")?;
        let until = released.checked_add_signed(chrono::TimeDelta::days(REPLY_DAYS))?;
        (*today < until).then_some(until)
    }
}

/// A CTO's comment on a field of a revision.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Comment {
    id: Uuid,
    account_id: Uuid,
    name: String,
    field: String,
    revision: i64,
    text: String,
    released_on: Option<NaiveDate>,
    reply: Option<String>,
    replied_on: Option<NaiveDate>,
    created_at: chrono::DateTime<chrono::Utc>,
    /// Whether the field says something else by now.
    #[sqlx(skip)]
    changed: bool,
}

impl Comment {
    fn heading(&self) -> &'static str {
        heading(&self.field)
    }
}

/// Everything that CTOs remark on an entry, by what the viewer may see.
#[derive(Clone, Debug)]
pub struct Remarks {
    entry: Uuid,
    owner: bool,
    /// Whether the viewer may judge and comment.
    may: bool,
    account: Uuid,
    person: Uuid,
    today: NaiveDate,
    judgements: Vec<Judged>,
    comments: Vec<Comment>,
    /// The headings under which the page shows texts of the entry.
    pub(super) shown: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "evidence/_assessments.html")]
struct Assessments<'r> {
    remarks: &'r Remarks,
}

#[derive(Template)]
#[template(path = "evidence/_comments.html")]
struct Comments<'r> {
    remarks: &'r Remarks,
    comments: Vec<&'r Comment>,
}

impl Remarks {
    /// What is remarked on an entry, the latest first.
    pub async fn of_entry(
        tx: &mut Tx,
        actor: &Actor,
        owner: bool,
        entry: &Entry,
        today: NaiveDate,
    ) -> Result<Remarks> {
        let judgements = format!(
            "select r.id, r.person_id, p.name, r.judgement, r.reason, r.revision, r.released_on, r.superseded_on, r.reply, \
             r.replied_on from assessments r join entries e on e.id = r.entry_id join dossiers d on d.id = e.dossier_id \
             join people p on p.id = r.person_id where {READS_REMARK} and e.id = $3 order by r.position desc"
        );
        let judgements = Viewer::from(actor).bind(tx.query_built(judgements)).bind(entry.id).all().await?;
        let comments = format!(
            "select r.id, r.account_id, p.name, r.field, r.revision, r.text, r.released_on, r.reply, r.replied_on, \
             r.created_at from comments r join entries e on e.id = r.entry_id join dossiers d on d.id = e.dossier_id \
             join accounts a on a.id = r.account_id join people p on p.id = a.person_id \
             where {READS_REMARK} and e.id = $3 order by r.created_at desc, r.id desc"
        );
        let mut comments: Vec<Comment> =
            Viewer::from(actor).bind(tx.query_built(comments)).bind(entry.id).all().await?;
        mark_changed(tx, entry, &mut comments).await?;
        Ok(Remarks {
            entry: entry.id,
            owner,
            may: actor.is(Role::Cto) && !owner && entry.status == Status::Final,
            account: actor.account,
            person: actor.person,
            today,
            judgements,
            comments,
            shown: Vec::new(),
        })
    }

    /// The section of judgements, and of comments on what the page doesn't show by itself.
    ///
    /// # Errors
    /// As any template.
    pub fn section(&self) -> askama::Result<String> {
        let elsewhere = |comment: &&Comment| !self.shown.contains(&comment.heading());
        let comments = self.comments.iter().filter(elsewhere).collect();
        Ok(Assessments { remarks: self }.render()? + &Comments { remarks: self, comments }.render()?)
    }

    /// The comments on the text below a heading.
    ///
    /// # Errors
    /// As any template.
    pub fn about(&self, shown: &str) -> askama::Result<String> {
        let comments: Vec<&Comment> =
            self.comments.iter().filter(|comment| comment.heading() == shown).collect();
        Comments { remarks: self, comments }.render()
    }

    fn of_own(&self, judged: &Judged) -> bool {
        self.may && judged.person_id == self.person
    }
}

/// Notes which comments are about a text that has changed since.
async fn mark_changed(tx: &mut Tx, entry: &Entry, comments: &mut [Comment]) -> Result<()> {
    let numbers: Vec<i64> =
        comments.iter().map(|comment| comment.revision).filter(|number| *number != entry.revision).collect();
    let contents = revisions::contents(tx, entry.id, &numbers).await?;
    for comment in comments {
        let then = contents.get(&comment.revision);
        comment.changed =
            then.is_some_and(|then| text(then, &comment.field) != text(&entry.content, &comment.field));
    }
    Ok(())
}
