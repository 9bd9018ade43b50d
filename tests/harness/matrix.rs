//! The authorization matrix: the policy, every route and every text, held to the tables of `docs/authorization.md` on both
//! databases, and how alike in time another's id and a missing one are answered. A round is three requests that are
//! timed. From 1,000 rounds on every state is tried and the time judged; below, a state on PostgreSQL alone, since the suite
//! tries those that differ on SQLite.

use crate::authorization::{self, Extent, Found, Scene};
use crate::support::World;
use crate::{Figure, Run};

/// Runs it.
pub async fn run(run: Run) -> anyhow::Result<Figure> {
    let (rows, routes) = authorization::size();
    let extent = if run.count < 1_000 { Extent::Small } else { Extent::Full };
    let worlds = async || {
        let mut worlds = World::on_both().await;
        worlds.split_off(if extent == Extent::Small { worlds.len() - 1 } else { 0 })
    };
    let mut wrong = Vec::new();
    let mut count = |found: Found| {
        wrong.extend(found.wrong);
        found.checks
    };
    let decided = count(authorization::policy_level());
    count(authorization::every_route_has_its_row());
    let (mut requests, mut texts, mut bands) = (0, 0, Vec::new());
    for world in worlds().await {
        let engine = world.instance.db.engine();
        let mut scene = Scene::open(world).await;
        let (band, found) = authorization::timing(&mut scene, usize::try_from(run.count)?).await;
        count(found);
        bands.push(format!("on {engine} {band}"));
        requests += count(authorization::http_level(&mut scene, extent).await);
    }
    // What is found in all states together is what the page tells of: there is no small number of it.
    if extent == Extent::Full {
        for world in worlds().await {
            let mut scene = Scene::open(world).await;
            texts += count(authorization::field_level(&mut scene).await);
        }
    }
    for line in wrong.iter().take(40) {
        eprintln!("{line}");
    }
    let wrong = wrong.len() as u64;
    let bands = bands.join("; ");
    let line = format!(
        "{rows} rows, {routes} routes, {decided} decisions, {requests} checks of answers, {texts} of texts, {wrong} wrong; \
         another’s id and a missing one {bands}"
    );
    Ok(Figure { line, wrong })
}
