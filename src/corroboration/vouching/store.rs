//! The rows of answers that wait for somebody's word that they are really theirs who were asked, and of addresses of which
//! that was said.

use crate::word::word;
use chrono::{DateTime, NaiveDate, Utc};
use macro_rules_attribute::apply;
use uuid::Uuid;

use crate::db::{Result, Tx, placeholders};
use crate::evidence::visibility::READS_ENTRY;
use crate::evidence::{Via, holds_is_taken_back, is_taken_back, named_store};
use crate::people::Organization;
use crate::people::visibility::Viewer;

/// What an answer is to.
#[apply(word!)]
pub(super) enum Sort {
    /// Whether it happened like this.
    Happened,
    /// Whether it still holds.
    Holds,
    /// Being named.
    Named,
}

impl Sort {
    /// Where answers to it are kept, one a row; none for being named, of which a row has two.
    fn table(self) -> Option<&'static str> {
        match self {
            Sort::Happened => Some("corroborations"),
            Sort::Holds => Some("durability_answers"),
            Sort::Named => None,
        }
    }
}

/// An answer by mail or link. Only its first part is shown; the rest is for vouching.
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
    pub(super) owner_person: Uuid,
    /// From which day on it stands; none while it waits.
    pub vouched_on: Option<NaiveDate>,
}

/// Which answers by mail or link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    /// Those that wait and that no later answer of the same person on the same thing stands before: vouched for, one would
    /// count. A later one that waits itself displaces none, since nobody knows yet whose it is. An admin sees all of them, and
    /// a CTO those on evidence that they could read, and of people of whom they know: nothing else tells them of those who
    /// are named in private alone.
    Queued(Viewer),
    /// All that wait.
    Waiting,
    /// Those for which the person `$2` vouched.
    Vouched,
}

/// The answers, but for those on evidence of the account `$1`: nobody vouches for these. A viewer's are bound by it.
fn answers(which: Which) -> String {
    let condition = |answer: &str, taken_back: &str| match which {
        Which::Queued(viewer) => {
            // The account and whether it is a CTO's are otherwise bound for evidence than for people.
            let reads = READS_ENTRY.replace("$2", if viewer.cto { "true" } else { "1 = 0" });
            format!("{answer}.vouched_on is null and not {taken_back} and ({reads} or {})", viewer.knows("p"))
        }
        Which::Waiting => format!("{answer}.vouched_on is null"),
        Which::Vouched => format!("{answer}.vouched_by = $2"),
    };
    // Of being named, one answer can wait beside another that stands; only that which stands was vouched for.
    let named = match which {
        Which::Vouched => "n.answer is not null and n.via <> 'account' and n.vouched_by = $2".to_owned(),
        Which::Queued(_) | Which::Waiting => {
            let waits = "(n.later_answer is not null or n.answer is not null and n.via <> 'account' and n.vouched_on is null)";
            let queued = condition("w", "1 = 0").replacen("w.vouched_on is null", waits, 1);
            format!("{queued} and p.merged_into is null")
        }
    };
    let later = |column: &str| match which {
        Which::Vouched => format!("n.answered_{column}"),
        Which::Queued(_) | Which::Waiting => {
            format!("case when n.later_answer is not null then n.later_{column} else n.answered_{column} end")
        }
    };
    let way = if which == Which::Vouched { "n.via" } else { "coalesce(n.later_via, n.via)" };
    format!(
        "(select c.id, c.person_id, p.name, p.organization, p.works_at, c.via, c.on_date, c.created_at as at, \
         case when c.via = 'mail' then r.address end as address, 'happened' as sort, c.entry_id, e.dossier_id, \
         d.owner_account, d.owner_person, c.vouched_on from corroborations c left join requests r on r.id = c.request_id \
         join people p on p.id = c.person_id join entries e on e.id = c.entry_id \
         join dossiers d on d.id = e.dossier_id \
         where c.via <> 'account' and d.owner_account <> $1 and {} \
         union all select h.id, h.person_id, p.name, p.organization, p.works_at, h.via, h.on_date, h.created_at as at, \
         case when h.via = 'mail' then r.address end as address, 'holds' as sort, h.entry_id, e.dossier_id, \
         d.owner_account, d.owner_person, h.vouched_on from durability_answers h left join requests r on r.id = h.request_id \
         join people p on p.id = h.person_id join entries e on e.id = h.entry_id \
         join dossiers d on d.id = e.dossier_id \
         where h.via <> 'account' and d.owner_account <> $1 and {} \
         union all select n.id, n.person_id, p.name, p.organization, p.works_at, {way} as via, \
         {} as on_date, {} as at, {} as address, 'named' as sort, n.entry_id, e.dossier_id, d.owner_account, \
         d.owner_person, n.vouched_on from namings n \
         join people p on p.id = n.person_id join entries e on e.id = n.entry_id \
         join dossiers d on d.id = e.dossier_id where d.owner_account <> $1 and {named})",
        condition("c", &is_taken_back("c")),
        condition("h", &holds_is_taken_back("h")),
        later("on"),
        later("at"),
        later("from"),
    )
}

