//! The rows of what people say of being named. The latest answer of the person stands, whatever becomes of the entry, its
//! revisions and the links: only they change it. So what comes by mail or link waits for a voucher where it would undo
//! what stands, or a wish not to be named. A wish not to be named masks the name at once, whichever way it came, since to be
//! named against one's will can't be taken back; what stood before goes on counting until somebody vouches for the wish.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{NamedAnswer, NamedAs, Origin, Via};
use crate::db::{Error, Result, Tx};
use crate::people::visibility::is_unnamed;

/// What somebody says of being named.
#[derive(Clone, Debug)]
pub struct Saying {
    /// The answer.
    pub answer: NamedAnswer,
    /// How it came, and who vouched for it.
    pub origin: Origin<Uuid>,
    /// The address that it was mailed to, if it came by mail.
    pub from: Option<String>,
    /// As what the entry names them.
    pub parts: Vec<NamedAs>,
    /// The day.
    pub on: NaiveDate,
    /// The moment.
    pub at: DateTime<Utc>,
}

/// What was answered, with its way, and the candidate whose evidence it is on.
#[derive(sqlx::FromRow)]
struct Before {
    answer: Option<NamedAnswer>,
    via: Via,
    vouched_by: Option<Uuid>,
    vouched_on: Option<NaiveDate>,
    person_id: Uuid,
    owner_person: Uuid,
}

/// Whether an answer has to wait beside what was answered before, since nobody vouched for it yet.
fn waits(before: &Before, said: &Saying) -> bool {
    let origin = Origin::from_columns(before.via, before.vouched_by, before.vouched_on);
    let stood = before.answer.is_some() && origin.stands_ever(&before.person_id, &before.owner_person);
    let objected = before.answer == Some(NamedAnswer::Unnamed) && said.answer != NamedAnswer::Unnamed;
    !said.origin.stands_ever(&before.person_id, &before.owner_person) && (stood || objected)
}

/// Each part after a space.
fn joined(parts: &[NamedAs]) -> String {
    parts.iter().map(|part| format!(" {part}")).collect()
}

/// Keeps what somebody says of being named in an entry, and spends their link.
pub async fn keep(tx: &mut Tx, naming: Uuid, (entry, person): (Uuid, Uuid), said: &Saying) -> Result<()> {
    let before: Before = tx
        .query(
            "select n.answer, n.via, n.vouched_by, n.vouched_on, n.person_id, d.owner_person from namings n \
             join entries e on e.id = n.entry_id join dossiers d on d.id = e.dossier_id where n.id = $1",
        )
        .bind(naming)
        .one()
        .await?;
    if waits(&before, said) {
        return tx
            .query(
                "update namings set later_answer = $2, later_via = $3, later_on = $4, later_at = $5, later_from = $6, \
                 later_as = $7, spent_at = $5, masked_on = coalesce(masked_on, $8) where id = $1",
            )
            .bind(naming)
            .bind(said.answer)
            .bind(said.origin.via)
            .bind(said.on)
            .bind(said.at)
            .bind(said.from.clone())
            .bind(joined(&said.parts))
            .bind(Some(said.on).filter(|_| said.answer == NamedAnswer::Unnamed))
            .run_expecting(1)
            .await;
    }
    unmask(tx, entry, person).await?;
    tx.query(
        "update namings set answer = $2, via = $3, answered_on = $4, answered_at = $5, answered_from = $6, \
         answered_as = $7, vouched_by = $8, vouched_on = $9, spent_at = $5, stood_before = null, later_answer = null, later_via = null, \
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

/// Gives whoever is named a link to answer by, with its end, in the place of the one before; and the letter's with its
/// address, where one is posted.
pub async fn give_link(
    tx: &mut Tx,
    naming: Uuid,
    (digest, until): (Vec<u8>, DateTime<Utc>),
    mailed: Option<(Vec<u8>, String)>,
) -> Result<()> {
    let (mail_digest, address) = mailed.unzip();
    tx.query(
        "update namings set token_hash = $2, expires_at = $3, spent_at = null, mail_token_hash = $4, address = $5 \
         where id = $1",
    )
    .bind(naming)
    .bind(digest)
    .bind(until)
    .bind(mail_digest)
    .bind(address)
    .run_expecting(1)
    .await
}

/// Those who asked not to be named in an entry, whatever it says of them now.
pub async fn unnamed(tx: &mut Tx, entry: Uuid) -> Result<HashSet<Uuid>> {
    let rows: Vec<(Uuid,)> = tx
        .query_built(format!(
            "select n.person_id from entry_people n where n.entry_id = $1 and {} union \
             select n.person_id from namings n where n.entry_id = $1 and {}",
            is_unnamed("n"),
            is_unnamed("n")
        ))
        .bind(entry)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(person,)| person).collect())
}

