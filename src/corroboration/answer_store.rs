//! The rows of answers, as they come.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::store::Request;
use super::{CorroborationAnswer, HoldsAnswer};
use crate::db::{Result, Tx};
use crate::evidence::Origin;

/// What somebody said.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Said {
    /// Whether it happened like this.
    Happened {
        /// The answer.
        answer: CorroborationAnswer,
        /// Their version, where it differs.
        account: String,
        /// A sentence that may be quoted.
        comment: String,
    },
    /// Whether it still holds.
    Holds {
        /// The answer.
        answer: HoldsAnswer,
        /// A sentence that may be quoted.
        comment: String,
    },
}

/// Adds an answer after all others of its entry, whose dossier's row is to be locked already, and tells its day.
pub(super) async fn insert_answer(
    tx: &mut Tx,
    id: Uuid,
    request: &Request,
    said: &Said,
    origin: Origin<Uuid>,
    today: NaiveDate,
    at: DateTime<Utc>,
) -> Result<NaiveDate> {
    let answers = match said {
        Said::Happened { .. } => Answers::Happened,
        Said::Holds { .. } => Answers::Holds,
    };
    let on = day_of_answer(tx, answers, request.entry_id, request.person_id, today).await?;
    let vouched_on = origin.vouched_on().map(|vouched| vouched.max(on));
    match said {
        Said::Happened { answer, account, comment } => {
            tx.query(
                "insert into corroborations (id, entry_id, person_id, position, answer, on_date, account, comment, \
                 revision, request_id, created_at, via, vouched_by, vouched_on) select $1, $2, $3, \
                 coalesce(max(position), -1) + 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 \
                 from corroborations where entry_id = $2",
            )
            .bind(id)
            .bind(request.entry_id)
            .bind(request.person_id)
            .bind(*answer)
            .bind(on)
            .bind(account.clone())
            .bind(comment.clone())
            .bind(request.revision)
            .bind(request.id)
            .bind(at)
            .bind(origin.via)
            .bind(origin.vouched_by())
            .bind(vouched_on)
            .run_expecting(1)
            .await?;
        }
        Said::Holds { answer, comment } => {
            tx.query(
                "insert into durability_answers (id, entry_id, person_id, position, request_id, months, answer, on_date, \
                 comment, revision, created_at, via, vouched_by, vouched_on) select $1, $2, $3, \
                 coalesce(max(position), -1) + 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 \
                 from durability_answers where entry_id = $2",
            )
            .bind(id)
            .bind(request.entry_id)
            .bind(request.person_id)
            .bind(request.id)
            .bind(request.months.unwrap_or_default())
            .bind(*answer)
            .bind(on)
            .bind(comment.clone())
            .bind(request.revision)
            .bind(at)
            .bind(origin.via)
            .bind(origin.vouched_by())
            .bind(vouched_on)
            .run_expecting(1)
            .await?;
        }
    }
    Ok(on)
}

/// The answers about an entry that have days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answers {
    /// Whether it happened like this.
    Happened,
    /// Whether its solution holds.
    Holds,
}

/// The day of an answer that comes today: never before that of the same person's last one, whatever the clock says, so that
/// the later answer stays the later one.
async fn day_of_answer(
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
