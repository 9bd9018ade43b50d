//! Asking others about evidence, as everybody involved meets it.

mod answering_there;
mod asking;
mod demo;
mod durability;
mod forged;
mod links;
mod merging;
mod named;
mod secrecy;
mod superseded;
mod taken_back;
mod transfer;
mod vouching;
mod wishes;
pub mod world;
