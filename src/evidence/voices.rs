//! What others said of one entry, as its page shows it. Their own features are `corroboration` and `review`, which this
//! one can't know.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Entry, Status, Via, revisions, words};
use crate::db::{self, Tx};
use crate::error::Result;

/// The part of an entry's page that says what others say.
#[derive(Template)]
#[template(path = "evidence/_voices.html")]
pub struct Voices {
    entry: Uuid,
    /// Whether the viewer may ask somebody.
    asks: bool,
    heard: Vec<Voice>,
    holds: Vec<Held>,
    waiting: Vec<Waiting>,
    /// After how many months it is worth asking whether the solution holds, for its owner.
    due: Option<i64>,
    today: NaiveDate,
}

impl Voices {
    /// Loads it for the owner or for a CTO. Who stays at E1 by choice is offered nothing.
    pub async fn load(
        tx: &mut Tx,
        entry: &Entry,
        owner: bool,
        by_choice: bool,
        now: DateTime<Utc>,
        today: NaiveDate,
    ) -> Result<Voices> {
        let mut heard = of_entry(tx, entry.id).await?;
        let earlier: Vec<i64> =
            heard.iter().map(|voice| voice.revision).filter(|number| *number != entry.revision).collect();
        let before = revisions::contents(tx, entry.id, &earlier).await?;
        for voice in &mut heard {
            let before = before.get(&voice.revision);
            voice.is_earlier = before.is_some_and(|before| before.differs_materially(&entry.content));
        }
        let asks = owner && entry.status == Status::Final;
        let due = if asks && !by_choice { due(tx, entry.id).await? } else { None };
        let mut waiting = if asks { waiting(tx, entry.id).await? } else { Vec::new() };
        for request in &mut waiting {
            request.has_expired = request.expires_at.is_some_and(|expires| expires <= now);
        }
        let holds = holds(tx, entry.id).await?;
        Ok(Voices { entry: entry.id, asks, heard, holds, waiting, due, today })
    }

    /// Whether an account that differs is still the owner's and CTOs' alone.
    fn is_kept_back(&self, voice: &Voice) -> bool {
        voice.answer == "differs"
            && voice.settled_on.is_none()
            && (self.today - voice.on_date).num_days() < super::REPLY_DAYS
    }
}

/// Somebody's latest answer to "did it happen like this?".
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Voice {
    /// The answer's id.
    pub id: Uuid,
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
    /// What the owner replied, or nothing.
    pub reply: String,
    /// The revision that they answered.
    pub revision: i64,
    /// The day on which a differing account was settled.
    pub settled_on: Option<NaiveDate>,
    /// How it came.
    pub via: Via,
    /// From which day on somebody's word has it stand, if it came by mail or link.
    pub vouched_on: Option<NaiveDate>,
    /// Whether the entry said something else then.
    #[sqlx(skip)]
    pub is_earlier: bool,
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

    /// How it is marked. What nobody vouched for yet counts for nothing.
    pub fn kind(&self) -> &'static str {
        match self.answer.as_str() {
            _ if !self.stands() => "",
            "confirmed" => "ok",
            "differs" if self.settled_on.is_none() => "warn",
            _ => "",
        }
    }

    /// Whether it stands.
    pub fn stands(&self) -> bool {
        self.via == Via::Account || self.vouched_on.is_some()
    }

    /// How it came, and whether it stands.
    pub fn came(&self) -> String {
        words::came(self.via, self.vouched_on)
    }
}

/// Somebody's latest answer to "does it still hold?".
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Held {
    /// Who.
    pub person_id: Uuid,
    /// Their name.
    pub name: String,
    /// `holds`, `in-part` or `no-longer`.
    pub answer: String,
    /// After how many months they were asked.
    pub months: i64,
    /// The day.
    pub on_date: NaiveDate,
    /// A sentence of theirs, or nothing.
    pub comment: String,
    /// How it came.
    pub via: Via,
    /// From which day on somebody's word has it stand, if it came by mail or link.
    pub vouched_on: Option<NaiveDate>,
}

impl Held {
    /// How it came, and whether it stands.
    pub fn came(&self) -> String {
        words::came(self.via, self.vouched_on)
    }

    /// The answer in words.
    pub fn title(&self) -> &'static str {
        match self.answer.as_str() {
            "holds" => "Still holds",
            "in-part" => "Holds in part",
            _ => "No longer holds",
        }
    }

    /// How it is marked. What nobody vouched for yet counts for nothing.
    pub fn kind(&self) -> &'static str {
        match self.answer.as_str() {
            _ if self.via != Via::Account && self.vouched_on.is_none() => "",
            "holds" => "ok",
            "in-part" => "",
            _ => "warn",
        }
    }
}

/// Somebody who was asked and has not answered.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// Their name.
    pub name: String,
    /// Until when their link can be used; none where they answer in the app.
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether that is over.
    #[sqlx(skip)]
    pub has_expired: bool,
}

/// Everybody's latest answer that stands, and beside it a later one that nobody vouched for yet; the latest first.
pub async fn of_entry(tx: &mut Tx, entry: Uuid) -> db::Result<Vec<Voice>> {
    tx.query(
        "select c.id, c.person_id, p.name, c.answer, c.on_date, c.comment, c.reply, c.revision, c.settled_on, \
         c.via, c.vouched_on from corroborations c join people p on p.id = c.person_id where c.entry_id = $1 and not exists (select 1 \
         from corroborations l where l.entry_id = c.entry_id and l.person_id = c.person_id and (l.on_date > c.on_date \
         or l.on_date = c.on_date and l.position > c.position) and (l.via = 'account' or l.vouched_on is not null \
         or c.via <> 'account' and c.vouched_on is null)) order by c.on_date desc, c.position desc",
    )
    .bind(entry)
    .all()
    .await
}

async fn holds(tx: &mut Tx, entry: Uuid) -> db::Result<Vec<Held>> {
    tx.query(
        "select c.person_id, p.name, c.answer, c.months, c.on_date, c.comment, c.via, c.vouched_on \
         from durability_answers c join people p on p.id = c.person_id where c.entry_id = $1 and not exists (select 1 from durability_answers l \
         where l.entry_id = c.entry_id and l.person_id = c.person_id and l.months = c.months and l.position > c.position) \
         order by c.on_date desc, c.position desc",
    )
    .bind(entry)
    .all()
    .await
}

async fn waiting(tx: &mut Tx, entry: Uuid) -> db::Result<Vec<Waiting>> {
    tx.query(
        "select p.name, r.expires_at from requests r join people p on p.id = r.person_id \
         where r.entry_id = $1 and r.answered_at is null and r.closed_at is null order by p.name, r.id",
    )
    .bind(entry)
    .all()
    .await
}

async fn due(tx: &mut Tx, entry: Uuid) -> db::Result<Option<i64>> {
    let found: Option<(i64,)> = tx
        .query("select months from durability where entry_id = $1 and closed_at is null order by months desc")
        .bind(entry)
        .optional()
        .await?;
    Ok(found.map(|(months,)| months))
}
