//! What was acknowledged is there after the program was killed, at whatever moment; what was not is gone whole; and every
//! change has its audit entry. A round is a kill.

use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;

use crate::served::crew::Crew;
use crate::served::{Database, Engine, Service};
use crate::{Figure, Run};

const WRITERS: usize = 8;
/// After so many kills the whole database is looked through, and not only what was done since.
const LOOK_THROUGH_EVERY: u64 = 100;

/// Kills it on both databases.
pub async fn run(run: Run) -> anyhow::Result<Figure> {
    let mut figure = Figure { line: String::new(), wrong: 0 };
    for engine in Engine::BOTH {
        let database = Database::fresh(engine)?;
        // More dossiers for more rounds, so that none grows past what people have.
        let desks = usize::try_from(run.count / 100)?.clamp(2, 12);
        let mut crew = Crew::hire(&database, WRITERS, desks, run.seed).await?;
        let mut dice = ChaCha12Rng::seed_from_u64(run.seed);
        for kill in 1..=run.count {
            if dice.random_bool(0.05) {
                // While it starts, or has just begun to serve.
                let mut process = Service::begin(&database)?;
                tokio::time::sleep(Duration::from_millis(dice.random_range(0..200))).await;
                process.kill().await?;
                continue;
            }
            let service = Service::start(&database).await?;
            crew.look(&database).await?;
            if kill % LOOK_THROUGH_EVERY == 0 {
                crew.look_through(&database).await?;
            }
            let shift = crew.work(service.address);
            shift.until_kept(dice.random_range(80..=160)).await?;
            tokio::time::sleep(Duration::from_micros(dice.random_range(0..15_000))).await;
            service.kill().await?;
            crew = shift.end().await?;
        }
        let service = Service::start(&database).await?;
        let findings = crew.look_back(&database).await?;
        service.kill().await?;
        figure.add(engine.name(), &format!("{} kills, {}", run.count, findings.in_short()), findings.wrong());
    }
    Ok(figure)
}
