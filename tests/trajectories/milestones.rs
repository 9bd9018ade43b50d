//! Milestones: who reads them, and how they are corrected.

use evident::accounts::{self, Actor, Role};
use evident::evidence::{Audience, Sharing, Status};
use evident::ids::Ids;
use evident::people::store;
use evident::policy::{self, Decision, MilestoneState, PersonAct};
use strum::VariantArray as _;

use super::{level, milestone, says};
use crate::board::world::{Company, DE};
use crate::support::Visitor;

#[tokio::test]
async fn sql_and_policy_agree_on_who_reads_a_milestone() {
    for company in Company::on_both().await {
        let world = &company.world;
        let ids = Ids::seeded(8);
        let pick = |most: usize| usize::from(ids.bytes::<1>()[0]) % most;
        let ada = company.candidate("Ada Marsh", Sharing::Sponsor).await;
        let ben = company.candidate("Ben Ito", Sharing::Private).await;
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let priya = world.somebody("Priya Raman", &[Role::Committee]).await;
        let entry = company.entry(&ada, DE, ("2026-03-01", "2026-03-31"), Audience::Dossier).await;
        company.develops(&ada, entry, priya.actor().person).await;
        let actors: Vec<&Actor> = [&ada.visitor, &ben.visitor, &admin, &priya, &company.cto, &company.member]
            .into_iter()
            .map(Visitor::actor)
            .collect();
        let recorders = [
            None,
            Some(ada.visitor.actor().person),
            Some(ben.visitor.actor().person),
            Some(priya.actor().person),
        ];
        let mut decisions = 0;
        for _ in 0..25 {
            let (by, status) = (recorders[pick(4)], Status::VARIANTS[pick(3)]);
            let answer = [None, Some("agreed"), Some("differs"), Some("unnamed")][pick(4)];
            let named_as = ["developed", "peer"][pick(2)];
            let on = ["2026-02-28", "2026-03-01", "2026-03-02"][pick(3)];
            let mut tx = world.instance.db.write().await.expect("a write");
            tx.query("delete from milestones").run().await.expect("none");
            let new = store::NewMilestone {
                on: on.parse().expect("a day"),
                kind: None,
                what: "Reached".into(),
                corrects: None,
                happened: true,
            };
            let at = world.instance.now();
            let id = world.instance.ids.new_id(at);
            store::insert_milestone(&mut tx, id, priya.actor().person, &new, by, at)
                .await
                .expect("a milestone");
            tx.query("update entry_people set answer = $2, named_as = $3 where entry_id = $1")
                .bind(entry)
                .bind(answer.map(str::to_owned))
                .bind(named_as.to_owned())
                .run_expecting(1)
                .await
                .expect("set");
            let set = tx.query("update entries set status = $2 where id = $1").bind(entry).bind(status);
            set.run_expecting(1).await.expect("set");
            tx.commit().await.expect("kept");
            for actor in &actors {
                let rests = status == Status::Final
                    && (answer, named_as, on) == (Some("agreed"), "developed", "2026-03-02")
                    && actor.account == ada.visitor.actor().account;
                let state = MilestoneState {
                    own: actor.person == priya.actor().person,
                    recorded: by == Some(actor.person),
                    by_admin: by.is_none(),
                    rests,
                };
                let allowed =
                    policy::decide(&actor.roles, PersonAct::ReadMilestone(state)) == Decision::Allow;
                let mut tx = world.instance.db.read().await.expect("a read");
                let viewer = accounts::viewer(actor);
                let shown =
                    store::milestones(&mut tx, viewer, &[priya.actor().person]).await.expect("a list");
                assert_eq!(
                    shown.len() == 1,
                    allowed,
                    "{}: {state:?} {status} {answer:?} {named_as} {on}",
                    actor.name
                );
                let found = store::milestone(&mut tx, viewer, id).await.expect("a search");
                assert_eq!(found.is_some(), allowed, "{}", actor.name);
                decisions += 1;
            }
        }
        assert_eq!(decisions, 150);
    }
}

