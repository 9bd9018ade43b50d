//! The real program, and others who use it meanwhile.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How many others there are, and how long each rests between two requests.
const OTHERS: usize = 4;
const REST: Duration = Duration::from_millis(20);

/// A demo, served by a process of its own.
pub struct Program {
    process: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// A candidate's session.
    pub cookie: String,
}

/// How quickly others were answered.
pub struct Timed {
    /// How often.
    pub times: usize,
    /// The time within which 99 of 100 were.
    pub p99: Duration,
    /// How many were not, or not well.
    pub failed: u64,
}

impl Program {
    /// Starts it, and signs in.
    pub async fn start() -> anyhow::Result<Program> {
        let mut process = Command::new(env!("CARGO_BIN_EXE_evident"))
            .args([
                "demo",
                "--listen",
                "127.0.0.1:0",
                "--seed",
                "1",
                "--candidates",
                "12",
                "--entries",
                "400",
                "--today",
                "2026-11-20",
                "--at",
                "12:00",
                "--json",
            ])
            .env("EVIDENT_LOG", "error")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let mut out = BufReader::new(process.stdout.take().context("its output")?).lines();
        let line = out.next_line().await?.context("it said nothing")?;
        let told: serde_json::Value = serde_json::from_str(&line)?;
        let base = told["url"].as_str().context("no address")?.to_owned();
        let address = base.trim_start_matches("http://").parse()?;
        let link = told["sign_in"]["candidate"].as_str().context("no link")?.replace(&base, "");
        let answer =
            once(address, &format!("GET {link} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"))
                .await?;
        let cookie = answer.split("set-cookie: ").nth(1).and_then(|rest| rest.split(';').next());
        let cookie = cookie.context("no session")?.to_owned();
        Ok(Program { process, address, cookie })
    }

    /// How quickly others are answered while something goes on.
    pub async fn timed(&self, meanwhile: impl Future<Output = ()>) -> anyhow::Result<Timed> {
        let stop = CancellationToken::new();
        let mut others = JoinSet::new();
        for n in 0..OTHERS {
            others.spawn(other(n, self.address, self.cookie.clone(), stop.clone()));
        }
        meanwhile.await;
        stop.cancel();
        let (mut times, mut failed) = (Vec::new(), 0);
        while let Some(ended) = others.join_next().await {
            let (its, not) = ended?;
            times.extend(its);
            failed += not;
        }
        times.sort_unstable();
        let p99 = times.get(times.len().saturating_sub(1) * 99 / 100).copied();
        Ok(Timed { times: times.len(), p99: p99.context("nobody was answered")?, failed })
    }

    /// Whether it still answers after all that; then it is ended.
    pub async fn answers_still(mut self) -> anyhow::Result<bool> {
        let request = format!("GET /readyz HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address);
        let answer = once(self.address, &request).await?;
        self.process.start_kill()?;
        self.process.wait().await?;
        Ok(answer.starts_with("HTTP/1.1 200"))
    }
}

/// One answer, read until the connection is closed.
async fn once(address: SocketAddr, request: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Asks for a page now and then, by a new connection each time; the times it took, and how often it failed.
async fn other(
    n: usize,
    address: SocketAddr,
    cookie: String,
    stop: CancellationToken,
) -> (Vec<Duration>, u64) {
    let (mut times, mut failed) = (Vec::new(), 0);
    let page = ["/sign-in", "/evidence", "/framework", "/healthz"][n % 4];
    let request =
        format!("GET {page} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n");
    while !stop.is_cancelled() {
        let began = Instant::now();
        match tokio::time::timeout(Duration::from_secs(30), once(address, &request)).await {
            Ok(Ok(answer)) if answer.starts_with("HTTP/1.1 200") => times.push(began.elapsed()),
            _ => failed += 1,
        }
        tokio::time::sleep(REST).await;
    }
    (times, failed)
}
