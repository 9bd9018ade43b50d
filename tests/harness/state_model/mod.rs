//! The product against a model of it: the same random deeds are done to both, and after each the one must have answered as
//! the other, and show everybody what the other shows. A story that tells them apart is made as short as it can be, and told.

mod model;
mod real;
mod story;

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{bail, ensure};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use strum::VariantArray;
use tokio::runtime::Handle;
use tokio::task::block_in_place;

use self::model::{Model, Outcome};
use self::real::Real;
use self::story::{Step, Who, story};
use super::{Figure, Run};
use crate::stage::Stage;

/// So many steps a story has.
const STEPS: usize = 50;
/// So many stories are told on a database before it is emptied.
const STORIES: u64 = 20;

/// Tells so many stories on each engine.
pub async fn run(run: Run) -> anyhow::Result<Figure> {
    let mut engines = Vec::new();
    let mut divergences = 0;
    let tally = Tally::default();
    for mut stage in Stage::on_both().await? {
        engines.push(stage.engine());
        let mut told = 0;
        while told < run.count {
            let part = STORIES.min(run.count - told);
            let seed = run.seed.wrapping_mul(1_000_003).wrapping_add(told);
            stage.begin(seed).await?;
            let mut runner = runner(seed, part)?;
            let number = AtomicU64::new(0);
            let strategy = story(STEPS);
            let outcome = block_in_place(|| {
                runner.run(&strategy, |story| {
                    let number = number.fetch_add(1, Ordering::Relaxed);
                    Handle::current()
                        .block_on(tell(&stage, number, &story, &tally))
                        .map_err(|error| TestCaseError::fail(format!("{error:#}")))
                })
            });
            told += part;
            match outcome {
                Ok(()) => {}
                Err(TestError::Fail(why, story)) => {
                    divergences += 1;
                    let story: Vec<String> = story.iter().map(ToString::to_string).collect();
                    eprintln!("on {}, {why}, after\n  {}", stage.engine(), story.join("\n  "));
                }
                Err(TestError::Abort(why)) => bail!("no story could be told: {why}"),
            }
        }
    }
    let [done, refused, idle] = [tally.done, tally.refused, tally.idle].map(AtomicU64::into_inner);
    let line = format!(
        "{} stories of {STEPS} steps on {} ({done} done, {refused} refused, {idle} about nothing yet), \
         {divergences} divergences",
        run.count,
        engines.join(" and on ")
    );
    Ok(Figure { line, wrong: divergences })
}

fn runner(seed: u64, cases: u64) -> anyhow::Result<TestRunner> {
    let config = Config {
        cases: u32::try_from(cases)?,
        failure_persistence: None,
        max_shrink_iters: 3_000,
        max_shrink_time: 120_000,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    Ok(TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)))
}

/// What came of the steps of all stories.
#[derive(Default)]
struct Tally {
    done: AtomicU64,
    refused: AtomicU64,
    /// Of those that were about something that is not there yet.
    idle: AtomicU64,
}

/// Tells one story to both.
async fn tell(stage: &Stage, number: u64, story: &[Step], tally: &Tally) -> anyhow::Result<()> {
    let mut model = Model::new();
    let mut real = Real::begin(stage, number).await?;
    for (count, step) in story.iter().enumerate() {
        let owner = model.concerns(step);
        let before = model.clone();
        let expected = model.act(step);
        let outcome = real.act(&before, step).await?;
        ensure!(outcome == expected, "{step} is {outcome:?}, and should be {expected:?}");
        match outcome {
            Outcome::Done => drop(tally.done.fetch_add(1, Ordering::Relaxed)),
            Outcome::Refused(_) => drop(tally.refused.fetch_add(1, Ordering::Relaxed)),
            Outcome::Idle => drop(tally.idle.fetch_add(1, Ordering::Relaxed)),
        }
        // Who did it, and one other each time; everybody at the end.
        let owner = owner.unwrap_or(Who::Ada);
        let other = Who::VARIANTS[count % Who::VARIANTS.len()];
        for viewer in [step.by, other] {
            compare(&model, &real, viewer, owner).await?;
        }
        real.ask(other, count).await?;
    }
    for viewer in Who::VARIANTS {
        for owner in [Who::Ada, Who::Ben] {
            compare(&model, &real, *viewer, owner).await?;
        }
    }
    real.kept_is_as_new().await?;
    let reader = Who::VARIANTS[usize::try_from(number)? % Who::VARIANTS.len()];
    real.pages(&model, reader).await
}

async fn compare(model: &Model, real: &Real<'_>, viewer: Who, owner: Who) -> anyhow::Result<()> {
    let (seen, expected) = (real.view(viewer, owner).await?, model.view(viewer, owner));
    ensure!(seen == expected, "of {owner}’s dossier {viewer} sees {seen:?}, and should see {expected:?}");
    Ok(())
}
