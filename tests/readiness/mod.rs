//! The readiness rules, held to worked examples and to their properties.

mod context;
mod entries;
mod facts;
mod properties;
mod states;
mod voices;
mod world;
