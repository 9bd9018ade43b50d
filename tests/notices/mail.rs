//! Mail, read from a real SMTP server: what it says, to whom, and what happens when the server is down, slow or refuses.

use chrono::TimeDelta;
use evident::accounts::Role;
use evident::audit::{Change, Event, Origin};
use evident::clock::Clock;
use evident::notices::{self, Kind, Letter, Notice};
use uuid::Uuid;

use super::mailbox::{Mailbox, run, runner};
use super::telling::{asked, tell};
use crate::support::{Visitor, World};

fn later(world: &mut World, by: TimeDelta) {
    world.instance.clock = Clock::Fixed(world.instance.now() + by);
}

/// An account to post letters from.
async fn anybody(world: &World) -> Uuid {
    let mut tx = world.instance.db.read().await.expect("a read");
    let found: Option<(Uuid,)> =
        tx.query("select id from accounts limit 1").optional().await.expect("a search");
    drop(tx);
    match found {
        Some((account,)) => account,
        None => world.candidate("Nan Post").await.actor().account,
    }
}

fn anything(world: &World) -> Uuid {
    world.instance.ids.new_id(world.instance.now())
}

fn released(to: &Visitor, by: &Visitor, about: Uuid) -> Notice {
    Notice {
        to: to.actor().account,
        kind: Kind::Release,
        about,
        by: Some(by.actor().person),
        path: format!("/evidence/{about}"),
    }
}

async fn post(world: &World, to: &str, about: Uuid) {
    let letter = Letter {
        by: anybody(world).await,
        to: to.into(),
        kind: Kind::Corroboration,
        about,
        subject: "Ada Marsh asks you something".into(),
        text: "http://127.0.0.1:8080/answer/a-secret\n".into(),
    };
    let mut change = Change::begin(&world.instance, Origin::CommandLine).await.expect("a change");
    notices::post(&mut change, letter).await.expect("posted");
    change.record(Event::RemindersRaised, None, &());
    change.commit().await.expect("kept");
}

#[tokio::test]
async fn a_digest_a_day_says_what_is_new_and_no_more() {
    let Some(mailbox) = Mailbox::open() else { return };
    for mut world in World::on_both().await {
        let seen = mailbox.taken().len();
        let (ada, ben) = (world.candidate("Ada Marsh").await, world.candidate("Ben Ode").await);
        let (cleo, dan) = (world.cto("Cleo Fox").await, world.candidate("Dan Gale").await);
        let admin = world.somebody("Root Admin", &[Role::Admin]).await;
        let (one, two, three) = (anything(&world), anything(&world), anything(&world));
        tell(&world, vec![asked(&ben, &ada, one), released(&ben, &cleo, two)]).await;
        tell(&world, vec![asked(&dan, &ada, one), asked(&cleo, &ada, one), asked(&admin, &ada, three)]).await;
        // What is dealt with, switched off, or for somebody who is gone, is mailed to nobody.
        let mut change = Change::begin(&world.instance, Origin::CommandLine).await.expect("a change");
        notices::settle(&mut change, Kind::Corroboration, one, Some(cleo.actor().account))
            .await
            .expect("settled");
        change.record(Event::RemindersRaised, None, &());
        change.commit().await.expect("kept");
        dan.post("/settings/mail", &[("requests", "off")]).await.expect(303);
        let address = format!("/admin/accounts/{}/disabled", admin.actor().account);
        let second = world.somebody("Second Admin", &[Role::Admin]).await;
        second.post(&address, &[("disabled", "yes")]).await.expect(303);

        let runner = mailbox.serve(&mut world);
        assert_eq!(run(&runner).await, 2, "Ben's, and Dan's that says nothing");
        let mails = mailbox.taken().split_off(seen);
        assert_eq!(mails.len(), 1, "{mails:?}");
        let mail = &mails[0];
        assert!(mail.starts_with("To: ben.ode@example.com\n"), "{mail}");
        assert!(mail.contains("Subject: Evident: 2 things are new for you"), "{mail}");
        assert!(mail.contains("Auto-Submitted: auto-generated"), "{mail}");
        assert!(mail.contains("Ada Marsh asks whether something happened as they wrote it"), "{mail}");
        assert!(mail.contains("http://127.0.0.1:8080/requests/1"), "{mail}");
        assert!(mail.contains(&format!("http://127.0.0.1:8080/evidence/{two}")), "{mail}");
        assert!(mail.contains("http://127.0.0.1:8080/settings#mail"), "{mail}");

        assert_eq!(run(&runner).await, 0, "one digest a day");
        later(&mut world, TimeDelta::days(1));
        assert_eq!(run(&mailbox.serve(&mut world)).await, 1, "Dan has switched it off, Ben was told");
        assert_eq!(mailbox.taken().len(), seen + 1);
    }
}

