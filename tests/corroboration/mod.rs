//! Asking others about evidence, as everybody involved meets it.

mod asking;
mod demo;
mod durability;
mod forged;
mod links;
mod merging;
mod named;
mod secrecy;
mod superseded;
mod transfer;
mod vouching;
pub mod world;
