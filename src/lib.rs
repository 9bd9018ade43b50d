//! Evident.
pub mod audit;
pub mod cli;
pub mod clock;
pub mod db;
pub mod error;
pub mod evidence;
pub mod framework;
pub mod ids;
pub mod instance;
pub mod people;
pub mod review;
