//! `evident healthcheck`: whether the service on this machine answers and reaches its database. For containers, which
//! have no other program to ask with.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::config::Flags;

/// How long the service may take to answer.
const WITHIN: Duration = Duration::from_secs(5);
/// More than the first line of any answer.
const MOST: u64 = 1024;

/// What `healthcheck` is told.
#[derive(Debug, clap::Args)]
pub struct HealthcheckArgs {
    /// A TOML file of settings
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The address that the service listens on, such as 127.0.0.1:8080
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
}

/// Asks `/readyz`.
///
/// # Errors
/// When the answer is not that it is ready, or there is none in time.
pub async fn run(args: HealthcheckArgs) -> anyhow::Result<()> {
    let config = super::read_config(&Flags { file: args.config, listen: args.listen })?;
    let address = reachable(config.listen);
    let answer = tokio::time::timeout(WITHIN, ask(address)).await;
    let status = answer
        .unwrap_or_else(|_| bail!("no answer within {} seconds", WITHIN.as_secs()))
        .with_context(|| format!("the service at {address} does not answer; start it with `evident serve`, or name its address with --listen"))?;
    if status != "200" {
        bail!("the service at {address} is not ready: /readyz answered {status}; its log says why");
    }
    println!("ready");
    Ok(())
}

/// The address to connect to: a service that listens everywhere is asked on this machine.
fn reachable(listen: SocketAddr) -> SocketAddr {
    match listen {
        SocketAddr::V4(address) if address.ip().is_unspecified() => {
            (Ipv4Addr::LOCALHOST, listen.port()).into()
        }
        SocketAddr::V6(address) if address.ip().is_unspecified() => {
            (Ipv6Addr::LOCALHOST, listen.port()).into()
        }
        other => other,
    }
}

/// The status of the answer to one request.
async fn ask(address: SocketAddr) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(MOST).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let status = answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
    status.map(str::to_owned).context("what answers there does not speak HTTP/1.1")
}

#[cfg(test)]
mod tests {
    use super::reachable;

    #[test]
    fn a_service_that_listens_everywhere_is_asked_on_this_machine() {
        for (listen, asked) in
            [("0.0.0.0:80", "127.0.0.1:80"), ("[::]:80", "[::1]:80"), ("10.0.0.1:80", "10.0.0.1:80")]
        {
            assert_eq!(reachable(listen.parse().expect("an address")).to_string(), asked);
        }
    }
}
