//! The operator's commands, as an operator runs them.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use evident::db::Settings;

fn evident(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_evident"))
        .args(arguments)
        .env_clear()
        .env("EVIDENT_DATA", folder)
        .envs(variables.iter().copied())
        .output()
        .expect("runs")
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("text")
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("text")
}

const MINA: [&str; 7] = ["user", "add", "Mina Sato", "--email", "mina@example.com", "--role", "admin"];

#[test]
fn migrate_says_what_it_did() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = evident(folder.path(), &[], &["migrate"]);
    assert!(out(&first).contains(" applied."), "{}{}", out(&first), err(&first));
    let second = evident(folder.path(), &[], &["migrate"]);
    assert!(out(&second).ends_with("nothing was to be done.\n"), "{}", out(&second));
    assert_eq!(second.status.code(), Some(0));
}

#[test]
fn user_add_prints_the_link_alone_on_standard_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let added = evident(folder.path(), &[("EVIDENT_URL", "https://evident.example.com/")], &MINA);
    let token = out(&added).strip_prefix("https://evident.example.com/set-password/").expect("a link");
    assert_eq!(token.trim_end().len(), 64);
    assert_eq!(added.status.code(), Some(0));

    let again = evident(folder.path(), &[], &MINA);
    assert_eq!(err(&again), "evident: An account with this email address exists already.\n");
    assert_eq!(out(&again), "");
    assert_eq!(again.status.code(), Some(1));

    let faulty =
        evident(folder.path(), &[], &["user", "add", " ", "--email", "mina", "--role", "cto", "committee"]);
    assert_eq!(err(&faulty).lines().count(), 2, "{}", err(&faulty));
    assert_eq!(faulty.status.code(), Some(1));
    for misused in [
        &["user", "add", "A", "--email", "a@b.c"][..],
        &["user", "add", "A", "--email", "a@b.c", "--role", "boss"],
    ] {
        assert_eq!(evident(folder.path(), &[], misused).status.code(), Some(2));
    }
}

#[test]
fn roles_and_levels_are_given_and_taken_by_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        let output = evident(folder.path(), &[], arguments);
        (output.status.code(), out(&output).to_owned(), err(&output).trim_end().to_owned())
    };
    let grant = |email: &str, role: &str| run(&["user", "grant", email, "--role", role]);
    let revoke = |email: &str, role: &str| run(&["user", "revoke", email, "--role", role]);
    assert!(evident(folder.path(), &[], &MINA).status.success());
    let ruth = [
        "user",
        "add",
        "Ruth Okafor",
        "--email",
        "ruth@example.com",
        "--role",
        "cto",
        "--level",
        "CTO",
        "--since",
        "2024-01-01",
    ];
    let (code, link, said) = run(&ruth);
    assert_eq!(code, Some(0), "{said}");
    assert!(link.starts_with("http://127.0.0.1:8080/set-password/"), "{link}");
    assert!(said.contains("EVIDENT_URL is not set"), "{said}");

    let given = grant("Mina@Example.com", "cto");
    assert_eq!(
        given,
        (Some(0), "Mina Sato has the role CTO now, from the next page on.\n".into(), String::new())
    );
    for (refused, says) in [
        (grant("mina@example.com", "cto"), "Mina Sato holds CTO already"),
        (grant("nobody@example.com", "cto"), "No account signs in with nobody@example.com"),
        (grant("nobody", "cto"), "Enter an email address"),
        (revoke("mina@example.com", "committee"), "does not hold Committee"),
        (revoke("mina@example.com", "admin"), "the last admin"),
        (revoke("ruth@example.com", "cto"), "at least one role"),
        (run(&["user", "level", "nobody@example.com", "E1", "--since", "2024-01-01"]), "No account signs in"),
        (
            run(&["user", "level", "ruth@example.com", "CTO", "--since", "2024-01-01"]),
            "on already; nothing was changed",
        ),
    ] {
        assert_eq!(refused.0, Some(1), "{refused:?}");
        assert!(refused.2.starts_with("evident: ") && refused.2.contains(says), "{refused:?}");
        assert_eq!(refused.1, "");
    }
    assert_eq!(revoke("mina@example.com", "cto").0, Some(0));
    assert_eq!(grant("ruth@example.com", "admin").0, Some(0));
    assert_eq!(revoke("mina@example.com", "admin").0, Some(1), "it is her only one");
    let level = run(&["user", "level", "mina@example.com", "CTO", "--since", "2025-03-14"]);
    assert_eq!(level, (Some(0), "Mina Sato is at CTO since 2025-03-14.\n".into(), String::new()));
    assert_eq!(
        run(&["user", "level", "mina@example.com", "none", "--since", "2026-01-01"]).1,
        "Mina Sato left on 2026-01-01.\n"
    );
    for misused in [
        &["user", "grant", "mina@example.com"][..],
        &["user", "grant", "mina@example.com", "--role", "boss"],
        &["user", "level", "mina@example.com", "E9", "--since", "2025-03-14"],
        &["user", "level", "mina@example.com", "E1", "--since", "14.3.2025"],
        &["user", "level", "mina@example.com", "E1", "--since", "2025-02-30"],
        &["user", "level", "mina@example.com", "E1"],
        &["user", "add", "A", "--email", "a@b.c", "--role", "cto", "--level", "CTO"],
        &["user", "add", "A", "--email", "a@b.c", "--role", "cto", "--since", "2025-01-01"],
    ] {
        assert_eq!(run(misused).0, Some(2), "{misused:?}");
    }
}

