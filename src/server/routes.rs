//! All routes, gathered from the features.

use axum::extract::State;

use crate::error::Result;
use crate::instance::Instance;
use crate::policy::Access;
use crate::routes::Routes;
use crate::web::Answer;
use crate::{
    accounts, board, corroboration, dashboard, development, directory, evidence, framework, journal, notices,
    opportunities, review, site, sitting, trajectories,
};

/// Every route of the service.
pub fn all() -> Routes {
    Routes::default()
        .get("/healthz", Access::Anyone, || async { "ok\n" })
        .answering(Answer::Text)
        .get("/readyz", Access::Anyone, ready)
        .answering(Answer::Text)
        .and(accounts::routes())
        .and(dashboard::routes())
        .and(notices::routes())
        .and(evidence::routes())
        .and(journal::routes())
        .and(review::routes())
        .and(directory::routes())
        .and(framework::routes())
        .and(development::routes())
        .and(trajectories::routes())
        .and(sitting::routes())
        .and(opportunities::routes())
        .and(board::routes())
        .and(corroboration::routes())
        .and(site::routes())
}

/// Whether the database answers.
async fn ready(State(instance): State<Instance>) -> Result<&'static str> {
    let mut tx = instance.db.read().await?;
    let (_,): (i64,) = tx.query("select seq from audit_head where id = 1").one().await?;
    Ok("ready\n")
}
