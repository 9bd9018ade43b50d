//! Worked examples of rule 1's standing answers, and of what a material edit superseded.

use evident::readiness::{GapKind, Lens};
use serde_json::{Value, json};

use super::world::*;

/// An answer of a person, so many days ago, and how it came.
fn answer(by: &str, on: u64, said: &str, more: &Value) -> Value {
    let mut answer = json!({"by": by, "on": ago(on), "answer": said});
    for (key, value) in more.as_object().expect("fields") {
        answer[key] = value.clone();
    }
    answer
}

fn vouched(by: &str, on: &str) -> Value {
    json!({"via": "link", "vouched": {"by": by, "on": on}})
}

fn world(answers: &Value) -> World {
    World::new().entry(CROSS, &ago(60), json!({"corroborations": answers}))
}

fn voices(answers: &Value) -> Vec<String> {
    world(answers).capability(CROSS).voices
}

#[test]
fn what_came_by_mail_or_link_counts_once_vouched_for() {
    for via in ["mail", "link"] {
        let came = |more: Value| {
            let mut more = more;
            more["via"] = json!(via);
            voices(&json!([answer("piet", 20, "confirmed", &more)]))
        };
        assert!(came(json!({})).is_empty(), "{via}: nobody has vouched for it");
        assert_eq!(came(json!({"vouched": {"by": "cleo", "on": TODAY}})), ["piet"]);
        assert!(came(json!({"vouched": {"by": "cleo", "on": ahead(1)}})).is_empty(), "{via}: tomorrow");
        assert!(came(json!({"vouched": {"by": "ada", "on": ago(5)}})).is_empty(), "{via}: by the candidate");
    }
    assert_eq!(voices(&json!([answer("piet", 20, "confirmed", &json!({"via": "account"}))])), ["piet"]);
    let beside = json!({"vouched": {"by": "ada", "on": ahead(9)}});
    assert_eq!(
        voices(&json!([answer("piet", 20, "confirmed", &beside)])),
        ["piet"],
        "read, and changes nothing"
    );
}

#[test]
fn it_counts_from_the_day_of_vouching_on() {
    let world = world(&json!([answer("piet", 20, "confirmed", &vouched("cleo", &ago(5)))]));
    let on = |day: &str| capability(&world.on(day, Lens::Confirmed), CROSS);
    assert_eq!(on(&ago(6)).entries, 0, "not through the lens of confirmed evidence yet");
    assert_eq!((on(&ago(5)).entries, on(&ago(5)).voices), (1, vec!["piet".to_owned()]));
}

#[test]
fn the_latest_of_the_standing_answers_decides() {
    let link = json!({"via": "link"});
    let earlier = answer("piet", 20, "confirmed", &json!({}));
    assert_eq!(voices(&json!([earlier, answer("piet", 10, "differs", &link)])), ["piet"]);
    assert!(voices(&json!([earlier, answer("piet", 10, "differs", &vouched("cleo", &ago(9)))])).is_empty());
    assert!(
        voices(&json!([answer("piet", 20, "declined", &json!({})), answer("piet", 10, "confirmed", &link)]))
            .is_empty()
    );
    // Ordered by the day of the answer, whenever somebody vouched for it.
    let late = answer("piet", 20, "differs", &vouched("cleo", TODAY));
    assert_eq!(voices(&json!([late, answer("piet", 10, "confirmed", &json!({}))])), ["piet"]);
}

#[test]
fn an_account_that_differs_stands_in_the_way_once_it_stands() {
    let differs = |more: &Value| {
        let gaps = world(&json!([answer("piet", 20, "differs", more)])).capability(CROSS).gaps;
        gaps.iter().any(|gap| gap.kind() == GapKind::DifferingAccount)
    };
    assert!(differs(&json!({})));
    assert!(!differs(&json!({"via": "mail"})));
    assert!(differs(&vouched("cleo", &ago(1))));
    assert!(!differs(&vouched("ada", &ago(1))));
}

