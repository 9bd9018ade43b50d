//! The rows of a demo's dossier, ready to be written.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::load::midday;
use super::{Company, DemoDossier, DemoEntry, DemoPerson, Precision};
use crate::db::{Tx, insert_all};
use crate::error::Result;
use crate::evidence::revisions::Kept;
use crate::evidence::{Content, Named, NamedAnswer, Sharing, Update, store};
use crate::ids::Ids;
use crate::review::{CheckInKind, CorroborationAnswer, Judgement, Reply};
use crate::transfer::{Dossier, Entry};

/// The people and accounts that rows refer to.
pub(super) struct Known {
    people: HashMap<String, (Uuid, String)>,
    accounts: HashMap<usize, Uuid>,
}

impl Known {
    pub(super) fn new(people: &[DemoPerson], accounts: HashMap<usize, Uuid>) -> Known {
        let people =
            people.iter().map(|person| (person.id.to_string(), (person.id, person.name.clone()))).collect();
        Known { people, accounts }
    }

    fn person(&self, id: &str) -> Option<Uuid> {
        self.people.get(id).map(|(id, _)| *id)
    }
}

struct EntryRow {
    id: Uuid,
    status: crate::evidence::Status,
    recorded_on: Option<NaiveDate>,
    created: DateTime<Utc>,
    updated: DateTime<Utc>,
    content: Content,
    answers: Vec<Option<NamedAnswer>>,
    search_words: String,
    kept: String,
    updates: Vec<(Uuid, Update)>,
}

struct CorroborationRow {
    id: Uuid,
    entry: Uuid,
    person: Uuid,
    position: i64,
    answer: CorroborationAnswer,
    on: NaiveDate,
    settled_on: Option<NaiveDate>,
}

struct AssessmentRow {
    id: Uuid,
    entry: Uuid,
    person: Uuid,
    position: i64,
    judgement: Judgement,
    reason: String,
    released_on: Option<NaiveDate>,
    created: DateTime<Utc>,
}

struct CheckInRow {
    id: Uuid,
    kind: CheckInKind,
    person: Uuid,
    position: i64,
    on: Option<NaiveDate>,
    created: DateTime<Utc>,
    answers: Vec<(String, Reply)>,
}

struct FeedbackRow {
    id: Uuid,
    person: Uuid,
    position: i64,
    broader_scope: Option<Reply>,
    text: String,
    released_on: Option<NaiveDate>,
    created: DateTime<Utc>,
}

/// One dossier's rows.
pub(super) struct DossierRows {
    id: Uuid,
    owner_account: Uuid,
    owner_person: Uuid,
    sponsor: Option<Uuid>,
    framework: String,
    sharing: Sharing,
    aim: crate::evidence::Aim,
    created: DateTime<Utc>,
    leave: Vec<(Uuid, NaiveDate, NaiveDate)>,
    entries: Vec<EntryRow>,
    corroborations: Vec<CorroborationRow>,
    assessments: Vec<AssessmentRow>,
    check_ins: Vec<CheckInRow>,
    feedback: Vec<FeedbackRow>,
}

impl DossierRows {
    pub(super) fn id(&self) -> Uuid {
        self.id
    }

    pub(super) fn of(dossier: &DemoDossier, company: &Company<'_>, known: &Known, ids: &Ids) -> DossierRows {
        let body = &dossier.body;
        let person_at = |place: usize| company.people[place].id;
        let mut rows = DossierRows {
            id: dossier.id,
            owner_account: known.accounts[&dossier.owner],
            owner_person: person_at(dossier.owner),
            sponsor: dossier.sponsor.and_then(|place| known.accounts.get(&place).copied()),
            framework: body.framework.clone(),
            sharing: dossier.sharing,
            aim: dossier.aim,
            created: dossier.created,
            leave: body
                .leave
                .iter()
                .map(|leave| (ids.new_id(dossier.created), leave.from, leave.to))
                .collect(),
            entries: Vec::with_capacity(body.evidence.len()),
            corroborations: Vec::new(),
            assessments: Vec::new(),
            check_ins: Vec::new(),
            feedback: Vec::new(),
        };
        for (entry, extra) in body.evidence.iter().zip(&dossier.entries) {
            rows.entries.push(EntryRow::of(entry, extra, known, ids));
            rows.add_answers(entry, extra.id, known, ids);
        }
        rows.add_statements(body, known, ids);
        rows.add_unreleased(dossier, &person_at, ids);
        rows
    }

