//! The rows of a demo's dossier, ready to be written.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::load::midday;
use super::{Company, DemoDossier, DemoEntry, DemoPerson, Precision};
use crate::evidence::revisions::Kept;
use crate::evidence::{Content, Named, NamedAnswer, Sharing, Update, store};
use crate::ids::Ids;
use crate::portable::{Came, Dossier, Entry};
use crate::review::{CheckInKind, CorroborationAnswer, Judgement, Origin, Reply, Vouching};

/// The people and accounts that rows refer to.
pub(super) struct Known {
    people: HashMap<String, (Uuid, String)>,
    pub(super) accounts: HashMap<usize, Uuid>,
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

    fn origin(&self, came: &Came) -> Origin<Uuid> {
        let vouched = came
            .vouched
            .as_ref()
            .and_then(|vouched| Some(Vouching { by: self.person(&vouched.by)?, on: vouched.on }));
        Origin { via: came.via, vouched }
    }
}

/// Gives a dossier's rows their ids, all of the moment at which the dossier is written: so each index grows at its end,
/// where ids of the moments that the rows tell of would touch a page of the file for each row.
struct RowIds<'a> {
    ids: &'a Ids,
    written: DateTime<Utc>,
}

impl RowIds<'_> {
    fn next(&self) -> Uuid {
        self.ids.new_id(self.written)
    }
}

pub(super) struct EntryRow {
    pub(super) id: Uuid,
    pub(super) status: crate::evidence::Status,
    pub(super) recorded_on: Option<NaiveDate>,
    pub(super) created: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    pub(super) content: Content,
    pub(super) answers: Vec<(Option<NamedAnswer>, Origin<Uuid>)>,
    pub(super) search_words: String,
    pub(super) kept: String,
    /// What it said before it was rewritten.
    pub(super) earlier: Option<String>,
    /// When its latest revision was saved.
    pub(super) saved: DateTime<Utc>,
    pub(super) updates: Vec<(Uuid, Update)>,
}

pub(super) struct CorroborationRow {
    pub(super) id: Uuid,
    pub(super) entry: Uuid,
    pub(super) person: Uuid,
    pub(super) position: i64,
    pub(super) answer: CorroborationAnswer,
    pub(super) on: NaiveDate,
    pub(super) settled_on: Option<NaiveDate>,
    pub(super) revision: i64,
    pub(super) origin: Origin<Uuid>,
    pub(super) superseded_on: Option<NaiveDate>,
}

pub(super) struct AssessmentRow {
    pub(super) id: Uuid,
    pub(super) entry: Uuid,
    pub(super) person: Uuid,
    pub(super) position: i64,
    pub(super) judgement: Judgement,
    pub(super) reason: String,
    pub(super) released_on: Option<NaiveDate>,
    pub(super) superseded_on: Option<NaiveDate>,
    pub(super) created: DateTime<Utc>,
}

pub(super) struct CheckInRow {
    pub(super) id: Uuid,
    pub(super) kind: CheckInKind,
    pub(super) person: Uuid,
    pub(super) position: i64,
    pub(super) on: Option<NaiveDate>,
    pub(super) created: DateTime<Utc>,
    pub(super) answers: Vec<(String, Reply)>,
}

pub(super) struct FeedbackRow {
    pub(super) id: Uuid,
    pub(super) person: Uuid,
    pub(super) position: i64,
    pub(super) broader_scope: Option<Reply>,
    pub(super) text: String,
    pub(super) released_on: Option<NaiveDate>,
    pub(super) created: DateTime<Utc>,
}

/// One dossier's rows.
pub(super) struct DossierRows {
    pub(super) id: Uuid,
    pub(super) owner_account: Uuid,
    pub(super) owner_person: Uuid,
    pub(super) sponsor: Option<Uuid>,
    pub(super) framework: String,
    pub(super) sharing: Sharing,
    pub(super) aim: crate::evidence::Aim,
    pub(super) created: DateTime<Utc>,
    pub(super) leave: Vec<(Uuid, NaiveDate, NaiveDate)>,
    pub(super) entries: Vec<EntryRow>,
    pub(super) corroborations: Vec<CorroborationRow>,
    pub(super) assessments: Vec<AssessmentRow>,
    pub(super) check_ins: Vec<CheckInRow>,
    pub(super) feedback: Vec<FeedbackRow>,
}

impl DossierRows {
    pub(super) fn id(&self) -> Uuid {
        self.id
    }