/// What waits for a voucher's word, the longest waiting first, on a page of so many after so many.
pub async fn queue(tx: &mut Tx, viewer: Viewer, most: usize, skipped: usize) -> Result<Vec<Waiting>> {
    let sql = format!(
        "select * from {} w order by w.on_date, w.name, w.id limit $4 offset $5",
        answers(Which::Queued(viewer))
    );
    let number = |size: usize| i64::try_from(size).unwrap_or(i64::MAX);
    viewer.bind(tx.query_built(sql)).bind(number(most)).bind(number(skipped)).all().await
}

/// How much waits for a voucher's word.
pub async fn number(tx: &mut Tx, viewer: Viewer) -> Result<u64> {
    let sql = format!("select count(*) from {} w", answers(Which::Queued(viewer)));
    let (number,): (i64,) = viewer.bind(tx.query_built(sql)).one().await?;
    Ok(number.unsigned_abs())
}

/// One answer out of a voucher's queue.
pub(super) async fn one(tx: &mut Tx, viewer: Viewer, id: Uuid) -> Result<Option<Waiting>> {
    let sql = format!("select * from {} w where w.id = $4", answers(Which::Queued(viewer)));
    viewer.bind(tx.query_built(sql)).bind(id).optional().await
}

/// Every answer that a person mailed from an address and nobody vouched for, but on a voucher's own evidence.
pub(super) async fn mailed(tx: &mut Tx, account: Uuid, person: Uuid, address: &str) -> Result<Vec<Waiting>> {
    let sql = format!(
        "select * from {} w where w.person_id = $2 and w.address = $3 order by w.dossier_id, w.id",
        answers(Which::Waiting)
    );
    tx.query_built(sql).bind(account).bind(person).bind(address.to_owned()).all().await
}

/// Every answer that was mailed from anywhere and nobody vouched for, but on a voucher's own evidence.
pub(super) async fn all_mailed(tx: &mut Tx, account: Uuid) -> Result<Vec<Waiting>> {
    let sql = format!(
        "select * from {} w where w.address is not null order by w.dossier_id, w.id",
        answers(Which::Waiting)
    );
    tx.query_built(sql).bind(account).all().await
}

/// The answers for which somebody vouched, the latest first: so many of all.
pub(super) async fn vouched(tx: &mut Tx, account: Uuid, by: Uuid, most: usize) -> Result<Vec<Waiting>> {
    let sql = format!(
        "select * from {} w order by w.vouched_on desc, w.at desc, w.id limit $3",
        answers(Which::Vouched)
    );
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    tx.query_built(sql).bind(account).bind(by).bind(most).all().await
}

/// One of them.
pub(super) async fn one_vouched(tx: &mut Tx, account: Uuid, by: Uuid, id: Uuid) -> Result<Option<Waiting>> {
    let sql = format!("select * from {} w where w.id = $3", answers(Which::Vouched));
    tx.query_built(sql).bind(account).bind(by).bind(id).optional().await
}

