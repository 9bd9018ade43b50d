//! Databases as operators have them: what can't be worked with is told with the way out, and nothing is taken for nothing.

use std::path::Path;
use std::process::{Command, Output};

use evident::db::{Contents, Settings};
use evident::ids::Ids;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// A server's address, where there is one for tests.
fn server() -> Option<String> {
    let server = std::env::var("EVIDENT_TEST_POSTGRES").ok();
    if server.is_none() {
        eprintln!("PostgreSQL is left out of this test: EVIDENT_TEST_POSTGRES is not set; tests/run sets it");
    }
    server
}

fn unique(what: &str) -> String {
    format!("{what}_{}", hex::encode(Ids::random().bytes::<6>()))
}

async fn run(address: &str, sql: &str) {
    let mut connection = PgConnection::connect(address).await.expect("a connection");
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.expect(sql);
}

/// A fresh database, made with these options; its name and address.
async fn fresh(server: &str, options: &str) -> (String, String) {
    let name = unique("place");
    run(&format!("{server}/postgres"), &format!("create database {name} {options}")).await;
    (name.clone(), format!("{server}/{name}"))
}

async fn refused(address: &str) -> String {
    let settings = Settings::parse(address).expect("an address");
    settings.open().await.err().map(|error| error.to_string()).expect("it is refused")
}

fn migrate(variables: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_evident"))
        .arg("migrate")
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .expect("runs")
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn a_database_of_another_encoding_is_refused_with_what_to_make() {
    let Some(server) = server() else { return };
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let (_, address) = fresh(&server, &format!("encoding '{encoding}' template template0")).await;
        let told = refused(&address).await;
        assert!(told.contains(&format!("server_encoding {encoding}")), "{told}");
        assert!(told.contains("encoding 'UTF8' template template0"), "{told}");
        let found = Settings::parse(&address).expect("an address").contents().await.expect("a look");
        assert_eq!(found, Contents::Nothing, "nothing was made in it");
    }
}

#[tokio::test]
async fn what_a_database_or_a_role_sets_by_default_is_overruled_or_refused() {
    let Some(server) = server() else { return };
    let (name, address) = fresh(&server, "").await;
    run(
        &address,
        &format!(
            "alter database {name} set default_transaction_isolation = 'serializable'; \
             alter database {name} set timezone = 'Pacific/Kiritimati'; \
             alter database {name} set client_encoding = 'LATIN1'; \
             alter database {name} set plan_cache_mode = 'force_custom_plan'"
        ),
    )
    .await;
    let settings = Settings::parse(&address).expect("an address");
    let db = settings.open().await.expect("its own settings stand above the database's");
    let mut tx = db.write().await.expect("a write");
    let (isolation, zone): (String, String) = tx
        .query_either("", "select current_setting('transaction_isolation'), current_setting('timezone')")
        .one()
        .await
        .expect("settings");
    assert_eq!((&*isolation, &*zone), ("read committed", "UTC"));
    drop(tx);
    db.close().await;

    run(&address, &format!("create schema other; alter database {name} set search_path = other, public"))
        .await;
    let elsewhere = refused(&address).await;
    assert!(elsewhere.contains("search_path other, public"), "{elsewhere}");
    assert!(
        elsewhere.contains("tables are in public; run: alter role evident set search_path = public"),
        "{elsewhere}"
    );
    run(&address, &format!("alter database {name} set search_path = nowhere")).await;
    assert!(refused(&address).await.contains("names no schema that evident may use"));
    run(&address, &format!("alter database {name} reset search_path")).await;
    run(&address, &format!("alter database {name} set default_transaction_read_only = on")).await;
    let read_only = refused(&address).await;
    assert!(
        read_only.contains(&format!("alter database {name} set default_transaction_read_only = 'off'")),
        "{read_only}"
    );
}

#[tokio::test]
async fn a_user_without_rights_is_told_who_grants_what() {
    let Some(server) = server() else { return };
    let (name, address) = fresh(&server, "").await;
    let role = unique("clerk");
    run(&address, &format!("create role {role} login")).await;
    let theirs = address.replacen("evident@", &format!("{role}@"), 1);
    let may_not = refused(&theirs).await;
    let grant = format!("grant usage, create on schema public to {role}");
    assert!(may_not.contains("may not create tables in the schema public"), "{may_not}");
    assert!(may_not.contains(&format!("owner of the database {name} run in it: {grant}")), "{may_not}");
    let output = told(&migrate(&[("EVIDENT_DATABASE_URL", &theirs)]));
    assert!(output.contains(&grant), "{output}");

    // What the message says is enough.
    run(&address, &grant).await;
    Settings::parse(&theirs).expect("an address").open().await.expect("it opens").close().await;

    // Others' tables: neither "nothing applied" nor a bare refusal.
    let stranger = unique("stranger");
    run(&address, &format!("create role {stranger} login")).await;
    let strangers = address.replacen("evident@", &format!("{stranger}@"), 1);
    let output = told(&migrate(&[("EVIDENT_DATABASE_URL", &strangers)]));
    assert!(!output.contains("nothing was to be done"), "{output}");
    assert!(output.contains(&format!("reassign owned by OWNER to {stranger}")), "{output}");
}

