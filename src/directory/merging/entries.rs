//! The names in entries. An entry that names both as the same names the one who is left once, and what was taken out is
//! kept beside the merge.

use chrono::NaiveDate;
use uuid::Uuid;

use super::Reference;
use super::store::Merge;
use crate::db::{Result, Tx};
use crate::evidence::{NamedAnswer, NamedAs, Origin, Via, store};

/// What somebody named answered, and how that came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) answer: Option<NamedAnswer>,
    pub(super) origin: Origin<Uuid>,
}

/// As columns have it: `answer`, `via`, `vouched_by`, `vouched_on`.
pub(super) type SaidRow = (Option<NamedAnswer>, Via, Option<Uuid>, Option<NaiveDate>);

impl From<SaidRow> for Said {
    fn from((answer, via, by, on): SaidRow) -> Said {
        Said { answer, origin: Origin::from_columns(via, by, on) }
    }
}

/// Of two answers of what turned out to be one person, the more careful: who asked not to be named stays unnamed. It
/// stays as it came. What nobody vouched for takes the place of nothing else that stands; of two that say the same, the one
/// that stands by itself is taken, then the one that was there.
pub(super) fn more_careful(there: Said, other: Said) -> Said {
    let by_itself = |said: Said| said.origin.via == Via::Account;
    let stands = |said: Said| said.answer.is_some() && (by_itself(said) || said.origin.vouched.is_some());
    let objects = |said: Said| said.answer == Some(NamedAnswer::Unnamed);
    if !objects(there) && !objects(other) && stands(there) != stands(other) {
        return if stands(there) { there } else { other };
    }
    let takes_other = other.answer > there.answer
        || (other.answer == there.answer
            && (by_itself(other), other.origin.vouched.is_some())
                > (by_itself(there), there.origin.vouched.is_some()));
    if takes_other { other } else { there }
}

/// Moves the names, and lets the entries be found by the name of who is left.
pub(super) async fn move_named(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
    type Row = (Uuid, NamedAs, i64, Option<NamedAnswer>, Via, Option<Uuid>, Option<NaiveDate>);
    let rows: Vec<Row> = tx
        .query(
            "select entry_id, named_as, position, answer, via, vouched_by, vouched_on from entry_people \
             where person_id = $1",
        )
        .bind(merge.merged)
        .all()
        .await?;
    let mut entries = Vec::new();
    for (entry, named_as, position, answer, via, by, on) in rows {
        entries.push(entry);
        match said(tx, entry, merge.survivor, named_as).await? {
            None => {
                note(tx, merge, reference, entry, named_as.to_string()).await?;
                rename(tx, entry, named_as, (merge.merged, merge.survivor)).await?;
            }
            Some(before) => {
                let taken = Said::from((answer, via, by, on));
                take_out(tx, merge, (entry, named_as, position), before, taken).await?;
                answer_with(tx, entry, merge.survivor, named_as, more_careful(before, taken)).await?;
            }
        }
    }
    index_again(tx, entries).await
}

async fn said(tx: &mut Tx, entry: Uuid, person: Uuid, named_as: NamedAs) -> Result<Option<Said>> {
    let found: Option<SaidRow> = tx
        .query(
            "select answer, via, vouched_by, vouched_on from entry_people \
             where entry_id = $1 and person_id = $2 and named_as = $3",
        )
        .bind(entry)
        .bind(person)
        .bind(named_as)
        .optional()
        .await?;
    Ok(found.map(Said::from))
}

async fn note(tx: &mut Tx, merge: &Merge, reference: Reference, row: Uuid, part: String) -> Result<()> {
    tx.query("insert into person_merge_moves (merge_id, reference, row_id, part) values ($1, $2, $3, $4)")
        .bind(merge.id)
        .bind(reference.name())
        .bind(row)
        .bind(part)
        .run_expecting(1)
        .await
}

