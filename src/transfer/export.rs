//! A dossier out of the database, as the portable file: whole, as its owner may have it. That is every entry of every
//! status, what is theirs alone, and of what others say all that is released. Whatever hands a part of it to anybody else, a
//! packet for one, leaves out what is the owner's alone (`docs/portable-dossier.md` lists it).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use uuid::Uuid;

use super::{development, sittings};
use crate::corroboration::HoldsAnswer;
use crate::db::{Result, Tx};
use crate::evidence::{self, NamedPerson, dossiers};
use crate::people::visibility::stands;
use crate::people::{MilestoneKind, Organization};
use crate::portable::{
    CheckIn, Corroboration, Dossier, Durability, Entry, FORMAT, Feedback, Leave, LevelEntry, Milestone,
    Named, Person, Update,
};
use crate::review::{CheckInKind, CorroborationAnswer, Origin, Reply, Via};

/// The portable dossier of a dossier; none if there is no such one. Whether the reader may have it has been decided before.
pub async fn export(tx: &mut Tx, id: Uuid) -> Result<Option<Dossier>> {
    let Some(found) = dossiers::find(tx, id).await? else { return Ok(None) };
    let mut evidence = entries(tx, id).await?;
    add_answers(tx, id, &mut evidence).await?;
    add_durability(tx, id, &mut evidence).await?;
    for (entry, comment) in sittings::comments(tx, id).await? {
        evidence.entry(entry).and_modify(|entry| entry.comments.push(comment));
    }
    let mut dossier = Dossier {
        format: FORMAT,
        framework: found.framework,
        candidate: found.owner_person.to_string(),
        leave: leave(tx, id).await?,
        people: Vec::new(),
        evidence: evidence.into_values().collect(),
        check_ins: check_ins(tx, id).await?,
        feedback: feedback(tx, id).await?,
        sittings: sittings::sittings(tx, id).await?,
        plan: development::plan(tx, id).await?,
        conversations: development::conversations(tx, id).await?,
        signal_responses: development::responses(tx, id).await?,
    };
    dossier.people = people(tx, &dossier).await?;
    dossier.format = dossier.lowest_format();
    Ok(Some(dossier))
}

async fn leave(tx: &mut Tx, id: Uuid) -> Result<Vec<Leave>> {
    let rows: Vec<(NaiveDate, NaiveDate)> = tx
        .query("select from_date, to_date from leave_periods where dossier_id = $1 order by from_date, id")
        .bind(id)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(from, to)| Leave { from, to }).collect())
}

/// A text that says something.
fn stated(text: String) -> Option<String> {
    if text.is_empty() { None } else { Some(text) }
}

/// The entries as their owner writes them, without what others say.
async fn entries(tx: &mut Tx, id: Uuid) -> Result<BTreeMap<Uuid, Entry>> {
    let all = evidence::store::of_dossier(tx, id).await?;
    Ok(all.into_iter().map(|entry| (entry.id, written(entry))).collect())
}

fn written(entry: evidence::Entry) -> Entry {
    let content = entry.content;
    let named = |n: NamedPerson| Named {
        person: n.person.to_string(),
        named_as: n.named_as,
        answer: n.answer,
        origin: n.origin.into(),
    };
    Entry {
        id: entry.id.to_string(),
        title: content.title,
        from: content.from,
        to: content.to,
        ongoing: content.ongoing,
        status: entry.status,
        recorded_on: entry.recorded_on,
        situation: stated(content.situation),
        action: stated(content.action),
        impact: stated(content.impact),
        domain_cost: stated(content.domain_cost),
        scope: content.scope,
        conduct: content.conduct,
        setting: content.setting,
        horizon_years: content.horizon_years.and_then(|years| u32::try_from(years).ok()),
        for_cto: content.for_cto,
        audience: content.audience,
        capabilities: content.capabilities,
        criteria: content.criteria,
        people: entry.people.into_iter().map(named).collect(),
        links: content.links,
        updates: content
            .updates
            .into_iter()
            .map(|update| Update { on: update.on, text: update.text })
            .collect(),
        corroborations: Vec::new(),
        assessments: Vec::new(),
        durability: Vec::new(),
        comments: Vec::new(),
    }
}