#[tokio::test]
async fn migrate_counts_what_was_applied_and_takes_no_failure_for_nothing() {
    let Some(server) = server() else { return };
    let (_, address) = fresh(&server, "").await;
    let settings = Settings::parse(&address).expect("an address");
    assert_eq!(settings.applied().await.expect("a count"), 0);
    // Capitals in a scheme mean the same.
    let output = told(&migrate(&[("EVIDENT_DATABASE_URL", &address.replacen("postgres", "POSTGRES", 1))]));
    assert!(output.contains(" applied."), "{output}");
    let applied = settings.applied().await.expect("a count");
    assert!(applied > 12, "{applied}");
    let output = told(&migrate(&[("EVIDENT_DATABASE_URL", &address)]));
    assert!(
        output.contains(&format!("up to date at migration {applied}; nothing was to be done")),
        "{output}"
    );
    run(
        &address,
        "alter table _sqlx_migrations rename to moved; create view _sqlx_migrations as select * from generate_series(1, 1 / 0)",
    )
    .await;
    assert!(settings.applied().await.is_err());
}

#[test]
fn a_file_that_is_no_database_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("evident.sqlite");
    let with = |data: &Path| told(&migrate(&[("EVIDENT_DATA", &data.display().to_string())]));

    std::fs::write(&file, "Dear Ada,\n".repeat(200)).expect("a letter");
    let letter = with(folder.path());
    assert!(letter.contains("evident.sqlite is there and is no SQLite database; move it away"), "{letter}");
    assert!(std::fs::read_to_string(&file).expect("still there").starts_with("Dear Ada"));

    let no_folder = with(&file);
    assert!(no_folder.contains("evident.sqlite, which is a file; name a folder"), "{no_folder}");

    std::fs::remove_file(&file).and_then(|()| std::fs::create_dir(&file)).expect("a folder in its place");
    assert!(with(folder.path()).contains("is no SQLite database; move it away"));
}

#[test]
fn an_address_with_a_password_as_it_is_typed_is_told_how_to_be_written() {
    for (name, address) in [
        ("EVIDENT_DATABASE_URL", "postgres://evident:9/secret@db.example.com/evident"),
        ("EVIDENT_DATABASE_URL", "postgres://evident:100%secret@db.example.com/evident"),
        ("EVIDENT_SMTP_URL", "smtps://evident:#secret@mail.example.com"),
    ] {
        let output = told(&migrate(&[(name, address), ("EVIDENT_MAIL_FROM", "Evident <e@example.com>")]));
        assert!(output.contains(name) && output.contains("/ as %2F"), "{output}");
        assert!(!output.contains("secret"), "{output}");
    }
}

/// PgBouncer in front of a server, where it is installed; it ends with the value.
struct Bouncer {
    process: std::process::Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        let _ = self.process.kill().and_then(|()| self.process.wait());
    }
}

impl Bouncer {
    fn start(server: &str, pool_mode: &str) -> Option<Bouncer> {
        let folder = tempfile::tempdir().expect("a folder");
        let server = url::Url::parse(server).expect("an address").port().expect("a port");
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.expect("a port").port();
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={server} user=evident\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = {pool_mode}\n"
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, settings).expect("written");
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open).expect("readable");
        let mut command = Command::new("pgbouncer");
        // It refuses to run as root.
        if std::env::var_os("USER").is_none_or(|user| user == "root") {
            command.args(["-u", "nobody"]);
        }
        let Ok(process) = command.arg("-q").arg(&file).spawn() else {
            eprintln!("PgBouncer is left out of this test: it is not installed");
            return None;
        };
        let bouncer = Bouncer { process, port, _folder: folder };
        let listens = || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
        let waited = (0..100).any(|_| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            listens()
        });
        assert!(waited, "PgBouncer listens");
        Some(bouncer)
    }
}

#[tokio::test]
async fn a_pooler_has_to_leave_connections_as_they_are() {
    let Some(server) = server() else { return };
    for pool_mode in ["transaction", "statement", "session"] {
        let (name, straight) = fresh(&server, "").await;
        let Some(bouncer) = Bouncer::start(&server, pool_mode) else { return };
        let address = format!("postgres://evident@127.0.0.1:{}/{name}", bouncer.port);
        if pool_mode != "session" {
            let told = refused(&address).await;
            assert!(
                told.contains("set pool_mode = session for this database in pgbouncer.ini"),
                "{pool_mode}: {told}"
            );
            assert_eq!(Settings::parse(&straight).expect("an address").applied().await.expect("a count"), 0);
            continue;
        }
        let output = told(&migrate(&[("EVIDENT_DATABASE_URL", &address)]));
        assert!(output.contains(" applied."), "{output}");
        let settings = Settings::parse(&address).expect("an address");
        assert!(settings.applied().await.expect("a count") > 12);
        let db = settings.open().await.expect("it opens");
        for _ in 0..40 {
            let mut tx = db.write().await.expect("a write");
            let told = "select current_setting('statement_timeout'), current_setting('plan_cache_mode')";
            let (timeout, plans): (String, String) = tx.query_either("", told).one().await.expect("settings");
            assert_eq!((&*timeout, &*plans), ("15s", "force_generic_plan"));
            tx.commit().await.expect("kept");
            let mut tx = db.read_autocommit().await.expect("an autocommit read");
            tx.query("select count(*) from accounts").one::<(i64,)>().await.expect("a count");
        }
        db.close().await;
    }
}
