//! What the two were asked and told: open requests follow, and of two about one thing only one stays open.

use uuid::Uuid;

use super::Reference;
use super::entries::{Said, SaidRow, more_careful};
use super::store::Merge;
use crate::db::{Result, Tx};
use crate::evidence::{NamedAnswer, Origin, Via, Vouching};

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
    let rows: Vec<(Uuid, Option<Uuid>)> = tx
        .query(
            "select n.id, s.id from namings n \
             left join namings s on s.entry_id = n.entry_id and s.person_id = $2 where n.person_id = $1",
        )
        .bind(merge.merged)
        .bind(merge.survivor)
        .all()
        .await?;
    for (id, there) in rows {
        let before = match there {
            None => None,
            Some(there) => Some(said(tx, there).await?),
        };
        let (moved, row, part) = match (there, before) {
            (Some(there), Some(before)) => (ANSWER.to_owned(), there, written(before)),
            _ => (reference.name(), id, String::new()),
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
        if let Some(before) = before {
            let said = more_careful(before, said(tx, id).await?);
            tx.query(
                "update namings set answer = $2, via = $3, vouched_by = $4, vouched_on = $5 where id = $1",
            )
            .bind(row)
            .bind(said.answer)
            .bind(said.origin.via)
            .bind(said.origin.vouched_by())
            .bind(said.origin.vouched_on())
            .run_expecting(1)
            .await?;
            if said != before {
                take_over(tx, row, id).await?;
            }
        } else {
            tx.query("update namings set person_id = $2 where id = $1")
                .bind(id)
                .bind(merge.survivor)
                .run_expecting(1)
                .await?;
        }
    }
    Ok(())
}

/// What belongs to an answer that is taken over: its day, the address that it came from, and the parts it was about.
async fn take_over(tx: &mut Tx, there: Uuid, other: Uuid) -> Result<()> {
    let one = |column| format!("{column} = (select o.{column} from namings o where o.id = $2)");
    let columns = ["answered_on", "answered_from", "answered_as"].map(one).join(", ");
    tx.query_built(format!("update namings set {columns} where id = $1"))
        .bind(there)
        .bind(other)
        .run_expecting(1)
        .await
}

async fn said(tx: &mut Tx, naming: Uuid) -> Result<Said> {
    let found: SaidRow = tx
        .query("select answer, via, vouched_by, vouched_on from namings where id = $1")
        .bind(naming)
        .one()
        .await?;
    Ok(found.into())
}

/// What was answered before, and how that came, as words: nothing, or the answer, the way, and who vouched for it when.
fn written(said: Said) -> String {
    let Some(answer) = said.answer else { return String::new() };
    let mut words = format!("{answer} {}", said.origin.via);
    if let Some(Vouching { by, on }) = said.origin.vouched {
        words = format!("{words} {by} {on}");
    }
    words
}

/// That, read again; a merge of before there were ways wrote the answer alone.
fn read(words: &str) -> Said {
    let mut words = words.split(' ');
    let answer = words.next().and_then(|word| word.parse::<NamedAnswer>().ok());
    let via = words.next().and_then(|word| word.parse::<Via>().ok()).unwrap_or_default();
    let by = words.next().and_then(|word| word.parse().ok());
    let on = words.next().and_then(|word| word.parse().ok());
    Said { answer, origin: Origin::from_columns(via, by, on) }
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
        let before = read(&before);
        tx.query(
            "update namings set answer = $2, via = $4, vouched_by = $5, vouched_on = $6, answered_from = null \
             where id = $1 and (answered_at is null or answered_at <= $3)",
        )
        .bind(id)
        .bind(before.answer)
        .bind(merge.merged_at)
        .bind(before.origin.via)
        .bind(before.origin.vouched_by())
        .bind(before.origin.vouched_on())
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
