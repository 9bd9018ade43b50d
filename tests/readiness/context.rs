//! Worked examples of what stands around the capabilities: questions, track record, signals, and the whole.

use evident::readiness::{Lens, QuestionReadiness};
use evident::review::Reply;
use serde_json::{Value, json};

use super::world::*;

fn question(world: &World, id: &str) -> QuestionReadiness {
    world.assess().questions.into_iter().find(|q| q.question == id).expect("a question")
}

fn check_in(kind: &str, on: &str, reply: &str) -> Value {
    let by = if kind == "self" { "ada" } else { "cleo" };
    json!({"kind": kind, "by": by, "on": on, "answers": {"deputizing": reply}})
}

fn answered(replies: &[(u64, &str)]) -> QuestionReadiness {
    let world = replies
        .iter()
        .fold(World::new(), |world, (on, reply)| world.with("check_ins", check_in("self", &ago(*on), reply)));
    question(&world, "deputizing")
}

#[test]
fn consistent_is_eighteen_months_of_yes() {
    let steady = |first: u64| {
        let mut replies: Vec<(u64, &str)> = (0..=3).map(|i| (i * 137, "yes")).collect();
        replies.push((first, "yes"));
        answered(&replies)
    };
    assert_eq!((steady(548).own.months, steady(548).consistent), (18, true));
    assert_eq!((steady(547).own.months, steady(547).consistent), (17, false));
}

#[test]
fn the_tail_ends_at_a_not_yet_or_a_long_pause() {
    let months = |replies: &[(u64, &str)]| answered(replies).own.months;
    assert_eq!(months(&[(100, "yes"), (0, "yes")]), 3);
    assert_eq!(months(&[(200, "yes"), (100, "partly"), (0, "yes")]), 6, "partly keeps it together");
    assert_eq!(months(&[(200, "yes"), (100, "not-yet"), (0, "yes")]), 0);
    assert_eq!(months(&[(214, "yes"), (0, "yes")]), 7);
    assert_eq!(months(&[(215, "yes"), (0, "yes")]), 0);
    assert_eq!(months(&[(314, "yes"), (214, "yes")]), 3, "the latest is within the pause of today");
    assert_eq!(months(&[(315, "yes"), (215, "yes")]), 0);
    assert_eq!(months(&[(100, "partly"), (0, "partly")]), 0);
    let leave = World::new()
        .with("check_ins", check_in("self", &ago(264), "yes"))
        .with("check_ins", check_in("self", TODAY, "yes"))
        .with("leave", json!({"from": ago(150), "to": ago(101)}));
    assert_eq!(question(&leave, "deputizing").own.months, 7, "leave is no pause, and no month");
}

#[test]
fn of_one_date_the_later_check_in_stands_alone() {
    assert_eq!(answered(&[(0, "not-yet"), (0, "yes")]).own.latest, Some(Reply::Yes));
    assert_eq!(answered(&[(100, "yes"), (50, "not-yet"), (50, "yes"), (0, "yes")]).own.months, 3);
    let other = json!({"kind": "self", "by": "ada", "on": TODAY, "answers": {"thought-partner": "yes"}});
    let world = World::new().with("check_ins", check_in("self", TODAY, "partly")).with("check_ins", other);
    assert_eq!(
        question(&world, "deputizing").own.latest,
        Some(Reply::Partly),
        "the later one does not answer it"
    );
}

#[test]
fn diverging_is_when_both_answered_and_differ() {
    let both = |own: &str, cto: &str| {
        let world = World::new()
            .with("check_ins", check_in("self", &ago(3), own))
            .with("check_ins", check_in("cto", &ago(300), cto));
        question(&world, "deputizing").diverging
    };
    assert!(both("yes", "partly"));
    assert!(!both("yes", "yes"));
    assert!(!answered(&[(0, "yes")]).diverging);
}

fn met(world: &World, item: &str) -> Option<bool> {
    world.assess().track_record.into_iter().find(|i| i.item == item).expect("an item").met
}

#[test]
fn an_impact_counts_from_developing_on() {
    let criteria = json!([
        "cross-domain-leadership/strategic-coherence",
        "cross-domain-leadership/organizational-thinking"
    ]);
    let world = |from: u64, impact: &str| {
        let entry = json!({"to": TODAY, "criteria": criteria, "impact": impact});
        World::new().entry(CROSS, &ago(from), entry)
    };
    assert_eq!(met(&world(182, "Saved a quarter"), "cross-domain-impact"), Some(true));
    assert_eq!(met(&world(182, " \n"), "cross-domain-impact"), Some(false));
    assert_eq!(met(&world(100, "Saved a month"), "cross-domain-impact"), Some(false));
}

