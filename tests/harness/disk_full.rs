//! The disk of the database is full: changes are refused whole, with a page that says so, people read on, and everybody is
//! served again once there is room. A round is a disk that fills up.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;

use crate::served::client::{Client, Sent};
use crate::served::crew::Crew;
use crate::served::{Database, Engine, Room, Service};
use crate::{Figure, Run};

const WRITERS: usize = 4;
/// How soon everybody is refused, or served again.
const WITHIN: Duration = Duration::from_secs(5);

/// Fills the disk on both databases.
pub async fn run(run: Run) -> anyhow::Result<Figure> {
    let mut figure = Figure { line: String::new(), wrong: 0 };
    for engine in Engine::BOTH {
        let Some(room) = Room::of(400)? else {
            figure.add(
                engine.name(),
                "left out, since a small disk can't be mounted here (as root it can)",
                0,
            );
            continue;
        };
        let database = Database::within(engine, room.path())?;
        if let Some(cluster) = &database.cluster {
            // Its log may take no more room than there is.
            cluster.set("max_wal_size", "64MB").await?;
        }
        let (line, wrong) = filled(run, engine, &room, &database).await?;
        figure.add(engine.name(), &line, wrong);
    }
    Ok(figure)
}

async fn filled(run: Run, engine: Engine, room: &Room, database: &Database) -> anyhow::Result<(String, u64)> {
    let mut crew = Crew::hire(database, WRITERS, 2, run.seed).await?;
    let service = Service::start(database).await?;
    let mut dice = ChaCha12Rng::seed_from_u64(run.seed);
    let mut slowest = Duration::ZERO;
    let mut crashes = 0;
    for round in 1..=run.count {
        unseen(database).await?;
        let token = crew.writers[0].token();
        let shift = crew.work(service.address);
        shift.until_kept(dice.random_range(5..=30)).await?;
        room.fill_but(dice.random_range(0..=64))?;
        let refused = shift.until_each_refused(WITHIN).await;
        // PostgreSQL gives up altogether when it is its log that can't be written; SQLite always reads on.
        let down = match &database.cluster {
            Some(cluster) => !cluster.runs().await,
            None => false,
        };
        let mut reader = Client::new(service.address);
        let page = reader.page("/evidence", &token);
        let read = reader.send(&page).await;
        room.empty()?;
        if let Some(cluster) = database.cluster.as_ref().filter(|_| down) {
            crashes += 1;
            cluster.start_again().await?;
        }
        let back = Instant::now();
        let served = shift.until_each_kept(WITHIN).await;
        slowest = slowest.max(back.elapsed());
        crew = shift.end().await?;
        crew.look(database).await?;
        if !refused || !served {
            crew.findings.partial(&format!("round {round}: refused {refused}, served again {served}"));
        }
        match read {
            Sent::Answered(answer) if answer.status == 200 => {}
            Sent::Answered(answer) if engine == Engine::Postgres && answer.status == 503 => {}
            Sent::Answered(answer) => {
                crew.findings.partial(&format!("round {round}: a page was answered with {}", answer.status));
            }
            Sent::Unsent | Sent::Lost => {
                crew.findings.partial(&format!("round {round}: a page was not answered"));
            }
        }
    }
    let findings = crew.look_back(database).await?;
    service.kill().await?;
    let stopped =
        if crashes > 0 { format!(" ({crashes} times its server had to be started)") } else { String::new() };
    let line = format!(
        "{} full disks, {}, served again after {} ms at most{stopped}",
        run.count,
        findings.in_short(),
        slowest.as_millis()
    );
    Ok((line, findings.wrong()))
}

/// Lets every session look unused for a while, so that the next request has something to note.
async fn unseen(database: &Database) -> anyhow::Result<()> {
    let instance = database.open().await?;
    let mut tx = instance.db.write().await?;
    tx.query("update sessions set last_seen_at = $1")
        .bind(instance.now() - TimeDelta::minutes(2))
        .run()
        .await?;
    tx.commit().await?;
    instance.db.close().await;
    Ok(())
}
