//! Worked examples of rules 1 to 5: which entries count, for which days, and what they say.

use evident::readiness::{Lens, State};
use serde_json::{Value, json};

use super::world::*;

fn voices(capability: &str, more: Value) -> Vec<String> {
    World::new().entry(capability, &ago(30), more).capability(capability).voices
}

#[test]
fn a_persons_latest_answer_stands() {
    let answers = |list: Value| voices(CROSS, json!({"corroborations": list}));
    let answer = |on: u64, answer: &str| json!({"by": "piet", "on": ago(on), "answer": answer});
    assert_eq!(answers(json!([answer(9, "declined"), answer(8, "confirmed")])), ["piet"]);
    assert_eq!(
        answers(json!([answer(8, "confirmed"), answer(9, "differs")])),
        ["piet"],
        "by date, not by place"
    );
    assert!(answers(json!([answer(9, "confirmed"), answer(8, "not-close-enough")])).is_empty());
    assert!(
        answers(json!([answer(8, "confirmed"), answer(8, "differs")])).is_empty(),
        "the later in the list"
    );
    assert_eq!(answers(json!([answer(8, "differs"), answer(8, "confirmed")])), ["piet"]);
    let later = json!({"by": "piet", "on": ahead(1), "answer": "differs"});
    assert_eq!(
        answers(json!([answer(8, "confirmed"), later])),
        ["piet"],
        "tomorrow's answer is not known yet"
    );
    assert_eq!(answers(json!([confirmed("piet", TODAY)])), ["piet"]);
    assert!(answers(json!([confirmed("piet", &ahead(1))])).is_empty());
}

#[test]
fn neither_the_candidate_nor_a_report_confirms() {
    assert!(voices(CROSS, json!({"corroborations": [confirmed("ada", &ago(1))]})).is_empty());
    assert!(voices(CROSS, json!({"corroborations": [confirmed("remy", &ago(1))]})).is_empty());
    assert_eq!(voices(DEVELOPING, json!({"corroborations": [confirmed("remy", &ago(1))]})), ["remy"]);
    assert!(voices(DEVELOPING, json!({"corroborations": [confirmed("ada", &ago(1))]})).is_empty());
}

#[test]
fn who_reports_is_asked_on_the_day_of_the_answer() {
    let entry = |on: u64| json!({"corroborations": [confirmed("remy", &ago(on))]});
    let moved = || World::new().level("remy", json!({"level": "E1", "from": ago(10), "reports_to": "cleo"}));
    assert!(moved().entry(CROSS, &ago(30), entry(11)).capability(CROSS).voices.is_empty());
    assert_eq!(moved().entry(CROSS, &ago(30), entry(10)).capability(CROSS).voices, ["remy"]);
    let claimed = json!({"level": "E1", "from": ago(20), "reports_to": "cleo", "by": "ada"});
    let world = World::new().level("remy", claimed).entry(CROSS, &ago(30), entry(10));
    assert!(
        world.capability(CROSS).voices.is_empty(),
        "what the candidate recorded of others counts nowhere"
    );
}

#[test]
fn only_final_entries_that_have_begun_count() {
    let state = |from: &str, status: &str| {
        World::new().entry(CROSS, from, json!({"status": status})).capability(CROSS).state
    };
    assert_eq!(state(TODAY, "final"), State::Emerging);
    assert_eq!(state(&ahead(1), "final"), State::None);
    assert_eq!(state(TODAY, "draft"), State::None);
    assert_eq!(state(TODAY, "withdrawn"), State::None);
}

#[test]
fn an_entry_for_the_cto_counts_once_a_cto_confirmed_it() {
    let entries = |world: World, answers: Value| {
        world
            .entry(CROSS, &ago(30), json!({"audience": "cto", "corroborations": answers}))
            .capability(CROSS)
            .entries
    };
    assert_eq!(entries(World::new(), json!([])), 0);
    assert_eq!(entries(World::new(), json!([confirmed("piet", &ago(5))])), 0);
    assert_eq!(entries(World::new(), json!([confirmed("cleo", &ago(5))])), 1);
    assert_eq!(entries(World::new(), json!([confirmed("xia", &ago(5))])), 0, "the CTO of another company");
    let gone = || World::new().level("cleo", json!({"level": "none", "from": ago(6)}));
    assert_eq!(entries(gone(), json!([confirmed("cleo", &ago(5))])), 0, "no CTO any more on that date");
    assert_eq!(entries(gone(), json!([confirmed("cleo", &ago(7))])), 1);
}

