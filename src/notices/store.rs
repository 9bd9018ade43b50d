//! The rows of notices, switches and letters.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::letters::{TO_ONE, called};
use super::{Delivery, Kind, Letter, Notice, Topic};
use crate::db::{Result, Tx, insert_new, placeholders, some_at_once};
use crate::people::visibility::recused_from;

/// How some accounts chose to hear of topics.
pub(super) struct Switches(HashMap<(Uuid, Topic), Delivery>);

impl Switches {
    /// Loads those of these accounts.
    pub(super) async fn of(tx: &mut Tx, accounts: &[Uuid]) -> Result<Switches> {
        let mut switches = HashMap::new();
        for some in some_at_once(accounts) {
            let list = placeholders(1, some.len());
            let sql = format!(
                "select account_id, topic, delivery from notice_switches where account_id in ({list})"
            );
            let rows: Vec<(Uuid, Topic, Delivery)> =
                tx.query_built(sql).bind_all(some.iter().copied()).all().await?;
            switches.extend(rows.into_iter().map(|(account, topic, chosen)| ((account, topic), chosen)));
        }
        Ok(Switches(switches))
    }

    /// How an account hears of a topic: in the digest, unless it chose otherwise.
    pub(super) fn delivery(&self, account: Uuid, topic: Topic) -> Delivery {
        self.0.get(&(account, topic)).copied().unwrap_or(Delivery::Digest)
    }

    /// How an account hears of a kind: what can't wait comes at once, whatever it chose.
    pub(super) fn of_kind(&self, account: Uuid, kind: Kind) -> Delivery {
        if kind.is_urgent() { Delivery::AtOnce } else { self.delivery(account, kind.topic()) }
    }
}

/// A notice to be kept.
pub(super) struct New {
    pub(super) id: Uuid,
    pub(super) notice: Notice,
    /// The dossier of whose case it tells somebody who has a part in it by their role.
    pub(super) case: Option<Uuid>,
    /// What a reminder says.
    pub(super) words: Option<String>,
}

/// Keeps notices; of those that are open already, the first stays alone.
pub(super) async fn insert_all(tx: &mut Tx, new: &[New], at: DateTime<Utc>) -> Result<()> {
    insert_new(
        tx,
        "notices (id, account_id, kind, about, by_person, path, told_at, words, case_id)",
        new,
        |query, New { id, notice, case, words }| {
            let query = query.bind(*id).bind(notice.to).bind(notice.kind).bind(notice.about).bind(notice.by);
            query.bind(notice.path.clone()).bind(at).bind(words.clone()).bind(*case)
        },
    )
    .await
}

