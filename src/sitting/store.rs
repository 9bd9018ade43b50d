//! The rows of sittings, with the answers and the feedback that they hold.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::Kept;
use crate::accounts::Actor;
use crate::db::{Result, Tx};
use crate::evidence::visibility::{READS_SITTING, Viewer};
use crate::review::{Reply, spoken_store};
use crate::web::typed::Page;

/// A sitting, in the making or released.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Sitting {
    /// Its id.
    pub id: Uuid,
    /// Whose dossier it is about.
    pub dossier_id: Uuid,
    /// The CTO's account.
    pub account_id: Uuid,
    /// The CTO's name.
    pub author: String,
    /// The check-in that holds its answers.
    pub check_in_id: Option<Uuid>,
    /// The feedback that it holds.
    pub feedback_id: Option<Uuid>,
    /// Whether the Director is ready for broader scope.
    pub broader_scope: Option<Reply>,
    /// The feedback's text.
    pub feedback: Option<String>,
    /// What the CTO will do; may be empty.
    pub commitment: String,
    /// The sitting whose commitment this one looks back on.
    pub earlier_id: Option<Uuid>,
    /// What became of that.
    pub earlier_kept: Option<Kept>,
    /// Counts up with every save.
    pub revision: i64,
    /// The day of its release; none while it is a draft.
    pub released_on: Option<NaiveDate>,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
    /// Sentences by the ids of their capabilities.
    #[sqlx(skip)]
    pub sentences: HashMap<String, String>,
    /// Answers by the ids of their questions.
    #[sqlx(skip)]
    pub answers: HashMap<String, Reply>,
}

/// What a CTO puts into a sitting, read and in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Contents {
    /// Sentences with the ids of their capabilities; none is blank.
    pub sentences: Vec<(String, String)>,
    /// Answers with the ids of their questions.
    pub answers: Vec<(String, Reply)>,
    /// Whether the Director is ready for broader scope.
    pub broader_scope: Option<Reply>,
    /// The feedback; may be empty.
    pub feedback: String,
    /// What the CTO will do; may be empty.
    pub commitment: String,
    /// The sitting whose commitment this one looks back on, and what became of it.
    pub earlier: Option<(Uuid, Kept)>,
}

const SITTING: &str = "select s.id, s.dossier_id, s.account_id, p.name as author, s.check_in_id, s.feedback_id, \
     f.broader_scope, f.text as feedback, s.commitment, s.earlier_id, s.earlier_kept, s.revision, s.released_on, \
     s.updated_at from sittings s join dossiers d on d.id = s.dossier_id join accounts a on a.id = s.account_id \
     join people p on p.id = a.person_id left join feedback f on f.id = s.feedback_id";

/// The viewer's own draft over a dossier.
pub async fn draft(tx: &mut Tx, actor: &Actor, dossier: Uuid) -> Result<Option<Sitting>> {
    let sql = format!(
        "{SITTING} where {READS_SITTING} and s.dossier_id = $3 and s.account_id = $1 and s.released_on is null"
    );
    let found = Viewer::from(actor).bind(tx.query_built(sql)).bind(dossier).all().await?;
    Ok(filled(tx, dossier, found).await?.pop())
}

/// The released sittings over a dossier that the viewer may read, the latest first.
pub async fn released(tx: &mut Tx, actor: &Actor, dossier: Uuid) -> Result<Vec<Sitting>> {
    let sql = format!(
        "{SITTING} where {READS_SITTING} and s.dossier_id = $3 and s.released_on is not null \
         order by s.released_on desc, s.updated_at desc, s.id desc"
    );
    let found = Viewer::from(actor).bind(tx.query_built(sql)).bind(dossier).all().await?;
    filled(tx, dossier, found).await
}

/// The drafts over a dossier that were handed over to the viewer: their authors have no part in the case any more.
pub async fn handed_over(tx: &mut Tx, actor: &Actor, dossier: Uuid) -> Result<Vec<Sitting>> {
    let sql = format!(
        "{SITTING} where {READS_SITTING} and s.dossier_id = $3 and s.account_id <> $1 and s.released_on is null \
         order by s.updated_at desc, s.id desc"
    );
    let found = Viewer::from(actor).bind(tx.query_built(sql)).bind(dossier).all().await?;
    filled(tx, dossier, found).await
}

