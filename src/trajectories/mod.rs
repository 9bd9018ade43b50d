//! Trajectories: the leaders whom a candidate developed, where each of them stood, what the candidate did, who says so,
//! and where they went. And for CTOs, the leaders whom several candidates claim, side by side.
//!
//! It stands above directory and review, because it brings people's histories, evidence and answers together. Nothing
//! here is counted or weighed: what a step means for the track record is said by [`crate::readiness`] alone.

pub mod claims;
mod history;
pub mod pages;
mod routes;
pub mod store;
mod view;

pub use routes::routes;
