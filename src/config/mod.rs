//! What the operator chooses: defaults, then a TOML file, then `EVIDENT_*` variables, then flags.
//!
//! Every `EVIDENT_X_FILE` names a file that holds `EVIDENT_X`, so that secrets stay out of the environment.

pub mod addresses;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ::config::{Config as Layers, File, FileFormat};
use chrono::TimeDelta;
use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::db;
use crate::instance::{Mail, Settings};
use crate::mail::Mailer;

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address to listen on.
    #[serde(deserialize_with = "addresses::listen")]
    pub listen: SocketAddr,
    /// The address at which a monitoring system asks how the service is doing; without one it is told to nobody.
    #[serde(default, deserialize_with = "addresses::metrics_listen")]
    pub metrics_listen: Option<SocketAddr>,
    /// The address that people use; by default that of `listen`, which must be loopback then.
    #[serde(default)]
    pub url: Option<String>,
    /// The folder of the embedded database.
    pub data: PathBuf,
    /// A PostgreSQL database in place of the embedded one.
    #[serde(default)]
    pub database_url: Option<SecretString>,
    /// The time zone that decides which day today is.
    pub timezone: chrono_tz::Tz,
    /// Minutes that a session lasts without a request.
    pub session_idle_minutes: u32,
    /// Hours that a session lasts at most.
    pub session_hours: u32,
    /// Networks whose `X-Forwarded-For` is believed, separated by commas in the variable.
    #[serde(default, deserialize_with = "addresses::networks")]
    pub trusted_proxies: Vec<IpNet>,
    /// What is logged, as in `info,evident=debug`.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// Connections served at once.
    pub connections: usize,
    /// The server that takes mails; without one none are sent.
    #[serde(default)]
    pub smtp_url: Option<SecretString>,
    /// Whom mails come from.
    #[serde(default)]
    pub mail_from: Option<String>,
    /// How many mails leave in a minute at most.
    pub mail_per_minute: u32,
    /// The hour of the day at which the digest leaves.
    pub mail_hour: u32,
    /// What begins like a setting in the environment and is none: a fault to `config check`, a warning to the service.
    #[serde(skip)]
    pub unknown: Vec<String>,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// A JSON object a line.
    Json,
}

const DEFAULTS: &str = r#"
listen = "127.0.0.1:8080"
data = "data"
timezone = "UTC"
session_idle_minutes = 30
session_hours = 8
log = "info,sqlx=warn,memory_serve=warn"
log_format = "text"
connections = 4096
mail_per_minute = 60
mail_hour = 7
"#;

const NAMES: &[&str] = &[
    "listen",
    "metrics_listen",
    "url",
    "data",
    "database_url",
    "timezone",
    "session_idle_minutes",
    "session_hours",
    "trusted_proxies",
    "log",
    "log_format",
    "connections",
    "smtp_url",
    "mail_from",
    "mail_per_minute",
    "mail_hour",
];

/// Flags that stand above file and variables.
#[derive(Clone, Debug, Default)]
pub struct Flags {
    /// `--config`.
    pub file: Option<PathBuf>,
    /// `--listen`.
    pub listen: Option<String>,
}

