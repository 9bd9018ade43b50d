//! The built-in guide held to the contract, and every kind of fault that a file can have.

use super::load::{MAX_BYTES, built_in, check, find};
use super::*;

const BUILT_IN: &str = include_str!("e1-to-e2.toml");

/// The built-in file with one passage replaced, which must be there; and the faults found in it, a line each.
fn faults_after(old: &str, new: &str) -> Vec<String> {
    assert!(BUILT_IN.contains(old), "{old:?} is not in the built-in file");
    faults_of(&BUILT_IN.replacen(old, new, 1))
}

fn faults_of(text: &str) -> Vec<String> {
    check(text).expect_err("has a fault").iter().map(ToString::to_string).collect()
}

#[track_caller]
fn assert_fault(old: &str, new: &str, expected: &str) {
    assert_eq!(faults_after(old, new), [expected]);
}

#[test]
fn built_in_has_the_ids_of_the_contract_in_its_order() {
    let guide = built_in();
    let mut of_capabilities = String::new();
    for capability in &guide.capabilities {
        let criteria: Vec<&str> =
            capability.criteria.iter().map(|c| c.id.strip_prefix(&*capability.id).unwrap()).collect();
        of_capabilities += &format!(
            "{} {} {}: {}\n",
            capability.id,
            capability.carry_days,
            capability.asks_for,
            criteria.join(" ")
        );
        assert_eq!(capability.development_actions.len(), 5, "{}", capability.id);
    }
    assert_eq!(
        of_capabilities,
        "\
cross-domain-leadership 120 other-domain: /domains-work-together /lasting-conflict-resolution \
/company-first-allocation /strategic-coherence /organizational-thinking
cto-partnership 120 cto: /thought-partner /represents-cto /shapes-strategy /peer-to-executives /deputizes-for-cto
developing-e1s 150 developed: /directors-growing /delegates-decisions /next-level-opportunities \
/succession-depth /directors-sought-after
external-presence 183 external: /recognized-externally /attracts-talent-and-partners /represents-company \
/thought-leadership /industry-relationships
"
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
            question_pause_days: 150,
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

#[test]
fn broken_toml_is_a_fault_with_line_and_column() {
    let faults = faults_of("id = \"a\"\nversion = = 1\n");
    assert_eq!(faults.len(), 1);
    assert!(faults[0].starts_with("line 2, column 11: is not TOML: "), "{faults:?}");
    let twice = faults_of("id = \"a\"\nid = \"b\"\n");
    assert!(twice[0].starts_with("line 2, column 1: is not TOML: "), "{twice:?}");
}

#[test]
fn another_shape_is_a_fault_with_its_path() {
    assert_fault(
        "carry_days = 150",
        "carry_days = \"long\"",
        "capabilities[2].carry_days: invalid type: string \"long\", expected a whole number",
    );
    assert_fault(
        "prompt_days = 60",
        "prompt_days = -1",
        "thresholds.prompt_days: invalid value: integer `-1`, expected a whole number",
    );
    assert_fault(
        "question = \"Am I",
        "motto = \"Am I",
        "motto: unknown field `motto`, expected one of `id`, `version`, `name`, `levels`, `from_level`, `to_level`, `question`, `thresholds`, `capabilities`, `shifts`, `pitfalls`, `track_record`, `questions`, `timeline`",
    );
    assert_fault("version = 1\n", "", "missing field `version`");
}

#[test]
fn a_rule_of_no_known_kind_is_a_fault_with_its_path() {
    let faults = faults_after("kind = \"below-level\"", "kind = \"beneath\"");
    assert!(faults[0].starts_with("pitfalls[4].rule: unknown variant `beneath`"), "{faults:?}");
}

#[test]
fn a_file_beyond_a_mebibyte_is_refused() {
    let longest = format!("{BUILT_IN}#{}", "-".repeat(MAX_BYTES - BUILT_IN.len() - 1));
    assert!(check(&longest).is_ok());
    assert_eq!(
        faults_of(&(longest + "-")),
        ["the file is larger than 1 MiB, which is more than any framework needs"]
    );
}

#[test]
fn malformed_ids_are_faults() {
    for id in ["", "E1", "a_b", "a--b", "-a", "a-", "1a", "ä", "a/b", &"a".repeat(65)] {
        let faults = faults_after("id = \"deputizing\"", &format!("id = \"{id}\""));
        assert_eq!(faults.len(), 1, "{id:?}");
        assert!(faults[0].starts_with(&format!("questions[4].id: {id:?} is not an id: write")), "{faults:?}");
    }
    for (old, place) in [
        ("id = \"e1-to-e2\"", "id"),
        ("id = \"scope\"", "shifts[0].id"),
        ("id = \"super-director\"", "pitfalls[1].id"),
        ("id = \"external-value\"", "track_record[3].id"),
        ("id = \"cto-partnership/shapes-strategy\"", "capabilities[1].criteria[2].id"),
        ("id = \"cto-partnership/think-at-cto-scope\"", "capabilities[1].development_actions[4].id"),
    ] {
        let faults = faults_after(old, "id = \"So so\"");
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with(&format!("{place}: \"So so\" is not an id")), "{faults:?}");
    }
}

#[test]
fn repeated_ids_are_faults() {
    assert_fault(
        "id = \"deputizing\"",
        "id = \"thought-partner\"",
        "questions[4].id: repeats \"thought-partner\", the id of questions[1]",
    );
    assert_fault("id = \"board\"", "id = \"scope\"", "shifts[7].id: repeats \"scope\", the id of shifts[0]");
    assert_fault(
        "cto-partnership/shapes-strategy",
        "cto-partnership/thought-partner",
        "capabilities[1].criteria[2].id: repeats \"cto-partnership/thought-partner\", the id of capabilities[1].criteria[0]",
    );
    assert_fault(
        "cto-partnership/think-at-cto-scope",
        "cto-partnership/thought-partner",
        "capabilities[1].development_actions[4].id: repeats \"cto-partnership/thought-partner\", the id of capabilities[1].criteria[0]",
    );
    let renamed = faults_after("id = \"external-presence\"", "id = \"cto-partnership\"");
    assert!(
        renamed
            .contains(&"capabilities[3].id: repeats \"cto-partnership\", the id of capabilities[1]".into())
    );
}

#[test]
fn ids_that_stand_in_another_capability_are_faults() {
    assert_fault(
        "cto-partnership/shapes-strategy",
        "developing-e1s/shapes-strategy",
        "capabilities[1].criteria[2].id: \"developing-e1s/shapes-strategy\" stands in \"cto-partnership\", so its id must begin with that and a slash",
    );
    assert_fault(
        "developing-e1s/open-doors",
        "external-presence/open-doors",
        "capabilities[2].development_actions[2].id: \"external-presence/open-doors\" stands in \"developing-e1s\", so its id must begin with that and a slash",
    );
}

#[test]
fn levels_that_contradict_are_faults() {
    assert_fault("from_level = \"E1\"", "from_level = \"E0\"", "from_level: \"E0\" is not one of the levels");
    assert_fault("to_level = \"E2\"", "to_level = \"E9\"", "to_level: \"E9\" is not one of the levels");
    for to in ["M3", "E1"] {
        assert_fault(
            "to_level = \"E2\"",
            &format!("to_level = \"{to}\""),
            &format!("to_level: \"{to}\" is not above \"E1\", the level that the guide leads from"),
        );
    }
    assert_fault("\"E2\", \"CTO\"]", "\"E2\", \"E2\"]", "levels[3]: \"E2\" is listed already");
    assert_fault("\"E2\", \"CTO\"]", "\"E2\", \" \"]", "levels[3]: is blank");
    for none in ["none", "None"] {
        assert_fault(
            "\"E2\", \"CTO\"]",
            &format!("\"E2\", \"{none}\"]"),
            &format!("levels[3]: {none:?} is not for a level: it says that somebody has left"),
        );
    }
}

#[test]
fn thresholds_of_zero_are_faults_where_they_would_ask_for_nothing() {
    for line in BUILT_IN.lines().skip_while(|line| *line != "[thresholds]").skip(1).take(18) {
        let (name, _) = line.split_once(" = ").unwrap();
        let text = BUILT_IN.replacen(&format!("\n{line}\n"), &format!("\n{name} = 0\n"), 1);
        let expected = format!("thresholds.{name}: is 0, which would ask for nothing; it must be at least 1");
        match name {
            "developing_months" | "developing_criteria" | "question_most" | "prompt_days" => {
                assert!(check(&text).is_ok(), "{name}");
            }
            _ => assert!(faults_of(&text).contains(&expected), "{name}"),
        }
    }
}

#[test]
fn thresholds_that_contradict_are_faults() {
    for (old, new, expected) in [
        (
            "developing_months = 6",
            "developing_months = 19",
            "developing_months: is 19, more than sustained_months (18)",
        ),
        (
            "established_months = 24",
            "established_months = 17",
            "sustained_months: is 18, more than established_months (17)",
        ),
        (
            "established_months = 24",
            "established_months = 25",
            "established_months: is 25, more than window_months (24)",
        ),
        (
            "developing_criteria = 2",
            "developing_criteria = 4",
            "developing_criteria: is 4, more than sustained_criteria (3)",
        ),
        (
            "established_criteria = 4",
            "established_criteria = 2",
            "sustained_criteria: is 3, more than established_criteria (2)",
        ),
        (
            "established_entries = 5",
            "established_entries = 3",
            "sustained_entries: is 4, more than established_entries (3)",
        ),
        (
            "established_voices = 3",
            "established_voices = 1",
            "sustained_voices: is 2, more than established_voices (1)",
        ),
        (
            "question_most = 4",
            "question_most = 7",
            "question_most: is 7, more than the number of questions (6)",
        ),
        ("prompt_days = 60", "prompt_days = 18301", "prompt_days: is 18301, more than fifty years (18300)"),
    ] {
        assert_fault(old, new, &format!("thresholds.{expected}"));
    }
    assert_eq!(
        faults_after("\nwindow_months = 24", "\nwindow_months = 17"),
        [
            "thresholds.established_months: is 24, more than window_months (17)",
            "thresholds.sustained_months: is 18, more than window_months (17)"
        ]
    );
    assert_fault(
        "carry_days = 183",
        "carry_days = 20000",
        "capabilities[3].carry_days: is 20000, more than fifty years (18300)",
    );
}

#[test]
fn a_capability_with_fewer_criteria_than_a_threshold_is_a_fault() {
    let faults = faults_after("established_criteria = 4", "established_criteria = 6");
    assert_eq!(faults.len(), 4);
    assert_eq!(
        faults[0],
        "capabilities[0].criteria: has 5, fewer than thresholds.established_criteria asks for (6)"
    );
}

#[test]
fn blank_and_unprintable_texts_are_faults() {
    let built_in = toml::to_string(built_in()).unwrap();
    let mut texts = 0;
    for line in built_in.lines() {
        let Some((name, value)) = line.split_once(" = ") else { continue };
        let prose = [
            "name",
            "summary",
            "text",
            "example",
            "counter_example",
            "question",
            "from",
            "to",
            "demonstration",
            "typical_at_level",
            "last_word",
        ];
        if !prose.contains(&name) {
            continue;
        }
        texts += 1;
        for (blank, what) in [("\" \"", "is blank"), ("\"a\\u0000b\"", "contains a control character")] {
            let faults = faults_of(&built_in.replacen(value, blank, 1));
            assert_eq!(faults.len(), 1, "{line}: {faults:?}");
            assert!(faults[0].ends_with(&format!("{name}: {what}")), "{line}: {faults:?}");
        }
    }
    assert_eq!(texts, 2 + 4 * (2 + 5 * 3 + 5) + 8 * 2 + 5 * 2 + 4 + 6 + 3);
    assert_fault(
        "\"A true partnership with the CTO grows slowly.\"",
        "\"\"",
        "timeline.reflects[1]: is blank",
    );
}

#[test]
fn rules_that_name_what_does_not_exist_are_faults() {
    assert_fault(
        "value = \"own-domain\"",
        "value = \"personally\"",
        "pitfalls[0].rule.value: \"personally\" is not one of own-domain, cross-domain, company, external",
    );
    assert_fault(
        "value = \"personally\"",
        "value = \"alone\"",
        "pitfalls[1].rule.value: \"alone\" is not one of personally, with-peers, through-directors",
    );
    assert_fault(
        "capability = \"external-presence\"",
        "capability = \"presence\"",
        "pitfalls[2].rule.capability: \"presence\" is not one of the capabilities",
    );
    assert_fault(
        "unmet = \"cto-feedback\"",
        "unmet = \"feedback\"",
        "pitfalls[3].rule.unmet: \"feedback\" is not an item of the track record",
    );
    assert_fault(
        "level = \"E1\" }",
        "level = \"E0\" }",
        "pitfalls[4].rule.level: \"E0\" is not one of the levels",
    );
    assert_fault(
        "kind = \"impact\", capability = \"cross-domain-leadership\"",
        "kind = \"impact\", capability = \"leadership\"",
        "track_record[0].rule.capability: \"leadership\" is not one of the capabilities",
    );
    assert_fault(
        "kind = \"developed\", capability = \"developing-e1s\"",
        "kind = \"developed\", capability = \"developing\"",
        "track_record[1].rule.capability: \"developing\" is not one of the capabilities",
    );
}

#[test]
fn none_or_too_many_capabilities_and_criteria_are_faults() {
    let with = |capabilities: usize, criteria: usize| {
        let mut framework = built_in().clone();
        let sample = framework.capabilities[0].clone();
        framework.pitfalls.clear();
        framework.track_record.clear();
        framework.capabilities = (0..capabilities)
            .map(|i| {
                let mut capability = Capability { id: format!("c-{i}"), ..sample.clone() };
                capability.criteria = (0..criteria)
                    .map(|j| Criterion { id: format!("c-{i}/c-{j}"), ..sample.criteria[0].clone() })
                    .collect();
                capability.development_actions.clear();
                capability
            })
            .collect();
        toml::to_string(&framework).unwrap()
    };
    assert!(check(&with(16, 4)).is_ok());
    assert_eq!(faults_of(&with(0, 0)), ["capabilities: there is none; a framework has at least one"]);
    assert_eq!(
        faults_of(&with(17, 4)),
        [
            "capabilities: there are 17; a framework has at most 16",
            "capabilities: they have 68 criteria; a framework has at most 64"
        ]
    );
    assert_eq!(faults_of(&with(13, 5)), ["capabilities: they have 65 criteria; a framework has at most 64"]);
}

#[test]
fn version_zero_is_a_fault() {
    assert_fault("version = 1", "version = 0", "version: is 0; versions count from 1");
}

#[test]
fn all_faults_are_listed_in_the_order_of_the_file() {
    let text = BUILT_IN
        .replacen("from_level = \"E1\"", "from_level = \"E0\"", 1)
        .replacen("question_most = 4", "question_most = 9", 1)
        .replacen("id = \"board\"", "id = \"Board\"", 1)
        .replacen("last_word = \"E1", "last_word = \"\" #", 1);
    let places: Vec<Option<String>> =
        check(&text).unwrap_err().into_iter().map(|fault| fault.place).collect();
    let expected = ["from_level", "thresholds.question_most", "shifts[7].id", "timeline.last_word"];
    assert_eq!(places, expected.map(|place| Some(place.to_owned())));
}
