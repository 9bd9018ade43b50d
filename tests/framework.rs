//! `evident framework` as people run it.

use std::fs;
use std::process::{Command, Output};

use evident::evidence::{Conduct, Scope};
use evident::framework::ShareField;
use serde_json::Value;
use strum::VariantArray as _;

const BUILT_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/framework/e1-to-e2.toml");

fn evident(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_evident")).arg("framework").args(arguments).output().expect("runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("is UTF-8")
}

#[track_caller]
fn assert_refused(output: &Output, expected: &str) {
    assert_eq!(text(&output.stderr), expected);
    assert_eq!(text(&output.stdout), "");
    assert_eq!(output.status.code(), Some(2));
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("is an object").keys().map(String::as_str).collect()
}

#[test]
fn show_json_has_the_shape_of_the_contract() {
    let output = evident(&["show", "e1-to-e2", "--json"]);
    assert!(output.status.success());
    let guide: Value = serde_json::from_slice(&output.stdout).expect("is JSON");
    assert_eq!(
        keys(&guide).join(" "),
        "id version name levels from_level to_level question thresholds capabilities shifts pitfalls track_record \
         questions timeline"
    );
    assert_eq!(guide["version"], 1);
    let capability = &guide["capabilities"][3];
    assert_eq!(
        keys(capability),
        ["id", "name", "summary", "carry_days", "asks_for", "criteria", "development_actions"]
    );
    assert_eq!(capability["asks_for"], "external");
    assert_eq!(keys(&capability["criteria"][4]), ["id", "text", "example", "counter_example"]);
    assert_eq!(keys(&capability["development_actions"][4]), ["id", "text"]);
    assert_eq!(keys(&guide["shifts"][7]), ["id", "from", "to"]);
    assert_eq!(keys(&guide["pitfalls"][0]), ["id", "name", "text", "rule"]);
    assert_eq!(
        guide["pitfalls"][0]["rule"],
        serde_json::json!({"kind": "share", "field": "scope", "value": "own-domain"})
    );
    assert_eq!(keys(&guide["track_record"][2]), ["id", "text", "rule"]);
    assert_eq!(guide["track_record"][2]["rule"], serde_json::json!({"kind": "feedback"}));
    assert_eq!(keys(&guide["questions"][5]), ["id", "text"]);
    assert_eq!(keys(&guide["timeline"]), ["demonstration", "typical_at_level", "reflects", "last_word"]);
}

#[test]
fn show_without_json_reads_as_a_guide() {
    let output = evident(&["show", "e1-to-e2"]);
    assert!(output.status.success());
    insta::assert_snapshot!(text(&output.stdout));
}

#[test]
fn show_of_an_unknown_framework_names_the_known_ones() {
    let expected = "There is no framework \"e2-to-cto\"; this program knows e1-to-e2.\n";
    assert_refused(&evident(&["show", "e2-to-cto"]), expected);
    assert_refused(&evident(&["show", "e2-to-cto", "--json"]), expected);
}

#[test]
fn check_says_what_a_sound_file_holds() {
    let output = evident(&["check", BUILT_IN]);
    assert!(output.status.success());
    assert_eq!(
        text(&output.stdout),
        format!(
            "{BUILT_IN}: a framework e1-to-e2, version 1: 4 capabilities, 20 criteria, 20 development actions, \
             8 shifts, 5 pitfalls, 4 track-record items, 6 questions\n"
        )
    );
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn check_lists_every_fault_on_a_line_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("guide.toml");
    let edited = fs::read_to_string(BUILT_IN)
        .expect("is there")
        .replacen("version = 1", "version = 0", 1)
        .replacen("id = \"board\"", "id = \"Two\\nlines\"", 1);
    fs::write(&file, edited).expect("is written");
    assert_refused(
        &evident(&["check", file.to_str().expect("a path")]),
        "version: is 0; versions count from 1\n\
         shifts[7].id: \"Two\\nlines\" is not an id: write lower-case letters and digits, in words joined by hyphens, \
         at most 64 characters\n",
    );
}

#[test]
fn check_of_what_is_no_readable_text_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("guide.toml");
    let path = file.to_str().expect("a path");
    assert_refused(
        &evident(&["check", path]),
        &format!("{path}: can't be read: No such file or directory (os error 2)\n"),
    );
    fs::write(&file, b"id = \"a\"\nname = \"\xff\"\n").expect("is written");
    assert_refused(&evident(&["check", path]), "line 2, column 9: is not UTF-8 text\n");
    fs::write(&file, vec![b'#'; 3 << 20]).expect("is written");
    assert_refused(
        &evident(&["check", path]),
        "the file is larger than 1 MiB, which is more than any framework needs\n",
    );
}

/// A share's values are written out in the framework, which knows nothing of evidence; here they are held together.
#[test]
fn a_share_knows_the_values_that_evidence_can_have() {
    let scopes: Vec<&str> = Scope::VARIANTS.iter().map(|scope| (*scope).into()).collect();
    assert_eq!(ShareField::Scope.values(), scopes);
    let conducts: Vec<&str> = Conduct::VARIANTS.iter().map(|conduct| (*conduct).into()).collect();
    assert_eq!(ShareField::Conduct.values(), conducts);
}
