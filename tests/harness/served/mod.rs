//! The real program, as a process of its own on a real database, and clients that write in it: what is shared by the
//! harnesses that kill it, starve it, take its database away or hang up on it.

pub mod check;
pub mod client;
mod cluster;
pub mod crew;
pub mod deed;
mod room;
pub mod writer;

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail};
use chrono::TimeDelta;
use evident::clock::Clock;
use evident::db::Settings;
use evident::ids::Ids;
use evident::instance::{self, Instance};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::Figure;

pub use cluster::Cluster;
pub use room::Room;

/// Names the program; `tests/harness/run` builds it and sets it.
const BINARY: &str = "EVIDENT_BINARY";
/// Longer than any start takes, also one that waits for another's locks.
const START_WITHIN: Duration = Duration::from_secs(30);

/// The two engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// A server of its own.
    Postgres,
}

impl Engine {
    /// Both, in the order in which they are shown.
    pub const BOTH: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }
}

impl Figure {
    /// Adds what was shown on an engine.
    pub fn add(&mut self, engine: &str, line: &str, wrong: u64) {
        let between = if self.line.is_empty() { "" } else { "; " };
        self.line += &format!("{between}{engine}: {line}");
        self.wrong += wrong;
    }
}

/// A database that waits for the disk, as an operator's does, with a folder for all that belongs to it.
pub struct Database {
    /// Where it is.
    pub settings: Settings,
    /// Its server, unless it is embedded.
    pub cluster: Option<Cluster>,
    /// Ledgers and logs, which stand beside it.
    pub folder: TempDir,
}

impl Database {
    /// A fresh one in the system's folder for such things.
    pub fn fresh(engine: Engine) -> anyhow::Result<Database> {
        Database::within(engine, &std::env::temp_dir())
    }

    /// A fresh one whose data is in a given folder.
    pub fn within(engine: Engine, data: &Path) -> anyhow::Result<Database> {
        let folder = tempfile::tempdir()?;
        Ok(match engine {
            Engine::Sqlite => {
                let data = if data == std::env::temp_dir() { folder.path() } else { data };
                Database { settings: Settings::in_folder(data), cluster: None, folder }
            }
            Engine::Postgres => {
                let cluster = Cluster::start(data)?;
                let settings = Settings::parse(&cluster.address)?;
                Database { settings, cluster: Some(cluster), folder }
            }
        })
    }

    /// The instance on it, to look at what is there.
    pub async fn open(&self) -> anyhow::Result<Instance> {
        let settings = instance::Settings {
            zone: chrono_tz::UTC,
            url: "http://127.0.0.1".into(),
            session_idle: TimeDelta::hours(12),
            session_life: TimeDelta::hours(12),
            mail: None,
        };
        Ok(Instance::start(self.settings.open().await?, Clock::System, Ids::random(), settings).await?)
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("service.log")
    }
}

/// The program at work.
pub struct Service {
    process: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Service {
    /// Begins to start one. It ends with the value.
    pub fn begin(database: &Database) -> anyhow::Result<Child> {
        let binary = std::env::var_os(BINARY)
            .with_context(|| format!("{BINARY} is not set; tests/harness/run sets it"))?;
        let mut command = Command::new(binary);
        command.args(["serve", "--listen", "127.0.0.1:0"]).env_clear().env("EVIDENT_LOG_FORMAT", "json");
        command.env("EVIDENT_SESSION_IDLE_MINUTES", "720").env("EVIDENT_SESSION_HOURS", "12");
        match &database.settings {
            Settings::Sqlite(path) => command.env("EVIDENT_DATA", path.parent().context("a folder")?),
            Settings::Postgres(address) => command.env("EVIDENT_DATABASE_URL", address),
        };
        let log = File::create(database.log())?;
        Ok(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).kill_on_drop(true).spawn()?)
    }

    /// Starts one, and waits until it serves.
    pub async fn start(database: &Database) -> anyhow::Result<Service> {
        let process = Service::begin(database)?;
        let begun = tokio::time::Instant::now();
        while begun.elapsed() < START_WITHIN {
            let log = tokio::fs::read_to_string(database.log()).await?;
            let address = log.split_once("serving at http://").and_then(|(_, rest)| rest.split_once('"'));
            if let Some((address, _)) = address {
                return Ok(Service { process, address: address.parse()? });
            }
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        bail!("the service did not start: {}", tokio::fs::read_to_string(database.log()).await?)
    }

    /// Kills it as a power cut would.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        Ok(self.process.kill().await?)
    }
}
