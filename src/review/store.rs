//! The rows of what others say of a dossier, and of check-ins.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{CheckInKind, Reply, spoken_store};
use crate::db::{Result, Tx};
use crate::evidence::dossiers;

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
    spoken_store::answer(tx, new.id, &new.answers).await
}

/// Sets whether CTOs are shown one of the candidate's check-ins although it is from before the sharing.
pub async fn set_included(tx: &mut Tx, check_in: Uuid, included: bool) -> Result<()> {
    tx.query("update check_ins set included = $2 where id = $1 and kind = 'self'")
        .bind(check_in)
        .bind(included)
        .run_expecting(1)
        .await
}

/// Notes that something changed that is kept about a person, in every dossier whose readiness rests on them. The change
/// must have begun alone: another at the same time might name the person in one more dossier, unseen.
pub async fn touch_resting_on(tx: &mut Tx, person: Uuid) -> Result<()> {
    let resting: Vec<(Uuid,)> = tx
        .query(
            "select id from dossiers where owner_person = $1 \
             or id in (select e.dossier_id from entries e join entry_people n on n.entry_id = e.id where n.person_id = $1) \
             or id in (select e.dossier_id from entries e join corroborations c on c.entry_id = e.id where c.person_id = $1) \
             or id in (select e.dossier_id from entries e join assessments a on a.entry_id = e.id where a.person_id = $1) \
             or id in (select dossier_id from check_ins where person_id = $1) \
             or id in (select dossier_id from feedback where person_id = $1) order by id",
        )
        .bind(person)
        .all()
        .await?;
    dossiers::touch_all(tx, &resting.into_iter().map(|(id,)| id).collect::<Vec<_>>()).await
}
