//! A database that an earlier version made and filled is brought up to date with all that it holds, and means what it meant.
//!
//! The files beside this were made by the program that had thirteen migrations, with its demo of two candidates, on either
//! database; the JSON is what it said of them then. They stay as they are.

use std::io::Read;
use std::path::Path;
use std::process::Command;

use evident::ids::Ids;
use flate2::read::GzDecoder;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

const SQLITE: &[u8] = include_bytes!("migration-13.sqlite.gz");
const POSTGRES: &[u8] = include_bytes!("migration-13.postgres.sql.gz");
const SAID: &str = include_str!("migration-13.json");
const AS_OF: &str = "2026-11-20";

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut bytes).expect("a fixture");
    bytes
}

/// The program on one database.
struct Program<'p> {
    variable: (&'static str, &'p str),
}

impl Program<'_> {
    fn told(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_evident"))
            .args(arguments)
            .env_clear()
            .envs([self.variable])
            .output()
            .expect("runs");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "evident {arguments:?}: {out}{err}");
        out.into_owned()
    }

    fn is_brought_up_to_date(&self, folder: &Path) {
        assert!(self.told(&["migrate"]).contains("migrations applied"));
        assert!(self.told(&["audit", "verify"]).contains("The audit log is whole"));
        let said: Value = serde_json::from_str(SAID).expect("what was said");
        let said = said.as_object().expect("dossiers");
        assert_eq!(said.len(), 2);
        for (dossier, lenses) in said {
            let file = folder.join("dossier.json");
            std::fs::write(&file, self.told(&["export", dossier])).expect("a file");
            for (lens, then) in lenses.as_object().expect("lenses") {
                let file = file.display().to_string();
                let now = self.told(&["assess", &file, "--as-of", AS_OF, "--lens", lens]);
                let now: Value = serde_json::from_str(&now).expect("an assessment");
                for (part, then) in then.as_object().expect("parts") {
                    assert_eq!(&now[part], then, "{dossier} through the lens {lens}: {part}");
                }
            }
        }
    }
}

#[test]
fn sqlite_is_brought_up_to_date() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("evident.sqlite"), unpacked(SQLITE)).expect("a database");
    let data = folder.path().display().to_string();
    Program { variable: ("EVIDENT_DATA", &data) }.is_brought_up_to_date(folder.path());
}

#[tokio::test]
async fn postgres_is_brought_up_to_date() {
    let Ok(server) = std::env::var("EVIDENT_TEST_POSTGRES") else {
        eprintln!("PostgreSQL is left out of this test: EVIDENT_TEST_POSTGRES is not set; tests/run sets it");
        return;
    };
    let name = format!("upgrade_{}", hex::encode(Ids::random().bytes::<6>()));
    let run = async |database: &str, sql: String| {
        let mut connection =
            PgConnection::connect(&format!("{server}/{database}")).await.expect("a connection");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.expect("it runs");
    };
    run("postgres", format!("create database {name}")).await;
    run(&name, String::from_utf8(unpacked(POSTGRES)).expect("text")).await;
    let folder = tempfile::tempdir().expect("a folder");
    let address = format!("{server}/{name}");
    Program { variable: ("EVIDENT_DATABASE_URL", &address) }.is_brought_up_to_date(folder.path());
}
