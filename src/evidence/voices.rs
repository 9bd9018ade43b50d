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
