//! Vouching: who sees what waits for it, and how it is taken back.

use std::collections::BTreeSet;

use evident::accounts::Role;

use super::vouching::{CONFIRMED, VOUCHED, WAITS, letter_link, queue, share, voices, with_customer};
use super::world::{ask_by_link, company, log, with};
use crate::support::{Visitor, World};

/// Where what somebody vouched for lately is taken back.
async fn lately(voucher: &Visitor) -> Vec<String> {
    voucher.get("/vouching").await.expect(200).attributes("#lately-h ~ ul form", "action")
}

#[tokio::test]
async fn a_cto_sees_what_waits_on_what_they_could_read_and_an_admin_all() {
    for world in World::on_both().await {
        let (ada, _, ruth) = company(&world).await;
        let admin = world.somebody("Ola Berg", &[Role::Admin]).await;
        let before = ruth.get("/dossiers").await.expect(200).body;
        let entry = log(&ada, &with_customer()).await;
        let link = ask_by_link(&ada, &entry, "Pia Lund", "").await;
        world.anonymous().post(&link, &CONFIRMED).await.expect(200);
        assert!(queue(&ruth).await.is_empty(), "who is named in private alone is known to nobody");
        assert_eq!(ruth.get("/dossiers").await.body, before, "nor counted");
        let (_, address) = queue(&admin).await.remove(0);
        ruth.post(&address, &[("what", "answer")]).await.expect(404);
        let home = admin.get("/admin").await.expect(200);
        assert!(home.body.contains("1 answer by mail or link waits"), "{}", home.body);
        assert!(home.texts("nav a[href='/vouching']")[0].contains('1'));
        share(&ada).await;
        assert_eq!(queue(&ruth).await.len(), 1);
        assert!(ruth.get("/dossiers").await.texts("nav a[href='/vouching']")[0].contains('1'));
    }
}

#[tokio::test]
async fn what_somebody_vouched_for_is_taken_back_by_them_alone() {
    for world in World::on_both().await {
        let mut read = BTreeSet::new();
        let (ada, ben, ruth) = company(&world).await;
        let admin = world.somebody("Ola Berg", &[Role::Admin]).await;
        share(&ada).await;
        let entry = log(&ada, &with_customer()).await;
        let other =
            log(&ada, &with(&with_customer(), vec![("title", "Brought two customers together")])).await;
        let link = ask_by_link(&ada, &entry, "Pia Lund", "").await;
        world.anonymous().post(&link, &CONFIRMED).await.expect(200);
        let (_, address) = queue(&ruth).await.remove(0);
        ruth.post(&address, &[("what", "answer")]).await.expect(303);
        assert_eq!(voices(&ada).await, 1);
        assert!(lately(&admin).await.is_empty());
        let taking_back = lately(&ruth).await.remove(0);
        admin.post(&taking_back, &[]).await.expect(404);
        ben.post(&taking_back, &[]).await.expect(403);
        ruth.post(&taking_back, &[]).await.expect(303);
        ruth.post(&taking_back, &[]).await.expect(404);
        assert_eq!(voices(&ada).await, 0);
        assert!(ada.get(&entry).await.body.contains(WAITS));
        assert_eq!(queue(&ruth).await, [("Pia Lund".to_owned(), address)]);

        // An address takes along every answer that was mailed from there, and those to come.
        let ask = async |entry: &str, read: &mut BTreeSet<String>| {
            ask_by_link(&ada, entry, "Pia Lund", "pia@northwind.example").await;
            world.anonymous().post(&letter_link(&world, read).await, &CONFIRMED).await.expect(200);
        };
        ask(&other, &mut read).await;
        let page = admin.get("/vouching").await;
        let form = page.attributes(".entry form:has(button[value=address])", "action").remove(0);
        admin.post(&form, &[("what", "address")]).await.expect(303);
        assert_eq!(voices(&ada).await, 1);
        assert!(admin.get("/vouching").await.body.contains("The address pia@northwind.example"));
        let taking_back = lately(&admin).await.remove(0);
        admin.post(&taking_back, &[]).await.expect(303);
        assert_eq!(voices(&ada).await, 0);
        ask(&other, &mut read).await;
        assert!(!ada.get(&other).await.body.contains(VOUCHED));
    }
}

