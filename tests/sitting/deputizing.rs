//! The deputizing log: from entries in the CTO's place, confirmed by the CTO with a click.

use chrono::NaiveDate;
use evident::evidence::Audience;
use evident::people::store::{NewLevel, insert_level};
use evident::review;

use super::Scene;
use crate::board::world::{CP, day};

#[tokio::test]
async fn a_click_confirms_a_revision_and_stands_when_the_cto_changes() {
    for mut scene in Scene::on_both().await {
        let mut tx = scene.company.world.instance.db.write().await.expect("a write");
        tx.query("update entries set for_cto = $2, audience = 'cto' where id = $1")
            .bind(scene.entry)
            .bind(true)
            .run_expecting(1)
            .await
            .expect("set");
        tx.commit().await.expect("kept");
        scene.company.entry(&scene.ada, CP, ("2026-05-01", "2026-05-02"), Audience::Dossier).await;
        let log = scene.path("deputizing");
        let (ruth, ada) = (scene.ruth(), &scene.ada.visitor);
        let page = ada.get(&log).await.expect(200);
        assert_eq!(page.texts(".list h2"), ["Secret title of cto-partnership"]);
        assert_eq!(page.texts(".list .meta"), ["No CTO has confirmed it yet"]);
        assert!(page.texts(".list button").is_empty());
        let entry = scene.entry.to_string();
        let click = [("entry", entry.as_str()), ("revision", "1")];
        ada.post(&log, &click).await.expect(403);
        scene.company.member.post(&log, &click).await.expect(403);
        ruth.post(&log, &[("entry", entry.as_str()), ("revision", "2")]).await.expect(409);
        ruth.post(&log, &[("entry", "nonsense"), ("revision", "1")]).await.expect(404);
        for _ in 0..2 {
            ruth.post(&log, &click).await.expect(303);
        }
        assert_eq!(scene.told(ada).await, ["answered"]);
        let page = ada.get(&log).await.expect(200);
        assert_eq!(page.texts(".list .meta"), ["Confirmed by Ruth Adler, 22 Nov 2026"]);
        assert!(ruth.get(&log).await.expect(200).texts(".list button").is_empty());
        // It is one corroboration as any other: for CTOs alone, the entry counts from now on.
        let readiness = scene.path("readiness.json");
        let heard = |json: serde_json::Value| {
            let capability = &json["capabilities"][1];
            (capability["entries"].clone(), capability["asked_voice"]["heard"].clone())
        };
        assert_eq!(heard(ada.get(&readiness).await.expect(200).json()), (2.into(), true.into()));
        // Another CTO follows. What the former one confirmed stands: their level on that day decides.
        scene.on("2027-01-20");
        let at = scene.company.world.instance.now();
        let mut tx = scene.company.world.instance.db.write_alone().await.expect("a write");
        for (person, level) in [(scene.ruth().actor().person, "none"), (scene.sam.actor().person, "CTO")] {
            let new =
                NewLevel { level: level.into(), from: day("2027-01-01"), domain: None, reports_to: None };
            let id = scene.company.world.instance.ids.new_id(at);
            insert_level(&mut tx, id, person, &new, None, at).await.expect("a level");
            review::store::touch_resting_on(&mut tx, person).await.expect("touched");
        }
        tx.commit().await.expect("kept");
        let ada = &scene.ada.visitor;
        let json = ada.get(&format!("{readiness}?as_of=2027-01-10")).await.expect(200).json();
        assert_eq!(heard(json), (2.into(), true.into()));
        assert_eq!(
            ada.get(&log).await.expect(200).texts(".list .meta"),
            ["Confirmed by Ruth Adler, 22 Nov 2026"]
        );
        // The new CTO may add their own word.
        scene.sam.post(&log, &click).await.expect(303);
        let both = "Confirmed by Ruth Adler, 22 Nov 2026 and Sam Oduya, 20 Jan 2027";
        let said = ada.get(&log).await.expect(200).texts(".list .meta");
        assert!(
            said == [both] || said == ["Confirmed by Sam Oduya, 20 Jan 2027 and Ruth Adler, 22 Nov 2026"],
            "{said:?}"
        );
        // A clock that was set back: their later word is the later one all the same.
        let mut tx = scene.company.world.instance.db.write().await.expect("a write");
        tx.query("update corroborations set on_date = '2027-02-01' where entry_id = $1 and person_id = $2")
            .bind(scene.entry)
            .bind(scene.sam.actor().person)
            .run_expecting(1)
            .await
            .expect("set");
        tx.query("update entries set revision = 2 where id = $1")
            .bind(scene.entry)
            .run_expecting(1)
            .await
            .expect("set");
        tx.commit().await.expect("kept");
        scene.sam.post(&log, &[("entry", entry.as_str()), ("revision", "2")]).await.expect(303);
        let mut tx = scene.company.world.instance.db.read().await.expect("a read");
        let (on,): (NaiveDate,) = tx
            .query("select on_date from corroborations where entry_id = $1 order by position desc limit 1")
            .bind(scene.entry)
            .one()
            .await
            .expect("an answer");
        assert_eq!(on, day("2027-02-01"));
    }
}
