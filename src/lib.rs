//! Evident.
pub mod cli;
pub mod evidence;
pub mod framework;
pub mod people;
pub mod readiness;
pub mod review;
pub mod transfer;
