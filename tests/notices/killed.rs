//! The program itself, killed while it sends mail: what it had begun is done by whoever comes after it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chrono::TimeDelta;
use evident::accounts::Role;
use evident::accounts::actions::{self, NewAccount};
use evident::audit::{Change, Event, Origin};
use evident::clock::Clock;
use evident::notices::{self, Kind, Letter, Notice};

use super::mailbox::Mailbox;
use crate::support::World;

/// Letters to addresses, each of which is to be sent.
const LETTERS: usize = 40;
/// Accounts that are told something, each of which gets a digest.
const READERS: usize = 20;
/// After how many mails it is killed.
const KILLS: [usize; 3] = [3, 15, 35];

fn serve(world: &World, mailbox: &Mailbox) -> Child {
    let (name, value) = world.variable();
    Command::new(env!("CARGO_BIN_EXE_evident"))
        .args(["serve", "--listen", "127.0.0.1:0"])
        .env_clear()
        .env(name, value)
        .env("EVIDENT_SMTP_URL", mailbox.address())
        .env("EVIDENT_MAIL_FROM", "Evident <evident@example.com>")
        .env("EVIDENT_MAIL_PER_MINUTE", "100000")
        .env("EVIDENT_MAIL_HOUR", "0")
        .stderr(Stdio::null())
        .spawn()
        .expect("it serves")
}

/// Posts the letters and tells the accounts, at the present moment.
async fn plant(world: &mut World) {
    world.instance.clock = Clock::System;
    let ada = world.candidate("Ada Marsh").await;
    let mut readers = Vec::new();
    for number in 0..READERS {
        let new = NewAccount {
            name: format!("Reader {number}"),
            known_as: String::new(),
            email: format!("reader{number}@example.com"),
            roles: vec![Role::Candidate],
        };
        readers.push(actions::add_account(&world.instance, None, new).await.expect("an account").account);
    }
    world.forget_access_told().await;
    let mut change = Change::begin(&world.instance, Origin::CommandLine).await.expect("a change");
    for number in 0..LETTERS {
        let letter = Letter {
            by: ada.actor().account,
            to: format!("kim{number}@example.com"),
            kind: Kind::Corroboration,
            about: change.new_id(),
            subject: "Ada Marsh asks you something".into(),
            text: "A link".into(),
        };
        notices::post(&mut change, letter).await.expect("posted");
    }
    for to in readers {
        let (about, by) = (change.new_id(), Some(ada.actor().person));
        let notice = Notice { to, kind: Kind::Release, about, by, path: "/inbox".into() };
        notices::tell(&mut change, notice).await.expect("told");
    }
    change.record(Event::RemindersRaised, None, &());
    change.commit().await.expect("kept");
}

/// Waits until so many different people have mail.
async fn until(mailbox: &Mailbox, receivers: usize) {
    for _ in 0..1_200 {
        if received(mailbox).len() >= receivers {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("only {} have mail", received(mailbox).len());
}

/// Each receiver, with the Message-IDs of what they got.
fn received(mailbox: &Mailbox) -> BTreeMap<String, BTreeSet<String>> {
    let mut received: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for mail in mailbox.taken() {
        let line = |name: &str| {
            let found = mail.lines().find_map(|line| line.strip_prefix(name));
            found.map(|value| value.trim().to_owned()).unwrap_or_default()
        };
        received.entry(line("To: ")).or_default().insert(line("Message-ID: "));
    }
    received
}

/// Five minutes pass, so that what was begun and not ended may be begun again.
async fn leases_end(world: &World) {
    let mut tx = world.instance.db.write().await.expect("a write");
    tx.query("update jobs set leased_until = $1 where leased_until is not null")
        .bind(world.instance.now() - TimeDelta::seconds(1))
        .run()
        .await
        .expect("ended");
    tx.commit().await.expect("kept");
}

#[tokio::test]
async fn every_letter_arrives_although_its_senders_are_killed() {
    let worlds = World::on_both().await;
    let mut runs = tokio::task::JoinSet::new();
    for (place, mut world) in worlds.into_iter().enumerate() {
        let Some(mailbox) = Mailbox::open() else { return };
        runs.spawn(async move {
            plant(&mut world).await;
            // An answer that comes late leaves time to be killed between the mail and the note that it was sent.
            mailbox.answers("late");
            // Several instances share a PostgreSQL database, and are killed together.
            let serve_all = || (0..=place).map(|_| serve(&world, &mailbox)).collect::<Vec<_>>();
            for receivers in KILLS {
                let mut serving = serve_all();
                until(&mailbox, receivers).await;
                for child in &mut serving {
                    child.kill().and_then(|()| child.wait()).expect("killed");
                }
                leases_end(&world).await;
            }
            mailbox.answers("accept");
            let mut serving = serve_all();
            until(&mailbox, LETTERS + READERS).await;
            let left = "select count(*) from jobs where done_at is null and name in ('letter', 'digest')";
            for _ in 0..200 {
                let mut tx = world.instance.db.read().await.expect("a read");
                if tx.query(left).one::<(i64,)>().await.expect("a count").0 == 0 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            for child in &mut serving {
                child.kill().and_then(|()| child.wait()).expect("stopped");
            }
            let received = received(&mailbox);
            assert_eq!(received.len(), LETTERS + READERS);
            for (receiver, ids) in received {
                assert_eq!(ids.len(), 1, "{receiver} got different mails: {ids:?}");
                assert!(ids.iter().all(|id| id.ends_with("@example.com>")), "{ids:?}");
            }
            let mut tx = world.instance.db.read().await.expect("a read");
            let (waiting, failed, _) = super::job_counts(&mut tx).await;
            assert_eq!((waiting, failed), (0, 0), "{}", world.instance.db.engine());
            let (unsent,): (i64,) =
                tx.query("select count(*) from letters where sent_at is null").one().await.expect("a count");
            let (untold,): (i64,) = tx
                .query("select count(*) from notices where mailed_at is null")
                .one()
                .await
                .expect("a count");
            assert_eq!((unsent, untold), (0, 0));
        });
    }
    while let Some(run) = runs.join_next().await {
        run.expect("every letter arrived");
    }
}