/// Those of these ids that are notices.
pub(super) async fn among(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut found = Vec::new();
    for some in some_at_once(ids) {
        let sql = format!("select id from notices where id in ({}) order by id", placeholders(1, some.len()));
        let rows: Vec<(Uuid,)> = tx.query_built(sql).bind_all(some.iter().copied()).all().await?;
        found.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(found)
}

/// Settles the open notices of a kind about something, of one account or of all.
pub(super) async fn settle(
    tx: &mut Tx,
    kind: Kind,
    about: Uuid,
    to: Option<Uuid>,
    at: DateTime<Utc>,
) -> Result<()> {
    let of_all = "update notices set settled_at = $3 where kind = $1 and about = $2 and settled_at is null";
    let query = match to {
        None => tx.query(of_all).bind(kind).bind(about).bind(at),
        Some(account) => tx
            .query(
                "update notices set settled_at = $3 \
                 where kind = $1 and about = $2 and settled_at is null and account_id = $4",
            )
            .bind(kind)
            .bind(about)
            .bind(at)
            .bind(account),
    };
    query.enqueue().await
}

/// Settles the open notices of these kinds about these things.
pub(super) async fn settle_all(tx: &mut Tx, kinds: &[Kind], about: &[Uuid], at: DateTime<Utc>) -> Result<()> {
    for some in some_at_once(about) {
        let sql = format!(
            "update notices set settled_at = $1 where settled_at is null and kind in ({}) and about in ({})",
            placeholders(2, kinds.len()),
            placeholders(2 + kinds.len(), some.len())
        );
        let update = tx.query_built(sql).bind(at).bind_all(kinds.iter().copied());
        update.bind_all(some.iter().copied()).enqueue().await?;
    }
    Ok(())
}

/// Settles some notices.
pub(super) async fn settle_these(tx: &mut Tx, ids: &[Uuid], at: DateTime<Utc>) -> Result<()> {
    for some in some_at_once(ids) {
        let list = placeholders(2, some.len());
        let sql = format!("update notices set settled_at = $1 where settled_at is null and id in ({list})");
        tx.query_built(sql).bind(at).bind_all(some.iter().copied()).enqueue().await?;
    }
    Ok(())
}

/// A notice `n` that is open and shown: none of a case in which its receiver has no part. Every inbox, count and mail asks
/// here.
pub const SHOWN: &str = concat!(
    "(n.settled_at is null and (n.case_id is null or n.case_id not in ",
    recused_from!("(select na.person_id from accounts na where na.id = n.account_id)"),
    "))"
);

/// The accounts that have an open notice of a kind about something.
pub async fn told_openly(tx: &mut Tx, kind: Kind, about: Uuid) -> Result<Vec<Uuid>> {
    let rows: Vec<(Uuid,)> = tx
        .query(
            "select account_id from notices where kind = $1 and about = $2 and settled_at is null order by account_id",
        )
        .bind(kind)
        .bind(about)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(account,)| account).collect())
}

/// An open notice, as its receiver sees it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Open {
    /// Its id.
    pub id: Uuid,
    /// What kind of thing.
    pub kind: Kind,
    /// What it is about.
    pub about: Uuid,
    /// The name of whom it is by.
    pub by: Option<String>,
    /// What a reminder says.
    pub words: Option<String>,
    /// Where it is dealt with.
    pub path: String,
    /// Since when it is open.
    pub told_at: DateTime<Utc>,
}

impl Open {
    /// What it tells.
    pub fn sentence(&self) -> String {
        self.kind.sentence(self.by.as_deref(), self.words.as_deref())
    }
}

impl Open {
    /// The day since which it is open, in a time zone.
    pub fn since(&self, zone: chrono_tz::Tz) -> chrono::NaiveDate {
        self.told_at.with_timezone(&zone).date_naive()
    }

    /// The same, in words.
    pub fn since_day(&self, zone: chrono_tz::Tz) -> String {
        crate::web::words::day(&self.since(zone))
    }
}

/// The open notices of an account, the newest first.
pub async fn open(tx: &mut Tx, account: Uuid) -> Result<Vec<Open>> {
    tx.query_built(format!(
        "select n.id, n.kind, n.about, p.name as by, n.words, n.path, n.told_at from notices n \
         left join people p on p.id = n.by_person \
         where n.account_id = $1 and {SHOWN} order by n.told_at desc, n.id desc",
    ))
    .bind(account)
    .all()
    .await
}

/// Keeps others from posting to an address until the transaction ends.
pub(super) async fn lock_address(tx: &mut Tx, to: &str) -> Result<()> {
    let lock = tx.query_either("select $1", "select pg_advisory_xact_lock(hashtextextended($1, 0))");
    lock.bind(to.to_owned()).run().await.map(drop)
}

/// Of the letters to an address, when the one leaves after which a further one has to wait a day.
pub(super) async fn turn(tx: &mut Tx, to: &str) -> Result<Option<DateTime<Utc>>> {
    let found: Option<(DateTime<Utc>,)> = tx
        .query(
            "select leaves_at from letters where to_address = $1 and (sent_at is not null or recalled_at is null) \
             order by leaves_at desc limit 1 offset $2",
        )
        .bind(to.to_owned())
        .bind(TO_ONE - 1)
        .optional()
        .await?;
    Ok(found.map(|(at,)| at))
}

