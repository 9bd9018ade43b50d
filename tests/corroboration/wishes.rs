//! Wishes not to be named: they hold at once, and only the person undoes them, or what they said before.

use super::vouching::{queue, share, with_customer};
use super::world::{ENTRY, company, log, with};
use crate::support::World;

#[tokio::test]
async fn a_wish_not_to_be_named_is_undone_by_the_person_alone() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let fields = with_customer();
        let entry = log(&ada, &fields).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let person =
            ada.get(&entry).await.attributes("section[aria-labelledby=who-h] a.go", "href").remove(0);
        let pia = person.trim_start_matches("/people/").to_owned();
        let write = async || {
            let page = ada.post(&format!("{entry}/named"), &[("person", pia.as_str())]).await.expect(200);
            page.texts("[role=status] code").remove(0).replace("http://127.0.0.1:8080", "")
        };
        let anybody = world.anonymous();
        anybody.post(&write().await, &[("answer", "unnamed")]).await.expect(200);
        let objects = async || {
            assert!(ada.get(&entry).await.body.contains("asked not to be named"));
            ben.get(&person).await.expect(404);
        };
        objects().await;
        // A new link, and an answer by it for which nobody vouched, change nothing.
        let link = write().await;
        objects().await;
        anybody.post(&link, &[("answer", "agreed")]).await.expect(200);
        objects().await;
        // Nor does taking them out of the entry and naming them again.
        let without = with(ENTRY, vec![("revision", "1")]);
        ada.post(&entry, &without).await.expect(303);
        let again = with(ENTRY, vec![("person", pia.as_str()), ("as", "external"), ("revision", "2")]);
        ada.post(&entry, &again).await.expect(303);
        objects().await;
        assert_eq!(queue(&ruth).await.len(), 1);
        let (_, address) = queue(&ruth).await.remove(0);
        ruth.post(&address, &[("what", "answer")]).await.expect(303);
        let page = ada.get(&entry).await.expect(200);
        assert!(
            page.body.contains("agreed to be named so, by link, vouched for on 22 Nov 2026 by Ruth Okafor"),
            "{}",
            page.body
        );
        ben.get(&person).await.expect(200);
        // What they agreed to outlives being taken out and named again, and a new link.
        write().await;
        ada.post(&entry, &with(ENTRY, vec![("revision", "3")])).await.expect(303);
        let again = with(ENTRY, vec![("person", pia.as_str()), ("as", "external"), ("revision", "4")]);
        ada.post(&entry, &again).await.expect(303);
        assert!(
            ada.get(&entry)
                .await
                .body
                .contains("agreed to be named so, by link, vouched for on 22 Nov 2026 by Ruth Okafor")
        );
    }
}

#[tokio::test]
async fn a_wish_by_link_masks_at_once_and_what_stands_counts_until_it_is_vouched_for() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let entry = log(&ada, &with_customer()).await;
        share(&ada).await;
        let person =
            ada.get(&entry).await.attributes("section[aria-labelledby=who-h] a.go", "href").remove(0);
        let pia = person.trim_start_matches("/people/").to_owned();
        let anybody = world.anonymous();
        let answer = async |answer: &str| {
            let page = ada.post(&format!("{entry}/named"), &[("person", pia.as_str())]).await.expect(200);
            let link = page.texts("[role=status] code").remove(0).replace("http://127.0.0.1:8080", "");
            anybody.post(&link, &[("answer", answer)]).await.expect(200);
        };
        let vouch = async || {
            let (_, address) = queue(&ruth).await.remove(0);
            ruth.post(&address, &[("what", "answer")]).await.expect(303);
            assert!(queue(&ruth).await.is_empty());
        };
        let agreed = "agreed to be named so, by link, vouched for on 22 Nov 2026";
        let unnamed = "asked not to be named, by link, vouched for on 22 Nov 2026";
        let shown = async |said: &str, status: u16| {
            assert!(ada.get(&entry).await.body.contains(said), "{said}");
            ben.get(&person).await.expect(status);
        };
        answer("agreed").await;
        vouch().await;
        shown(agreed, 200).await;
        answer("unnamed").await;
        shown(agreed, 404).await;
        assert!(
            ada.get(&format!("{entry}/named")).await.body.contains("asked by mail or link not to name them")
        );
        // Whoever holds a link undoes that as little.
        answer("agreed").await;
        shown(agreed, 404).await;
        vouch().await;
        shown(agreed, 200).await;
        answer("unnamed").await;
        vouch().await;
        shown(unnamed, 404).await;
        // Taken back, what stood before stands again, and the name stays masked.
        let lately = ruth.get("/vouching").await.attributes("#lately-h ~ ul form", "action");
        ruth.post(&lately[0], &[]).await.expect(303);
        shown(agreed, 404).await;
        vouch().await;
        shown(unnamed, 404).await;
    }
}