#[test]
fn config_check_lists_every_fault_or_what_is_in_force() {
    let folder = tempfile::tempdir().expect("a folder");
    let secret =
        [("EVIDENT_DATABASE_URL", "postgres://evident:hunter2@db.example.com:5433/evident?password=hunter2")];
    let good = evident(folder.path(), &secret, &["config", "check"]);
    assert_eq!(good.status.code(), Some(0), "{}", err(&good));
    assert!(out(&good).contains("database = PostgreSQL at db.example.com:5433/evident\n"), "{}", out(&good));
    assert!(!out(&good).contains("hunter2") && !err(&good).contains("hunter2"));
    assert!(
        out(&good).contains("listen = 127.0.0.1:8080\nmetrics_listen = none\nurl = http://127.0.0.1:8080\n")
    );

    let bad = [("EVIDENT_URL", "ftp://x"), ("EVIDENT_SESSION_HOURS", "0"), ("EVIDENT_FOO", "1")];
    let bad = evident(folder.path(), &bad, &["config", "check"]);
    assert_eq!(err(&bad).lines().count(), 3, "{}", err(&bad));
    assert_eq!((out(&bad), bad.status.code()), ("", Some(1)));

    let file = folder.path().join("evident.toml");
    std::fs::write(&file, "timezone = \"Europe/Zurich\"\n").expect("written");
    let read = evident(folder.path(), &[], &["config", "check", "--config", &file.display().to_string()]);
    assert!(out(&read).contains("timezone = Europe/Zurich\n"), "{}", err(&read));
}

#[test]
fn what_keeps_a_command_from_working_is_a_sentence_that_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "no folder").expect("written");
    for command in [&MINA[..], &["migrate"], &["serve", "--listen", "127.0.0.1:0"]] {
        let below = evident(&file, &[], command);
        assert!(err(&below).contains("EVIDENT_DATA"), "{command:?}: {}", err(&below));
        assert_eq!(below.status.code(), Some(1));
        let nowhere = evident(
            folder.path(),
            &[("EVIDENT_DATABASE_URL", "postgres://u:hunter2@127.0.0.1:9/none")],
            command,
        );
        assert!(
            err(&nowhere).contains("EVIDENT_DATABASE_URL") && !err(&nowhere).contains("hunter2"),
            "{}",
            err(&nowhere)
        );
        assert_eq!(nowhere.status.code(), Some(1));
        let wrong = evident(folder.path(), &[("EVIDENT_DATABASE_URL", "mysql://x")], command);
        assert!(err(&wrong).contains("postgres://"), "{}", err(&wrong));
        assert_eq!(wrong.status.code(), Some(1));
    }
}

#[test]
fn a_port_that_is_taken_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let refused = evident(folder.path(), &[], &["serve", "--listen", &address]);
    let told = err(&refused).lines().last().unwrap_or_default();
    assert!(told.starts_with("evident: ") && told.contains(&address) && told.contains("--listen"), "{told}");
    assert_eq!(refused.status.code(), Some(1));
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let db = Settings::in_folder(folder.path()).open().await.expect("a database");
    let mut tx = db.write().await.expect("a write");
    tx.query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         values (9999, 'later', true, x'00', 0)",
    )
    .run_expecting(1)
    .await
    .expect("a later migration");
    tx.commit().await.expect("kept");
    db.close().await;
    for command in [&MINA[..], &["migrate"], &["serve", "--listen", "127.0.0.1:0"]] {
        let refused = evident(folder.path(), &[], command);
        assert!(err(&refused).contains("newer than this program"), "{}", err(&refused));
        assert_eq!(refused.status.code(), Some(1));
    }
}

#[test]
fn healthcheck_tells_a_service_that_is_ready_from_one_that_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let check = |address: &str| evident(folder.path(), &[], &["healthcheck", "--listen", address]);
    let mut service = Command::new(env!("CARGO_BIN_EXE_evident"))
        .args(["serve", "--listen", &free.to_string()])
        .env_clear()
        .env("EVIDENT_DATA", folder.path())
        .spawn()
        .expect("serves");
    let ready = (0..100).map(|_| check(&free.to_string())).find(|output| {
        std::thread::sleep(Duration::from_millis(50));
        output.status.success()
    });
    service.kill().and_then(|()| service.wait()).expect("stopped");
    assert_eq!(ready.as_ref().map(out), Some("ready\n"));

    let closed = check(&free.to_string());
    assert!(err(&closed).contains("evident serve"), "{}", err(&closed));
    assert_eq!(closed.status.code(), Some(1));

    let busy = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = busy.local_addr().expect("an address").to_string();
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = busy.accept().expect("a connection");
        let mut request = [0; 512];
        let read = stream.read(&mut request).expect("a request");
        stream
            .write_all(b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n")
            .expect("an answer");
        String::from_utf8_lossy(&request[..read]).into_owned()
    });
    let busy = check(&address);
    assert!(err(&busy).contains("answered 503"), "{}", err(&busy));
    assert_eq!(busy.status.code(), Some(1));
    assert!(answering.join().expect("an answer").starts_with("GET /readyz HTTP/1.1\r\nHost: "));
}
