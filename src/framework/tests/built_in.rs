//! The built-in guide held to the contract, word for word where the contract has words.

use crate::framework::load::{built_in, find};
use crate::framework::{ShareField, SignalRule, Thresholds, TrackRecordRule};

#[test]
fn built_in_has_the_ids_of_the_contract_in_its_order() {
    let guide = built_in();
    let mut of_capabilities = Vec::new();
    for capability in &guide.capabilities {
        let criteria: Vec<&str> =
            capability.criteria.iter().map(|c| c.id.strip_prefix(&*capability.id).unwrap()).collect();
        of_capabilities.push(format!(
            "{} {} {}: {}",
            capability.id,
            capability.carry_days,
            capability.asks_for,
            criteria.join(" ")
        ));
        assert_eq!(capability.development_actions.len(), 5, "{}", capability.id);
    }
    assert_eq!(
        of_capabilities,
        [
            "cross-domain-leadership 120 other-domain: /domains-work-together /lasting-conflict-resolution \
             /company-first-allocation /strategic-coherence /organizational-thinking",
            "cto-partnership 120 cto: /thought-partner /represents-cto /shapes-strategy /peer-to-executives \
             /deputizes-for-cto",
            "developing-e1s 150 developed: /directors-growing /delegates-decisions /next-level-opportunities \
             /succession-depth /directors-sought-after",
            "external-presence 183 external: /recognized-externally /attracts-talent-and-partners \
             /represents-company /thought-leadership /industry-relationships",
        ]
    );
    let questions: Vec<&str> = guide.questions.iter().map(|q| q.id.as_str()).collect();
    assert_eq!(
        questions,
        [
            "organizational-outcomes",
            "thought-partner",
            "developing-directors",
            "external-representation",
            "deputizing",
            "cross-domain-resolution"
        ]
    );
    let shifts: Vec<&str> = guide.shifts.iter().map(|shift| shift.id.as_str()).collect();
    assert_eq!(
        shifts,
        [
            "scope",
            "executive-role",
            "people-developed",
            "strategy-horizon",
            "presence",
            "accountability",
            "representation",
            "board"
        ]
    );
    assert_eq!(guide.timeline.reflects.len(), 5);
}

#[test]
fn built_in_has_the_levels_and_thresholds_of_the_contract() {
    let guide = built_in();
    assert_eq!(guide.id, "e1-to-e2");
    assert_eq!(guide.levels, ["M3", "E1", "E2", "CTO"]);
    assert_eq!((&*guide.from_level, &*guide.to_level), ("E1", "E2"));
    assert_eq!(guide.question, "Am I shaping how engineering as a whole succeeds?");
    assert_eq!(
        guide.thresholds,
        Thresholds {
            window_months: 24,
            sustained_months: 18,
            established_months: 24,
            entry_covers_days: 183,
            developing_months: 6,
            developing_criteria: 2,
            sustained_entries: 4,
            sustained_criteria: 3,
            sustained_voices: 2,
            established_entries: 5,
            established_criteria: 4,
            established_voices: 3,
            question_pause_days: 214,
            question_most: 4,
            feedback_max_age_days: 183,
            signal_window_months: 12,
            signal_min_entries: 3,
            prompt_days: 60,
        }
    );
}

#[test]
fn built_in_has_the_rules_of_the_contract() {
    let guide = built_in();
    let silent = |capability: &str, unmet: Option<&str>| SignalRule::Silent {
        capability: capability.into(),
        unmet: unmet.map(Into::into),
    };
    let share = |field, value: &str| SignalRule::Share { field, value: value.into() };
    let signals: Vec<(&str, SignalRule)> =
        guide.pitfalls.iter().map(|p| (p.id.as_str(), p.rule.clone().unwrap())).collect();
    assert_eq!(
        signals,
        [
            ("own-domain-focus", share(ShareField::Scope, "own-domain")),
            ("super-director", share(ShareField::Conduct, "personally")),
            ("neglected-external-presence", silent("external-presence", None)),
            ("no-cto-partnership", silent("cto-partnership", Some("cto-feedback"))),
            ("developing-m3s", SignalRule::BelowLevel { level: "E1".into() }),
        ]
    );
    let impact = |capability: &str| TrackRecordRule::Impact { capability: capability.into() };
    let record: Vec<(&str, TrackRecordRule)> =
        guide.track_record.iter().map(|item| (item.id.as_str(), item.rule.clone().unwrap())).collect();
    assert_eq!(
        record,
        [
            ("cross-domain-impact", impact("cross-domain-leadership")),
            ("directors-developed", TrackRecordRule::Developed { capability: "developing-e1s".into() }),
            ("cto-feedback", TrackRecordRule::Feedback {}),
            ("external-value", impact("external-presence")),
        ]
    );
}

#[test]
fn things_are_found_by_their_ids() {
    let guide = find("e1-to-e2").unwrap();
    assert!(find("e2-to-cto").is_none());
    assert_eq!(guide.capability("developing-e1s").unwrap().name, "Developing E1s");
    assert_eq!(guide.capability_index("developing-e1s"), Some(2));
    assert_eq!(guide.capability_index("developing-e2s"), None);
    let (capability, criterion) = guide.criterion("cto-partnership/shapes-strategy").unwrap();
    assert_eq!((&*capability.id, &*criterion.id), ("cto-partnership", "cto-partnership/shapes-strategy"));
    assert!(guide.criterion("shapes-strategy").is_none());
    assert!(guide.criterion("external-presence/shapes-strategy").is_none());
    let (capability, _) = guide.development_action("external-presence/plan-your-presence").unwrap();
    assert_eq!(capability.id, "external-presence");
    assert!(guide.question("deputizing").is_some());
    assert!(guide.question("deputising").is_none());
    assert_eq!(guide.level_rank("M3"), Some(0));
    assert_eq!(guide.level_rank("CTO"), Some(3));
    assert_eq!(guide.level_rank("none"), None);
}

#[test]
fn plain_text_has_every_sentence_of_the_guide_and_fits_a_terminal() {
    let guide = built_in();
    let text = guide.plain_text();
    assert!(text.lines().all(|line| line.chars().count() <= 92));
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for capability in &guide.capabilities {
        assert!(text.contains(&capability.summary), "{}", capability.id);
        for criterion in &capability.criteria {
            for part in [&criterion.text, &criterion.example, &criterion.counter_example] {
                assert!(text.contains(part.as_str()), "{}", criterion.id);
            }
        }
        for action in &capability.development_actions {
            assert!(text.contains(&action.text), "{}", action.id);
        }
    }
    let others = guide.pitfalls.iter().map(|pitfall| &pitfall.text);
    let others = others.chain(guide.track_record.iter().map(|item| &item.text));
    let others = others.chain(guide.questions.iter().map(|question| &question.text));
    let others = others.chain(guide.shifts.iter().flat_map(|shift| [&shift.from, &shift.to]));
    for sentence in others.chain(&guide.timeline.reflects).chain([&guide.question, &guide.timeline.last_word])
    {
        assert!(text.contains(sentence.as_str()), "{sentence}");
    }
}
