//! Opening a database: settings that keep what was acknowledged, and migrations.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Row as _, SqlitePool};

use super::{Db, Error, Writer, server};
use crate::config::addresses;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");

/// Older libraries can lose a write-ahead log when it is reset.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
const SQLITE_READERS: u32 = 4;
pub(super) const ACQUIRE: Duration = Duration::from_secs(3);
/// Memory for a connection's pages, in KiB as the engine takes it; the system keeps the rest of the file near.
const PAGES: &str = "-3000";
/// Prepared statements that a connection keeps: all that the program has, so that none is prepared twice.
pub(super) const STATEMENTS: usize = 1024;

/// Which database to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settings {
    /// A file, made where it is missing.
    Sqlite(PathBuf),
    /// The address of a PostgreSQL database, with its password.
    Postgres(String),
}

/// Why a database could not be opened, in a sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is of no kind that is known.
    #[error(
        "the database address can't be read; write it like postgres://name:password@db.example.com:5432/evident, or \
         sqlite:PATH"
    )]
    Address,
    /// The address has a password as it is typed.
    #[error("the database address can't be read: {}", addresses::ENCODED)]
    Unencoded,
    /// The file is something else.
    #[error(
        "{path} is there and is no SQLite database; move it away, or name another folder with EVIDENT_DATA"
    )]
    NoDatabase {
        /// The file.
        path: String,
    },
    /// Where the folder should be is a file.
    #[error("EVIDENT_DATA is {path}, which is a file; name a folder, in which the database is made")]
    NoFolder {
        /// The file.
        path: String,
    },
    /// The file could not be opened or made.
    #[error(
        "the database {path} can't be opened ({reason}); make it and its folder readable and writable for this user, or name another folder with EVIDENT_DATA"
    )]
    File {
        /// The file.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// No answer from the server.
    #[error(
        "PostgreSQL can't be reached ({reason}); check EVIDENT_DATABASE_URL and that the server is running"
    )]
    Server {
        /// What the driver says, without the password.
        reason: String,
    },
    /// The linked library is too old to be trusted.
    #[error(
        "SQLite {found} is too old: 3.51.3 or later is needed, since older ones can lose a write-ahead log"
    )]
    OldSqlite {
        /// The version found.
        found: String,
    },
    /// A setting was asked for and is not in force.
    #[error("SQLite did not take the setting {name}: it is {found}; use a local disk for the data folder")]
    Setting {
        /// The setting.
        name: &'static str,
        /// Its value now.
        found: String,
    },
    /// The server has a setting that the program can't work with.
    #[error("PostgreSQL has {name} {found} for this database; {way_out}")]
    ServerSetting {
        /// The setting.
        name: &'static str,
        /// Its value now.
        found: String,
        /// What to do.
        way_out: String,
    },
    /// What stands in front of the server hands its connections round.
    #[error(
        "what stands in front of PostgreSQL gives each transaction another connection, and Evident needs its own; set \
         pool_mode = session for this database in pgbouncer.ini, or name PostgreSQL itself in EVIDENT_DATABASE_URL"
    )]
    Pooler,
    /// The user has no rights that are needed.
    #[error("PostgreSQL refuses the database's user {user} ({reason}); {way_out}")]
    Denied {
        /// The user.
        user: String,
        /// What the server says.
        reason: String,
        /// Who must grant what.
        way_out: String,
    },
    /// Another, newer binary has been here.
    #[error(
        "the database is newer than this program (migration {0}); use the newer program, or restore a backup"
    )]
    Newer(i64),
    /// The schema could not be brought up to date.
    #[error(
        "the database can't be brought up to date ({0}); restore a backup or ask for help with this message"
    )]
    Migration(String),
}

impl Settings {
    /// Reads an address: `postgres://…`, or `sqlite:PATH`.
    pub fn parse(address: &str) -> Result<Settings, OpenError> {
        let address = address.trim();
        let scheme = address.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if matches!(&*scheme, "postgres" | "postgresql") {
            if addresses::is_unencoded(address) {
                return Err(OpenError::Unencoded);
            }
            PgConnectOptions::from_str(address).map_err(|_| OpenError::Address)?;
            return Ok(Settings::Postgres(address.to_owned()));
        }
        let path = address.strip_prefix("sqlite:").ok_or(OpenError::Address)?;
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() { Err(OpenError::Address) } else { Ok(Settings::Sqlite(path.into())) }
    }

    /// The embedded database of a data folder.
    pub fn in_folder(folder: &Path) -> Settings {
        Settings::Sqlite(folder.join("evident.sqlite"))
    }

