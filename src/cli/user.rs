//! `evident user`: the first account of an instance and any other, roles and levels, without a browser. What nobody may give
//! themselves on a page is given here.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use strum::VariantArray;

use crate::accounts::Role;
use crate::accounts::actions::{self, NewAccount};
use crate::config::{Config, Flags};
use crate::directory;
use crate::error::Error;
use crate::framework::load;
use crate::instance::Instance;
use crate::people::LEFT;
use crate::people::store::NewLevel;

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
        /// The person's level, with --since
        #[arg(long, value_name = "L", requires = "since", value_parser = level)]
        level: Option<String>,
        /// The first day of the level, like 2026-03-14
        #[arg(long, value_name = "DATE", requires = "level", value_parser = day)]
        since: Option<NaiveDate>,
        /// A TOML file of settings
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Give an account a role, which admins can't give themselves
    Grant(RoleArgs),
    /// Take a role from an account
    Revoke(RoleArgs),
    /// Record somebody's level from a day on; the level CTO too, which nobody records of themselves
    Level {
        /// The address that they sign in with
        email: String,
        /// The level, or none for somebody who left
        #[arg(value_name = "L", value_parser = level_or_none)]
        level: String,
        /// The first day of the level, like 2026-03-14
        #[arg(long, value_name = "DATE", value_parser = day)]
        since: NaiveDate,
        /// A TOML file of settings
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
}

/// Whose role, and which.
#[derive(Debug, clap::Args)]
pub struct RoleArgs {
    /// The address that the account signs in with
    email: String,
    /// The role; may be several
    #[arg(long, value_name = "R", required = true, num_args = 1.., value_delimiter = ',', value_parser = roles())]
    role: Vec<Role>,
    /// A TOML file of settings
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

fn roles() -> impl TypedValueParser<Value = Role> {
    let names = Role::VARIANTS.iter().map(|role| <&'static str>::from(*role));
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Role>())
}

fn level(typed: &str) -> Result<String, String> {
    let levels = &load::built_in().levels;
    if levels.iter().any(|level| level == typed) {
        Ok(typed.to_owned())
    } else {
        Err(format!("it is none of {}", levels.join(", ")))
    }
}

fn level_or_none(typed: &str) -> Result<String, String> {
    if typed == LEFT {
        Ok(typed.to_owned())
    } else {
        level(typed).map_err(|fault| format!("{fault}, or {LEFT}"))
    }
}

/// A day as the command line takes it: written in full, whatever the language.
fn day(typed: &str) -> Result<NaiveDate, String> {
    let is_iso = typed.len() == 10 && typed.bytes().filter(|byte| *byte == b'-').count() == 2;
    let read = typed.parse::<NaiveDate>().ok().filter(|_| is_iso);
    read.ok_or_else(|| "write a day that there is, like 2026-03-14".to_owned())
}

fn distinct(mut roles: Vec<Role>) -> Vec<Role> {
    roles.sort_unstable();
    roles.dedup();
    roles
}

/// Carries the command out. Of a new account, the link alone goes to standard output; it is shown this once.
///
/// # Errors
/// What keeps the database from opening, or every fault of what was asked for, a line each.
pub async fn run(command: UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Add { name, email, role, level, since, config } => {
            let new = NewAccount { name, known_as: String::new(), email, roles: distinct(role) };
            let level = level.zip(since).map(|(level, from)| at(level, from));
            let (config, instance) = opened(config).await?;
            let added = actions::add_account_at(&instance, None, new, level).await;
            let added = closed(&instance, added).await?;
            if !added.alike.is_empty() {
                let alike = added.alike.join(", ");
                eprintln!(
                    "There is somebody whose name looks the same: {alike}. If that is the same person, merge them."
                );
            }
            eprintln!("Give {} this address. It works once, for 72 hours:", added.name);
            println!("{}/set-password/{}", instance.settings.url, added.token);
            if config.url.is_none() {
                eprintln!(
                    "EVIDENT_URL is not set, so that is where EVIDENT_LISTEN says: {}. If the service was started with another \
                     --listen, put its host and port there.",
                    config.listen
                );
            }
        }
        UserCommand::Grant(RoleArgs { email, role, config }) => {
            let (_, instance) = opened(config).await?;
            let roles = distinct(role);
            let given = actions::grant(&instance, &email, &roles).await;
            let account = closed(&instance, given).await?;
            println!("{} has {} now, from the next page on.", account.name, titles(&roles));
        }
        UserCommand::Revoke(RoleArgs { email, role, config }) => {
            let (_, instance) = opened(config).await?;
            let roles = distinct(role);
            let taken = actions::revoke(&instance, &email, &roles).await;
            let account = closed(&instance, taken).await?;
            println!("{} no longer has {}, from the next page on.", account.name, titles(&roles));
        }
        UserCommand::Level { email, level, since, config } => {
            let (_, instance) = opened(config).await?;
            let recorded =
                directory::actions::record_level_by_hand(&instance, &email, at(level.clone(), since)).await;
            let name = closed(&instance, recorded).await?;
            if level == LEFT {
                println!("{name} left on {since}.");
            } else {
                println!("{name} is at {level} since {since}.");
            }
        }
    }
    Ok(())
}

fn at(level: String, from: NaiveDate) -> NewLevel {
    NewLevel { level, from, domain: None, reports_to: None }
}

fn titles(roles: &[Role]) -> String {
    let titles: Vec<String> = roles.iter().map(|role| role.title().to_owned()).collect();
    format!("the {} {}", if roles.len() == 1 { "role" } else { "roles" }, crate::web::words::list(&titles))
}

async fn opened(file: Option<PathBuf>) -> anyhow::Result<(Config, Instance)> {
    let config = super::read_config(&Flags { file, listen: None })?;
    let instance = super::open(&config).await?;
    Ok((config, instance))
}

/// Closes the database, and tells what is wrong, a line each.
async fn closed<T>(instance: &Instance, done: crate::error::Result<T>) -> anyhow::Result<T> {
    instance.db.close().await;
    done.map_err(|error| match error {
        Error::Invalid(faults) => {
            let lines: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
            anyhow::anyhow!(lines.join("\nevident: "))
        }
        other => anyhow::Error::from(other),
    })
}
