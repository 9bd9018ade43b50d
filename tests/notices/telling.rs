//! What somebody is told: once, until it is dealt with.

use evident::audit::{Change, Event, Origin};
use evident::notices::{self, Kind, Letter, Notice, store};
use uuid::Uuid;

use crate::support::{Visitor, World};

pub fn asked(to: &Visitor, by: &Visitor, about: Uuid) -> Notice {
    Notice {
        to: to.actor().account,
        kind: Kind::Corroboration,
        about,
        by: Some(by.actor().person),
        path: "/requests/1".into(),
    }
}

pub async fn tell(world: &World, notices: Vec<Notice>) {
    let mut change = Change::begin(&world.instance, Origin::CommandLine).await.expect("a change");
    for notice in notices {
        notices::tell(&mut change, notice).await.expect("told");
    }
    change.record(Event::RemindersRaised, None, &());
    change.commit().await.expect("kept");
}

pub async fn open(world: &World, visitor: &Visitor) -> Vec<String> {
    let mut tx = world.instance.db.read().await.expect("a read");
    let open = store::open(&mut tx, visitor.actor().account).await.expect("the open ones");
    open.iter().map(store::Open::sentence).collect()
}

#[tokio::test]
async fn a_notice_is_open_once_until_it_is_settled() {
    for world in World::on_both().await {
        let (ada, ben, cleo) = (
            world.candidate("Ada Marsh").await,
            world.candidate("Ben Ode").await,
            world.cto("Cleo Fox").await,
        );
        let about = world.instance.ids.new_id(world.instance.now());
        tell(&world, vec![asked(&ben, &ada, about), asked(&ben, &ada, about), asked(&cleo, &ada, about)])
            .await;
        tell(&world, vec![asked(&ben, &ada, about)]).await;
        let sentence = "Ada Marsh asks whether something happened as they wrote it";
        assert_eq!(open(&world, &ben).await, [sentence]);
        assert_eq!(open(&world, &cleo).await, [sentence]);
        assert!(open(&world, &ada).await.is_empty());

        let mut change = Change::begin(&world.instance, Origin::CommandLine).await.expect("a change");
        let ben_alone = Some(ben.actor().account);
        notices::settle(&mut change, Kind::Corroboration, about, ben_alone).await.expect("settled");
        change.record(Event::RemindersRaised, None, &());
        change.commit().await.expect("kept");
        assert!(open(&world, &ben).await.is_empty());
        assert_eq!(open(&world, &cleo).await.len(), 1);

        tell(&world, vec![asked(&ben, &ada, about)]).await;
        assert_eq!(open(&world, &ben).await.len(), 1, "what was settled can be asked again");
        let mut change = Change::begin(&world.instance, Origin::CommandLine).await.expect("a change");
        notices::settle(&mut change, Kind::Corroboration, about, None).await.expect("settled");
        change.record(Event::RemindersRaised, None, &());
        change.commit().await.expect("kept");
        assert!(open(&world, &ben).await.is_empty() && open(&world, &cleo).await.is_empty());
    }
}

#[tokio::test]
async fn a_letter_that_is_recalled_is_blank() {
    for world in World::on_both().await {
        let about = world.instance.ids.new_id(world.instance.now());
        let ada = world.candidate("Ada Marsh").await;
        let letter = Letter {
            by: ada.actor().account,
            to: "kim@example.com".into(),
            kind: Kind::Corroboration,
            about,
            subject: "A question".into(),
            text: "https://evident.example.com/answer/secret".into(),
        };
        let mut change = Change::begin(&world.instance, Origin::CommandLine).await.expect("a change");
        notices::post(&mut change, letter).await.expect("posted");
        notices::recall(&mut change, about).await.expect("recalled");
        change.record(Event::RemindersRaised, None, &());
        change.commit().await.expect("kept");
        let mut tx = world.instance.db.read().await.expect("a read");
        let texts: Vec<(String, bool)> =
            tx.query("select text, recalled_at is not null from letters").all().await.expect("letters");
        assert_eq!(texts, [(String::new(), true)]);
    }
}