#[tokio::test]
async fn what_is_to_come_at_once_comes_at_once() {
    let Some(mailbox) = Mailbox::open() else { return };
    for mut world in World::on_both().await {
        let seen = mailbox.taken().len();
        let (ada, ben) = (world.candidate("Ada Marsh").await, world.candidate("Ben Ode").await);
        ben.post("/settings/mail", &[("requests", "at-once")]).await.expect(303);
        world.instance.clock = Clock::Fixed(world.instance.now() - TimeDelta::hours(10));
        let about = anything(&world);
        tell(&world, vec![asked(&ben, &ada, about)]).await;
        assert_eq!(run(&mailbox.serve(&mut world)).await, 1);
        let mails = mailbox.taken().split_off(seen);
        assert!(mails[0].contains("Subject: Evident: Ada Marsh asks whether"), "{mails:?}");
        later(&mut world, TimeDelta::hours(6));
        assert_eq!(run(&mailbox.serve(&mut world)).await, 0, "the digest doesn't repeat it");
    }
}

#[tokio::test]
async fn without_a_server_letters_wait_and_leave_once_there_is_one() {
    let Some(mailbox) = Mailbox::open() else { return };
    for mut world in World::on_both().await {
        let seen = mailbox.taken().len();
        let about = anything(&world);
        post(&world, "kim@example.com", about).await;
        let without = evident::server::jobs::Runner::new(world.instance.clone()).expect("a runner");
        assert_eq!(run(&without).await, 0);
        let admin = world.somebody("Root Admin", &[Role::Admin]).await;
        let page = admin.get("/admin/jobs").await.expect(200);
        assert!(page.body.contains("No mail server is set"), "{}", page.body);
        assert!(!page.body.contains("A letter") && page.body.contains("Nothing waits."), "{}", page.body);
        assert!(!page.body.contains("kim@example.com") && !page.body.contains("a-secret"));

        assert_eq!(run(&mailbox.serve(&mut world)).await, 1);
        let mails = mailbox.taken().split_off(seen);
        assert!(mails[0].starts_with("To: kim@example.com\n") && mails[0].contains("a-secret"), "{mails:?}");
        let mut tx = world.instance.db.read().await.expect("a read");
        let kept: Vec<(String, String, bool)> =
            tx.query("select subject, text, sent_at is not null from letters").all().await.expect("letters");
        assert_eq!(kept, [(String::new(), String::new(), true)], "its text is blanked once it is sent");
    }
}

#[tokio::test]
async fn a_server_that_puts_it_off_is_asked_again_later() {
    let Some(mailbox) = Mailbox::open() else { return };
    for mut world in World::on_both().await {
        let seen = mailbox.taken().len();
        let admin = world.somebody("Root Admin", &[Role::Admin]).await;
        post(&world, "kim@example.com", anything(&world)).await;
        mailbox.answers("451 try later, kim@example.com");
        assert_eq!(run(&mailbox.serve(&mut world)).await, 1);
        assert_eq!(run(&mailbox.serve(&mut world)).await, 0, "not before its time");
        let page = admin.get("/admin/jobs").await.expect(200);
        assert!(!page.body.contains("451") && page.body.contains("Nothing waits."), "{}", page.body);
        assert_eq!(reasons(&world).await, ["The mail server put it off (451)."]);
        later(&mut world, TimeDelta::minutes(1));
        assert_eq!(run(&mailbox.serve(&mut world)).await, 1);
        later(&mut world, TimeDelta::minutes(1));
        assert_eq!(run(&mailbox.serve(&mut world)).await, 0, "the pause has doubled");
        mailbox.answers("accept");
        later(&mut world, TimeDelta::minutes(1));
        assert_eq!(run(&mailbox.serve(&mut world)).await, 1);
        assert_eq!(mailbox.taken().len(), seen + 1, "nothing is lost");
    }
}

