//! The admin's overview: what there is, in numbers. An admin reads no evidence.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use strum::VariantArray;

use super::audit;
use crate::accounts::admin::Standing;
use crate::accounts::{Role, store};
use crate::error::Result;
use crate::instance::Instance;
use crate::web::query::NoParams;
use crate::web::{self, Chrome, words};

#[derive(Template)]
#[template(path = "admin/overview.html")]
struct OverviewPage {
    chrome: Chrome,
    accounts: String,
    roles: Vec<(Role, usize)>,
    waiting: usize,
    disabled: usize,
    engine: &'static str,
    engine_version: String,
    logged: usize,
    /// The hash of the last entry from before today.
    head: Option<String>,
}

/// `GET /admin`
pub async fn overview(State(instance): State<Instance>, chrome: Chrome, _: NoParams) -> Result<Response> {
    let mut tx = instance.db.read().await?;
    let accounts = store::all(&mut tx).await?;
    let roles = store::all_roles(&mut tx).await?;
    let logged = audit::number_shown(&mut tx).await?;
    let head = audit::head_of_midnight(&mut tx, &instance).await?;
    let count = |role| roles.iter().filter(|(_, other)| *other == role).count();
    web::page(&OverviewPage {
        chrome,
        accounts: words::count(accounts.len() as u64, "account", "accounts"),
        roles: Role::VARIANTS.iter().map(|role| (*role, count(*role))).collect(),
        waiting: accounts.iter().filter(|account| Standing::of(account) == Standing::Invited).count(),
        disabled: accounts.iter().filter(|account| Standing::of(account) == Standing::Disabled).count(),
        engine: instance.db.engine(),
        engine_version: tx.engine_version().await?,
        logged,
        head,
    })
}