/// Adds the sentences and answers.
async fn filled(tx: &mut Tx, dossier: Uuid, mut sittings: Vec<Sitting>) -> Result<Vec<Sitting>> {
    if sittings.is_empty() {
        return Ok(sittings);
    }
    let sentences: Vec<(Uuid, String, String)> = tx
        .query(
            "select x.sitting_id, x.capability, x.text from sitting_sentences x \
             join sittings s on s.id = x.sitting_id where s.dossier_id = $1",
        )
        .bind(dossier)
        .all()
        .await?;
    let answers: Vec<(Uuid, String, Reply)> = tx
        .query(
            "select s.id, x.question, x.answer from check_in_answers x \
             join sittings s on s.check_in_id = x.check_in_id where s.dossier_id = $1",
        )
        .bind(dossier)
        .all()
        .await?;
    let places: HashMap<Uuid, usize> =
        sittings.iter().enumerate().map(|(place, sitting)| (sitting.id, place)).collect();
    for (sitting, capability, text) in sentences {
        if let Some(place) = places.get(&sitting) {
            sittings[*place].sentences.insert(capability, text);
        }
    }
    for (sitting, question, answer) in answers {
        if let Some(place) = places.get(&sitting) {
            sittings[*place].answers.insert(question, answer);
        }
    }
    Ok(sittings)
}

/// What a CTO last said of a dossier outside of sittings, and on which days: a check-in's answers, and the feedback's word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaidBefore {
    /// The day and the answers of their latest released check-in.
    pub check_in: Option<(NaiveDate, HashMap<String, Reply>)>,
    /// The day, the word on broader scope and the text of their latest released feedback.
    pub feedback: Option<(NaiveDate, Option<Reply>, String)>,
}

/// What a person released as a CTO, whether at a sitting or not.
pub async fn said_before(tx: &mut Tx, person: Uuid, dossier: Uuid) -> Result<SaidBefore> {
    let check_in: Option<(Uuid, NaiveDate)> = tx
        .query(
            "select id, on_date from check_ins where dossier_id = $1 and person_id = $2 and kind = 'cto' \
             and on_date is not null order by on_date desc, position desc limit 1",
        )
        .bind(dossier)
        .bind(person)
        .optional()
        .await?;
    let check_in = match check_in {
        Some((id, on)) => {
            let answers: Vec<(String, Reply)> = tx
                .query("select question, answer from check_in_answers where check_in_id = $1")
                .bind(id)
                .all()
                .await?;
            Some((on, answers.into_iter().collect()))
        }
        None => None,
    };
    let feedback = tx
        .query(
            "select released_on, broader_scope, text from feedback where dossier_id = $1 and person_id = $2 \
             and released_on is not null order by released_on desc, position desc limit 1",
        )
        .bind(dossier)
        .bind(person)
        .optional()
        .await?;
    Ok(SaidBefore { check_in, feedback })
}

/// The ids of a draft that is begun.
pub(super) struct Begun {
    pub id: Uuid,
    pub check_in: Uuid,
    pub feedback: Uuid,
}

/// Begins a draft with no content yet. The dossier is to be locked already.
pub(super) async fn begin(
    tx: &mut Tx,
    begun: &Begun,
    actor: &Actor,
    dossier: Uuid,
    at: DateTime<Utc>,
) -> Result<()> {
    spoken_store::begin_check_in(tx, begun.check_in, dossier, actor.person, at).await?;
    spoken_store::begin_feedback(tx, begun.feedback, dossier, actor.person, at).await?;
    tx.query(
        "insert into sittings (id, dossier_id, account_id, check_in_id, feedback_id, commitment, revision, created_at, \
         updated_at) values ($1, $2, $3, $4, $5, '', 0, $6, $6)",
    )
    .bind(begun.id)
    .bind(dossier)
    .bind(actor.account)
    .bind(begun.check_in)
    .bind(begun.feedback)
    .bind(at)
    .run_expecting(1)
    .await
}

