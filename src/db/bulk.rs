//! Many rows of one table at once, in few and always the same statements.

use uuid::Uuid;

use super::{Error, Query, Result, Tx, placeholders};

/// Most values of one statement. SQLite finds each placeholder's name by walking through those before it, so that the
/// cost of a long list grows with its square.
const VALUES: usize = 480;

/// Inserts rows into a table with its columns, such as `people (id, name)`; `bind` gives a row's values in that order.
pub async fn insert_all<R>(
    tx: &mut Tx,
    into: &str,
    rows: &[R],
    bind: impl for<'q> Fn(Query<'q>, &R) -> Query<'q>,
) -> Result<()> {
    let inserted = insert(tx, into, "", rows, bind).await?;
    let expected = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    if inserted == expected { Ok(()) } else { Err(Error::Rows { expected, changed: inserted }) }
}

/// As [`insert_all`], of the rows whose keys are not there yet.
pub async fn insert_new<R>(
    tx: &mut Tx,
    into: &str,
    rows: &[R],
    bind: impl for<'q> Fn(Query<'q>, &R) -> Query<'q>,
) -> Result<()> {
    insert(tx, into, " on conflict do nothing", rows, bind).await.map(drop)
}

/// Ids in lists that a statement takes: `in ({placeholders})`.
pub fn some_at_once(ids: &[Uuid]) -> impl Iterator<Item = &[Uuid]> {
    ids.chunks(VALUES)
}

async fn insert<R>(
    tx: &mut Tx,
    into: &str,
    otherwise: &str,
    rows: &[R],
    bind: impl for<'q> Fn(Query<'q>, &R) -> Query<'q>,
) -> Result<u64> {
    let columns = into.matches(',').count() + 1;
    let most = (VALUES / columns).max(1);
    let mut left = rows;
    let mut inserted = 0;
    // Of three lengths alone, so that prepared statements stay few and are used again.
    for length in [most, (most / 6).max(1), 1] {
        let values: Vec<String> =
            (0..length).map(|row| format!("({})", placeholders(1 + row * columns, columns))).collect();
        let sql = format!("insert into {into} values {}{otherwise}", values.join(", "));
        while left.len() >= length {
            let (chunk, rest) = left.split_at(length);
            left = rest;
            inserted += chunk.iter().fold(tx.query_built(sql.clone()), &bind).run().await?;
        }
    }
    Ok(inserted)
}
