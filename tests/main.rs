//! The one binary of integration tests: the real program, on real SQLite and real PostgreSQL.

mod admin;
mod assess;
mod audit;
mod board;
mod cli;
mod corroboration;
mod development;
mod dossier;
mod evidence;
mod framework;
mod hostile;
mod house;
mod listener;
mod merging;
mod notices;
mod people;
mod policy;
mod races;
mod readiness;
mod sign_in;
mod sitting;
mod support;
mod trajectories;
