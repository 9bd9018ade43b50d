//! The leaders whom a candidate developed: what their trajectories show, to whom, and whose word counts.

mod milestones;

use evident::accounts::Role;
use evident::evidence::{Audience, Sharing, Status};
use evident::review::CorroborationAnswer;
use uuid::Uuid;

use crate::board::world::{Candidate, Company, DE};
use crate::support::Visitor;

async fn level(by: &Visitor, person: Uuid, level: &str, from: &str) {
    by.post(&format!("/people/{person}/levels"), &[("level", level), ("from", from)]).await.expect(303);
}

async fn milestone(by: &Visitor, person: Uuid, on: &str, kind: &str, what: &str) {
    let form = [("on", on), ("kind", kind), ("what", what)];
    by.post(&format!("/people/{person}/milestones"), &form).await.expect(303);
}

/// A named leader's own answer.
async fn says(company: &Company, entry: Uuid, person: Uuid, answer: &'static str) {
    let mut tx = company.world.instance.db.write().await.expect("a write");
    tx.query("update entry_people set answer = $3 where entry_id = $1 and person_id = $2")
        .bind(entry)
        .bind(person)
        .bind(answer.to_owned())
        .run_expecting(1)
        .await
        .expect("an answer");
    tx.commit().await.expect("kept");
}

async fn set_status(company: &Company, entry: Uuid, status: Status) {
    let mut tx = company.world.instance.db.write().await.expect("a write");
    let set = tx.query("update entries set status = $2 where id = $1").bind(entry).bind(status);
    set.run_expecting(1).await.expect("set");
    tx.commit().await.expect("kept");
}

fn page_of(candidate: &Candidate) -> String {
    format!("/dossiers/{}/trajectories", candidate.dossier)
}

#[tokio::test]
async fn a_trajectory_shows_where_each_stood_what_was_done_and_where_they_went() {
    for company in Company::on_both().await {
        let admin = company.world.somebody("Mina Sato", &[Role::Admin]).await;
        let ada = company.candidate("Ada Marsh", Sharing::Sponsor).await;
        let owner = &ada.visitor;
        let empty = owner.get(&page_of(&ada)).await.expect(200);
        assert_eq!(empty.texts(".empty h2"), ["No leader stands here yet"]);

        let priya = company.world.leader("Priya Raman", Some(owner.actor().account)).await;
        let samir = company.world.leader("Samir Haddad", None).await;
        level(&admin, priya, "M3", "2021-03-01").await;
        level(&admin, priya, "E1", "2025-01-13").await;
        level(owner, priya, "E2", "2026-10-01").await;
        level(&admin, samir, "M3", "2020-01-01").await;
        let early = company.entry(&ada, DE, ("2024-10-01", "2024-12-31"), Audience::Dossier).await;
        let late = company.entry(&ada, DE, ("2026-02-01", "2026-04-30"), Audience::Dossier).await;
        let other = company.entry(&ada, DE, ("2026-05-01", "2026-05-31"), Audience::Cto).await;
        for (entry, person) in [(early, priya), (late, priya), (other, samir)] {
            company.develops(&ada, entry, person).await;
        }
        company.answer(&ada, late, priya, "2026-06-01", CorroborationAnswer::Confirmed).await;
        company.answer(&ada, late, company.outsider, "2026-06-02", CorroborationAnswer::Differs).await;

        let location = owner.get("/trajectories").await.expect(303);
        assert_eq!(location.location(), page_of(&ada));
        let page = owner.get(&page_of(&ada)).await.expect(200);
        assert_eq!(page.texts("article h2"), ["Priya Raman", "Samir Haddad"]);
        assert_eq!(page.attributes("article h2 a", "href")[0], format!("/people/{priya}"));
        let levels = page.texts("td[data-label='Their level on its first day']");
        // The latest stands first.
        assert_eq!(levels[0], "E1: a Director or above, developed");
        assert_eq!(levels[1], "M3: below E1, so that it develops no Director yet");
        assert_eq!(levels[2], levels[1]);
        let voices = page.texts("td[data-label='Who confirms']");
        assert_eq!(
            voices,
            ["Confirmed by Priya Raman. Told differently by Imre Novak.", "Nobody yet.", "Nobody yet."]
        );
        assert_eq!(
            page.texts("article svg title")[0],
            "Priya Raman’s levels: M3 from Mar 2021, E1 from Jan 2025, E2 from Oct 2026, not confirmed, 2 entries"
        );
        // The candidate's own word about her counts for nothing, and says so; it is others' to confirm.
        assert!(page.body.contains("Recorded by you, not yet confirmed: it counts for nothing."));
        assert!(page.attributes("article form", "action").is_empty());
        assert!(page.texts("article header b")[0].starts_with("Promoted: E1 since 13 Jan 2025"));

        let cto = company.cto.get(&page_of(&ada)).await.expect(200);
        assert!(cto.body.contains("Recorded by the candidate, not yet confirmed"));
        let confirm = cto.attributes("article form", "action");
        assert_eq!(confirm.len(), 1);
        owner.post(&confirm[0], &[]).await.expect(403);
        company.member.post(&confirm[0], &[]).await.expect(403);
        company.cto.post(&confirm[0], &[]).await.expect(303);
        let page = company.cto.get(&page_of(&ada)).await.expect(200);
        assert!(page.attributes("article form", "action").is_empty());
        assert!(page.texts("article header b")[0].starts_with("Promoted: E2 since 1 Oct 2026"));
        let person = company.cto.get(&format!("/people/{priya}")).await.expect(200);
        assert_eq!(person.texts("td[data-label=Level]")[..2], ["E2", "E2 confirmed later"]);

        // As of a day before, and with what others confirmed alone.
        let before = owner.get(&format!("{}?as_of=2026-03-01", page_of(&ada))).await.expect(200);
        assert_eq!(before.texts("article h2"), ["Priya Raman"]);
        assert_eq!(before.texts("td[data-label='Who confirms']"), ["Nobody yet.", "Nobody yet."]);
        assert!(!before.body.contains("Oct 2026"));
        let confirmed = owner.get(&format!("{}?lens=confirmed", page_of(&ada))).await.expect(200);
        assert_eq!(confirmed.texts("td[data-label='Who confirms']").len(), 1);
        for bad in ["as_of=2026-02-30", "lens=both", "nonsense=1", "as_of=2026-01-01&as_of=2026-01-02"] {
            owner.get(&format!("{}?{bad}", page_of(&ada))).await.expect(422);
        }
    }
}

