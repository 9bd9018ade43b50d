//! Tests of frameworks: the built-in one, and the faults that others can have.

mod built_in;
mod faults;