/// Takes a name out of an entry, and keeps it beside the merge.
async fn take_out(
    tx: &mut Tx,
    merge: &Merge,
    (entry, named_as, position): (Uuid, NamedAs, i64),
    before: Said,
    taken: Said,
) -> Result<()> {
    tx.query(
        "insert into person_merge_names (merge_id, entry_id, named_as, position, answer, via, vouched_by, vouched_on, \
         answer_before, via_before, vouched_by_before, vouched_on_before) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(merge.id)
    .bind(entry)
    .bind(named_as.to_string())
    .bind(position)
    .bind(taken.answer)
    .bind(taken.origin.via)
    .bind(taken.origin.vouched_by())
    .bind(taken.origin.vouched_on())
    .bind(before.answer)
    .bind(before.origin.via)
    .bind(before.origin.vouched_by())
    .bind(before.origin.vouched_on())
    .run_expecting(1)
    .await?;
    tx.query("delete from entry_people where entry_id = $1 and person_id = $2 and named_as = $3")
        .bind(entry)
        .bind(merge.merged)
        .bind(named_as)
        .run_expecting(1)
        .await
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

async fn answer_with(tx: &mut Tx, entry: Uuid, person: Uuid, named_as: NamedAs, said: Said) -> Result<()> {
    tx.query(
        "update entry_people set answer = $4, via = $5, vouched_by = $6, vouched_on = $7 \
         where entry_id = $1 and person_id = $2 and named_as = $3",
    )
    .bind(entry)
    .bind(person)
    .bind(named_as)
    .bind(said.answer)
    .bind(said.origin.via)
    .bind(said.origin.vouched_by())
    .bind(said.origin.vouched_on())
    .run_expecting(1)
    .await
}

/// What a merge took out of an entry, and what the one who stayed had answered before.
#[derive(sqlx::FromRow)]
struct TakenOut {
    entry_id: Uuid,
    named_as: String,
    position: i64,
    answer: Option<NamedAnswer>,
    via: Via,
    vouched_by: Option<Uuid>,
    vouched_on: Option<NaiveDate>,
    answer_before: Option<NamedAnswer>,
    via_before: Via,
    vouched_by_before: Option<Uuid>,
    vouched_on_before: Option<NaiveDate>,
}

/// Moves the names back in the entries that still have them.
pub(super) async fn move_named_back(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
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
    let taken_out: Vec<TakenOut> = tx
        .query(
            "select entry_id, named_as, position, answer, via, vouched_by, vouched_on, answer_before, via_before, \
             vouched_by_before, vouched_on_before from person_merge_names where merge_id = $1",
        )
        .bind(merge.id)
        .all()
        .await?;
    for row in taken_out {
        let entry = row.entry_id;
        let Ok(named_as) = row.named_as.parse::<NamedAs>() else { continue };
        let Some(now) = said(tx, entry, merge.survivor, named_as).await? else { continue };
        let taken = Said::from((row.answer, row.via, row.vouched_by, row.vouched_on));
        let before =
            Said::from((row.answer_before, row.via_before, row.vouched_by_before, row.vouched_on_before));
        tx.query(
            "insert into entry_people (entry_id, person_id, named_as, position, answer, via, vouched_by, vouched_on) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(entry)
        .bind(merge.merged)
        .bind(named_as)
        .bind(row.position)
        .bind(taken.answer)
        .bind(taken.origin.via)
        .bind(taken.origin.vouched_by())
        .bind(taken.origin.vouched_on())
        .run_expecting(1)
        .await?;
        // What the one who was left has said since is theirs.
        if now == more_careful(before, taken) {
            answer_with(tx, entry, merge.survivor, named_as, before).await?;
        }
        entries.push(entry);
    }
    index_again(tx, entries).await
}

/// Lets the one who is left have vouched for what the other vouched for.
pub(super) async fn move_voucher(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
    let rows: Vec<(Uuid, Uuid, NamedAs)> = tx
        .query("select entry_id, person_id, named_as from entry_people where vouched_by = $1")
        .bind(merge.merged)
        .all()
        .await?;
    for (entry, person, named_as) in rows {
        note(tx, merge, reference, entry, format!("{named_as} {person}")).await?;
    }
    tx.query("update entry_people set vouched_by = $2 where vouched_by = $1")
        .bind(merge.merged)
        .bind(merge.survivor)
        .run()
        .await?;
    Ok(())
}

/// Takes that back, where it is still so.
pub(super) async fn move_voucher_back(tx: &mut Tx, merge: &Merge, reference: Reference) -> Result<()> {
    let moved: Vec<(Uuid, String)> = tx
        .query("select row_id, part from person_merge_moves where merge_id = $1 and reference = $2")
        .bind(merge.id)
        .bind(reference.name())
        .all()
        .await?;
    for (entry, part) in moved {
        let parts = part.split_once(' ').and_then(|(named_as, person)| {
            Some((named_as.parse::<NamedAs>().ok()?, person.parse::<Uuid>().ok()?))
        });
        let Some((named_as, person)) = parts else { continue };
        tx.query(
            "update entry_people set vouched_by = $4 where entry_id = $1 and person_id = $2 and named_as = $3 \
             and vouched_by = $5",
        )
        .bind(entry)
        .bind(person)
        .bind(named_as)
        .bind(merge.merged)
        .bind(merge.survivor)
        .run()
        .await?;
    }
    Ok(())
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
    use super::{Said, more_careful};
    use crate::evidence::NamedAnswer::{self, Agreed, Differs, Unnamed};
    use crate::evidence::{Origin, Via, Vouching};

    fn said(answer: Option<NamedAnswer>, via: Via) -> Said {
        Said { answer, origin: Origin::of(via) }
    }

    #[test]
    fn who_asked_not_to_be_named_stays_unnamed() {
        let careful = |one, other| more_careful(said(one, Via::Account), said(other, Via::Account)).answer;
        assert_eq!(careful(Some(Agreed), Some(Unnamed)), Some(Unnamed));
        assert_eq!(careful(Some(Differs), Some(Agreed)), Some(Differs));
        assert_eq!(careful(None, Some(Agreed)), Some(Agreed));
        assert_eq!(careful(None, None), None);
    }

    #[test]
    fn an_answer_that_is_taken_over_stays_as_it_came() {
        let (link, account) = (said(Some(Agreed), Via::Link), said(Some(Agreed), Via::Account));
        assert_eq!(more_careful(said(None, Via::Account), link), link);
        assert_eq!(more_careful(link, account), account);
        assert_eq!(more_careful(account, link), account);
        // What nobody vouched for takes the place of nothing that stands; vouched for, it is the more careful one.
        let differs = said(Some(Differs), Via::Link);
        assert_eq!(more_careful(account, differs), account);
        assert_eq!(more_careful(link, differs), differs);
        let by = Vouching { by: uuid::Uuid::nil(), on: chrono::NaiveDate::MIN };
        let vouched = Said { origin: Origin { vouched: Some(by), ..differs.origin }, ..differs };
        assert_eq!(more_careful(account, vouched), vouched);
        assert_eq!(more_careful(vouched, link), vouched);
        let unnamed = said(Some(Unnamed), Via::Link);
        assert_eq!(more_careful(account, unnamed), unnamed, "a wish not to be named holds however it came");
    }
}
