//! What has changed since a day, on a small dossier.

use chrono::NaiveDate;

use super::{News, since};
use crate::evidence::Audience;
use crate::framework::load::built_in;
use crate::people::Organization;
use crate::readiness::{CheckIn, Corroboration, Entry, Facts, IndexSet, Person, PersonIndex, State};
use crate::review::{CheckInKind, CorroborationAnswer, Origin, Reply};

const CANDIDATE: PersonIndex = PersonIndex(0);
const PEER: PersonIndex = PersonIndex(1);

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn entry(id: &str, from: &str, recorded_on: &str) -> Entry {
    Entry {
        id: id.into(),
        from: day(from),
        to: None,
        ongoing: false,
        recorded_on: Some(day(recorded_on)),
        scope: None,
        conduct: None,
        audience: Audience::Dossier,
        capabilities: [0].into_iter().collect(),
        criteria: IndexSet::default(),
        states_impact: false,
        has_link: false,
        people: Vec::new(),
        updates: Vec::new(),
        corroborations: Vec::new(),
        assessments: Vec::new(),
    }
}

fn facts(entries: Vec<Entry>) -> Facts {
    let person = |id: &str| Person {
        id: id.into(),
        organization: Organization::Internal,
        levels: Vec::new(),
        milestones: Vec::new(),
    };
    Facts {
        candidate: CANDIDATE,
        people: vec![person("ada"), person("ben")],
        leave: Vec::new(),
        entries,
        check_ins: Vec::new(),
        feedback: Vec::new(),
    }
}

#[test]
fn an_entry_of_long_ago_that_was_recorded_since_is_news() {
    let (then, today) = (Some(day("2026-03-01")), day("2026-06-30"));
    let found = since(built_in(), &facts(vec![entry("e1", "2026-02-10", "2026-05-02")]), then, today);
    assert_eq!(found.news, [(day("2026-05-02"), "e1".into(), News::Published)]);
    assert_eq!((found.standing[0].was, found.standing[0].now), (Some(State::None), State::Lapsed));
    assert_eq!((found.standing[1].was, found.standing[1].now), (None, State::None));
}

#[test]
fn updates_answers_and_check_ins_are_news_the_latest_first_and_ones_own_are_not() {
    let mut old = entry("e1", "2026-02-10", "2026-02-12");
    old.updates = vec![day("2026-02-20"), day("2026-04-01"), day("2026-05-01")];
    let answer = |by, on, answer| Corroboration {
        by,
        on: day(on),
        answer,
        settled_on: None,
        origin: Origin::default(),
        superseded_on: None,
    };
    old.corroborations = vec![
        answer(PEER, "2026-02-28", CorroborationAnswer::Declined),
        answer(PEER, "2026-06-01", CorroborationAnswer::Confirmed),
        answer(CANDIDATE, "2026-06-02", CorroborationAnswer::Confirmed),
        answer(PEER, "2026-07-01", CorroborationAnswer::Differs),
    ];
    let mut facts = facts(vec![old]);
    for (kind, on) in [(CheckInKind::SelfAssessment, "2026-04-04"), (CheckInKind::Cto, "2026-05-05")] {
        facts.check_ins.push(CheckIn { kind, by: None, on: day(on), answers: vec![(0, Reply::Yes)] });
    }
    let found = since(built_in(), &facts, Some(day("2026-03-01")), day("2026-06-30"));
    assert_eq!(
        found.news,
        [
            (
                day("2026-06-01"),
                "e1".into(),
                News::Answered(PEER, CorroborationAnswer::Confirmed, Origin::default())
            ),
            (day("2026-05-01"), "e1".into(), News::Updated),
        ]
    );
    assert_eq!(found.check_in, Some(day("2026-04-04")));
}

#[test]
fn the_first_time_everything_stands_as_it_is_and_nothing_is_news() {
    let found =
        since(built_in(), &facts(vec![entry("e1", "2026-06-10", "2026-06-12")]), None, day("2026-06-30"));
    assert!(found.news.is_empty() && found.standing.iter().all(|standing| standing.was.is_none()));
    assert_eq!(found.standing[0].now, State::Emerging);
}
