//! The service: its router, its listener, and how it starts and stops.

mod autosaves;
mod fd_limit;
mod forwarded;
mod gate;
pub mod jobs;
mod listener;
pub mod metrics;
pub mod routes;
mod typed;
mod write_timeout;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use ipnet::IpNet;
use tokio_util::task::TaskTracker;
use tower::ServiceBuilder;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;

pub use fd_limit::make_room;
pub use listener::{Limits, serve};

use crate::instance::Instance;
use crate::telemetry;
use crate::web::{assets, body, errors, headers};

/// The whole service as a router. `tasks` holds the changes under way, for shutdown to wait for.
///
/// # Errors
/// When the public address can't be an origin; `Config::read` has told already.
pub fn router(instance: &Instance, proxies: Arc<[IpNet]>, tasks: TaskTracker) -> anyhow::Result<Router> {
    let csrf = CsrfLayer::new().add_trusted_origin(&instance.settings.url)?;
    let (router, table) = routes::all().into_parts();
    // One stack around each route rather than layer upon layer, each of which would be copied with all below it for every
    // request. A request meets them from the first to the last.
    let layers = ServiceBuilder::new()
        .layer(from_fn_with_state(Arc::new(table), gate::terms))
        .layer(from_fn_with_state(proxies, gate::address))
        .layer(from_fn_with_state(tasks, gate::unbroken))
        .layer(from_fn(telemetry::requests))
        .layer(from_fn(errors::render))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| errors::panicked()))
        .layer(csrf)
        .layer(from_fn_with_state(instance.clone(), gate::origin))
        .layer(from_fn_with_state(instance.clone(), gate::pass))
        .layer(from_fn(body::take))
        .layer(from_fn_with_state((instance.clone(), typed::Held::default()), typed::hold));
    let routed =
        router.fallback(|| async { StatusCode::NOT_FOUND }).layer(layers).with_state(instance.clone());
    let mut whole = routed.merge(assets::router());
    let here = url::Url::parse(&instance.settings.url)?;
    if instance.demo && gate::is_loopback(here.host_str().unwrap_or_default()) {
        whole =
            whole.layer(ServiceBuilder::new().layer(from_fn(errors::render)).layer(from_fn(gate::loopback)));
    }
    Ok(outer(whole, instance.settings.secure()))
}

/// The outermost layers, around whatever is served: compression, and the headers of every answer. `secure` says whether
/// people come by TLS.
pub fn outer(router: Router, secure: bool) -> Router {
    router.layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(secure, headers::set))
            .layer(CompressionLayer::new().quality(CompressionLevel::Fastest)),
    )
}
