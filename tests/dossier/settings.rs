//! Leave, aim, sharing, sessions and check-ins.

use super::planted::plant;
use crate::support::World;

#[tokio::test]
async fn leave_is_added_shown_and_removed() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let page =
            ada.post("/settings/leave", &[("from", "2026-03-01"), ("to", "2026-02-01")]).await.expect(422);
        assert_eq!(page.attributes("#from", "value"), ["2026-03-01"]);
        assert_eq!(page.attributes(".error-summary a", "href"), ["#to"]);
        let page = ada.post("/settings/leave", &[("from", "soon"), ("to", "")]).await.expect(422);
        assert_eq!(page.attributes(".error-summary a", "href"), ["#from", "#to"]);
        ada.post("/settings/leave", &[("from", "2026-02-01"), ("to", "2026-02-01")]).await.expect(303);
        let page = ada.get("/settings").await.expect(200);
        assert_eq!(page.texts("#leave dl dt"), ["1 Feb 2026"]);
        assert!(page.texts("[role=status]").is_empty());
        let removal = page.attributes("#leave dl form", "action").remove(0);
        world.candidate("Joan Clarke").await.post(&removal, &[]).await.expect(404);
        ada.post(&removal, &[]).await.expect(303);
        ada.post(&removal, &[]).await.expect(404);
        assert!(ada.get("/settings").await.expect(200).texts("#leave dl dt").is_empty());
    }
}

#[tokio::test]
async fn sharing_holds_on_the_next_request_and_remembers_its_first_day() {
    for world in World::on_both().await {
        let planted = plant(&world).await;
        let address = format!("/dossiers/{}/readiness", planted.dossier.id);
        planted.ada.post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);
        let page = planted.ada.get("/settings").await.expect(200);
        assert!(page.texts("#sharing .hint")[0].ends_with("Shared since 1 Jun 2026."), "{}", page.body);
        planted.ruth.get(&address).await.expect(200);
        planted.ada.post("/settings/sharing", &[("sharing", "private")]).await.expect(303);
        planted.ruth.get(&address).await.expect(404);
        planted.ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let page = planted.ada.get("/settings").await.expect(200);
        assert!(page.texts("#sharing .hint")[0].ends_with("Shared since 22 Nov 2026."), "{}", page.body);
        planted.ada.post("/settings/sharing", &[("sharing", "everybody")]).await.expect(422);
        planted.ruth.post("/settings/sharing", &[("sharing", "private")]).await.expect(403);
    }
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let fields = [("email", "ada.marsh@example.com"), ("password", "harbour violet kettle sparrow")];
        let token = world.anonymous().post("/sign-in", &fields).await.expect(303).session_token();
        let other = world.anonymous().with_token(token.as_deref());
        other.get("/settings").await.expect(200);
        let end = ada.get("/settings").await.expect(200).attributes("#sessions form", "action");
        assert_eq!(end.len(), 1, "one's own is not among them: {end:?}");
        world.candidate("Joan Clarke").await.post(&end[0], &[]).await.expect(404);
        ada.post(&end[0], &[]).await.expect(303);
        other.get("/settings").await.expect(303);
    }
}