/// Whether a draft's present revision came from an earlier turn of an open page.
pub(super) async fn is_from(tx: &mut Tx, id: Uuid, page: &Page) -> Result<bool> {
    let (from,): (i64,) = tx
        .query("select count(*) from sittings where id = $1 and typed_key = $2 and typed_turn < $3")
        .bind(id)
        .bind(page.key.clone())
        .bind(page.turn)
        .one()
        .await?;
    Ok(from == 1)
}

/// Writes what a draft holds, in the place of what it held.
pub(super) async fn write(
    tx: &mut Tx,
    draft: &Sitting,
    contents: &Contents,
    page: Option<&Page>,
    at: DateTime<Utc>,
) -> Result<()> {
    tx.query("delete from sitting_sentences where sitting_id = $1").bind(draft.id).run().await?;
    for (capability, text) in &contents.sentences {
        tx.query("insert into sitting_sentences (sitting_id, capability, text) values ($1, $2, $3)")
            .bind(draft.id)
            .bind(capability.clone())
            .bind(text.clone())
            .run_expecting(1)
            .await?;
    }
    if let Some(check_in) = draft.check_in_id {
        spoken_store::answer(tx, check_in, &contents.answers).await?;
    }
    if let Some(feedback) = draft.feedback_id {
        spoken_store::write_feedback(tx, feedback, contents.broader_scope, &contents.feedback).await?;
    }
    let (earlier, kept) = contents.earlier.unzip();
    tx.query(
        "update sittings set commitment = $2, earlier_id = $3, earlier_kept = $4, revision = revision + 1, \
         updated_at = $5, typed_key = $6, typed_turn = $7 where id = $1 and released_on is null",
    )
    .bind(draft.id)
    .bind(contents.commitment.clone())
    .bind(earlier)
    .bind(kept)
    .bind(at)
    .bind(page.map(|page| page.key.clone()))
    .bind(page.map(|page| page.turn))
    .run_expecting(1)
    .await
}

/// Releases a draft as written: what it holds gets the day's date and comes after all others of it. What it leaves out
/// goes. The dossier's row is to be locked already.
pub(super) async fn release(
    tx: &mut Tx,
    draft: &Sitting,
    contents: &Contents,
    on: NaiveDate,
    at: DateTime<Utc>,
) -> Result<()> {
    tx.query("update sittings set released_on = $2, updated_at = $3 where id = $1 and released_on is null")
        .bind(draft.id)
        .bind(on)
        .bind(at)
        .run_expecting(1)
        .await?;
    if let Some(check_in) = draft.check_in_id {
        if contents.answers.is_empty() {
            drop_check_in(tx, draft.id, check_in).await?;
        } else {
            spoken_store::release_check_in(tx, check_in, draft.dossier_id, on).await?;
        }
    }
    if let Some(feedback) = draft.feedback_id {
        if contents.feedback.is_empty() {
            drop_feedback(tx, draft.id, feedback).await?;
        } else {
            spoken_store::release_feedback(tx, feedback, draft.dossier_id, on).await?;
        }
    }
    Ok(())
}

async fn drop_check_in(tx: &mut Tx, sitting: Uuid, check_in: Uuid) -> Result<()> {
    tx.query("update sittings set check_in_id = null where id = $1").bind(sitting).run_expecting(1).await?;
    spoken_store::remove_check_in(tx, check_in).await
}

async fn drop_feedback(tx: &mut Tx, sitting: Uuid, feedback: Uuid) -> Result<()> {
    tx.query("update sittings set feedback_id = null where id = $1").bind(sitting).run_expecting(1).await?;
    spoken_store::remove_feedback(tx, feedback).await
}

/// Throws a draft away.
pub(super) async fn remove(tx: &mut Tx, draft: &Sitting) -> Result<()> {
    if let Some(check_in) = draft.check_in_id {
        drop_check_in(tx, draft.id, check_in).await?;
    }
    if let Some(feedback) = draft.feedback_id {
        drop_feedback(tx, draft.id, feedback).await?;
    }
    tx.query("delete from sitting_sentences where sitting_id = $1").bind(draft.id).run().await?;
    tx.query("delete from sittings where id = $1 and released_on is null")
        .bind(draft.id)
        .run_expecting(1)
        .await
}
