//! What jobs are: told what they were told, held while they work, and in queues that don't wait for each other.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use evident::clock::Clock;
use evident::error::Result;
use evident::instance::Mail;
use evident::jobs::{self, Job, Kind, LEASE, New, Outcome, Queue, Run};
use evident::server::jobs::Runner;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::support::World;

/// How long a job is taken for in tests that wait for that.
const SHORT: TimeDelta = TimeDelta::milliseconds(1_500);

/// Adds a job, due now.
async fn add<J: Job>(world: &World, key: &str, about: Option<Uuid>, payload: &J::Payload) -> Uuid {
    let now = world.instance.now();
    let id = world.instance.ids.new_id(now);
    let mut tx = world.instance.db.write().await.expect("a write");
    let job = New::of::<J>(id, key.into(), about, payload, now);
    assert!(jobs::add(&mut tx, job, now).await.expect("added"));
    tx.commit().await.expect("kept");
    id
}

/// How often a job was tried, whether it is done, and what was said of it.
async fn row(world: &World, id: Uuid) -> (i64, bool, String) {
    let mut tx = world.instance.db.read().await.expect("a read");
    let sql =
        "select attempts, case when done_at is null then 0 else 1 end, last_error from jobs where id = $1";
    let (attempts, done, error): (i64, i32, String) = tx.query(sql).bind(id).one().await.expect("a job");
    (attempts, done == 1, error)
}

/// What a job was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Letter {
    words: String,
    copies: Vec<u64>,
}

static READ: Mutex<Vec<(Option<Uuid>, Letter)>> = Mutex::new(Vec::new());

struct Reads;

impl Job for Reads {
    const NAME: &'static str = "test-reads";
    const QUEUE: Queue = Queue::Chores;
    type Payload = Letter;

    async fn run(run: Run, payload: Letter) -> Result<Outcome> {
        READ.lock().expect("no panic").push((run.job.about, payload));
        Ok(Outcome::Done)
    }
}

#[tokio::test]
async fn a_job_is_told_what_it_was_told_and_refuses_what_it_does_not_understand() {
    const KINDS: &[Kind] = &[Kind::of::<Reads>()];
    for world in World::on_both().await {
        let runner = Runner::of(world.instance.clone(), KINDS, LEASE).expect("a runner");
        let told = Letter { words: "„Zoë“ \\ \"quoted\"\n\u{1f980}".into(), copies: vec![0, u64::MAX] };
        let about = Some(Uuid::from_u128(7));
        let id = add::<Reads>(&world, "one", about, &told).await;
        assert!(runner.next(Queue::Chores).await.expect("done"));
        assert_eq!(READ.lock().expect("no panic").pop(), Some((about, told)));
        assert_eq!(row(&world, id).await, (1, true, String::new()));

        let now = world.instance.now();
        for (key, payload) in [("less", Some("{\"words\":\"\"}")), ("nothing", None)] {
            let mut tx = world.instance.db.write().await.expect("a write");
            let id = world.instance.ids.new_id(now);
            let payload = payload.map(str::to_owned);
            let job = New { id, name: Reads::NAME, key: key.into(), about: None, payload, due: now };
            jobs::add(&mut tx, job, now).await.expect("added");
            tx.commit().await.expect("kept");
            assert!(runner.next(Queue::Chores).await.expect("done"));
            let why = "It was told what this version of the program does not understand.";
            assert_eq!(row(&world, id).await, (1, false, why.into()));
        }
        assert!(READ.lock().expect("no panic").is_empty());
    }
}

struct Unknown;

impl Job for Unknown {
    const NAME: &'static str = "test-of-a-later-version";
    const QUEUE: Queue = Queue::Chores;
    type Payload = ();

    async fn run(_: Run, (): ()) -> Result<Outcome> {
        Ok(Outcome::Done)
    }
}

#[tokio::test]
async fn a_job_that_this_version_does_not_know_waits_and_holds_up_no_other() {
    const KINDS: &[Kind] = &[Kind::of::<Unknown>()];
    for world in World::on_both().await {
        let unknown = add::<Unknown>(&world, "one", None, &()).await;
        let runner = Runner::new(world.instance.clone()).expect("a runner");
        runner.schedule().await.expect("scheduled");
        let mut done = 0;
        while runner.next(Queue::Chores).await.expect("done") {
            done += 1;
        }
        assert_eq!(done, 4);
        assert_eq!(row(&world, unknown).await, (0, false, String::new()));
        let later = Runner::of(world.instance.clone(), KINDS, LEASE).expect("a runner");
        assert!(later.next(Queue::Chores).await.expect("done"));
        assert_eq!(row(&world, unknown).await, (1, true, String::new()));
    }
}

struct Long;

impl Job for Long {
    const NAME: &'static str = "test-long";
    const QUEUE: Queue = Queue::Chores;
    type Payload = ();

    async fn run(_: Run, (): ()) -> Result<Outcome> {
        tokio::time::sleep(Duration::from_secs(3)).await;
        Ok(Outcome::Done)
    }
}

