//! How fast the program is at the size of a large company: `cargo bench --bench load`.
//!
//! It makes companies of 2,000 dossiers with 300,000 entries (and smaller ones, to see what growth costs), serves them
//! with the real program on SQLite and on PostgreSQL, asks over loopback with real sessions, and writes what it saw to
//! `docs/performance.md`. Speeds are told as shares of what a constant page of the same size reaches through the same
//! listener and outer layers, in slices that take turns within one run, so that they mean something on any machine.
//! `--quick` only shows that it works: small companies, short slices, and nothing is written.

mod client;
mod company;
mod constant;
mod figures;
mod process;
mod report;

use std::time::Duration;

use anyhow::Context;

use company::Company;
use figures::{Engine, Figures};

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// Dossiers and entries of the large company; a tenth of either for growth.
    pub size: (usize, usize),
    /// How often slices take turns.
    pub rounds: usize,
    /// How long a slice is.
    pub slice: Duration,
}

const FULL: Extent = Extent { size: (2_000, 300_000), rounds: 5, slice: Duration::from_secs(1) };
const QUICK: Extent = Extent { size: (30, 1_500), rounds: 1, slice: Duration::from_millis(100) };

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // One thread, so that what is measured has the rest of the machine.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    if let ["constant", bytes, address] = arguments.as_slice() {
        return runtime.block_on(constant::serve(bytes.parse()?, address));
    }
    let Ok(server) = std::env::var("EVIDENT_TEST_POSTGRES") else { return with_postgres(&arguments) };
    let quick = arguments.contains(&"--quick");
    let extent = if quick { QUICK } else { FULL };
    let mut engines = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let server = (engine == Engine::Postgres).then_some(server.as_str());
        engines.push(runtime.block_on(measure(engine, server, extent))?);
    }
    println!("{}", report::table(&engines));
    if !quick {
        report::write(&engines).context("docs/performance.md can't be written")?;
    }
    Ok(())
}

/// Starts itself again beside a throwaway PostgreSQL, which keeps what it acknowledges as a real one does.
fn with_postgres(arguments: &[&str]) -> anyhow::Result<()> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let status = std::process::Command::new(root.join("tests/postgres"))
        .arg("--durable")
        .arg(std::env::current_exe()?)
        .args(arguments)
        .current_dir(root)
        .status()
        .context("tests/postgres did not run")?;
    anyhow::ensure!(status.success(), "the measuring ended with {status}");
    Ok(())
}

async fn measure(engine: Engine, server: Option<&str>, extent: Extent) -> anyhow::Result<Figures> {
    let (dossiers, entries) = extent.size;
    // From small to large: fewer dossiers with as many entries each, then fewer entries in as many dossiers.
    let make = async |dossiers, entries| {
        eprintln!("{}: making {dossiers} dossiers with {entries} entries", engine.name());
        Company::make(server, dossiers, entries).await
    };
    let companies = [
        make(dossiers / 10, entries / 10).await?,
        make(dossiers, entries / 10).await?,
        make(dossiers, entries).await?,
    ];
    eprintln!("{}: growth", engine.name());
    let growth = figures::of_growth(&companies, extent).await?;
    let [_, _, large] = companies;
    figures::of(engine, &large, growth, extent).await
}
