//! The sponsor of a dossier: named when sharing, changed, and ended with the role, with the account, and by recusal.

use evident::accounts::Role;
use evident::evidence::dossiers;
use uuid::Uuid;

use super::{developed, work};
use crate::support::{Visitor, World};

async fn sponsor(world: &World, owner: &Visitor) -> Option<Uuid> {
    dossiers::own(&world.instance, owner.actor()).await.expect("a dossier").sponsor
}

async fn share(owner: &Visitor, sharing: &str, sponsor: &str, status: u16) -> String {
    owner.post("/settings/sharing", &[("sharing", sharing), ("sponsor", sponsor)]).await.expect(status).body
}

async fn inbox(visitor: &Visitor) -> String {
    visitor.get("/inbox").await.expect(200).body
}

#[tokio::test]
async fn with_one_cto_it_is_that_one_and_of_several_the_owner_names_one() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        share(&ada, "sponsor", "", 303).await;
        assert_eq!(sponsor(&world, &ada).await, None);
        let ruth = world.somebody("Ruth Okafor", &[Role::Cto]).await;
        let (ruths, none) = (ruth.actor().account, Uuid::max().to_string());
        for sharing in ["committee", "sponsor"] {
            share(&ada, sharing, "", 303).await;
            assert_eq!(sponsor(&world, &ada).await, Some(ruths));
        }
        assert!(inbox(&ruth).await.contains("Ada Marsh named you as their sponsor"));
        assert!(ada.get("/settings").await.expect(200).body.contains("Ruth Okafor"));

        let sam = world.somebody("Sam Oduya", &[Role::Cto]).await;
        let finn = world.somebody("Finn Weil", &[Role::Committee]).await;
        // With several it stays who it is until the owner names another, who has to be one of them.
        share(&ada, "committee", "", 303).await;
        assert_eq!(sponsor(&world, &ada).await, Some(ruths));
        for wrong in ["x", &none, &finn.actor().account.to_string(), &ada.actor().account.to_string()] {
            let body = share(&ada, "committee", wrong, 422).await;
            assert!(body.contains("Choose one of the CTOs listed"), "{wrong}");
        }
        share(&ada, "committee", &sam.actor().account.to_string(), 303).await;
        assert_eq!(sponsor(&world, &ada).await, Some(sam.actor().account));
        assert!(inbox(&ruth).await.contains("Ada Marsh named another sponsor in your place"));
        assert!(!inbox(&ruth).await.contains("named you as their sponsor"));
        assert!(inbox(&sam).await.contains("Ada Marsh named you as their sponsor"));
        let dossier = dossiers::own(&world.instance, ada.actor()).await.expect("a dossier").id;
        let page = ruth.get(&format!("/dossiers/{dossier}/readiness")).await.expect(200).body;
        assert!(page.contains("<dt>Sponsor</dt><dd>Sam Oduya</dd>"), "{page}");

        // Nobody is sponsor of what is private, and of what they were told nothing is left.
        share(&ada, "private", &ruths.to_string(), 303).await;
        assert_eq!(sponsor(&world, &ada).await, None);
        for who in [&ruth, &sam] {
            assert!(!inbox(who).await.contains("Ada Marsh"));
        }
        share(&ada, "sponsor", "", 303).await;
        assert_eq!(sponsor(&world, &ada).await, None);
    }
}

#[tokio::test]
async fn the_relation_ends_with_the_role_the_account_and_by_recusal() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let mina = world.somebody("Mina Sato", &[Role::Admin]).await;
        let ruth = world.somebody("Ruth Okafor", &[Role::Cto]).await;
        let sam = world.somebody("Sam Oduya", &[Role::Cto, Role::Committee]).await;
        let accounts = |who: &Visitor| who.actor().account.to_string();
        let (ended, told) = ("can’t be it any longer", "Ada Marsh has no sponsor any more");

        share(&ada, "committee", &accounts(&sam), 303).await;
        assert!(!inbox(&ada).await.contains(ended));
        mina.post(&format!("/admin/accounts/{}/roles", accounts(&sam)), &[("role", "committee")])
            .await
            .expect(303);
        assert_eq!(sponsor(&world, &ada).await, None);
        assert!(inbox(&ada).await.contains(ended) && inbox(&ruth).await.contains(told));
        assert!(!inbox(&sam).await.contains("Ada Marsh"));

        // Named anew, nothing is left of that.
        let theo = world.somebody("Theo Lang", &[Role::Cto]).await;
        share(&ada, "committee", &accounts(&theo), 303).await;
        assert!(!inbox(&ruth).await.contains(told) && !inbox(&ada).await.contains(ended));
        mina.post(&format!("/admin/accounts/{}/disabled", accounts(&theo)), &[("disabled", "yes")])
            .await
            .expect(303);
        assert_eq!(sponsor(&world, &ada).await, None);
        assert!(inbox(&ada).await.contains(ended) && inbox(&ruth).await.contains(told));

        // Who is recused is it no more, is told nothing more of it, and can't be named.
        let kim = world.somebody("Kim Sol", &[Role::Cto]).await;
        share(&ada, "committee", &accounts(&kim), 303).await;
        let publish = [&[("intent", "publish")], &developed("Kim Sol")[..]].concat();
        ada.post("/evidence", &work("Handed the reviews over", &publish)).await.expect(303);
        assert_eq!(sponsor(&world, &ada).await, None);
        assert!(inbox(&ada).await.contains(ended) && inbox(&ruth).await.contains(told));
        let of_kim = inbox(&kim).await;
        assert!(of_kim.contains("no part") && !of_kim.contains("sponsor"), "{of_kim}");
        share(&ada, "committee", &accounts(&kim), 422).await;
        // The one who is left is the only one who can be.
        share(&ada, "committee", "", 303).await;
        assert_eq!(sponsor(&world, &ada).await, Some(ruth.actor().account));
    }
}
