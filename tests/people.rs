//! The directory of leaders: who is shown whom, and what is recorded about them.

mod recorded;

use chrono::NaiveDate;
use evident::accounts::{self, Actor, Role};
use evident::directory;
use evident::evidence::{Aim, Sharing, Status};
use evident::people::{self, Organization};
use evident::policy::{self, Decision, PersonAct, PersonState};
use strum::VariantArray as _;
use uuid::Uuid;

use crate::support::{Answer, World};

/// Opens a dossier of an account's.
async fn dossier(world: &World, owner: &Actor, sharing: Sharing, aim: Aim) -> Uuid {
    let instance = &world.instance;
    let id = instance.ids.new_id(instance.now());
    let mut tx = instance.db.write().await.expect("a write");
    tx.query(
        "insert into dossiers (id, owner_account, owner_person, framework, sharing, aim, version, created_at) \
         values ($1, $2, $3, 'e1-to-e2', $4, $5, 0, $6)",
    )
    .bind(id)
    .bind(owner.account)
    .bind(owner.person)
    .bind(sharing)
    .bind(aim)
    .bind(instance.now())
    .run_expecting(1)
    .await
    .expect("a dossier");
    tx.commit().await.expect("kept");
    id
}

/// Adds an entry that names somebody as developed.
async fn entry(world: &World, dossier: Uuid, title: &str, status: Status, person: Uuid) -> Uuid {
    let instance = &world.instance;
    let id = instance.ids.new_id(instance.now());
    let mut tx = instance.db.write().await.expect("a write");
    tx.query(
        "insert into entries (id, dossier_id, status, title, from_date, from_is_month, to_is_month, ongoing, situation, \
         action, impact, domain_cost, for_cto, audience, revision, search_words, created_at, updated_at) \
         values ($1, $2, $3, $4, $5, $6, $6, $6, '', '', '', '', $6, 'dossier', 1, '', $7, $7)",
    )
    .bind(id)
    .bind(dossier)
    .bind(status)
    .bind(title.to_owned())
    .bind(NaiveDate::from_ymd_opt(2026, 3, 14))
    .bind(false)
    .bind(instance.now())
    .run_expecting(1)
    .await
    .expect("an entry");
    tx.query(
        "insert into entry_people (entry_id, person_id, named_as, position) values ($1, $2, 'developed', 0)",
    )
    .bind(id)
    .bind(person)
    .run_expecting(1)
    .await
    .expect("a name in it");
    tx.commit().await.expect("kept");
    id
}

/// The last `count` audited actions, the newest first.
async fn audited(world: &World, count: i64) -> Vec<String> {
    let mut tx = world.instance.db.read().await.expect("a read");
    let sql = "select action from audit_entries order by seq desc limit $1";
    let logged: Vec<(String,)> = tx.query(sql).bind(count).all().await.expect("the log");
    logged.into_iter().map(|(action,)| action).collect()
}

fn names(list: &Answer) -> Vec<String> {
    list.texts("tbody th")
}

#[tokio::test]
async fn a_candidates_leader_is_theirs_and_admins_until_shared_evidence_names_them() {
    for world in World::on_both().await {
        let (ada, tomas) = (world.candidate("Ada Marsh").await, world.candidate("Tomas Lind").await);
        let ruth = world.cto("Ruth Okafor").await;
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let priya = world.leader("Priya Raman", Some(ada.actor().account)).await;
        let page = format!("/people/{priya}");

        for (visitor, sees) in [(&ada, true), (&admin, true), (&tomas, false), (&ruth, false)] {
            assert_eq!(names(&visitor.get("/people?q=priya").await).len(), usize::from(sees));
            let answer = visitor.get(&page).await.expect(if sees { 200 } else { 404 });
            let post = visitor.post(&format!("{page}/levels"), &[]).await;
            assert_eq!(post.status.as_u16(), if sees { 422 } else { 404 });
            if !sees {
                let nobody = Uuid::nil().to_string();
                let missing = visitor.get(&format!("/people/{nobody}")).await.expect(404);
                assert_eq!(answer.body.replace(&priya.to_string(), &nobody), missing.body);
            }
        }
        // An unreadable id is a missing one.
        for bad in ["x", "1", "%00", "00000000000000000000000000000000"] {
            ada.get(&format!("/people/{bad}")).await.expect(404);
        }

        let kept = dossier(&world, ada.actor(), Sharing::Sponsor, Aim::E2).await;
        entry(&world, kept, "A draft about Priya", Status::Draft, priya).await;
        tomas.get(&page).await.expect(404);
        entry(&world, kept, "Priya took over incidents", Status::Final, priya).await;
        for visitor in [&tomas, &ruth, &ada] {
            visitor.get(&page).await.expect(200);
        }
        // What they may know of her evidence is another matter.
        assert_eq!(ruth.get(&page).await.texts(".entry h3"), ["Priya took over incidents"]);
        assert_eq!(ada.get(&page).await.texts(".entry h3").len(), 2);
        assert!(!tomas.get(&page).await.body.contains("incidents"));
        assert!(!admin.get(&page).await.body.contains("incidents"));
        assert_eq!(ruth.get("/people?q=Priya").await.texts("td.num"), ["1"]);
        assert_eq!(tomas.get("/people?q=Priya").await.texts("td.num"), ["0"]);
    }
}

