//! The rows of what others say of a dossier, and of check-ins.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{CheckInKind, CorroborationAnswer, Reply};
use crate::db::{Result, Tx};

/// A check-in that counts from a day on, with its answers by question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckIn {
    /// Its id.
    pub id: Uuid,
    /// Whose view it is.
    pub kind: CheckInKind,
    /// The day it counts from.
    pub on: NaiveDate,
    /// Whether CTOs are shown it although it is from before the sharing.
    pub included: bool,
    /// The answers, by the ids of their questions.
    pub answers: HashMap<String, Reply>,
}

/// A new check-in of the candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCheckIn {
    /// Its id.
    pub id: Uuid,
    /// Whose dossier it is about.
    pub dossier: Uuid,
    /// The candidate.
    pub person: Uuid,
    /// The day it counts from.
    pub on: NaiveDate,
    /// The answers, by the ids of their questions.
    pub answers: Vec<(String, Reply)>,
    /// When it is written.
    pub at: DateTime<Utc>,
}

/// The candidate's check-ins and the CTO's released ones, the latest first; of one date, the later recorded first.
pub async fn check_ins(tx: &mut Tx, dossier: Uuid) -> Result<Vec<CheckIn>> {
    let rows: Vec<(Uuid, CheckInKind, NaiveDate, bool)> = tx
        .query(
            "select id, kind, on_date, included from check_ins where dossier_id = $1 and on_date is not null \
             order by on_date desc, position desc",
        )
        .bind(dossier)
        .all()
        .await?;
    let answers: Vec<(Uuid, String, Reply)> = tx
        .query(
            "select a.check_in_id, a.question, a.answer from check_in_answers a \
             join check_ins c on c.id = a.check_in_id where c.dossier_id = $1 and c.on_date is not null",
        )
        .bind(dossier)
        .all()
        .await?;
    let mut by_check_in: HashMap<Uuid, HashMap<String, Reply>> = HashMap::new();
    for (check_in, question, answer) in answers {
        by_check_in.entry(check_in).or_default().insert(question, answer);
    }
    let with_answers = |(id, kind, on, included)| CheckIn {
        id,
        kind,
        on,
        included,
        answers: by_check_in.remove(&id).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(with_answers).collect())
}

/// Adds a check-in of the candidate, after all others. The dossier's row is to be locked already.
pub async fn insert_check_in(tx: &mut Tx, new: &NewCheckIn) -> Result<()> {
    let (position,): (i64,) = tx
        .query("select coalesce(max(position), 0) + 1 from check_ins where dossier_id = $1")
        .bind(new.dossier)
        .one()
        .await?;
    tx.query(
        "insert into check_ins (id, dossier_id, kind, person_id, position, on_date, included, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.id)
    .bind(new.dossier)
    .bind(CheckInKind::SelfAssessment)
    .bind(new.person)
    .bind(position)
    .bind(new.on)
    .bind(false)
    .bind(new.at)
    .run_expecting(1)
    .await?;
    for (question, answer) in &new.answers {
        tx.query("insert into check_in_answers (check_in_id, question, answer) values ($1, $2, $3)")
            .bind(new.id)
            .bind(question.clone())
            .bind(*answer)
            .run_expecting(1)
            .await?;
    }
    Ok(())
}

/// Sets whether CTOs are shown one of the candidate's check-ins although it is from before the sharing.
pub async fn set_included(tx: &mut Tx, check_in: Uuid, included: bool) -> Result<()> {
    tx.query("update check_ins set included = $2 where id = $1 and kind = 'self'")
        .bind(check_in)
        .bind(included)
        .run_expecting(1)
        .await
}

/// The answers about an entry that have days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// Whether it happened like this.
    Happened,
    /// Whether its solution holds.
    Holds,
}

/// The day of an answer that comes today: never before that of the same person's last one, whatever the clock says, so that
/// the later answer stays the later one.
pub async fn day_of_answer(
    tx: &mut Tx,
    answers: Answers,
    entry: Uuid,
    person: Uuid,
    today: NaiveDate,
) -> Result<NaiveDate> {
    let sql = match answers {
        Answers::Happened => "select max(on_date) from corroborations where entry_id = $1 and person_id = $2",
        Answers::Holds => {
            "select max(on_date) from durability_answers where entry_id = $1 and person_id = $2"
        }
    };
    let (last,): (Option<NaiveDate>,) = tx.query(sql).bind(entry).bind(person).one().await?;
    Ok(last.map_or(today, |last| last.max(today)))
}

/// Adds that somebody confirmed an entry, as a revision of it stands, after all other answers about it, and tells its day. The
/// dossier's row is to be locked already.
pub async fn confirm(
    tx: &mut Tx,
    id: Uuid,
    entry: Uuid,
    person: Uuid,
    revision: i64,
    today: NaiveDate,
    at: DateTime<Utc>,
) -> Result<NaiveDate> {
    let on = day_of_answer(tx, Answers::Happened, entry, person, today).await?;
    tx.query(
        "insert into corroborations (id, entry_id, person_id, position, answer, on_date, comment, revision, created_at) \
         select $1, $2, $3, coalesce(max(position), -1) + 1, $4, $5, '', $6, $7 from corroborations where entry_id = $2",
    )
    .bind(id)
    .bind(entry)
    .bind(person)
    .bind(CorroborationAnswer::Confirmed)
    .bind(on)
    .bind(revision)
    .bind(at)
    .run_expecting(1)
    .await?;
    Ok(on)
}
