//! The levels of two people as one history, in the order in which they were recorded, and apart again.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Reference;
use super::store::Merge;
use crate::db::{Result, Tx};

/// Stands for the order of those levels that were with the survivor already.
const ORDER: &str = "person_levels.position";
/// Marks an emptied line that led to the survivor, in the rest of the move's key.
const TO_SURVIVOR: &str = "survivor";

async fn keep(
    tx: &mut Tx,
    merge: &Merge,
    reference: &str,
    row: Uuid,
    part: &str,
    position: Option<i64>,
    besides: Option<&str>,
) -> Result<()> {
    tx.query(
        "insert into person_merge_moves (merge_id, reference, row_id, part, position, besides) \
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(merge.id)
    .bind(reference.to_owned())
    .bind(row)
    .bind(part.to_owned())
    .bind(position)
    .bind(besides.map(str::to_owned))
    .run_expecting(1)
    .await
}

/// Moves the levels, and puts all of them in the order in which they were recorded.
pub(super) async fn move_levels(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
    type Row = (Uuid, Uuid, i64, DateTime<Utc>);
    let mut rows: Vec<Row> = tx
        .query("select id, person_id, position, recorded_at from person_levels where person_id in ($1, $2)")
        .bind(merge.survivor)
        .bind(merge.merged)
        .all()
        .await?;
    rows.sort_by_key(|(id, person, position, at)| (*at, *person != merge.survivor, *position, *id));
    if rows.iter().all(|(_, person, ..)| *person == merge.survivor) {
        return Ok(());
    }
    // Beyond all that are in use, so that none is taken on the way.
    let first = rows.iter().map(|(_, _, position, _)| *position).max().unwrap_or(0) + 1;
    for ((id, person, position, _), new) in rows.into_iter().zip(first..) {
        let moved = if person == merge.merged { reference.name() } else { ORDER.to_owned() };
        keep(tx, merge, &moved, id, "", Some(position), None).await?;
        tx.query("update person_levels set person_id = $2, position = $3 where id = $1")
            .bind(id)
            .bind(merge.survivor)
            .bind(new)
            .run_expecting(1)
            .await?;
    }
    Ok(())
}

/// Moves them back, each to its place.
pub(super) async fn move_levels_back(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
    for (moved, person) in [(reference.name(), merge.merged), (ORDER.to_owned(), merge.survivor)] {
        let rows: Vec<(Uuid, i64)> = tx
            .query(
                "select row_id, position from person_merge_moves where merge_id = $1 and reference = $2 \
                 and position is not null",
            )
            .bind(merge.id)
            .bind(moved)
            .all()
            .await?;
        for (id, position) in rows {
            tx.query("update person_levels set person_id = $2, position = $3 where id = $1")
                .bind(id)
                .bind(person)
                .bind(position)
                .run_expecting(1)
                .await?;
        }
    }
    Ok(())
}

/// Empties the lines that would lead from the one person to themselves.
pub(super) async fn empty_own(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
    for (person, to, part) in [
        (merge.survivor, merge.merged, ""),
        (merge.merged, merge.merged, ""),
        (merge.merged, merge.survivor, TO_SURVIVOR),
    ] {
        let rows: Vec<(Uuid,)> = tx
            .query("select id from person_levels where person_id = $1 and reports_to = $2")
            .bind(person)
            .bind(to)
            .all()
            .await?;
        for (id,) in rows {
            keep(tx, merge, &reference.name(), id, part, None, Some("emptied")).await?;
            tx.query("update person_levels set reports_to = null where id = $1")
                .bind(id)
                .run_expecting(1)
                .await?;
        }
    }
    Ok(())
}

/// Fills the emptied lines again.
pub(super) async fn fill_own(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
    for (to, part) in [(merge.merged, ""), (merge.survivor, TO_SURVIVOR)] {
        tx.query(
            "update person_levels set reports_to = $1 where reports_to is null and id in \
             (select row_id from person_merge_moves where merge_id = $2 and reference = $3 and part = $4 \
             and besides = 'emptied')",
        )
        .bind(to)
        .bind(merge.id)
        .bind(reference.name())
        .bind(part.to_owned())
        .run()
        .await?;
    }
    Ok(())
}
