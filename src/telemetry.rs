//! Logs: to stderr, a readable message with dotted fields, or a JSON object a line.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

use crate::config::LogFormat;

/// Starts logging. The filter is as in `info,evident=debug`.
///
/// # Errors
/// When the filter can't be read, in a sentence for the operator.
pub fn start(filter: &str, format: LogFormat) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        anyhow::anyhow!("EVIDENT_LOG can't be read ({error}); write it like info,evident=debug")
    })?;
    let registry = tracing_subscriber::registry().with(filter);
    let lines = fmt::layer().with_writer(std::io::stderr).with_target(false);
    match format {
        LogFormat::Text => registry.with(lines).try_init()?,
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init()?,
    }
    // A panic is logged once, where it happens; the person sees a page with a number.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(panic.place = %place, "a part of the program panicked");
    }));
    Ok(())
}

/// Logs each request once it is answered, for who asks for `evident=debug`: the pattern of its path, never the path itself,
/// which may hold a link's token, and never the query, which may hold somebody's words.
pub async fn requests(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let path = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    tracing::debug!(
        http.method = %method,
        http.route = path.as_ref().map_or("none", MatchedPath::as_str),
        http.status = response.status().as_u16(),
        duration_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX),
        "answered a request"
    );
    response
}
