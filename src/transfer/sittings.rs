//! Out of the database: what CTOs released, as sittings, comments on entries and judgements.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::db::{Result, Tx};
use crate::portable::{Assessment, Comment, Sitting};
use crate::review::{Field, Judgement};
use crate::sitting::Kept;

/// The released sittings over a dossier, the earliest first.
pub(super) async fn sittings(tx: &mut Tx, dossier: Uuid) -> Result<Vec<Sitting>> {
    let rows: Vec<(Uuid, Uuid, NaiveDate, String, Option<Kept>)> = tx
        .query(
            "select s.id, a.person_id, s.released_on, s.commitment, l.earlier_kept from sittings s \
             join accounts a on a.id = s.account_id \
             left join sittings l on l.earlier_id = s.id and l.released_on is not null \
             where s.dossier_id = $1 and s.released_on is not null order by s.released_on, s.updated_at, s.id",
        )
        .bind(dossier)
        .all()
        .await?;
    let sentences: Vec<(Uuid, String, String)> = tx
        .query(
            "select x.sitting_id, x.capability, x.text from sitting_sentences x \
             join sittings s on s.id = x.sitting_id where s.dossier_id = $1 and s.released_on is not null",
        )
        .bind(dossier)
        .all()
        .await?;
    let said = |id: Uuid| {
        let own = sentences.iter().filter(|(sitting, ..)| *sitting == id);
        own.map(|(_, capability, text)| (capability.clone(), text.clone())).collect::<BTreeMap<_, _>>()
    };
    let sitting = |(id, by, on, commitment, kept): (Uuid, Uuid, NaiveDate, String, Option<Kept>)| Sitting {
        by: Some(by.to_string()),
        on,
        sentences: said(id),
        commitment: Some(commitment).filter(|commitment| !commitment.is_empty()),
        kept,
    };
    // One that holds answers and feedback alone travels as these.
    Ok(rows.into_iter().map(sitting).filter(|s| !s.sentences.is_empty() || s.commitment.is_some()).collect())
}

#[derive(sqlx::FromRow)]
struct CommentRow {
    entry_id: Uuid,
    person_id: Uuid,
    released_on: NaiveDate,
    field: Field,
    revision: i64,
    text: String,
    reply: Option<String>,
    replied_on: Option<NaiveDate>,
}

/// The released comments on a dossier's entries, with the ids of these, in the order of their writing.
pub(super) async fn comments(tx: &mut Tx, dossier: Uuid) -> Result<Vec<(Uuid, Comment)>> {
    let rows: Vec<CommentRow> = tx
        .query(
            "select c.entry_id, a.person_id, c.released_on, c.field, c.revision, c.text, c.reply, c.replied_on \
             from comments c join accounts a on a.id = c.account_id join entries e on e.id = c.entry_id \
             where e.dossier_id = $1 and c.released_on is not null order by c.created_at, c.id",
        )
        .bind(dossier)
        .all()
        .await?;
    let comment = |row: CommentRow| Comment {
        by: Some(row.person_id.to_string()),
        on: row.released_on,
        field: row.field,
        revision: u32::try_from(row.revision).unwrap_or_default(),
        text: row.text,
        reply: row.reply,
        replied_on: row.replied_on,
    };
    Ok(rows.into_iter().map(|row| (row.entry_id, comment(row))).collect())
}

#[derive(sqlx::FromRow)]
struct AssessmentRow {
    entry_id: Uuid,
    person_id: Uuid,
    released_on: NaiveDate,
    judgement: Judgement,
    reason: String,
    revision: Option<i64>,
    reply: Option<String>,
    replied_on: Option<NaiveDate>,
    superseded_on: Option<NaiveDate>,
}

/// The released judgements of a dossier's entries, with the ids of these, in the order recorded.
pub(super) async fn assessments(tx: &mut Tx, dossier: Uuid) -> Result<Vec<(Uuid, Assessment)>> {
    let rows: Vec<AssessmentRow> = tx
        .query(
            "select x.entry_id, x.person_id, x.released_on, x.judgement, x.reason, x.revision, x.reply, x.replied_on, \
             x.superseded_on from assessments x join entries e on e.id = x.entry_id \
             where e.dossier_id = $1 and x.released_on is not null order by x.position",
        )
        .bind(dossier)
        .all()
        .await?;
    let assessment = |row: AssessmentRow| Assessment {
        by: Some(row.person_id.to_string()),
        on: row.released_on,
        judgement: row.judgement,
        reason: row.reason,
        revision: row.revision.and_then(|revision| u32::try_from(revision).ok()),
        reply: row.reply,
        replied_on: row.replied_on,
        superseded_on: row.superseded_on,
    };
    Ok(rows.into_iter().map(|row| (row.entry_id, assessment(row))).collect())
}