#[derive(sqlx::FromRow)]
struct AnswerRow {
    entry_id: Uuid,
    person_id: Uuid,
    on_date: NaiveDate,
    answer: CorroborationAnswer,
    settled_on: Option<NaiveDate>,
    account: String,
    comment: String,
    /// None for an answer from before it was asked for here, so that such a dossier needs no newer format.
    revision: Option<i64>,
    reply: String,
    settled_by: Option<Uuid>,
    settlement: String,
    via: Via,
    vouched_by: Option<Uuid>,
    vouched_on: Option<NaiveDate>,
    superseded_on: Option<NaiveDate>,
}

/// Corroborations, and released assessments, in the order recorded.
async fn add_answers(tx: &mut Tx, id: Uuid, entries: &mut BTreeMap<Uuid, Entry>) -> Result<()> {
    let rows: Vec<AnswerRow> = tx
        .query(
            "select x.entry_id, x.person_id, x.on_date, x.answer, x.settled_on, x.account, x.comment, \
             case when x.request_id is null then null else x.revision end as revision, x.reply, x.settled_by, \
             x.settlement, x.via, x.vouched_by, x.vouched_on, x.superseded_on from corroborations x join entries e on e.id = x.entry_id where e.dossier_id = $1 \
             order by x.position",
        )
        .bind(id)
        .all()
        .await?;
    for row in rows {
        if let Some(entry) = entries.get_mut(&row.entry_id) {
            entry.corroborations.push(Corroboration {
                by: Some(row.person_id.to_string()),
                on: row.on_date,
                answer: row.answer,
                settled_on: row.settled_on,
                account: stated(row.account),
                comment: stated(row.comment),
                revision: row.revision.and_then(|revision| u32::try_from(revision).ok()),
                reply: stated(row.reply),
                settled_by: row.settled_by.map(|by| by.to_string()),
                settlement: stated(row.settlement),
                origin: Origin::from_columns(row.via, row.vouched_by, row.vouched_on).into(),
                superseded_on: row.superseded_on,
            });
        }
    }
    for (entry, assessment) in sittings::assessments(tx, id).await? {
        entries.entry(entry).and_modify(|entry| entry.assessments.push(assessment));
    }
    Ok(())
}

/// Whether solutions held, in the order recorded.
async fn add_durability(tx: &mut Tx, id: Uuid, entries: &mut BTreeMap<Uuid, Entry>) -> Result<()> {
    let rows: Vec<(Uuid, Uuid, NaiveDate, i64, HoldsAnswer, String, i64)> = tx
        .query(
            "select x.entry_id, x.person_id, x.on_date, x.months, x.answer, x.comment, x.revision \
             from durability_answers x join entries e on e.id = x.entry_id where e.dossier_id = $1 order by x.position",
        )
        .bind(id)
        .all()
        .await?;
    for (entry, by, on, months, answer, comment, revision) in rows {
        if let Some(entry) = entries.get_mut(&entry) {
            entry.durability.push(Durability {
                by: Some(by.to_string()),
                on,
                months: u32::try_from(months).unwrap_or_default(),
                answer,
                comment: stated(comment),
                revision: u32::try_from(revision).ok(),
            });
        }
    }
    Ok(())
}

async fn check_ins(tx: &mut Tx, id: Uuid) -> Result<Vec<CheckIn>> {
    let rows: Vec<(Uuid, CheckInKind, Uuid, NaiveDate)> = tx
        .query(
            "select id, kind, person_id, on_date from check_ins where dossier_id = $1 and on_date is not null \
             order by position",
        )
        .bind(id)
        .all()
        .await?;
    let answers: Vec<(Uuid, String, Reply)> = tx
        .query(
            "select a.check_in_id, a.question, a.answer from check_in_answers a \
             join check_ins c on c.id = a.check_in_id where c.dossier_id = $1",
        )
        .bind(id)
        .all()
        .await?;
    let mut given: HashMap<Uuid, BTreeMap<String, Reply>> = HashMap::new();
    for (check_in, question, answer) in answers {
        given.entry(check_in).or_default().insert(question, answer);
    }
    let written = |(id, kind, by, on): (Uuid, CheckInKind, Uuid, NaiveDate)| CheckIn {
        kind,
        by: Some(by.to_string()),
        on,
        answers: given.remove(&id).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(written).collect())
}