    /// How many migrations the database has had, without changing it; 0 where there is none yet.
    pub async fn applied(&self) -> Result<u64, OpenError> {
        let count = sqlx::raw_sql("select count(*) from _sqlx_migrations");
        let counted = match self {
            Settings::Sqlite(path) if !path.exists() => return Ok(0),
            Settings::Sqlite(path) => {
                let options = SqliteConnectOptions::new().filename(path).read_only(true);
                let mut connection = options.connect().await.map_err(|error| unopened(path, &error))?;
                let row = count.fetch_one(&mut connection).await;
                // Without the table, nothing was ever applied.
                match row.and_then(|row| row.try_get::<i64, _>(0)) {
                    Err(error) if error.to_string().contains("no such table") => Ok(0),
                    counted => counted.map_err(|error| unopened(path, &error)),
                }
            }
            Settings::Postgres(address) => {
                let unreached = |error: sqlx::Error| OpenError::Server { reason: error.to_string() };
                let mut connection = server::options(address)?.connect().await.map_err(unreached)?;
                let row = count.fetch_one(&mut connection).await;
                match row.and_then(|row| row.try_get::<i64, _>(0)) {
                    Err(error) if server::code(&error).as_deref() == Some("42P01") => Ok(0),
                    Err(error) => Err(server::refused(&mut connection, &error).await),
                    Ok(counted) => Ok(counted),
                }
            }
        };
        Ok(u64::try_from(counted?).unwrap_or(0))
    }

    /// Opens the database and brings its schema up to date.
    pub async fn open(&self) -> Result<Db, OpenError> {
        match self {
            Settings::Sqlite(path) => open_sqlite(path).await,
            Settings::Postgres(address) => server::open(address).await,
        }
    }
}

async fn open_sqlite(path: &Path) -> Result<Db, OpenError> {
    if let Some(folder) = path.parent() {
        if folder.is_file() {
            return Err(OpenError::NoFolder { path: folder.display().to_string() });
        }
        std::fs::create_dir_all(folder).map_err(|error| unopened(path, &sqlx::Error::Io(error)))?;
    }
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(ACQUIRE)
        .pragma("cache_size", PAGES)
        .pragma("temp_store", "memory")
        .statement_cache_capacity(STATEMENTS)
        // What fails is logged at the boundary, and a statement's text is no news to anybody.
        .disable_statement_logging();
    // A connection within the process needs no test of whether it is still there, and is worth waiting for: it does not
    // go away, but works.
    let pool = SqlitePoolOptions::new()
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(10));
    let writer = pool
        .clone()
        .max_connections(1)
        .connect_with(options.clone())
        .await
        .map_err(|error| unopened(path, &error))?;
    check_sqlite(&writer).await?;
    SQLITE.run(&writer).await.map_err(migration_error)?;
    let readers = pool
        .max_connections(SQLITE_READERS)
        .connect_with(options.read_only(true))
        .await
        .map_err(|error| unopened(path, &error))?;
    Ok(Db::Sqlite { writer: Writer::new(writer), readers })
}

/// Why a file could not be opened.
fn unopened(path: &Path, error: &sqlx::Error) -> OpenError {
    let name = path.display().to_string();
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    // SQLite finds another beginning than its own.
    if code.as_deref() == Some("26") || path.is_dir() {
        return OpenError::NoDatabase { path: name };
    }
    OpenError::File { path: name, reason: error.to_string() }
}

/// Reads the settings back: a network file system, for one, silently refuses the write-ahead log.
async fn check_sqlite(pool: &SqlitePool) -> Result<(), OpenError> {
    let failed = |error: sqlx::Error| OpenError::Migration(error.to_string());
    let (version,): (String,) =
        sqlx::query_as("select sqlite_version()").fetch_one(pool).await.map_err(failed)?;
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    if (next(), next(), next()) < OLDEST_SQLITE {
        return Err(OpenError::OldSqlite { found: version });
    }
    let (journal,): (String,) =
        sqlx::query_as("pragma journal_mode").fetch_one(pool).await.map_err(failed)?;
    if journal != "wal" {
        return Err(OpenError::Setting { name: "journal_mode=wal", found: journal });
    }
    for (name, pragma, wanted) in
        [("synchronous=full", "pragma synchronous", 2_i64), ("foreign_keys=on", "pragma foreign_keys", 1)]
    {
        let (found,): (i64,) = sqlx::query_as(pragma).fetch_one(pool).await.map_err(failed)?;
        if found != wanted {
            return Err(OpenError::Setting { name, found: found.to_string() });
        }
    }
    Ok(())
}

pub(super) fn migration_error(error: MigrateError) -> OpenError {
    match error {
        MigrateError::VersionMissing(version) => OpenError::Newer(version),
        other => OpenError::Migration(other.to_string()),
    }
}

impl From<Error> for OpenError {
    fn from(error: Error) -> Self {
        OpenError::Migration(error.to_string())
    }
}
