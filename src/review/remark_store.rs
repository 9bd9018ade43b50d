//! The rows of what CTOs remark on single entries: judgements and comments.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Field, Judgement};
use crate::db::{Result, Tx};

/// Of which kind a remark is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A judgement of an entry.
    Assessment,
    /// A comment on a field of one.
    Comment,
}

impl Kind {
    /// Where those of it are kept.
    pub fn table(self) -> &'static str {
        match self {
            Kind::Assessment => "assessments",
            Kind::Comment => "comments",
        }
    }
}

/// A new remark.
#[derive(Clone, Debug)]
pub struct NewRemark<'r> {
    /// Its id.
    pub id: Uuid,
    /// The entry.
    pub entry: Uuid,
    /// The entry's revision that was read.
    pub revision: i64,
    /// The reason, or the comment.
    pub text: &'r str,
    /// The day of its release; none while it is among CTOs.
    pub released_on: Option<NaiveDate>,
    /// When it is written.
    pub at: DateTime<Utc>,
}

/// Adds a judgement by a person, after all others of its entry. The dossier's row is to be locked already.
pub async fn judge(tx: &mut Tx, new: &NewRemark<'_>, person: Uuid, judgement: Judgement) -> Result<()> {
    tx.query(
        "insert into assessments (id, entry_id, person_id, position, judgement, reason, revision, released_on, \
         created_at) select $1, $2, $3, coalesce(max(position), 0) + 1, $4, $5, $6, $7, $8 from assessments \
         where entry_id = $2",
    )
    .bind(new.id)
    .bind(new.entry)
    .bind(person)
    .bind(judgement)
    .bind(new.text.to_owned())
    .bind(new.revision)
    .bind(new.released_on)
    .bind(new.at)
    .run_expecting(1)
    .await
}

/// Adds a comment by an account on a field.
pub async fn comment(tx: &mut Tx, new: &NewRemark<'_>, account: Uuid, field: Field) -> Result<()> {
    tx.query(
        "insert into comments (id, entry_id, account_id, field, revision, text, released_on, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.id)
    .bind(new.entry)
    .bind(account)
    .bind(field)
    .bind(new.revision)
    .bind(new.text.to_owned())
    .bind(new.released_on)
    .bind(new.at)
    .run_expecting(1)
    .await
}

/// Releases one that its author kept among CTOs, as of a day.
pub async fn release(tx: &mut Tx, kind: Kind, id: Uuid, on: NaiveDate) -> Result<()> {
    let release = match kind {
        // Of one day's judgements, the one released last is the latest.
        Kind::Assessment => {
            "update assessments set released_on = $2, position = (select max(o.position) + 1 from assessments o \
             where o.entry_id = assessments.entry_id) where id = $1 and released_on is null"
        }
        Kind::Comment => "update comments set released_on = $2 where id = $1 and released_on is null",
    };
    tx.query(release).bind(id).bind(on).run_expecting(1).await
}

/// Sets what the owner replied.
pub async fn reply(tx: &mut Tx, kind: Kind, id: Uuid, text: &str, on: NaiveDate) -> Result<()> {
    let sql = format!("update {} set reply = $2, replied_on = $3 where id = $1", kind.table());
    tx.query_built(sql).bind(id).bind(text.to_owned()).bind(on).run_expecting(1).await
}
