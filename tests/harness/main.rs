//! Harnesses that show what must never go wrong: each is one command, takes its count as an argument, and prints its
//! figure in a line. `tests/harness/run NAME [COUNT] [--seed N]` runs one; without a name, a small number of each.
//!
//! A run is its seed: the same seed and count do the same, and a failure says which seed and which step it was.

use std::process::ExitCode;
use std::time::Instant;

use clap::{Parser, ValueEnum};
use strum::VariantArray;

mod acknowledged_writes;
mod amplification;
mod audit_tampering;
#[path = "../authorization/mod.rs"]
#[expect(dead_code, reason = "shared with the suite, which uses the rest")]
mod authorization;
mod bad_input;
mod database_outages;
mod dice;
mod disk_full;
mod fuzz;
mod hang_ups;
mod matrix;
mod non_interference;
mod policy_sql;
mod served;
mod sign_in_attacks;
mod slow_clients;
mod stage;
mod state_model;
#[path = "../story/mod.rs"]
mod story;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared with the suite, which uses the rest")]
mod support;
mod two_tabs;
mod waits;

/// One of the harnesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, VariantArray, strum::Display)]
#[strum(serialize_all = "kebab-case")]
enum Name {
    /// Every parser, with what is made from sound inputs; a round is one run
    Fuzz,
    /// Hostile requests to every route; a round is one request
    BadInput,
    /// Slow and garbled clients; a round is a half-sent head
    SlowClients,
    /// Guessing, forging, racing and other sites; a round is one of each
    SignInAttacks,
    /// The policy, every route and every text, against the tables of who may see and do what
    Authorization,
    /// What is shown of random companies, against what the policy allows
    PolicySql,
    /// Two worlds that differ only in what a viewer may not see, a pair a round.
    NonInterference,
    /// The product against a model of it, a story a round.
    StateModel,
    /// Everything that can be entered, filled with what grows most; a round is one way to grow.
    Amplification,
    /// One person asks for much at once; a round is a board of another day.
    Waits,
    AuditTampering,
    AcknowledgedWrites,
    DatabaseOutages,
    DiskFull,
    HangUps,
    /// Two tabs and two accounts in a browser; a round is a walk
    TwoTabs,
}

#[derive(Debug, Parser)]
#[command(about = "Shows what must never go wrong, and prints the figure")]
struct Arguments {
    /// Which harness; a small number of each without one
    name: Option<Name>,
    /// How many rounds; what one is, each harness says
    count: Option<u64>,
    /// Where chance begins
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// What a harness is asked for.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// How many rounds.
    count: u64,
    /// Where chance begins.
    seed: u64,
}

/// What a harness has shown.
#[derive(Debug)]
struct Figure {
    /// What was counted: `1000 kills, 131072 acknowledged, 0 lost, 0 without audit entry`.
    line: String,
    /// How many of what must never happen did happen.
    wrong: u64,
}

impl Name {
    /// How many rounds show that the harness works, within half a minute.
    fn small(self) -> u64 {
        match self {
            Name::Fuzz => 10_000,
            Name::BadInput => 1_000,
            Name::SlowClients | Name::Authorization | Name::PolicySql | Name::TwoTabs => 20,
            Name::SignInAttacks | Name::Amplification => 1,
            Name::NonInterference | Name::AcknowledgedWrites => 5,
            Name::StateModel | Name::Waits => 10,
            Name::AuditTampering => 100,
            Name::DatabaseOutages | Name::DiskFull => 2,
            Name::HangUps => 300,
        }
    }

    async fn run(self, run: Run) -> anyhow::Result<Figure> {
        match self {
            Name::Fuzz => Ok(fuzz::run(run)),
            Name::BadInput => Ok(bad_input::run(run)),
            Name::SlowClients => slow_clients::run(run).await,
            Name::SignInAttacks => Ok(sign_in_attacks::run(run).await),
            Name::Authorization => matrix::run(run).await,
            Name::PolicySql => policy_sql::run(run).await,
            Name::NonInterference => non_interference::run(run).await,
            Name::StateModel => state_model::run(run).await,
            Name::Amplification => Ok(amplification::run(run).await),
            Name::Waits => waits::run(run).await,
            Name::AuditTampering => audit_tampering::run(run).await,
            Name::AcknowledgedWrites => acknowledged_writes::run(run).await,
            Name::DatabaseOutages => database_outages::run(run).await,
            Name::DiskFull => disk_full::run(run).await,
            Name::HangUps => hang_ups::run(run).await,
            Name::TwoTabs => two_tabs::run(run).await,
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let chosen = arguments.name.as_ref().map_or(Name::VARIANTS, std::slice::from_ref);
    let mut failed = 0;
    for name in chosen {
        let run = Run { count: arguments.count.unwrap_or_else(|| name.small()), seed: arguments.seed };
        let began = Instant::now();
        match name.run(run).await {
            Ok(figure) => {
                println!("{name}: {} (seed {}, {} s)", figure.line, run.seed, began.elapsed().as_secs());
                failed += u64::from(figure.wrong > 0);
            }
            Err(error) => {
                println!("{name}: could not run: {error:#}");
                failed += 1;
            }
        }
    }
    println!("{} passed, {failed} failed", chosen.len() as u64 - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
