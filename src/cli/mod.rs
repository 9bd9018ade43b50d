//! The command line: one file per subcommand.

use std::process::ExitCode;

use clap::Parser;

use crate::config::{Config, Flags};

pub mod assess;
pub mod export;
pub mod framework;
pub mod serve;

/// Keeps the evidence behind a promotion, and shows how far it carries.
#[derive(Debug, Parser)]
#[command(version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Serve the application
    Serve(serve::ServeArgs),
    /// Say how far the evidence in a portable dossier carries, as JSON
    Assess(assess::Assess),
    /// Print a dossier as a portable file
    Export(export::ExportArgs),
    /// Show a progression guide, or check one of your own
    #[command(subcommand)]
    Framework(framework::FrameworkCommand),
}

/// Carries out what the command line asks for.
pub fn run(cli: Cli) -> ExitCode {
    match cli.command {
        Command::Serve(args) => in_runtime(serve::run(args)),
        Command::Assess(command) => assess::run(&command),
        Command::Export(args) => in_runtime(export::run(args)),
        Command::Framework(command) => framework::run(&command),
    }
}

/// Runs a command that talks to a database or the network. What fails is told in a sentence, with exit code 1.
fn in_runtime(command: impl Future<Output = anyhow::Result<()>>) -> ExitCode {
    let outcome =
        tokio::runtime::Runtime::new().map_err(Into::into).and_then(|runtime| runtime.block_on(command));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("evident: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The configuration from defaults, file, environment and flags.
///
/// # Errors
/// All faults, a line each.
fn read_config(flags: &Flags) -> anyhow::Result<Config> {
    Config::read(flags, std::env::vars()).map_err(|faults| anyhow::anyhow!(faults.join("\nevident: ")))
}
