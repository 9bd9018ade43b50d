//! Readiness as a page and as JSON: who sees what of it.

use serde_json::Value;

use super::planted::plant;
use crate::support::World;

#[tokio::test]
async fn the_page_says_how_far_the_evidence_carries() {
    for world in World::on_both().await {
        let planted = plant(&world).await;
        let address = format!("/dossiers/{}/readiness", planted.dossier.id);
        let page = planted.ada.get(&address).await.expect(200);
        let states = page.texts(".state-card .state");
        assert_eq!(states.len(), 4, "{states:?}");
        let lead = page.texts(".lead");
        assert!(lead[0].contains("of four capabilities"), "{lead:?}");
        let figures = page.texts(".state-card .figure");
        assert!(figures.iter().all(|figure| figure.ends_with("of 24 months shown")), "{figures:?}");
        // Every count of the heatmap leads to the entries.
        let links = page.attributes("table.months td a", "href");
        assert!(links.iter().all(|link| link.starts_with("/evidence?capability=")), "{links:?}");
        assert!(!links.is_empty());
        assert_eq!(page.texts("#sig-h"), ["Questions to ask yourself"]);

        let page = planted.ruth.get(&address).await.expect(200);
        assert_eq!(page.texts("#sig-h"), ["Prompts for your feedback"]);
        let anchors = page.attributes("table.heat td a", "href");
        let ids = page.attributes("[id]", "id");
        for anchor in anchors {
            assert!(ids.contains(&anchor[1..].to_owned()), "{anchor} leads nowhere");
        }
        // The list is folded by quarter, all but the latest.
        let quarters = page.texts("section:has(#entries-h) summary");
        assert!(quarters.len() > 1, "{quarters:?}");
        assert!(quarters.iter().all(|quarter| quarter.starts_with('Q')), "{quarters:?}");
        assert_eq!(page.texts("section:has(#entries-h) details[open] summary"), quarters[..1]);
    }
}

#[tokio::test]
async fn signals_and_earlier_check_ins_are_the_candidates_alone() {
    for world in World::on_both().await {
        let planted = plant(&world).await;
        let address = format!("/dossiers/{}/readiness.json", planted.dossier.id);
        let own = planted.ada.get(&address).await.expect(200).json();
        let ctos = planted.ruth.get(&address).await.expect(200).json();
        assert!(own["signals"].as_array().expect("signals").iter().any(|s| !s["signal"].is_null()), "{own}");
        assert!(ctos["signals"].as_array().expect("signals").iter().all(|s| s["signal"].is_null()), "{ctos}");
        // The first self check-in is from before the sharing.
        let months = |json: &Value| {
            let question = json["questions"].as_array().expect("questions").iter();
            question.filter(|q| q["question"] == "deputizing").map(|q| q["self"]["months"].clone()).next()
        };
        assert_eq!(months(&own), Some(4.into()));
        assert_eq!(months(&ctos), Some(0.into()));
    }
}

#[tokio::test]
async fn what_is_not_understood_is_refused_and_what_is_not_shared_does_not_exist() {
    for world in World::on_both().await {
        let planted = plant(&world).await;
        let stranger = world.candidate("Joan Clarke").await;
        let address = format!("/dossiers/{}/readiness", planted.dossier.id);
        for suffix in ["", ".json"] {
            planted.ada.get(&format!("{address}{suffix}?as_of=2026-02-30")).await.expect(422);
            planted.ada.get(&format!("{address}{suffix}?lens=rosy")).await.expect(422);
            planted.ada.get(&format!("{address}{suffix}?when=now")).await.expect(422);
            planted.ada.get(&format!("{address}{suffix}?as_of=1900-01-01&lens=confirmed")).await.expect(200);
            planted.ada.get(&format!("{address}{suffix}?as_of=2199-12-31")).await.expect(200);
            stranger.get(&format!("{address}{suffix}")).await.expect(404);
            planted.ada.get(&format!("/dossiers/none/readiness{suffix}")).await.expect(404);
        }
        planted.ada.post("/settings/sharing", &[("sharing", "private")]).await.expect(303);
        planted.ruth.get(&address).await.expect(404);
        planted.ada.get(&address).await.expect(200);
    }
}

#[tokio::test]
async fn somebody_who_stays_at_e1_by_choice_is_shown_no_state() {
    for world in World::on_both().await {
        let planted = plant(&world).await;
        let address = format!("/dossiers/{}/readiness", planted.dossier.id);
        planted.ada.post("/settings/aim", &[("aim", "e1-by-choice")]).await.expect(303);
        let page = planted.ada.get(&address).await.expect(200);
        assert!(page.texts(".state").is_empty() && page.texts(".gap").is_empty(), "{}", page.body);
        assert_eq!(page.texts("h1"), ["Your journal"]);
        planted.ada.get(&format!("{address}.json")).await.expect(404);
        planted.ruth.get(&address).await.expect(404);
        planted.ruth.get(&format!("{address}.json")).await.expect(404);
        let home = planted.ada.get("/").await.expect(200);
        assert!(home.texts(".state").is_empty() && home.texts(".heat").is_empty(), "{}", home.body);
    }
}

#[tokio::test]
async fn candidates_find_their_own_readiness_unless_they_keep_a_journal() {
    for world in World::on_both().await {
        let planted = plant(&world).await;
        let own = format!("/dossiers/{}/readiness", planted.dossier.id);
        assert_eq!(planted.ada.get("/readiness").await.expect(303).location(), own);
        let here = "nav.site-nav a[aria-current=page]";
        assert_eq!(planted.ada.get(&own).await.expect(200).texts(here), ["Readiness"]);
        assert_eq!(planted.ruth.get(&own).await.expect(200).texts(here), ["Dossiers"]);
        planted.ruth.get("/readiness").await.expect(403);
        world.anonymous().get("/readiness").await.expect(303);

        let offered = async || planted.ada.get("/").await.expect(200).texts("nav.site-nav li a");
        assert!(offered().await.contains(&"Readiness".to_owned()));
        planted.ada.post("/settings/aim", &[("aim", "e1-by-choice")]).await.expect(303);
        assert!(!offered().await.contains(&"Readiness".to_owned()));
        assert_eq!(planted.ada.get("/").await.expect(200).texts("#year-h"), ["Once a year"]);
        planted.ada.get(&own).await.expect(200);
    }
}
