//! Development plans and path conversations of the demo's candidates, answers to signals, and what is new in the inbox of the
//! candidate as whom visitors sign in. Written after everything else, from what is there.

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use super::Company;
use super::dice::{Dice, Purpose};
use super::load::midday;
use crate::audit::Change;
use crate::db::{Tx, insert_all};
use crate::development::Progress;
use crate::development::store::{Conversation, PlanAction};
use crate::error::Result;
use crate::evidence::Aim;
use crate::framework::Framework;
use crate::notices::{self, Kind, Notice};

/// Actions in one's own words, for some of the plans.
const OWN_WORDS: &[&str] = &[
    "Hand the payments review over to one of the Directors for a quarter, and stay out of it",
    "Read the last four board papers, and write down what I would have asked",
    "Offer to open the customer day in spring",
    "Have lunch with the two peers whom I know least",
    "Write the one-page strategy that I would send as CTO, and show it to the CTO",
];
/// What was said, and what was agreed.
const TALKS: &[(&str, &str)] = &[
    (
        "We went through the four capabilities. The strongest is what happens across domains; what is seen outside the company is thin.",
        "I propose two talks for next year. The CTO looks for a customer meeting where I can stand in.",
    ),
    (
        "How it felt to stand in at the executive meeting. I prepared too much for my own domain and too little for the others.",
        "Before the next one, half an hour with each peer.",
    ),
    (
        "Whether I want the step at all, and what would change for my Directors if I took it.",
        "We talk again in a quarter. Nothing has to be decided before.",
    ),
    (
        "The CTO sees me as somebody who settles things; I hear less often what I think before they are settled.",
        "I bring one open question to each of our meetings, without an answer.",
    ),
];
/// Answers to signals.
const ANSWERS: &[&str] = &[
    "Fair. Most of what I write down is still about my own domain; the other half happens in meetings and I forget it.",
    "I don't think so, but I see why it looks like it. I ask two peers what they see.",
    "True for this quarter, because of the migration. I look again in spring.",
];

/// A dossier as far as it matters here.
type Owner = (Uuid, Uuid, Aim);

/// Writes them for every dossier, and tells the visitor what is new.
pub(super) async fn write(change: &mut Change<'_>, company: &Company<'_>, visitor: Uuid) -> Result<()> {
    let tx = change.tx();
    let owners: Vec<Owner> =
        tx.query("select id, owner_account, aim from dossiers order by id").all().await?;
    let cto = &company.people[company.visitors.cto].name;
    let mut actions: Vec<(Uuid, PlanAction)> = Vec::new();
    let mut talks: Vec<(Uuid, Conversation)> = Vec::new();
    let mut answers: Vec<(Uuid, String, &str, NaiveDate)> = Vec::new();
    for (place, (dossier, account, aim)) in owners.iter().enumerate() {
        let mut dice = Dice::new(company.seed, Purpose::Development, place);
        let shown = *account == visitor;
        if !shown && !dice.chance(70) {
            continue;
        }
        let closing = closing(tx, *dossier).await?;
        let plan = plan(company.framework, &mut dice, company.today, &closing);
        actions.extend(plan.into_iter().map(|action| (*dossier, action)));
        for number in 0..dice.between(1, 3) {
            let (notes, next) = *dice.pick(TALKS);
            let on_date = company.today - TimeDelta::days(dice.between(10, 70) + 90 * number);
            let id = dice.id(midday(on_date).timestamp_millis());
            let (notes, next_steps) = (notes.to_owned(), next.to_owned());
            talks.push((*dossier, Conversation { id, on_date, with_whom: cto.clone(), notes, next_steps }));
        }
        if *aim != Aim::E1ByChoice && (shown || dice.chance(40)) {
            let pitfall = dice.pick(&company.framework.pitfalls).id.clone();
            let on = company.today - TimeDelta::days(dice.between(5, 60));
            answers.push((*dossier, pitfall, *dice.pick(ANSWERS), on));
        }
    }
    insert(tx, &actions, &talks, &answers).await?;
    tell(change, visitor).await
}

/// The latest final entry of each capability, which may have closed an action.
async fn closing(tx: &mut Tx, dossier: Uuid) -> Result<Vec<(String, Uuid)>> {
    Ok(tx
        .query(
            "select c.capability, e.id from entries e join entry_capabilities c on c.entry_id = e.id \
             where e.dossier_id = $1 and e.status = 'final' order by e.from_date desc, e.id, c.capability limit 12",
        )
        .bind(dossier)
        .all()
        .await?)
}

