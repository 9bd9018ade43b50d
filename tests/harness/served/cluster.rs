//! A PostgreSQL cluster of a harness's own, which it may stop and start.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, ensure};
use sqlx::Connection;

/// Stopped and removed with the value.
pub struct Cluster {
    /// The address of its database.
    pub address: String,
    control: PathBuf,
    /// `tests/postgres`, which stops the cluster when its command ends: a `cat` that reads until we let go.
    keeper: Child,
}

impl Cluster {
    /// Starts one whose data is below a folder, and which waits for the disk.
    pub fn start(folder: &Path) -> anyhow::Result<Cluster> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/postgres");
        let tell = "echo \"$EVIDENT_TEST_POSTGRES $EVIDENT_TEST_POSTGRES_CONTROL\"; exec cat >/dev/null";
        let mut keeper = Command::new(script)
            .args(["--durable", "sh", "-c", tell])
            .env("TMPDIR", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut told = String::new();
        BufReader::new(keeper.stdout.take().context("its output")?).read_line(&mut told)?;
        let (server, control) = told.trim().split_once(' ').context("PostgreSQL did not start")?;
        Ok(Cluster { address: format!("{server}/postgres"), control: control.into(), keeper })
    }

    /// Changes one of its settings.
    pub async fn set(&self, name: &str, value: &str) -> anyhow::Result<()> {
        let mut connection = sqlx::PgConnection::connect(&self.address).await?;
        let set = sqlx::AssertSqlSafe(format!("alter system set {name} = '{value}'"));
        sqlx::raw_sql(set).execute(&mut connection).await?;
        sqlx::raw_sql("select pg_reload_conf()").execute(&mut connection).await?;
        Ok(())
    }

    /// Stops it at once, as its crash would.
    pub async fn stop(&self) -> anyhow::Result<()> {
        self.control(&["stop", "-m", "immediate"]).await
    }

    /// Starts it again, and waits until it takes connections.
    pub async fn start_again(&self) -> anyhow::Result<()> {
        self.control(&["start"]).await
    }

    /// Whether it runs.
    pub async fn runs(&self) -> bool {
        self.control(&["status"]).await.is_ok()
    }

    async fn control(&self, arguments: &[&str]) -> anyhow::Result<()> {
        let mut command = tokio::process::Command::new(&self.control);
        // What the server inherits must be no pipe of ours.
        let status = command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status().await?;
        ensure!(status.success(), "pg_ctl {} failed", arguments.join(" "));
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        if let Err(error) = self.keeper.wait() {
            eprintln!("a PostgreSQL cluster may be left running: {error}");
        }
    }
}
