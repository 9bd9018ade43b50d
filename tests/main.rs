//! The one binary of integration tests: the real program, on real SQLite and real PostgreSQL.

mod admin;
mod assess;
mod audit;
#[expect(dead_code, reason = "shared with the harnesses, which use the rest")]
mod authorization;
mod blobs;
mod board;
mod caches;
mod cli;
mod corroboration;
mod databases;
mod demo;
mod development;
mod dossier;
mod evidence;
mod framework;
mod group;
mod hostile;
mod house;
mod jobs;
mod listener;
mod merging;
mod notices;
mod people;
mod policy;
mod races;
mod readiness;
mod recusal;
mod sign_in;
mod sitting;
#[expect(dead_code, reason = "shared with the harnesses, which use the rest")]
mod story;
mod support;
mod text;
mod trajectories;
mod typed;
mod upgrade;