/// Ends what an earlier wish masked, of whoever turned out to be them too: the person has answered since.
async fn unmask(tx: &mut Tx, entry: Uuid, person: Uuid) -> Result<()> {
    tx.query(
        "update namings set masked_on = null where entry_id = $1 and masked_on is not null \
         and (person_id = $2 or person_id in (select m.id from people m where m.merged_into = $2))",
    )
    .bind(entry)
    .bind(person)
    .run()
    .await
    .map(drop)
}

/// An answer of a naming with all that belongs to it.
#[derive(Serialize, Deserialize, sqlx::FromRow)]
struct NamingAnswer {
    answer: Option<NamedAnswer>,
    via: Via,
    answered_on: Option<NaiveDate>,
    answered_at: Option<DateTime<Utc>>,
    answered_from: Option<String>,
    answered_as: String,
    vouched_by: Option<Uuid>,
    vouched_on: Option<NaiveDate>,
}

/// A naming whose answer is vouched for, or that of which is taken back.
#[derive(sqlx::FromRow)]
struct Row {
    entry_id: Uuid,
    person_id: Uuid,
    later_answer: Option<NamedAnswer>,
    later_via: Option<Via>,
    later_as: Option<String>,
    stood_before: Option<String>,
    #[sqlx(flatten)]
    now: NamingAnswer,
}

async fn row(tx: &mut Tx, naming: Uuid) -> Result<Row> {
    tx.query(
        "select entry_id, person_id, later_answer, later_via, later_as, stood_before, answer, via, answered_on, \
         answered_at, answered_from, answered_as, vouched_by, vouched_on from namings where id = $1",
    )
    .bind(naming)
    .one()
    .await
}

/// Has what waits of a naming stand from a day on.
pub async fn stand(tx: &mut Tx, naming: Uuid, by: Uuid, on: NaiveDate) -> Result<()> {
    let found = row(tx, naming).await?;
    unmask(tx, found.entry_id, found.person_id).await?;
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
            .bind(found.now.via)
            .run()
            .await
            .map(drop);
    };
    let stood = serde_json::to_string(&found.now)
        .map_err(|error| Error::Other(sqlx::Error::Encode(Box::new(error))))?;
    tx.query(
        "update namings set answer = later_answer, via = later_via, answered_on = later_on, answered_at = later_at, \
         answered_from = later_from, answered_as = later_as, vouched_by = $2, vouched_on = $3, stood_before = $4, \
         later_answer = null, later_via = null, later_on = null, later_at = null, later_from = null, later_as = null \
         where id = $1",
    )
    .bind(naming)
    .bind(by)
    .bind(on)
    .bind(stood)
    .run_expecting(1)
    .await?;
    for part in found.later_as.unwrap_or_default().split_whitespace() {
        let origin = Origin::from_columns(via, Some(by), Some(on));
        say(tx, (found.entry_id, found.person_id), part, Some(answer), origin).await?;
    }
    Ok(())
}

