//! Clients that hold a connection without using it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// After this long a client gives up being slow, and counts as held.
const GIVES_UP: Duration = Duration::from_mins(1);

/// In which way a client is slow.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// Sends a part of a head; half of them a little more now and then.
    HalfHead,
    /// Connects and sends nothing.
    Silent,
    /// Sends a head and a part of a body; half of them a byte more now and then.
    StalledBody,
    /// Asks for much, again and again, and takes nothing of it, or a few bytes now and then.
    TakesNothing,
}

/// Holds a connection until it is closed by the other side; how long that was.
pub async fn held(kind: Kind, n: usize, address: SocketAddr, cookie: String) -> anyhow::Result<Duration> {
    let drips = n % 2 == 1;
    let stream = match kind {
        Kind::TakesNothing => {
            let socket = TcpSocket::new_v4()?;
            socket.set_recv_buffer_size(4_096)?;
            socket.connect(address).await?
        }
        _ => TcpStream::connect(address).await?,
    };
    let began = Instant::now();
    let slowly = async {
        match kind {
            Kind::Silent => until_closed(stream, b"", b"").await,
            Kind::HalfHead => {
                let head = format!("GET /sign-in HTTP/1.1\r\nhost: {address}\r\nx-slow: ");
                until_closed(stream, head.as_bytes(), if drips { b"x" } else { b"" }).await;
            }
            Kind::StalledBody => {
                let head = format!(
                    "POST /evidence HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\nsec-fetch-site: same-origin\r\n\
                     content-type: application/x-www-form-urlencoded\r\ncontent-length: 100000\r\n\r\ntitle=half"
                );
                until_closed(stream, head.as_bytes(), if drips { b"x" } else { b"" }).await;
            }
            Kind::TakesNothing => take_nothing(stream, address, &cookie, drips).await,
        }
    };
    let _ = tokio::time::timeout(GIVES_UP, slowly).await;
    Ok(began.elapsed())
}

/// Sends something, then a drop every two seconds, and reads until the other side closes.
async fn until_closed(stream: TcpStream, first: &[u8], drop: &[u8]) {
    let (mut reading, mut writing) = stream.into_split();
    let _ = writing.write_all(first).await;
    let drips = async {
        loop {
            tokio::time::sleep(Duration::from_secs(2)).await;
            if writing.write_all(drop).await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let mut answer = Vec::new();
    tokio::select! {
        () = drips => {}
        _ = reading.read_to_end(&mut answer) => {}
    }
}

/// Asks for the largest file many times over, more than both systems keep in between. That the other side has closed shows
/// when nothing more can be sent.
async fn take_nothing(mut stream: TcpStream, address: SocketAddr, cookie: &str, drips: bool) {
    let font = evident::web::assets::url("/fonts/inter.woff2");
    let request = format!("GET {font} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\n\r\n");
    let mut taken = [0; 16];
    if stream.write_all(request.repeat(100).as_bytes()).await.is_err() {
        return;
    }
    loop {
        tokio::time::sleep(Duration::from_millis(500)).await;
        match stream.try_write(b"G") {
            Err(error) if error.kind() != std::io::ErrorKind::WouldBlock => return,
            _ => {}
        }
        if drips && stream.try_read(&mut taken).is_ok_and(|read| read == 0) {
            return;
        }
    }
}
