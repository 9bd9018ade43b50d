//! `evident user`: the first account of an instance, and any other, without a browser.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use strum::VariantArray;

use crate::accounts::Role;
use crate::accounts::actions::{self, NewAccount};
use crate::config::Flags;
use crate::error::Error;

/// What can be done about accounts.
#[derive(Debug, clap::Subcommand)]
pub enum UserCommand {
    /// Add an account, and print the link with which its owner chooses a password
    #[command(override_usage = "evident user add [OPTIONS] <NAME> --email <E> --role <R>...")]
    Add {
        /// The person's full name
        name: String,
        /// The address to sign in with
        #[arg(long, value_name = "E")]
        email: String,
        /// What the account is for, after the name; may be several
        #[arg(long, value_name = "R", required = true, num_args = 1.., value_delimiter = ',', value_parser = roles())]
        role: Vec<Role>,
        /// A TOML file of settings
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
}

fn roles() -> impl TypedValueParser<Value = Role> {
    let names = Role::VARIANTS.iter().map(|role| <&'static str>::from(*role));
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Role>())
}

/// Carries the command out. The link alone goes to standard output; it is shown this once.
///
/// # Errors
/// What keeps the database from opening, or every fault of the new account, a line each.
pub async fn run(command: UserCommand) -> anyhow::Result<()> {
    let UserCommand::Add { name, email, role, config } = command;
    let config = super::read_config(&Flags { file: config, listen: None })?;
    let instance = super::open(&config).await?;
    let mut roles = role;
    roles.sort_unstable();
    roles.dedup();
    let new = NewAccount { name, known_as: String::new(), email, roles };
    let added = actions::add_account(&instance, None, new).await;
    instance.db.close().await;
    let added = added.map_err(|error| match error {
        Error::Invalid(faults) => {
            let lines: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
            anyhow::anyhow!(lines.join("\nevident: "))
        }
        other => anyhow::Error::from(other),
    })?;
    if !added.alike.is_empty() {
        let alike = added.alike.join(", ");
        eprintln!(
            "There is somebody whose name looks the same: {alike}. If that is the same person, merge them."
        );
    }
    eprintln!("Give {} this address. It works once, for 72 hours:", added.name);
    println!("{}/set-password/{}", instance.settings.url, added.token);
    Ok(())
}