/// How many letters an account has posted since a moment, and how many of them to an address, but for those that were
/// recalled before they left.
pub(super) async fn posted(tx: &mut Tx, by: Uuid, to: &str, since: DateTime<Utc>) -> Result<(u64, u64)> {
    let (all, to_one): (i64, i64) = tx
        .query(
            "select count(*), count(*) filter (where to_address = $3) from letters \
             where posted_by = $1 and created_at > $2 and (sent_at is not null or recalled_at is null)",
        )
        .bind(by)
        .bind(since)
        .bind(to.to_owned())
        .one()
        .await?;
    Ok((all.unsigned_abs(), to_one.unsigned_abs()))
}

/// Keeps a letter that is to be sent once it is due.
pub(super) async fn insert_letter(
    tx: &mut Tx,
    id: Uuid,
    letter: &Letter,
    at: DateTime<Utc>,
    due: DateTime<Utc>,
) -> Result<()> {
    tx.query(
        "insert into letters (id, posted_by, to_address, kind, about, subject, text, created_at, leaves_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(letter.by)
    .bind(letter.to.clone())
    .bind(letter.kind)
    .bind(letter.about)
    .bind(letter.subject.clone())
    .bind(letter.text.clone())
    .bind(at)
    .bind(due)
    .run_expecting(1)
    .await
}

/// Recalls the letters about these things that are not sent yet, and blanks them.
pub(super) async fn recall(tx: &mut Tx, about: &[Uuid], at: DateTime<Utc>) -> Result<()> {
    for some in some_at_once(about) {
        let sql = format!(
            "update letters set recalled_at = $1, subject = '', text = '' \
             where sent_at is null and recalled_at is null and about in ({})",
            placeholders(2, some.len())
        );
        tx.query_built(sql).bind(at).bind_all(some.iter().copied()).run().await?;
    }
    Ok(())
}

/// Marks a letter as sent, and blanks it.
pub(super) async fn letter_sent(tx: &mut Tx, id: Uuid, at: DateTime<Utc>) -> Result<()> {
    tx.query("update letters set sent_at = $2, subject = '', text = '' where id = $1 and sent_at is null")
        .bind(id)
        .bind(at)
        .run()
        .await
        .map(drop)
}

/// A letter that is still to be sent.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct ToSend {
    pub(super) to_address: String,
    pub(super) subject: String,
    pub(super) text: String,
    pub(super) posted_by: Option<Uuid>,
    pub(super) kind: Kind,
    pub(super) about: Uuid,
}

/// One letter that is still to be sent.
pub(super) async fn letter_to_send(tx: &mut Tx, id: Uuid) -> Result<Option<ToSend>> {
    tx.query(
        "select to_address, subject, text, posted_by, kind, about from letters \
         where id = $1 and sent_at is null and recalled_at is null",
    )
    .bind(id)
    .optional()
    .await
}

/// An open notice that no mail has carried yet, to an account that is in use.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Unmailed {
    pub(super) id: Uuid,
    pub(super) account: Uuid,
    pub(super) email: String,
    /// The receiver's name.
    pub(super) name: String,
    pub(super) kind: Kind,
    /// The name of whom it is by.
    pub(super) by: Option<String>,
    pub(super) words: Option<String>,
    pub(super) path: String,
}

impl Unmailed {
    /// What the mail says: not even a reminder's own words, which name what the receiver works on. Of what was given to
    /// whom, all of it: that is names and roles.
    pub(super) fn sentence(&self) -> String {
        let words = self.words.as_deref().filter(|_| self.kind.topic() == Topic::Access);
        self.kind.sentence(self.by.as_deref().map(called).as_deref(), words)
    }
}

