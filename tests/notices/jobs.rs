//! Jobs: taken once, survived by their lease, and done once a day.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use evident::clock::Clock;
use evident::jobs::{self, LEASE, New, Outcome, Taken};
use evident::server::jobs::Runner;

use crate::support::World;

async fn add(world: &World, key: &str) -> bool {
    let now = world.instance.now();
    let mut tx = world.instance.db.write().await.expect("a write");
    let id = world.instance.ids.new_id(now);
    let job = New { id, name: "letter", key: key.into(), about: None, payload: None, due: now };
    let added = jobs::add(&mut tx, job, now).await.expect("added");
    tx.commit().await.expect("kept");
    added
}

async fn take(world: &World) -> Option<Taken> {
    jobs::take(&world.instance, &["letter"], None, LEASE).await.expect("an answer")
}

#[tokio::test]
async fn a_job_is_there_once_and_taken_once_by_several_instances() {
    for world in World::on_both().await {
        for number in 0..40 {
            assert!(add(&world, &number.to_string()).await);
        }
        assert!(!add(&world, "7").await, "of one name and key there is one");
        let takers = (0..8).map(|_| {
            let instance = world.instance.clone();
            tokio::spawn(async move {
                let mut taken = Vec::new();
                while let Some(job) =
                    jobs::take(&instance, &["letter"], None, LEASE).await.expect("an answer")
                {
                    taken.push(job.id);
                    jobs::finish(&instance, &job, &Outcome::Done).await.expect("finished");
                }
                taken
            })
        });
        let mut all = Vec::new();
        for taker in takers.collect::<Vec<_>>() {
            all.extend(taker.await.expect("a taker"));
        }
        assert_eq!(all.len(), 40);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 40, "each was taken once");
    }
}

#[tokio::test]
async fn a_job_whose_taker_was_killed_is_taken_again_when_its_lease_ends() {
    for mut world in World::on_both().await {
        add(&world, "one").await;
        let first = take(&world).await.expect("a job");
        assert!(take(&world).await.is_none(), "it is another's");
        world.instance.clock = Clock::Fixed(world.instance.now() + TimeDelta::minutes(4));
        assert!(take(&world).await.is_none());
        world.instance.clock = Clock::Fixed(world.instance.now() + TimeDelta::minutes(2));
        let second = take(&world).await.expect("the same job");
        assert_eq!((second.id, second.attempts), (first.id, 2));
        // The first was only slow, and comes back: its word counts no more.
        assert!(!jobs::renew(&world.instance, &first, LEASE).await.expect("an answer"));
        let late = Outcome::Refused("Too late.".into());
        assert!(!jobs::finish(&world.instance, &first, &late).await.expect("an answer"));
        assert!(jobs::renew(&world.instance, &second, LEASE).await.expect("an answer"));
        assert!(jobs::finish(&world.instance, &second, &Outcome::Done).await.expect("finished"));
        world.instance.clock = Clock::Fixed(world.instance.now() + TimeDelta::days(1));
        assert!(take(&world).await.is_none(), "it is done");
    }
}

#[tokio::test]
async fn the_days_jobs_are_there_once_a_day_and_done_ones_are_forgotten() {
    for mut world in World::on_both().await {
        for day in 0..40 {
            let runner = Runner::new(world.instance.clone()).expect("a runner");
            runner.schedule().await.expect("scheduled");
            runner.schedule().await.expect("scheduled");
            let mut done = 0;
            while runner.next(evident::jobs::Queue::Chores).await.expect("a chore") {
                done += 1;
            }
            assert_eq!(done, 4, "on day {day}");
            world.instance.clock = Clock::Fixed(world.instance.now() + TimeDelta::days(1));
        }
        let mut tx = world.instance.db.read().await.expect("a read");
        let (_, failed, done) = super::job_counts(&mut tx).await;
        assert_eq!(failed, 0);
        assert!((120..=130).contains(&done), "{done}");
    }
}
