//! What a monitoring system asks for, at an address of its own: how the caches are doing that were in use since the start.
//! Nothing in it is about anybody: the figures come in steps that no single change, draft or visit makes.

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::error::Result;
use crate::instance::Instance;

/// The kind of content: <https://prometheus.io/docs/specs/om/open_metrics_spec/>.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// By the name of a cache.
type ByCache<M> = Family<[(&'static str, &'static str); 1], M>;

/// What is served at the address for monitoring; nobody signs in there.
pub fn router(instance: &Instance) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(instance.clone())
}

/// One step of what is counted.
const STEP: u64 = 1_000;
/// One step of bytes.
const STEP_BYTES: u64 = 500_000;

/// A figure to the step below it.
fn stepped(figure: u64, step: u64) -> u64 {
    figure - figure % step
}

/// `GET /metrics`
async fn metrics(State(instance): State<Instance>) -> Result<Response> {
    let mut registry = Registry::with_prefix("evident_cache");
    let (values, bytes, most) =
        (ByCache::<Gauge>::default(), ByCache::<Gauge>::default(), ByCache::<Gauge>::default());
    let (hits, misses) = (ByCache::<Counter>::default(), ByCache::<Counter>::default());
    registry.register("values", "Values that are kept", values.clone());
    registry.register("bytes", "About the bytes of what is kept", bytes.clone());
    registry.register("most_bytes", "The most bytes that are kept", most.clone());
    registry.register("hits", "How often what was asked for was there", hits.clone());
    registry.register("misses", "How often it was not", misses.clone());
    for (name, figures) in instance.caches.figures() {
        let of = [("cache", name)];
        values
            .get_or_create(&of)
            .set(i64::try_from(stepped(figures.values as u64, STEP)).unwrap_or(i64::MAX));
        bytes.get_or_create(&of).set(i64::try_from(stepped(figures.weight, STEP_BYTES)).unwrap_or(i64::MAX));
        most.get_or_create(&of).set(i64::try_from(figures.most).unwrap_or(i64::MAX));
        hits.get_or_create(&of).inc_by(stepped(figures.hits, STEP));
        misses.get_or_create(&of).inc_by(stepped(figures.misses, STEP));
    }
    let mut body = String::new();
    text::encode(&mut body, &registry).map_err(anyhow::Error::from)?;
    Ok(([(header::CONTENT_TYPE, OPEN_METRICS)], body).into_response())
}
