//! The inbox, its count, and who may put what away.

use evident::audit::{Change, Event, Origin};
use evident::notices::{self, Kind, Notice};

use super::telling::{asked, open, tell};
use crate::support::World;

#[tokio::test]
async fn a_request_stays_until_it_is_answered_and_news_can_be_put_away() {
    for world in World::on_both().await {
        let (ada, cleo) = (world.candidate("Ada Marsh").await, world.cto("Cleo Fox").await);
        let about = world.instance.ids.new_id(world.instance.now());
        let released = Notice {
            to: ada.actor().account,
            kind: Kind::Release,
            about,
            by: Some(cleo.actor().person),
            path: "/check-ins".into(),
        };
        tell(&world, vec![released, asked(&ada, &cleo, about), asked(&cleo, &ada, about)]).await;

        let inbox = ada.get("/inbox").await.expect(200);
        assert_eq!(inbox.texts("h2"), ["Waiting for your answer", "New for you"]);
        assert_eq!(inbox.texts(".badge-count"), ["2 open"]);
        let home = ada.get("/").await.expect(200);
        assert_eq!(home.texts("ol.waiting a"), ["Cleo Fox asks whether something happened as they wrote it"]);
        let overview = cleo.get("/dossiers").await.expect(200);
        assert_eq!(
            overview.texts("ol.waiting a"),
            ["Ada Marsh asks whether something happened as they wrote it"]
        );

        let away = inbox.attributes("form[action$='/removal']", "action");
        assert_eq!(away.len(), 1, "a request has no such button");
        cleo.post(&away[0], &[]).await.expect(404);
        ada.post(&away[0], &[]).await.expect(303);
        ada.post(&away[0], &[]).await.expect(404);
        let mut tx = world.instance.db.read().await.expect("a read");
        let request = notices::store::open(&mut tx, ada.actor().account).await.expect("open").remove(0).id;
        drop(tx);
        ada.post(&format!("/inbox/{request}/removal"), &[]).await.expect(409);
        assert_eq!(open(&world, &ada).await.len(), 1);

        let mut change = Change::begin(&world.instance, Origin::CommandLine).await.expect("a change");
        notices::settle(&mut change, Kind::Corroboration, about, None).await.expect("settled");
        change.record(Event::RemindersRaised, None, &());
        change.commit().await.expect("kept");
        let inbox = ada.get("/inbox").await.expect(200);
        assert_eq!(inbox.texts("h2"), ["Nothing waits for you"]);
        assert!(inbox.texts(".badge-count").is_empty());
        world.anonymous().get("/inbox").await.expect(303);
        ada.get("/inbox?put-away=2").await.expect(422);
    }
}

#[tokio::test]
async fn switches_are_kept_and_faults_are_told() {
    for world in World::on_both().await {
        let (ada, root) = (
            world.candidate("Ada Marsh").await,
            world.somebody("Root Admin", &[evident::accounts::Role::Admin]).await,
        );
        let choice = [("requests", "at-once"), ("releases", "off")];
        let saved = ada.post("/settings/mail", &choice).await.expect(303).location().to_owned();
        let page = ada.get(saved.split('#').next().expect("a path")).await.expect(200);
        assert_eq!(
            page.attributes("#mail input[checked]", "id")[..3],
            ["requests-at-once", "answers-digest", "releases-off"]
        );
        assert_eq!(page.texts("#mail [role=status]"), ["Your choice is saved."]);
        let page = ada.post("/settings/mail", &[("requests", "by pigeon")]).await.expect(422);
        assert_eq!(page.attributes(".error-summary a", "href"), ["#requests-digest"]);
        ada.post("/settings/mail", &[]).await.expect(422);
        assert!(root.get("/settings").await.expect(200).attributes("input[name=lapsing]", "id").is_empty());
        // What has no switch for them is no fault of theirs.
        let both = [("requests", "off"), ("lapsing", "by pigeon")];
        root.post("/settings/mail", &both).await.expect(303);
        ada.post("/settings/mail", &both).await.expect(422);
    }
}
