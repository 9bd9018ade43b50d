//! Who may read and answer what: the policy's decisions against what the statements find, on every combination.

use evident::accounts::{Actor, Role};
use evident::corroboration::{named, store};
use evident::evidence::{Aim, Audience, Sharing, Status};
use evident::policy::{Decision, DossierState, EntryState, RequestState, VoiceAct, decide};
use strum::VariantArray;
use uuid::Uuid;

use super::world::{ENTRY, ask, company, id, log, names, with};
use crate::support::World;

#[tokio::test]
async fn the_statements_find_what_the_policy_allows() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let both = world.somebody("Cleo Vance", &[Role::Cto, Role::Candidate]).await;
        let mut fields = with(ENTRY, names("Ben Ito", "peer", ""));
        for name in ["Ruth Okafor", "Cleo Vance"] {
            fields.extend(names(name, "sponsor", ""));
        }
        let entry = log(&ada, &fields).await;
        for whom in [&ben, &ruth, &both] {
            ask(&world, &ada, &entry, whom).await;
        }
        let entry = id(&entry);
        let requests: Vec<(Uuid, Uuid)> = {
            let mut tx = world.instance.db.read().await.expect("a read");
            tx.query("select id, person_id from requests").all().await.expect("requests")
        };
        assert_eq!(requests.len(), 3);
        let actors: Vec<&Actor> = [&ada, &ben, &ruth, &both].map(crate::support::Visitor::actor).to_vec();
        let now = world.instance.now();
        let mut decisions = 0;
        for sharing in Sharing::VARIANTS {
            for aim in Aim::VARIANTS {
                for status in Status::VARIANTS {
                    for audience in Audience::VARIANTS {
                        for closed in [false, true] {
                            let mut tx = world.instance.db.write().await.expect("a write");
                            tx.query("update dossiers set sharing = $1, aim = $2 where owner_account = $3")
                                .bind(*sharing)
                                .bind(*aim)
                                .bind(ada.actor().account)
                                .run_expecting(1)
                                .await
                                .expect("set");
                            tx.query("update entries set status = $2, audience = $3 where id = $1")
                                .bind(entry)
                                .bind(*status)
                                .bind(*audience)
                                .run_expecting(1)
                                .await
                                .expect("set");
                            tx.query("update requests set closed_at = $1")
                                .bind(closed.then_some(now))
                                .run_expecting(3)
                                .await
                                .expect("set");
                            for actor in &actors {
                                let owner = actor.account == ada.actor().account;
                                let dossier =
                                    DossierState { owner, sharing: *sharing, aim: *aim, recused: false };
                                let about = EntryState { dossier, status: *status, audience: *audience };
                                let cto = actor.is(Role::Cto);
                                for (request, asked) in &requests {
                                    let asked = *asked == actor.person;
                                    let state = RequestState { entry: about, asked, closed };
                                    let may = decide(&actor.roles, VoiceAct::AnswerRequest(state))
                                        == Decision::Allow;
                                    let found = store::answerable(&mut tx, *request, actor.person, cto)
                                        .await
                                        .expect("a search");
                                    assert_eq!(found.is_some(), may, "{} {state:?}", actor.name);
                                    decisions += 1;
                                }
                                let is_named = !owner;
                                let may = decide(&actor.roles, VoiceAct::AnswerNaming(about, is_named))
                                    == Decision::Allow;
                                let found = named::of_person(&mut tx, actor.person, cto, None)
                                    .await
                                    .expect("a search");
                                assert_eq!(!found.is_empty(), may, "{} {about:?}", actor.name);
                                decisions += 1;
                            }
                        }
                    }
                }
            }
        }
        assert_eq!(decisions, 3 * 3 * 3 * 2 * 2 * 4 * 4);
    }
}

#[tokio::test]
async fn a_request_is_for_whom_it_was_made_and_for_nobody_else() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let kim = world.candidate("Kim Ode").await;
        let admin = world.somebody("Ola Berg", &[Role::Admin]).await;
        let entry = log(&ada, ENTRY).await;
        ada.post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);
        let request = ask(&world, &ada, &entry, &ben).await;
        let missing = format!("/requests/{}", id(&entry));
        for other in [&ada, &ruth, &kim, &admin] {
            let told = other.get(&request).await.expect(404).body.replace(&request, &missing);
            assert_eq!(told, other.get(&missing).await.expect(404).body);
            other.post(&request, &[("answer", "confirmed")]).await.expect(404);
        }
        world.anonymous().get(&request).await.expect(303);
        ben.post(&request, &[("answer", "confirmed")]).await.expect(303);
        // Being asked opens that one entry, and nothing else.
        ben.get(&entry).await.expect(404);
        let answer = ada.get(&entry).await.attributes(".entry .meta a", "href").remove(0);
        ruth.get(&answer).await.expect(200);
        for other in [&ben, &kim] {
            other.get(&answer).await.expect(404);
        }
        admin.get(&answer).await.expect(403);
        ada.post("/settings/sharing", &[("sharing", "private")]).await.expect(303);
        ruth.get(&answer).await.expect(404);
        ben.get(&request).await.expect(200);
    }
}

#[tokio::test]
async fn an_account_that_differs_reaches_the_committee_after_its_days() {
    for mut world in World::on_both().await {
        let (ada, ben, _) = company(&world).await;
        let member = world.somebody("Mo Reyes", &[Role::Committee]).await;
        let entry = log(&ada, ENTRY).await;
        ada.post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);
        let before = member.get("/committee.json").await.expect(200).body;
        let request = ask(&world, &ada, &entry, &ben).await;
        ben.post(&request, &[("answer", "differs"), ("account", "Otherwise")]).await.expect(303);
        assert_eq!(member.get("/committee.json").await.body, before, "byte for byte");
        let now = world.instance.now();
        world.instance.clock = evident::clock::Clock::Fixed(now + chrono::TimeDelta::days(14));
        world.assemble();
        let member = world.somebody("Ira Voss", &[Role::Committee]).await;
        let board = member.get("/committee.json?lens=all").await.expect(200).body;
        assert!(board.contains("differing-account"), "{board}");
    }
}
