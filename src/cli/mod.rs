//! The command line: one file per subcommand.

use std::process::ExitCode;

use clap::Parser;

pub mod assess;
pub mod framework;

/// Keeps the evidence behind a promotion, and shows how far it carries.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Say how far the evidence in a portable dossier carries, as JSON
    Assess(assess::Assess),
    /// Show a progression guide, or check one of your own
    #[command(subcommand)]
    Framework(framework::FrameworkCommand),
}

/// Carries out what the command line asks for.
pub fn run(cli: &Cli) -> ExitCode {
    match &cli.command {
        Command::Assess(command) => assess::run(command),
        Command::Framework(command) => framework::run(command),
    }
}