#[test]
fn developing_somebody_shows_in_what_they_became() {
    let world = |named: Value| World::new().entry(DEVELOPING, &ago(100), json!({"people": [named]}));
    let agreed = |who: &str| json!({"person": who, "as": "developed", "answer": "agreed"});
    let directors = |world: World| met(&world, "directors-developed");
    let rise = |on: u64| json!({"level": "E2", "from": ago(on)});
    assert_eq!(directors(world(agreed("remy"))), Some(false));
    assert_eq!(directors(world(agreed("remy")).level("remy", rise(99))), Some(true));
    assert_eq!(
        directors(world(agreed("remy")).level("remy", rise(100))),
        Some(false),
        "after the entry's from"
    );
    let own = json!({"level": "E2", "from": ago(50), "by": "ada"});
    assert_eq!(directors(world(agreed("remy")).level("remy", own)), Some(false));
    assert_eq!(directors(world(agreed("ada")).level("ada", rise(50))), Some(false));
    let sideways = json!({"level": "E1", "from": ago(50), "domain": "Ledger"});
    assert_eq!(directors(world(agreed("remy")).level("remy", sideways)), Some(false));
    let left = json!({"level": "none", "from": ago(50)});
    assert_eq!(directors(world(agreed("remy")).level("remy", left)), Some(false));
    let junior = json!({"level": "M3", "from": ago(200)});
    let from_m3 =
        world(agreed("remy")).level("remy", junior).level("remy", json!({"level": "E1", "from": ago(50)}));
    assert_eq!(directors(from_m3), Some(false), "was below from_level");
    let differs = json!({"person": "remy", "as": "developed", "answer": "differs"});
    assert_eq!(directors(world(differs).level("remy", rise(50))), Some(false));
    let milestone = |by: &str| json!({"on": TODAY, "what": "Ran the board review", "by": by});
    assert_eq!(directors(world(agreed("remy")).milestone("remy", milestone("cleo"))), Some(true));
    assert_eq!(directors(world(agreed("remy")).milestone("remy", milestone("ada"))), Some(false));
}

#[test]
fn feedback_is_a_ctos_and_half_a_year_old_at_most() {
    let feedback = |by: &str, on: &str| {
        met(&World::new().with("feedback", json!({"by": by, "on": on, "text": "…"})), "cto-feedback")
    };
    assert_eq!(feedback("cleo", &ago(183)), Some(true));
    assert_eq!(feedback("cleo", &ago(184)), Some(false));
    assert_eq!(feedback("cleo", &ahead(1)), Some(false));
    assert_eq!(feedback("piet", TODAY), Some(false));
    assert_eq!(feedback("xia", TODAY), Some(false));
    let risen = World::new().level("ada", json!({"level": "CTO", "from": ago(9)}));
    let own = risen.with("feedback", json!({"by": "ada", "on": TODAY, "text": "…"}));
    assert_eq!(met(&own, "cto-feedback"), Some(false), "the candidate's own feedback counts nowhere");
}

fn signal(world: &World, pitfall: &str) -> (Option<bool>, Option<u32>, Option<u32>) {
    let signal = world.assess().signals.into_iter().find(|s| s.pitfall == pitfall).expect("a pitfall");
    (signal.signal, signal.matching, signal.of)
}

#[test]
fn a_share_is_more_than_half_of_those_that_say() {
    let scopes = |scopes: &[&str]| {
        let world = scopes
            .iter()
            .fold(World::new(), |world, scope| world.entry(CROSS, &ago(30), json!({"scope": scope})))
            .entry(CROSS, &ago(30), json!({}));
        signal(&world, "own-domain-focus")
    };
    assert_eq!(scopes(&["own-domain", "own-domain", "company"]), (Some(true), Some(2), Some(3)));
    assert_eq!(scopes(&["own-domain", "own-domain", "company", "external"]), (Some(false), Some(2), Some(4)));
    assert_eq!(scopes(&["own-domain", "own-domain"]), (None, Some(2), Some(2)), "too few to say");
}

#[test]
fn signals_look_at_distinct_entries_of_the_last_year() {
    let entry = |from: u64| {
        let both = json!({"conduct": "personally", "capabilities": [CROSS, PARTNERSHIP]});
        signal(&World::new().entry(CROSS, &ago(from), both), "super-director").2
    };
    assert_eq!(entry(365), Some(1));
    assert_eq!(entry(366), Some(0));
}

#[test]
fn developing_m3s_alone_is_a_signal() {
    let level = |level: &str| json!({"level": level, "from": ago(500)});
    let named = |world: World, who: &str| {
        world.entry(DEVELOPING, &ago(30), json!({"people": [{"person": who, "as": "developed"}]}))
    };
    let of = |world: World| signal(&world, "developing-m3s").0;
    assert_eq!(of(World::new()), None);
    assert_eq!(of(named(World::new(), "remy")), Some(false));
    let junior = || named(World::new().level("remy", level("M3")), "remy");
    assert_eq!(of(junior()), Some(true));
    assert_eq!(of(named(junior(), "pia")), Some(false));
    assert_eq!(
        of(named(World::new().level("remy", level("none")), "remy")),
        None,
        "an unknown level is no pair"
    );
}

#[test]
fn silence_is_a_signal() {
    let present = || World::new().entry(PARTNERSHIP, &ago(30), json!({}));
    assert_eq!(signal(&World::new(), "neglected-external-presence").0, Some(true));
    assert_eq!(
        signal(&World::new().entry(EXTERNAL, &ago(183), json!({})), "neglected-external-presence").0,
        Some(false)
    );
    assert_eq!(
        signal(&World::new().entry(EXTERNAL, &ago(184), json!({})), "neglected-external-presence").0,
        Some(true)
    );
    assert_eq!(signal(&present(), "no-cto-partnership").0, Some(true), "without feedback by a CTO");
    let feedback = json!({"by": "cleo", "on": TODAY, "text": "…"});
    assert_eq!(signal(&present().with("feedback", feedback), "no-cto-partnership").0, Some(false));
    let confirmed_lens = present().on(TODAY, Lens::Confirmed);
    assert_eq!(capability(&confirmed_lens, PARTNERSHIP).entries, 0);
    assert_eq!(confirmed_lens.signals, present().assess().signals, "signals look through lens all");
}

#[test]
fn months_at_level_run_from_the_latest_level_entry() {
    assert_eq!(World::new().assess().months_at_level, Some(53));
    assert_eq!(World::new().on("2022-01-09", Lens::All).months_at_level, None);
    let moved = World::new().level("ada", json!({"level": "E1", "from": ago(31), "by": "ada"}));
    assert_eq!(moved.assess().months_at_level, Some(1));
}
