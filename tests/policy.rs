//! Who may see and do what, as docs/authorization.md says. The harness `authorization` does the same in every state, and
//! on both databases.

use evident::accounts::Role;
use evident::evidence::dossiers;

use crate::authorization::{self, Extent, Scene};
use crate::support::World;

#[test]
fn the_policy_decides_as_the_page_says() {
    authorization::policy_level().all_is_as_told();
}

#[test]
fn every_route_has_its_row_and_lets_in_whom_it_says() {
    authorization::every_route_has_its_row().all_is_as_told();
}

#[tokio::test]
async fn every_route_answers_everybody_as_the_page_says() {
    let mut scene = Scene::open(World::on_sqlite().await).await;
    authorization::http_level(&mut scene, Extent::Suite).await.all_is_as_told();
}

#[tokio::test]
async fn every_text_is_found_by_whom_and_where_the_page_says() {
    let mut scene = Scene::open(World::on_sqlite().await).await;
    authorization::field_level(&mut scene).await.all_is_as_told();
}

#[tokio::test]
async fn a_search_for_who_is_not_on_the_board_finds_as_much_as_one_for_nobody() {
    let world = World::on_sqlite().await;
    let ada = world.candidate("Ada Marsh").await;
    dossiers::own(&world.instance, ada.actor()).await.expect("a dossier");
    let member = world.somebody("Jonas Weil", &[Role::Committee]).await;
    let cto = world.cto("Ruth Okafor").await;
    for (visitor, board) in [(&member, "/committee"), (&cto, "/dossiers")] {
        for ending in ["", ".json", ".csv"] {
            let found = visitor.get(&format!("{board}{ending}?q=ada")).await.expect(200).body;
            let nobody = visitor.get(&format!("{board}{ending}?q=xyz")).await.expect(200).body;
            // The names of static files hold letters of their own.
            assert_eq!(
                found.replace("=ada", "=xyz").replace("\"ada\"", "\"xyz\""),
                nobody,
                "{board}{ending}"
            );
        }
    }
}

#[tokio::test]
async fn a_cto_who_is_named_as_developed_sees_nothing_of_the_case() {
    for world in World::on_both().await {
        let cast = Cast::of(&world).await;
        let other = world.cto("Sam Oduya").await;
        let dossier = dossiers::own(&world.instance, cast.ada.actor()).await.expect("a dossier").id;
        set(&world, dossier, Sharing::Committee, Aim::E2).await;
        let plain = entry(&world, dossier, Status::Final, Audience::Dossier).await;
        let naming = entry(&world, dossier, Status::Draft, Audience::Dossier).await;
        let mut tx = world.instance.db.write().await.expect("a write");
        tx.query("insert into entry_people (entry_id, person_id, named_as, position) values ($1, $2, 'developed', 0)")
            .bind(naming)
            .bind(cast.cto.actor().person)
            .run_expecting(1)
            .await
            .expect("named");
        tx.commit().await.expect("kept");
        let pages = [
            format!("/dossiers/{dossier}/readiness"),
            format!("/dossiers/{dossier}/readiness.json"),
            format!("/dossiers/{dossier}/trajectories"),
            format!("/dossiers/{dossier}/sittings"),
            format!("/dossiers/{dossier}/sitting"),
            format!("/dossiers/{dossier}/deputizing"),
            format!("/evidence/{plain}"),
            format!("/evidence/{plain}/assessment"),
            format!("/evidence/{plain}/comment"),
        ];
        let lists = ["/dossiers", "/dossiers.json", "/dossiers.csv", "/dossiers/claims", "/inbox"];
        for page in &pages {
            told(&cast.cto.get(page).await, 200, page);
        }
        assert!(cast.cto.get("/dossiers.json").await.body.contains(&dossier.to_string()));
        let sit = [("commitment", "Introduce her"), ("do", "keep")];
        cast.cto.post(&format!("/dossiers/{dossier}/sitting"), &sit).await;
        // A draft that names them is nobody's business; once it is published, they are kept from the case.
        let publish = "update entries set status = 'final' where id = $1";
        let mut tx = world.instance.db.write().await.expect("a write");
        tx.query(publish).bind(naming).run_expecting(1).await.expect("published");
        tx.commit().await.expect("kept");
        let (id, missing) = (dossier.to_string(), MISSING.to_owned());
        for page in &pages {
            let answer = cast.cto.get(page).await;
            told(&answer, 404, page);
            let nothing = page.replace(&id, &missing).replace(&plain.to_string(), &missing);
            let unknown = cast.cto.get(&nothing).await;
            let plainly = |answer: &Answer, page: &str| answer.body.replace(page, "PAGE");
            assert_eq!(plainly(&answer, page), plainly(&unknown, &nothing), "{page}");
            told(&other.get(page).await, 200, page);
        }
        for list in lists {
            let shown = cast.cto.get(list).await;
            told(&shown, 200, list);
            assert!(
                !shown.body.contains(&id) && !shown.body.contains("Secret title"),
                "{list}: {}",
                shown.body
            );
        }
        assert!(other.get("/dossiers.json").await.body.contains(&id));
        let judged = [("judgement", "meets"), ("text", "Shows it"), ("revision", "1"), ("do", "release")];
        told(&cast.cto.post(&format!("/evidence/{plain}/assessment"), &judged).await, 404, "a judgement");
        told(&cast.cto.post(&format!("/dossiers/{dossier}/sitting"), &sit).await, 404, "a sitting");
        // That they are named is theirs to know and to answer.
        assert!(cast.cto.get("/named").await.body.contains("Secret title"));
        let answer = cast.cto.post(&format!("/named/{naming}"), &[("answer", "agreed")]).await;
        assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
    }
}