#[tokio::test]
async fn hired_away_at_a_higher_level_counts_for_and_not_against() {
    for company in Company::on_both().await {
        let admin = company.world.somebody("Mina Sato", &[Role::Admin]).await;
        let ada = company.candidate("Ada Marsh", Sharing::Sponsor).await;
        let priya = company.world.leader("Priya Raman", None).await;
        level(&admin, priya, "E1", "2023-01-01").await;
        level(&admin, priya, "none", "2026-06-01").await;
        let entry = company.entry(&ada, DE, ("2026-01-01", "2026-03-31"), Audience::Dossier).await;
        company.develops(&ada, entry, priya).await;
        let outcome = async |visitor: &Visitor| {
            visitor.get(&page_of(&ada)).await.expect(200).texts("article header p.mt-8")[0].clone()
        };
        assert!(outcome(&company.cto).await.starts_with("Left on 1 Jun 2026."));
        milestone(&company.cto, priya, "2026-06-01", "hired-away", "").await;
        assert_eq!(
            outcome(&company.cto).await,
            "Hired away at a higher level on 1 Jun 2026. That counts for whoever developed them, not against."
        );
        // The candidate sees it once she has agreed to be named: from then on evidence can rest on it.
        assert!(outcome(&ada.visitor).await.starts_with("Left on"));
        says(&company, entry, priya, "agreed").await;
        assert!(outcome(&ada.visitor).await.starts_with("Hired away"));
        let readiness = ada.visitor.get(&format!("/dossiers/{}/readiness.json", ada.dossier)).await.json();
        let item = readiness["track_record"]
            .as_array()
            .expect("items")
            .iter()
            .find(|item| item["item"] == "directors-developed");
        assert_eq!(item.expect("the item")["met"], true);
        says(&company, entry, priya, "unnamed").await;
        let page = ada.visitor.get(&page_of(&ada)).await.expect(200);
        assert!(page.body.contains("to everybody but you and CTOs, they are “a Director”"));
    }
}