impl Config {
    /// Reads all layers. `environment` is usually that of the process.
    ///
    /// # Errors
    /// All faults that can be found, each a sentence that names the setting and the way out.
    pub fn read(
        flags: &Flags,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Config, Vec<String>> {
        let mut layers = Layers::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        let mut faults = Vec::new();
        if let Some(file) = &flags.file {
            match std::fs::read_to_string(file) {
                Ok(text) => layers = layers.add_source(File::from_str(&text, FileFormat::Toml)),
                Err(error) => {
                    faults.push(format!("The configuration file {} can't be read: {error}.", file.display()));
                }
            }
        }
        let mut unknown = Vec::new();
        for (name, value) in from_environment(environment, &mut faults, &mut unknown) {
            let set = if name == "trusted_proxies" {
                let nets: Vec<&str> = value.split(',').map(str::trim).filter(|net| !net.is_empty()).collect();
                layers.set_override(name, nets)
            } else {
                layers.set_override(name, value)
            };
            layers = match set {
                Ok(layers) => layers,
                Err(error) => return Err(vec![error.to_string()]),
            };
        }
        if let Some(listen) = &flags.listen {
            layers = match layers.set_override("listen", listen.as_str()) {
                Ok(layers) => layers,
                Err(error) => return Err(vec![error.to_string()]),
            };
        }
        let read = layers.build().and_then(Layers::try_deserialize::<Config>);
        let config = match read {
            Ok(config) => Config { unknown, ..config },
            Err(error) => {
                faults.push(format!("The configuration can't be used: {error}."));
                return Err(faults);
            }
        };
        config.check(&mut faults);
        if faults.is_empty() {
            return Ok(config);
        }
        faults.extend(config.unknown);
        Err(faults)
    }

    fn check(&self, faults: &mut Vec<String>) {
        if let Some(address) = &self.database_url
            && let Err(error) = db::Settings::parse(address.expose_secret())
        {
            faults.push(format!("EVIDENT_DATABASE_URL: {error}."));
        }
        if self.session_idle_minutes == 0 || self.session_hours == 0 {
            faults.push("EVIDENT_SESSION_IDLE_MINUTES and EVIDENT_SESSION_HOURS must be at least 1.".into());
        }
        if self.connections == 0 {
            faults.push("EVIDENT_CONNECTIONS must be at least 1.".into());
        }
        self.check_mail(faults);
        match &self.url {
            None if !self.listen.ip().is_loopback() => faults.push(
                "EVIDENT_URL is needed when listening beyond loopback: the https:// address that people use."
                    .into(),
            ),
            None => {}
            Some(url) => {
                if let Err(fault) = addresses::public(url) {
                    faults.push(fault);
                }
            }
        }
    }

    fn check_mail(&self, faults: &mut Vec<String>) {
        if self.mail_per_minute == 0 || self.mail_hour > 23 {
            faults.push(
                "EVIDENT_MAIL_PER_MINUTE must be at least 1, and EVIDENT_MAIL_HOUR an hour from 0 to 23."
                    .into(),
            );
        }
        if let Some(Err(fault)) = self.mail().map(|mail| Mailer::new(&mail)) {
            faults.push(fault);
        }
    }

    /// How mail is sent, where there is a server to take it.
    fn mail(&self) -> Option<Mail> {
        Some(Mail {
            server: self.smtp_url.clone()?,
            from: self.mail_from.clone().unwrap_or_default(),
            per_minute: self.mail_per_minute,
            digest_hour: self.mail_hour,
        })
    }

    /// Which database to open.
    ///
    /// # Errors
    /// When the address is of no known kind; [`Config::read`] has told already.
    pub fn database(&self) -> Result<db::Settings, db::OpenError> {
        match &self.database_url {
            Some(address) => db::Settings::parse(address.expose_secret()),
            None => Ok(db::Settings::in_folder(&self.data)),
        }
    }

    /// The part that actions and pages depend on, once it is known where the service listens.
    pub fn settings(&self, listening: SocketAddr) -> Settings {
        let url = self.url.as_deref().and_then(|url| addresses::public(url).ok());
        Settings {
            zone: self.timezone,
            url: url.unwrap_or_else(|| format!("http://{listening}")),
            session_idle: TimeDelta::minutes(self.session_idle_minutes.into()),
            session_life: TimeDelta::hours(self.session_hours.into()),
            mail: self.mail(),
        }
    }
}

/// The settings in the environment, those in `*_FILE`s read.
fn from_environment(
    environment: impl Iterator<Item = (String, String)>,
    faults: &mut Vec<String>,
    unknown: &mut Vec<String>,
) -> HashMap<&'static str, String> {
    let mut found = HashMap::new();
    for (variable, value) in environment {
        let Some(name) = variable.strip_prefix("EVIDENT_") else { continue };
        let name = name.to_ascii_lowercase();
        if let Some(known) = NAMES.iter().find(|known| **known == name) {
            if !value.is_empty() {
                found.insert(*known, value);
            }
        } else if let Some(known) =
            name.strip_suffix("_file").and_then(|name| NAMES.iter().find(|known| **known == name))
        {
            match read_secret(Path::new(&value)) {
                Ok(secret) => drop(found.insert(*known, secret)),
                Err(error) => faults.push(format!("{variable} names {value}, which can't be read: {error}.")),
            }
        } else {
            unknown.push(format!("{variable} is no setting. Known are: {}.", known_variables()));
        }
    }
    found
}

