//! The names in entries. An entry that names both as the same names the one who is left once, and what was taken out is
//! kept beside the merge.

use uuid::Uuid;

use super::Reference;
use super::store::Merge;
use crate::db::{Result, Tx};
use crate::evidence::{NamedAnswer, NamedAs, store};

/// Of two answers of what turned out to be one person, the more careful: who asked not to be named stays unnamed.
pub(super) fn more_careful(one: Option<NamedAnswer>, other: Option<NamedAnswer>) -> Option<NamedAnswer> {
    one.max(other)
}

/// Moves the names, and lets the entries be found by the name of who is left.
pub(super) async fn move_named(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
    type Row = (Uuid, NamedAs, i64, Option<NamedAnswer>);
    let rows: Vec<Row> = tx
        .query("select entry_id, named_as, position, answer from entry_people where person_id = $1")
        .bind(merge.merged)
        .all()
        .await?;
    let mut entries = Vec::new();
    for (entry, named_as, position, answer) in rows {
        entries.push(entry);
        let there: Option<(Option<NamedAnswer>,)> = tx
            .query("select answer from entry_people where entry_id = $1 and person_id = $2 and named_as = $3")
            .bind(entry)
            .bind(merge.survivor)
            .bind(named_as)
            .optional()
            .await?;
        match there {
            None => {
                tx.query(
                    "insert into person_merge_moves (merge_id, reference, row_id, part) values ($1, $2, $3, $4)",
                )
                .bind(merge.id)
                .bind(reference.name())
                .bind(entry)
                .bind(named_as.to_string())
                .run_expecting(1)
                .await?;
                rename(tx, entry, named_as, (merge.merged, merge.survivor)).await?;
            }
            Some((before,)) => {
                tx.query(
                    "insert into person_merge_names (merge_id, entry_id, named_as, position, answer, answer_before) \
                     values ($1, $2, $3, $4, $5, $6)",
                )
                .bind(merge.id)
                .bind(entry)
                .bind(named_as.to_string())
                .bind(position)
                .bind(answer)
                .bind(before)
                .run_expecting(1)
                .await?;
                tx.query("delete from entry_people where entry_id = $1 and person_id = $2 and named_as = $3")
                    .bind(entry)
                    .bind(merge.merged)
                    .bind(named_as)
                    .run_expecting(1)
                    .await?;
                answer_with(tx, entry, merge.survivor, named_as, more_careful(before, answer)).await?;
            }
        }
    }
    index_again(tx, entries).await
}

async fn rename(tx: &mut Tx, entry: Uuid, named_as: NamedAs, (from, to): (Uuid, Uuid)) -> Result<u64> {
    tx.query(
        "update entry_people set person_id = $4 where entry_id = $1 and person_id = $2 and named_as = $3",
    )
    .bind(entry)
    .bind(from)
    .bind(named_as)
    .bind(to)
    .run()
    .await
}

async fn answer_with(
    tx: &mut Tx,
    entry: Uuid,
    person: Uuid,
    named_as: NamedAs,
    answer: Option<NamedAnswer>,
) -> Result<()> {
    tx.query("update entry_people set answer = $4 where entry_id = $1 and person_id = $2 and named_as = $3")
        .bind(entry)
        .bind(person)
        .bind(named_as)
        .bind(answer)
        .run_expecting(1)
        .await
}

/// Moves the names back in the entries that still have them.
pub(super) async fn move_named_back(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
    type Row = (Uuid, String, i64, Option<NamedAnswer>, Option<NamedAnswer>);
    let mut entries = Vec::new();
    let moved: Vec<(Uuid, String)> = tx
        .query("select row_id, part from person_merge_moves where merge_id = $1 and reference = $2")
        .bind(merge.id)
        .bind(reference.name())
        .all()
        .await?;
    for (entry, named_as) in moved {
        let Ok(named_as) = named_as.parse::<NamedAs>() else { continue };
        if rename(tx, entry, named_as, (merge.survivor, merge.merged)).await? == 1 {
            entries.push(entry);
        }
    }
    let taken_out: Vec<Row> = tx
        .query(
            "select entry_id, named_as, position, answer, answer_before from person_merge_names where merge_id = $1",
        )
        .bind(merge.id)
        .all()
        .await?;
    for (entry, named_as, position, answer, before) in taken_out {
        let Ok(named_as) = named_as.parse::<NamedAs>() else { continue };
        let there: Option<(Option<NamedAnswer>,)> = tx
            .query("select answer from entry_people where entry_id = $1 and person_id = $2 and named_as = $3")
            .bind(entry)
            .bind(merge.survivor)
            .bind(named_as)
            .optional()
            .await?;
        let Some((now,)) = there else { continue };
        tx.query(
            "insert into entry_people (entry_id, person_id, named_as, position, answer) values ($1, $2, $3, $4, $5)",
        )
        .bind(entry)
        .bind(merge.merged)
        .bind(named_as)
        .bind(position)
        .bind(answer)
        .run_expecting(1)
        .await?;
        // What the one who was left has said since is theirs.
        if now == more_careful(before, answer) {
            answer_with(tx, entry, merge.survivor, named_as, before).await?;
        }
        entries.push(entry);
    }
    index_again(tx, entries).await
}

async fn index_again(tx: &mut Tx, mut entries: Vec<Uuid>) -> Result<()> {
    entries.sort_unstable();
    entries.dedup();
    for entry in entries {
        store::index_again(tx, entry).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::more_careful;
    use crate::evidence::NamedAnswer::{Agreed, Differs, Unnamed};

    #[test]
    fn who_asked_not_to_be_named_stays_unnamed() {
        assert_eq!(more_careful(Some(Agreed), Some(Unnamed)), Some(Unnamed));
        assert_eq!(more_careful(Some(Differs), Some(Agreed)), Some(Differs));
        assert_eq!(more_careful(None, Some(Agreed)), Some(Agreed));
        assert_eq!(more_careful(None, None), None);
    }
}
