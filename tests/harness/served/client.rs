//! An HTTP client that knows exactly what it has sent, and may stop in the midst of it.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection, kept from request to request.
pub struct Client {
    address: SocketAddr,
    stream: Option<TcpStream>,
}

/// What was answered.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The head, with its names in small letters.
    head: String,
    /// The body.
    pub body: String,
}

/// What came of a request.
pub enum Sent {
    /// It was answered.
    Answered(Answer),
    /// It never left.
    Unsent,
    /// It left, and nobody can say what became of it.
    Lost,
}

impl Client {
    /// A client of the service at an address.
    pub fn new(address: SocketAddr) -> Client {
        Client { address, stream: None }
    }

    /// The request of a page, with the token of a session.
    pub fn page(&self, path: &str, token: &str) -> Vec<u8> {
        self.request("GET", path, token, "")
    }

    /// The request that sends a form, with the token of a session.
    pub fn form(&self, path: &str, fields: &[(&str, &str)], token: &str) -> Vec<u8> {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.request("POST", path, token, &form)
    }

    fn request(&self, method: &str, path: &str, token: &str, form: &str) -> Vec<u8> {
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nCookie: evident={token}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.address,
            form.len()
        )
        .into_bytes()
    }

    /// Sends a request and reads the answer.
    pub async fn send(&mut self, request: &[u8]) -> Sent {
        let connected = match self.stream.take() {
            Some(stream) => Ok(stream),
            None => TcpStream::connect(self.address).await,
        };
        let Ok(mut stream) = connected else { return Sent::Unsent };
        if stream.write_all(request).await.is_err() {
            return Sent::Lost;
        }
        match Answer::read(&mut stream).await {
            Ok(answer) => {
                if !answer.head.contains("connection: close") {
                    self.stream = Some(stream);
                }
                Sent::Answered(answer)
            }
            Err(_) => Sent::Lost,
        }
    }

    /// Sends the beginning of a request, waits, and hangs up.
    pub async fn cut(&self, request: &[u8], after: std::time::Duration) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        stream.write_all(request).await?;
        tokio::time::sleep(after).await;
        Ok(())
    }
}

impl Answer {
    async fn read(stream: &mut TcpStream) -> anyhow::Result<Answer> {
        let mut bytes = Vec::new();
        let end = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            ensure!(stream.read_buf(&mut bytes).await? > 0, "the connection was closed");
        };
        let head = std::str::from_utf8(&bytes[..end])?.to_lowercase();
        let length: usize = header(&head, "content-length").unwrap_or("0").parse()?;
        let mut body = bytes.split_off(end + 4);
        while body.len() < length {
            ensure!(stream.read_buf(&mut body).await? > 0, "the connection was closed");
        }
        let status = head.split(' ').nth(1).context("a status")?.parse()?;
        Ok(Answer { status, head, body: String::from_utf8(body)? })
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        header(&self.head, "location").unwrap_or_default()
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}
