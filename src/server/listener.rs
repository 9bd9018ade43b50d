//! The accept loop: bounded connections, heads sent and answers taken within a time, and a shutdown that lets requests
//! end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::write_timeout::TimedStream;

const HEAD_WITHIN: Duration = Duration::from_secs(15);
const WRITE_TIMEOUT: Duration = Duration::from_secs(15);
const DRAIN_FOR: Duration = Duration::from_secs(20);
/// Pause after the system refuses a connection, when it is out of file descriptors for example.
const AFTER_REFUSAL: Duration = Duration::from_millis(50);

/// Bounds of the listener.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections served at once; further ones wait to be accepted.
    pub connections: usize,
    /// How long a client may take for the head of a request, also between two requests of a connection.
    pub head_within: Duration,
    /// How long a client that takes nothing of an answer is waited for.
    pub write_timeout: Duration,
    /// How long shutdown waits for requests under way.
    pub drain_for: Duration,
}

impl Limits {
    /// The usual times, with this many connections.
    pub fn of(connections: usize) -> Limits {
        Limits { connections, head_within: HEAD_WITHIN, write_timeout: WRITE_TIMEOUT, drain_for: DRAIN_FOR }
    }
}

/// Serves until `stop` is cancelled, then lets requests and the changes in `tasks` end.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    tasks: TaskTracker,
    stop: CancellationToken,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let Some((stream, peer, place)) = accepted else { continue };
        let (router, stop) = (router.clone(), stop.clone());
        connections.spawn(async move {
            converse(stream, peer, router, limits, stop).await;
            drop(place);
        });
    }
    drop(listener);
    connections.close();
    tasks.close();
    let drained = async {
        connections.wait().await;
        tasks.wait().await;
    };
    if tokio::time::timeout(limits.drain_for, drained).await.is_err() {
        tracing::warn!(
            "requests were still under way after {} seconds; stopping all the same",
            limits.drain_for.as_secs()
        );
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, place)),
        Err(error) => {
            tracing::warn!("a connection could not be accepted: {error}");
            tokio::time::sleep(AFTER_REFUSAL).await;
            None
        }
    }
}

async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: Limits,
    stop: CancellationToken,
) {
    // Answers are written whole; waiting to fill packets would only delay them.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        let router = router.clone();
        async move {
            request.extensions_mut().insert(ConnectInfo(peer));
            let request: Request = request.map(Body::new);
            let Ok(response) = router.oneshot(request).await;
            Ok::<_, Infallible>(response)
        }
    });
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_within)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(TimedStream::new(stream, limits.write_timeout)), service);
    tokio::pin!(connection);
    tokio::select! {
        // A broken connection is the client's affair.
        _ = connection.as_mut() => return,
        () = stop.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
