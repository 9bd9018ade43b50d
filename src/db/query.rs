//! A statement with its values, run on whichever engine the transaction is of.

use std::borrow::Cow;

use futures_util::TryStreamExt;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{
    Arguments, AssertSqlSafe, Either, Encode, Executor, FromRow, PgConnection, Postgres, SqlSafeStr, SqlStr,
    Sqlite, SqliteConnection, Type,
};

use super::pipeline::Pipeline;
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
    /// Behind what waits on the writer, and the number of values before its own.
    Behind(&'t mut SqliteConnection, &'t mut Pipeline, usize),
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
            Connection::Writer(on, pipeline) => {
                let before = pipeline.len();
                Bound::Behind(on, pipeline, before)
            }
            Connection::Postgres(on) => Bound::Postgres(on, PgArguments::default()),
        };
        Query { bound, sql, failed: None }
    }

    /// Gives the next placeholder its value.
    pub fn bind<T: Bind>(mut self, value: T) -> Self {
        let added = match &mut self.bound {
            Bound::Sqlite(_, values) => values.add(value),
            Bound::Behind(_, pipeline, _) => pipeline.values.add(value),
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
            Bound::Behind(on, pipeline, before) => behind(on, pipeline, before, &sql).await?.1,
            Bound::Postgres(on, values) => sqlx::query_with(sql, values).execute(on).await?.rows_affected(),
        })
    }

    /// Has it run before what comes next in its transaction, where nothing is to be learnt from it. What fails is told
    /// there.
    pub async fn enqueue(self) -> Result<()> {
        self.soon(None).await
    }

    /// As [`Query::enqueue`]; what comes next fails unless it changed just this many rows.
    pub async fn enqueue_expecting(self, expected: u64) -> Result<()> {
        self.soon(Some(expected)).await
    }

    async fn soon(mut self, expected: Option<u64>) -> Result<()> {
        if let (Bound::Behind(_, pipeline, before), None) = (&mut self.bound, &self.failed) {
            pipeline.push(&self.sql, *before, expected);
            return Ok(());
        }
        match expected {
            Some(expected) => self.run_expecting(expected).await,
            None => self.run().await.map(drop),
        }
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
            Bound::Behind(on, pipeline, before) => {
                let rows = behind(on, pipeline, before, &sql).await?.0;
                rows.iter().map(R::from_row).collect::<sqlx::Result<_>>()?
            }
            Bound::Postgres(on, values) => sqlx::query_as_with(sql, values).fetch_all(on).await?,
        })
    }

    /// The first row, if there is one.
    pub async fn optional<R: Row>(self) -> Result<Option<R>> {
        let (bound, sql) = self.parts()?;
        Ok(match bound {
            Bound::Sqlite(on, values) => sqlx::query_as_with(sql, values).fetch_optional(on).await?,
            Bound::Behind(on, pipeline, before) => {
                let rows = behind(on, pipeline, before, &sql).await?.0;
                rows.first().map(R::from_row).transpose()?
            }
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

/// Runs what waits on the writer, and a statement behind it: its rows, and how many it changed.
async fn behind(
    on: &mut SqliteConnection,
    pipeline: &mut Pipeline,
    before: usize,
    sql: &SqlStr,
) -> Result<(Vec<SqliteRow>, u64)> {
    let (sql, values, mut expected) = pipeline.take(sql.as_str(), before);
    let mut stream = on.fetch_many(sqlx::query_with(AssertSqlSafe(sql), values));
    let (mut rows, mut changed) = (Vec::new(), 0);
    while let Some(step) = stream.try_next().await? {
        match step {
            Either::Right(row) => rows.push(row),
            Either::Left(done) => {
                changed = done.rows_affected();
                if let Some(Some(expected)) = expected.pop_front()
                    && expected != changed
                {
                    return Err(Error::Rows { expected, changed });
                }
            }
        }
    }
    Ok((rows, changed))
}
