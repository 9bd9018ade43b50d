//! The one binary of integration tests: the real program, on real SQLite and real PostgreSQL.

mod assess;
mod dossier;
mod framework;
mod house;
mod readiness;
mod sign_in;
mod support;
