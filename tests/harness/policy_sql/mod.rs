//! Policy against SQL: random small companies, and whether what lists, searches, counts, boards, exports and notices give
//! is what the policy allows, for every viewer, on both databases. A round is a company.
//!
//! A company is written into a transaction that is never kept, so that a database holds thousands one after the other. One
//! that disagrees is made smaller as long as it still does, and told in sentences.

mod chance;
mod eyes;
mod leaders;
mod readiness;
mod shown;

use std::collections::HashMap;

use evident::audit::{Change, Origin};
use evident::instance::Instance;

use self::eyes::Eyes;
use self::shown::Comparison;
use crate::story::{Fact, Places, Story};
use crate::support::{World, today};
use crate::{Figure, Run};

/// What came of all companies on one database.
#[derive(Debug, Default)]
struct Outcome {
    decisions: u64,
    disagreements: u64,
}

/// Runs it on SQLite and, where there is a server for tests, on PostgreSQL, side by side.
pub async fn run(run: Run) -> anyhow::Result<Figure> {
    let worlds = World::on_both().await;
    let engines: Vec<&str> = worlds.iter().map(|world| world.instance.db.engine()).collect();
    let engines = engines.join(" and ");
    let beside = worlds.into_iter().map(|world| tokio::spawn(async move { on(&world.instance, run).await }));
    let beside: Vec<_> = beside.collect();
    let mut total = Outcome::default();
    for outcome in beside {
        let outcome = outcome.await??;
        total.decisions += outcome.decisions;
        total.disagreements += outcome.disagreements;
    }
    anyhow::ensure!(total.decisions > 0 || run.count == 0, "nothing was decided");
    let Outcome { decisions, disagreements } = total;
    let line = format!(
        "{decisions} decisions over {} worlds, each on {engines}, {disagreements} disagreements",
        run.count
    );
    Ok(Figure { line, wrong: disagreements })
}

async fn on(instance: &Instance, run: Run) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::default();
    for round in 0..run.count {
        let story = chance::story(run.seed, round);
        let compared = compare(instance, &story, round).await?;
        outcome.decisions += compared.decisions;
        outcome.disagreements += compared.wrong.len() as u64;
        if !compared.wrong.is_empty() {
            let (story, wrong) = smallest(instance, story, round).await?;
            let engine = instance.db.engine();
            eprintln!(
                "On {engine}, world {round} of seed {}, made small:\n{story}{}",
                run.seed,
                wrong.join("\n")
            );
            // More of the same would tell no more.
            if outcome.disagreements > 20 {
                break;
            }
        }
    }
    Ok(outcome)
}

/// Writes a company, compares everything, and forgets it.
async fn compare(instance: &Instance, story: &Story, round: u64) -> anyhow::Result<Comparison> {
    let mut change = Change::begin(instance, Origin::CommandLine).await?;
    let (today, at) = (today(), instance.now());
    let places = Places { story: round + 1, holders: HashMap::new(), written: 0, today, at };
    story.write(change.tx(), &places).await?;
    let mut comparison = Comparison::default();
    for fact in &story.0 {
        if let Fact::Account { who, .. } = fact {
            let eyes = Eyes { story, places: &places, who: *who };
            comparison.of_viewer(change.tx(), &eyes).await?;
        }
    }
    comparison.of_recusals(change.tx(), story, &places).await?;
    comparison.of_exports(change.tx(), story, &places).await?;
    comparison.of_notices(&mut change, story, &places).await?;
    Ok(comparison)
}

/// A company without anything that it can lack and still disagree, and what disagrees.
async fn smallest(instance: &Instance, mut story: Story, round: u64) -> anyhow::Result<(Story, Vec<String>)> {
    let mut wrong = compare(instance, &story, round).await?.wrong;
    loop {
        let mut smaller = None;
        for place in (0..story.0.len()).rev() {
            for candidate in simpler(&story, place) {
                let found = compare(instance, &candidate, round).await?.wrong;
                if !found.is_empty() {
                    smaller = Some((candidate, found));
                    break;
                }
            }
            if smaller.is_some() {
                break;
            }
        }
        match smaller {
            Some(found) => (story, wrong) = found,
            None => return Ok((story, wrong)),
        }
    }
}

/// The story without one of its facts, or with one of somebody’s roles less.
fn simpler(story: &Story, place: usize) -> Vec<Story> {
    let mut without = story.clone();
    without.0.remove(place);
    let mut all = vec![without.sound()];
    if let Fact::Account { who, roles } = &story.0[place] {
        for role in roles {
            let roles = roles.iter().copied().filter(|other| other != role).collect();
            let mut fewer = story.clone();
            fewer.0[place] = Fact::Account { who: *who, roles };
            all.push(fewer.sound());
        }
    }
    all
}
