//! Clients hang up in the midst of a request's head or body, or before they are answered: each change is there whole or not
//! at all, what others were acknowledged is kept, and no connection is left in a transaction. A round is a cut request.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use evident::db::Settings;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tokio::task::JoinSet;

use crate::served::client::Client;
use crate::served::crew::Crew;
use crate::served::deed::Told;
use crate::served::writer::Writer;
use crate::served::{Database, Engine, Service};
use crate::{Figure, Run};

const WRITERS: usize = 8;
/// Pages that read for a while.
const PAGES: [&str; 4] = ["/", "/evidence", "/readiness", "/people"];
/// After the last request, how long what is under way may take.
const QUIET: Duration = Duration::from_secs(1);

/// Hangs up on both databases.
pub async fn run(run: Run) -> anyhow::Result<Figure> {
    let mut figure = Figure { line: String::new(), wrong: 0 };
    for engine in Engine::BOTH {
        let database = Database::fresh(engine)?;
        let mut crew = Crew::hire(&database, WRITERS, 2, run.seed).await?;
        let service = Service::start(&database).await?;
        let left = Arc::new(AtomicU64::new(run.count));
        let mut tasks = JoinSet::new();
        for (number, writer) in std::mem::take(&mut crew.writers).into_iter().enumerate() {
            let dice = ChaCha12Rng::seed_from_u64(run.seed.wrapping_add(number as u64));
            tasks.spawn(hang_up(writer, Client::new(service.address), dice, left.clone()));
        }
        while let Some(writer) = tasks.join_next().await {
            crew.writers.push(writer??);
        }
        tokio::time::sleep(QUIET).await;
        let held = left_in_transaction(&database).await?;
        let findings = crew.look_back(&database).await?;
        service.kill().await?;
        let line = format!(
            "{} cut requests, {}, {held} connections left in a transaction",
            run.count,
            findings.in_short()
        );
        figure.add(engine.name(), &line, findings.wrong() + held);
    }
    Ok(figure)
}

/// Cuts requests until there are none left, and makes whole ones in between.
async fn hang_up(
    mut writer: Writer,
    mut client: Client,
    mut dice: ChaCha12Rng,
    left: Arc<AtomicU64>,
) -> anyhow::Result<Writer> {
    let one_less = |left: u64| left.checked_sub(1);
    while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok() {
        if dice.random_bool(0.3) {
            writer.write(&mut client).await?;
        }
        let patience = Duration::from_micros(dice.random_range(0..8_000));
        if dice.random_bool(0.3) {
            let token = writer.token();
            let page = client.page(PAGES[dice.random_range(0..PAGES.len())], &token);
            client.cut(&page, patience).await?;
            continue;
        }
        let attempt = writer.attempt();
        let request = writer.request(&client, &attempt);
        let whole = dice.random_bool(0.4);
        let sent = if whole { request.len() } else { dice.random_range(0..request.len()) };
        client.cut(&request[..sent], patience).await?;
        writer.note(attempt, if whole { Told::Unknown } else { Told::Refused }).await?;
    }
    Ok(writer)
}

/// How many of the service's connections hold a transaction although nobody asks for anything.
async fn left_in_transaction(database: &Database) -> anyhow::Result<u64> {
    let held: i64 = match &database.settings {
        // Another connection can take the log in whole only if nobody reads or writes.
        Settings::Sqlite(file) => {
            let options = SqliteConnectOptions::new().filename(file);
            let mut connection = SqliteConnection::connect_with(&options).await?;
            let (busy, _, _): (i64, i64, i64) =
                sqlx::query_as("pragma wal_checkpoint(truncate)").fetch_one(&mut connection).await?;
            connection.close().await?;
            busy
        }
        Settings::Postgres(address) => {
            let mut connection = PgConnection::connect(address).await?;
            let (held,): (i64,) = sqlx::query_as(
                "select count(*) from pg_stat_activity where datname = current_database() \
                 and pid <> pg_backend_pid() and xact_start is not null",
            )
            .fetch_one(&mut connection)
            .await?;
            connection.close().await?;
            held
        }
    };
    Ok(held.unsigned_abs())
}
