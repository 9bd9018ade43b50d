//! The rows of what a CTO says of a dossier, while it is a draft and as it is released: a check-in's answers, and feedback.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{CheckInKind, Reply};
use crate::db::{Result, Tx};

/// Begins a CTO's check-in with no answers yet. The dossier's row is to be locked already.
pub async fn begin_check_in(
    tx: &mut Tx,
    id: Uuid,
    dossier: Uuid,
    person: Uuid,
    at: DateTime<Utc>,
) -> Result<()> {
    tx.query(
        "insert into check_ins (id, dossier_id, kind, person_id, position, on_date, included, created_at) \
         select $1, $2, $3, $4, coalesce(max(position), 0) + 1, null, $5, $6 from check_ins where dossier_id = $2",
    )
    .bind(id)
    .bind(dossier)
    .bind(CheckInKind::Cto)
    .bind(person)
    .bind(false)
    .bind(at)
    .run_expecting(1)
    .await
}

/// Begins feedback with no words yet. The dossier's row is to be locked already.
pub async fn begin_feedback(
    tx: &mut Tx,
    id: Uuid,
    dossier: Uuid,
    person: Uuid,
    at: DateTime<Utc>,
) -> Result<()> {
    tx.query(
        "insert into feedback (id, dossier_id, person_id, position, text, created_at) \
         select $1, $2, $3, coalesce(max(position), 0) + 1, '', $4 from feedback where dossier_id = $2",
    )
    .bind(id)
    .bind(dossier)
    .bind(person)
    .bind(at)
    .run_expecting(1)
    .await
}

/// Sets a check-in's answers by the ids of their questions, in the place of those that it had.
pub async fn answer(tx: &mut Tx, check_in: Uuid, answers: &[(String, Reply)]) -> Result<()> {
    tx.query("delete from check_in_answers where check_in_id = $1").bind(check_in).run().await?;
    for (question, answer) in answers {
        tx.query("insert into check_in_answers (check_in_id, question, answer) values ($1, $2, $3)")
            .bind(check_in)
            .bind(question.clone())
            .bind(*answer)
            .run_expecting(1)
            .await?;
    }
    Ok(())
}

/// Sets the words of feedback that is not released.
pub async fn write_feedback(tx: &mut Tx, id: Uuid, broader_scope: Option<Reply>, text: &str) -> Result<()> {
    tx.query("update feedback set broader_scope = $2, text = $3 where id = $1 and released_on is null")
        .bind(id)
        .bind(broader_scope)
        .bind(text.to_owned())
        .run_expecting(1)
        .await
}

/// Releases a CTO's check-in as of a day, after all others. The dossier's row is to be locked already.
pub async fn release_check_in(tx: &mut Tx, id: Uuid, dossier: Uuid, on: NaiveDate) -> Result<()> {
    tx.query(
        "update check_ins set on_date = $3, position = (select max(position) + 1 from check_ins \
         where dossier_id = $2) where id = $1 and on_date is null",
    )
    .bind(id)
    .bind(dossier)
    .bind(on)
    .run_expecting(1)
    .await
}

/// Releases feedback as of a day, after all other. The dossier's row is to be locked already.
pub async fn release_feedback(tx: &mut Tx, id: Uuid, dossier: Uuid, on: NaiveDate) -> Result<()> {
    tx.query(
        "update feedback set released_on = $3, position = (select max(position) + 1 from feedback \
         where dossier_id = $2) where id = $1 and released_on is null",
    )
    .bind(id)
    .bind(dossier)
    .bind(on)
    .run_expecting(1)
    .await
}

/// Removes a check-in that is not released.
pub async fn remove_check_in(tx: &mut Tx, id: Uuid) -> Result<()> {
    tx.query("delete from check_in_answers where check_in_id = $1").bind(id).run().await?;
    tx.query("delete from check_ins where id = $1 and on_date is null").bind(id).run_expecting(1).await
}

/// Removes feedback that is not released.
pub async fn remove_feedback(tx: &mut Tx, id: Uuid) -> Result<()> {
    tx.query("delete from feedback where id = $1 and released_on is null").bind(id).run_expecting(1).await
}
