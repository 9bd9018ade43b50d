//! Moving the rows that refer to a person, and moving them back.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{REFERENCES, Reference, Rows, asked, entries, levels};
use crate::db::{Result, Tx};

/// A merge as it was done.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Merge {
    /// Its id.
    pub id: Uuid,
    /// The one who is left.
    pub survivor: Uuid,
    /// The one who turned out to be them.
    pub merged: Uuid,
    /// When.
    pub merged_at: DateTime<Utc>,
    /// When it was undone.
    pub undone_at: Option<DateTime<Utc>>,
}

/// One merge.
pub(super) async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Merge>> {
    tx.query("select id, survivor, merged, merged_at, undone_at from person_merges where id = $1")
        .bind(id)
        .optional()
        .await
}

/// All merges that hold, the latest first.
pub(super) async fn holding(tx: &mut Tx) -> Result<Vec<Merge>> {
    tx.query(
        "select id, survivor, merged, merged_at, undone_at from person_merges where undone_at is null \
         order by merged_at desc, id desc",
    )
    .all()
    .await
}

/// Moves everything of one person to another, within the merge's record, which is written first.
pub(super) async fn merge(tx: &mut Tx, merge: &Merge, by: Uuid) -> Result<()> {
    tx.query(
        "insert into person_merges (id, survivor, merged, merged_by, merged_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(merge.id)
    .bind(merge.survivor)
    .bind(merge.merged)
    .bind(by)
    .bind(merge.merged_at)
    .run_expecting(1)
    .await?;
    for reference in REFERENCES {
        match reference.rows {
            Rows::Plain => move_plain(tx, merge, *reference).await?,
            Rows::Levels => levels::move_levels(tx, merge, *reference).await?,
            Rows::Line => {
                levels::empty_own(tx, merge, *reference).await?;
                move_plain(tx, merge, *reference).await?;
            }
            Rows::Named => entries::move_named(tx, merge, *reference).await?,
            Rows::Requests => {
                asked::close_doubled(tx, merge, *reference).await?;
                move_plain(tx, merge, *reference).await?;
            }
            Rows::Namings => asked::move_namings(tx, merge, *reference).await?,
            Rows::Voucher => entries::move_voucher(tx, merge, *reference).await?,
        }
    }
    tx.query("update people set merged_into = $2 where id = $1")
        .bind(merge.merged)
        .bind(merge.survivor)
        .run_expecting(1)
        .await
}

/// Moves back just what was moved, as far as it is still there and still with the one who was left.
pub(super) async fn undo(tx: &mut Tx, merge: &Merge, by: Uuid, at: DateTime<Utc>) -> Result<()> {
    tx.query("update person_merges set undone_by = $2, undone_at = $3 where id = $1 and undone_at is null")
        .bind(merge.id)
        .bind(by)
        .bind(at)
        .run_expecting(1)
        .await?;
    tx.query("update people set merged_into = null where id = $1 and merged_into = $2")
        .bind(merge.merged)
        .bind(merge.survivor)
        .run_expecting(1)
        .await?;
    for reference in REFERENCES.iter().rev() {
        match reference.rows {
            Rows::Plain => move_plain_back(tx, merge, *reference).await?,
            Rows::Levels => levels::move_levels_back(tx, merge, *reference).await?,
            Rows::Line => {
                move_plain_back(tx, merge, *reference).await?;
                levels::fill_own(tx, merge, *reference).await?;
            }
            Rows::Named => entries::move_named_back(tx, merge, *reference).await?,
            Rows::Requests => {
                move_plain_back(tx, merge, *reference).await?;
                asked::open_doubled(tx, merge, *reference).await?;
            }
            Rows::Namings => asked::move_namings_back(tx, merge, *reference).await?,
            Rows::Voucher => entries::move_voucher_back(tx, merge, *reference).await?,
        }
    }
    corrections_follow(tx, merge).await
}

async fn move_plain(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
    let Reference { table, column, .. } = reference;
    tx.query_built(format!(
        "insert into person_merge_moves (merge_id, reference, row_id, part) \
         select $1, $2, id, '' from {table} where {column} = $3"
    ))
    .bind(merge.id)
    .bind(reference.name())
    .bind(merge.merged)
    .run()
    .await?;
    tx.query_built(format!("update {table} set {column} = $1 where {column} = $2"))
        .bind(merge.survivor)
        .bind(merge.merged)
        .run()
        .await?;
    Ok(())
}

async fn move_plain_back(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
    let Reference { table, column, .. } = reference;
    tx.query_built(format!(
        "update {table} set {column} = $1 where {column} = $2 and id in \
         (select row_id from person_merge_moves where merge_id = $3 and reference = $4 and besides is null)"
    ))
    .bind(merge.merged)
    .bind(merge.survivor)
    .bind(merge.id)
    .bind(reference.name())
    .run()
    .await?;
    Ok(())
}

/// A correction made after the merge goes with what it corrects.
async fn corrections_follow(tx: &mut Tx, merge: &Merge) -> Result<()> {
    loop {
        let followed = tx
            .query(
                "update milestones set person_id = $1 where person_id = $2 \
                 and corrects in (select id from milestones where person_id = $1)",
            )
            .bind(merge.merged)
            .bind(merge.survivor)
            .run()
            .await?;
        if followed == 0 {
            return Ok(());
        }
    }
}

/// Whether one of the two acted on the other, so that they can't be one: named in the other's own evidence, or heard on it.
pub(super) async fn have_met(tx: &mut Tx, one: Uuid, other: Uuid) -> Result<bool> {
    let (met,): (bool,) = tx
        .query(
            "select exists (select 1 from dossiers d join entries e on e.dossier_id = d.id \
             where (d.owner_person = $1 or d.owner_person = $2) and ( \
             exists (select 1 from entry_people n where n.entry_id = e.id and n.person_id in ($1, $2) \
               and n.person_id <> d.owner_person) \
             or exists (select 1 from corroborations c where c.entry_id = e.id and c.person_id in ($1, $2) \
               and c.person_id <> d.owner_person) \
             or exists (select 1 from requests r where r.entry_id = e.id and r.person_id in ($1, $2) \
               and r.person_id <> d.owner_person) \
             or exists (select 1 from assessments a where a.entry_id = e.id and a.person_id in ($1, $2) \
               and a.person_id <> d.owner_person)))",
        )
        .bind(one)
        .bind(other)
        .one()
        .await?;
    Ok(met)
}

/// Pairs of whom an admin has said that they are two people.
pub(super) async fn told_apart(tx: &mut Tx) -> Result<Vec<(Uuid, Uuid)>> {
    tx.query("select one, other from namesakes").all().await
}

/// Notes that two are two people; false when that is known.
pub(super) async fn tell_apart(
    tx: &mut Tx,
    one: Uuid,
    other: Uuid,
    by: Uuid,
    at: DateTime<Utc>,
) -> Result<bool> {
    let noted = tx
        .query("insert into namesakes (one, other, noted_by, noted_at) values ($1, $2, $3, $4) on conflict do nothing")
        .bind(one.min(other))
        .bind(one.max(other))
        .bind(by)
        .bind(at)
        .run()
        .await?;
    Ok(noted == 1)
}
