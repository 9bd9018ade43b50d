//! Many reminders at once: they leave at the pace that was set, and nobody's pages wait for them.

use chrono::TimeDelta;
use evident::accounts::Role;
use evident::clock::Clock;
use evident::db::insert_all;
use uuid::Uuid;

use super::mailbox::{Mailbox, run};
use crate::support::World;

/// How many people are reminded at one moment.
const REMINDED: usize = 10_000;

fn later(world: &mut World, by: TimeDelta) {
    world.instance.clock = Clock::Fixed(world.instance.now() + by);
}

/// People with accounts, each of whom a check-in is suggested to.
async fn remind(world: &World) {
    let at = world.instance.now();
    let people: Vec<(Uuid, Uuid, Uuid)> = (0..REMINDED)
        .map(|_| {
            let new = || world.instance.ids.new_id(at);
            (new(), new(), new())
        })
        .collect();
    let mut tx = world.instance.db.write().await.expect("a write");
    let columns = "people (id, name, organization, created_at)";
    insert_all(&mut tx, columns, &people, |query, (person, ..)| {
        query.bind(*person).bind("Somebody").bind("internal").bind(at)
    })
    .await
    .expect("people");
    let columns = "accounts (id, email, person_id, created_at)";
    insert_all(&mut tx, columns, &people, |query, (person, account, _)| {
        query.bind(*account).bind(format!("{account}@example.com")).bind(*person).bind(at)
    })
    .await
    .expect("accounts");
    let columns = "notices (id, account_id, kind, about, path, told_at)";
    insert_all(&mut tx, columns, &people, |query, (_, account, notice)| {
        query.bind(*notice).bind(*account).bind("check-in").bind(*notice).bind("/check-ins").bind(at)
    })
    .await
    .expect("reminders");
    tx.commit().await.expect("kept");
}

#[tokio::test]
async fn ten_thousand_at_once_leave_at_the_pace_that_was_set() {
    let Some(mailbox) = Mailbox::open() else { return };
    for mut world in World::on_both().await {
        let seen = mailbox.taken().len();
        let (ada, admin) =
            (world.candidate("Ada Marsh").await, world.somebody("Mina Sato", &[Role::Admin]).await);
        remind(&world).await;
        // While the mails leave, pages are served and changes are kept.
        let runner = mailbox.serve(&mut world);
        let sending = tokio::spawn(async move { run(&runner).await });
        let mut changes = 0;
        while !sending.is_finished() {
            let (page, inbox) = tokio::join!(ada.get("/"), ada.get("/inbox"));
            page.expect(200);
            inbox.expect(200);
            let fields = [("words", "Write one thing down"), ("due", "2027-01-01")];
            ada.post("/development/actions", &fields).await.expect(303);
            changes += 1;
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert!(changes > 0, "somebody worked meanwhile");
        assert_eq!(sending.await.expect("an end"), 60, "60 a minute, of {REMINDED}");
        let page = admin.get("/admin/jobs").await.expect(200);
        assert!(!page.body.contains("9940"), "how many wait is nobody’s to count: {}", page.body);

        // Whenever one looks, no minute has more than 60.
        let mut left = 60;
        for (pause, expected) in [(30, 0), (31, 60), (59, 0), (2, 60), (60, 60)] {
            later(&mut world, TimeDelta::seconds(pause));
            assert_eq!(run(&mailbox.serve(&mut world)).await, expected, "{pause} s later");
            left += expected;
        }
        assert_eq!(mailbox.taken().len() - seen, left);
        let mut tx = world.instance.db.read().await.expect("a read");
        let (mailed,): (i64,) = tx
            .query("select count(*) from notices where mailed_at is not null")
            .one()
            .await
            .expect("a count");
        let (waiting, failed, _) = super::job_counts(&mut tx).await;
        assert_eq!((usize::try_from(mailed), failed), (Ok(left), 0));
        assert_eq!(usize::try_from(waiting), Ok(REMINDED - left), "nothing is lost");
    }
}
