//! `evident assess`, as somebody at a terminal meets it.

use std::io::Write;
use std::process::{Command, Output};

use serde_json::{Value, json};

fn assess(dossier: &str, arguments: &[&str]) -> Output {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(dossier.as_bytes()).expect("it is written");
    let command =
        Command::new(env!("CARGO_BIN_EXE_evident")).arg("assess").arg(file.path()).args(arguments).output();
    command.expect("the program starts")
}

fn on_a_day(dossier: &Value) -> Output {
    assess(&dossier.to_string(), &["--as-of", "2026-06-30"])
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// The faults, one a line.
fn faults(output: &Output) -> Vec<String> {
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    text(&output.stderr).lines().map(str::to_owned).collect()
}

fn faults_of(dossier: &Value) -> Vec<String> {
    faults(&on_a_day(dossier))
}

fn example() -> Value {
    json!({
        "format": "evident-dossier/1", "framework": "e1-to-e2",
        "candidate": "p1", "leave": [{"from": "2025-02-01", "to": "2025-06-15"}],
        "people": [
            {"id": "p1", "name": "Ada Marsh", "organization": "internal",
             "levels": [{"level": "M3", "from": "2017-02-01"},
                        {"level": "E1", "from": "2022-01-10", "domain": "Payments", "reports_to": "p9", "by": "p9"}],
             "milestones": [{"on": "2025-09-01", "what": "Ran the Q3 board review", "by": "p9"}]},
            {"id": "p2", "name": "Remy Lund", "organization": "internal"},
            {"id": "p4", "name": "Pia Holt", "organization": "external"},
            {"id": "p9", "name": "Cleo Brandt", "organization": "internal", "levels": [{"level": "CTO", "from": "2019-01-01"}]},
        ],
        "evidence": [{
            "id": "e1", "title": "One roadmap", "from": "2025-03-01", "to": "2025-05-31", "ongoing": false, "status": "final",
            "recorded_on": "2025-06-02", "situation": "…", "action": "…", "impact": "…", "domain_cost": "…",
            "scope": "cross-domain", "conduct": "with-peers", "setting": "board", "horizon_years": 3, "for_cto": false,
            "audience": "dossier", "capabilities": ["cross-domain-leadership"],
            "criteria": ["cross-domain-leadership/strategic-coherence"],
            "people": [{"person": "p2", "as": "developed", "answer": "agreed"}], "links": ["https://example.com/rfc"],
            "updates": [{"on": "2025-11-20", "text": "Still in force after the reorganization"}],
            "corroborations": [{"by": "p9", "on": "2025-06-10", "answer": "confirmed"},
                               {"by": "p4", "on": "2025-06-12", "answer": "differs", "settled_on": "2025-07-01"}],
            "assessments": [{"by": "p9", "on": "2025-06-20", "judgement": "meets", "reason": "…"}]}],
        "check_ins": [{"kind": "self", "by": "p1", "on": "2025-06-30", "answers": {"deputizing": "partly"}}],
        "feedback": [{"by": "p9", "on": "2025-06-30", "broader_scope": "partly", "text": "…"}],
    })
}

/// The example with a value put at a JSON pointer.
fn with(pointer: &str, value: Value) -> Value {
    let mut dossier = example();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    match dossier.pointer_mut(parent).expect("a place in the example") {
        Value::Array(items) if key == "-" => items.push(value),
        place => match key.parse::<usize>() {
            Ok(index) => place[index] = value,
            Err(_) => place[key] = value,
        },
    }
    dossier
}

fn without(parent: &str, key: &str) -> Value {
    let mut dossier = example();
    dossier
        .pointer_mut(parent)
        .and_then(Value::as_object_mut)
        .expect("an object")
        .remove(key)
        .expect("a field");
    dossier
}

#[test]
fn prints_the_assessment_as_json() {
    let output = on_a_day(&example());
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    let printed = text(&output.stdout);
    assert!(printed.ends_with("}\n"));
    let json: Value = serde_json::from_str(&printed).expect("JSON");
    let keys =
        |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(
        keys(&json),
        "as_of framework lens months_at_level evidence_complete capabilities questions track_record signals"
    );
    let capability = &json["capabilities"][0];
    assert_eq!(
        keys(capability),
        "capability state months window_months entries criteria voices asked_voice last_day lapses_on \
         sustained_on promptly_recorded gaps"
    );
    assert_eq!(
        *capability,
        json!({
            "capability": "cross-domain-leadership", "state": "lapsed", "months": 9, "window_months": 24, "entries": 1,
            "criteria": {
                "confirmed": ["cross-domain-leadership/strategic-coherence"],
                "claimed": [],
                "missing": ["cross-domain-leadership/domains-work-together",
                            "cross-domain-leadership/lasting-conflict-resolution",
                            "cross-domain-leadership/company-first-allocation",
                            "cross-domain-leadership/organizational-thinking"]},
            "voices": ["p9"], "asked_voice": {"asks_for": "other-domain", "heard": false},
            "last_day": "2025-11-20", "lapses_on": null, "sustained_on": "2027-03-26",
            "promptly_recorded": {"within": 1, "of": 1},
            "gaps": [
                {"gap": "lapsed", "since": "2025-11-20"},
                {"gap": "short", "months": 9, "needed": 18, "earliest": "2027-03-26"},
                {"gap": "few", "entries": 1, "needed": 4},
                {"gap": "narrow", "confirmed": 1, "needed": 3,
                 "missing": ["cross-domain-leadership/domains-work-together",
                             "cross-domain-leadership/lasting-conflict-resolution",
                             "cross-domain-leadership/company-first-allocation",
                             "cross-domain-leadership/organizational-thinking"]},
                {"gap": "unconfirmed", "voices": 1, "needed": 2},
                {"gap": "unheard", "asks_for": "other-domain"}]})
    );
    assert_eq!(json["capabilities"][1]["gaps"], json!([{"gap": "no-evidence"}]));
    assert_eq!(
        json["questions"][4],
        json!({"question": "deputizing", "self": {"latest": "partly", "months": 0},
               "cto": {"latest": null, "months": 0}, "consistent": false, "diverging": false})
    );
    assert_eq!(json["track_record"][0], json!({"item": "cross-domain-impact", "met": false}));
    assert_eq!(
        json["signals"][0],
        json!({"pitfall": "own-domain-focus", "signal": null, "matching": 0, "of": 1})
    );
}

#[test]
fn a_sound_dossier_may_be_sparse() {
    let sparse = json!({
        "format": "evident-dossier/1", "framework": "e1-to-e2", "candidate": "p1",
        "people": [{"id": "p1", "name": "Ada", "organization": "internal"}],
        "evidence": [{"id": "e1", "title": "An idea", "status": "draft"}],
    });
    assert_eq!(on_a_day(&sparse).status.code(), Some(0));
}

#[test]
fn each_fault_has_its_path() {
    let cases = [
        (with("/evidence/0/to", json!("2025-02-30")), "evidence[0].to: 2025-02-30 is not a date"),
        (
            with("/evidence/0/to", json!("2025-3-1")),
            "evidence[0].to: 2025-3-1 is not a date of the form YYYY-MM-DD",
        ),
        (
            with("/evidence/0/from", json!("1899-12-31")),
            "evidence[0].from: 1899-12-31 is not in the years 1900 to 2199",
        ),
        (
            with("/evidence/0/to", json!("2025-02-28")),
            "evidence[0].to: 2025-02-28 is before from, which is 2025-03-01",
        ),
        (with("/evidence/0/ongoing", json!(true)), "evidence[0].to: can't be given for what is ongoing"),
        (
            with("/evidence/0/updates/0/on", json!("2025-02-28")),
            "evidence[0].updates[0].on: 2025-02-28 is before the entry's from, which is 2025-03-01",
        ),
        (with("/evidence/0/title", json!(" \n")), "evidence[0].title: is blank"),
        (
            with("/evidence/0/title", json!("é".repeat(201))),
            "evidence[0].title: has 201 characters; at most 200 are allowed",
        ),
        (
            with("/evidence/0/links/0", json!("javascript:alert(1)")),
            "evidence[0].links[0]: \"javascript:alert(1)\" is not an http or https link",
        ),
        (
            with("/evidence/0/capabilities", json!([])),
            "evidence[0].capabilities: names no capability; only a draft may",
        ),
        (
            with("/evidence/0/capabilities/-", json!("charm")),
            "evidence[0].capabilities[1]: charm is not a capability of e1-to-e2",
        ),
        (
            with("/evidence/0/criteria/0", json!("charm/wit")),
            "evidence[0].criteria[0]: charm/wit is not a criterion of e1-to-e2",
        ),
        (
            with("/evidence/0/criteria/0", json!("cto-partnership/thought-partner")),
            "evidence[0].criteria[0]: cto-partnership/thought-partner belongs to cto-partnership, which the entry does not name",
        ),
        (
            with("/evidence/0/people/0/person", json!("p7")),
            "evidence[0].people[0].person: p7 is not among the dossier's people",
        ),
        (
            with("/evidence/0/corroborations/0/by", json!("p7")),
            "evidence[0].corroborations[0].by: p7 is not among the dossier's people",
        ),
        (
            with("/people/0/levels/1/reports_to", json!("p7")),
            "people[0].levels[1].reports_to: p7 is not among the dossier's people",
        ),
        (with("/candidate", json!("p7")), "candidate: p7 is not among the dossier's people"),
        (with("/people/1/id", json!("p4")), "people[2].id: p4 is the id of an earlier one already"),
        (
            with("/check_ins/0/answers", json!({"charm": "yes"})),
            "check_ins[0].answers.charm: is not a question of e1-to-e2",
        ),
        (
            with("/evidence/0/status", json!("done")),
            "evidence[0].status: done is not one of draft, final, withdrawn",
        ),
        (with("/evidence/0/impact", Value::Null), "evidence[0].impact: is null; leave the field out instead"),
        (with("/evidence/0/for_cto", json!("no")), "evidence[0].for_cto: is text, not true or false"),
        (
            with("/evidence/0/mood", json!("good")),
            "evidence[0].mood: is not a field that the format has here",
        ),
        (
            with("/evidence/0/a\nb", json!(1)),
            r#"evidence[0]["a\nb"]: is not a field that the format has here"#,
        ),
        (
            with("/leave/0/to", json!("2025-01-31")),
            "leave[0].to: 2025-01-31 is before from, which is 2025-02-01",
        ),
        (
            with("/evidence/0/horizon_years", json!(-1)),
            "evidence[0].horizon_years: is not a whole number from 0 to 4294967295",
        ),
        (without("/evidence/0", "from"), "evidence[0].from: is required"),
        (without("/evidence/0/assessments/0", "reason"), "evidence[0].assessments[0].reason: is required"),
        (with("/framework", json!("m3-to-e1")), "framework: m3-to-e1 is not a known framework"),
    ];
    for (dossier, expected) in cases {
        let mut found = faults_of(&dossier);
        // Other faults may follow from these.
        found.retain(|fault| {
            fault == expected || !fault.starts_with("evidence[0].criteria") && !fault.contains("p2 is not")
        });
        assert_eq!(found, [expected]);
    }
}

#[test]
fn a_link_is_a_web_address_with_a_host() {
    for link in ["https://example.com", "HTTP://example.com/a?b#c", "https://user@example.com:8443/"] {
        assert_eq!(on_a_day(&with("/evidence/0/links/0", json!(link))).status.code(), Some(0), "{link}");
    }
    for link in [
        "https:x",
        "https:/x",
        "https:\\\\x",
        "https:///x",
        "https://",
        "ftp://example.com",
        " https://example.com",
        "example.com",
    ] {
        let found = faults_of(&with("/evidence/0/links/0", json!(link)));
        assert!(found.len() == 1 && found[0].starts_with("evidence[0].links[0]: "), "{link}: {found:?}");
    }
}

#[test]
fn all_faults_are_listed_at_once() {
    let mut dossier = with("/evidence/0/title", json!(""));
    dossier["evidence"][0]["criteria"] = json!(["a/b", "a/c", "a/d", "a/e"]);
    dossier["feedback"][0]["by"] = json!("p7");
    dossier["extra"] = json!({});
    dossier["framework"] = json!("m3-to-e1");
    assert_eq!(
        faults_of(&dossier),
        [
            "extra: is not a field that the format has here",
            "framework: m3-to-e1 is not a known framework",
            "evidence[0].title: is blank",
            "evidence[0].criteria: names 4 criteria; at most 3 are allowed",
            "feedback[0].by: p7 is not among the dossier's people",
        ]
    );
}

#[test]
fn what_is_no_dossier_is_one_fault() {
    let one = |dossier: &str| {
        let found = faults(&assess(dossier, &["--as-of", "2026-06-30"]));
        assert_eq!(found.len(), 1, "{found:?}");
        found[0].clone()
    };
    assert!(one("").starts_with("the file is not JSON: "));
    assert!(one("{\"format\":").starts_with("the file is not JSON: "));
    assert_eq!(one("[]"), "the file is a list, not a dossier");
    assert_eq!(one("{}"), "format: is required");
    assert_eq!(
        one(r#"{"format":"evident-dossier/4"}"#),
        "format: evident-dossier/4 can't be read; this version reads evident-dossier/1, evident-dossier/2 and evident-dossier/3"
    );
    assert_eq!(one(&without("", "evidence").to_string()), "evidence: is required");
    assert_eq!(one(&with("/people", json!({})).to_string()), "people: is an object, not a list");
    assert_eq!(one(&with("/candidate", json!(1)).to_string()), "candidate: is a number, not text");
}

#[test]
fn a_field_given_twice_is_a_fault() {
    let twice = example().to_string().replace(r#""title":"#, r#""title":"First","title":"#);
    assert_eq!(
        faults(&assess(&twice, &["--as-of", "2026-06-30"])),
        ["evidence[0].title: is given more than once"]
    );
}

#[test]
fn bad_arguments_are_refused() {
    let sound = example().to_string();
    for arguments in [
        &["--as-of", "2026-6-30"][..],
        &["--as-of", "2026-02-30"],
        &[],
        &["--as-of", "2026-06-30", "--lens", "rosy"],
        &["--as-of", "2026-06-30", "--framework", "m3-to-e1"],
    ] {
        let output = assess(&sound, arguments);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_evident"))
        .args(["assess", "/no/such/file", "--as-of", "2026-06-30"])
        .output();
    let found = faults(&output.expect("the program starts"));
    assert!(found.len() == 1 && found[0].starts_with("/no/such/file can't be read: "), "{found:?}");
}

#[test]
fn another_framework_may_be_given() {
    let own = include_str!("../../src/framework/e1-to-e2.toml").replacen("\"e1-to-e2\"", "\"ours\"", 1);
    let mut framework = tempfile::NamedTempFile::new().expect("a temporary file");
    framework.write_all(own.as_bytes()).expect("it is written");
    let path = framework.path().to_str().expect("a path");
    let output = assess(
        &with("/framework", json!("unheard-of")).to_string(),
        &["--as-of", "2026-06-30", "--framework", path, "--lens", "confirmed"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let json: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&json["framework"], &json["lens"]), (&json!("ours"), &json!("confirmed")));
}

#[test]
fn what_is_written_reads_back_the_same() {
    use evident::framework::load;
    use evident::portable::read;
    let (dossier, _) = read(example().to_string().as_bytes(), load::find).expect("no faults");
    let written = dossier.to_json().expect("JSON");
    let fields: Value = serde_json::from_str(&written).expect("JSON");
    assert_eq!(fields.to_string(), example().to_string(), "in the contract's order");
    assert_eq!(read(written.as_bytes(), load::find).expect("no faults").0, dossier);
}

#[test]
fn the_third_format_says_how_answers_came_and_what_was_superseded() {
    let third = |pointer: &str, value: Value| {
        let mut dossier = with(pointer, value);
        dossier["format"] = json!("evident-dossier/3");
        dossier
    };
    let answer = "/evidence/0/corroborations/0";
    let of_answer = |field: &str, value: Value| third(&format!("{answer}/{field}"), value);
    let vouched = |on: &str| json!({"by": "p4", "on": on});
    for (dossier, what) in [
        (of_answer("via", json!("account")), "by account"),
        (of_answer("via", json!("mail")), "by mail"),
        (of_answer("vouched", vouched("2025-06-10")), "vouched for on the day of the answer"),
        (of_answer("superseded_on", json!("2025-06-10")), "superseded on the day of the answer"),
        (third("/evidence/0/corroborations/1/superseded_on", json!("2025-06-12")), "a differing account"),
        (third("/evidence/0/assessments/0/superseded_on", json!("2025-06-20")), "a judgement"),
        (third("/evidence/0/people/0/via", json!("link")), "somebody named"),
        (third("/evidence/0/people/0/vouched", vouched("1999-01-01")), "whose answer has no day"),
    ] {
        assert_eq!(on_a_day(&dossier).status.code(), Some(0), "{what}");
    }
    for (dossier, expected) in [
        (
            of_answer("via", json!("fax")),
            "evidence[0].corroborations[0].via: fax is not one of account, mail, link",
        ),
        (of_answer("vouched", json!({"by": "p4"})), "evidence[0].corroborations[0].vouched.on: is required"),
        (
            of_answer("vouched", json!({"on": "2025-06-10"})),
            "evidence[0].corroborations[0].vouched.by: is required",
        ),
        (
            of_answer("vouched", json!({"by": "p7", "on": "2025-06-10"})),
            "evidence[0].corroborations[0].vouched.by: p7 is not among the dossier's people",
        ),
        (
            of_answer("vouched", json!({"by": "p4", "on": "2025-06-10", "why": "…"})),
            "evidence[0].corroborations[0].vouched.why: is not a field that the format has here",
        ),
        (
            of_answer("vouched", vouched("2025-06-09")),
            "evidence[0].corroborations[0].vouched.on: 2025-06-09 is before the day of the answer, which is 2025-06-10",
        ),
        (
            of_answer("superseded_on", json!("2025-06-09")),
            "evidence[0].corroborations[0].superseded_on: 2025-06-09 is before the day of the answer, which is 2025-06-10",
        ),
        (
            third("/evidence/0/assessments/0/superseded_on", json!("2025-06-19")),
            "evidence[0].assessments[0].superseded_on: 2025-06-19 is before the day of the answer, which is 2025-06-20",
        ),
        (
            third("/evidence/0/assessments/0/via", json!("mail")),
            "evidence[0].assessments[0].via: is not a field that the format has here",
        ),
        (
            of_answer("via", Value::Null),
            "evidence[0].corroborations[0].via: is null; leave the field out instead",
        ),
    ] {
        assert_eq!(faults_of(&dossier), [expected]);
    }
}

#[test]
fn earlier_formats_know_no_way_of_answering() {
    for format in ["evident-dossier/1", "evident-dossier/2"] {
        for (pointer, value) in [
            ("/evidence/0/corroborations/0/via", json!("account")),
            ("/evidence/0/corroborations/0/vouched", json!({"by": "p4", "on": "2025-06-10"})),
            ("/evidence/0/corroborations/0/superseded_on", json!("2025-06-10")),
            ("/evidence/0/assessments/0/superseded_on", json!("2025-06-20")),
            ("/evidence/0/people/0/via", json!("link")),
            ("/evidence/0/people/0/vouched", json!({"by": "p4", "on": "2025-06-10"})),
        ] {
            let mut dossier = with(pointer, value);
            dossier["format"] = json!(format);
            let found = faults_of(&dossier);
            assert!(
                found.len() == 1 && found[0].ends_with(": is not a field that the format has here"),
                "{found:?}"
            );
        }
    }
}
