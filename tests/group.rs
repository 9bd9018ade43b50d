//! Changes that meet at SQLite's one writer share a commit: one that fails goes back alone, one that is given up holds
//! nobody up, and each is kept whole.

use std::time::Duration;

use evident::audit::{Change, Event, Origin};

use crate::support::World;

/// Adds a person under a name within a change.
async fn add(change: &mut Change<'_>, name: &str) {
    let (id, at) = (change.new_id(), change.at());
    change
        .tx()
        .query("insert into people (id, name, organization, created_at) values ($1, $2, 'internal', $3)")
        .bind(id)
        .bind(name.to_owned())
        .bind(at)
        .run_expecting(1)
        .await
        .expect("a row");
    change.record(Event::PersonAdded, Some(id), &name);
}

async fn names(world: &World) -> Vec<String> {
    let mut tx = world.instance.db.read().await.expect("a read");
    let rows: Vec<(String,)> = tx.query("select name from people order by name").all().await.expect("names");
    rows.into_iter().map(|(name,)| name).collect()
}

#[tokio::test]
async fn of_changes_that_meet_those_that_fail_go_back_alone() {
    for world in World::on_both().await {
        let tasks: Vec<_> = (0..60)
            .map(|n| {
                let instance = world.instance.clone();
                tokio::spawn(async move {
                    let mut change = Change::begin(&instance, Origin::CommandLine).await.expect("a change");
                    add(&mut change, &format!("{n:02}")).await;
                    match n % 3 {
                        0 => change.commit().await.is_ok(),
                        // Given up.
                        1 => false,
                        // Refused by the database: there is no such column.
                        _ => {
                            assert!(change.tx().query("select nothing from people").run().await.is_err());
                            false
                        }
                    }
                })
            })
            .collect();
        let mut kept = Vec::new();
        for (n, task) in tasks.into_iter().enumerate() {
            if task.await.expect("no panic") {
                kept.push(format!("{n:02}"));
            }
        }
        assert_eq!(kept.len(), 20);
        assert_eq!(names(&world).await, kept, "{}", world.instance.db.engine());
        let mut tx = world.instance.db.read().await.expect("a read");
        let (logged,): (i64,) = tx.query("select count(*) from audit_entries").one().await.expect("a count");
        assert_eq!(logged, 20);
    }
}

#[tokio::test]
async fn who_goes_away_while_waiting_holds_nobody_up() {
    for world in World::on_both().await {
        let instance = &world.instance;
        for round in 0..50 {
            let mut first = Change::begin(instance, Origin::CommandLine).await.expect("a change");
            add(&mut first, &format!("first {round}")).await;
            let waiting: Vec<_> = (0..5)
                .map(|_| {
                    let instance = instance.clone();
                    tokio::spawn(async move {
                        Change::begin(&instance, Origin::CommandLine).await.map(drop).is_ok()
                    })
                })
                .collect();
            tokio::task::yield_now().await;
            let ended = tokio::spawn({
                let wait = Duration::from_micros(round * 20);
                async move {
                    tokio::time::sleep(wait).await;
                    waiting.iter().for_each(tokio::task::JoinHandle::abort);
                }
            });
            let kept = tokio::time::timeout(Duration::from_secs(5), first.commit()).await;
            kept.expect("it ends").expect("it is kept");
            ended.await.expect("no panic");
        }
        assert_eq!(names(&world).await.len(), 50);
    }
}

#[tokio::test]
async fn what_was_kept_is_seen_by_whoever_asks_next() {
    let world = World::on_sqlite().await;
    let tasks: Vec<_> = (0..100)
        .map(|n| {
            let instance = world.instance.clone();
            tokio::spawn(async move {
                let mut change = Change::begin(&instance, Origin::CommandLine).await.expect("a change");
                let name = format!("{n}");
                add(&mut change, &name).await;
                change.commit().await.expect("kept");
                let mut tx = instance.db.read().await.expect("a read");
                let found: Option<(String,)> = tx
                    .query("select name from people where name = $1")
                    .bind(name.clone())
                    .optional()
                    .await
                    .expect("an answer");
                assert_eq!(found, Some((name,)));
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("seen");
    }
}
