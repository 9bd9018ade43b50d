//! The one place that names a database driver: SQLite or PostgreSQL behind one set of SQL.
//!
//! SQL is written once, with `$1` placeholders, in the dialect that both speak:
//!
//! ```ignore
//! let mut tx = db.read().await?;
//! let names: Vec<(String,)> = tx.query("select name from people where organization = $1").bind("internal").all().await?;
//! ```
//!
//! A read is one snapshot; a write begins IMMEDIATE on SQLite's single writer. The rare statement that must differ is
//! given twice, at its call site, with [`Tx::query_either`]. No statement follows a failed one in a transaction.

mod bulk;
mod group;
mod inspect;
mod open;
mod pipeline;
mod query;
mod server;

use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

pub use bulk::{insert_all, insert_new, some_at_once};
pub use group::Writer;
pub use inspect::Contents;
pub use open::{OpenError, Settings};
pub use query::{Bind, Query, Row};

/// What a statement can fail with.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection became free in time, or the database is away for a moment; the caller may try again.
    #[error("the database is busy or can't be reached; try again in a moment")]
    Busy,
    /// The database went away while a transaction was being kept, and did not say whether it was.
    #[error(
        "the database went away at the moment of keeping a change; look whether it is there before trying again"
    )]
    CommitUnknown,
    /// There is no room for what was to be written.
    #[error("the disk of the database is full; make room, then try again")]
    Full,
    /// A row holds a value that is of no use to this program, which never wrote it.
    #[error("the database holds a value that can't be read")]
    Unreadable(#[source] sqlx::Error),
    /// A row with this key exists already.
    #[error("a row with this key exists already")]
    Duplicate(#[source] sqlx::Error),
    /// A statement changed another number of rows than it was meant to.
    #[error("{changed} rows were changed where {expected} should have been")]
    Rows {
        /// How many were meant.
        expected: u64,
        /// How many there were.
        changed: u64,
    },
    /// Anything else.
    #[error("the database refused a statement")]
    Other(#[source] sqlx::Error),
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut => Error::Busy,
            sqlx::Error::Io(_) | sqlx::Error::PoolClosed => Error::gone(&error),
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Error::Unreadable(error),
            sqlx::Error::Database(inner) if inner.code().is_some_and(|code| is_full(&code)) => {
                tracing::error!("the disk of the database is full: {error}");
                Error::Full
            }
            sqlx::Error::Database(inner) if inner.is_unique_violation() => Error::Duplicate(error),
            sqlx::Error::Database(inner) if inner.code().is_some_and(|code| is_transient(&code)) => {
                Error::gone(&error)
            }
            _ => Error::Other(error),
        }
    }
}

impl Error {
    /// The operator is told why; whoever asked may simply try again.
    fn gone(error: &sqlx::Error) -> Error {
        tracing::warn!("the database did not serve a statement: {error}");
        Error::Busy
    }
}

/// Whether what an engine reports with this code passes by itself: locks held too long, transactions in each other's
/// way, and a server that stops, starts, or has no connection to give.
fn is_transient(code: &str) -> bool {
    // SQLite's codes are numbers below 10,000, whose last byte is the kind; PostgreSQL's have five signs.
    if code.len() < 5 {
        return matches!(code.parse::<u32>().map(|code| code & 0xff), Ok(5 | 6));
    }
    code.starts_with("08")
        || matches!(
            code,
            "25P03" | "40001" | "40P01" | "53300" | "55P03" | "57014" | "57P01" | "57P02" | "57P03"
        )
}

/// Whether an engine reports with this code that there is no room left.
fn is_full(code: &str) -> bool {
    matches!(code, "13" | "53100")
}

/// Whether an engine fails like this when it went away, and a commit may have been its last deed: PostgreSQL also reports a
/// full disk in its last moments, when it was its log that could not be written.
fn is_commit_outcome_unknown(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        sqlx::Error::Database(inner) => inner
            .code()
            .is_some_and(|code| code.starts_with("08") || code.starts_with("57P") || code == "53100"),
        _ => false,
    }
}

/// The result of a database operation.
pub type Result<T> = std::result::Result<T, Error>;

/// The instance's database.
#[derive(Clone, Debug)]
pub enum Db {
    /// Embedded: one connection that writes, several that read.
    Sqlite {
        /// The single writer.
        writer: Writer,
        /// Connections that can only read.
        readers: SqlitePool,
    },
    /// A PostgreSQL server.
    Postgres {
        /// Connections for transactions.
        transactions: PgPool,
        /// Connections for single statements that read, which leave nothing to roll back.
        autocommit: PgPool,
    },
}

/// A transaction: rolled back when dropped, kept by [`Tx::commit`]. One from [`Db::read_autocommit`] is none, and for one statement.
pub struct Tx(Inner);

