//! Evident.
pub mod accounts;
pub mod audit;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod evidence;
pub mod framework;
pub mod ids;
pub mod instance;
pub mod people;
pub mod review;
pub mod server;
pub mod telemetry;
pub mod text;
pub mod web;