#[test]
fn through_the_lens_confirmed_only_confirmed_entries_count() {
    let world = World::new()
        .entry(CROSS, &ago(30), json!({"corroborations": [confirmed("remy", &ago(5))]}))
        .entry(CROSS, &ago(20), json!({"corroborations": [confirmed("piet", &ago(5))]}));
    assert_eq!(world.capability(CROSS).entries, 2);
    assert_eq!(capability(&world.on(TODAY, Lens::Confirmed), CROSS).entries, 1);
}

#[test]
fn an_entry_speaks_for_half_a_year_at_most() {
    let last_day = |more: Value| {
        World::new().entry(CROSS, &ago(400), more).capability(CROSS).last_day.map(|d| d.to_string())
    };
    assert_eq!(last_day(json!({})), Some(ago(400)));
    assert_eq!(last_day(json!({"to": ago(300)})), Some(ago(300)));
    assert_eq!(last_day(json!({"to": ago(10)})), Some(ago(400 - 182)));
    assert_eq!(last_day(json!({"ongoing": true})), Some(ago(400 - 182)));
    assert_eq!(last_day(json!({"updates": [{"on": ago(50), "text": "…"}]})), Some(ago(50)));
    assert_eq!(last_day(json!({"updates": [{"on": ahead(1), "text": "…"}]})), Some(ago(400)));
    let recent = World::new().entry(CROSS, &ago(20), json!({"to": ahead(20)}));
    assert_eq!(recent.capability(CROSS).last_day.map(|d| d.to_string()), Some(TODAY.to_owned()));
}

#[test]
fn months_are_the_union_of_spans_and_what_they_carry() {
    let months = |world: World| world.capability(CROSS).months;
    // One day and 120 more: 121 days are 3.97 months; one day longer makes 122, which are 4.008.
    assert_eq!(months(World::new().entry(CROSS, &ago(300), json!({}))), 3);
    assert_eq!(months(World::new().entry(CROSS, &ago(300), json!({"to": ago(299)}))), 4);
    // Up to today: 31 days.
    assert_eq!(months(World::new().entry(CROSS, &ago(30), json!({}))), 1);
    assert_eq!(months(World::new().entry(CROSS, &ago(29), json!({}))), 0);
    // Two entries at one time say no more than one.
    let twice = World::new().entry(CROSS, &ago(300), json!({})).entry(CROSS, &ago(300), json!({}));
    assert_eq!(months(twice), 3);
    // An update speaks for the 183 days up to it: from day 382 to day 80 before today, with what is carried.
    let update = json!({"updates": [{"on": ago(200), "text": "…"}]});
    assert_eq!(months(World::new().entry(CROSS, &ago(500), update)), (121 + 303) * 16 / 487);
}

#[test]
fn the_window_is_731_days_long() {
    let on = |days: u64| World::new().entry(CROSS, &ago(days), json!({})).capability(CROSS).entries;
    assert_eq!((on(730), on(731)), (1, 0));
    let full = (0..6).fold(World::new(), |world, i| {
        world.entry(CROSS, &ago(900 - i * 150), json!({"to": ago(751 - i * 150)}))
    });
    assert_eq!(full.capability(CROSS).months, 24);
}

#[test]
fn leave_vanishes_from_window_and_months() {
    let world = |leave: Value| {
        World::new()
            .entry(CROSS, &ago(800), json!({}))
            .entry(CROSS, &ago(300), json!({}))
            .with("leave", leave)
            .capability(CROSS)
    };
    // Without leave, only 51 days carried from the first entry are in the window.
    let none = world(json!({"from": ago(1500), "to": ago(1400)}));
    assert_eq!((none.entries, none.months, none.state), (1, (51 + 121) * 16 / 487, State::Lapsed));
    // A hundred days of leave: the entry of 800 days ago is back in the window, with what it carries.
    let leave = world(json!({"from": ago(280), "to": ago(181)}));
    assert_eq!((leave.entries, leave.months), (2, (121 + 121) * 16 / 487));
    let long = world(json!({"from": ago(299), "to": ago(120)}));
    assert_eq!(long.state, State::Emerging, "of 300 days since the last evidence, 120 were no leave");
}