enum Inner {
    SqliteGlance(PoolConnection<Sqlite>),
    SqliteRead(Transaction<'static, Sqlite>),
    SqliteWrite(group::WriteSlot),
    PostgresAutocommit(PoolConnection<Postgres>),
    Postgres(Transaction<'static, Postgres>),
}

/// A connection of either engine.
enum Connection<'t> {
    Sqlite(&'t mut SqliteConnection),
    /// SQLite's writer, with what waits to be sent on it.
    Writer(&'t mut SqliteConnection, &'t mut pipeline::Pipeline),
    Postgres(&'t mut PgConnection),
}

impl Db {
    /// Begins a read: everything seen through it is of one moment.
    pub async fn read(&self) -> Result<Tx> {
        Ok(Tx(match self {
            Db::Sqlite { readers, writer } => {
                writer.settled().await;
                Inner::SqliteRead(readers.begin().await?)
            }
            Db::Postgres { transactions, .. } => {
                let begin = "begin isolation level repeatable read read only";
                Inner::Postgres(transactions.begin_with(begin).await?)
            }
        }))
    }

    /// For a single statement that reads, which is a snapshot of its own: what a transaction around it would cost is spared.
    pub async fn read_autocommit(&self) -> Result<Tx> {
        Ok(Tx(match self {
            Db::Sqlite { readers, writer } => {
                writer.settled().await;
                Inner::SqliteGlance(readers.acquire().await?)
            }
            Db::Postgres { autocommit, .. } => Inner::PostgresAutocommit(autocommit.acquire().await?),
        }))
    }

    /// Begins a write, which runs beside others on PostgreSQL. Changes that people make go through
    /// [`crate::audit::Change`], which holds one of these.
    pub async fn write(&self) -> Result<Tx> {
        self.begin_write("begin; select pg_advisory_xact_lock_shared(4870921)").await
    }

    /// Begins a write beside which no other runs: for what moves rows to which others may be about to refer, or changes
    /// what everything that refers to a row rests on. It waits for those under way, and those that come later wait for it.
    pub async fn write_alone(&self) -> Result<Tx> {
        self.begin_write("begin; select pg_advisory_xact_lock(4870921)").await
    }

    /// SQLite has one writer at a time anyway. The number in PostgreSQL's statements stands for all writes of a database.
    async fn begin_write(&self, postgres: &'static str) -> Result<Tx> {
        Ok(Tx(match self {
            Db::Sqlite { writer, .. } => Inner::SqliteWrite(writer.begin().await?),
            Db::Postgres { transactions, .. } => Inner::Postgres(transactions.begin_with(postgres).await?),
        }))
    }

    /// Closes every connection, after what is under way.
    pub async fn close(&self) {
        match self {
            Db::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Db::Postgres { transactions, autocommit } => {
                autocommit.close().await;
                transactions.close().await;
            }
        }
    }

    /// The engine's name, for people.
    pub fn engine(&self) -> &'static str {
        match self {
            Db::Sqlite { .. } => "SQLite",
            Db::Postgres { .. } => "PostgreSQL",
        }
    }
}

impl Tx {
    /// A statement that both engines understand.
    pub fn query(&mut self, sql: &'static str) -> Query<'_> {
        Query::new(self.connection(), sql.into())
    }

    /// A statement that must differ between the two.
    pub fn query_either(&mut self, sqlite: &'static str, postgres: &'static str) -> Query<'_> {
        let sql = self.either(sqlite, postgres);
        Query::new(self.connection(), sql.into())
    }

    /// A statement put together at run time from fixed fragments; values are always bound, never put into the text.
    pub fn query_built(&mut self, sql: String) -> Query<'_> {
        Query::new(self.connection(), sql.into())
    }

    /// The one of two that is the engine's own: for [`Tx::query_built`], where a statement must differ.
    pub fn either<T>(&self, sqlite: T, postgres: T) -> T {
        match self.0 {
            Inner::SqliteGlance(_) | Inner::SqliteRead(_) | Inner::SqliteWrite(_) => sqlite,
            Inner::PostgresAutocommit(_) | Inner::Postgres(_) => postgres,
        }
    }

    fn connection(&mut self) -> Connection<'_> {
        match &mut self.0 {
            Inner::SqliteGlance(connection) => Connection::Sqlite(connection),
            Inner::SqliteRead(tx) => Connection::Sqlite(tx),
            Inner::SqliteWrite(turn) => turn.connection(),
            Inner::PostgresAutocommit(connection) => Connection::Postgres(connection),
            Inner::Postgres(tx) => Connection::Postgres(tx),
        }
    }

    /// The engine's version, for people.
    pub async fn engine_version(&mut self) -> Result<String> {
        let version =
            self.query_either("select sqlite_version()", "select current_setting('server_version')");
        Ok(version.one::<(String,)>().await?.0)
    }

    /// Keeps what was done. When this returns, it is on disk.
    ///
    /// # Errors
    /// [`Error::CommitUnknown`] when nobody can tell whether it was kept; after any other, it was not.
    pub async fn commit(self) -> Result<()> {
        let kept = match self.0 {
            Inner::SqliteGlance(_) | Inner::PostgresAutocommit(_) => Ok(()),
            Inner::SqliteWrite(turn) => return turn.commit().await,
            Inner::SqliteRead(tx) => tx.commit().await,
            Inner::Postgres(tx) => tx.commit().await,
        };
        kept.map_err(|error| {
            if is_commit_outcome_unknown(&error) {
                tracing::error!("the database went away at the moment of keeping a change: {error}");
                Error::CommitUnknown
            } else {
                error.into()
            }
        })
    }
}

/// `$from, …, $(from + count - 1)`: placeholders for a list of `count` values.
pub fn placeholders(from: usize, count: usize) -> String {
    (from..from + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{is_full, is_transient, placeholders};

    #[test]
    fn what_passes_by_itself_is_told_from_what_does_not() {
        for code in ["5", "517", "6", "262", "40P01", "55P03", "57P01", "08006"] {
            assert!(is_transient(code), "{code}");
        }
        for code in ["1", "11", "13", "2067", "42P01", "22021", "53100"] {
            assert!(!is_transient(code), "{code}");
        }
        assert!(is_full("13") && is_full("53100") && !is_full("5"));
    }

    #[test]
    fn placeholders_count_up() {
        assert_eq!(placeholders(2, 3), "$2, $3, $4");
        assert_eq!(placeholders(1, 0), "");
    }
}
