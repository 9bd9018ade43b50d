//! Holds the house to its plan: imports point one way, tables have owners, and the two schemas are one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::World;

/// The features, each of which may import those before it.
const FEATURES: &[&str] = &[
    "policy",
    "routes",
    "people",
    "accounts",
    "notices",
    "framework",
    "evidence",
    "corroboration",
    "review",
    "directory",
    "opportunities",
    "readiness",
    "dashboard",
    "development",
    "trajectories",
    "sitting",
    "journal",
    "portable",
    "board",
    "packets",
    "reminders",
    "transfer",
    "demo",
    "site",
];

/// Folders of rules and formats alone, whose answers rest on nothing but what they are given.
const PURE: &[&str] = &["policy", "readiness", "portable"];

/// What would make an answer rest on something else.
const IMPURE: &[&str] =
    &["async", ".await", "crate::db", "crate::clock", "crate::instance", "crate::ids", "now()", "today()"];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for item in fs::read_dir(folder).expect("a folder") {
        let path = item.expect("an item").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

/// How far down a file stands: what is lower may not import what is higher.
fn height(path: &str) -> usize {
    let root = path.split(['/', '.']).next().unwrap_or_default();
    match root {
        "main" | "cli" => 1000,
        "server" => 900,
        "web" | "api" => 10,
        feature => match FEATURES.iter().position(|name| *name == feature) {
            Some(position) => 100 + position,
            None => 0,
        },
    }
}

#[test]
fn imports_point_one_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for file in sources(&root) {
        let name = file.strip_prefix(&root).expect("below src").display().to_string();
        let text = fs::read_to_string(&file).expect("a source");
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (number, line) in
            code.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
        {
            for import in line.split("crate::").skip(1) {
                let module: String =
                    import.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if height(&module) > height(&name) && name != "lib.rs" {
                    wrong.push(format!("src/{name}:{} imports {module}", number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports that point the wrong way:\n{}", wrong.join("\n"));
}

#[test]
fn rules_rest_on_nothing_but_what_they_are_given() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for folder in PURE {
        let files = sources(&root.join(folder));
        assert!(!files.is_empty(), "src/{folder} holds its rules");
        for file in files {
            let name = file.strip_prefix(&root).expect("below src").display().to_string();
            let text = fs::read_to_string(&file).expect("a source");
            let code = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
            for (number, line) in code {
                let found = IMPURE.iter().filter(|word| line.contains(**word));
                wrong.extend(found.map(|word| format!("src/{name}:{} says {word}", number + 1)));
            }
        }
    }
    assert!(wrong.is_empty(), "rules that rest on more than what they are given:\n{}", wrong.join("\n"));
}

/// Whose each table is: only what is below that folder or file writes it, and only what stands as high or higher reads it.
const OWNERS: &[(&str, &[&str])] = &[
    ("audit", &["audit_entries", "audit_head"]),
    ("jobs", &["jobs"]),
    ("instance", &["instance"]),
    ("people", &["people", "person_levels", "milestones"]),
    (
        "accounts",
        &[
            "accounts",
            "account_links",
            "account_roles",
            "sessions",
            "sign_in_devices",
            "sign_in_failures",
            "kept_forms",
        ],
    ),
    ("notices", &["notices", "notice_switches", "letters"]),
    (
        "evidence",
        &[
            "dossiers",
            "entries",
            "entry_capabilities",
            "entry_criteria",
            "entry_links",
            "entry_people",
            "entry_revisions",
            "entry_updates",
            "leave_periods",
            "namings",
            "recusals",
        ],
    ),
    (
        "corroboration",
        &[
            "requests",
            "corroborations",
            "durability",
            "durability_answers",
            "vouched_addresses",
            "known_domains",
        ],
    ),
    ("review", &["check_ins", "check_in_answers", "feedback", "assessments", "comments"]),
    ("directory", &["person_merges", "person_merge_moves", "person_merge_names", "namesakes"]),
    ("opportunities", &["opportunities"]),
    ("dashboard", &["signal_responses"]),
    ("development", &["plan_actions", "path_conversations"]),
    ("sitting", &["sittings", "sitting_sentences"]),
];

/// Who may do with which tables of others what the rule forbids, and why. One that is no longer needed fails the test.
const EXCEPTIONS: &[(&str, &[&str], &str)] = &[
    (
        "people/visibility.rs",
        &["accounts", "dossiers", "entries", "entry_people", "namings", "recusals"],
        "Who may know of whom is decided by accounts and by the entries that name them. One fragment says it for every list, \
         search and count, so that none says it otherwise.",
    ),
    (
        "people/store.rs",
        &["accounts", "account_roles"],
        "Whether a level is a claim rests on the roles of who recorded it, and whether somebody is known on their account: \
         parts of the same statements as the fragment above.",
    ),
    (
        "directory/merging",
        &["people", "person_levels", "milestones", "entry_people", "namings", "requests"],
        "Merging two people rewrites who is meant in whatever names them and keeps the way back. A test of its own holds it to \
         the schema's foreign keys.",
    ),
    (
        "demo",
        DEMO,
        "The invented company's past is written whole and in bulk, in states that no act leads to in a day: answers before \
         edits, links that ran out, sittings of last year. Nothing of it runs on a real instance.",
    ),
];

/// What the demo writes.
const DEMO: &[&str] = &[
    "people",
    "person_levels",
    "milestones",
    "accounts",
    "account_roles",
    "dossiers",
    "leave_periods",
    "entries",
    "entry_capabilities",
    "entry_criteria",
    "entry_links",
    "entry_people",
    "entry_revisions",
    "entry_updates",
    "requests",
    "corroborations",
    "durability",
    "durability_answers",
    "check_ins",
    "check_in_answers",
    "feedback",
    "assessments",
    "comments",
    "signal_responses",
    "plan_actions",
    "path_conversations",
    "sittings",
    "sitting_sentences",
];

/// The texts of a source's code, without its tests.
fn texts(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest =
        code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    while let Some((_, after)) = rest.split_once('"') {
        let mut end = 0;
        let bytes = after.as_bytes();
        while end < bytes.len() && bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        found.push(after[..end.min(after.len())].replace("\\\n", " "));
        rest = after.get(end + 1..).unwrap_or_default().to_owned();
    }
    found
}

/// The tables that a text of SQL names, and whether it writes them.
fn named(text: &str) -> Vec<(&str, bool)> {
    let words: Vec<&str> =
        text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|w| !w.is_empty()).collect();
    let mut found: Vec<(&str, bool)> = words
        .windows(3)
        .filter_map(|three| match *three {
            ["insert", "into", table] | ["delete", "from", table] | ["update", table, "set"] => {
                Some((table, true))
            }
            _ => None,
        })
        .collect();
    found.extend(words.windows(2).filter(|two| matches!(two[0], "from" | "join")).map(|two| (two[1], false)));
    // The head of a bulk insert, as `insert_all` takes it.
    if let Some((table, _)) = text.split_once(" (").filter(|(_, columns)| columns.ends_with(')')) {
        found.push((table, true));
    }
    found
}

#[test]
fn each_table_is_written_by_its_owner_and_read_by_none_before_it() {
    let owners: BTreeMap<&str, &str> =
        OWNERS.iter().flat_map(|(owner, tables)| tables.iter().map(|table| (*table, *owner))).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut wrong, mut excused) = (BTreeSet::new(), BTreeSet::new());
    for file in sources(&root) {
        let name = file.strip_prefix(&root).expect("below src").display().to_string();
        let reader = name.split(['/', '.']).next().unwrap_or_default();
        let text = fs::read_to_string(&file).expect("a source");
        for text in texts(text.split("#[cfg(test)]").next().unwrap_or_default()) {
            for (table, writes) in named(&text) {
                let Some((table, owner)) = owners.get_key_value(table).filter(|(_, owner)| **owner != reader)
                else {
                    continue;
                };
                if !writes && height(owner) <= height(&name) {
                    continue;
                }
                let excuse = EXCEPTIONS
                    .iter()
                    .position(|(who, tables, _)| name.starts_with(who) && tables.contains(table));
                if let Some(place) = excuse {
                    excused.insert((place, *table));
                } else {
                    let what = if writes { "writes" } else { "reads" };
                    wrong.insert(format!("src/{name} {what} {table}, which is of {owner}"));
                }
            }
        }
    }
    for (place, (who, tables, _)) in EXCEPTIONS.iter().enumerate() {
        for table in tables.iter().filter(|table| !excused.contains(&(place, **table))) {
            wrong.insert(format!("src/{who} needs no exception for {table} any more"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn no_action_knows_of_forms() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut actions, mut wrong) = (0, Vec::new());
    for file in sources(&root) {
        let text = fs::read_to_string(&file).expect("a source");
        // What begins changes holds actions, but for the few that stand beside their handler.
        let acts = text.contains("Change::begin") && !text.contains("State(instance)");
        if acts || file.ends_with("actions.rs") {
            actions += 1;
            if ["web::forms", "web::{forms", "forms::day"].iter().any(|way| text.contains(way)) {
                wrong.push(file.strip_prefix(&root).expect("below src").display().to_string());
            }
        }
    }
    assert!(actions > 20, "the actions were read");
    assert!(wrong.is_empty(), "actions that read forms:\n{}", wrong.join("\n"));
}

/// A schema as `table.column` → (nullable, part of the primary key).
type Schema = BTreeMap<String, (bool, bool)>;

async fn schema(world: &World) -> Schema {
    let mut tx = world.instance.db.read().await.expect("a read");
    let columns: Vec<(String, String, i64, i64)> = tx
        .query_either(
            "select m.name, c.name, c.\"notnull\", c.pk > 0 from sqlite_master m join pragma_table_info(m.name) c \
             where m.type = 'table' and m.name not like 'sqlite_%' and m.name not like '_sqlx%'",
            "select c.table_name::text, c.column_name::text, (c.is_nullable = 'NO')::int::bigint, (exists (select 1 \
             from information_schema.key_column_usage k join information_schema.table_constraints t \
             on t.constraint_name = k.constraint_name and t.constraint_schema = k.constraint_schema \
             where t.constraint_type = 'PRIMARY KEY' and k.table_name = c.table_name and k.column_name = c.column_name \
             ))::int::bigint from information_schema.columns c \
             where c.table_schema = 'public' and c.table_name not like '\\_sqlx%'",
        )
        .all()
        .await
        .expect("the columns");
    columns
        .into_iter()
        .map(|(table, column, filled, key)| (format!("{table}.{column}"), (filled == 1, key == 1)))
        .collect()
}

#[tokio::test]
async fn the_two_schemas_are_one() {
    let sqlite = schema(&World::on_sqlite().await).await;
    assert!(sqlite.len() > 100, "the schema was read");
    let tables: BTreeSet<&str> = sqlite.keys().filter_map(|column| column.split('.').next()).collect();
    let owned: BTreeSet<&str> = OWNERS.iter().flat_map(|(_, tables)| *tables).copied().collect();
    assert_eq!(tables, owned, "each table has an owner");
    if let Some(world) = World::on_postgres().await {
        assert_eq!(sqlite, schema(&world).await);
    }
}