    pub(super) fn of(dossier: &DemoDossier, company: &Company<'_>, known: &Known, ids: &Ids) -> DossierRows {
        let body = &dossier.body;
        let ids = &RowIds { ids, written: dossier.written };
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
            leave: body.leave.iter().map(|leave| (ids.next(), leave.from, leave.to)).collect(),
            entries: Vec::with_capacity(body.evidence.len()),
            corroborations: Vec::new(),
            assessments: Vec::new(),
            check_ins: Vec::new(),
            feedback: Vec::new(),
        };
        for (entry, extra) in body.evidence.iter().zip(&dossier.entries) {
            rows.entries.push(EntryRow::of(entry, extra, known, ids));
            rows.add_answers(entry, extra, known, ids);
        }
        rows.add_statements(body, known, ids);
        rows.add_unreleased(dossier, &person_at, ids);
        rows
    }

    fn add_answers(&mut self, entry: &Entry, extra: &DemoEntry, known: &Known, ids: &RowIds<'_>) {
        let id = extra.id;
        for (given, position) in entry.corroborations.iter().zip(0..) {
            let Some(person) = given.by.as_deref().and_then(|by| known.person(by)) else { continue };
            self.corroborations.push(CorroborationRow {
                id: ids.next(),
                entry: id,
                person,
                position,
                answer: given.answer,
                on: given.on,
                settled_on: given.settled_on,
                revision: if extra.rewritten.is_some_and(|on| given.on > on) { 2 } else { 1 },
                origin: known.origin(&given.origin),
                superseded_on: given.superseded_on,
            });
        }
        for (given, position) in entry.assessments.iter().zip(0..) {
            let Some(person) = given.by.as_deref().and_then(|by| known.person(by)) else { continue };
            self.assessments.push(AssessmentRow {
                id: ids.next(),
                entry: id,
                person,
                position,
                judgement: given.judgement,
                reason: given.reason.clone(),
                released_on: Some(given.on),
                superseded_on: given.superseded_on,
                created: midday(given.on),
            });
        }
    }

    fn add_statements(&mut self, body: &Dossier, known: &Known, ids: &RowIds<'_>) {
        for (given, position) in body.check_ins.iter().zip(0..) {
            let Some(person) = given.by.as_deref().and_then(|by| known.person(by)) else { continue };
            self.check_ins.push(CheckInRow {
                id: ids.next(),
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
                id: ids.next(),
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
    fn add_unreleased(
        &mut self,
        dossier: &DemoDossier,
        person_at: &impl Fn(usize) -> Uuid,
        ids: &RowIds<'_>,
    ) {
        const LAST: i64 = 1_000_000;
        for (given, position) in dossier.unreleased_assessments.iter().zip(LAST..) {
            self.assessments.push(AssessmentRow {
                id: ids.next(),
                entry: dossier.entries[given.entry].id,
                person: person_at(given.by),
                position,
                judgement: given.judgement,
                reason: given.reason.clone(),
                released_on: None,
                superseded_on: None,
                created: midday(given.written),
            });
        }
        if let Some(given) = &dossier.unreleased_check_in {
            self.check_ins.push(CheckInRow {
                id: ids.next(),
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
                id: ids.next(),
                person: person_at(given.by),
                position: LAST,
                broader_scope: given.broader_scope,
                text: given.text.clone(),
                released_on: None,
                created: midday(given.written),
            });
        }
    }
}

impl EntryRow {
    /// The number of its latest revision.
    pub(super) fn revision(&self) -> i64 {
        if self.earlier.is_some() { 2 } else { 1 }
    }

    fn of(entry: &Entry, extra: &DemoEntry, known: &Known, ids: &RowIds<'_>) -> EntryRow {
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
        let called: Vec<String> = named.iter().map(|((_, name), _)| name.clone()).collect();
        let search_words = store::search_words(&content, &called);
        let kept = Kept { status: entry.status, autosaved: false, content };
        let text = serde_json::to_string(&kept).unwrap_or_default();
        let earlier = extra.rewritten.map(|_| {
            let mut earlier = kept.clone();
            earlier.content.criteria.pop();
            earlier.content.updates.clear();
            serde_json::to_string(&earlier).unwrap_or_default()
        });
        EntryRow {
            id: extra.id,
            status: entry.status,
            recorded_on: entry.recorded_on,
            created: extra.created,
            updated: extra.updated,
            answers: named.iter().map(|(_, named)| (named.answer, known.origin(&named.origin))).collect(),
            search_words,
            kept: text,
            earlier,
            saved: extra.rewritten.map_or(extra.updated, |on| extra.created.max(midday(on))),
            updates: updates.into_iter().map(|update| (ids.next(), update)).collect(),
            content: kept.content,
        }
    }
}
