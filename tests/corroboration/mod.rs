//! Asking others about evidence, as everybody involved meets it.

mod asking;
mod durability;
mod links;
mod named;
mod secrecy;
mod world;