#[tokio::test]
async fn a_confirmation_behind_a_later_answer_is_superseded_too() {
    for world in World::on_both().await {
        let (ada, _, ruth) = company(&world).await;
        share(&ada).await;
        let entry = log(&ada, &with_customer()).await;
        for answer in ["confirmed", "not-close-enough"] {
            let link = ask_by_link(&ada, &entry, "Pia Lund", "").await;
            world.anonymous().post(&link, &[("answer", answer)]).await.expect(200);
            let (_, address) = queue(&ruth).await.remove(0);
            ruth.post(&address, &[("what", "answer")]).await.expect(303);
        }
        assert_eq!(voices(&ada).await, 0);
        // It counts for nothing, so that no cost is told.
        let pia = ada.get(&entry).await.attributes("section[aria-labelledby=who-h] a.go", "href").remove(0);
        let pia = pia.trim_start_matches("/people/").to_owned();
        let fields = with(
            &with_customer(),
            vec![
                ("person", pia.as_str()),
                ("revision", "1"),
                ("title", "Moved identity under one roof for good"),
            ],
        );
        ada.post(&entry, &fields).await.expect(303);
        // Then the later answer turns out to be somebody else's.
        let later: (uuid::Uuid,) = {
            let mut tx = world.instance.db.read().await.expect("a read");
            let sql = "select id from corroborations where answer = 'not-close-enough'";
            tx.query(sql).one().await.expect("the later answer")
        };
        ruth.post(&format!("/vouching/{}/withdrawal", later.0), &[]).await.expect(303);
        let page = ada.get(&entry).await.expect(200);
        assert!(page.body.contains("Confirmed, superseded"), "{}", page.body);
        assert_eq!(voices(&ada).await, 0);
    }
}

#[tokio::test]
async fn who_was_written_to_is_asked_again_by_a_letter_and_the_list_says_so() {
    for world in World::on_both().await {
        let mut read = BTreeSet::new();
        let (ada, _, ruth) = company(&world).await;
        share(&ada).await;
        let entry = log(&ada, &with_customer()).await;
        let page = ada.get(&format!("{entry}/requests")).await.expect(200);
        assert!(page.body.contains("No mail server is set up here"), "{}", page.body);
        ask_by_link(&ada, &entry, "Pia Lund", "pia@northwind.example").await;
        let letter = letter_link(&world, &mut read).await;
        assert!(world.anonymous().get(&letter).await.body.contains("has vouched that it is yours"));
        world.anonymous().post(&letter, &CONFIRMED).await.expect(200);
        ruth.post(&queue(&ruth).await.remove(0).1, &[("what", "answer")]).await.expect(303);
        let pia = ada.get(&entry).await.attributes("section[aria-labelledby=who-h] a.go", "href").remove(0);
        let pia = pia.trim_start_matches("/people/").to_owned();
        let fields = with(
            &with_customer(),
            vec![
                ("person", pia.as_str()),
                ("revision", "1"),
                ("title", "Moved identity under one roof for good"),
            ],
        );
        let told = ada.post(&entry, &fields).await.expect(422);
        let token = told.attributes("button[name=confirm_superseded]", "value").remove(0);
        ada.post(&entry, &with(&fields, vec![("confirm_superseded", &token)])).await.expect(303);
        assert!(ada.get("/evidence").await.body.contains("Ask 1 again"));
        let form = ada.get(&format!("{entry}/requests?person={pia}")).await.expect(200);
        assert_eq!(form.attributes("#email", "value"), ["pia@northwind.example"]);
        let again = [("question", "happened"), ("person", pia.as_str()), ("again", "yes")];
        ada.post(&format!("{entry}/requests"), &again).await.expect(200);
        letter_link(&world, &mut read).await;
        assert!(!ada.get("/evidence").await.body.contains("Ask 1 again"));
    }
}
