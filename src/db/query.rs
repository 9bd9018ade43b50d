//! A statement with its values, run on whichever engine the transaction is of.

use std::borrow::Cow;

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, AssertSqlSafe, Encode, FromRow, Postgres, SqlSafeStr, SqlStr, Sqlite, Type};

use super::{Error, Inner, Result};

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

enum Values {
    Sqlite(SqliteArguments),
    Postgres(PgArguments),
}

/// A statement on its way. Values are bound in the order of their placeholders.
#[must_use = "a statement does nothing until it is run"]
pub struct Query<'t> {
    tx: &'t mut Inner,
    sql: Cow<'static, str>,
    values: Values,
    failed: Option<sqlx::Error>,
}

impl<'t> Query<'t> {
    pub(super) fn new(tx: &'t mut Inner, sql: Cow<'static, str>) -> Self {
        let values = match tx {
            Inner::Sqlite(_) => Values::Sqlite(SqliteArguments::default()),
            Inner::Postgres(_) => Values::Postgres(PgArguments::default()),
        };
        Query { tx, sql, values, failed: None }
    }

    /// Gives the next placeholder its value.
    pub fn bind<T: Bind>(mut self, value: T) -> Self {
        let added = match &mut self.values {
            Values::Sqlite(values) => values.add(value),
            Values::Postgres(values) => values.add(value),
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
        let (tx, sql, values) = self.parts()?;
        Ok(match (tx, values) {
            (Inner::Sqlite(tx), Values::Sqlite(values)) => {
                sqlx::query_with(sql, values).execute(&mut **tx).await?.rows_affected()
            }
            (Inner::Postgres(tx), Values::Postgres(values)) => {
                sqlx::query_with(sql, values).execute(&mut **tx).await?.rows_affected()
            }
            _ => unreachable!("values are made for the transaction's own engine"),
        })
    }

    /// Runs it, and fails unless it changed just this many rows.
    pub async fn run_expecting(self, expected: u64) -> Result<()> {
        let changed = self.run().await?;
        if changed == expected { Ok(()) } else { Err(Error::Rows { expected, changed }) }
    }

    /// All rows.
    pub async fn all<R: Row>(self) -> Result<Vec<R>> {
        let (tx, sql, values) = self.parts()?;
        Ok(match (tx, values) {
            (Inner::Sqlite(tx), Values::Sqlite(values)) => {
                sqlx::query_as_with(sql, values).fetch_all(&mut **tx).await?
            }
            (Inner::Postgres(tx), Values::Postgres(values)) => {
                sqlx::query_as_with(sql, values).fetch_all(&mut **tx).await?
            }
            _ => unreachable!("values are made for the transaction's own engine"),
        })
    }

    /// The first row, if there is one.
    pub async fn optional<R: Row>(self) -> Result<Option<R>> {
        let (tx, sql, values) = self.parts()?;
        Ok(match (tx, values) {
            (Inner::Sqlite(tx), Values::Sqlite(values)) => {
                sqlx::query_as_with(sql, values).fetch_optional(&mut **tx).await?
            }
            (Inner::Postgres(tx), Values::Postgres(values)) => {
                sqlx::query_as_with(sql, values).fetch_optional(&mut **tx).await?
            }
            _ => unreachable!("values are made for the transaction's own engine"),
        })
    }

    /// The row that must be there.
    pub async fn one<R: Row>(self) -> Result<R> {
        self.optional().await?.ok_or(Error::Rows { expected: 1, changed: 0 })
    }

    fn parts(self) -> Result<(&'t mut Inner, SqlStr, Values)> {
        if let Some(error) = self.failed {
            return Err(error.into());
        }
        let sql = match self.sql {
            Cow::Borrowed(text) => text.into_sql_str(),
            Cow::Owned(text) => AssertSqlSafe(text).into_sql_str(),
        };
        Ok((self.tx, sql, self.values))
    }
}