/// Those of them that a person mailed from an address.
pub(super) async fn vouched_mailed(
    tx: &mut Tx,
    account: Uuid,
    by: Uuid,
    person: Uuid,
    address: &str,
) -> Result<Vec<Waiting>> {
    let sql = format!(
        "select * from {} w where w.person_id = $3 and w.via = 'mail' and w.address = $4 order by w.dossier_id, w.id",
        answers(Which::Vouched)
    );
    tx.query_built(sql).bind(account).bind(by).bind(person).bind(address.to_owned()).all().await
}

/// Has an answer for which somebody vouched wait again.
pub(super) async fn wait_again(tx: &mut Tx, answer: &Waiting, today: NaiveDate) -> Result<()> {
    let Some(table) = answer.sort.table() else {
        return named_store::wait_again(tx, answer.id, today).await;
    };
    tx.query_built(format!("update {table} set vouched_by = null, vouched_on = null where id = $1"))
        .bind(answer.id)
        .run_expecting(1)
        .await
}

/// An address of which somebody said that it is a person's.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct VouchedAddress {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub person_id: Uuid,
    /// Their name.
    pub name: String,
    /// It.
    pub address: String,
    /// When.
    pub vouched_on: NaiveDate,
}

const ADDRESS: &str = "select a.id, a.person_id, p.name, a.address, a.vouched_on from vouched_addresses a \
     join people p on p.id = a.person_id where a.vouched_by = $1";

/// The addresses for which somebody vouched, the latest first: so many of all.
pub(super) async fn addresses(tx: &mut Tx, by: Uuid, most: usize) -> Result<Vec<VouchedAddress>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let sql = format!("{ADDRESS} order by a.created_at desc, a.id limit $2");
    tx.query_built(sql).bind(by).bind(most).all().await
}

/// One of them.
pub(super) async fn address(tx: &mut Tx, by: Uuid, id: Uuid) -> Result<Option<VouchedAddress>> {
    tx.query_built(format!("{ADDRESS} and a.id = $2")).bind(by).bind(id).optional().await
}

/// Takes back that an address is a person's, as often as somebody said so.
pub(super) async fn remove_address(tx: &mut Tx, by: Uuid, of: &VouchedAddress) -> Result<()> {
    tx.query("delete from vouched_addresses where vouched_by = $1 and person_id = $2 and address = $3")
        .bind(by)
        .bind(of.person_id)
        .bind(of.address.clone())
        .run()
        .await
        .map(drop)
}

/// Has an answer about an entry stand from a day on.
pub(super) async fn stand(tx: &mut Tx, answer: &Waiting, by: Uuid, on: NaiveDate) -> Result<()> {
    let Some(table) = answer.sort.table() else {
        return named_store::stand(tx, answer.id, by, on).await;
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
    let (mailbox, tagged) = super::domains::mailbox(address);
    let same = |column: &str| format!("({column} = $2 or {column} like $3 escape '!')");
    let (alone,): (i64,) = tx
        .query_built(format!(
            "select count(*) from people p where p.id = $1 and p.organization = 'external' \
             and not exists (select 1 from requests r join people o on o.id = r.person_id \
             where {} and coalesce(o.merged_into, o.id) <> p.id) \
             and not exists (select 1 from namings n join people o on o.id = n.person_id \
             where ({} or {} or {}) and coalesce(o.merged_into, o.id) <> p.id)",
            same("r.address"),
            same("n.address"),
            same("n.answered_from"),
            same("n.later_from")
        ))
        .bind(person)
        .bind(mailbox)
        .bind(tagged)
        .one()
        .await?;
    Ok(alone == 1)
}

/// Notes that somebody says of an address that it is a person's; false when they said so before. No index holds each to be
/// said once, since two people who turn out to be one bring their own rows, which part again when that is undone: this does, in
/// a change that began alone.
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
