//! What others said of one entry, as its page shows it.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::durability;
use super::{CorroborationAnswer, HoldsAnswer};
use crate::db::{self, Tx};
use crate::error::Result;
use crate::evidence::{
    Entry, REPLY_DAYS, Status, Via, holds_is_taken_back, is_taken_back, revisions, stands, words as terms,
};
use crate::web::paging::Paging;
use crate::web::words;

/// How many answers to each question a page shows, and how many who have not answered.
const PER_PAGE: usize = 20;

/// The part of an entry's page that says what others say.
#[derive(Template)]
#[template(path = "corroboration/_voices.html")]
pub struct Voices {
    entry: Uuid,
    /// Whether the viewer may ask somebody.
    asks: bool,
    heard: Vec<Voice>,
    holds: Vec<Held>,
    paging: Paging,
    waiting: Vec<Waiting>,
    /// How many more were asked and have not answered.
    more: usize,
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
        page: usize,
    ) -> Result<Voices> {
        let heard = of_entry(tx, entry.id).await?;
        let holds = holds(tx, entry.id).await?;
        let (path, most) = (format!("/evidence/{}", entry.id), heard.len().max(holds.len()));
        let paging = Paging::of_list(("voices", "Answers"), &path, &[], page, PER_PAGE, most);
        let (mut heard, holds) = (paging.of(&heard).to_vec(), paging.of(&holds).to_vec());
        let earlier: Vec<i64> =
            heard.iter().map(|voice| voice.revision).filter(|number| *number != entry.revision).collect();
        let before = revisions::contents(tx, entry.id, &earlier).await?;
        for voice in &mut heard {
            let before = before.get(&voice.revision);
            voice.is_earlier = before.is_some_and(|before| before.differs_materially(&entry.content));
        }
        let asks = owner && entry.status == Status::Final;
        let due = if asks && !by_choice { durability::moment(tx, entry.id).await? } else { None };
        let due = due.map(|moment| moment.months);
        let mut waiting = if asks { waiting(tx, entry.id).await? } else { Vec::new() };
        for request in &mut waiting {
            request.has_expired = request.expires_at.is_some_and(|expires| expires <= now);
        }
        let more = waiting.len().saturating_sub(PER_PAGE);
        waiting.truncate(PER_PAGE);
        Ok(Voices { entry: entry.id, asks, heard, holds, paging, waiting, more, due, today })
    }

    /// Whether a voice is asked already, and has not answered.
    fn is_asked(&self, voice: &Voice) -> bool {
        self.waiting.iter().any(|request| request.person_id == voice.person_id && !request.has_expired)
    }

    /// Whether an account that differs is still the owner's and CTOs' alone.
    fn is_kept_back(&self, voice: &Voice) -> bool {
        voice.differs() && voice.settled_on.is_none() && (self.today - voice.on_date).num_days() < REPLY_DAYS
    }
}

/// Somebody's answer to "did it happen like this?": the latest that stands, or a later one that doesn't.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Voice {
    /// The answer's id.
    pub id: Uuid,
    /// Who.
    pub person_id: Uuid,
    /// Their name.
    pub name: String,
    /// What they answered.
    pub answer: CorroborationAnswer,
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
    /// From which day on it counts that somebody vouched for it.
    pub vouched_on: Option<NaiveDate>,
    /// The name of who did.
    pub voucher: Option<String>,
    /// The day on which a material edit superseded it.
    pub superseded_on: Option<NaiveDate>,
    /// Whether it stands: what doesn't counts nowhere.
    pub stands: bool,
    /// Whether the entry said something else then.
    #[sqlx(skip)]
    pub is_earlier: bool,
}

