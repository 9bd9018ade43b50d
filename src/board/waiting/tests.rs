//! What waits for the CTO, on small dossiers.

use chrono::{Days, NaiveDate};

use super::{Matter, Waiting, waiting};
use crate::evidence::Audience;
use crate::framework::load::built_in;
use crate::people::Organization;
use crate::readiness::{Corroboration, Entry, Facts, Feedback, IndexSet, LevelEntry, Person, PersonIndex};
use crate::review::{CorroborationAnswer, Origin};

const CANDIDATE: PersonIndex = PersonIndex(0);
const CTO: PersonIndex = PersonIndex(1);
const PEER: PersonIndex = PersonIndex(2);

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn today() -> NaiveDate {
    day("2026-06-30")
}

fn person(id: &str, level: u32) -> Person {
    Person {
        id: id.into(),
        organization: Organization::Internal,
        levels: vec![LevelEntry {
            level: Some(level),
            from: day("2020-01-01"),
            domain: Some(id.into()),
            reports_to: None,
            by_candidate: false,
        }],
        milestones: Vec::new(),
    }
}

/// A dossier with recent feedback by the CTO and these entries.
fn facts(entries: Vec<Entry>) -> Facts {
    Facts {
        candidate: CANDIDATE,
        people: vec![person("ada", 1), person("ruth", 3), person("bruno", 1)],
        leave: Vec::new(),
        entries,
        check_ins: Vec::new(),
        feedback: vec![Feedback { by: Some(CTO), on: day("2026-06-01") }],
    }
}

fn entry(
    capability: &str,
    audience: Audience,
    recorded_on: &str,
    answers: &[(PersonIndex, &str, CorroborationAnswer)],
) -> Entry {
    Entry {
        id: "e1".into(),
        from: day("2026-04-01"),
        to: None,
        ongoing: false,
        recorded_on: Some(day(recorded_on)),
        scope: None,
        conduct: None,
        audience,
        capabilities: built_in().capability_index(capability).into_iter().collect(),
        criteria: IndexSet::default(),
        states_impact: false,
        has_link: false,
        people: Vec::new(),
        updates: Vec::new(),
        corroborations: answers
            .iter()
            .map(|(by, on, answer)| Corroboration {
                by: *by,
                on: day(on),
                answer: *answer,
                settled_on: None,
                origin: Origin::default(),
                superseded_on: None,
            })
            .collect(),
        assessments: Vec::new(),
    }
}

fn found(facts: &Facts) -> Vec<Waiting> {
    waiting(built_in(), facts, today())
}

fn since(matter: Matter, on: &str) -> Vec<Waiting> {
    vec![Waiting { matter, since: Some(day(on)) }]
}

#[test]
fn an_entry_for_ctos_waits_until_a_cto_confirms_it() {
    let presence = built_in().capability_index("external-presence").into_iter().collect();
    let reserved = Matter::Confirmation("e1".into(), presence);
    let of =
        |answers: &[_]| found(&facts(vec![entry("external-presence", Audience::Cto, "2026-05-03", answers)]));
    assert_eq!(of(&[]), since(reserved.clone(), "2026-05-03"));
    let by_peer = (PEER, "2026-05-10", CorroborationAnswer::Confirmed);
    assert_eq!(of(&[by_peer]), since(reserved.clone(), "2026-05-03"));
    assert_eq!(of(&[(CTO, "2026-05-10", CorroborationAnswer::Confirmed)]), []);
}

#[test]
fn a_partnership_of_which_no_cto_has_spoken_waits_for_one() {
    let of = |answers: &[_]| {
        found(&facts(vec![entry("cto-partnership", Audience::Dossier, "2026-05-03", answers)]))
    };
    let place = built_in().capability_index("cto-partnership").expect("listed");
    assert_eq!(of(&[]), since(Matter::Voice(place), "2026-05-03"));
    assert_eq!(of(&[(CTO, "2026-05-10", CorroborationAnswer::Confirmed)]), []);
    // Other capabilities ask for other voices, and no evidence is nothing that a CTO could confirm.
    assert_eq!(found(&facts(vec![entry("external-presence", Audience::Dossier, "2026-05-03", &[])])), []);
    assert_eq!(found(&facts(Vec::new())), []);
}

#[test]
fn a_differing_account_waits_from_the_day_it_was_told_until_it_is_settled() {
    let differs = (PEER, "2026-05-20", CorroborationAnswer::Differs);
    let of =
        |answers: &[_]| facts(vec![entry("external-presence", Audience::Dossier, "2026-05-03", answers)]);
    assert_eq!(found(&of(&[differs])), since(Matter::Differing("e1".into()), "2026-05-20"));
    assert_eq!(found(&of(&[differs, (PEER, "2026-05-25", CorroborationAnswer::Confirmed)])), []);
    let mut settled = of(&[differs]);
    settled.entries[0].corroborations[0].settled_on = Some(day("2026-06-15"));
    assert_eq!(found(&settled), []);
}

#[test]
fn feedback_waits_once_it_is_too_old() {
    let max_age = u64::from(built_in().thresholds.feedback_max_age_days);
    let given = |on: NaiveDate, by| {
        let mut facts = facts(Vec::new());
        facts.feedback = vec![Feedback { by: Some(by), on }];
        found(&facts)
    };
    let oldest = today() - Days::new(max_age);
    assert_eq!(given(oldest, CTO), []);
    let older = oldest - Days::new(1);
    assert_eq!(given(older, CTO), [Waiting { matter: Matter::Feedback(Some(older)), since: Some(today()) }]);
    let none = Waiting { matter: Matter::Feedback(None), since: None };
    assert_eq!(given(today(), PEER), std::slice::from_ref(&none));
    let mut without = facts(Vec::new());
    without.feedback.clear();
    assert_eq!(found(&without), [none]);
}