fn read_secret(path: &Path) -> std::io::Result<String> {
    Ok(std::fs::read_to_string(path)?.trim_end_matches(['\n', '\r']).to_owned())
}

fn known_variables() -> String {
    NAMES.iter().map(|name| format!("EVIDENT_{}", name.to_ascii_uppercase())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Config, Flags};
    use crate::db;

    fn read(variables: &[(&str, &str)]) -> Result<Config, Vec<String>> {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Config::read(&Flags::default(), variables)
    }

    #[test]
    fn defaults_are_complete_and_variables_stand_above_them() {
        let config = read(&[]).expect("defaults");
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        let config = read(&[
            ("EVIDENT_TIMEZONE", "Europe/Zurich"),
            ("EVIDENT_TRUSTED_PROXIES", "10.0.0.0/8, ::1/128"),
        ])
        .expect("variables");
        assert_eq!(config.timezone, chrono_tz::Europe::Zurich);
        assert_eq!(config.trusted_proxies.len(), 2);
    }

    #[test]
    fn a_mistyped_setting_is_told() {
        let config = read(&[("EVIDENT_DATABASE_ULR", "postgres://x")]).expect("the others are sound");
        assert!(config.unknown[0].starts_with("EVIDENT_DATABASE_ULR is no setting"), "{:?}", config.unknown);
    }

    #[test]
    fn secrets_come_from_files() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("url");
        std::fs::write(&file, "postgres://evident:secret@127.0.0.1/evident\n").expect("written");
        let config = read(&[("EVIDENT_DATABASE_URL_FILE", &file.display().to_string())]).expect("read");
        assert!(matches!(config.database(), Ok(db::Settings::Postgres(url)) if url.ends_with("/evident")));
        assert!(!format!("{config:?}").contains("secret"), "secrets are not printed");
    }

    #[test]
    fn a_password_is_not_sent_in_the_open() {
        let with =
            |server| read(&[("EVIDENT_MAIL_FROM", "Evident <e@example.com>"), ("EVIDENT_SMTP_URL", server)]);
        assert!(with("smtps://me:secret@mail.example.com").is_ok());
        assert!(with("smtp://me:secret@mail.example.com:587?tls=required").is_ok());
        assert!(with("smtp://127.0.0.1:2525").is_ok());
        for server in ["smtp://me:secret@mail.example.com", "http://mail.example.com", "mail.example.com"] {
            let faults = with(server).expect_err(server);
            assert!(faults[0].starts_with("EVIDENT_SMTP_URL") && !faults[0].contains("secret"), "{faults:?}");
        }
    }

    #[test]
    fn faults_name_the_setting() {
        for (name, value) in [
            ("EVIDENT_DATABASE_URL", "mysql://x"),
            ("EVIDENT_LISTEN", "nowhere"),
            ("EVIDENT_URL", "http://example.com"),
            ("EVIDENT_LISTEN", "0.0.0.0:80"),
            ("EVIDENT_TIMEZONE", "Mars"),
            ("EVIDENT_URL", "https://example.com/path"),
            ("EVIDENT_DATABASE_URL_FILE", "/nowhere"),
            ("EVIDENT_MAIL_HOUR", "24"),
            ("EVIDENT_SMTP_URL", "smtps://mail.example.com"),
        ] {
            let faults = read(&[(name, value)]).expect_err(name);
            assert_eq!(faults.len(), 1, "{faults:?}");
        }
    }
}
