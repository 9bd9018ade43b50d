//! A database on which world after world is set up, with the service over it: the clock stands still, and ids and secrets
//! are counted from a seed, so that two stages with one seed are the same world.

use std::sync::Arc;

use anyhow::{Context, ensure};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use chrono::TimeDelta;
use evident::accounts::actions::{self, NewAccount};
use evident::accounts::{Role, sessions};
use evident::cache::Caches;
use evident::db::Row;
use evident::ids::Ids;
use evident::instance::Instance;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use uuid::Uuid;

use crate::support::World;

/// The service on one database.
pub struct Stage {
    world: World,
    router: Router,
    tables: Vec<String>,
}

/// Somebody with an account and a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Somebody {
    /// Their account.
    pub account: Uuid,
    /// They, as a leader.
    pub person: Uuid,
    /// Their session's token.
    pub token: String,
}

/// What the service answered: every byte of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    /// In order of name.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Reply {
    /// The text of a header; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

impl Stage {
    /// One on each engine: SQLite, and PostgreSQL where there is a server for tests.
    pub async fn on_both() -> anyhow::Result<Vec<Stage>> {
        let mut worlds = vec![World::on_sqlite().await];
        worlds.extend(World::on_postgres().await);
        let mut stages = Vec::new();
        for world in worlds {
            stages.push(Stage::on(world).await?);
        }
        Ok(stages)
    }

    pub async fn on_sqlite() -> anyhow::Result<Stage> {
        Stage::on(World::on_sqlite().await).await
    }

    async fn on(world: World) -> anyhow::Result<Stage> {
        let mut tx = world.instance.db.read().await?;
        let tables: Vec<(String,)> = tx
            .query_either(
                "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' \
                 and name not like '_sqlx%'",
                "select table_name::text from information_schema.tables where table_schema = 'public' \
                 and table_name not like '\\_sqlx%'",
            )
            .all()
            .await?;
        drop(tx);
        let tables = tables.into_iter().map(|(name,)| name).collect();
        Ok(Stage { world, router: Router::new(), tables })
    }

