//! The rows of requests and of the answers to them.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{CorroborationAnswer, HoldsAnswer, Question};
use crate::db::{Result, Tx};
use crate::evidence::visibility::ANSWERS_REQUEST;
use crate::evidence::{Origin, Via, words};

/// What somebody was asked about an entry.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Request {
    /// Its id.
    pub id: Uuid,
    /// The entry.
    pub entry_id: Uuid,
    /// The dossier that it is in.
    pub dossier_id: Uuid,
    /// Who is asked.
    pub person_id: Uuid,
    /// Their name.
    pub name: String,
    /// What.
    pub question: Question,
    /// After how many months, where it is asked whether something holds.
    pub months: Option<i64>,
    /// The revision that they are asked about.
    pub revision: i64,
    /// Until when its link can be used; none where they answer in the app.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// When it was first answered.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it was taken back or asked anew.
    pub closed_at: Option<DateTime<Utc>>,
    /// The account that asked.
    pub asked_by: Uuid,
    /// The address to which a link was mailed, for who asked, and for admins and CTOs who may vouch for it.
    pub address: Option<String>,
}

const REQUEST: &str = "select r.id, r.entry_id, e.dossier_id, r.person_id, p.name, r.question, r.months, r.revision, \
     r.expires_at, r.asked_at, r.answered_at, r.closed_at, r.asked_by, r.address from requests r join entries e on e.id = r.entry_id \
     join dossiers d on d.id = e.dossier_id join people p on p.id = r.person_id";

/// A request that a person may answer; `cto` is whether they are a CTO.
pub async fn answerable(tx: &mut Tx, id: Uuid, person: Uuid, cto: bool) -> Result<Option<Request>> {
    let query = tx.query_built(format!("{REQUEST} where {ANSWERS_REQUEST} and r.id = $3"));
    query.bind(person).bind(cto).bind(id).optional().await
}

/// The request of a link, whatever became of it, by which way the link goes, and whether its entry can still be asked about.
pub async fn of_link(tx: &mut Tx, token_hash: &[u8]) -> Result<Option<(Request, Via, bool)>> {
    let mut found: Option<(Request, Via)> = None;
    for (column, via) in [("token_hash", Via::Link), ("mail_token_hash", Via::Mail)] {
        let sql = format!("{REQUEST} where r.{column} = $1");
        let request = tx.query_built(sql).bind(token_hash.to_vec()).optional().await?;
        found = found.or(request.map(|request| (request, via)));
    }
    let Some((request, via)) = found else { return Ok(None) };
    let open = answerable(tx, request.id, request.person_id, false).await?.is_some();
    Ok(Some((request, via, open)))
}

/// One request about an entry of an account's own dossier.
pub async fn own(tx: &mut Tx, id: Uuid, account: Uuid) -> Result<Option<Request>> {
    let query = tx.query_built(format!("{REQUEST} where r.id = $1 and d.owner_account = $2"));
    query.bind(id).bind(account).optional().await
}

/// The requests about an entry that were not taken back, the latest first.
pub async fn of_entry(tx: &mut Tx, entry: Uuid) -> Result<Vec<Request>> {
    tx.query_built(format!(
        "{REQUEST} where r.entry_id = $1 and r.closed_at is null order by r.asked_at desc, r.id desc"
    ))
    .bind(entry)
    .all()
    .await
}

