//! The program `evident`.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    evident::cli::run(&evident::cli::Cli::parse())
}
