//! Somebody who turns out to be somebody else while they are asked: what was asked follows.

use evident::accounts::Role;

use super::world::{ENTRY, ask_by_link, company, log, names, with};
use crate::support::World;

#[tokio::test]
async fn what_was_asked_follows_who_somebody_turns_out_to_be() {
    for world in World::on_both().await {
        let (ada, ben, _) = company(&world).await;
        let admin = world.somebody("Ola Berg", &[Role::Admin]).await;
        let entry = log(&ada, &with(ENTRY, names("Benjamin Ito", "peer", "internal"))).await;
        let link = ask_by_link(&ada, &entry, "Benjamin Ito", "").await;
        let (request, asked): (uuid::Uuid, uuid::Uuid) = {
            let mut tx = world.instance.db.read().await.expect("a read");
            tx.query("select id, person_id from requests").one().await.expect("a request")
        };
        let request = format!("/requests/{request}");
        ben.get(&request).await.expect(404);
        let survivor = ben.actor().person;
        evident::directory::merging::actions::merge(&world.instance, admin.actor(), survivor, asked)
            .await
            .expect("merged");
        assert!(ben.get(&request).await.expect(200).body.contains("Settled who owns identity"));
        let closed = world.anonymous().get(&link).await.expect(403);
        assert_eq!(closed.texts("h1"), ["Sign in to answer"], "who can sign in answers there");
        ben.post(&request, &[("answer", "confirmed")]).await.expect(303);
        assert_eq!(world.anonymous().get(&link).await.expect(404).texts("h1"), ["This link was used"]);
        let page = ada.get(&entry).await.expect(200);
        assert_eq!(page.texts(".entry h3"), ["Ben Ito"]);
    }
}
