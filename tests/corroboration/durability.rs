//! Whether lasting solutions last: raised by the daily job, asked of a leader of another domain.

use chrono::TimeDelta;
use evident::clock::Clock;
use evident::corroboration::durability::raise_due;

use super::world::{ENTRY, company, level, log, notices, with};
use crate::support::World;

#[tokio::test]
async fn a_lasting_solution_is_asked_about_after_six_and_twelve_months() {
    for mut world in World::on_both().await {
        let (ada, ben, _) = company(&world).await;
        // It ended on 30 April; today is 22 November.
        let entry = log(&ada, ENTRY).await;
        let ongoing =
            with(ENTRY, vec![("title", "Another"), ("ongoing", "true"), ("to_month", ""), ("to_year", "")]);
        log(&ada, &ongoing).await;
        let asking = format!("{entry}/requests");
        let fields = [("question", "holds"), ("person", "other"), ("other", "Ben Ito")];
        ada.post(&asking, &fields).await.expect(409);
        assert_eq!(raise_due(&world.instance, evident::audit::Origin::Job(None)).await.expect("raised"), 1);
        assert_eq!(
            raise_due(&world.instance, evident::audit::Origin::Job(None)).await.expect("raised"),
            0,
            "twice changes nothing"
        );
        let told = notices(&world, &ada).await;
        assert_eq!(told, [("holds-due".to_owned(), format!("{asking}?question=holds"))]);
        let inbox = ada.get("/inbox").await.expect(200).body;
        assert!(inbox.contains("What you settled by 30 Apr 2026 is over 6 months old"), "{inbox}");
        assert!(ada.get(&entry).await.body.contains("It has been 6 months"));
        assert!(ada.get(&told[0].1).await.expect(200).body.contains("Ask whether it still holds"));

        let kim = world.candidate("Kim Ode").await;
        level(&world, kim.actor().person, "E1", "Payments", None).await;
        world.candidate("Lee Roe").await;
        for (name, why) in [("Kim Ode", "leads in your own domain"), ("Lee Roe", "No domain is recorded")] {
            let fields = [("question", "holds"), ("person", "other"), ("other", name)];
            assert!(ada.post(&asking, &fields).await.expect(422).body.contains(why));
        }
        ada.post(&asking, &fields).await.expect(200);
        assert!(notices(&world, &ada).await.is_empty(), "the offer is taken up");
        let request = notices(&world, &ben).await.remove(0).1;
        let page = ben.get(&request).await.expect(200);
        assert_eq!(page.texts("h1"), ["Does it still hold?"]);
        ben.post(&request, &[("answer", "confirmed")]).await.expect(422);
        ben.post(&request, &[("answer", "in-part"), ("comment", "But for the night shifts.")])
            .await
            .expect(303);
        let page = ada.get(&entry).await.expect(200);
        assert_eq!(page.texts(".entry .tag"), ["Holds in part"]);
        assert!(page.body.contains("After 6 months"));
        // It is no corroboration, and the readiness rules know nothing of it.
        assert!(page.body.contains("Nobody has answered yet whether it happened like this."));

        let later = world.instance.now() + TimeDelta::days(170);
        world.instance.clock = Clock::Fixed(later);
        world.assemble();
        assert_eq!(raise_due(&world.instance, evident::audit::Origin::Job(None)).await.expect("raised"), 1);
        let mut tx = world.instance.db.read().await.expect("a read");
        let moments: Vec<(i64,)> =
            tx.query("select months from durability order by months").all().await.expect("moments");
        assert_eq!(moments, [(6,), (12,)]);
    }
}

#[tokio::test]
async fn nobody_is_reminded_who_stays_by_choice_and_an_offer_can_be_let_be() {
    for world in World::on_both().await {
        let (ada, ben, _) = company(&world).await;
        let entry = log(&ada, ENTRY).await;
        ada.post("/settings/aim", &[("aim", "e1-by-choice")]).await.expect(303);
        assert_eq!(raise_due(&world.instance, evident::audit::Origin::Job(None)).await.expect("raised"), 0);
        ada.post("/settings/aim", &[("aim", "e2")]).await.expect(303);
        assert_eq!(raise_due(&world.instance, evident::audit::Origin::Job(None)).await.expect("raised"), 1);
        ben.post(&format!("{entry}/durability"), &[]).await.expect(404);
        ada.post(&format!("{entry}/durability"), &[]).await.expect(303);
        assert!(notices(&world, &ada).await.is_empty());
        assert!(!ada.get(&entry).await.body.contains("It has been 6 months"));
        assert_eq!(raise_due(&world.instance, evident::audit::Origin::Job(None)).await.expect("raised"), 0);
    }
}
