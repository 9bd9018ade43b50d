//! A server of one constant page, held in memory: what the listener and the outer layers allow.

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use evident::server::{self, Limits};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Serves a page of so many bytes at `/` until the process is ended.
pub async fn serve(bytes: usize, address: &str) -> anyhow::Result<()> {
    let page: axum::body::Bytes = "x".repeat(bytes).into();
    let router = Router::new().route("/", get(move || async move { Html(page) }));
    let listener = TcpListener::bind(address).await?;
    let stop = CancellationToken::new();
    server::serve(listener, server::outer(router, false), Limits::of(256), TaskTracker::new(), stop).await;
    Ok(())
}