    fn add_answers(&mut self, entry: &Entry, id: Uuid, known: &Known, ids: &Ids) {
        for (given, position) in entry.corroborations.iter().zip(0..) {
            let Some(person) = given.by.as_deref().and_then(|by| known.person(by)) else { continue };
            self.corroborations.push(CorroborationRow {
                id: ids.new_id(midday(given.on)),
                entry: id,
                person,
                position,
                answer: given.answer,
                on: given.on,
                settled_on: given.settled_on,
            });
        }
        for (given, position) in entry.assessments.iter().zip(0..) {
            let Some(person) = given.by.as_deref().and_then(|by| known.person(by)) else { continue };
            self.assessments.push(AssessmentRow {
                id: ids.new_id(midday(given.on)),
                entry: id,
                person,
                position,
                judgement: given.judgement,
                reason: given.reason.clone(),
                released_on: Some(given.on),
                created: midday(given.on),
            });
        }
    }

    fn add_statements(&mut self, body: &Dossier, known: &Known, ids: &Ids) {
        for (given, position) in body.check_ins.iter().zip(0..) {
            let Some(person) = given.by.as_deref().and_then(|by| known.person(by)) else { continue };
            self.check_ins.push(CheckInRow {
                id: ids.new_id(midday(given.on)),
                kind: given.kind,
                person,
                position,
                on: Some(given.on),
                created: midday(given.on),
                answers: given.answers.iter().map(|(question, reply)| (question.clone(), *reply)).collect(),
            });
        }
        for (given, position) in body.feedback.iter().zip(0..) {
            let Some(person) = given.by.as_deref().and_then(|by| known.person(by)) else { continue };
            self.feedback.push(FeedbackRow {
                id: ids.new_id(midday(given.on)),
                person,
                position,
                broader_scope: given.broader_scope,
                text: given.text.clone(),
                released_on: Some(given.on),
                created: midday(given.on),
            });
        }
    }

    /// What the CTO has written and not released: after everything that is.
    fn add_unreleased(&mut self, dossier: &DemoDossier, person_at: &impl Fn(usize) -> Uuid, ids: &Ids) {
        const LAST: i64 = 1_000_000;
        for (given, position) in dossier.unreleased_assessments.iter().zip(LAST..) {
            self.assessments.push(AssessmentRow {
                id: ids.new_id(midday(given.written)),
                entry: dossier.entries[given.entry].id,
                person: person_at(given.by),
                position,
                judgement: given.judgement,
                reason: given.reason.clone(),
                released_on: None,
                created: midday(given.written),
            });
        }
        if let Some(given) = &dossier.unreleased_check_in {
            self.check_ins.push(CheckInRow {
                id: ids.new_id(midday(given.written)),
                kind: CheckInKind::Cto,
                person: person_at(given.by),
                position: LAST,
                on: None,
                created: midday(given.written),
                answers: given.answers.iter().map(|(question, reply)| (question.clone(), *reply)).collect(),
            });
        }
        if let Some(given) = &dossier.unreleased_feedback {
            self.feedback.push(FeedbackRow {
                id: ids.new_id(midday(given.written)),
                person: person_at(given.by),
                position: LAST,
                broader_scope: given.broader_scope,
                text: given.text.clone(),
                released_on: None,
                created: midday(given.written),
            });
        }
    }

    /// Writes the rows of several dossiers.
    pub(super) async fn insert(dossiers: Vec<DossierRows>, tx: &mut Tx) -> Result<()> {
        insert_all(
            tx,
            "dossiers (id, owner_account, owner_person, framework, sharing, shared_on, aim, sponsor, version, created_at)",
            &dossiers,
            |query, dossier| {
                let shared_on = (dossier.sharing != Sharing::Private).then(|| dossier.created.date_naive());
                query
                    .bind(dossier.id)
                    .bind(dossier.owner_account)
                    .bind(dossier.owner_person)
                    .bind(dossier.framework.clone())
                    .bind(dossier.sharing)
                    .bind(shared_on)
                    .bind(dossier.aim)
                    .bind(dossier.sponsor)
                    .bind(0_i64)
                    .bind(dossier.created)
            },
        )
        .await?;
        let leave: Vec<_> = dossiers
            .iter()
            .flat_map(|dossier| dossier.leave.iter().map(move |leave| (dossier, leave)))
            .collect();
        insert_all(
            tx,
            "leave_periods (id, dossier_id, from_date, to_date, created_at)",
            &leave,
            |query, (dossier, (id, from, to))| {
                query.bind(*id).bind(dossier.id).bind(*from).bind(*to).bind(dossier.created)
            },
        )
        .await?;
        insert_entries(&dossiers, tx).await?;
        insert_answers(&dossiers, tx).await?;
        insert_statements(&dossiers, tx).await
    }
}

