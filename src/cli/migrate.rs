//! `evident migrate`: brings the database's schema up to date ahead of a start, which would do the same.

use std::path::PathBuf;

use crate::config::Flags;
use crate::web::words;

/// What `migrate` is told.
#[derive(Debug, clap::Args)]
pub struct MigrateArgs {
    /// A TOML file of settings
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Opens the database, which migrates it, and says what was done.
///
/// # Errors
/// What keeps it from opening or from being brought up to date.
pub async fn run(args: MigrateArgs) -> anyhow::Result<()> {
    let config = super::read_config(&Flags { file: args.config, listen: None })?;
    let settings = config.database()?;
    let before = settings.applied().await?;
    let db = settings.open().await?;
    let engine = db.engine();
    db.close().await;
    let after = settings.applied().await?;
    let done = after.saturating_sub(before);
    if done == 0 {
        println!("The {engine} database is up to date at migration {after}; nothing was to be done.");
    } else {
        let migrations = words::count(done, "migration", "migrations");
        println!("The {engine} database is up to date at migration {after}; {migrations} applied.");
    }
    Ok(())
}
