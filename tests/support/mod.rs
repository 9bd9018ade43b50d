//! A fresh world for a test: the whole service on a fresh database of each engine, people who are signed in, and what
//! they are answered.

mod answer;
pub mod live;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use chrono::{NaiveDate, TimeDelta};
use evident::accounts::actions::{self, NewAccount};
use evident::accounts::demo::DemoMark;
use evident::accounts::{Actor, Role, sessions};
use evident::audit::{Change, Event, Origin};
use evident::clock::Clock;
use evident::db::Settings;
use evident::demo::{self, Company};
use evident::framework::load;
use evident::ids::Ids;
use evident::instance::Instance;
use evident::people::{Organization, store};
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use uuid::Uuid;

pub use answer::Answer;

/// Names the server on which databases for tests can be made; `tests/run` starts one and sets it.
const POSTGRES: &str = "EVIDENT_TEST_POSTGRES";

/// The day on which tests take place.
pub fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("a day")
}

/// The whole service on a fresh database.
pub struct World {
    /// Its instance, to act on without a browser.
    pub instance: Instance,
    router: Router,
    /// The folder of an embedded database, removed with the world.
    folder: Option<tempfile::TempDir>,
    /// Where its database is.
    settings: Settings,
}

/// Somebody with a browser, signed in or not.
pub struct Visitor {
    router: Router,
    cookie: Option<String>,
    /// Who they are, when signed in.
    pub actor: Option<Actor>,
}

/// The address of somebody of a name, whatever signs it holds.
fn email_of(name: &str) -> String {
    let name = name.to_lowercase();
    let words: Vec<&str> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    format!("{}@example.com", words.join("."))
}

impl World {
    /// A fresh world on each engine.
    pub async fn on_both() -> Vec<World> {
        let mut worlds = vec![World::on_sqlite().await];
        worlds.extend(World::on_postgres().await);
        worlds
    }

    /// A fresh world on an embedded database.
    pub async fn on_sqlite() -> World {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = Settings::in_folder(folder.path());
        World::open(settings, Some(folder)).await
    }

    /// A fresh world on PostgreSQL, where there is a server for tests.
    pub async fn on_postgres() -> Option<World> {
        let Ok(server) = std::env::var(POSTGRES) else {
            eprintln!("PostgreSQL is left out of this test: {POSTGRES} is not set; tests/run sets it");
            return None;
        };
        let name = format!("evident_{}", hex::encode(Ids::random().bytes::<8>()));
        let address = format!("{server}/postgres");
        let mut connection =
            <sqlx::PgConnection as sqlx::Connection>::connect(&address).await.expect("a server");
        let create = sqlx::AssertSqlSafe(format!("create database {name}"));
        sqlx::raw_sql(create).execute(&mut connection).await.expect("a database");
        Some(World::open(Settings::parse(&format!("{server}/{name}")).expect("an address"), None).await)
    }

    /// Another instance on the same database, which remembers nothing yet.
    pub async fn another_instance(&self) -> World {
        World::open(self.settings.clone(), None).await
    }

    async fn open(settings: Settings, folder: Option<tempfile::TempDir>) -> World {
        let db = settings.open().await.expect("a database");
        let noon = today().and_hms_opt(12, 0, 0).expect("noon").and_utc();
        let instance = Instance::start(
            db,
            Clock::Fixed(noon),
            Ids::random(),
            evident::instance::Settings {
                zone: chrono_tz::UTC,
                url: "http://127.0.0.1:8080".into(),
                session_idle: TimeDelta::minutes(30),
                session_life: TimeDelta::hours(8),
                mail: None,
            },
        )
        .await
        .expect("an instance");
        let mut world = World { router: Router::new(), instance, settings, folder };
        world.assemble();
        world
    }

    /// Assembles the router anew after the instance was changed, its clock moved for example.
    pub fn assemble(&mut self) {
        let proxies: Arc<[ipnet::IpNet]> = Arc::new([]);
        self.router = evident::server::router(&self.instance, proxies, TaskTracker::new()).expect("a router");
    }

    /// Notes in the audit log that a test wrote rows of its own: every change of the product is noted there.
    pub async fn planted(&self) {
        let mut change = Change::begin(&self.instance, Origin::CommandLine).await.expect("a change");
        change.record(Event::RemindersRaised, None, &());
        change.commit().await.expect("kept");
    }

    /// Adds a leader of the company without an account; `added_by` is a candidate's account, or nobody.
    pub async fn leader(&self, name: &str, added_by: Option<Uuid>) -> Uuid {
        self.leader_of(Organization::Internal, name, added_by).await
    }