impl EntryRow {
    fn of(entry: &Entry, extra: &DemoEntry, known: &Known, ids: &Ids) -> EntryRow {
        let is_month = extra.precision == Precision::Month;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let updates: Vec<Update> =
            entry.updates.iter().map(|update| Update { on: update.on, text: update.text.clone() }).collect();
        let named: Vec<_> =
            entry.people.iter().filter_map(|named| Some((known.people.get(&named.person)?, named))).collect();
        let content = Content {
            title: entry.title.clone(),
            from: entry.from,
            from_is_month: is_month && entry.from.is_some(),
            to: entry.to,
            to_is_month: is_month && entry.to.is_some(),
            ongoing: entry.ongoing,
            situation: text(&entry.situation),
            action: text(&entry.action),
            impact: text(&entry.impact),
            domain_cost: text(&entry.domain_cost),
            scope: entry.scope,
            conduct: entry.conduct,
            setting: entry.setting,
            horizon_years: entry.horizon_years.map(i64::from),
            for_cto: entry.for_cto,
            audience: entry.audience,
            capabilities: entry.capabilities.clone(),
            criteria: entry.criteria.clone(),
            people: named
                .iter()
                .map(|((id, _), named)| Named { person: *id, named_as: named.named_as })
                .collect(),
            links: entry.links.clone(),
            updates: updates.clone(),
        };
        let names: Vec<String> = named.iter().map(|((_, name), _)| name.clone()).collect();
        let search_words = store::search_words(&content, &names);
        let kept = Kept { status: entry.status, autosaved: false, content };
        let text = serde_json::to_string(&kept).unwrap_or_default();
        EntryRow {
            id: extra.id,
            status: entry.status,
            recorded_on: entry.recorded_on,
            created: extra.created,
            updated: extra.updated,
            answers: named.iter().map(|(_, named)| named.answer).collect(),
            search_words,
            kept: text,
            updates: updates.into_iter().map(|update| (ids.new_id(midday(update.on)), update)).collect(),
            content: kept.content,
        }
    }
}

async fn insert_entries(dossiers: &[DossierRows], tx: &mut Tx) -> Result<()> {
    let entries: Vec<_> = dossiers
        .iter()
        .flat_map(|dossier| dossier.entries.iter().map(move |entry| (dossier, entry)))
        .collect();
    insert_all(
        tx,
        "entries (id, dossier_id, status, title, from_date, to_date, from_is_month, to_is_month, ongoing, recorded_on, \
         situation, action, impact, domain_cost, scope, conduct, setting, horizon_years, for_cto, audience, revision, \
         search_words, created_at, updated_at)",
        &entries,
        |query, (dossier, entry)| {
            let content = &entry.content;
            query
                .bind(entry.id)
                .bind(dossier.id)
                .bind(entry.status)
                .bind(content.title.clone())
                .bind(content.from)
                .bind(content.to)
                .bind(content.from_is_month)
                .bind(content.to_is_month)
                .bind(content.ongoing)
                .bind(entry.recorded_on)
                .bind(content.situation.clone())
                .bind(content.action.clone())
                .bind(content.impact.clone())
                .bind(content.domain_cost.clone())
                .bind(content.scope)
                .bind(content.conduct)
                .bind(content.setting)
                .bind(content.horizon_years)
                .bind(content.for_cto)
                .bind(content.audience)
                .bind(1_i64)
                .bind(entry.search_words.clone())
                .bind(entry.created)
                .bind(entry.updated)
        },
    )
    .await?;
    let revisions = "entry_revisions (entry_id, number, saved_by, saved_at, content)";
    insert_all(tx, revisions, &entries, |query, (dossier, entry)| {
        query
            .bind(entry.id)
            .bind(1_i64)
            .bind(dossier.owner_account)
            .bind(entry.updated)
            .bind(entry.kept.clone())
    })
    .await?;
    insert_parts(&entries, tx).await
}

