//! What CTOs remark on one entry, as its page shows it: judgements of the whole, and comments on single fields.

use askama::Template;
use chrono::NaiveDate;
use uuid::Uuid;

use crate::accounts::{Actor, Role};
use crate::db::Tx;
use crate::error::Result;
use crate::evidence::visibility::{READS_REMARK, Viewer};
use crate::evidence::{Entry, REPLY_DAYS, Status, revisions};
use crate::review::{Field, Judgement};
use crate::web::paging::Paging;
use crate::web::words;

/// How many judgements and how many comments a page shows.
const PER_PAGE: usize = 8;

/// A CTO's judgement of an entry.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Judged {
    id: Uuid,
    person_id: Uuid,
    name: String,
    judgement: Judgement,
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
        self.superseded_on.filter(|_| self.judgement == Judgement::Meets)
    }

    fn title(&self) -> &'static str {
        match self.judgement {
            Judgement::Meets if self.superseded_on.is_some() => "Meets, superseded",
            Judgement::Meets => "Meets",
            Judgement::Partly => "Partly",
            Judgement::NotYet => "Not yet",
        }
    }

    fn kind(&self) -> &'static str {
        match self.judgement {
            Judgement::Meets if self.superseded_on.is_some() => "warn",
            Judgement::Meets => "ok",
            Judgement::Partly => "",
            Judgement::NotYet => "warn",
        }
    }

    /// The last day on which it is the owner's and CTOs' alone, if it is so.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates hand their fields over by reference")]
    fn kept_until(&self, today: &NaiveDate) -> Option<NaiveDate> {
        let released = self.released_on.filter(|_| self.judgement == Judgement::NotYet)?;
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
    field: Field,
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
    paging: Paging,
    /// The headings under which the page shows texts of the entry.
    pub shown: Vec<&'static str>,
}

#[derive(Template)]
#[template(path = "sitting/_assessments.html")]
struct Assessments<'r> {
    remarks: &'r Remarks,
}

#[derive(Template)]
#[template(path = "sitting/_comments.html")]
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
        page: usize,
    ) -> Result<Remarks> {
        let judgements = format!(
            "select r.id, r.person_id, p.name, r.judgement, r.reason, r.revision, r.released_on, r.superseded_on, r.reply, \
             r.replied_on from assessments r join entries e on e.id = r.entry_id join dossiers d on d.id = e.dossier_id \
             join people p on p.id = r.person_id where {READS_REMARK} and e.id = $3 order by r.position desc"
        );
        let judgements: Vec<Judged> =
            Viewer::from(actor).bind(tx.query_built(judgements)).bind(entry.id).all().await?;
        let comments = format!(
            "select r.id, r.account_id, p.name, r.field, r.revision, r.text, r.released_on, r.reply, r.replied_on, \
             r.created_at from comments r join entries e on e.id = r.entry_id join dossiers d on d.id = e.dossier_id \
             join accounts a on a.id = r.account_id join people p on p.id = a.person_id \
             where {READS_REMARK} and e.id = $3 order by r.created_at desc, r.id desc"
        );
        let comments: Vec<Comment> =
            Viewer::from(actor).bind(tx.query_built(comments)).bind(entry.id).all().await?;
        let (path, most) = (format!("/evidence/{}", entry.id), judgements.len().max(comments.len()));
        let paging = Paging::of_list(("remarks", "Remarks"), &path, &[], page, PER_PAGE, most);
        let (judgements, mut comments) = (paging.of(&judgements).to_vec(), paging.of(&comments).to_vec());
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
            paging,
            shown: Vec::new(),
        })
    }

    /// The section of judgements, and of comments on what the page doesn't show by itself.
    ///
    /// # Errors
    /// As any template.
    pub fn section(&self) -> askama::Result<String> {
        let elsewhere = |comment: &&Comment| !self.shown.contains(&comment.field.title());
        let comments = self.comments.iter().filter(elsewhere).collect();
        Ok(Assessments { remarks: self }.render()? + &Comments { remarks: self, comments }.render()?)
    }

    /// The comments on the text below a heading.
    ///
    /// # Errors
    /// As any template.
    pub fn about(&self, shown: &str) -> askama::Result<String> {
        let comments: Vec<&Comment> =
            self.comments.iter().filter(|comment| comment.field.title() == shown).collect();
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
        comment.changed = then.is_some_and(|then| comment.field.of(then) != comment.field.of(&entry.content));
    }
    Ok(())
}
