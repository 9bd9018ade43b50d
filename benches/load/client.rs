//! A client that does no more than it must, since it shares the machine with what it measures: connections that are kept,
//! each with one request under way.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What is sent: by the number of the connection and the number of the request on it.
pub type Requests = Arc<dyn Fn(usize, u64) -> Vec<u8> + Send + Sync>;

/// What one slice of time gave.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// How long it took.
    pub elapsed: Duration,
    /// How long each answer took, in microseconds, in order of length.
    pub latencies: Vec<u32>,
    /// How many bytes the last answer's body had.
    pub bytes: usize,
}

impl Sample {
    /// Answers a second.
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// The time within which this share of the answers came, in milliseconds.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place in a list"
    )]
    pub fn within(&self, share: f64) -> f64 {
        let place =
            ((self.latencies.len() as f64 * share) as usize).min(self.latencies.len().saturating_sub(1));
        f64::from(self.latencies.get(place).copied().unwrap_or(0)) / 1000.0
    }
}

/// Asks for as long as this, on as many connections; every answer must have the status.
pub async fn drive(
    address: SocketAddr,
    connections: usize,
    lasting: Duration,
    status: u16,
    requests: &Requests,
) -> anyhow::Result<Sample> {
    let began = Instant::now();
    let until = began + lasting;
    let mut tasks = Vec::new();
    for connection in 0..connections {
        let requests = requests.clone();
        tasks.push(tokio::spawn(async move {
            let mut client = Client::connect(address).await?;
            let mut latencies = Vec::with_capacity(4096);
            let mut number = 0;
            while Instant::now() < until {
                let request = requests(connection, number);
                let asked = Instant::now();
                let answered = client.ask(&request).await?;
                latencies.push(u32::try_from(asked.elapsed().as_micros()).unwrap_or(u32::MAX));
                ensure!(
                    answered == status,
                    "an answer was {answered} where {status} was meant: {}",
                    String::from_utf8_lossy(&client.body[..client.body.len().min(2000)])
                );
                number += 1;
            }
            anyhow::Ok((latencies, client.body.len()))
        }));
    }
    let mut sample = Sample::default();
    for task in tasks {
        let (latencies, bytes) = task.await??;
        sample.latencies.extend(latencies);
        sample.bytes = bytes;
    }
    sample.elapsed = began.elapsed();
    sample.latencies.sort_unstable();
    Ok(sample)
}

/// One connection.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// The body of the last answer.
    pub body: Vec<u8>,
}

impl Client {
    /// Connects.
    pub async fn connect(address: SocketAddr) -> anyhow::Result<Client> {
        let stream = TcpStream::connect(address).await.context("no connection")?;
        stream.set_nodelay(true)?;
        Ok(Client { stream, buffer: vec![0; 256 * 1024], body: Vec::new() })
    }

    /// Sends a request, reads the answer to its end, and tells its status.
    pub async fn ask(&mut self, request: &[u8]) -> anyhow::Result<u16> {
        self.stream.write_all(request).await?;
        let mut filled = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[filled..]).await?;
            ensure!(read > 0, "the connection was closed in the midst of an answer");
            filled += read;
            let mut headers = [httparse::EMPTY_HEADER; 32];
            let mut head = httparse::Response::new(&mut headers);
            if let httparse::Status::Complete(begin) = head.parse(&self.buffer[..filled])? {
                let status = head.code.context("an answer without a status")?;
                let length = length(&head)?;
                self.body.clear();
                self.body.extend_from_slice(&self.buffer[begin..filled]);
                while self.body.len() < length {
                    let read = self.stream.read(&mut self.buffer).await?;
                    ensure!(read > 0, "the connection was closed in the midst of a body");
                    self.body.extend_from_slice(&self.buffer[..read]);
                }
                return Ok(status);
            }
        }
    }
}

/// How long a body is. Answers of a server that knows their length come with it.
fn length(head: &httparse::Response<'_, '_>) -> anyhow::Result<usize> {
    for header in head.headers.iter() {
        if header.name.eq_ignore_ascii_case("content-length") {
            return Ok(std::str::from_utf8(header.value)?.trim().parse()?);
        }
    }
    if head.code == Some(204) {
        return Ok(0);
    }
    bail!("an answer without a length")
}