const LONG: &[Kind] = &[Kind::of::<Long>()];

#[tokio::test]
async fn what_takes_longer_than_its_lease_is_held_until_it_is_done() {
    for mut world in World::on_both().await {
        world.instance.clock = Clock::System;
        let runner = || Runner::of(world.instance.clone(), LONG, SHORT).expect("a runner");
        let id = add::<Long>(&world, "one", None, &()).await;
        let (first, other) = (runner(), runner());
        let mut first = tokio::spawn(async move { first.next(Queue::Chores).await });
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut asked = 0;
        while !first.is_finished() {
            assert!(
                !other.next(Queue::Chores).await.expect("an answer"),
                "it was taken from who works on it"
            );
            asked += 1;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!((&mut first).await.expect("a runner").expect("done") && asked > 5);
        assert_eq!(row(&world, id).await, (1, true, String::new()));
    }
}

#[tokio::test]
async fn who_was_killed_is_followed_when_the_lease_ends_and_who_lost_it_writes_nothing() {
    for mut world in World::on_both().await {
        world.instance.clock = Clock::System;
        let runner = || Runner::of(world.instance.clone(), LONG, SHORT).expect("a runner");
        // Taken, and never heard of again.
        let id = add::<Long>(&world, "killed", None, &()).await;
        let taken = jobs::take(&world.instance, &[Long::NAME], None, SHORT).await.expect("an answer");
        assert_eq!(taken.map(|job| job.id), Some(id));
        assert!(!runner().next(Queue::Chores).await.expect("an answer"), "its lease has not ended");
        tokio::time::sleep(Duration::from_millis(1_600)).await;
        assert!(runner().next(Queue::Chores).await.expect("done"));
        assert_eq!(row(&world, id).await, (2, true, String::new()));

        // Taken by another while it is worked on, as after a pause of the whole machine.
        let id = add::<Long>(&world, "lost", None, &()).await;
        let slow = runner();
        let slow = tokio::spawn(async move { slow.next(Queue::Chores).await });
        let lost = "update jobs set lease = $2, attempts = attempts + 1 where id = $1 and lease is not null";
        loop {
            let mut tx = world.instance.db.write().await.expect("a write");
            let other = Uuid::from_u128(9);
            let taken = tx.query(lost).bind(id).bind(other).run().await.expect("taken");
            tx.commit().await.expect("kept");
            if taken == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(slow.await.expect("a runner").expect("an answer"));
        assert_eq!(row(&world, id).await, (2, false, String::new()));
    }
}

/// How many are under way, the most that ever were, and how many mails are done.
static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);
static MAILED: AtomicUsize = AtomicUsize::new(0);

/// Ends when the mails are done that it would hold up.
struct Waits;

impl Job for Waits {
    const NAME: &'static str = "test-waits";
    const QUEUE: Queue = Queue::Chores;
    type Payload = ();

    async fn run(_: Run, (): ()) -> Result<Outcome> {
        MOST.fetch_max(UNDER_WAY.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        while MAILED.load(Ordering::SeqCst) < 3 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        UNDER_WAY.fetch_sub(1, Ordering::SeqCst);
        Ok(Outcome::Done)
    }
}

struct Mails;

impl Job for Mails {
    const NAME: &'static str = "test-mails";
    const QUEUE: Queue = Queue::Mails;
    type Payload = ();

    async fn run(_: Run, (): ()) -> Result<Outcome> {
        MAILED.fetch_add(1, Ordering::SeqCst);
        Ok(Outcome::Done)
    }
}

#[tokio::test]
async fn a_queue_does_so_many_at_once_and_holds_up_no_other() {
    const KINDS: &[Kind] = &[Kind::of::<Waits>(), Kind::of::<Mails>()];
    for mut world in World::on_both().await {
        MAILED.store(0, Ordering::SeqCst);
        world.instance.clock = Clock::System;
        // Nothing is sent there.
        Arc::make_mut(&mut world.instance.settings).mail = Some(Mail {
            server: "smtp://127.0.0.1:9".into(),
            from: "Evident <evident@example.com>".into(),
            per_minute: 60,
            digest_hour: 7,
        });
        for number in 0..6 {
            add::<Waits>(&world, &number.to_string(), None, &()).await;
        }
        for number in 0..3 {
            add::<Mails>(&world, &number.to_string(), None, &()).await;
        }
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        Runner::of(world.instance.clone(), KINDS, LEASE).expect("a runner").start(&tasks, &stop);
        let left = async || {
            let mut tx = world.instance.db.read().await.expect("a read");
            let sql = "select count(*) from jobs where done_at is null";
            tx.query(sql).one::<(i64,)>().await.expect("a count").0
        };
        let done = async {
            while left().await > 0 {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), done).await.expect("no queue waits for another");
        assert_eq!(MOST.swap(0, Ordering::SeqCst), Queue::Chores.at_once());
        stop.cancel();
        tasks.close();
        tasks.wait().await;
    }
}
