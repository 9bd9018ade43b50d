//! The product in one process, without a listener: a company of a fixed day, a CTO who reads a dashboard and a committee
//! member who filters the board.

use std::sync::Arc;

use anyhow::{Context, ensure};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use chrono::{NaiveDate, TimeDelta};
use evident::accounts::demo::DemoMark;
use evident::clock::Clock;
use evident::db::Settings;
use evident::ids::Ids;
use evident::instance::Instance;
use evident::{demo, framework};
use tokio::runtime::Runtime;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use uuid::Uuid;

const SEED: u64 = 3;
const CANDIDATES: usize = 20;
const ENTRIES: usize = 1_500;

/// A page that is measured.
#[derive(Clone, Copy, Debug, strum::Display, strum::EnumString)]
#[strum(serialize_all = "kebab-case")]
pub enum Page {
    /// The readiness of a dossier of about 75 entries, to a CTO.
    Dashboard,
    /// The committee's board, with two gaps and a kind.
    Board,
}

/// The running product, in this process.
pub struct Site {
    runtime: Runtime,
    router: Router,
    cto: String,
    member: String,
    dossier: Uuid,
    _folder: tempfile::TempDir,
}

impl Site {
    /// Makes the company, signs in, and asks for each page once.
    pub fn open() -> anyhow::Result<Site> {
        // One thread, so that no hand-over is measured.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let folder = tempfile::tempdir()?;
        let started = runtime.block_on(async {
            let day = NaiveDate::from_ymd_opt(2026, 11, 20).context("a day")?;
            let db = Settings::in_folder(folder.path()).open().await?;
            let settings = evident::instance::Settings {
                zone: chrono_tz::UTC,
                url: "http://127.0.0.1:8080".into(),
                session_idle: TimeDelta::minutes(30),
                session_life: TimeDelta::hours(8),
                mail: None,
            };
            let mut instance = Instance::start(db, Clock::fixed_on(day), Ids::seeded(SEED), settings).await?;
            let mark = DemoMark {
                seed: SEED,
                candidates: CANDIDATES,
                entries: ENTRIES,
                today: day,
                visitors: std::collections::BTreeMap::new(),
                complete: false,
            };
            let company = demo::company(framework::load::built_in(), SEED, CANDIDATES, ENTRIES, day);
            demo::load::load(&instance, Arc::new(company), mark, |_| {}).await?;
            instance.demo = true;
            let router = evident::server::router(&instance, Arc::new([]), TaskTracker::new())?;
            let mut tx = instance.db.read().await?;
            let (dossier,): (Uuid,) = tx
                .query(
                    "select d.id from dossiers d join entries e on e.dossier_id = d.id \
                     where d.sharing = 'committee' and d.aim <> 'e1-by-choice' \
                     group by d.id order by count(*) desc, d.id limit 1",
                )
                .one()
                .await?;
            drop(tx);
            let (cto, member) = (sign_in(&router, "cto").await?, sign_in(&router, "committee").await?);
            anyhow::Ok((router, cto, member, dossier))
        });
        let (router, cto, member, dossier) = started?;
        let site = Site { runtime, router, cto, member, dossier, _folder: folder };
        site.answer(Page::Dashboard)?;
        site.answer(Page::Board)?;
        Ok(site)
    }

    /// Asks for a page and reads it to its end. Returns its length in bytes.
    pub fn answer(&self, page: Page) -> anyhow::Result<usize> {
        let (address, cookie) = match page {
            Page::Dashboard => (format!("/dossiers/{}/readiness", self.dossier), &self.cto),
            Page::Board => {
                ("/committee?gap=cto-partnership&gap=external-presence&kind=short".into(), &self.member)
            }
        };
        self.runtime.block_on(async {
            let request = Request::get(&address).header(header::COOKIE, cookie).body(Body::empty())?;
            let answer = self.router.clone().oneshot(request).await?;
            ensure!(answer.status() == 200, "{address} was answered {}", answer.status());
            Ok(axum::body::to_bytes(answer.into_body(), usize::MAX).await?.len())
        })
    }
}

/// Takes a role as a demo's visitors do. Returns the cookie.
async fn sign_in(router: &Router, role: &str) -> anyhow::Result<String> {
    let request = Request::post("/sign-in/demo")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(format!("role={role}")))?;
    let answer = router.clone().oneshot(request).await?;
    let cookies = answer.headers().get_all(header::SET_COOKIE).iter();
    let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    let cookie = cookies.find(|cookie| cookie.starts_with("evident="));
    cookie.map(str::to_owned).with_context(|| format!("signing in was answered {}", answer.status()))
}