async fn feedback(tx: &mut Tx, id: Uuid) -> Result<Vec<Feedback>> {
    let rows: Vec<(Uuid, NaiveDate, Option<Reply>, String)> = tx
        .query(
            "select person_id, released_on, broader_scope, text from feedback \
             where dossier_id = $1 and released_on is not null order by position",
        )
        .bind(id)
        .all()
        .await?;
    let written = |(by, on, broader_scope, text): (Uuid, NaiveDate, Option<Reply>, String)| Feedback {
        by: Some(by.to_string()),
        on,
        broader_scope,
        text,
    };
    Ok(rows.into_iter().map(written).collect())
}

#[derive(sqlx::FromRow)]
struct LevelRow {
    level: String,
    from_date: NaiveDate,
    domain: Option<String>,
    reports_to: Option<Uuid>,
    recorded_by: Option<Uuid>,
}

/// Everyone whom the dossier refers to, and whom their histories refer to in turn.
async fn people(tx: &mut Tx, dossier: &Dossier) -> Result<Vec<Person>> {
    let named = dossier.evidence.iter().flat_map(|entry| {
        let named = entry.people.iter().map(|named| named.person.as_str());
        let answered =
            entry.corroborations.iter().flat_map(|c| [&c.by, &c.settled_by]).filter_map(|by| by.as_deref());
        let answered = answered.chain(entry.durability.iter().filter_map(|answer| answer.by.as_deref()));
        let answered = answered.chain(entry.comments.iter().filter_map(|comment| comment.by.as_deref()));
        let came = entry.people.iter().map(|named| &named.origin);
        let came = came.chain(entry.corroborations.iter().map(|c| &c.origin));
        let vouched = came.filter_map(|came| Some(came.vouched.as_ref()?.by.as_str()));
        named.chain(answered).chain(vouched).chain(entry.assessments.iter().filter_map(|a| a.by.as_deref()))
    });
    let stated = dossier.check_ins.iter().filter_map(|c| c.by.as_deref());
    let stated = stated.chain(dossier.feedback.iter().filter_map(|f| f.by.as_deref()));
    let stated = stated.chain(dossier.sittings.iter().filter_map(|sitting| sitting.by.as_deref()));
    let all = std::iter::once(dossier.candidate.as_str()).chain(named).chain(stated);
    let mut known: BTreeSet<Uuid> = all.filter_map(|id| id.parse().ok()).collect();
    let mut described = BTreeMap::new();
    while let Some(id) = known.iter().find(|id| !described.contains_key(*id)).copied() {
        let person = person(tx, id).await?;
        let referred = person.levels.iter().flat_map(|level| [&level.reports_to, &level.by]);
        let referred = referred.chain(person.milestones.iter().map(|milestone| &milestone.by));
        known.extend(referred.flatten().filter_map(|id| id.parse::<Uuid>().ok()));
        described.insert(id, person);
    }
    Ok(described.into_values().collect())
}

async fn person(tx: &mut Tx, id: Uuid) -> Result<Person> {
    let (name, organization): (String, Organization) =
        tx.query("select name, organization from people where id = $1").bind(id).one().await?;
    let levels: Vec<LevelRow> = tx
        .query(
            "select level, from_date, domain, reports_to, recorded_by from person_levels \
             where person_id = $1 order by position",
        )
        .bind(id)
        .all()
        .await?;
    let milestones: Vec<(NaiveDate, String, Option<MilestoneKind>, Option<Uuid>)> = tx
        .query_built(format!(
            "select m.on_date, m.what, m.kind, m.recorded_by from milestones m where m.person_id = $1 and {} \
             order by m.on_date, m.id",
            stands("m")
        ))
        .bind(id)
        .all()
        .await?;
    let text = |id: Option<Uuid>| id.map(|id| id.to_string());
    let level = |row: LevelRow| LevelEntry {
        level: row.level,
        from: row.from_date,
        domain: row.domain,
        reports_to: text(row.reports_to),
        by: text(row.recorded_by),
    };
    let milestone = |(on, what, kind, by)| Milestone { on, what, kind, by: text(by) };
    Ok(Person {
        id: id.to_string(),
        name,
        organization,
        levels: levels.into_iter().map(level).collect(),
        milestones: milestones.into_iter().map(milestone).collect(),
    })
}
