//! Worked examples of rules 6 to 8: states, gaps, and what is to come.

use evident::framework::{AskedVoice, load};
use evident::readiness::{Gap, GapKind, State};
use serde_json::json;

use super::world::*;

#[test]
fn without_evidence_there_is_nothing_but_that_gap() {
    let none = World::new().capability(CROSS);
    assert_eq!(none.state, State::None);
    assert_eq!(none.gaps, [Gap::NoEvidence]);
    assert_eq!(none.criteria.missing.len(), 5);
    assert_eq!((none.last_day, none.lapses_on, none.sustained_on), (None, None, None));
}

#[test]
fn evidence_lapses_when_it_has_carried_its_days() {
    let world = World::new().entry(CROSS, &ago(120), json!({}));
    let before = world.capability(CROSS);
    assert_eq!(before.state, State::Emerging);
    assert_eq!(before.lapses_on.map(|d| d.to_string()), Some(ahead(1)));
    assert_eq!(world.state_on(CROSS, &ahead(1)), State::Lapsed);
    let lapsed = World::new().entry(CROSS, &ago(121), json!({})).capability(CROSS);
    assert_eq!((lapsed.state, lapsed.lapses_on), (State::Lapsed, None));
    assert_eq!(lapsed.gaps[0], Gap::Lapsed { since: ago(121).parse().expect("a date") });
}

#[test]
fn leave_puts_off_the_lapse() {
    let world = World::new()
        .entry(CROSS, &ago(100), json!({}))
        .with("leave", json!({"from": ahead(5), "to": ahead(54)}));
    assert_eq!(world.capability(CROSS).lapses_on.map(|d| d.to_string()), Some(ahead(71)));
    assert_eq!(world.state_on(CROSS, &ahead(70)), State::Emerging);
    assert_eq!(world.state_on(CROSS, &ahead(71)), State::Lapsed);
}

#[test]
fn a_claim_alone_is_developing_at_most() {
    let criteria =
        |i: usize| load::built_in().capability(CROSS).expect("a capability").criteria[i].id.clone();
    let claims = |names: &[String], from: u64| {
        World::new()
            .entry(CROSS, &ago(from), json!({"to": ago(1), "criteria": names}))
            .capability(CROSS)
            .state
    };
    let two = [criteria(0), criteria(1)];
    assert_eq!(claims(&two, 182), State::Developing, "183 days with today's are six months");
    assert_eq!(claims(&two, 181), State::Emerging);
    assert_eq!(claims(&two[..1], 182), State::Emerging);
    let years = (0..6).fold(World::new(), |world, i| {
        let names = [criteria(i % 5), criteria((i + 1) % 5)];
        world.entry(
            CROSS,
            &ago(150 * (i as u64 + 1)),
            json!({"to": ago(150 * i as u64 + 1), "criteria": names}),
        )
    });
    assert_eq!(years.capability(CROSS).state, State::Developing);
}

#[test]
fn sustained_needs_each_of_its_thresholds() {
    let sustained = steady(4, 137, &["piet", "cleo"]).capability(CROSS);
    assert_eq!(sustained.state, State::Sustained, "548 days before today, and today");
    assert!(sustained.gaps.is_empty());
    assert_eq!(sustained.sustained_on, None);

    let kinds = |world: World| world.capability(CROSS).gap_kinds().collect::<Vec<_>>();
    assert_eq!(kinds(steady(4, 136, &["piet", "cleo"])), [GapKind::Short]);
    assert_eq!(kinds(steady(3, 183, &["piet", "cleo"])), [GapKind::Few]);
    assert_eq!(kinds(steady(4, 137, &["piet"])), [GapKind::Unconfirmed]);
    assert_eq!(kinds(steady(4, 137, &["cleo", "xia"])), [GapKind::Unheard]);
    let narrow = steady(2, 183, &["piet"])
        .entry(CROSS, &ago(548), json!({"to": ago(366), "corroborations": [confirmed("pia", &ago(300))]}))
        .entry(CROSS, &ago(10), json!({}));
    assert_eq!(kinds(narrow), [GapKind::Narrow]);
}

