//! What others say in a story, as rows.

use evident::db::{Tx, insert_all};
use evident::framework::load::built_in;
use evident::review::{CheckInKind, Via};

use super::places::Places;
use super::write::Result;
use super::{Fact, Story, marker};

/// How an answer came.
pub(super) fn via(by_link: bool) -> Via {
    if by_link { Via::Link } else { Via::Account }
}

/// Requests, the answers to them, and who vouches for what was said by link.
pub(super) async fn write_answers(story: &Story, tx: &mut Tx, places: &Places, new: &[Fact]) -> Result {
    let at = places.at;
    let asked = rows!(new, Fact::Asked { n, entry, who, closed } =>
        (*n, *entry, *who, *closed, story.owner(*entry).expect("whose entry it is")));
    let into = "requests (id, entry_id, person_id, asked_by, question, revision, asked_at, closed_at)";
    insert_all(tx, into, &asked, |query, (n, entry, who, closed, asker)| {
        query
            .bind(places.request(*n))
            .bind(places.entry(*entry))
            .bind(places.person(*who))
            .bind(places.account(*asker))
            .bind("happened".to_owned())
            .bind(1_i64)
            .bind(at)
            .bind(closed.then_some(at))
    })
    .await?;
    let said = rows!(new, Fact::Said { n, entry, who, answer, days, settled, by_link, superseded } =>
        (*n, *entry, *who, *answer, *days, (*settled, *by_link, *superseded)));
    let into = "corroborations (id, entry_id, person_id, position, answer, on_date, account, comment, revision, reply, \
         settled_on, settlement, created_at, via, superseded_on)";
    insert_all(tx, into, &said, |query, (n, entry, who, answer, days, (settled, by_link, superseded))| {
        let text = |field| marker("answer", *n, field);
        query
            .bind(places.answer(*n))
            .bind(places.entry(*entry))
            .bind(places.person(*who))
            .bind(i64::from(*n))
            .bind(*answer)
            .bind(places.ago(*days))
            .bind(text("account"))
            .bind(text("comment"))
            .bind(1_i64)
            .bind(text("reply"))
            .bind(settled.then_some(places.today))
            .bind(if *settled { text("settlement") } else { String::new() })
            .bind(at)
            .bind(via(*by_link))
            .bind(superseded.then_some(places.today))
    })
    .await?;
    for (entry, who, by) in rows!(new, Fact::Vouched { entry, who, by } => (*entry, *who, *by)) {
        for table in ["corroborations", "entry_people"] {
            let sql = format!(
                "update {table} set vouched_by = $1, vouched_on = $2 \
                 where entry_id = $3 and person_id = $4 and via <> 'account'"
            );
            let vouched = tx.query_built(sql).bind(places.person(by)).bind(places.today);
            vouched.bind(places.entry(entry)).bind(places.person(who)).run().await?;
        }
    }
    Ok(())
}

/// Judgements and comments.
pub(super) async fn write_remarks(tx: &mut Tx, places: &Places, new: &[Fact]) -> Result {
    let at = places.at;
    let judged = rows!(new, Fact::Judged { n, entry, by, judgement, released } =>
        (*n, *entry, *by, *judgement, *released));
    let into = "assessments (id, entry_id, person_id, position, judgement, reason, revision, released_on, reply, replied_on, \
         created_at)";
    insert_all(tx, into, &judged, |query, (n, entry, by, judgement, released)| {
        query
            .bind(places.judgement(*n))
            .bind(places.entry(*entry))
            .bind(places.person(*by))
            .bind(i64::from(*n))
            .bind(*judgement)
            .bind(marker("judgement", *n, "reason"))
            .bind(2_i64)
            .bind(places.since(*released))
            .bind(released.map(|_| marker("judgement", *n, "reply")))
            .bind(released.map(|_| places.today))
            .bind(at)
    })
    .await?;
    let commented = rows!(new, Fact::Commented { n, entry, by, released } => (*n, *entry, *by, *released));
    let into = "comments (id, entry_id, account_id, field, revision, text, released_on, reply, replied_on, created_at)";
    insert_all(tx, into, &commented, |query, (n, entry, by, released)| {
        query
            .bind(places.comment(*n))
            .bind(places.entry(*entry))
            .bind(places.account(*by))
            .bind("title".to_owned())
            .bind(2_i64)
            .bind(marker("comment", *n, "text"))
            .bind(places.since(*released))
            .bind(released.map(|_| marker("comment", *n, "reply")))
            .bind(released.map(|_| places.today))
            .bind(at)
    })
    .await
}

/// Sittings, with their check-in and feedback.
pub(super) async fn write_sittings(tx: &mut Tx, places: &Places, new: &[Fact]) -> Result {
    let at = places.at;
    let sat = rows!(new, Fact::Sat { n, over, by, released } => (*n, *over, *by, *released));
    let into = "check_ins (id, dossier_id, kind, person_id, position, on_date, included, created_at)";
    insert_all(tx, into, &sat, |query, (n, over, by, released)| {
        query
            .bind(places.sitting(*n))
            .bind(places.dossier(*over))
            .bind(CheckInKind::Cto)
            .bind(places.person(*by))
            .bind(1_000 + i64::from(*n))
            .bind(places.since(*released))
            .bind(false)
            .bind(at)
    })
    .await?;
    let into = "feedback (id, dossier_id, person_id, position, text, released_on, created_at)";
    insert_all(tx, into, &sat, |query, (n, over, by, released)| {
        query
            .bind(places.sitting(*n))
            .bind(places.dossier(*over))
            .bind(places.person(*by))
            .bind(i64::from(*n))
            .bind(marker("sitting", *n, "feedback"))
            .bind(places.since(*released))
            .bind(at)
    })
    .await?;
    let into = "sittings (id, dossier_id, account_id, check_in_id, feedback_id, commitment, revision, released_on, created_at, \
         updated_at)";
    insert_all(tx, into, &sat, |query, (n, over, by, released)| {
        query
            .bind(places.sitting(*n))
            .bind(places.dossier(*over))
            .bind(places.account(*by))
            .bind(places.sitting(*n))
            .bind(places.sitting(*n))
            .bind(marker("sitting", *n, "commitment"))
            .bind(1_i64)
            .bind(places.since(*released))
            .bind(at)
            .bind(at)
    })
    .await?;
    insert_all(tx, "sitting_sentences (sitting_id, capability, text)", &sat, |query, (n, ..)| {
        let query = query.bind(places.sitting(*n)).bind(built_in().capabilities[0].id.clone());
        query.bind(marker("sitting", *n, "sentence"))
    })
    .await
}
