//! Holds the house to its plan: imports point one way, and the two schemas are one.

use std::collections::BTreeMap;
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
    "directory",
    "opportunities",
    "review",
    "readiness",
    "development",
    "corroboration",
    "trajectories",
    "sitting",
    "packets",
    "calibration",
    "reminders",
    "transfer",
    "demo",
];

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
    if let Some(world) = World::on_postgres().await {
        assert_eq!(sqlite, schema(&world).await);
    }
}
