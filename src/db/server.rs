//! Opening a database on a PostgreSQL server: connections as the program needs them, and what it finds there read back.

use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Executor, FromRow, PgConnection, PgPool, Row as _};

use super::open::{ACQUIRE, STATEMENTS, migration_error};
use super::{Db, OpenError};

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// For transactions, and as many again for single statements.
const CONNECTIONS: u32 = 8;
/// A connection that rested for longer is tested before it is used.
const RESTED: Duration = Duration::from_secs(1);
/// The oldest version that the program is tested with.
const OLDEST: i32 = 15;

/// What each connection is told when it is made, and not as it is: what pools connections takes few parameters at the
/// start. Every statement is prepared once and asked many times, and finds its rows by an index whatever its values are:
/// planning it again for each set of values takes longer than all of it, and so does compiling it. The rollback after
/// each use warns whenever there was nothing to roll back, which is nearly always.
const TOLD: &str = "set statement_timeout = '15s'; set lock_timeout = '5s'; \
                    set idle_in_transaction_session_timeout = '15s'; set timezone = 'UTC'; \
                    set client_encoding = 'UTF8'; set default_transaction_isolation = 'read committed'; \
                    set plan_cache_mode = force_generic_plan; set jit = off; set client_min_messages = error";

/// How an address is connected to.
pub(super) fn options(address: &str) -> Result<PgConnectOptions, OpenError> {
    let options = PgConnectOptions::from_str(address).map_err(|_| OpenError::Address)?;
    Ok(options.extra_float_digits(None).statement_cache_capacity(STATEMENTS).disable_statement_logging())
}

/// Opens the database at an address and brings its schema up to date.
pub(super) async fn open(address: &str) -> Result<Db, OpenError> {
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(async move { connection.execute(TOLD).await.map(drop) }))
        .before_acquire(|connection, about| {
            Box::pin(async move { Ok(about.idle_for < RESTED || connection.ping().await.is_ok()) })
        });
    let autocommit = pool.clone().connect_lazy_with(options(address)?);
    // A `begin` that was cancelled half-way otherwise hands on an open transaction, in which the next user's writes would
    // be acknowledged and then vanish.
    let transactions = pool
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.execute("rollback").await?;
                Ok(true)
            })
        })
        .connect_with(options(address)?)
        .await
        .map_err(unreached)?;
    check_connections(&transactions).await?;
    check_settings(&transactions).await?;
    migrate(&transactions).await?;
    Ok(Db::Postgres { transactions, autocommit })
}

#[expect(clippy::needless_pass_by_value, reason = "it stands where errors are handed on")]
fn unreached(error: sqlx::Error) -> OpenError {
    OpenError::Server { reason: error.to_string() }
}

