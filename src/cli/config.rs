//! `evident config check`: every fault of the configuration at once, or what is in force.

use std::io::Write;
use std::path::PathBuf;

use secrecy::ExposeSecret;

use crate::config::{Config, Flags, LogFormat};

/// What can be asked about the configuration.
#[derive(Debug, clap::Subcommand)]
pub enum ConfigCommand {
    /// Check file and environment, and show the settings in force, without secrets
    Check {
        /// A TOML file of settings
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
}

/// Carries the command out.
///
/// # Errors
/// All faults, a line each.
pub fn run(command: ConfigCommand) -> anyhow::Result<()> {
    let ConfigCommand::Check { config } = command;
    let config = super::read_config(&Flags { file: config, listen: None })?;
    if !config.unknown.is_empty() {
        anyhow::bail!(config.unknown.join("\nevident: "));
    }
    std::io::stdout().lock().write_all(in_force(&config).as_bytes())?;
    Ok(())
}

/// The settings, one a line as `name = value`.
fn in_force(config: &Config) -> String {
    let proxies: Vec<String> = config.trusted_proxies.iter().map(ToString::to_string).collect();
    let log_format = match config.log_format {
        LogFormat::Text => "text",
        LogFormat::Json => "json",
    };
    let mut text = String::new();
    for (name, value) in [
        ("listen", config.listen.to_string()),
        ("metrics_listen", config.metrics_listen.map_or_else(|| "none".to_owned(), |at| at.to_string())),
        ("url", config.settings(config.listen).url),
        ("database", database(config)),
        ("timezone", config.timezone.to_string()),
        ("session_idle_minutes", config.session_idle_minutes.to_string()),
        ("session_hours", config.session_hours.to_string()),
        ("trusted_proxies", if proxies.is_empty() { "none".to_owned() } else { proxies.join(", ") }),
        ("log", config.log.clone()),
        ("log_format", log_format.to_owned()),
        ("connections", config.connections.to_string()),
        ("smtp_url", mail_server(config)),
        ("mail_from", config.mail_from.clone().unwrap_or_else(|| "nobody".to_owned())),
        ("mail_per_minute", config.mail_per_minute.to_string()),
        ("mail_hour", config.mail_hour.to_string()),
    ] {
        text.push_str(&format!("{name} = {value}\n"));
    }
    text
}

/// Who takes mails, without a name and a password.
fn mail_server(config: &Config) -> String {
    let Some(address) = &config.smtp_url else { return "none".to_owned() };
    match url::Url::parse(address.expose_secret()) {
        Ok(url) => {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or_default())
        }
        Err(_) => "set".to_owned(),
    }
}

/// Where everything is kept: of a server's address, the part that is no secret.
fn database(config: &Config) -> String {
    let Some(address) = &config.database_url else {
        return format!("SQLite in the folder {}", config.data.display());
    };
    let address = address.expose_secret();
    match url::Url::parse(address) {
        Ok(url) if url.scheme().starts_with("postgres") => {
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            format!("PostgreSQL at {}{port}{}", url.host_str().unwrap_or("a local socket"), url.path())
        }
        _ => format!("SQLite, {}", address.trim_start_matches("sqlite:").trim_start_matches("//")),
    }
}
