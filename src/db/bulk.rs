//! Many rows of one table at once, as few statements as the engines' bounds on values allow.

use super::{Query, Result, Tx, placeholders};

/// Most values of one statement; SQLite takes 32,766 and slows down long before.
const VALUES: usize = 4_000;

/// Inserts rows into a table with its columns, such as `people (id, name)`; `bind` gives a row's values in that order.
pub async fn insert_all<R>(
    tx: &mut Tx,
    into: &str,
    rows: &[R],
    bind: impl for<'q> Fn(Query<'q>, &R) -> Query<'q>,
) -> Result<()> {
    let columns = into.matches(',').count() + 1;
    for chunk in rows.chunks((VALUES / columns).max(1)) {
        let values: Vec<String> =
            (0..chunk.len()).map(|row| format!("({})", placeholders(1 + row * columns, columns))).collect();
        let query = tx.query_built(format!("insert into {into} values {}", values.join(", ")));
        let inserted = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        chunk.iter().fold(query, &bind).run_expecting(inserted).await?;
    }
    Ok(())
}