#[test]
fn established_asks_for_more() {
    assert_eq!(steady(5, 147, &["piet", "cleo", "pia"]).capability(CROSS).state, State::Established);
    assert_eq!(steady(5, 147, &["piet", "cleo"]).capability(CROSS).state, State::Sustained);
    assert_eq!(steady(5, 140, &["piet", "cleo", "pia"]).capability(CROSS).state, State::Sustained);
}

#[test]
fn gaps_say_what_is_missing_in_their_order() {
    let entry = json!({
        "criteria": ["cross-domain-leadership/strategic-coherence"],
        "corroborations": [{"by": "piet", "on": ago(3), "answer": "differs"}],
        "assessments": [{"by": "cleo", "on": ago(2), "judgement": "not-yet", "reason": "…"}],
    });
    let ids: Vec<String> = load::built_in()
        .capability(CROSS)
        .expect("a capability")
        .criteria
        .iter()
        .map(|c| c.id.clone())
        .collect();
    let gaps = World::new().entry(CROSS, &ago(30), entry).capability(CROSS).gaps;
    // 31 days are shown, 548 are needed: 517 more, today's among the 31.
    let earliest = Some(ahead(517).parse().expect("a date"));
    assert_eq!(
        gaps,
        [
            Gap::Short { months: 1, needed: 18, earliest },
            Gap::Few { entries: 1, needed: 4 },
            Gap::Narrow { confirmed: 0, needed: 3, missing: ids },
            Gap::Unconfirmed { voices: 0, needed: 2 },
            Gap::Unheard { asks_for: AskedVoice::OtherDomain },
            Gap::DifferingAccount { entries: vec!["e1".to_owned()] },
            Gap::NotYet { entries: vec!["e1".to_owned()] },
        ]
    );
}

#[test]
fn what_is_open_stays_a_gap_of_sustained_evidence() {
    let world = steady(4, 137, &["piet", "cleo"]).entry(
        CROSS,
        &ago(5),
        json!({"assessments": [{"by": "cleo", "on": ago(2), "judgement": "not-yet", "reason": "…"}]}),
    );
    let readiness = world.capability(CROSS);
    assert_eq!(readiness.state, State::Sustained);
    assert_eq!(readiness.gaps, [Gap::NotYet { entries: vec!["e5".to_owned()] }]);
}

#[test]
fn the_forecast_takes_later_leave_into_account() {
    let earliest = |world: &World| world.capability(CROSS).sustained_on.map(|d| d.to_string());
    let one = || World::new().entry(CROSS, &ago(30), json!({}));
    assert_eq!(earliest(&one()), Some(ahead(517)));
    let leave = one().with("leave", json!({"from": ahead(100), "to": ahead(199)}));
    assert_eq!(earliest(&leave), Some(ahead(617)));
    let starts = one().with("leave", json!({"from": ahead(517), "to": ahead(600)}));
    assert_eq!(earliest(&starts), Some(ahead(517)), "the first day of a leave has all that was before it");
    // 517 days ahead in t are 1,500 on the calendar with 983 days of leave between, and 1,501 with one more.
    let to = |days: u64| one().with("leave", json!({"from": ahead(10), "to": ahead(9 + days)}));
    assert_eq!(earliest(&to(983)), Some(ahead(1500)));
    assert_eq!(earliest(&to(984)), None);
    assert!(matches!(
        gap(&to(984).capability(CROSS), GapKind::Short),
        Some(Gap::Short { earliest: None, .. })
    ));
}

#[test]
fn the_forecast_loses_what_leaves_the_window() {
    // Shown: 121 days that leave the window after 10 more days, and nothing since. 548 new days are needed.
    let world = World::new().entry(CROSS, &ago(720), json!({}));
    let lapsed = world.capability(CROSS);
    assert_eq!(lapsed.state, State::Lapsed);
    assert_eq!(lapsed.sustained_on.map(|d| d.to_string()), Some(ahead(547)));
}
