//! Clients that are slow or garbled, against the real program: all are let go in time, and others are served meanwhile
//! as quickly as before. A round is a half-sent head; for each there is a silent connection, and for every five a stalled
//! body and a client that takes none of its answer.

mod clients;
pub mod served;
mod shapes;

use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::task::JoinSet;

use crate::{Figure, Run};
use clients::Kind;
use served::Program;

/// Until when every slow client is to be let go.
const LET_GO_WITHIN: Duration = Duration::from_secs(30);
/// How long others are timed before the slow ones come.
const BEFORE: Duration = Duration::from_secs(5);
/// What a busy machine may add to the slowest of a hundred answers, whatever the program does.
const NOISE: Duration = Duration::from_millis(5);

pub async fn run(run: Run) -> anyhow::Result<Figure> {
    let each = usize::try_from(run.count)?;
    let some = each.div_ceil(5);
    evident::server::make_room(2 * each + 2 * some + 100);
    let program = Program::start().await.context("the program does not start")?;
    let before = program.timed(async { tokio::time::sleep(BEFORE).await }).await?;

    let mut slow = JoinSet::new();
    let began = Instant::now();
    for (kind, number) in
        [(Kind::HalfHead, each), (Kind::Silent, each), (Kind::StalledBody, some), (Kind::TakesNothing, some)]
    {
        for n in 0..number {
            slow.spawn(clients::held(kind, n, program.address, program.cookie.clone()));
        }
    }
    let opened = began.elapsed();
    let (mut held, mut longest, mut unopened) = (0_u64, Duration::ZERO, 0_u64);
    let meanwhile = async {
        while let Some(client) = slow.join_next().await {
            match client.expect("it ends") {
                Ok(time) => {
                    longest = longest.max(time);
                    held += u64::from(time > LET_GO_WITHIN);
                }
                Err(error) => {
                    println!("  could not open: {error}");
                    unopened += 1;
                }
            }
        }
    };
    let during = program.timed(meanwhile).await?;
    let garbled = shapes::all(program.address, &program.cookie).await;
    for told in &garbled.wrong {
        println!("  FAILED {told}");
    }
    let alive = program.answers_still().await?;
    println!("  opened in {opened:.1?}; others were answered {} and {} times", before.times, during.times);
    let slowed = during.p99 > (before.p99 * 2).max(before.p99 + NOISE);
    let line = format!(
        "{each} half-sent heads, {each} silent, {some} stalled bodies, {some} that take nothing: {held} held longer than \
         {} s (longest {:.1} s); others' p99 {:.1} ms before and {:.1} ms meanwhile, {} failed; {} garbled shapes, {} wrong",
        LET_GO_WITHIN.as_secs(),
        longest.as_secs_f64(),
        before.p99.as_secs_f64() * 1_000.0,
        during.p99.as_secs_f64() * 1_000.0,
        before.failed + during.failed,
        garbled.sent,
        garbled.wrong.len(),
    );
    let wrong =
        held + unopened + u64::from(slowed) + before.failed + during.failed + garbled.wrong.len() as u64;
    Ok(Figure { line, wrong: wrong + u64::from(!alive) })
}
