//! The rows of what people say of being named. The latest answer of the person stands, whatever becomes of the entry, its
//! revisions and the links: only they change it. So what comes by mail or link waits for a voucher where it would undo
//! what stands, or a wish not to be named. With one exception: a wish not to be named holds at once, whichever way it came
//! and whatever it undoes, since to be named against one's will can't be taken back.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::db::{Result, Tx};
use crate::evidence::{NamedAnswer, NamedAs, Origin, Via};

/// What somebody says of being named.
#[derive(Clone, Debug)]
pub(super) struct Saying {
    pub answer: NamedAnswer,
    pub origin: Origin<Uuid>,
    /// The address that it was mailed to, if it came by mail.
    pub from: Option<String>,
    /// As what the entry names them.
    pub parts: Vec<NamedAs>,
    pub on: NaiveDate,
    pub at: DateTime<Utc>,
}

/// What stands.
#[derive(sqlx::FromRow)]
struct Standing {
    answer: Option<NamedAnswer>,
    via: Via,
    vouched_on: Option<NaiveDate>,
}

/// Whether an answer that nobody vouched for yet has to wait beside what was answered before.
fn waits(before: &Standing, said: &Saying) -> bool {
    let stands = |via, vouched| via == Via::Account || vouched;
    let objected = before.answer == Some(NamedAnswer::Unnamed);
    let stood = before.answer.is_some() && stands(before.via, before.vouched_on.is_some());
    !stands(said.origin.via, said.origin.vouched.is_some())
        && said.answer != NamedAnswer::Unnamed
        && (objected || stood)
}

/// Each part after a space.
fn joined(parts: &[NamedAs]) -> String {
    parts.iter().map(|part| format!(" {part}")).collect()
}

/// Keeps what somebody says of being named in an entry, and spends their link.
pub(super) async fn keep(
    tx: &mut Tx,
    naming: Uuid,
    (entry, person): (Uuid, Uuid),
    said: &Saying,
) -> Result<()> {
    let before: Standing =
        tx.query("select answer, via, vouched_on from namings where id = $1").bind(naming).one().await?;
    if waits(&before, said) {
        return tx
            .query(
                "update namings set later_answer = $2, later_via = $3, later_on = $4, later_at = $5, later_from = $6, \
                 later_as = $7, spent_at = $5 where id = $1",
            )
            .bind(naming)
            .bind(said.answer)
            .bind(said.origin.via)
            .bind(said.on)
            .bind(said.at)
            .bind(said.from.clone())
            .bind(joined(&said.parts))
            .run_expecting(1)
            .await;
    }
    tx.query(
        "update namings set answer = $2, via = $3, answered_on = $4, answered_at = $5, answered_from = $6, \
         answered_as = $7, vouched_by = $8, vouched_on = $9, spent_at = $5, later_answer = null, later_via = null, \
         later_on = null, later_at = null, later_from = null, later_as = null where id = $1",
    )
    .bind(naming)
    .bind(said.answer)
    .bind(said.origin.via)
    .bind(said.on)
    .bind(said.at)
    .bind(said.from.clone())
    .bind(joined(&said.parts))
    .bind(said.origin.vouched_by())
    .bind(said.origin.vouched_on())
    .run_expecting(1)
    .await?;
    tx.query(
        "update entry_people set answer = $3, via = $4, vouched_by = $5, vouched_on = $6 \
         where entry_id = $1 and person_id = $2",
    )
    .bind(entry)
    .bind(person)
    .bind(said.answer)
    .bind(said.origin.via)
    .bind(said.origin.vouched_by())
    .bind(said.origin.vouched_on())
    .run()
    .await
    .map(drop)
}

/// A naming with the answer that waits beside what stands.
#[derive(sqlx::FromRow)]
struct Waiting {
    entry_id: Uuid,
    person_id: Uuid,
    via: Via,
    later_answer: Option<NamedAnswer>,
    later_via: Option<Via>,
    later_as: Option<String>,
}

/// Has what waits of a naming stand from a day on.
pub(super) async fn stand(tx: &mut Tx, naming: Uuid, by: Uuid, on: NaiveDate) -> Result<()> {
    let found: Waiting = tx
        .query(
            "select entry_id, person_id, via, later_answer, later_via, later_as from namings where id = $1",
        )
        .bind(naming)
        .one()
        .await?;
    let (Some(answer), Some(via)) = (found.later_answer, found.later_via) else {
        tx.query("update namings set vouched_by = $2, vouched_on = $3 where id = $1 and vouched_on is null")
            .bind(naming)
            .bind(by)
            .bind(on)
            .run_expecting(1)
            .await?;
        return tx
            .query(
                "update entry_people set vouched_by = $3, vouched_on = $4 where entry_id = $1 and person_id = $2 \
                 and answer is not null and via = $5 and vouched_on is null",
            )
            .bind(found.entry_id)
            .bind(found.person_id)
            .bind(by)
            .bind(on)
            .bind(found.via)
            .run()
            .await
            .map(drop);
    };
    tx.query(
        "update namings set answer = later_answer, via = later_via, answered_on = later_on, answered_at = later_at, \
         answered_from = later_from, answered_as = later_as, vouched_by = $2, vouched_on = $3, later_answer = null, \
         later_via = null, later_on = null, later_at = null, later_from = null, later_as = null where id = $1",
    )
    .bind(naming)
    .bind(by)
    .bind(on)
    .run_expecting(1)
    .await?;
    for part in found.later_as.unwrap_or_default().split_whitespace() {
        tx.query(
            "update entry_people set answer = $4, via = $5, vouched_by = $6, vouched_on = $7 \
             where entry_id = $1 and person_id = $2 and named_as = $3",
        )
        .bind(found.entry_id)
        .bind(found.person_id)
        .bind(part.to_owned())
        .bind(answer)
        .bind(via)
        .bind(by)
        .bind(on)
        .run()
        .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Saying, Standing, waits};
    use crate::evidence::{NamedAnswer, Origin, Via, Vouching};

    #[test]
    fn what_nobody_vouched_for_undoes_nothing_that_stands_and_no_wish_not_to_be_named() {
        use NamedAnswer::{Agreed, Differs, Unnamed};
        use Via::{Account, Link, Mail};

        let day = "2026-03-01".parse().expect("a day");
        let before =
            |answer, via, vouched: bool| Standing { answer, via, vouched_on: vouched.then_some(day) };
        let said = |answer, via, vouched: bool| Saying {
            answer,
            origin: Origin { via, vouched: vouched.then_some(Vouching { by: uuid::Uuid::nil(), on: day }) },
            from: None,
            parts: Vec::new(),
            on: day,
            at: chrono::DateTime::UNIX_EPOCH,
        };
        for (answer, via, vouched) in [(Agreed, Account, false), (Agreed, Mail, true), (Unnamed, Link, false)]
        {
            assert!(
                waits(&before(Some(answer), via, vouched), &said(Differs, Link, false)),
                "{answer} {via}"
            );
            assert!(
                !waits(&before(Some(answer), via, vouched), &said(Unnamed, Link, false)),
                "{answer} {via}"
            );
            assert!(
                !waits(&before(Some(answer), via, vouched), &said(Differs, Mail, true)),
                "{answer} {via}"
            );
            assert!(
                !waits(&before(Some(answer), via, vouched), &said(Differs, Account, false)),
                "{answer} {via}"
            );
        }
        assert!(!waits(&before(Some(Agreed), Link, false), &said(Differs, Link, false)));
        assert!(!waits(&before(None, Account, false), &said(Agreed, Link, false)));
    }
}
