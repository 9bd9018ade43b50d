//! The rows of answers that wait for somebody's word that they are really theirs who were asked, and of addresses of which
//! that was said.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use crate::db::{Result, Tx, placeholders};
use crate::evidence::{Via, stands};
use crate::people::Organization;

/// What an answer is to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "kebab-case")]
pub(super) enum Sort {
    /// Whether it happened like this.
    Happened,
    /// Whether it still holds.
    Holds,
    /// Being named.
    Named,
}

/// An answer by mail or link that nobody has vouched for. Only its first part is shown; the rest is for vouching.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// Its id.
    pub id: Uuid,
    /// Whose it is said to be.
    pub person_id: Uuid,
    /// Their name.
    pub name: String,
    /// Inside the company or not.
    pub organization: Organization,
    /// Where somebody external works, in words.
    pub works_at: Option<String>,
    /// How it came.
    pub via: Via,
    /// The day.
    pub on_date: NaiveDate,
    /// When, which tells two of one day apart.
    pub at: Option<DateTime<Utc>>,
    /// The address that it was mailed to, if it came by mail.
    pub address: Option<String>,
    pub(super) sort: Sort,
    pub(super) entry_id: Uuid,
    pub(super) dossier_id: Uuid,
    pub(super) owner_account: Uuid,
}

/// Which of the answers that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Among {
    /// Those that no later answer of the same person on the same thing stands before: vouched for, one would count. A later
    /// one that waits itself displaces none, since nobody knows yet whose it is.
    Undecided,
    /// All.
    All,
}

/// The answers that wait, but for those on evidence of `$1`: nobody vouches for these.
fn waiting(among: Among) -> String {
    let undecided = |table: &str, later: &str| match among {
        Among::Undecided => {
            format!("and not exists (select 1 from {table} l where {later} and {})", stands("l"))
        }
        Among::All => String::new(),
    };
    format!(
        "(select c.id, c.person_id, p.name, p.organization, p.works_at, c.via, c.on_date, c.created_at as at, \
         case when c.via = 'mail' then r.address end as address, 'happened' as sort, c.entry_id, e.dossier_id, \
         d.owner_account from corroborations c left join requests r on r.id = c.request_id \
         join people p on p.id = c.person_id join entries e on e.id = c.entry_id \
         join dossiers d on d.id = e.dossier_id \
         where c.via <> 'account' and c.vouched_on is null and d.owner_account <> $1 {} \
         union all select h.id, h.person_id, p.name, p.organization, p.works_at, h.via, h.on_date, h.created_at as at, \
         case when h.via = 'mail' then r.address end as address, 'holds' as sort, h.entry_id, e.dossier_id, \
         d.owner_account from durability_answers h left join requests r on r.id = h.request_id \
         join people p on p.id = h.person_id join entries e on e.id = h.entry_id \
         join dossiers d on d.id = e.dossier_id \
         where h.via <> 'account' and h.vouched_on is null and d.owner_account <> $1 {} \
         union all select n.id, n.person_id, p.name, p.organization, p.works_at, coalesce(n.later_via, n.via) as via, \
         coalesce(n.later_on, n.answered_on) as on_date, coalesce(n.later_at, n.answered_at) as at, \
         case when n.later_answer is not null then n.later_from \
         else n.answered_from end as address, 'named' as sort, n.entry_id, e.dossier_id, d.owner_account from namings n \
         join people p on p.id = n.person_id join entries e on e.id = n.entry_id \
         join dossiers d on d.id = e.dossier_id \
         where (n.later_answer is not null or n.answer is not null and n.via <> 'account' and n.vouched_on is null) \
         and p.merged_into is null and d.owner_account <> $1)",
        undecided(
            "corroborations",
            "l.entry_id = c.entry_id and l.person_id = c.person_id \
             and (l.on_date > c.on_date or l.on_date = c.on_date and l.position > c.position)"
        ),
        undecided(
            "durability_answers",
            "l.entry_id = h.entry_id and l.person_id = h.person_id and l.months = h.months and l.position > h.position"
        ),
    )
}

/// What waits for a voucher's word, the longest waiting first, on a page of so many after so many.
pub async fn queue(tx: &mut Tx, account: Uuid, most: usize, skipped: usize) -> Result<Vec<Waiting>> {
    let sql = format!(
        "select * from {} w order by w.on_date, w.name, w.id limit $2 offset $3",
        waiting(Among::Undecided)
    );
    let number = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
    tx.query_built(sql).bind(account).bind(number(most)).bind(number(skipped)).all().await
}

/// How much waits for a voucher's word.
pub async fn number(tx: &mut Tx, account: Uuid) -> Result<u64> {
    let sql = format!("select count(*) from {} w", waiting(Among::Undecided));
    let (number,): (i64,) = tx.query_built(sql).bind(account).one().await?;
    Ok(number.unsigned_abs())
}

