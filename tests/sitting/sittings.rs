//! A sitting: private until released, counted from then on, filled in the next time.

use evident::evidence::{Aim, Audience};

use super::Scene;
use crate::board::world::EP;
use crate::support::Visitor;

const SAYING: [(&str, &str); 6] = [
    ("revision", "0"),
    ("sentence-cto-partnership", "Secret sentence on the partnership."),
    ("answer-thought-partner", "yes"),
    ("answer-deputizing", "partly"),
    ("feedback", "Secret feedback."),
    ("commitment", "Secret commitment."),
];

fn with<'a>(fields: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more).copied().collect()
}

/// The CTO's latest answers, and whether there is feedback, by the page's JSON.
async fn counted(reader: &Visitor, scene: &Scene) -> (serde_json::Value, serde_json::Value) {
    let json = reader.get(&scene.path("readiness.json")).await.expect(200).json();
    let latest = |place: usize| json["questions"][place]["cto"]["latest"].clone();
    (vec![latest(1), latest(4)].into(), json["track_record"][2]["met"].clone())
}

#[tokio::test]
async fn a_draft_is_its_authors_alone_and_counts_nowhere() {
    for scene in Scene::on_both().await {
        let (ruth, ada) = (scene.ruth(), &scene.ada.visitor);
        let before = ada.get(&scene.path("readiness")).await.expect(200).body;
        let saved = ruth.post(&scene.path("sitting"), &SAYING).await.expect(303);
        assert_eq!(saved.location(), scene.path("sitting"));
        let page = ruth.get(&scene.path("sitting")).await.expect(200);
        assert_eq!(page.texts("#sentence-cto-partnership"), ["Secret sentence on the partnership."]);
        assert_eq!(page.texts("#feedback"), ["Secret feedback."]);
        assert_eq!(page.attributes("input[name=answer-deputizing][checked]", "value"), ["partly"]);
        assert_eq!(page.attributes("input[name=revision]", "value"), ["1"]);
        // Another CTO has a sitting of their own, and sees nothing of this one; nor do the owner or the committee.
        let sams = scene.sam.get(&scene.path("sitting")).await.expect(200);
        assert!(!sams.body.contains("Secret sentence") && !sams.body.contains("draft."), "{}", sams.body);
        for reader in [ada, &scene.sam, ruth] {
            assert!(!reader.get(&scene.path("sittings")).await.expect(200).body.contains("Secret"));
            assert_eq!(counted(reader, &scene).await, (serde_json::json!([null, null]), false.into()));
        }
        assert_eq!(ada.get(&scene.path("readiness")).await.expect(200).body, before);
        assert!(!ada.get("/check-ins").await.expect(200).body.contains("Partly</b>"));
        for path in ["sitting", "sittings", "deputizing"] {
            scene.company.member.get(&scene.path(path)).await.expect(403);
        }
        assert!(scene.told(ada).await.is_empty());
        // The owner knows that there are sittings, and holds none over what is theirs.
        ada.get(&scene.path("sitting")).await.expect(403);
        // Thrown away, it is gone.
        ruth.post(&scene.path("sitting/removal"), &[]).await.expect(303);
        let page = ruth.get(&scene.path("sitting")).await.expect(200);
        assert_eq!(page.texts("#feedback"), [""]);
        let mut rows = scene.company.world.instance.db.read().await.expect("a read");
        let (left,): (i64,) = rows
            .query("select (select count(*) from check_ins) + (select count(*) from feedback) + (select count(*) from sittings)")
            .one()
            .await
            .expect("a count");
        assert_eq!(left, 0);
    }
}

