//! A look at a database that changes nothing in it: for commands that refuse to touch what isn't theirs.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, FromRow};

use super::{OpenError, Settings, server};

/// What a database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contents {
    /// Nothing at all, or there is no database yet.
    Nothing,
    /// A demo's data, with its mark.
    Demo(String),
    /// Anything else.
    Other,
}

/// How many tables somebody else could have put there, ours and the migrations' among them.
const SQLITE_TABLES: &str =
    "select count(*), count(*) filter (where name = 'instance') from sqlite_master where type = 'table'";
const POSTGRES_TABLES: &str = "select count(*), count(*) filter (where table_schema = current_schema() and table_name = 'instance') \
     from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema')";
const MARK: &str = "select demo from instance where id = 1";

impl Settings {
    /// Looks at what the database holds.
    ///
    /// # Errors
    /// When there is one that can't be read.
    pub async fn contents(&self) -> Result<Contents, OpenError> {
        match self {
            Settings::Sqlite(path) => sqlite_contents(path).await,
            Settings::Postgres(address) => {
                let unreached = |error: sqlx::Error| OpenError::Server { reason: error.to_string() };
                let mut connection = server::options(address)?.connect().await.map_err(unreached)?;
                // As plain text, which needs nothing to be kept for the connection by whatever stands in between.
                let counted =
                    sqlx::raw_sql(POSTGRES_TABLES).fetch_one(&mut connection).await.map_err(unreached)?;
                let (tables, ours) = <(i64, i64)>::from_row(&counted).map_err(unreached)?;
                if tables == 0 {
                    return Ok(Contents::Nothing);
                }
                let mark = match ours {
                    0 => None,
                    _ => sqlx::raw_sql(MARK).fetch_optional(&mut connection).await.map_err(unreached)?,
                };
                let mark = mark.map(|row| FromRow::from_row(&row)).transpose().map_err(unreached)?;
                connection.close().await.map_err(unreached)?;
                Ok(contents(mark))
            }
        }
    }
}

async fn sqlite_contents(path: &Path) -> Result<Contents, OpenError> {
    let unread = |reason: String| OpenError::File { path: path.display().to_string(), reason };
    if let Some(folder) = path.parent() {
        match std::fs::read_dir(folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Contents::Nothing),
            Err(error) => return Err(unread(error.to_string())),
            Ok(items) => {
                let names = items.filter_map(|item| Some(item.ok()?.path())).collect::<Vec<_>>();
                if names.is_empty() {
                    return Ok(Contents::Nothing);
                }
                let base = path.as_os_str().to_string_lossy();
                if !names.iter().all(|name| name.to_string_lossy().starts_with(&*base)) || !path.exists() {
                    return Ok(Contents::Other);
                }
            }
        }
    }
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    // What is no database at all is certainly not ours.
    let Ok(mut connection) = options.connect().await else { return Ok(Contents::Other) };
    let counted: Result<(i64, i64), _> = sqlx::query_as(SQLITE_TABLES).fetch_one(&mut connection).await;
    let mark = match counted {
        Ok((_, ours)) if ours > 0 => {
            sqlx::query_as(MARK).fetch_optional(&mut connection).await.ok().flatten()
        }
        _ => None,
    };
    connection.close().await.map_err(|error| unread(error.to_string()))?;
    Ok(contents(mark))
}

fn contents(mark: Option<(Option<String>,)>) -> Contents {
    mark.and_then(|(mark,)| mark).map_or(Contents::Other, Contents::Demo)
}
