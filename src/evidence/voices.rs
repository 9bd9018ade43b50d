//! What others said of one entry, as its page shows it. Their own feature is `review`, which this one can't know.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::db::{Result, Tx};

/// Somebody's latest answer to "did it happen like this?".
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Voice {
    /// Who.
    pub person_id: Uuid,
    /// Their name.
    pub name: String,
    /// `confirmed`, `differs`, `not-close-enough` or `declined`.
    pub answer: String,
    /// The day.
    pub on_date: NaiveDate,
    /// A sentence of theirs, or nothing.
    pub comment: String,
    /// The revision that they answered.
    pub revision: i64,
    /// The day on which a differing account was settled.
    pub settled_on: Option<NaiveDate>,
}

impl Voice {
    /// The answer in words.
    pub fn title(&self) -> &'static str {
        match self.answer.as_str() {
            "confirmed" => "Confirmed",
            "differs" if self.settled_on.is_some() => "Differed, settled",
            "differs" => "Account differs",
            "not-close-enough" => "Not close enough to say",
            _ => "Declined",
        }
    }

    /// How it is marked.
    pub fn kind(&self) -> &'static str {
        match self.answer.as_str() {
            "confirmed" => "ok",
            "differs" if self.settled_on.is_none() => "warn",
            _ => "",
        }
    }
}

/// A CTO's judgement of an entry.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Judged {
    /// Who.
    pub name: String,
    /// `meets`, `partly` or `not-yet`.
    pub judgement: String,
    /// Why.
    pub reason: String,
    /// The day of its release; none while it is CTOs' alone.
    pub released_on: Option<NaiveDate>,
}

impl Judged {
    /// The judgement in words.
    pub fn title(&self) -> &'static str {
        match self.judgement.as_str() {
            "meets" => "Meets",
            "partly" => "Partly",
            _ => "Not yet",
        }
    }

    /// How it is marked.
    pub fn kind(&self) -> &'static str {
        match self.judgement.as_str() {
            "meets" => "ok",
            "partly" => "",
            _ => "warn",
        }
    }
}

/// Everybody's latest answer, the latest first.
pub async fn of_entry(tx: &mut Tx, entry: Uuid) -> Result<Vec<Voice>> {
    tx.query(
        "select c.person_id, p.name, c.answer, c.on_date, c.comment, c.revision, c.settled_on from corroborations c \
         join people p on p.id = c.person_id where c.entry_id = $1 and not exists (select 1 from corroborations l \
         where l.entry_id = c.entry_id and l.person_id = c.person_id and (l.on_date > c.on_date \
         or l.on_date = c.on_date and l.position > c.position)) order by c.on_date desc, c.position desc",
    )
    .bind(entry)
    .all()
    .await
}

/// The judgements of an entry, the latest first: for its owner those that were released.
pub async fn judgements(tx: &mut Tx, entry: Uuid, owner: bool) -> Result<Vec<Judged>> {
    tx.query(
        "select p.name, a.judgement, a.reason, a.released_on from assessments a join people p on p.id = a.person_id \
         where a.entry_id = $1 and (a.released_on is not null or not $2) order by a.position desc",
    )
    .bind(entry)
    .bind(owner)
    .all()
    .await
}
