//! The listener: clients that are slow, many or gone, and a shutdown in the midst of requests.

use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use evident::server::{Limits, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A small service with its address, what stops it, and what ends once it has.
async fn service(limits: Limits) -> (std::net::SocketAddr, CancellationToken, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let slow = || async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        "done"
    };
    let long = || async { "x".repeat(1_000_000) };
    let router = Router::new()
        .route("/", get(|| async { "here" }))
        .route("/slow", get(slow))
        .route("/long", get(long));
    let stop = CancellationToken::new();
    let running = tokio::spawn(serve(listener, router, limits, TaskTracker::new(), stop.clone()));
    (address, stop, running)
}

fn limits(connections: usize) -> Limits {
    Limits {
        connections,
        head_within: Duration::from_millis(300),
        write_timeout: Duration::from_millis(300),
        drain_for: Duration::from_secs(5),
    }
}

/// What a client is told after sending some bytes, until the connection is closed.
async fn told(address: std::net::SocketAddr, sent: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(sent).await.expect("sent");
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    // A reset is an end as well.
    let _ = read.expect("the connection is closed in time");
    String::from_utf8_lossy(&answer).into_owned()
}

const WHOLE: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn silent_and_half_sent_heads_are_closed_and_others_served_meanwhile() {
    let (address, _stop, _running) = service(limits(100)).await;
    let begun = Instant::now();
    let slow: Vec<_> = (0..50)
        .map(|n| {
            let sent: &[u8] = if n % 2 == 0 { b"" } else { b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: " };
            tokio::spawn(told(address, sent))
        })
        .collect();
    assert!(told(address, WHOLE).await.ends_with("here"));
    for slow in slow {
        let answer = slow.await.expect("closed");
        assert!(!answer.contains("here"), "{answer}");
    }
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    // Between two requests of a connection the same time holds.
    let kept = told(address, b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(kept.ends_with("here"), "{kept}");
}

#[tokio::test]
async fn a_client_that_takes_none_of_its_answers_is_given_up() {
    let (address, _stop, _running) = service(limits(10)).await;
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    // More than the system keeps for a client that reads nothing.
    let asked = b"GET /long HTTP/1.1\r\nhost: x\r\n\r\n".repeat(40);
    stream.write_all(&asked).await.expect("sent");
    let given_up = async {
        while stream.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), given_up).await.expect("it is given up in time");
}

#[tokio::test]
async fn connections_past_the_bound_wait_for_a_place() {
    let (address, _stop, _running) = service(limits(2)).await;
    let held =
        [TcpStream::connect(address).await.expect("one"), TcpStream::connect(address).await.expect("two")];
    let begun = Instant::now();
    let third = told(address, WHOLE).await;
    assert!(third.ends_with("here"), "{third}");
    assert!(begun.elapsed() >= Duration::from_millis(200), "it had to wait: {:?}", begun.elapsed());
    drop(held);
}

#[tokio::test]
async fn a_shutdown_lets_requests_end_and_takes_no_more() {
    let (address, stop, running) = service(limits(10)).await;
    let request = tokio::spawn(told(address, b"GET /slow HTTP/1.1\r\nhost: x\r\n\r\n"));
    let idle = TcpStream::connect(address).await.expect("a connection");
    tokio::time::sleep(Duration::from_millis(100)).await;
    stop.cancel();
    let answer = request.await.expect("an answer");
    assert!(answer.ends_with("done"), "{answer}");
    tokio::time::timeout(Duration::from_secs(2), running).await.expect("it ends in time").expect("well");
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
    drop(idle);
}