impl Voice {
    /// The answer in words.
    pub fn title(&self) -> &'static str {
        match self.answer {
            CorroborationAnswer::Confirmed if self.superseded_on.is_some() => "Confirmed, superseded",
            CorroborationAnswer::Confirmed => "Confirmed",
            CorroborationAnswer::Differs if self.settled_on.is_some() => "Differed, settled",
            CorroborationAnswer::Differs => "Account differs",
            CorroborationAnswer::NotCloseEnough => "Not close enough to say",
            CorroborationAnswer::Declined => "Declined",
        }
    }

    /// Whether they see it differently.
    pub fn differs(&self) -> bool {
        self.answer == CorroborationAnswer::Differs
    }

    /// Whether it is a confirmation that a material edit superseded.
    pub fn is_superseded(&self) -> bool {
        self.answer == CorroborationAnswer::Confirmed && self.superseded_on.is_some()
    }

    /// How it came, and who vouched for it.
    pub fn came(&self) -> String {
        terms::came(self.via, self.vouched_on.filter(|_| self.stands), self.voucher.as_deref())
    }

    /// How it is marked.
    pub fn kind(&self) -> &'static str {
        match self.answer {
            _ if !self.stands => "",
            CorroborationAnswer::Confirmed if self.superseded_on.is_some() => "warn",
            CorroborationAnswer::Confirmed => "ok",
            CorroborationAnswer::Differs if self.settled_on.is_none() => "warn",
            CorroborationAnswer::Differs
            | CorroborationAnswer::NotCloseEnough
            | CorroborationAnswer::Declined => "",
        }
    }
}

/// Somebody's answer to "does it still hold?": the latest that stands, or a later one that doesn't.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Held {
    /// Who.
    pub person_id: Uuid,
    /// Their name.
    pub name: String,
    /// What they answered.
    pub answer: HoldsAnswer,
    /// After how many months they were asked.
    pub months: i64,
    /// The day.
    pub on_date: NaiveDate,
    /// A sentence of theirs, or nothing.
    pub comment: String,
    /// How it came.
    pub via: Via,
    /// From which day on it counts that somebody vouched for it.
    pub vouched_on: Option<NaiveDate>,
    /// The name of who did.
    pub voucher: Option<String>,
    /// Whether it stands.
    pub stands: bool,
}

impl Held {
    /// How it came, and who vouched for it.
    pub fn came(&self) -> String {
        terms::came(self.via, self.vouched_on.filter(|_| self.stands), self.voucher.as_deref())
    }

    /// How it is marked.
    pub fn kind(&self) -> &'static str {
        match self.answer {
            _ if !self.stands => "",
            HoldsAnswer::Holds => "ok",
            HoldsAnswer::InPart => "",
            HoldsAnswer::NoLonger => "warn",
        }
    }
}

/// Somebody who was asked and has not answered.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// Who.
    pub person_id: Uuid,
    /// Their name.
    pub name: String,
    /// Until when their link can be used; none where they answer in the app.
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether that is over.
    #[sqlx(skip)]
    pub has_expired: bool,
}

/// Everybody's latest answer that stands, and later ones that don't, the latest first.
pub async fn of_entry(tx: &mut Tx, entry: Uuid) -> db::Result<Vec<Voice>> {
    tx.query_built(format!(
        "select c.id, c.person_id, p.name, c.answer, c.on_date, c.comment, c.reply, c.revision, c.settled_on, c.via, \
         c.vouched_on, v.name as voucher, c.superseded_on, {} as stands from corroborations c \
         join entries e on e.id = c.entry_id join dossiers d on d.id = e.dossier_id \
         join people p on p.id = c.person_id left join people v on v.id = c.vouched_by where c.entry_id = $1 \
         and not {} order by c.on_date desc, c.position desc",
        stands("c"),
        is_taken_back("c")
    ))
    .bind(entry)
    .all()
    .await
}

async fn holds(tx: &mut Tx, entry: Uuid) -> db::Result<Vec<Held>> {
    tx.query_built(format!(
        "select c.person_id, p.name, c.answer, c.months, c.on_date, c.comment, c.via, c.vouched_on, v.name as voucher, \
         {} as stands from durability_answers c join entries e on e.id = c.entry_id \
         join dossiers d on d.id = e.dossier_id join people p on p.id = c.person_id \
         left join people v on v.id = c.vouched_by where c.entry_id = $1 and not {} \
         order by c.on_date desc, c.position desc",
        stands("c"),
        holds_is_taken_back("c")
    ))
    .bind(entry)
    .all()
    .await
}

async fn waiting(tx: &mut Tx, entry: Uuid) -> db::Result<Vec<Waiting>> {
    tx.query(
        "select r.person_id, p.name, r.expires_at from requests r join people p on p.id = r.person_id \
         where r.entry_id = $1 and r.answered_at is null and r.closed_at is null order by p.name, r.id",
    )
    .bind(entry)
    .all()
    .await
}
