//! Opening a database: settings that keep what was acknowledged, and migrations.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, PgPool, SqlitePool};

use super::{Db, Error, Writer};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// Older libraries can lose a write-ahead log when it is reset.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
const SQLITE_READERS: u32 = 4;
/// For transactions, and as many again for single statements.
const POSTGRES_CONNECTIONS: u32 = 8;
const ACQUIRE: Duration = Duration::from_secs(3);
/// Memory for a connection's pages, in KiB as the engine takes it; the system keeps the rest of the file near.
const PAGES: &str = "-3000";
/// Prepared statements that a connection keeps: all that the program has, so that none is prepared twice.
const STATEMENTS: usize = 1024;
/// A connection to a server that rested for longer is tested before it is used.
const RESTED: Duration = Duration::from_secs(1);

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
    #[error("the database address must begin with postgres:// or sqlite:; it can't be read as it is")]
    Address,
    /// The file could not be opened or made.
    #[error(
        "the database {path} can't be opened ({reason}); make its folder writable, or name another with EVIDENT_DATA"
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
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
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
        let count = "select count(*) from _sqlx_migrations";
        // Without the table, nothing was ever applied; any other failure comes back when the database is opened.
        let counted: Result<(i64,), sqlx::Error> = match self {
            Settings::Sqlite(path) if !path.exists() => return Ok(0),
            Settings::Sqlite(path) => {
                let options = SqliteConnectOptions::new().filename(path).read_only(true);
                let unopened = |error: sqlx::Error| OpenError::File {
                    path: path.display().to_string(),
                    reason: error.to_string(),
                };
                let mut connection = options.connect().await.map_err(unopened)?;
                sqlx::query_as(count).fetch_one(&mut connection).await
            }
            Settings::Postgres(address) => {
                let options = PgConnectOptions::from_str(address).map_err(|_| OpenError::Address)?;
                let unreached = |error: sqlx::Error| OpenError::Server { reason: error.to_string() };
                let mut connection = options.connect().await.map_err(unreached)?;
                sqlx::query_as(count).fetch_one(&mut connection).await
            }
        };
        Ok(counted.map_or(0, |(count,)| u64::try_from(count).unwrap_or(0)))
    }

    /// Opens the database and brings its schema up to date.
    pub async fn open(&self) -> Result<Db, OpenError> {
        match self {
            Settings::Sqlite(path) => open_sqlite(path).await,
            Settings::Postgres(address) => open_postgres(address).await,
        }
    }
}

async fn open_sqlite(path: &Path) -> Result<Db, OpenError> {
    let unopened = |reason: String| OpenError::File { path: path.display().to_string(), reason };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| unopened(error.to_string()))?;
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
        .map_err(|error| unopened(error.to_string()))?;
    check_sqlite(&writer).await?;
    SQLITE.run(&writer).await.map_err(migration_error)?;
    let readers = pool
        .max_connections(SQLITE_READERS)
        .connect_with(options.read_only(true))
        .await
        .map_err(|error| unopened(error.to_string()))?;
    Ok(Db::Sqlite { writer: Writer::new(writer), readers })
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

async fn open_postgres(address: &str) -> Result<Db, OpenError> {
    let options = PgConnectOptions::from_str(address)
        .map_err(|_| OpenError::Address)?
        .options([
            ("statement_timeout", "15s"),
            ("lock_timeout", "5s"),
            ("idle_in_transaction_session_timeout", "15s"),
            ("timezone", "UTC"),
            // Every statement is prepared once and asked many times, and finds its rows by an index whatever its values are:
            // planning it again for each set of values takes longer than all of it, and so does compiling it.
            ("plan_cache_mode", "force_generic_plan"),
            ("jit", "off"),
            // The rollback below warns whenever there was nothing to roll back, which is nearly always.
            ("client_min_messages", "error"),
        ])
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging();
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .before_acquire(|connection, about| {
            Box::pin(async move { Ok(about.idle_for < RESTED || connection.ping().await.is_ok()) })
        });
    let glances = pool.clone().connect_lazy_with(options.clone());
    // A `begin` that was cancelled half-way otherwise hands on an open transaction, in which the next user's writes would
    // be acknowledged and then vanish.
    let transactions = pool
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.execute("rollback").await?;
                Ok(true)
            })
        })
        .connect_with(options)
        .await
        .map_err(|error| OpenError::Server { reason: error.to_string() })?;
    migrate_postgres(&transactions).await?;
    Ok(Db::Postgres { transactions, glances })
}

async fn migrate_postgres(pool: &PgPool) -> Result<(), OpenError> {
    let mut connection =
        pool.acquire().await.map_err(|error| OpenError::Server { reason: error.to_string() })?;
    // Waiting for another instance's migration may take longer than a statement ever should.
    let unlimited = "set statement_timeout = 0; set lock_timeout = 0";
    connection.execute(unlimited).await.map_err(|error| OpenError::Migration(error.to_string()))?;
    POSTGRES.run(&mut *connection).await.map_err(migration_error)?;
    let usual = "set statement_timeout = '15s'; set lock_timeout = '5s'";
    connection.execute(usual).await.map_err(|error| OpenError::Migration(error.to_string()))?;
    Ok(())
}

fn migration_error(error: MigrateError) -> OpenError {
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
