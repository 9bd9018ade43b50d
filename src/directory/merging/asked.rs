//! What the two were asked and told: open requests follow, and of two about one thing only one stays open.

use uuid::Uuid;

use super::Reference;
use super::entries::more_careful;
use super::store::Merge;
use crate::db::{Result, Tx};
use crate::evidence::NamedAnswer;

/// Stands for the answer of the naming that was with the survivor already.
const ANSWER: &str = "namings.answer";

/// Closes each open request to the one for which the other has one too, so that they are asked once.
pub(super) async fn close_doubled(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
    let doubled: Vec<(Uuid,)> = tx
        .query(
            "select r.id from requests r join requests o on o.entry_id = r.entry_id and o.question = r.question \
             where r.person_id = $1 and o.person_id = $2 and r.answered_at is null and r.closed_at is null \
             and o.answered_at is null and o.closed_at is null",
        )
        .bind(merge.merged)
        .bind(merge.survivor)
        .all()
        .await?;
    for (id,) in doubled {
        tx.query(
            "insert into person_merge_moves (merge_id, reference, row_id, part, besides) \
             values ($1, $2, $3, 'closed', 'closed')",
        )
        .bind(merge.id)
        .bind(reference.name())
        .bind(id)
        .run_expecting(1)
        .await?;
        tx.query("update requests set closed_at = $2 where id = $1")
            .bind(id)
            .bind(merge.merged_at)
            .run_expecting(1)
            .await?;
    }
    Ok(())
}

/// Opens them again, once they are the other's again.
pub(super) async fn open_doubled(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
    tx.query(
        "update requests set closed_at = null where answered_at is null and closed_at = $4 and person_id = $3 \
         and id in (select row_id from person_merge_moves where merge_id = $1 and reference = $2 and besides = 'closed')",
    )
    .bind(merge.id)
    .bind(reference.name())
    .bind(merge.merged)
    .bind(merge.merged_at)
    .run()
    .await?;
    Ok(())
}

/// Moves what the one was told of being named. Where both were told of one entry, the other's record stays, with the more
/// careful answer, and the one's own is left where it is.
pub(super) async fn move_namings(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
    type Row = (Uuid, Option<NamedAnswer>, Option<Uuid>, Option<NamedAnswer>);
    let rows: Vec<Row> = tx
        .query(
            "select n.id, n.answer, s.id, s.answer from namings n \
             left join namings s on s.entry_id = n.entry_id and s.person_id = $2 where n.person_id = $1",
        )
        .bind(merge.merged)
        .bind(merge.survivor)
        .all()
        .await?;
    for (id, answer, there, before) in rows {
        let (moved, row, part) = match there {
            None => (reference.name(), id, String::new()),
            Some(there) => {
                (ANSWER.to_owned(), there, before.map(|said| said.to_string()).unwrap_or_default())
            }
        };
        tx.query(
            "insert into person_merge_moves (merge_id, reference, row_id, part) values ($1, $2, $3, $4)",
        )
        .bind(merge.id)
        .bind(moved)
        .bind(row)
        .bind(part)
        .run_expecting(1)
        .await?;
        if there.is_none() {
            tx.query("update namings set person_id = $2 where id = $1")
                .bind(id)
                .bind(merge.survivor)
                .run_expecting(1)
                .await?;
        } else {
            tx.query("update namings set answer = $2 where id = $1")
                .bind(row)
                .bind(more_careful(before, answer))
                .run_expecting(1)
                .await?;
        }
    }
    Ok(())
}

/// Moves them back. An answer that was taken over is taken back; one given since stays.
pub(super) async fn move_namings_back(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
    let answers: Vec<(Uuid, String)> = tx
        .query("select row_id, part from person_merge_moves where merge_id = $1 and reference = $2")
        .bind(merge.id)
        .bind(ANSWER.to_owned())
        .all()
        .await?;
    for (id, before) in answers {
        let before: Option<NamedAnswer> = before.parse().ok();
        tx.query(
            "update namings set answer = $2 where id = $1 and (answered_at is null or answered_at <= $3)",
        )
        .bind(id)
        .bind(before)
        .bind(merge.merged_at)
        .run()
        .await?;
    }
    tx.query(
        "update namings set person_id = $1 where person_id = $2 and id in \
         (select row_id from person_merge_moves where merge_id = $3 and reference = $4)",
    )
    .bind(merge.merged)
    .bind(merge.survivor)
    .bind(merge.id)
    .bind(reference.name())
    .run()
    .await?;
    Ok(())
}
