//! The rows of notices, switches and letters.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Delivery, Kind, Letter, Notice, Topic};
use crate::db::{Result, Tx};

/// How an account hears of a topic: in the digest, unless it chose otherwise.
pub async fn delivery(tx: &mut Tx, account: Uuid, topic: Topic) -> Result<Delivery> {
    let chosen: Option<(Delivery,)> = tx
        .query("select delivery from notice_switches where account_id = $1 and topic = $2")
        .bind(account)
        .bind(topic)
        .optional()
        .await?;
    Ok(chosen.map_or(Delivery::Digest, |(delivery,)| delivery))
}

/// Keeps a notice; false when the same is open already.
pub(super) async fn insert(tx: &mut Tx, id: Uuid, notice: &Notice, at: DateTime<Utc>) -> Result<bool> {
    let told = tx
        .query(
            "insert into notices (id, account_id, kind, about, by_person, path, told_at) \
             values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        )
        .bind(id)
        .bind(notice.to)
        .bind(notice.kind)
        .bind(notice.about)
        .bind(notice.by)
        .bind(notice.path.clone())
        .bind(at)
        .run()
        .await?;
    Ok(told == 1)
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
    query.run().await.map(drop)
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
    /// Where it is dealt with.
    pub path: String,
    /// Since when it is open.
    pub told_at: DateTime<Utc>,
}

impl Open {
    /// What it tells.
    pub fn sentence(&self) -> String {
        self.kind.sentence(self.by.as_deref())
    }
}

/// The open notices of an account, the newest first.
pub async fn open(tx: &mut Tx, account: Uuid) -> Result<Vec<Open>> {
    tx.query(
        "select n.id, n.kind, n.about, p.name as by, n.path, n.told_at from notices n \
         left join people p on p.id = n.by_person \
         where n.account_id = $1 and n.settled_at is null order by n.told_at desc, n.id desc",
    )
    .bind(account)
    .all()
    .await
}

/// Keeps a letter that is to be sent.
pub(super) async fn insert_letter(tx: &mut Tx, id: Uuid, letter: &Letter, at: DateTime<Utc>) -> Result<()> {
    tx.query(
        "insert into letters (id, to_address, kind, about, subject, text, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id)
    .bind(letter.to.clone())
    .bind(letter.kind)
    .bind(letter.about)
    .bind(letter.subject.clone())
    .bind(letter.text.clone())
    .bind(at)
    .run_expecting(1)
    .await
}

/// Recalls the letters about something that are not sent yet, and blanks them.
pub(super) async fn recall(tx: &mut Tx, about: Uuid, at: DateTime<Utc>) -> Result<()> {
    tx.query(
        "update letters set recalled_at = $2, subject = '', text = '' \
         where about = $1 and sent_at is null and recalled_at is null",
    )
    .bind(about)
    .bind(at)
    .run()
    .await
    .map(drop)
}
