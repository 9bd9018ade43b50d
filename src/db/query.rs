//! A statement with its values, run on whichever engine the transaction is of.

use std::borrow::Cow;

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{
    Arguments, AssertSqlSafe, Encode, FromRow, PgConnection, Postgres, SqlSafeStr, SqlStr, Sqlite,
    SqliteConnection, Type,
};

use super::{Connection, Error, Result};

/// A value that both engines can be given.
pub trait Bind:
    Send + for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres>
{
}

impl<T> Bind for T where
    T: Send + for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres>
{
}

/// A row that can be read from both engines: a tuple, or a struct that derives `sqlx::FromRow`.
pub trait Row: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}

impl<T> Row for T where T: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}

/// A connection, and the values for the statement that is to be run on it.
enum Bound<'t> {
    Sqlite(&'t mut SqliteConnection, SqliteArguments),
    Postgres(&'t mut PgConnection, PgArguments),
}

/// A statement on its way. Values are bound in the order of their placeholders.
#[must_use = "a statement does nothing until it is run"]
pub struct Query<'t> {
    bound: Bound<'t>,
    sql: Cow<'static, str>,
    failed: Option<sqlx::Error>,
}

impl<'t> Query<'t> {
    pub(super) fn new(connection: Connection<'t>, sql: Cow<'static, str>) -> Self {
        let bound = match connection {
            Connection::Sqlite(on) => Bound::Sqlite(on, SqliteArguments::default()),
            Connection::Postgres(on) => Bound::Postgres(on, PgArguments::default()),
        };
        Query { bound, sql, failed: None }
    }

    /// Gives the next placeholder its value.
    pub fn bind<T: Bind>(mut self, value: T) -> Self {
        let added = match &mut self.bound {
            Bound::Sqlite(_, values) => values.add(value),
            Bound::Postgres(_, values) => values.add(value),
        };
        if let Err(error) = added {
            self.failed = Some(sqlx::Error::Encode(error));
        }
        self
    }

    /// Gives the next placeholders these values.
    pub fn bind_all<T: Bind>(self, values: impl IntoIterator<Item = T>) -> Self {
        values.into_iter().fold(self, Query::bind)
    }

    /// Runs it, and tells how many rows it changed.
    pub async fn run(self) -> Result<u64> {
        let (bound, sql) = self.parts()?;
        Ok(match bound {
            Bound::Sqlite(on, values) => sqlx::query_with(sql, values).execute(on).await?.rows_affected(),
            Bound::Postgres(on, values) => sqlx::query_with(sql, values).execute(on).await?.rows_affected(),
        })
    }

    /// Runs it, and fails unless it changed just this many rows.
    pub async fn run_expecting(self, expected: u64) -> Result<()> {
        let changed = self.run().await?;
        if changed == expected { Ok(()) } else { Err(Error::Rows { expected, changed }) }
    }

    /// All rows.
    pub async fn all<R: Row>(self) -> Result<Vec<R>> {
        let (bound, sql) = self.parts()?;
        Ok(match bound {
            Bound::Sqlite(on, values) => sqlx::query_as_with(sql, values).fetch_all(on).await?,
            Bound::Postgres(on, values) => sqlx::query_as_with(sql, values).fetch_all(on).await?,
        })
    }

    /// The first row, if there is one.
    pub async fn optional<R: Row>(self) -> Result<Option<R>> {
        let (bound, sql) = self.parts()?;
        Ok(match bound {
            Bound::Sqlite(on, values) => sqlx::query_as_with(sql, values).fetch_optional(on).await?,
            Bound::Postgres(on, values) => sqlx::query_as_with(sql, values).fetch_optional(on).await?,
        })
    }

    /// The row that must be there.
    pub async fn one<R: Row>(self) -> Result<R> {
        self.optional().await?.ok_or(Error::Rows { expected: 1, changed: 0 })
    }

    fn parts(self) -> Result<(Bound<'t>, SqlStr)> {
        if let Some(error) = self.failed {
            return Err(error.into());
        }
        let sql = match self.sql {
            Cow::Borrowed(text) => text.into_sql_str(),
            Cow::Owned(text) => AssertSqlSafe(text).into_sql_str(),
        };
        Ok((self.bound, sql))
    }
}
