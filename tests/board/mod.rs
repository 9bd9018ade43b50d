//! The committee's board, the CTO's overview and comparisons, as those who open them see them.

mod compare;
mod list;
mod overview;
pub mod world;
