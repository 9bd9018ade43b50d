//! Tests.
mod assess;
mod readiness;
