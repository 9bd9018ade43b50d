//! One person asks for much at once: others are answered as quickly as before. A round is a board of another day, asked for
//! by one CTO at once with all the others, of a company of 300 candidates; a small number takes a small company.

use std::time::Duration;

use anyhow::Context;
use tokio::task::JoinSet;

use crate::slow_clients::served::{Program, once};
use crate::{Figure, Run};

/// How long others are timed before.
const BEFORE: Duration = Duration::from_secs(5);
/// What a busy machine may add to the slowest of a hundred answers, whatever the program does.
const NOISE: Duration = Duration::from_millis(5);
/// From how many rounds on the company is large, and times are judged.
const MANY: u64 = 64;

pub async fn run(run: Run) -> anyhow::Result<Figure> {
    let (candidates, entries) = if run.count >= MANY { (300, 45_000) } else { (12, 400) };
    let program = Program::with(candidates, entries).await.context("the program does not start")?;
    let (cto, member) = (program.sign_in("cto").await?, program.sign_in("committee").await?);
    let besides = [("/committee", member)];
    // What is kept after the first time is there from now on.
    for (page, cookie) in [("/committee", &besides[0].1), ("/dossiers", &cto)] {
        once(program.address, &get(&program, page, cookie)).await?;
    }
    let before = program.timed_with(&besides, async { tokio::time::sleep(BEFORE).await }).await?;
    let (mut served, mut put_off, mut wrong) = (0_u64, 0_u64, 0_u64);
    let mut asked = JoinSet::new();
    for round in 0..run.count {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 10, 1).context("a day")?
            - chrono::TimeDelta::days(i64::try_from(round + run.seed)?);
        let request = get(&program, &format!("/dossiers?as_of={day}"), &cto);
        let address = program.address;
        asked.spawn(async move { once(address, &request).await });
    }
    let began = std::time::Instant::now();
    let meanwhile = async {
        while let Some(answer) = asked.join_next().await {
            match answer.map_err(anyhow::Error::from).and_then(|answer| answer) {
                Ok(answer) if answer.starts_with("HTTP/1.1 200") => served += 1,
                Ok(answer) if answer.starts_with("HTTP/1.1 429") && answer.contains("retry-after: ") => {
                    put_off += 1;
                }
                Ok(answer) => {
                    println!("  FAILED {}", answer.lines().next().unwrap_or_default());
                    wrong += 1;
                }
                Err(error) => {
                    println!("  FAILED {error}");
                    wrong += 1;
                }
            }
        }
    };
    let during = program.timed_with(&besides, meanwhile).await?;
    let took = began.elapsed();
    let alive = program.answers_still().await?;
    let judged = run.count >= MANY && !cfg!(debug_assertions);
    let slowed = judged && during.p99 > (before.p99 * 2).max(before.p99 + NOISE);
    let line = format!(
        "{} boards of other days at once over {candidates} candidates: {served} served and {put_off} put off within {:.1} s; \
         others' p99 {:.1} ms before ({} answers) and {:.1} ms meanwhile ({} answers), {} failed, {wrong} wrong",
        run.count,
        took.as_secs_f64(),
        before.p99.as_secs_f64() * 1_000.0,
        before.times,
        during.p99.as_secs_f64() * 1_000.0,
        during.times,
        before.failed + during.failed,
    );
    let wrong = wrong + before.failed + during.failed + u64::from(slowed) + u64::from(!alive);
    Ok(Figure { line, wrong })
}

fn get(program: &Program, page: &str, cookie: &str) -> String {
    let address = program.address;
    format!("GET {page} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n")
}