#[tokio::test]
async fn a_milestone_is_corrected_by_another_and_never_edited() {
    for company in Company::on_both().await {
        let priya = company.world.somebody("Priya Raman", &[Role::Committee]).await;
        let (person, cto) = (priya.actor().person, &company.cto);
        let ada = company.candidate("Ada Marsh", Sharing::Sponsor).await;
        level(cto, person, "E1", "2023-01-01").await;
        let entry = company.entry(&ada, DE, ("2026-01-01", "2026-01-31"), Audience::Dossier).await;
        company.develops(&ada, entry, person).await;
        says(&company, entry, person, "agreed").await;
        let met = async || {
            let json = ada.visitor.get(&format!("/dossiers/{}/readiness.json", ada.dossier)).await.json();
            let items = json["track_record"].as_array().expect("items").clone();
            items.iter().find(|item| item["item"] == "directors-developed").expect("the item")["met"] == true
        };
        let page = format!("/people/{person}");
        assert!(!met().await);
        milestone(cto, person, "2026-03-14", "board-exposure", "Ran the Q1 review").await;
        assert!(met().await);
        let shown = priya.get(&page).await.expect(200);
        assert!(shown.texts(".timeline li")[0].contains("Board exposure: Ran the Q1 review"));
        let correct = shown.attributes(".timeline a", "href")[0].clone();
        for (visitor, expected) in [(&ada.visitor, 403), (&company.member, 404), (&priya, 200)] {
            assert_eq!(visitor.get(&correct).await.status.as_u16(), expected);
            let post = visitor.post(&correct, &[("on", "x")]).await;
            assert_eq!(post.status.as_u16(), if expected == 200 { 422 } else { expected });
        }
        let form = [("on", "2026-04-02"), ("kind", "stretch-assignment"), ("what", "Took over incidents")];
        priya.post(&correct, &form).await.expect(303);
        let shown = cto.get(&page).await.expect(200);
        assert_eq!(shown.texts(".timeline del"), ["Board exposure: Ran the Q1 review"]);
        assert!(met().await);
        priya.post(&correct, &form).await.expect(422);
        let again = shown.attributes(".timeline a", "href");
        assert_eq!(again.len(), 1, "what was corrected can't be corrected again");
        cto.post(&again[0], &[("happened", "no")]).await.expect(303);
        assert!(!met().await, "what did not happen counts for nothing");
        let mut tx = company.world.instance.db.read().await.expect("a read");
        let exported = evident::transfer::export(&mut tx, ada.dossier).await.expect("read").expect("one");
        assert!(exported.people.iter().all(|person| person.milestones.is_empty()));
        let (rows,): (i64,) = tx.query("select count(*) from milestones").one().await.expect("a count");
        assert_eq!(rows, 3);
        for (form, field) in [
            (vec![("on", "2026-01-01"), ("kind", "promoted"), ("what", "x")], "#kind"),
            (vec![("on", "2026-01-01"), ("kind", "other")], "#what"),
        ] {
            let answer = cto.post(&format!("{page}/milestones"), &form).await.expect(422);
            assert_eq!(answer.attributes(".error-summary a", "href"), [field]);
        }
    }
}

#[tokio::test]
async fn admins_and_ctos_add_people_who_have_no_account() {
    for company in Company::on_both().await {
        let admin = company.world.somebody("Mina Sato", &[Role::Admin]).await;
        let ada = company.candidate("Ada Marsh", Sharing::Private).await;
        let form = [
            ("name", "Priya Raman"),
            ("organization", "internal"),
            ("level", "E1"),
            ("from", "2025-01-13"),
            ("domain", "Risk"),
        ];
        for visitor in [&ada.visitor, &company.member] {
            visitor.get("/people/new").await.expect(403);
            visitor.post("/people", &form).await.expect(403);
            assert!(!visitor.get("/people").await.body.contains("Add a person"));
        }
        let added = admin.post("/people", &form).await.expect(303);
        let page = ada.visitor.get(added.location()).await.expect(200);
        assert_eq!(page.texts(".over"), ["E1 since Jan 2025, Risk"]);
        assert_eq!(page.texts("td[data-label='Recorded by']"), ["An admin"]);
        // A namesake has to be meant.
        let again = company.cto.post("/people", &form).await.expect(422);
        assert_eq!(again.attributes(".error-summary a", "href"), ["#name"]);
        assert_eq!(again.attributes("#name", "value"), ["Priya Raman"]);
        let meant: Vec<_> = form.iter().copied().chain([("different", "yes")]).collect();
        company.cto.post("/people", &meant).await.expect(303);
        for (form, fields) in [
            (vec![], vec!["#name", "#organization"]),
            (
                vec![("name", "A B"), ("organization", "internal"), ("works_at", "Elsewhere")],
                vec!["#works_at"],
            ),
            (vec![("name", "A B"), ("organization", "external"), ("domain", "Risk")], vec!["#level"]),
            (vec![("name", "A B"), ("organization", "external"), ("level", "E1")], vec!["#from"]),
            (
                vec![("name", "A B"), ("organization", "external"), ("level", "VP"), ("from", "2025-01-01")],
                vec!["#level"],
            ),
        ] {
            let answer = admin.post("/people", &form).await.expect(422);
            assert_eq!(answer.attributes(".error-summary a", "href"), fields);
        }
        let outside = [("name", "Imre Kovac"), ("organization", "external"), ("works_at", "Northwind")];
        let added = company.cto.post("/people", &outside).await.expect(303);
        assert_eq!(company.cto.get(added.location()).await.texts(".over"), ["Northwind"]);
    }
}