/// The requests to a person about an entry and a question that were not taken back.
pub(super) async fn standing(
    tx: &mut Tx,
    entry: Uuid,
    person: Uuid,
    question: Question,
) -> Result<Vec<Uuid>> {
    let rows: Vec<(Uuid,)> = tx
        .query(
            "select id from requests where entry_id = $1 and person_id = $2 and question = $3 and closed_at is null",
        )
        .bind(entry)
        .bind(person)
        .bind(question)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The address to which an account last had a letter to a person mailed.
pub async fn last_address(tx: &mut Tx, asked_by: Uuid, person: Uuid) -> Result<Option<String>> {
    let found: Option<(String,)> = tx
        .query(
            "select address from requests where asked_by = $1 and person_id = $2 and address is not null \
             order by asked_at desc, id desc limit 1",
        )
        .bind(asked_by)
        .bind(person)
        .optional()
        .await?;
    Ok(found.map(|(address,)| address))
}

/// A new request.
#[derive(Clone, Debug)]
pub(super) struct NewRequest {
    pub id: Uuid,
    pub entry: Uuid,
    pub person: Uuid,
    pub asked_by: Uuid,
    pub question: Question,
    pub months: Option<i64>,
    pub revision: i64,
    /// The digest of the link's token, and until when it can be used.
    pub link: Option<(Vec<u8>, DateTime<Utc>)>,
    /// The digest of the token of the link in the letter, and the letter's address.
    pub mailed: Option<(Vec<u8>, String)>,
    pub at: DateTime<Utc>,
}

pub(super) async fn insert(tx: &mut Tx, new: NewRequest) -> Result<()> {
    let (token_hash, expires_at) = new.link.unzip();
    let (mail_token_hash, address) = new.mailed.unzip();
    tx.query(
        "insert into requests (id, entry_id, person_id, asked_by, question, months, revision, token_hash, expires_at, \
         asked_at, mail_token_hash, address) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(new.id)
    .bind(new.entry)
    .bind(new.person)
    .bind(new.asked_by)
    .bind(new.question)
    .bind(new.months)
    .bind(new.revision)
    .bind(token_hash)
    .bind(expires_at)
    .bind(new.at)
    .bind(mail_token_hash)
    .bind(address)
    .run_expecting(1)
    .await
}

/// Marks a request as answered; false when it was already.
pub(super) async fn mark_answered(tx: &mut Tx, id: Uuid, at: DateTime<Utc>) -> Result<bool> {
    let marked = tx
        .query("update requests set answered_at = $2 where id = $1 and answered_at is null and closed_at is null")
        .bind(id)
        .bind(at)
        .run()
        .await?;
    Ok(marked == 1)
}

/// Somebody's answer as it stands, or stood.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Given {
    /// Its id.
    pub id: Uuid,
    /// The answer.
    pub answer: CorroborationAnswer,
    /// The day.
    pub on_date: NaiveDate,
    /// Their version, where it differs.
    pub account: String,
    /// A sentence that may be quoted.
    pub comment: String,
    /// The revision that was answered.
    pub revision: i64,
    /// What the owner replied.
    pub reply: String,
    /// The day on which a CTO settled it.
    pub settled_on: Option<NaiveDate>,
    /// That CTO's name.
    pub settled_by: Option<String>,
    /// Why.
    pub settlement: String,
    /// How it came.
    pub via: Via,
    /// Who vouched for it.
    pub vouched_by: Option<Uuid>,
    /// From which day on that counts.
    pub vouched_on: Option<NaiveDate>,
    /// The name of who vouched.
    pub voucher: Option<String>,
    /// The day on which a material edit superseded it.
    pub superseded_on: Option<NaiveDate>,
}

impl Given {
    /// Whether it is a confirmation that a material edit superseded.
    pub fn is_superseded(&self) -> bool {
        self.answer == CorroborationAnswer::Confirmed && self.superseded_on.is_some()
    }

    /// How it came, and who vouched for it.
    pub fn origin(&self) -> Origin<Uuid> {
        Origin::from_columns(self.via, self.vouched_by, self.vouched_on)
    }

    /// The same in words; the voucher's name is for whoever reads the dossier.
    pub fn came(&self, names: bool) -> String {
        words::came(self.via, self.vouched_on, self.voucher.as_deref().filter(|_| names))
    }
}

/// Everything that a person answered about an entry, the latest first.
pub async fn given(tx: &mut Tx, entry: Uuid, person: Uuid) -> Result<Vec<Given>> {
    tx.query(
        "select c.id, c.answer, c.on_date, c.account, c.comment, c.revision, c.reply, c.settled_on, \
         s.name as settled_by, c.settlement, c.via, c.vouched_by, c.vouched_on, v.name as voucher, \
         c.superseded_on from corroborations c left join people s on s.id = c.settled_by \
         left join people v on v.id = c.vouched_by where c.entry_id = $1 and c.person_id = $2 order by c.on_date desc, c.position desc",
    )
    .bind(entry)
    .bind(person)
    .all()
    .await
}

/// What a person answered last about whether an entry's solution holds.
pub async fn held(
    tx: &mut Tx,
    entry: Uuid,
    person: Uuid,
) -> Result<Option<(HoldsAnswer, NaiveDate, String)>> {
    tx.query(
        "select answer, on_date, comment from durability_answers where entry_id = $1 and person_id = $2 \
         order by on_date desc, position desc",
    )
    .bind(entry)
    .bind(person)
    .optional()
    .await
}

/// How the answer to a request came.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Came {
    /// The request.
    pub request_id: Uuid,
    /// How.
    pub via: Via,
    /// From which day on it counts that somebody vouched for it.
    pub vouched_on: Option<NaiveDate>,
    /// The name of who did.
    pub voucher: Option<String>,
}

/// How the answers to the requests about an entry came that came by mail or link.
pub async fn came(tx: &mut Tx, entry: Uuid) -> Result<Vec<Came>> {
    let from = |table: &str| {
        format!(
            "select a.request_id, a.via, a.vouched_on, v.name as voucher from {table} a \
             left join people v on v.id = a.vouched_by where a.entry_id = $1 and a.via <> 'account' \
             and a.request_id is not null"
        )
    };
    let sql = format!("{} union all {}", from("corroborations"), from("durability_answers"));
    tx.query_built(sql).bind(entry).all().await
}

/// The entry and the person of an answer.
pub async fn of_answer(tx: &mut Tx, id: Uuid) -> Result<Option<(Uuid, Uuid)>> {
    tx.query("select entry_id, person_id from corroborations where id = $1").bind(id).optional().await
}

/// The entry of the request or the naming that a letter tells of.
pub async fn of_letter(tx: &mut Tx, about: Uuid) -> Result<Option<Uuid>> {
    let found: Option<(Uuid,)> = tx
        .query(
            "select entry_id from requests where id = $1 union all select entry_id from namings where id = $1 limit 1",
        )
        .bind(about)
        .optional()
        .await?;
    Ok(found.map(|(entry,)| entry))
}