#[tokio::test]
async fn check_ins_are_kept_side_by_side_and_earlier_ones_shown_only_when_included() {
    for world in World::on_both().await {
        let planted = plant(&world).await;
        let ada = &planted.ada;
        let page = ada.post("/check-ins", &[("on", "2026-11-23"), ("deputizing", "yes")]).await.expect(422);
        assert_eq!(page.attributes(".error-summary a", "href"), ["#on"]);
        assert_eq!(page.attributes("#deputizing-yes[checked]", "value"), ["yes"]);
        ada.post("/check-ins", &[("deputizing", "")]).await.expect(422);
        ada.post("/check-ins", &[("deputizing", "surely")]).await.expect(422);
        ada.post("/check-ins", &[("deputizing", "partly")]).await.expect(303);
        ada.post("/check-ins", &[("deputizing", "yes"), ("thought-partner", "not-yet")]).await.expect(303);
        let page = ada.get("/check-ins").await.expect(200);
        let summaries = page.texts("section:has(#past-h) summary");
        assert_eq!(summaries[..2], ["22 Nov 2026: 1 yes, 1 not yet", "22 Nov 2026: 1 partly"]);
        // What the CTO hasn't released is not there.
        assert_eq!(page.texts("section:has(#ctos-h) summary"), ["1 Aug 2026: 1 partly"]);

        let address = format!("/dossiers/{}/readiness.json", planted.dossier.id);
        let months = async || {
            let json = planted.ruth.get(&address).await.expect(200).json();
            let questions = json["questions"].as_array().expect("questions").clone();
            let question =
                questions.into_iter().find(|q| q["question"] == "deputizing").expect("the question");
            question["self"]["months"].as_i64()
        };
        assert_eq!(months().await, Some(4));
        let included = page.attributes("input[name=included]", "value");
        assert_eq!(included.len(), 1);
        ada.post("/check-ins", &[("do", "include"), ("included", &included[0])]).await.expect(303);
        assert_eq!(months().await, Some(8));
        ada.post("/check-ins", &[("do", "include")]).await.expect(303);
        assert_eq!(months().await, Some(4));
    }
}

#[tokio::test]
async fn home_is_where_each_role_has_something_to_do() {
    for world in World::on_both().await {
        use evident::accounts::Role;
        let planted = plant(&world).await;
        let home = planted.ada.get("/").await.expect(200);
        assert_eq!(home.texts("h1"), ["Your dossier"]);
        assert_eq!(home.texts(".notice a"), ["A thought for later"]);
        assert_eq!(home.texts(".state-card .state").len(), 4);
        assert_eq!(home.texts("form[action='/evidence'] label").len(), 5);
        let joan = world.candidate("Joan Clarke").await;
        let empty = joan.get("/").await.expect(200);
        assert!(empty.texts(".lead")[0].starts_with("Nothing counts yet."));
        assert!(empty.texts("table").is_empty(), "no table of two years without an entry");
        // Readiness says what it is for and offers the one next step, in place of tables of nothing.
        let own = joan.get("/readiness").await.expect(303);
        let empty = joan.get(own.location()).await.expect(200);
        assert_eq!(empty.texts(".lead"), ["Nothing counts yet."]);
        assert_eq!(empty.texts("#empty-h"), ["What will stand here"]);
        assert!(empty.texts("table.heat").is_empty());
        for (role, address) in
            [(Role::Cto, "/dossiers"), (Role::Committee, "/committee"), (Role::Admin, "/admin")]
        {
            let somebody = world.somebody(role.title(), &[role]).await;
            assert_eq!(somebody.get("/").await.expect(303).location(), address);
            somebody.get("/settings").await.expect(200);
        }
        let both = world.somebody("Mary Both", &[Role::Candidate, Role::Admin]).await;
        both.get("/").await.expect(200);
    }
}

#[tokio::test]
async fn what_was_saved_is_said() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let changes = [
            ("/settings/aim", vec![("aim", "e2")], "#aim"),
            ("/settings/sharing", vec![("sharing", "sponsor")], "#sharing"),
            ("/settings/leave", vec![("from", "2026-02-01"), ("to", "2026-02-03")], "#leave"),
        ];
        for (form, fields, part) in changes {
            let answer = ada.post(form, &fields).await.expect(303);
            let (address, anchor) = answer.location().split_at(answer.location().len() - part.len());
            assert_eq!(anchor, part);
            let page = ada.get(address).await.expect(200);
            assert_eq!(page.texts(&format!("{part} [role=status]")).len(), 1, "{}", page.body);
            assert_eq!(page.texts("[role=status]").len(), 1);
        }
        ada.get("/settings?saved=everything").await.expect(422);
        let answer = ada.post("/check-ins", &[("deputizing", "yes")]).await.expect(303);
        assert_eq!(ada.get(answer.location()).await.expect(200).texts("[role=status]").len(), 1);
    }
}