#[tokio::test]
async fn an_entry_for_ctos_alone_makes_a_leader_known_to_ctos_alone() {
    for world in World::on_both().await {
        let (ada, tomas) = (world.candidate("Ada Marsh").await, world.candidate("Tomas Lind").await);
        let ruth = world.cto("Ruth Okafor").await;
        let priya = world.leader("Priya Raman", Some(ada.actor().account)).await;
        let shared = dossier(&world, ada.actor(), Sharing::Committee, Aim::E2).await;
        let named = entry(&world, shared, "Between us", Status::Final, priya).await;
        let mut tx = world.instance.db.write().await.expect("a write");
        let withhold = tx.query("update entries set audience = 'cto' where id = $1").bind(named);
        withhold.run_expecting(1).await.expect("withheld");
        tx.commit().await.expect("kept");
        let page = format!("/people/{priya}");
        ruth.get(&page).await.expect(200);
        assert_eq!(names(&ruth.get("/people?q=priya").await), ["Priya Raman"]);
        tomas.get(&page).await.expect(404);
        assert!(names(&tomas.get("/people?q=priya").await).is_empty());
    }
}

#[tokio::test]
async fn sql_and_policy_agree_on_who_knows_of_whom() {
    for world in World::on_both().await {
        let owner = world.candidate("Ada Marsh").await;
        let viewers = [
            world.candidate("Tomas Lind").await,
            world.cto("Ruth Okafor").await,
            world.somebody("Jonas Weil", &[Role::Committee]).await,
            world.somebody("Mina Sato", &[Role::Admin]).await,
        ];
        let mut expected: Vec<(Uuid, PersonState)> = Vec::new();
        let unset = PersonState { own: false, added: false, known: false, account: false };
        let kept = dossier(&world, owner.actor(), Sharing::Private, Aim::E2).await;
        for sharing in Sharing::VARIANTS {
            for aim in Aim::VARIANTS {
                let mut tx = world.instance.db.write().await.expect("a write");
                tx.query("update dossiers set sharing = $2, aim = $3 where id = $1")
                    .bind(kept)
                    .bind(*sharing)
                    .bind(*aim)
                    .run_expecting(1)
                    .await
                    .expect("changed");
                tx.commit().await.expect("kept");
                let mut here = Vec::new();
                for status in Status::VARIANTS {
                    let person = world.leader("Somebody", Some(owner.actor().account)).await;
                    let named = entry(&world, kept, "Named", *status, person).await;
                    let known =
                        *status == Status::Final && *sharing != Sharing::Private && *aim != Aim::E1ByChoice;
                    here.push((named, person, PersonState { known, ..unset }));
                }
                let free = world.leader_of(Organization::External, "Free", None).await;
                expected.push((free, PersonState { known: true, ..unset }));
                for viewer in viewers.iter().chain([&owner]) {
                    let mut tx = world.instance.db.read().await.expect("a read");
                    let seen = people::store::known(&mut tx, accounts::viewer(viewer.actor()), None)
                        .await
                        .expect("people");
                    for (_, person, state) in &here {
                        let state = PersonState { added: viewer.actor() == owner.actor(), ..*state };
                        let allowed =
                            policy::decide(&viewer.actor().roles, PersonAct::Read(state)) == Decision::Allow;
                        let shown = seen.iter().any(|other| other.id == *person);
                        assert_eq!(shown, allowed, "{sharing} {aim} {state:?} for {}", viewer.actor().name);
                        let found =
                            people::store::find(&mut tx, accounts::viewer(viewer.actor()), *person).await;
                        assert_eq!(found.expect("a search").is_some(), allowed);
                        let standing =
                            people::store::standing(&mut tx, accounts::viewer(viewer.actor()), *person)
                                .await
                                .expect("read")
                                .expect("there");
                        assert_eq!(directory::state(viewer.actor(), *person, standing), state);
                    }
                }
            }
        }
        let mut tx = world.instance.db.read().await.expect("a read");
        for (person, state) in expected {
            let standing = people::store::standing(&mut tx, accounts::viewer(viewers[0].actor()), person)
                .await
                .expect("read")
                .expect("there");
            assert_eq!(directory::state(viewers[0].actor(), person, standing), state);
        }
    }
}

#[tokio::test]
async fn the_list_is_searched_without_case_and_accents_and_paged() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        for n in 0..60 {
            world.leader(&format!("Leader {n:02}"), None).await;
        }
        world.leader_of(Organization::External, "Søren Ångström", None).await;
        let first = ada.get("/people").await.expect(200);
        assert_eq!(names(&first).len(), 50);
        assert_eq!(first.texts(".result-head .meta"), ["62 people, by name"]);
        assert_eq!(
            names(&ada.get("/people?page=2").await).last().map(String::as_str),
            Some("Søren Ångström")
        );
        assert!(names(&ada.get("/people?page=3").await.expect(200)).is_empty());
        assert_eq!(names(&ada.get("/people?q=ang+SOREN").await), ["Søren Ångström"]);
        assert_eq!(names(&ada.get("/people?organization=external").await), ["Søren Ångström"]);
        assert_eq!(names(&ada.get("/people?organization=internal&q=marsh").await), ["Ada Marsh"]);
        for nobody in ["/people?q=%25", "/people?q=eader", "/people?q=zzz"] {
            assert!(names(&ada.get(nobody).await.expect(200)).is_empty(), "{nobody}");
        }
        for (bad, field) in
            [("organization=x", "organization"), ("page=0", "page"), ("x=1", "x"), ("page=1&page=2", "page")]
        {
            let answer = ada.get(&format!("/people?{bad}")).await.expect(422);
            assert!(answer.texts("main li strong").contains(&field.to_owned()), "{bad}");
        }
        world.anonymous().get("/people").await.expect(303);
    }
}