#[tokio::test]
async fn what_is_released_counts_from_that_day_and_is_read_by_owner_and_ctos() {
    for mut scene in Scene::on_both().await {
        scene.ruth().post(&scene.path("sitting"), &SAYING).await.expect(303);
        scene.on("2026-11-25");
        let (ruth, ada) = (scene.ruth(), &scene.ada.visitor);
        let release = with(&SAYING, &[("revision", "1"), ("broader_scope", "partly"), ("do", "release")]);
        let done = ruth.post(&scene.path("sitting"), &release).await.expect(303);
        assert!(done.location().starts_with(&scene.path("sittings#sitting-")), "{}", done.location());
        for reader in [ada, &scene.sam, ruth] {
            let page = reader.get(&scene.path("sittings")).await.expect(200);
            assert_eq!(page.texts("article h2"), ["25 Nov 2026, Ruth Adler"]);
            for said in [
                "Secret sentence on the partnership.",
                "Secret feedback.",
                "Secret commitment.",
                "scope: partly",
            ] {
                assert!(page.body.contains(said), "{said}: {}", page.body);
            }
            assert_eq!(counted(reader, &scene).await, (serde_json::json!(["yes", "partly"]), true.into()));
        }
        assert_eq!(
            (scene.told(ada).await, scene.told(&scene.sam).await.len()),
            (vec!["release".to_owned()], 0)
        );
        // Its date is that of its release, not of its writing.
        let json = ada.get(&scene.path("readiness.json?as_of=2026-11-24")).await.expect(200).json();
        assert_eq!(json["questions"][1]["cto"]["latest"], serde_json::Value::Null);
        assert!(ada.get("/check-ins").await.expect(200).body.contains("25 Nov 2026: 1 yes, 1 partly"));
        // What travels with the dossier says the same as the page.
        let mut tx = scene.company.world.instance.db.read().await.expect("a read");
        let file = evident::transfer::export(&mut tx, scene.ada.dossier).await.expect("an export");
        let text = serde_json::to_value(file.expect("a dossier")).expect("JSON");
        assert_eq!(text["feedback"][0]["text"], "Secret feedback.");
        assert_eq!(text["check_ins"][0]["on"], "2026-11-25");
        assert_eq!(
            text["sittings"][0]["sentences"]["cto-partnership"],
            "Secret sentence on the partnership."
        );
        assert_eq!(text["sittings"][0]["commitment"], "Secret commitment.");
        assert_eq!(
            (&text["sittings"][0]["on"], &text["format"]),
            (&"2026-11-25".into(), &"evident-dossier/2".into())
        );
        let json = serde_json::to_string(&text).expect("JSON");
        let find = evident::framework::load::find;
        let (again, _) = evident::portable::read(json.as_bytes(), find).expect("it reads what it writes");
        assert_eq!(serde_json::to_value(&again).expect("JSON"), text);
        let first = json.replace("evident-dossier/2", "evident-dossier/1");
        assert!(evident::portable::read(first.as_bytes(), find).is_err(), "the first format has no sittings");
        drop(tx);
        // Nobody else: another candidate, the committee, or after the owner takes the dossier back, CTOs.
        let ben = scene.company.world.candidate("Ben Ito").await;
        ben.get(&scene.path("sittings")).await.expect(404);
        scene.company.member.get(&scene.path("sittings")).await.expect(403);
        scene.company.aim(&scene.ada, Aim::E1ByChoice).await;
        for path in ["sitting", "sittings", "deputizing"] {
            scene.ruth().get(&scene.path(path)).await.expect(404);
        }
        ada.get(&scene.path("sittings")).await.expect(200);
    }
}

#[tokio::test]
async fn the_next_time_is_filled_in_and_shows_what_changed_and_what_was_promised() {
    for mut scene in Scene::on_both().await {
        let ruth = scene.ruth();
        let first = ruth.get(&scene.path("sitting")).await.expect(200);
        assert_eq!(first.texts("#since-h"), ["Where the evidence stands"]);
        ruth.post(&scene.path("sitting"), &with(&SAYING, &[("do", "release")])).await.expect(303);
        scene.on("2027-03-01");
        let outsider = scene.company.outsider;
        let confirmed = evident::review::CorroborationAnswer::Confirmed;
        scene.company.answer(&scene.ada, scene.entry, outsider, "2027-02-02", confirmed).await;
        let late = scene.company.entry(&scene.ada, EP, ("2027-01-05", "2027-02-20"), Audience::Dossier).await;
        let (ruth, ada) = (scene.ruth(), &scene.ada.visitor);
        ada.post("/check-ins", &[("thought-partner", "not-yet"), ("on", "2027-02-25")]).await.expect(303);
        let page = ruth.get(&scene.path("sitting")).await.expect(200);
        assert_eq!(page.texts("#since-h"), ["Changed since last time"]);
        let news = page.texts("section[aria-labelledby=since-h] .list .meta");
        assert_eq!(news, ["New evidence, 20 Feb 2027", "Imre Novak confirmed it, 2 Feb 2027"]);
        let links = page.attributes("section[aria-labelledby=since-h] .list a", "href");
        assert_eq!(links, [format!("/evidence/{late}"), format!("/evidence/{}", scene.entry)]);
        let states = page.texts("section[aria-labelledby=since-h] .gap");
        assert_eq!(
            states,
            ["CTO partnership: Emerging, now Lapsed", "External presence: None, now Emerging"]
        );
        // Divergences first, both sides side by side, the CTO's own answer filled in.
        assert!(
            page.texts(".question legend")[0].contains("true partner"),
            "{:?}",
            page.texts(".question legend")
        );
        assert_eq!(page.texts(".question dl")[0], "Ada MarshNot yet, 25 Feb 2027CTO, lastYes, 22 Nov 2026");
        assert_eq!(page.attributes("input[name=answer-thought-partner][checked]", "value"), ["yes"]);
        assert_eq!(page.texts("#sentence-cto-partnership"), ["Secret sentence on the partnership."]);
        assert_eq!(
            (page.texts("#feedback"), page.texts("#commitment")),
            (vec![String::new()], vec![String::new()])
        );
        assert_eq!(page.texts("section[aria-labelledby=commitment-h] blockquote"), ["Secret commitment."]);
        let second = [("revision", "0"), ("kept", "kept"), ("answer-deputizing", "yes"), ("do", "release")];
        ruth.post(&scene.path("sitting"), &second).await.expect(303);
        let read = ada.get(&scene.path("sittings")).await.expect(200);
        assert!(read.body.contains("Kept, Ruth Adler said on 1 Mar 2027"), "{}", read.body);
        // A promise of which something was said is in view no more.
        let page = ruth.get(&scene.path("sitting")).await.expect(200);
        assert!(page.texts("section[aria-labelledby=commitment-h] blockquote").is_empty());
    }
}

