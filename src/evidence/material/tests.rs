//! Material edits at every boundary.

use chrono::{Days, NaiveDate};
use uuid::Uuid;

use super::{Reason, reasons};
use crate::evidence::{Audience, Content, Named, NamedAs, Update};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn confirmed() -> Content {
    Content {
        title: "One hiring plan instead of four".into(),
        from: Some(day("2026-03-01")),
        to: Some(day("2026-05-31")),
        situation: "Four domains hired alone".into(),
        action: "We planned as one".into(),
        impact: "Nine fewer".into(),
        capabilities: vec!["cross-domain-leadership".into()],
        criteria: vec!["cross-domain-leadership/strategic-coherence".into()],
        people: vec![Named { person: Uuid::from_u128(1), named_as: NamedAs::Peer }],
        ..Content::default()
    }
}

/// What an edit of what was confirmed changes materially.
fn by(edit: impl FnOnce(&mut Content)) -> Vec<Reason> {
    let mut after = confirmed();
    edit(&mut after);
    reasons(&confirmed(), &after)
}

#[test]
fn a_text_is_rewritten_once_over_half_of_its_words_are_others() {
    let title = |before: &str, after: &str| {
        let content = |title: &str| Content { title: title.into(), ..confirmed() };
        reasons(&content(before), &content(after)) == [Reason::Title]
    };
    assert!(!title("a b c d", "a b x y"), "half of them");
    assert!(title("a b c d", "a x y z"));
    assert!(!title("a b c d e", "a b c"), "two of five are gone");
    assert!(title("a b c d e", "a b"), "three of five are gone");
    assert!(!title("a b", "a b c d"), "half of the new one is new");
    assert!(title("a b", "a b c d e"), "over half of the new one is new");
    assert!(!title("One plan, not FOUR!", "four: not one plan"), "order, case and signs say nothing");
    assert!(title("plan plan plan", "plan x y"), "each word as often as it stands there");
    assert!(!title("—", "…"), "no words, none rewritten");
}

#[test]
fn the_narrative_is_one_text_of_four_fields() {
    assert_eq!(by(|c| c.impact = "Ten more".into()), [], "two words of ten");
    assert_eq!(by(|c| std::mem::swap(&mut c.situation, &mut c.action)), [], "told elsewhere");
    let rewrite = |c: &mut Content| {
        c.situation = "Nobody knew whom to ask".into();
        c.action = "I asked everybody".into();
    };
    assert_eq!(by(rewrite), [Reason::Narrative]);
    let told_first = |c: &Content| Content {
        situation: String::new(),
        action: String::new(),
        impact: String::new(),
        ..c.clone()
    };
    assert_eq!(
        reasons(&told_first(&confirmed()), &confirmed()),
        [Reason::Narrative],
        "nobody confirmed a word of it"
    );
    assert_eq!(
        reasons(&confirmed(), &told_first(&confirmed())),
        [Reason::Narrative],
        "nothing is left of it"
    );
}

#[test]
fn dates_may_move_by_a_month_and_ends_earlier() {
    let moved = |days: i64| {
        by(|c| {
            c.from = c.from.map(|from| from + chrono::TimeDelta::days(days));
        })
    };
    assert_eq!((moved(31), moved(-31)), (vec![], vec![]));
    assert_eq!((moved(32), moved(-32)), (vec![Reason::Beginning], vec![Reason::Beginning]));
    let end = |to: NaiveDate| by(|c| c.to = Some(to));
    assert_eq!(end(day("2026-05-31") + Days::new(31)), []);
    assert_eq!(end(day("2026-05-31") + Days::new(32)), [Reason::LaterEnd]);
    assert_eq!(end(day("2026-03-01")), [], "an earlier end");
    assert_eq!(by(|c| c.to = None), [], "one day is an earlier end");
    assert_eq!(by(|c| (c.to, c.ongoing) = (None, true)), [Reason::Opened]);
    let one_day = Content { to: None, ..confirmed() };
    let later = |days| Content { to: Some(day("2026-03-01") + Days::new(days)), ..confirmed() };
    assert_eq!(reasons(&one_day, &later(31)), []);
    assert_eq!(reasons(&one_day, &later(32)), [Reason::LaterEnd], "without an end it ended as it began");
    let ongoing = Content { to: None, ongoing: true, ..confirmed() };
    assert_eq!(reasons(&ongoing, &Content { to: Some(day("2026-11-29")), ..confirmed() }), []);
    assert_eq!(reasons(&ongoing, &ongoing), []);
}

#[test]
fn what_is_added_to_what_it_speaks_for_is_material_and_what_is_taken_away_is_not() {
    assert_eq!(by(|c| c.capabilities.push("external-presence".into())), [Reason::Capability]);
    assert_eq!(
        by(|c| c.criteria[0] = "cross-domain-leadership/company-first-allocation".into()),
        [Reason::Criterion]
    );
    assert_eq!(by(|c| c.criteria.clear()), []);
    let named = |as_what| {
        move |c: &mut Content| c.people.push(Named { person: Uuid::from_u128(2), named_as: as_what })
    };
    assert_eq!(by(named(NamedAs::Developed)), [Reason::Developed]);
    assert_eq!(by(named(NamedAs::Partner)), []);
    assert_eq!(by(|c| c.people[0].named_as = NamedAs::Developed), [Reason::Developed], "who was a peer");
    assert_eq!(by(|c| c.people.clear()), []);
}

#[test]
fn nothing_else_is_material() {
    let edit = |c: &mut Content| {
        c.updates = vec![Update { on: day("2026-09-01"), text: "It holds, and much more than that".into() }];
        c.links = vec!["https://example.com".into()];
        c.audience = Audience::Cto;
        c.for_cto = true;
        c.from_is_month = true;
        c.horizon_years = Some(3);
    };
    assert_eq!(by(edit), []);
    assert_eq!(
        by(|c| (c.title, c.ongoing, c.to) = ("Else".into(), true, None)),
        [Reason::Title, Reason::Opened]
    );
}
