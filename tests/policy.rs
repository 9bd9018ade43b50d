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