    /// The engine's name.
    pub fn engine(&self) -> &'static str {
        self.world.instance.db.engine()
    }

    /// Empties the database, and begins a new instance whose secret and ids are counted from `seed`.
    pub async fn begin(&mut self, seed: u64) -> anyhow::Result<()> {
        let before = &self.world.instance;
        let mut tx = before.db.write().await?;
        let empty = tx.either(
            self.tables.iter().map(|table| format!("delete from {table}")).collect(),
            vec![format!("truncate {}", self.tables.join(", "))],
        );
        let defer = tx.either("pragma defer_foreign_keys = on", "set constraints all deferred");
        tx.query(defer).run().await?;
        for sql in empty {
            tx.query_built(sql).run().await?;
        }
        tx.commit().await?;
        let (db, clock, settings) = (before.db.clone(), before.clock.clone(), before.settings.clone());
        self.world.instance = Instance::start(db, clock, Ids::seeded(seed), settings).await?;
        self.assemble()
    }

    /// Ids and secrets are counted from another seed from now on.
    pub fn draw_from(&mut self, seed: u64) -> anyhow::Result<()> {
        self.world.instance.ids = Ids::seeded(seed);
        self.assemble()
    }

    /// Assembles the service anew, without what was wrapped around it.
    pub fn assemble(&mut self) -> anyhow::Result<()> {
        self.router = evident::server::router(&self.world.instance, Arc::new([]), TaskTracker::new())?;
        Ok(())
    }

    /// The same service on the same database, which has kept nothing in memory.
    pub fn anew(&self) -> anyhow::Result<Router> {
        let mut instance = self.world.instance.clone();
        instance.caches = Caches::default();
        evident::server::router(&instance, Arc::new([]), TaskTracker::new())
    }

    /// Wraps the whole service in something.
    pub fn wrap(&mut self, wrap: impl FnOnce(Router) -> Router) {
        self.router = wrap(std::mem::take(&mut self.router));
    }

    /// The instance, to act on without a browser.
    pub fn instance(&self) -> &Instance {
        &self.world.instance
    }

    /// Somebody new who is signed in. Passwords are left out: they are slow by design, and no matter here.
    pub async fn somebody(&self, name: &str, roles: &[Role]) -> anyhow::Result<Somebody> {
        let instance = &self.world.instance;
        let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
        let new = NewAccount { name: name.into(), known_as: String::new(), email, roles: roles.to_vec() };
        let added =
            actions::add_account(instance, None, new).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
        self.world.forget_access_told().await;
        let token = self.session(added.account).await?;
        Ok(Somebody { account: added.account, person: added.person, token })
    }

    /// A new session of an account.
    pub async fn session(&self, account: Uuid) -> anyhow::Result<String> {
        let instance = &self.world.instance;
        let (token, now) = (sessions::token(instance), instance.now());
        let mut tx = instance.db.write().await?;
        tx.query(
            "insert into sessions (token_hash, id, account_id, user_agent, created_at, last_seen_at, expires_at) \
             values ($1, $2, $3, '', $4, $4, $5)",
        )
        .bind(sessions::digest(&token))
        .bind(instance.ids.new_id(now))
        .bind(account)
        .bind(now)
        .bind(now + TimeDelta::hours(8))
        .run_expecting(1)
        .await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Reads an address, as who has this session, or nobody.
    pub async fn get(&self, token: Option<&str>, path: &str) -> anyhow::Result<Reply> {
        self.get_from(&self.router, token, path).await
    }

    /// Reads an address of another service on the same database.
    pub async fn get_from(&self, service: &Router, token: Option<&str>, path: &str) -> anyhow::Result<Reply> {
        self.send(service, self.request("GET", token, path).body(Body::empty())?).await
    }

    /// Sends a form.
    pub async fn post(
        &self,
        token: Option<&str>,
        path: &str,
        fields: &[(String, String)],
    ) -> anyhow::Result<Reply> {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .request("POST", token, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(&self.router, request.body(Body::from(form))?).await
    }

    #[expect(clippy::unused_self, reason = "a request is one to this stage")]
    fn request(&self, method: &str, token: Option<&str>, path: &str) -> axum::http::request::Builder {
        let peer: std::net::SocketAddr = ([127, 0, 0, 1], 40_000).into();
        let request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:8080");
        let request = match token {
            Some(token) => request.header(header::COOKIE, format!("evident={token}")),
            None => request,
        };
        request.extension(ConnectInfo(peer))
    }

    async fn send(&self, service: &Router, request: Request<Body>) -> anyhow::Result<Reply> {
        let asked = format!("{} {}", request.method(), request.uri());
        let Ok(response) = service.clone().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await?;
        let body = String::from_utf8(body.to_vec()).with_context(|| format!("{asked} answers no text"))?;
        ensure!(parts.status.as_u16() < 500, "{asked} fails on {}: {body}", self.engine());
        let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let mut headers: Vec<(String, String)> =
            parts.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        headers.sort();
        Ok(Reply { status: parts.status.as_u16(), headers, body })
    }

    /// What a statement finds, past every permission.
    pub async fn rows<R: Row>(&self, sql: impl Into<String>) -> anyhow::Result<Vec<R>> {
        let mut tx = self.world.instance.db.read().await?;
        Ok(tx.query_built(sql.into()).all().await?)
    }

    /// The same with `$1` bound.
    pub async fn rows_of<R: Row>(&self, sql: &'static str, id: Uuid) -> anyhow::Result<Vec<R>> {
        let mut tx = self.world.instance.db.read().await?;
        Ok(tx.query(sql).bind(id).all().await?)
    }

    /// Changes something past every permission and rule.
    pub async fn meddle(&self, sql: String) -> anyhow::Result<()> {
        let mut tx = self.world.instance.db.write().await?;
        tx.query_built(sql).run().await?;
        Ok(tx.commit().await?)
    }
}
