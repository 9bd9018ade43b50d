//! The one binary of integration tests: the real program, on real SQLite and real PostgreSQL.

mod framework;
mod house;
mod sign_in;
mod support;