#[test]
fn an_entry_for_ctos_counts_once_a_ctos_word_stands() {
    let entries = |more: &Value| {
        let entry = json!({"audience": "cto", "corroborations": [answer("cleo", 20, "confirmed", more)]});
        World::new().entry(CROSS, &ago(60), entry).capability(CROSS).entries
    };
    assert_eq!(entries(&json!({})), 1);
    assert_eq!(entries(&json!({"via": "link"})), 0);
    assert_eq!(entries(&vouched("pia", &ago(20))), 1);
    assert_eq!(entries(&json!({"superseded_on": ago(3)})), 0);
}

#[test]
fn what_was_superseded_confirms_nothing_from_that_day_on() {
    let superseded = |on: &str| json!({"superseded_on": on});
    assert_eq!(voices(&json!([answer("piet", 20, "confirmed", &superseded(&ahead(1)))])), ["piet"]);
    assert!(voices(&json!([answer("piet", 20, "confirmed", &superseded(TODAY))])).is_empty());
    assert!(
        voices(&json!([answer("piet", 20, "confirmed", &superseded(&ago(20)))])).is_empty(),
        "on its own day"
    );
    let again = json!([
        answer("piet", 20, "confirmed", &superseded(&ago(10))),
        answer("piet", 5, "confirmed", &json!({})),
    ]);
    assert_eq!(voices(&again), ["piet"]);
    // An earlier confirmation is no longer their word, superseded or not.
    let earlier = json!([
        answer("piet", 20, "confirmed", &json!({})),
        answer("piet", 10, "confirmed", &superseded(&ago(5))),
    ]);
    assert!(voices(&earlier).is_empty());
    let differs =
        world(&json!([answer("piet", 20, "differs", &superseded(&ago(10)))])).capability(CROSS).gaps;
    assert!(
        differs.iter().any(|gap| gap.kind() == GapKind::DifferingAccount),
        "only confirmations are superseded"
    );
}

#[test]
fn a_judgement_that_was_superseded_confirms_no_criterion() {
    let id = "cross-domain-leadership/strategic-coherence";
    let judged = |on: u64, judgement: &str, more: &Value| {
        let mut judged = json!({"by": "cleo", "on": ago(on), "judgement": judgement, "reason": "…"});
        for (key, value) in more.as_object().expect("fields") {
            judged[key] = value.clone();
        }
        judged
    };
    let found = |assessments: Value| {
        let entry = json!({"criteria": [id], "assessments": assessments});
        World::new().entry(CROSS, &ago(60), entry).capability(CROSS)
    };
    let confirmed = |assessments: Value| found(assessments).criteria.confirmed.len();
    assert_eq!(confirmed(json!([judged(20, "meets", &json!({}))])), 1);
    assert_eq!(confirmed(json!([judged(20, "meets", &json!({"superseded_on": TODAY}))])), 0);
    assert_eq!(confirmed(json!([judged(20, "meets", &json!({"superseded_on": ahead(1)}))])), 1);
    // The latest judgement decides still: what came before it is not the CTO's word any more.
    let both =
        json!([judged(30, "meets", &json!({})), judged(20, "meets", &json!({"superseded_on": ago(9)}))]);
    assert_eq!(confirmed(both), 0);
    let not_yet = found(json!([judged(20, "not-yet", &json!({"superseded_on": ago(9)}))]));
    assert!(not_yet.gaps.iter().any(|gap| gap.kind() == GapKind::NotYet), "only `meets` is superseded");
}

#[test]
fn somebody_developed_has_agreed_once_their_answer_stands() {
    let directors = |more: &Value| {
        let mut named = json!({"person": "remy", "as": "developed", "answer": "agreed"});
        for (key, value) in more.as_object().expect("fields") {
            named[key] = value.clone();
        }
        let world = World::new()
            .entry(DEVELOPING, &ago(100), json!({"people": [named]}))
            .level("remy", json!({"level": "E2", "from": ago(50)}));
        let met = world.assess().track_record.into_iter().find(|item| item.item == "directors-developed");
        met.expect("an item").met
    };
    assert_eq!(directors(&json!({})), Some(true));
    assert_eq!(directors(&json!({"via": "link"})), Some(false));
    assert_eq!(directors(&vouched("cleo", TODAY)), Some(true));
    assert_eq!(directors(&vouched("cleo", &ahead(1))), Some(false));
    assert_eq!(directors(&vouched("ada", &ago(1))), Some(false));
}