/// Has an answer that somebody vouched for wait again, and what stood before it stand again. A wish not to be named goes on
/// masking the name.
pub async fn wait_again(tx: &mut Tx, naming: Uuid, today: NaiveDate) -> Result<()> {
    let found = row(tx, naming).await?;
    let stood =
        found.stood_before.as_deref().and_then(|text| serde_json::from_str::<NamingAnswer>(text).ok());
    let of = (found.entry_id, found.person_id);
    let Some(stood) = stood else {
        tx.query("update namings set vouched_by = null, vouched_on = null where id = $1")
            .bind(naming)
            .run_expecting(1)
            .await?;
        return tx
            .query(
                "update entry_people set vouched_by = null, vouched_on = null where entry_id = $1 and person_id = $2 \
                 and via <> 'account'",
            )
            .bind(found.entry_id)
            .bind(found.person_id)
            .run()
            .await
            .map(drop);
    };
    // What came later still, and waits itself, goes on waiting in its place.
    tx.query(
        "update namings set later_at = coalesce(later_at, answered_at), later_via = coalesce(later_via, via), \
         later_on = coalesce(later_on, answered_on), later_as = coalesce(later_as, answered_as), \
         later_from = case when later_answer is null then answered_from else later_from end, \
         later_answer = coalesce(later_answer, answer), stood_before = null, answer = $2, via = $3, answered_on = $4, \
         answered_at = $5, answered_from = $6, answered_as = $7, vouched_by = $8, vouched_on = $9, \
         masked_on = coalesce(masked_on, $10) where id = $1",
    )
    .bind(naming)
    .bind(stood.answer)
    .bind(stood.via)
    .bind(stood.answered_on)
    .bind(stood.answered_at)
    .bind(stood.answered_from.clone())
    .bind(stood.answered_as.clone())
    .bind(stood.vouched_by)
    .bind(stood.vouched_on)
    .bind(Some(today).filter(|_| found.now.answer == Some(NamedAnswer::Unnamed)))
    .run_expecting(1)
    .await?;
    for part in found.now.answered_as.split_whitespace() {
        let is_about = stood.answered_as.split_whitespace().any(|before| before == part);
        let answer = stood.answer.filter(|answer| is_about || *answer == NamedAnswer::Unnamed);
        let origin = match answer {
            Some(_) => Origin::from_columns(stood.via, stood.vouched_by, stood.vouched_on),
            None => Origin::default(),
        };
        say(tx, of, part, answer, origin).await?;
    }
    Ok(())
}

/// Has an entry's own row of somebody named as something have an answer.
async fn say(
    tx: &mut Tx,
    (entry, person): (Uuid, Uuid),
    part: &str,
    answer: Option<NamedAnswer>,
    origin: Origin<Uuid>,
) -> Result<()> {
    tx.query(
        "update entry_people set answer = $4, via = $5, vouched_by = $6, vouched_on = $7 \
         where entry_id = $1 and person_id = $2 and named_as = $3",
    )
    .bind(entry)
    .bind(person)
    .bind(part.to_owned())
    .bind(answer)
    .bind(origin.via)
    .bind(origin.vouched_by())
    .bind(origin.vouched_on())
    .run()
    .await
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::{Before, Saying, waits};
    use crate::evidence::{NamedAnswer, Origin, Via, Vouching};

    #[test]
    fn what_nobody_vouched_for_undoes_nothing_that_stands_and_no_wish_not_to_be_named() {
        use NamedAnswer::{Agreed, Differs, Unnamed};
        use Via::{Account, Link, Mail};

        let day = "2026-03-01".parse().expect("a day");
        let (candidate, voucher) = (uuid::Uuid::from_u128(1), uuid::Uuid::from_u128(2));
        let before = |answer, via, vouched: bool| Before {
            answer,
            via,
            vouched_by: vouched.then_some(voucher),
            vouched_on: vouched.then_some(day),
            person_id: uuid::Uuid::from_u128(3),
            owner_person: candidate,
        };
        let said = |answer, via, vouched: bool| Saying {
            answer,
            origin: Origin { via, vouched: vouched.then_some(Vouching { by: voucher, on: day }) },
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
            assert_eq!(
                waits(&before(Some(answer), via, vouched), &said(Unnamed, Link, false)),
                via == Account || vouched,
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