#[tokio::test]
async fn what_is_refused_is_given_up_shown_and_can_be_tried_again() {
    let Some(mailbox) = Mailbox::open() else { return };
    for mut world in World::on_both().await {
        let seen = mailbox.taken().len();
        let admin = world.somebody("Root Admin", &[Role::Admin]).await;
        post(&world, "kim@example.com", anything(&world)).await;
        mailbox.answers("550 no such person");
        for _ in 0..3 {
            assert_eq!(run(&mailbox.serve(&mut world)).await, 1);
            later(&mut world, TimeDelta::hours(1));
        }
        assert_eq!(run(&mailbox.serve(&mut world)).await, 0, "it is given up");
        let page = admin.get("/admin/jobs").await.expect(200);
        assert!(!page.body.contains("550") && page.body.contains("Nothing was given up."), "{}", page.body);
        assert_eq!(reasons(&world).await, ["The mail server refused it (550)."]);
        mailbox.answers("accept");
        let mut tx = world.instance.db.read().await.expect("a read");
        let (id,): (uuid::Uuid,) =
            tx.query("select id from jobs where name = 'letter'").one().await.expect("it");
        drop(tx);
        let attempt = format!("/admin/jobs/{id}/attempt");
        admin.post(&attempt, &[]).await.expect(404);
        admin.post("/admin/jobs/attempts", &[]).await.expect(303);
        assert_eq!(run(&mailbox.serve(&mut world)).await, 1);
        assert_eq!(mailbox.taken().len(), seen + 1, "its text was kept");
        let candidate = world.candidate("Ada Marsh").await;
        candidate.get("/admin/jobs").await.expect(403);
        candidate.post(&attempt, &[]).await.expect(403);
    }
}

#[tokio::test]
async fn a_server_that_is_down_or_slow_keeps_nobody_waiting() {
    let Some(mailbox) = Mailbox::open() else { return };
    let mut world = World::on_sqlite().await;
    let ada = world.candidate("Ada Marsh").await;
    let admin = world.somebody("Root Admin", &[Role::Admin]).await;
    post(&world, "kim@example.com", anything(&world)).await;
    // Nobody listens on a port that was just given back.
    let free =
        std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address").port();
    assert_eq!(run(&runner(&mut world, free)).await, 1);
    assert_eq!(reasons(&world).await, ["The mail server can’t be reached."]);
    // What an admin is told comes from asking the server once a day, whoever writes to whom.
    let down = runner(&mut world, free);
    down.schedule().await.expect("scheduled");
    while down.next(evident::jobs::Queue::Chores).await.expect("a chore") {}
    let page = admin.get("/admin/jobs").await.expect(200);
    assert!(page.body.contains("Asking the mail server whether it takes mails"), "{}", page.body);
    assert!(page.body.contains("The mail server can’t be reached."), "{}", page.body);

    later(&mut world, TimeDelta::minutes(1));
    mailbox.answers("slow");
    let slow = mailbox.serve(&mut world);
    let sending = tokio::spawn(async move { run(&slow).await });
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert!(!sending.is_finished());
    let asked = std::time::Instant::now();
    ada.get("/").await.expect(200);
    ada.post("/development/actions", &[("words", "Write one thing down"), ("due", "2027-01-01")])
        .await
        .expect(303);
    assert!(asked.elapsed().as_secs() < 3, "no transaction is held while the server is talked to");
    assert_eq!(sending.await.expect("an end"), 1);
    assert_eq!(reasons(&world).await, ["The mail server took too long to answer."]);
}

/// Why mails were not taken, past the admin's page, which shows none.
async fn reasons(world: &World) -> Vec<String> {
    let mut tx = world.instance.db.read().await.expect("a read");
    let sql = "select last_error from jobs where name = 'letter' order by id";
    let found: Vec<(String,)> = tx.query(sql).all().await.expect("reasons");
    found.into_iter().map(|(why,)| why).collect()
}