/// The code that the server gave an error.
pub(super) fn code(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

/// Refuses connections that are others' in between: what is prepared or set on one would be met by somebody else. While a
/// transaction holds one, the other has to stay what it is.
async fn check_connections(pool: &PgPool) -> Result<(), OpenError> {
    let mut one = pool.acquire().await.map_err(unreached)?;
    let mut other = pool.acquire().await.map_err(unreached)?;
    for _ in 0..2 {
        let before = backend(&mut one).await?;
        other.execute("begin").await.map_err(|_| OpenError::Pooler)?;
        // In this order: where there is only one to hand round, `one` would wait for it.
        let shared = backend(&mut other).await? == before || backend(&mut one).await? != before;
        other.execute("rollback").await.map_err(unreached)?;
        if shared {
            return Err(OpenError::Pooler);
        }
    }
    Ok(())
}

/// The number of the server's process that a connection leads to.
async fn backend(connection: &mut PgConnection) -> Result<i32, OpenError> {
    let row = sqlx::raw_sql("select pg_backend_pid()").fetch_one(connection).await.map_err(unreached)?;
    row.try_get(0).map_err(unreached)
}

/// What the server says of itself, the database and the user.
#[derive(Debug, FromRow)]
struct Found {
    version: i32,
    server_encoding: String,
    client_encoding: String,
    isolation: String,
    timezone: String,
    read_only: String,
    standby: bool,
    search_path: String,
    schema: Option<String>,
    may_create: Option<bool>,
    /// The schema of our tables, where they are there.
    home: Option<String>,
    role: String,
    base: String,
    unsafe_settings: Option<String>,
}

const FOUND: &str = "select current_setting('server_version_num')::int / 10000 as version, \
    current_setting('server_encoding') as server_encoding, current_setting('client_encoding') as client_encoding, \
    current_setting('default_transaction_isolation') as isolation, current_setting('TimeZone') as timezone, \
    current_setting('default_transaction_read_only') as read_only, pg_is_in_recovery() as standby, \
    current_setting('search_path') as search_path, quote_ident(current_schema()) as schema, \
    has_schema_privilege(current_schema(), 'create') as may_create, \
    (select quote_ident(n.nspname) from pg_class c join pg_namespace n on n.oid = c.relnamespace \
     where c.relname = 'audit_head' and c.relkind = 'r' order by n.nspname <> current_schema() limit 1) as home, \
    quote_ident(current_user) as role, quote_ident(current_database()) as base, \
    (select string_agg(name, ', ' order by name) from pg_settings \
     where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off') as unsafe_settings";

/// Reads back what everything rests on.
async fn check_settings(pool: &PgPool) -> Result<(), OpenError> {
    let mut connection = pool.acquire().await.map_err(unreached)?;
    let row = sqlx::raw_sql(FOUND).fetch_one(&mut *connection).await.map_err(unreached)?;
    let found = Found::from_row(&row).map_err(unreached)?;
    found.check()?;
    if let Some(settings) = &found.unsafe_settings {
        tracing::warn!(
            "PostgreSQL has these off: {settings}. What was acknowledged can be lost when its machine stops; set them to on."
        );
    }
    Ok(())
}

impl Found {
    fn check(&self) -> Result<(), OpenError> {
        let Found { base, role, .. } = self;
        let refuse = |name, found: &str, way_out: String| {
            Err(OpenError::ServerSetting { name, found: found.to_owned(), way_out })
        };
        if self.version < OLDEST {
            let way_out = format!("version {OLDEST} or later is needed; upgrade the server, or name another");
            return refuse("version", &self.version.to_string(), way_out);
        }
        if self.server_encoding != "UTF8" {
            let way_out = format!(
                "names and texts need UTF8, and an encoding stays what it is; make another database (create database \
                 NAME owner {role} encoding 'UTF8' template template0) and name it in EVIDENT_DATABASE_URL"
            );
            return refuse("server_encoding", &self.server_encoding, way_out);
        }
        if self.standby {
            return refuse("pg_is_in_recovery", "true", "this is a standby: name the primary server".into());
        }
        for (name, found, wanted) in [
            ("default_transaction_read_only", &self.read_only, "off"),
            ("client_encoding", &self.client_encoding, "UTF8"),
            ("default_transaction_isolation", &self.isolation, "read committed"),
            ("timezone", &self.timezone, "UTC"),
        ] {
            if found != wanted {
                let way_out = format!(
                    "let its owner run: alter database {base} set {name} = '{wanted}'; alter role {role} set {name} = \
                     '{wanted}'"
                );
                return refuse(name, found, way_out);
            }
        }
        let Some(schema) = &self.schema else {
            let way_out = format!(
                "it names no schema that {role} may use; let the owner of the database run: grant usage, create on \
                 schema public to {role}; alter role {role} set search_path = public"
            );
            return refuse("search_path", &self.search_path, way_out);
        };
        match &self.home {
            Some(home) if home != schema => {
                let way_out = format!(
                    "it leads to the schema {schema}, while Evident's tables are in {home}; run: alter role {role} set \
                     search_path = {home}"
                );
                refuse("search_path", &self.search_path, way_out)
            }
            None if self.may_create == Some(false) => Err(OpenError::Denied {
                user: role.clone(),
                reason: format!("it may not create tables in the schema {schema}"),
                way_out: format!(
                    "let the owner of the database {base} run in it: grant usage, create on schema {schema} to {role}"
                ),
            }),
            _ => Ok(()),
        }
    }
}

async fn migrate(pool: &PgPool) -> Result<(), OpenError> {
    let mut connection = pool.acquire().await.map_err(unreached)?;
    // Waiting for another instance's migration may take longer than a statement ever should.
    let unlimited = "set statement_timeout = 0; set lock_timeout = 0";
    connection.execute(unlimited).await.map_err(|error| OpenError::Migration(error.to_string()))?;
    match MIGRATIONS.run(&mut *connection).await {
        Ok(()) => {}
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => {
            return Err(refused(&mut connection, &error).await);
        }
        Err(error) => return Err(migration_error(error)),
    }
    let usual = "set statement_timeout = '15s'; set lock_timeout = '5s'";
    connection.execute(usual).await.map_err(|error| OpenError::Migration(error.to_string()))?;
    Ok(())
}

/// Why a look at the schema, or a change of it, was refused.
pub(super) async fn refused(connection: &mut PgConnection, error: &sqlx::Error) -> OpenError {
    if code(error).as_deref() != Some("42501") {
        return OpenError::Migration(error.to_string());
    }
    let role = sqlx::raw_sql("select quote_ident(current_user)").fetch_one(connection).await;
    let user = role.and_then(|row| row.try_get(0)).unwrap_or_else(|_| "of EVIDENT_DATABASE_URL".to_owned());
    let way_out = format!(
        "Evident owns its tables: name the user that made them, or let that one, or a superuser, run in this database: \
         reassign owned by OWNER to {user}"
    );
    let reason =
        error.as_database_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
    OpenError::Denied { user, reason, way_out }
}