fn plan(
    framework: &Framework,
    dice: &mut Dice,
    today: NaiveDate,
    closing: &[(String, Uuid)],
) -> Vec<PlanAction> {
    let mut plan: Vec<PlanAction> = Vec::new();
    for number in 0..dice.between(3, 5) {
        let capability = dice.pick(&framework.capabilities);
        let chosen = dice.pick(&capability.development_actions);
        let own = number == 1;
        if plan.iter().any(|action| action.action.as_ref() == Some(&chosen.id)) {
            continue;
        }
        let state = match number {
            0 => Progress::UnderWay,
            2 => Progress::Done,
            4 => Progress::Dropped,
            _ => Progress::Planned,
        };
        let due_date = today
            + TimeDelta::days(if state.is_closed() { -dice.between(5, 90) } else { dice.between(-4, 140) });
        let closed_by = closing.iter().find(|(of, _)| *of == capability.id).map(|(_, entry)| *entry);
        plan.push(PlanAction {
            id: dice.id(midday(due_date).timestamp_millis()),
            action: (!own).then(|| chosen.id.clone()),
            capability: (!own).then(|| capability.id.clone()),
            words: if own { (*dice.pick(OWN_WORDS)).to_owned() } else { chosen.text.clone() },
            due_date,
            state,
            entry_id: closed_by.filter(|_| state == Progress::Done && !own),
            closed_on: state.is_closed().then(|| due_date - TimeDelta::days(2)),
        });
    }
    plan
}

async fn insert(
    tx: &mut Tx,
    actions: &[(Uuid, PlanAction)],
    talks: &[(Uuid, Conversation)],
    answers: &[(Uuid, String, &str, NaiveDate)],
) -> Result<()> {
    insert_all(
        tx,
        "plan_actions (id, dossier_id, action, capability, words, due_date, state, entry_id, closed_on, created_at)",
        actions,
        |query, (dossier, action)| {
            query
                .bind(action.id)
                .bind(*dossier)
                .bind(action.action.clone())
                .bind(action.capability.clone())
                .bind(action.words.clone())
                .bind(action.due_date)
                .bind(action.state)
                .bind(action.entry_id)
                .bind(action.closed_on)
                .bind(midday(action.due_date - TimeDelta::days(120)))
        },
    )
    .await?;
    insert_all(
        tx,
        "path_conversations (id, dossier_id, on_date, with_whom, notes, next_steps, created_at)",
        talks,
        |query, (dossier, talk)| {
            query
                .bind(talk.id)
                .bind(*dossier)
                .bind(talk.on_date)
                .bind(talk.with_whom.clone())
                .bind(talk.notes.clone())
                .bind(talk.next_steps.clone())
                .bind(midday(talk.on_date))
        },
    )
    .await?;
    let responses = "signal_responses (dossier_id, pitfall, text, on_date)";
    insert_all(tx, responses, answers, |query, (dossier, pitfall, text, on)| {
        query.bind(*dossier).bind(pitfall.clone()).bind((*text).to_owned()).bind(*on)
    })
    .await?;
    Ok(())
}

/// Tells the visitor of the latest judgement that was released and the latest answer that came.
async fn tell(change: &mut Change<'_>, visitor: Uuid) -> Result<()> {
    const LATEST: &[(Kind, &str)] = &[
        (
            Kind::Release,
            "select e.id, a.person_id from assessments a join entries e on e.id = a.entry_id \
             join dossiers d on d.id = e.dossier_id where d.owner_account = $1 and a.released_on is not null \
             order by a.released_on desc, a.id limit 1",
        ),
        (
            Kind::Answered,
            "select e.id, c.person_id from corroborations c join entries e on e.id = c.entry_id \
             join dossiers d on d.id = e.dossier_id where d.owner_account = $1 and c.answer = 'confirmed' \
             order by c.on_date desc, c.id limit 1",
        ),
    ];
    for (kind, sql) in LATEST {
        let latest: Option<(Uuid, Uuid)> = change.tx().query(sql).bind(visitor).optional().await?;
        if let Some((entry, by)) = latest {
            let path = format!("/evidence/{entry}");
            notices::tell(change, Notice { to: visitor, kind: *kind, about: entry, by: Some(by), path })
                .await?;
        }
    }
    Ok(())
}