    /// The same, of an organization.
    pub async fn leader_of(&self, organization: Organization, name: &str, added_by: Option<Uuid>) -> Uuid {
        let at = self.instance.now();
        let id = self.instance.ids.new_id(at);
        let mut tx = self.instance.db.write().await.expect("a write");
        store::insert(&mut tx, id, name, organization, None, added_by, at).await.expect("a leader");
        tx.commit().await.expect("kept");
        id
    }

    /// Writes a demo's company of so many candidates and entries, and returns it.
    pub async fn company(&self, candidates: usize, entries: usize) -> Arc<Company<'static>> {
        let mark = DemoMark {
            seed: 1,
            candidates,
            entries,
            today: today(),
            visitors: BTreeMap::new(),
            complete: false,
        };
        let company = Arc::new(demo::company(load::built_in(), mark.seed, candidates, entries, today()));
        demo::load::load(&self.instance, Arc::clone(&company), mark, |_| {}).await.expect("written");
        company
    }

    /// The folder of the embedded database.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.as_ref().expect("an embedded database").path()
    }

    /// The setting by which the program itself finds this database.
    pub fn variable(&self) -> (&'static str, String) {
        match &self.settings {
            Settings::Sqlite(_) => ("EVIDENT_DATA", self.folder().display().to_string()),
            Settings::Postgres(address) => ("EVIDENT_DATABASE_URL", address.clone()),
        }
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Visitor {
        Visitor { router: self.router.clone(), cookie: None, actor: None }
    }

    /// Somebody new who has taken up an invitation and is signed in.
    pub async fn somebody(&self, name: &str, roles: &[Role]) -> Visitor {
        let email = email_of(name);
        let new = NewAccount { name: name.into(), known_as: String::new(), email, roles: roles.to_vec() };
        let added = actions::add_account(&self.instance, None, new).await.expect("an account");
        self.forget_access_told().await;
        let password = "harbour violet kettle sparrow".to_owned();
        let token =
            actions::set_password(&self.instance, &added.token, password, "test").await.expect("a password");
        let actor = sessions::actor(&self.instance, &token).await.expect("a session");
        Visitor { router: self.router.clone(), cookie: Some(format!("evident={token}")), actor }
    }

    /// Clears the inboxes of what was told of new accounts, for tests of what else they hold.
    pub async fn forget_access_told(&self) {
        let mut tx = self.instance.db.write().await.expect("a write");
        let told = "delete from notices where kind in ('role-given', 'link-made')";
        tx.query(told).run().await.expect("forgotten");
        tx.commit().await.expect("kept");
    }

    /// The same person with the same session, once the instance was changed and the router assembled anew.
    pub fn again(&self, visitor: &Visitor) -> Visitor {
        let (cookie, actor) = (visitor.cookie.clone(), visitor.actor.clone());
        Visitor { router: self.router.clone(), cookie, actor }
    }

    /// A new candidate, signed in.
    pub async fn candidate(&self, name: &str) -> Visitor {
        self.somebody(name, &[Role::Candidate]).await
    }

    /// A new CTO, signed in. Their person has no level until one is recorded.
    pub async fn cto(&self, name: &str) -> Visitor {
        self.somebody(name, &[Role::Cto]).await
    }
}

impl Visitor {
    /// Who they are.
    pub fn actor(&self) -> &Actor {
        self.actor.as_ref().expect("somebody who is signed in")
    }

    /// Reads an address.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(Body::empty()).expect("a request")).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post_raw(path, form.into_bytes()).await
    }

    /// Sends a form of these bytes.
    pub async fn post_raw(&self, path: &str, form: Vec<u8>) -> Answer {
        let request = self
            .request("POST", path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(form))
            .expect("a request");
        self.send(request).await
    }

    /// A request with this visitor's cookie, for tests that need another method or other headers.
    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:8080");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let peer: std::net::SocketAddr = ([127, 0, 0, 1], 40_000).into();
        request.extension(ConnectInfo(peer))
    }

    /// Sends any request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let Ok(response) = self.router.clone().oneshot(request).await;
        Answer::read(response).await
    }

    /// The same browser with this cookie alone.
    pub fn with_cookie(&self, cookie: &str) -> Visitor {
        Visitor { router: self.router.clone(), cookie: Some(cookie.to_owned()), actor: None }
    }

    /// The same browser with another session's token, or none.
    pub fn with_token(&self, token: Option<&str>) -> Visitor {
        let cookie = token.map(|token| format!("evident={token}"));
        Visitor { router: self.router.clone(), cookie, actor: None }
    }
}
