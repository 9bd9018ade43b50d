//! Random walks of two tabs and two accounts through the form that keeps what is typed, in a real browser: the walks are
//! `tests/browser/two-tabs.js`, which this runs against a demo.

use std::process::Stdio;

use anyhow::{Context, ensure};
use serde::Deserialize;
use tokio::process::Command;

use crate::{Figure, Run};

/// What the walks found.
#[derive(Debug, Deserialize)]
struct Found {
    walks: u64,
    /// Texts that were typed.
    typed: u64,
    /// Those that were neither acknowledged nor could be brought back by who typed them.
    lost: u64,
    /// Those that came to anybody else, or lay in the browser so that anybody could read them.
    misplaced: u64,
    /// Walks with a fault, those that broke off among them.
    broken: u64,
}

pub async fn run(run: Run) -> anyhow::Result<Figure> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser");
    let walked = Command::new("node")
        .args(["two-tabs.js", &run.count.to_string(), &run.seed.to_string()])
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .context("node, which tests/run installs, could not be started")?;
    ensure!(
        walked.status.success(),
        "the walks ended with {}; are the packages in tests/browser installed (npm ci)?",
        walked.status
    );
    let said = String::from_utf8(walked.stdout)?;
    let Found { walks, typed, lost, misplaced, broken } =
        serde_json::from_str(said.lines().last().unwrap_or_default()).context("no figure")?;
    ensure!(walks == run.count, "{walks} walks of {}", run.count);
    let line = format!(
        "{walks} walks, {typed} texts typed, {lost} lost, {misplaced} misplaced, {broken} broken off"
    );
    Ok(Figure { line, wrong: lost + misplaced + broken })
}
