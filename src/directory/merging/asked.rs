//! What the two were asked and told: open requests follow, and of two about one thing only one stays open.

use chrono::{DateTime, NaiveDate, Utc};
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
        let (moved, row, part, taken) = match there {
            None => (reference.name(), id, String::new(), None),
            Some(there) => {
                let before = said(tx, there).await?;
                let taken = more_careful(before, said(tx, id).await?);
                if taken == before {
                    continue;
                }
                (ANSWER.to_owned(), there, written(before, &came(tx, there).await?), Some(taken))
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
        if let Some(said) = taken {
            let came = came(tx, id).await?;
            answer(tx, row, said, came, None).await?;
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

/// What belongs to an answer: its day, the address that it came from, and the parts it was about.
#[expect(clippy::struct_field_names, reason = "they are columns")]
#[derive(Clone, Debug, Default, sqlx::FromRow)]
struct Came {
    answered_on: Option<NaiveDate>,
    answered_from: Option<String>,
    answered_as: String,
}

/// Lets a naming have an answer, unless one was given since a moment.
async fn answer(
    tx: &mut Tx,
    naming: Uuid,
    said: Said,
    came: Came,
    unless_since: Option<DateTime<Utc>>,
) -> Result<()> {
    tx.query(
        "update namings set answer = $2, via = $3, vouched_by = $4, vouched_on = $5, answered_on = $6, \
         answered_from = $7, answered_as = $8 where id = $1 \
         and (answered_at is null or answered_at <= coalesce($9, answered_at))",
    )
    .bind(naming)
    .bind(said.answer)
    .bind(said.origin.via)
    .bind(said.origin.vouched_by())
    .bind(said.origin.vouched_on())
    .bind(came.answered_on)
    .bind(came.answered_from)
    .bind(came.answered_as)
    .bind(unless_since)
    .run()
    .await
    .map(drop)
}

async fn came(tx: &mut Tx, naming: Uuid) -> Result<Came> {
    tx.query("select answered_on, answered_from, answered_as from namings where id = $1")
        .bind(naming)
        .one()
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

/// What was answered before, and how that came, as lines: nothing, or the answer, the way, and who vouched for it when; its
/// day; its address; and its parts.
fn written(said: Said, came: &Came) -> String {
    let mut words = String::new();
    if let Some(answer) = said.answer {
        words = format!("{answer} {}", said.origin.via);
        if let Some(Vouching { by, on }) = said.origin.vouched {
            words = format!("{words} {by} {on}");
        }
    }
    let on = came.answered_on.map(|on| on.to_string()).unwrap_or_default();
    let from = came.answered_from.as_deref().unwrap_or_default();
    format!("{words}\n{on}\n{from}\n{}", came.answered_as)
}

/// That, read again. An earlier merge wrote the first line alone, and one of before there were ways the answer alone.
fn read(lines: &str) -> (Said, Option<Came>) {
    let mut lines = lines.split('\n');
    let mut words = lines.next().unwrap_or_default().split(' ');
    let answer = words.next().and_then(|word| word.parse::<NamedAnswer>().ok());
    let via = words.next().and_then(|word| word.parse::<Via>().ok()).unwrap_or_default();
    let by = words.next().and_then(|word| word.parse().ok());
    let on = words.next().and_then(|word| word.parse().ok());
    let came = lines.next().map(|day| Came {
        answered_on: day.parse().ok(),
        answered_from: lines.next().filter(|from| !from.is_empty()).map(str::to_owned),
        answered_as: lines.next().unwrap_or_default().to_owned(),
    });
    (Said { answer, origin: Origin::from_columns(via, by, on) }, came)
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
        let (before, kept) = read(&before);
        if before == said(tx, id).await? {
            continue;
        }
        let kept = match kept {
            Some(kept) => kept,
            None => Came { answered_from: None, ..came(tx, id).await? },
        };
        answer(tx, id, before, kept, Some(merge.merged_at)).await?;
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