#[test]
fn criteria_are_confirmed_by_a_voice_or_by_a_judgement() {
    let id = "cross-domain-leadership/strategic-coherence";
    let criteria = |more: Value| {
        let mut entry = more;
        entry["criteria"] = json!([id]);
        let all = World::new().entry(CROSS, &ago(30), entry).capability(CROSS).criteria;
        (all.confirmed.len(), all.claimed.len(), all.missing.len())
    };
    let judged = |by: &str, on: u64, judgement: &str| json!({"by": by, "on": ago(on), "judgement": judgement, "reason": "…"});
    assert_eq!(criteria(json!({})), (0, 1, 4));
    assert_eq!(criteria(json!({"corroborations": [confirmed("piet", &ago(2))]})), (1, 0, 4));
    assert_eq!(criteria(json!({"corroborations": [confirmed("remy", &ago(2))]})), (0, 1, 4));
    assert_eq!(criteria(json!({"assessments": [judged("cleo", 2, "meets")]})), (1, 0, 4));
    assert_eq!(criteria(json!({"assessments": [judged("ada", 2, "meets")]})), (0, 1, 4));
    assert_eq!(
        criteria(json!({"assessments": [judged("cleo", 1, "partly"), judged("cleo", 2, "meets")]})),
        (0, 1, 4)
    );
    assert_eq!(
        criteria(json!({"assessments": [judged("cleo", 2, "partly"), judged("cleo", 2, "meets")]})),
        (1, 0, 4)
    );
}

#[test]
fn each_capability_asks_for_its_voice() {
    let heard = |capability: &str, by: &str, more: Value| {
        let mut entry = more;
        entry["corroborations"] = json!([confirmed(by, &ago(2))]);
        World::new().entry(capability, &ago(30), entry).capability(capability).asked_voice.heard
    };
    assert!(heard(CROSS, "piet", json!({})));
    assert!(!heard(CROSS, "cleo", json!({})), "whose domain is not known");
    assert!(heard(PARTNERSHIP, "cleo", json!({})));
    assert!(!heard(PARTNERSHIP, "piet", json!({})));
    assert!(!heard(PARTNERSHIP, "xia", json!({})));
    let named = |who: &str| json!({"people": [{"person": who, "as": "developed"}]});
    assert!(heard(DEVELOPING, "remy", named("remy")));
    assert!(!heard(DEVELOPING, "remy", named("pia")));
    assert!(!heard(DEVELOPING, "remy", json!({"people": [{"person": "remy", "as": "peer"}]})));
    assert!(heard(EXTERNAL, "xia", json!({})));
    assert!(!heard(EXTERNAL, "piet", json!({})));
    assert!(heard(EXTERNAL, "piet", json!({"links": ["https://example.com/talk"]})));
}

#[test]
fn the_other_domain_is_other_on_the_day() {
    let heard = |world: World| {
        let entry = json!({"corroborations": [confirmed("piet", &ago(5))]});
        world.entry(CROSS, &ago(30), entry).capability(CROSS).asked_voice.heard
    };
    let joins = |from: u64| json!({"level": "E1", "from": ago(from), "domain": "Payments"});
    assert!(heard(World::new().level("piet", joins(4))));
    assert!(!heard(World::new().level("piet", joins(5))));
    assert!(
        !heard(World::new().level("ada", json!({"level": "E1", "from": ago(6)}))),
        "her own is not known"
    );
    let own = json!({"level": "E1", "from": ago(6), "domain": "Platform", "by": "ada"});
    assert!(!heard(World::new().level("ada", own)), "her own history counts whoever recorded it");
}

#[test]
fn a_differing_account_stands_until_settled() {
    let differing = |more: Value| {
        let gaps = World::new().entry(CROSS, &ago(30), more).capability(CROSS).gaps;
        gaps.iter().any(|g| g.kind() == evident::readiness::GapKind::DifferingAccount)
    };
    let account = |settled: Option<&str>| {
        let mut answer = json!({"by": "remy", "on": ago(9), "answer": "differs"});
        if let Some(on) = settled {
            answer["settled_on"] = json!(on);
        }
        json!({"corroborations": [answer]})
    };
    assert!(differing(account(None)), "a report's account counts too");
    assert!(!differing(account(Some(TODAY))));
    assert!(differing(account(Some(&ahead(1)))));
    let mut own = account(None);
    own["corroborations"][0]["by"] = json!("ada");
    assert!(!differing(own));
}

#[test]
fn prompt_is_within_sixty_days_of_the_end() {
    let prompt = |more: Value| {
        let prompt = World::new().entry(CROSS, &ago(200), more).capability(CROSS).promptly_recorded;
        (prompt.within, prompt.of)
    };
    assert_eq!(prompt(json!({})), (0, 0));
    assert_eq!(prompt(json!({"recorded_on": ago(140)})), (1, 1));
    assert_eq!(prompt(json!({"recorded_on": ago(139)})), (0, 1));
    assert_eq!(prompt(json!({"to": ago(199), "recorded_on": ago(139)})), (1, 1));
    assert_eq!(prompt(json!({"to": ago(100), "recorded_on": ago(200)})), (1, 1), "before its end is prompt");
}
