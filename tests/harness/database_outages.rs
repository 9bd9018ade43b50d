//! PostgreSQL is stopped at once under load and started again: nothing acknowledged is lost, nobody is told that nothing was
//! changed when it was, and everybody is served again within five seconds. A round is an outage.

use std::time::{Duration, Instant};

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;

use crate::served::crew::Crew;
use crate::served::{Database, Engine, Service};
use crate::{Figure, Run};

const WRITERS: usize = 8;
/// How soon everybody is served again.
const SERVED_WITHIN: Duration = Duration::from_secs(5);

/// Takes the database away, and gives it back.
pub async fn run(run: Run) -> anyhow::Result<Figure> {
    let database = Database::fresh(Engine::Postgres)?;
    let Some(cluster) = &database.cluster else { anyhow::bail!("there is no server to stop") };
    let mut crew = Crew::hire(&database, WRITERS, 2, run.seed).await?;
    let service = Service::start(&database).await?;
    let mut dice = ChaCha12Rng::seed_from_u64(run.seed);
    let mut slowest = Duration::ZERO;
    for outage in 1..=run.count {
        let shift = crew.work(service.address);
        shift.until_kept(dice.random_range(20..=60)).await?;
        tokio::time::sleep(Duration::from_micros(dice.random_range(0..15_000))).await;
        cluster.stop().await?;
        tokio::time::sleep(Duration::from_millis(dice.random_range(0..1500))).await;
        cluster.start_again().await?;
        let back = Instant::now();
        let served = shift.until_each_kept(SERVED_WITHIN).await;
        slowest = slowest.max(back.elapsed());
        crew = shift.end().await?;
        crew.look(&database).await?;
        if !served {
            crew.findings
                .partial(&format!("somebody was not served {SERVED_WITHIN:?} after outage {outage}"));
        }
    }
    let findings = crew.look_back(&database).await?;
    service.kill().await?;
    let mut figure = Figure { line: String::new(), wrong: 0 };
    let line = format!(
        "{} outages, {}, served again after {} ms at most",
        run.count,
        findings.in_short(),
        slowest.as_millis()
    );
    figure.add("PostgreSQL", &line, findings.wrong());
    Ok(figure)
}
