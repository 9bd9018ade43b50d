//! `evident export`: a dossier of the configured database as a portable file.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use uuid::Uuid;

use crate::config::Flags;
use crate::transfer;

/// What is exported.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// The id of the dossier, as in its address
    dossier: String,
    /// A TOML file of settings
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Prints the portable dossier, in the lowest format that holds it, on standard output.
///
/// # Errors
/// What kept it from it, in a sentence.
pub async fn run(args: ExportArgs) -> anyhow::Result<()> {
    let config = super::read_config(&Flags { file: args.config, listen: None })?;
    let db = config.database()?.open().await?;
    let mut tx = db.read().await?;
    let found = match args.dossier.parse::<Uuid>() {
        Ok(id) => transfer::export(&mut tx, id).await?,
        Err(_) => None,
    };
    drop(tx);
    db.close().await;
    let dossier =
        found.with_context(|| format!("there is no dossier {:?} in this database", args.dossier))?;
    match io::stdout().lock().write_all(dossier.to_json()?.as_bytes()) {
        // Whoever reads only the first lines (`| head`) has what they wanted.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
