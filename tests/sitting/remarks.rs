//! Judgements and comments on single entries: private among CTOs, or released to the owner, who may reply.

use super::Scene;
use crate::support::Visitor;

/// The judgements on the entry's page.
async fn judged(scene: &Scene, reader: &Visitor) -> Vec<String> {
    let page = reader.get(&format!("/evidence/{}", scene.entry)).await.expect(200);
    page.texts("section[aria-labelledby=assess-h] article > p:first-child")
}

async fn not_yet(reader: &Visitor, path: &str) -> bool {
    reader.get(path).await.expect(200).body.contains("not-yet\"")
}

fn judge<'a>(judgement: &'a str, reason: &'a str, doing: &'a str) -> [(&'a str, &'a str); 4] {
    [("judgement", judgement), ("text", reason), ("revision", "1"), ("do", doing)]
}

/// The id in the first address of that form on the entry's page.
async fn first(scene: &Scene, reader: &Visitor, selector: &str, attribute: &str) -> String {
    let page = reader.get(&format!("/evidence/{}", scene.entry)).await.expect(200);
    page.attributes(selector, attribute).first().cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_private_judgement_is_ctos_and_a_released_one_counts_the_latest_first() {
    for mut scene in Scene::on_both().await {
        let address = format!("/evidence/{}/assessment", scene.entry);
        let (ruth, ada) = (scene.ruth(), &scene.ada.visitor);
        ruth.get(&address).await.expect(200);
        ruth.post(&address, &judge("partly", "Secret reason", "keep")).await.expect(303);
        assert_eq!(
            judged(&scene, &scene.sam).await,
            ["Partly Ruth Adler, not released; CTOs alone see it, on revision 1"]
        );
        let page = ada.get(&format!("/evidence/{}", scene.entry)).await.expect(200);
        assert!(!page.body.contains("Secret reason"), "{}", page.body);
        // Only who wrote it releases it.
        assert!(scene.told(ada).await.is_empty());
        let release = first(&scene, scene.ruth(), "article form", "action").await;
        assert!(release.starts_with("/assessments/"), "{release}");
        scene.sam.post(&release, &[]).await.expect(403);
        ada.post(&release, &[]).await.expect(403);
        assert!(first(&scene, &scene.sam, "article form", "action").await.is_empty());
        scene.sam.post(&address, &judge("meets", "Shows it", "release")).await.expect(303);
        let readiness = scene.path("readiness.json");
        let confirmed = |json: serde_json::Value| {
            json["capabilities"][1]["criteria"]["confirmed"].as_array().map_or(0, Vec::len)
        };
        assert_eq!(confirmed(ada.get(&readiness).await.expect(200).json()), 3);
        // Released later, the earlier one is the latest, and counts.
        scene.on("2026-11-23");
        scene.ruth().post(&release, &[]).await.expect(303);
        let ada = &scene.ada.visitor;
        assert_eq!(confirmed(ada.get(&readiness).await.expect(200).json()), 0);
        assert_eq!(
            judged(&scene, ada).await,
            ["Partly Ruth Adler, 23 Nov 2026, on revision 1", "Meets Sam Oduya, 22 Nov 2026, on revision 1"]
        );
        let json = ada.get(&format!("{readiness}?as_of=2026-11-22")).await.expect(200).json();
        assert_eq!(confirmed(json), 3);
    }
}

#[tokio::test]
async fn a_not_yet_is_its_owners_and_ctos_for_fourteen_days_with_room_for_a_reply() {
    for mut scene in Scene::on_both().await {
        let mut tx = scene.company.world.instance.db.write().await.expect("a write");
        tx.query("update dossiers set sharing = 'committee' where id = $1")
            .bind(scene.ada.dossier)
            .run_expecting(1)
            .await
            .expect("shared");
        tx.commit().await.expect("kept");
        let address = format!("/evidence/{}/assessment", scene.entry);
        scene.ruth().post(&address, &judge("not-yet", "Say what came of it", "release")).await.expect(303);
        let board = "/committee.json?lens=all";
        for (day, committee) in [("2026-11-22", false), ("2026-12-05", false), ("2026-12-06", true)] {
            scene.on(day);
            scene.company.member = scene.company.world.again(&scene.company.member);
            assert!(not_yet(&scene.ada.visitor, &scene.path("readiness.json")).await);
            assert!(not_yet(scene.ruth(), &scene.path("readiness.json")).await);
            let json = scene.company.member.get(board).await.expect(200).json();
            let gaps = json["candidates"][0]["capabilities"][1]["gaps"].as_array().expect("gaps");
            assert_eq!(gaps.contains(&"not-yet".into()), committee, "{day}");
        }
        // The owner replies, and CTOs read it.
        let ada = &scene.ada.visitor;
        let reply = first(&scene, ada, "section[aria-labelledby=assess-h] article a", "href").await;
        assert!(ada.get(&reply).await.expect(200).body.contains("Say what came of it"));
        ada.post(&reply, &[("text", " ")]).await.expect(422);
        let long = "y".repeat(2_001);
        assert_eq!(ada.post(&reply, &[("text", &long)]).await.expect(422).texts("#text"), [long.as_str()]);
        assert_eq!(scene.told(ada).await, ["release"]);
        ada.post(&reply, &[("text", "The figures came later")]).await.expect(303);
        assert_eq!(
            (scene.told(ada).await.len(), scene.told(scene.ruth()).await),
            (0, vec!["replied".to_owned()])
        );
        for reader in [ada, &scene.sam] {
            let page = reader.get(&format!("/evidence/{}", scene.entry)).await.expect(200);
            assert!(page.body.contains("The figures came later"));
        }
        let ben = scene.company.world.candidate("Ben Ito").await;
        ben.get(&reply).await.expect(404);
        ben.post(&reply, &[("text", "x")]).await.expect(404);
        scene.sam.get(&reply).await.expect(403);
    }
}

#[tokio::test]
async fn a_comment_names_its_revision_and_tells_when_its_field_has_changed() {
    for scene in Scene::on_both().await {
        let (ruth, ada) = (scene.ruth(), &scene.ada.visitor);
        // Through the form, so that there are revisions to compare.
        let fields = |impact: &'static str, revision: &'static str| {
            [
                ("title", "Planned the year"),
                ("from_day", "1"),
                ("from_month", "9"),
                ("from_year", "2026"),
                ("capability", "cto-partnership"),
                ("situation", "Two plans."),
                ("impact", impact),
                ("intent", "publish"),
                ("revision", revision),
            ]
        };
        let entry = ada.post("/evidence", &fields("One plan.", "")).await.expect(303).location().to_owned();
        ruth.get(&format!("{entry}/comment?field=nonsense")).await.expect(422);
        let form = ruth.get(&format!("{entry}/comment?field=impact")).await.expect(200);
        assert_eq!(form.attributes("option[selected]", "value"), ["impact"]);
        let comment = |text: &'static str, field: &'static str, doing: &'static str| {
            [("field", field), ("text", text), ("revision", "1"), ("do", doing)]
        };
        let address = format!("{entry}/comment");
        ruth.post(&address, &comment("Secret doubt", "impact", "keep")).await.expect(303);
        ruth.post(&address, &comment("For whom?", "impact", "release")).await.expect(303);
        ruth.post(&address, &comment("Which two?", "situation", "release")).await.expect(303);
        ruth.post(&address, &comment("What was done?", "action", "release")).await.expect(303);
        ruth.post(&address, &comment("", "nowhere", "release")).await.expect(422);
        let page = ada.get(&entry).await.expect(200);
        assert!(!page.body.contains("Secret doubt"));
        // Beside the text that each is about; on a part that isn't written yet, below.
        assert_eq!(
            page.texts(".prose aside > p + p"),
            ["Which two?", "Reply to Ruth Adler’s comment", "For whom?", "Reply to Ruth Adler’s comment"]
        );
        assert!(page.texts("aside").iter().any(|text| text.contains("What was done?")));
        assert!(scene.sam.get(&entry).await.expect(200).body.contains("Secret doubt"));
        ada.post(&entry, &fields("One plan, for all of engineering.", "1")).await.expect(303);
        let page = ada.get(&entry).await.expect(200);
        let marked: Vec<bool> =
            page.texts(".prose aside").iter().map(|text| text.contains("Changed since")).collect();
        assert_eq!(marked, [false, true], "{:?}", page.texts(".prose aside"));
        assert!(page.texts(".prose aside")[1].contains("revision 1"));
        let reply = page.attributes(".prose aside:last-of-type a", "href")[0].clone();
        ada.post(&reply, &[("text", "All of engineering")]).await.expect(303);
        assert!(ruth.get(&entry).await.expect(200).body.contains("All of engineering"));
        // Withdrawn, it is the owner's alone again, and so is what was said of it.
        ada.post(&format!("{entry}/withdrawal"), &[]).await.expect(303);
        ruth.get(&address).await.expect(404);
        ruth.post(&address, &comment("x", "impact", "keep")).await.expect(404);
        assert!(ada.get(&entry).await.expect(200).body.contains("For whom?"));
    }
}