#[tokio::test]
async fn what_cannot_be_taken_comes_back_as_it_was_typed() {
    for scene in Scene::on_both().await {
        let ruth = scene.ruth();
        let long = "x".repeat(601);
        for (fields, field) in [
            (vec![("revision", "0"), ("do", "release")], "sentence-cross-domain-leadership"),
            (vec![("revision", "0"), ("do", "release"), ("broader_scope", "yes")], "feedback"),
            (vec![("revision", "0"), ("commitment", long.as_str())], "commitment"),
            (vec![("revision", "0"), ("answer-deputizing", "maybe")], "answer-deputizing-yes"),
            (vec![("revision", "7"), ("commitment", "Kept text")], "save"),
        ] {
            let answer = ruth.post(&scene.path("sitting"), &fields).await.expect(422);
            assert_eq!(answer.attributes(".error-summary a", "href"), [format!("#{field}")]);
            assert!(!answer.attributes(&format!("#{field}"), "id").is_empty(), "{field} is on the page");
            for (name, value) in &fields {
                if *name == "commitment" {
                    assert_eq!(answer.texts("#commitment"), [*value]);
                }
            }
        }
        // The script of the page saves the same draft; a second window is told.
        let draft = scene.path("sitting/draft");
        let saved = ruth.post(&draft, &[("revision", "0"), ("feedback", "One")]).await.expect(200).json();
        assert_eq!((&saved["revision"], &saved["saved_at"]), (&1.into(), &"12:00".into()));
        ruth.post(&draft, &[("revision", "0"), ("feedback", "Two")]).await.expect(409);
        ruth.post(&draft, &[("revision", "1"), ("kept", "perhaps")]).await.expect(422);
        assert_eq!(ruth.get(&scene.path("sitting")).await.expect(200).texts("#feedback"), ["One"]);
    }
}

#[tokio::test]
async fn sittings_that_are_due_wait_for_the_cto_who_has_to_hold_them() {
    for mut scene in Scene::on_both().await {
        let waiting = |page: crate::support::Answer| {
            let titles = page.texts(".waiting h3");
            let reasons = page.texts(".waiting div .meta");
            titles.into_iter().zip(reasons).map(|(a, b)| format!("{a}; {b}")).collect::<Vec<_>>()
        };
        let told = |what: &str| format!("Ada Marsh: ten minutes; {what}");
        // While feedback is missing, that is what waits, and a sitting is where it is given.
        let page = scene.ruth().get("/dossiers").await.expect(200);
        assert!(page.attributes(".waiting a", "href").contains(&scene.path("sitting")));
        let release = with(&SAYING, &[("do", "release")]);
        scene.ruth().post(&scene.path("sitting"), &release).await.expect(303);
        let page = waiting(scene.ruth().get("/dossiers").await.expect(200));
        assert!(!page.iter().any(|line| line.contains("ten minutes")), "{page:?}");
        // Each CTO has their own.
        let page = waiting(scene.sam.get("/dossiers").await.expect(200));
        assert!(page.contains(&told("You haven’t sat over it yet")), "{page:?}");
        scene.sam.post(&scene.path("sitting"), &[("revision", "0"), ("feedback", "x")]).await.expect(303);
        let page = waiting(scene.sam.get("/dossiers").await.expect(200));
        assert!(page.contains(&told("Your draft of a sitting isn’t released")), "{page:?}");
        scene.on("2027-02-22");
        let page = waiting(scene.ruth().get("/dossiers").await.expect(200));
        assert!(page.contains(&told("You last sat over it on 22 Nov 2026")), "{page:?}");
        // Nobody is reminded of a dossier that isn't theirs to read any more.
        scene.company.aim(&scene.ada, Aim::E1ByChoice).await;
        assert!(!scene.ruth().get("/dossiers").await.expect(200).body.contains("Ada Marsh"));
    }
}