const UNMAILED: &str = "select n.id, a.id as account, a.email, q.name, n.kind, p.name as by, n.words, n.path \
     from notices n join accounts a on a.id = n.account_id join people q on q.id = a.person_id \
     left join people p on p.id = n.by_person where n.mailed_at is null and a.disabled_at is null";

/// One notice, if a mail is to carry it still.
pub(super) async fn unmailed_one(tx: &mut Tx, id: Uuid) -> Result<Vec<Unmailed>> {
    tx.query_built(format!("{UNMAILED} and {SHOWN} and n.id = $1")).bind(id).all().await
}

/// What no mail has carried yet to an account, the newest first.
pub(super) async fn unmailed_of(tx: &mut Tx, account: Uuid) -> Result<Vec<Unmailed>> {
    let sql = format!("{UNMAILED} and {SHOWN} and n.account_id = $1 order by n.told_at desc, n.id desc");
    tx.query_built(sql).bind(account).all().await
}

/// The accounts in use to which something is new that no mail has carried.
pub(super) async fn accounts_with_news(tx: &mut Tx) -> Result<Vec<Uuid>> {
    let rows: Vec<(Uuid,)> = tx
        .query_built(format!(
            "select distinct n.account_id from notices n join accounts a on a.id = n.account_id \
             where {SHOWN} and n.mailed_at is null and a.disabled_at is null order by n.account_id",
        ))
        .all()
        .await?;
    Ok(rows.into_iter().map(|(account,)| account).collect())
}

/// Notes that a mail carried these notices.
pub(super) async fn mailed(tx: &mut Tx, ids: &[Uuid], at: DateTime<Utc>) -> Result<()> {
    for some in some_at_once(ids) {
        let sql = format!("update notices set mailed_at = $1 where id in ({})", placeholders(2, some.len()));
        tx.query_built(sql).bind(at).bind_all(some.iter().copied()).run().await?;
    }
    Ok(())
}

/// Settles one open notice of an account; none of another's.
pub(super) async fn dismiss(tx: &mut Tx, id: Uuid, account: Uuid, at: DateTime<Utc>) -> Result<bool> {
    let put = tx
        .query("update notices set settled_at = $3 where id = $1 and account_id = $2 and settled_at is null")
        .bind(id)
        .bind(account)
        .bind(at)
        .run()
        .await?;
    Ok(put == 1)
}

/// Settles every open notice of a kind that an account has, whatever it is about.
pub(super) async fn settle_kind(tx: &mut Tx, kind: Kind, account: Uuid, at: DateTime<Utc>) -> Result<()> {
    tx.query("update notices set settled_at = $3 where account_id = $1 and kind = $2 and settled_at is null")
        .bind(account)
        .bind(kind)
        .bind(at)
        .run()
        .await
        .map(drop)
}

/// Whether an account was ever told this: of a kind, about something, with a path.
pub async fn was_told(tx: &mut Tx, notice: &Notice) -> Result<bool> {
    let told: Option<(Uuid,)> = tx
        .query(
            "select id from notices where account_id = $1 and kind = $2 and about = $3 and path = $4 limit 1",
        )
        .bind(notice.to)
        .bind(notice.kind)
        .bind(notice.about)
        .bind(notice.path.clone())
        .optional()
        .await?;
    Ok(told.is_some())
}

/// How an account chose to hear of topics.
pub async fn switches(tx: &mut Tx, account: Uuid) -> Result<Vec<(Topic, Delivery)>> {
    tx.query("select topic, delivery from notice_switches where account_id = $1").bind(account).all().await
}

/// Sets how an account hears of a topic.
pub(super) async fn set_switch(tx: &mut Tx, account: Uuid, topic: Topic, delivery: Delivery) -> Result<()> {
    tx.query(
        "insert into notice_switches (account_id, topic, delivery) values ($1, $2, $3) \
         on conflict (account_id, topic) do update set delivery = excluded.delivery",
    )
    .bind(account)
    .bind(topic)
    .bind(delivery)
    .run_expecting(1)
    .await
}
