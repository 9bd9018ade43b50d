//! `evident audit`: whether the audit log is whole, and a checkpoint to hold it against later.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::audit::{self, Checkpoint};
use crate::config::Flags;
use crate::web::words;

/// What can be done about the audit log.
#[derive(Debug, clap::Subcommand)]
pub enum AuditCommand {
    /// Say whether the audit log is whole, or which entry is the first that is wrong
    Verify {
        /// A checkpoint that was kept elsewhere
        #[arg(long, value_name = "FILE")]
        checkpoint: Option<PathBuf>,
        /// A hash that was kept elsewhere, as the admin's page shows that of the last midnight
        #[arg(long, value_name = "HASH", value_parser = hash)]
        head: Option<[u8; 32]>,
        /// A TOML file of settings
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Print the number and hash of the last entry, once the log was found to be whole
    Checkpoint {
        /// A TOML file of settings
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
}

/// Carries the command out.
///
/// # Errors
/// What keeps the database or the checkpoint from being read, or the first entry that is wrong, in a sentence.
pub async fn run(command: AuditCommand) -> anyhow::Result<()> {
    match command {
        AuditCommand::Verify { checkpoint, head, config } => {
            let known = checkpoint.as_deref().map(read).transpose()?;
            let end = verified(config, known.as_ref(), head.as_ref()).await?;
            let entries = words::count(end.seq.unsigned_abs(), "entry", "entries");
            match known {
                None => println!("The audit log is whole: {entries}."),
                Some(known) => {
                    println!(
                        "The audit log is whole: {entries}, as the checkpoint has them up to entry {}.",
                        known.seq
                    );
                }
            }
        }
        AuditCommand::Checkpoint { config } => {
            let end = verified(config, None, None).await?;
            println!("{}", serde_json::to_string(&end)?);
        }
    }
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Checkpoint> {
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| {
        format!("the checkpoint {name} can't be read; name a file that `evident audit checkpoint` printed")
    })?;
    Checkpoint::read(&text).map_err(|fault| {
        anyhow::anyhow!("{name} is not a checkpoint as `evident audit checkpoint` prints it: {fault}")
    })
}

/// A hash as it is shown: 64 hexadecimal digits.
fn hash(typed: &str) -> Result<[u8; 32], String> {
    let read = hex::decode(typed.trim()).ok().and_then(|bytes| bytes.try_into().ok());
    read.ok_or_else(|| "it has 64 hexadecimal digits, as the admin's page shows it".to_owned())
}

/// The end of the log, when it is whole, and holds the entry with a hash that was kept elsewhere.
async fn verified(
    config: Option<PathBuf>,
    checkpoint: Option<&Checkpoint>,
    head: Option<&[u8; 32]>,
) -> anyhow::Result<Checkpoint> {
    let config = super::read_config(&Flags { file: config, listen: None })?;
    let db = config.database()?.open().await?;
    let mut tx = db.read().await?;
    let found = audit::verify(&mut tx, checkpoint).await?;
    let there = match head {
        Some(hash) => audit::with_hash(&mut tx, hash).await?.is_some(),
        None => true,
    };
    drop(tx);
    db.close().await;
    let end = found.map_err(|fault| anyhow::anyhow!("the audit log is not whole: {fault}"))?;
    anyhow::ensure!(
        there,
        "the audit log is not whole: no entry has the hash that was kept, so that one was written anew or cut off"
    );
    Ok(end)
}
