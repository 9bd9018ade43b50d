//! Tests.
mod framework;
