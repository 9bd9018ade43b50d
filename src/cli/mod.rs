//! The command line: one file per subcommand.

use std::process::ExitCode;

use clap::Parser;

use crate::clock::Clock;
use crate::config::{Config, Flags};
use crate::ids::Ids;
use crate::instance::Instance;

pub mod assess;
pub mod audit;
pub mod config;
pub mod demo;
pub mod export;
pub mod framework;
pub mod healthcheck;
pub mod migrate;
pub mod serve;
pub mod user;

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
    /// Serve a fictional company on a database of its own
    Demo(demo::DemoArgs),
    /// Say how far the evidence in a portable dossier carries, as JSON
    Assess(assess::Assess),
    /// Print a dossier as a portable file
    Export(export::ExportArgs),
    /// Show a progression guide, or check one of your own
    #[command(subcommand)]
    Framework(framework::FrameworkCommand),
    /// Manage accounts from the command line
    #[command(subcommand)]
    User(user::UserCommand),
    /// Say whether the audit log is whole
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Check the configuration
    #[command(subcommand)]
    Config(config::ConfigCommand),
    /// Ask the service on this machine whether it is ready
    Healthcheck(healthcheck::HealthcheckArgs),
    /// Bring the database up to date
    Migrate(migrate::MigrateArgs),
}

/// Carries out what the command line asks for.
pub fn run(cli: Cli) -> ExitCode {
    match cli.command {
        Command::Serve(args) => in_runtime(serve::run(args)),
        Command::Demo(args) => in_runtime(demo::run(args)),
        Command::Assess(command) => assess::run(&command),
        Command::Export(args) => in_runtime(export::run(args)),
        Command::Framework(command) => framework::run(&command),
        Command::User(command) => in_runtime(user::run(command)),
        Command::Audit(command) => in_runtime(audit::run(command)),
        Command::Config(command) => in_runtime(std::future::ready(config::run(command))),
        Command::Healthcheck(args) => in_runtime(healthcheck::run(args)),
        Command::Migrate(args) => in_runtime(migrate::run(args)),
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

/// The instance on the configured database, for commands that act on it without serving.
///
/// # Errors
/// What keeps the database from opening, in a sentence that says what to do.
async fn open(config: &Config) -> anyhow::Result<Instance> {
    let db = config.database()?.open().await?;
    Ok(Instance::start(db, Clock::System, Ids::random(), config.settings(config.listen)).await?)
}