/// What an entry holds several of.
async fn insert_parts(entries: &[(&DossierRows, &EntryRow)], tx: &mut Tx) -> Result<()> {
    let words = |of: fn(&Content) -> &Vec<String>| -> Vec<(Uuid, i64, String)> {
        let each = |(_, entry): &(&DossierRows, &EntryRow)| {
            let id = entry.id;
            of(&entry.content)
                .iter()
                .zip(0..)
                .map(move |(word, position)| (id, position, word.clone()))
                .collect::<Vec<_>>()
        };
        entries.iter().flat_map(each).collect()
    };
    let capabilities = words(|content| &content.capabilities);
    insert_all(tx, "entry_capabilities (entry_id, capability)", &capabilities, |query, (id, _, word)| {
        query.bind(*id).bind(word.clone())
    })
    .await?;
    let criteria = words(|content| &content.criteria);
    insert_all(tx, "entry_criteria (entry_id, criterion)", &criteria, |query, (id, _, word)| {
        query.bind(*id).bind(word.clone())
    })
    .await?;
    let links = words(|content| &content.links);
    insert_all(tx, "entry_links (entry_id, position, url)", &links, |query, (id, position, url)| {
        query.bind(*id).bind(*position).bind(url.clone())
    })
    .await?;
    let people: Vec<_> = entries
        .iter()
        .flat_map(|(_, entry)| {
            entry.content.people.iter().zip(&entry.answers).zip(0_i64..).map(move |named| (entry.id, named))
        })
        .collect();
    insert_all(
        tx,
        "entry_people (entry_id, person_id, named_as, position, answer)",
        &people,
        |query, (entry, ((named, answer), position))| {
            query.bind(*entry).bind(named.person).bind(named.named_as).bind(*position).bind(**answer)
        },
    )
    .await?;
    let updates: Vec<_> = entries
        .iter()
        .flat_map(|(_, entry)| entry.updates.iter().map(move |update| (entry.id, update)))
        .collect();
    insert_all(
        tx,
        "entry_updates (id, entry_id, on_date, text, created_at)",
        &updates,
        |query, (entry, (id, update))| {
            query.bind(*id).bind(*entry).bind(update.on).bind(update.text.clone()).bind(midday(update.on))
        },
    )
    .await?;
    Ok(())
}

async fn insert_answers(dossiers: &[DossierRows], tx: &mut Tx) -> Result<()> {
    let corroborations: Vec<_> = dossiers.iter().flat_map(|dossier| &dossier.corroborations).collect();
    insert_all(
        tx,
        "corroborations (id, entry_id, person_id, position, answer, on_date, comment, revision, settled_on, created_at)",
        &corroborations,
        |query, row| {
            query
                .bind(row.id)
                .bind(row.entry)
                .bind(row.person)
                .bind(row.position)
                .bind(row.answer)
                .bind(row.on)
                .bind("")
                .bind(1_i64)
                .bind(row.settled_on)
                .bind(midday(row.on))
        },
    )
    .await?;
    let assessments: Vec<_> = dossiers.iter().flat_map(|dossier| &dossier.assessments).collect();
    insert_all(
        tx,
        "assessments (id, entry_id, person_id, position, judgement, reason, released_on, created_at)",
        &assessments,
        |query, row| {
            query
                .bind(row.id)
                .bind(row.entry)
                .bind(row.person)
                .bind(row.position)
                .bind(row.judgement)
                .bind(row.reason.clone())
                .bind(row.released_on)
                .bind(row.created)
        },
    )
    .await?;
    Ok(())
}

async fn insert_statements(dossiers: &[DossierRows], tx: &mut Tx) -> Result<()> {
    let check_ins: Vec<_> = dossiers
        .iter()
        .flat_map(|dossier| dossier.check_ins.iter().map(move |row| (dossier.id, row)))
        .collect();
    insert_all(
        tx,
        "check_ins (id, dossier_id, kind, person_id, position, on_date, included, created_at)",
        &check_ins,
        |query, (dossier, row)| {
            query
                .bind(row.id)
                .bind(*dossier)
                .bind(row.kind)
                .bind(row.person)
                .bind(row.position)
                .bind(row.on)
                .bind(true)
                .bind(row.created)
        },
    )
    .await?;
    let answers: Vec<_> = check_ins
        .iter()
        .flat_map(|(_, row)| row.answers.iter().map(move |(question, reply)| (row.id, question, *reply)))
        .collect();
    insert_all(
        tx,
        "check_in_answers (check_in_id, question, answer)",
        &answers,
        |query, (check_in, question, reply)| query.bind(*check_in).bind((*question).clone()).bind(*reply),
    )
    .await?;
    let feedback: Vec<_> = dossiers
        .iter()
        .flat_map(|dossier| dossier.feedback.iter().map(move |row| (dossier.id, row)))
        .collect();
    insert_all(
        tx,
        "feedback (id, dossier_id, person_id, position, broader_scope, text, released_on, created_at)",
        &feedback,
        |query, (dossier, row)| {
            query
                .bind(row.id)
                .bind(*dossier)
                .bind(row.person)
                .bind(row.position)
                .bind(row.broader_scope)
                .bind(row.text.clone())
                .bind(row.released_on)
                .bind(row.created)
        },
    )
    .await?;
    Ok(())
}