/// One answer out of a voucher's queue.
pub(super) async fn one(tx: &mut Tx, account: Uuid, id: Uuid) -> Result<Option<Waiting>> {
    let sql = format!("select * from {} w where w.id = $2", waiting(Among::Undecided));
    tx.query_built(sql).bind(account).bind(id).optional().await
}

/// Every answer that a person mailed from an address and nobody vouched for, but on a voucher's own evidence.
pub(super) async fn mailed(tx: &mut Tx, account: Uuid, person: Uuid, address: &str) -> Result<Vec<Waiting>> {
    let sql = format!(
        "select * from {} w where w.person_id = $2 and w.address = $3 order by w.dossier_id, w.id",
        waiting(Among::All)
    );
    tx.query_built(sql).bind(account).bind(person).bind(address.to_owned()).all().await
}

/// Every answer that was mailed from anywhere and nobody vouched for, but on a voucher's own evidence.
pub(super) async fn all_mailed(tx: &mut Tx, account: Uuid) -> Result<Vec<Waiting>> {
    let sql = format!(
        "select * from {} w where w.address is not null order by w.dossier_id, w.id",
        waiting(Among::All)
    );
    tx.query_built(sql).bind(account).all().await
}

/// Has an answer about an entry stand from a day on.
pub(super) async fn stand(tx: &mut Tx, answer: &Waiting, by: Uuid, on: NaiveDate) -> Result<()> {
    let table = match answer.sort {
        Sort::Happened => "corroborations",
        Sort::Holds => "durability_answers",
        Sort::Named => return super::named_store::stand(tx, answer.id, by, on).await,
    };
    tx.query_built(format!(
        "update {table} set vouched_by = $2, vouched_on = $3 where id = $1 and vouched_on is null"
    ))
    .bind(answer.id)
    .bind(by)
    .bind(on)
    .run_expecting(1)
    .await
}

/// Who said of an address first, on what day, that it is a person's; but not the candidate whose evidence it is.
pub(super) async fn vouched_address(
    tx: &mut Tx,
    person: Uuid,
    address: &str,
    candidate: Uuid,
) -> Result<Option<(Uuid, NaiveDate)>> {
    tx.query(
        "select vouched_by, vouched_on from vouched_addresses where person_id = $1 and address = $2 \
         and vouched_by <> $3 order by created_at, id limit 1",
    )
    .bind(person)
    .bind(address.to_owned())
    .bind(candidate)
    .optional()
    .await
}

/// Whether a domain can speak for a person at an address there: for somebody outside the company alone, and while nobody else
/// was given the same address, since one mailbox is one voice.
pub(super) async fn is_theirs_alone(tx: &mut Tx, person: Uuid, address: &str) -> Result<bool> {
    let (alone,): (i64,) = tx
        .query(
            "select count(*) from people p where p.id = $1 and p.organization = 'external' \
             and not exists (select 1 from requests r join people o on o.id = r.person_id \
             where r.address = $2 and coalesce(o.merged_into, o.id) <> p.id) \
             and not exists (select 1 from namings n join people o on o.id = n.person_id \
             where (n.address = $2 or n.answered_from = $2 or n.later_from = $2) and coalesce(o.merged_into, o.id) <> p.id)",
        )
        .bind(person)
        .bind(address.to_owned())
        .one()
        .await?;
    Ok(alone == 1)
}

/// Notes that somebody says of an address that it is a person's; false when they said so before.
pub(super) async fn insert_address(
    tx: &mut Tx,
    id: Uuid,
    (person, address): (Uuid, &str),
    by: Uuid,
    on: NaiveDate,
    at: DateTime<Utc>,
) -> Result<bool> {
    let kept = tx
        .query(
            "insert into vouched_addresses (id, person_id, address, vouched_by, vouched_on, created_at) \
             select $1, $2, $3, $4, $5, $6 from people v where v.id = $4 and not exists (select 1 \
             from vouched_addresses o where o.person_id = $2 and o.address = $3 and o.vouched_by = $4)",
        )
        .bind(id)
        .bind(person)
        .bind(address.to_owned())
        .bind(by)
        .bind(on)
        .bind(at)
        .run()
        .await?;
    Ok(kept == 1)
}

/// For some addresses, how many people each was given for, how many answers came from it, and how many accounts sign in with
/// it.
pub(super) async fn known_of(tx: &mut Tx, addresses: &[String]) -> Result<Vec<(String, i64, i64, i64)>> {
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let list = placeholders(1, addresses.len());
    let sql = format!(
        "select x.address, count(distinct x.person_id), \
         (select count(*) from corroborations c join requests r on r.id = c.request_id \
          where c.via = 'mail' and r.address = x.address) + (select count(*) from namings n \
          where n.answered_from = x.address or n.later_from = x.address), \
         (select count(*) from accounts a where a.email = x.address) \
         from (select address, person_id from requests where address in ({list}) union \
         select address, person_id from namings where address in ({list})) x group by x.address order by x.address"
    );
    tx.query_built(sql).bind_all(addresses.iter().cloned()).all().await
}
