//! The processes that are measured: the program itself, and a server of one constant page; their time and their memory.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use crate::client::Client;

const DAY: &str = "2026-11-20";
const TIME: &str = "12:00";

/// What the program is told of the database that it serves.
#[derive(Clone, Debug)]
pub enum Place {
    /// A folder with an embedded database.
    Folder(PathBuf),
    /// The address of a PostgreSQL database.
    Server(String),
}

/// A process that listens, ended with this value.
pub struct Process {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From its start to its first answer.
    pub started_in: Duration,
    /// The database server's first process, whose time counts as well.
    database: Option<u32>,
}

impl Process {
    /// Serves a company with the program as it is shipped, at the moment of all that is measured.
    pub async fn serve(place: &Place, size: (usize, usize)) -> anyhow::Result<Process> {
        let database = match place {
            Place::Folder(_) => None,
            Place::Server(address) => Some(database_server(address)?),
        };
        let address = free_port()?;
        let mut command = demo(place, size);
        command.arg("--listen").arg(address.to_string()).stdout(Stdio::null());
        Process::start(command, address, "/sign-in", database).await
    }

    /// Serves a page of so many bytes, held in memory, through the same listener and outer layers.
    pub async fn constant(bytes: usize) -> anyhow::Result<Process> {
        let mut command = Command::new(std::env::current_exe()?);
        let address = free_port()?;
        command.arg("constant").arg(bytes.to_string()).arg(address.to_string());
        Process::start(command, address, "/", None).await
    }

    async fn start(
        mut command: Command,
        address: SocketAddr,
        path: &str,
        database: Option<u32>,
    ) -> anyhow::Result<Process> {
        let began = Instant::now();
        let child = command.stdin(Stdio::null()).spawn().context("a process did not start")?;
        let mut process = Process { child, address, started_in: Duration::ZERO, database };
        let request = get(path, "");
        loop {
            if let Ok(mut client) = Client::connect(address).await
                && client.ask(&request).await.is_ok_and(|status| status == 200)
            {
                process.started_in = began.elapsed();
                return Ok(process);
            }
            if let Some(status) = process.child.try_wait()? {
                bail!("{command:?} ended with {status}");
            }
            if began.elapsed() > Duration::from_mins(1) {
                bail!("{command:?} did not answer within a minute");
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// The processor's time that it has used so far, with that of the database server.
    pub fn time(&self) -> Duration {
        let own = time_of(self.child.id());
        let of_database = self.database.map(family).unwrap_or_default();
        own + of_database.into_iter().map(time_of).sum::<Duration>()
    }

    /// The memory that it holds, in bytes.
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        kilobytes.unwrap_or(0) * 1024
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A request for a page with a session's token, or without one.
pub fn get(path: &str, token: &str) -> Vec<u8> {
    let cookie = if token.is_empty() { String::new() } else { format!("cookie: evident={token}\r\n") };
    format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{cookie}\r\n").into_bytes()
}

/// A request that sends a form.
pub fn post(path: &str, token: &str, form: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: evident={token}\r\nsec-fetch-site: same-origin\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    )
    .into_bytes()
}

/// The moment at which everything that is measured begins: a clock of its own, since what a service does by itself has
/// its hours.
pub fn begins() -> DateTime<Utc> {
    let (day, time) = (DAY.parse::<NaiveDate>(), NaiveTime::parse_from_str(TIME, "%H:%M"));
    day.expect("a day").and_time(time.expect("a time")).and_utc()
}

/// The program with a company of so many dossiers and entries, which it makes unless it is there.
fn demo(place: &Place, (dossiers, entries): (usize, usize)) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evident"));
    command.args(["demo", "--today", DAY, "--at", TIME]);
    command.args(["--candidates", &dossiers.to_string(), "--entries", &entries.to_string()]);
    match place {
        Place::Folder(folder) => command.arg("--data").arg(folder),
        Place::Server(address) => command.arg("--database").arg(address),
    };
    command.env_clear().env("EVIDENT_LOG", "warn").stdin(Stdio::null());
    command
}

/// Makes a demo's company in a place and waits for it.
pub fn make_company(place: &Place, dossiers: usize, entries: usize) -> anyhow::Result<()> {
    let mut command = demo(place, (dossiers, entries));
    command.arg("--json").stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().context("the demo did not start")?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
    child.kill()?;
    let status = child.wait()?;
    if line.is_empty() {
        bail!("the demo ended before it served: {status}");
    }
    Ok(())
}

fn free_port() -> anyhow::Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// The processor's time of a process, from the kernel's count of hundredths of seconds.
fn time_of(process: u32) -> Duration {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

/// A process and its children.
fn family(parent: u32) -> Vec<u32> {
    let mut found = vec![parent];
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(process) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        let text = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let of = text.rsplit(')').next().unwrap_or_default().split_whitespace().nth(1);
        if of.and_then(|of| of.parse().ok()) == Some(parent) {
            found.push(process);
        }
    }
    found
}

/// The first process of the server at an address: the one that wrote its number beside its socket.
fn database_server(address: &str) -> anyhow::Result<u32> {
    let port = url::Url::parse(address)?.port().context("an address without a port")?;
    for entry in std::fs::read_dir(std::env::temp_dir())?.flatten() {
        let lock = entry.path().join(format!(".s.PGSQL.{port}.lock"));
        if let Ok(text) = std::fs::read_to_string(lock) {
            return text.lines().next().and_then(|line| line.parse().ok()).context("a lock without a number");
        }
    }
    bail!("the PostgreSQL server at port {port} was not found")
}