#[tokio::test]
async fn trajectories_are_their_owners_and_of_ctos_who_may_read_the_dossier() {
    for company in Company::on_both().await {
        let admin = company.world.somebody("Mina Sato", &[Role::Admin]).await;
        let ada = company.candidate("Ada Marsh", Sharing::Committee).await;
        let ben = company.candidate("Ben Ito", Sharing::Committee).await;
        let priya = company.world.leader("Priya Raman", None).await;
        let draft = company.entry(&ada, DE, ("2026-01-01", "2026-01-31"), Audience::Dossier).await;
        company.develops(&ada, draft, priya).await;
        set_status(&company, draft, Status::Draft).await;
        for visitor in [&ada.visitor, &company.cto] {
            let page = visitor.get(&page_of(&ada)).await.expect(200);
            assert!(page.texts("article").is_empty(), "a draft develops nobody");
        }
        set_status(&company, draft, Status::Final).await;
        assert_eq!(company.cto.get(&page_of(&ada)).await.expect(200).texts("article").len(), 1);
        let hidden = ben.visitor.get(&page_of(&ada)).await.expect(404);
        let nobody = Uuid::nil();
        let missing = ben.visitor.get(&format!("/dossiers/{nobody}/trajectories")).await.expect(404);
        assert_eq!(hidden.body.replace(&ada.dossier.to_string(), &nobody.to_string()), missing.body);
        for visitor in [&company.member, &admin] {
            visitor.get(&page_of(&ada)).await.expect(403);
            visitor.get("/dossiers/claims").await.expect(403);
        }
        ben.visitor.get("/dossiers/claims").await.expect(403);
        let mut tx = company.world.instance.db.write().await.expect("a write");
        let private = tx.query("update dossiers set sharing = 'private', shared_on = null where id = $1");
        private.bind(ada.dossier).run_expecting(1).await.expect("private");
        tx.commit().await.expect("kept");
        company.cto.get(&page_of(&ada)).await.expect(404);
        ada.visitor.get(&page_of(&ada)).await.expect(200);
    }
}

#[tokio::test]
async fn a_leader_whom_two_claim_is_shown_side_by_side_to_ctos() {
    for company in Company::on_both().await {
        let ada = company.candidate("Ada Marsh", Sharing::Sponsor).await;
        let ben = company.candidate("Ben Ito", Sharing::Committee).await;
        let cleo = company.candidate("Cleo Diaz", Sharing::Private).await;
        let priya = company.world.leader("Priya Raman", None).await;
        let samir = company.world.leader("Samir Haddad", None).await;
        let claims = async || company.cto.get("/dossiers/claims").await.expect(200);
        let entry_of = async |of: &Candidate, person: Uuid| {
            let entry = company.entry(of, DE, ("2026-01-01", "2026-02-28"), Audience::Dossier).await;
            company.develops(of, entry, person).await;
            entry
        };
        entry_of(&ada, priya).await;
        let of_ben = entry_of(&ben, priya).await;
        entry_of(&ada, samir).await;
        entry_of(&cleo, samir).await;
        let page = claims().await;
        assert_eq!(page.texts("section h2"), ["Priya Raman"], "what isn't shared claims nobody");
        assert_eq!(page.texts("tbody th"), ["Ada Marsh", "Ben Ito"]);
        assert_eq!(
            page.texts("td[data-label='What they say'] span"),
            ["Not answered yet: 1", "Not answered yet: 1"]
        );
        // However many entries each has, the candidates stand in a row each.
        for _ in 0..4 {
            entry_of(&ada, priya).await;
        }
        says(&company, of_ben, priya, "agreed").await;
        company.answer(&ben, of_ben, priya, "2026-04-01", CorroborationAnswer::Confirmed).await;
        let page = claims().await;
        assert_eq!(page.texts("tbody th"), ["Ada Marsh", "Ben Ito"]);
        assert_eq!(page.texts("td[data-label='What they say'] span"), ["Not answered yet: 5", "Agreed: 1"]);
        let confirmed = page.texts("td[data-label='Who confirms'] span");
        assert_eq!(confirmed, ["Nobody yet", "1 of 1, by Priya Raman"]);
        assert_eq!(page.texts("tbody details summary").len(), 1, "a first look, and all of them");
        let person = company.cto.get(&format!("/people/{priya}")).await.expect(200);
        assert!(person.body.contains("2 candidates say that they developed Priya Raman"));
        assert!(!ada.visitor.get(&format!("/people/{priya}")).await.body.contains("candidates say"));
        assert!(!company.cto.get(&format!("/people/{samir}")).await.body.contains("candidates say"));
        set_status(&company, of_ben, Status::Withdrawn).await;
        assert_eq!(claims().await.texts(".empty h2"), ["No leader is named by two candidates"]);
    }
}
