//! What somebody forges who has a link or a mailbox: answers in others' names, which bury nobody's own and count for none.

use std::collections::BTreeSet;

use evident::accounts::Role;

use super::vouching::{CONFIRMED, VOUCHED, letter_link, queue, share, voices, with_customer};
use super::world::{ENTRY, ask_by_link, company, log, names, with};
use crate::support::World;

#[tokio::test]
async fn an_answer_that_waits_is_buried_by_none_that_waits_too() {
    for world in World::on_both().await {
        let mut read = BTreeSet::new();
        let (ada, _, ruth) = company(&world).await;
        share(&ada).await;
        let anybody = world.anonymous();
        let differs = [("answer", "differs"), ("account", "Not quite.")];
        let ways = async || {
            let page = ruth.get("/vouching").await.expect(200);
            let ways = page.texts(".entry div > .meta").into_iter();
            ways.zip(page.attributes(".entry form", "action")).collect::<Vec<_>>()
        };
        let of = |ways: &[(String, String)], way: &str| {
            ways.iter().find(|(said, _)| said.contains(way)).expect("it waits").1.clone()
        };
        let answered_twice = async |title: &str, read: &mut BTreeSet<String>| {
            let entry = log(&ada, &with(&with_customer(), vec![("title", title)])).await;
            ask_by_link(&ada, &entry, "Pia Lund", "pia@northwind.example").await;
            anybody.post(&letter_link(&world, read).await, &differs).await.expect(200);
            let forged = ask_by_link(&ada, &entry, "Pia Lund", "").await;
            anybody.post(&forged, &CONFIRMED).await.expect(200);
            entry
        };
        let entry = answered_twice("Settled who owns identity", &mut read).await;
        let waiting = ways().await;
        assert_eq!(waiting.len(), 2, "each with its way: {waiting:?}");
        let mailed = of(&waiting, "By a letter to pia@northwind.example, 22 Nov 2026, ");
        ruth.post(&mailed, &[("what", "answer")]).await.expect(303);
        let page = ada.get(&entry).await.expect(200);
        assert!(page.body.contains("by mail, vouched for on 22 Nov 2026 by Ruth Okafor"), "{}", page.body);
        assert_eq!(voices(&ada).await, 0, "their own word stands, which differs");
        let waiting = ways().await;
        assert_eq!(waiting.len(), 1, "that one alone was settled: {waiting:?}");
        let forged = of(&waiting, "By a link handed over, 22 Nov 2026, ");

        // A later one that stands displaces what came before it.
        answered_twice("Opened a door at a customer", &mut read).await;
        let waiting = ways().await;
        assert_eq!(waiting.len(), 3, "{waiting:?}");
        let later = waiting.iter().find(|(way, at)| way.contains("handed over") && *at != forged);
        let (_, later) = later.expect("it waits");
        ruth.post(later, &[("what", "answer")]).await.expect(303);
        assert_eq!(ways().await.into_iter().map(|(_, at)| at).collect::<Vec<_>>(), [forged]);
    }
}

#[tokio::test]
async fn a_listed_domain_vouches_for_nobody_inside_and_for_no_mailbox_of_several() {
    for world in World::on_both().await {
        let mut read = BTreeSet::new();
        let (ada, _, ruth) = company(&world).await;
        share(&ada).await;
        let admin = world.somebody("Ola Berg", &[Role::Admin]).await;
        world.leader("Nils Holm", None).await;
        let mut asked = Vec::new();
        for (title, name, part, organization, address) in [
            ("Settled who owns identity", "Pia Lund", "external", "external", "desk@northwind.example"),
            ("Opened a door at a customer", "Max Roth", "external", "external", "desk+max@northwind.example"),
            ("Rewrote the rules of billing", "Nils Holm", "peer", "", "nils@northwind.example"),
            ("Spoke for all at the fair", "Zoe Hart", "external", "external", "zoe@northwind.example"),
        ] {
            let fields = with(&with(ENTRY, names(name, part, organization)), vec![("title", title)]);
            let entry = log(&ada, &fields).await;
            ask_by_link(&ada, &entry, name, address).await;
            asked.push((entry, name, letter_link(&world, &mut read).await));
        }
        let anybody = world.anonymous();
        for (_, _, link) in &asked {
            anybody.post(link, &CONFIRMED).await.expect(200);
        }
        assert_eq!(queue(&ruth).await.len(), 4);
        // What waits already.
        admin.post("/admin/organizations", &[("domain", "northwind.example")]).await.expect(303);
        let waiting: BTreeSet<String> = queue(&ruth).await.into_iter().map(|(name, _)| name).collect();
        assert_eq!(waiting, ["Max Roth", "Nils Holm", "Pia Lund"].map(String::from).into());
        assert!(
            ada.get(&asked[3].0).await.body.contains(VOUCHED),
            "somebody outside, at an address of theirs"
        );
        assert_eq!(voices(&ada).await, 1);
        // What comes later.
        for (place, address) in [(1, "desk@northwind.example"), (2, "nils@northwind.example")] {
            let (entry, name, _) = &asked[place];
            ask_by_link(&ada, entry, name, address).await;
            anybody.post(&letter_link(&world, &mut read).await, &[("answer", "declined")]).await.expect(200);
            assert!(!ada.get(entry).await.body.contains(VOUCHED), "{name}");
        }
        assert_eq!(queue(&ruth).await.len(), 5);
        assert_eq!(voices(&ada).await, 1);
    }
}
