//! Nobody is named as developed who was at a higher level than the candidate when it began.

use chrono::NaiveDate;
use evident::accounts::Role;
use evident::evidence::telling::Among;
use evident::evidence::{developed as rule, dossiers, recusals};
use evident::people::store::{NewLevel, insert_level};
use uuid::Uuid;

use super::{developed, work};
use crate::support::World;

/// What is said at the field of somebody who was.
const SAID: &str = "above yours when this began";

async fn level(world: &World, person: Uuid, level: &str, from: &str, by: Option<Uuid>) {
    let at = world.instance.now();
    let new = NewLevel {
        level: level.into(),
        from: from.parse::<NaiveDate>().expect("a day"),
        domain: None,
        reports_to: None,
    };
    let mut tx = world.instance.db.write().await.expect("a write");
    insert_level(&mut tx, world.instance.ids.new_id(at), person, &new, by, at).await.expect("a level");
    tx.commit().await.expect("kept");
}

#[tokio::test]
async fn whoever_was_above_the_candidate_is_refused_and_a_draft_is_told() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let ruth = world.somebody("Ruth Okafor", &[Role::Cto]).await;
        let sam = world.somebody("Sam Oduya", &[Role::Committee]).await;
        let ruth_person = ruth.actor().person;
        level(&world, ruth_person, "E1", "2020-01-01", None).await;
        level(&world, ruth_person, "CTO", "2025-01-01", None).await;
        level(&world, ada.actor().person, "E1", "2022-01-01", None).await;
        // Of a level that the candidate records of others nothing follows.
        level(&world, sam.actor().person, "E2", "2020-01-01", Some(ada.actor().person)).await;

        // A draft is kept, and its form tells.
        let draft = [&[("intent", "draft")], &developed("Ruth Okafor")[..]].concat();
        let draft = ada.post("/evidence", &work("Handed the reviews over", &draft)).await.expect(303);
        let entry = draft.location().to_owned();
        assert!(ada.get(&format!("{entry}/edit")).await.expect(200).body.contains(SAID));

        // Published, it is refused at their field, and so is a new one.
        let publish = [&[("intent", "publish"), ("revision", "1")], &developed("Ruth Okafor")[..]].concat();
        for address in [entry.as_str(), "/evidence"] {
            let refused = ada.post(address, &work("Handed the reviews over", &publish)).await.expect(422);
            assert!(
                refused.body.contains("id=\"person-0-error\"")
                    && refused.body.contains("Ruth Okafor was at CTO, above yours when this began"),
                "{address}"
            );
        }
        ruth.get("/named").await.expect(200);
        assert!(!ruth.get("/named").await.expect(200).body.contains("Handed the reviews over"));

        // Who was not above then, by the levels that count, can be named: at one's own level before rising above it, or of unknown level.
        let earlier: Vec<(&str, &str)> = work("Handed the reviews over", &publish)
            .into_iter()
            .map(|(name, value)| (name, if name == "from" { "2024-12-31" } else { value }))
            .collect();
        ada.post(&entry, &earlier).await.expect(303);
        let sams = [&[("intent", "publish")], &developed("Sam Oduya")[..]].concat();
        let sams = ada.post("/evidence", &work("Gave the board slot away", &sams)).await.expect(303);
        let sams = sams.location().to_owned();
        ada.get(&format!("{sams}/edit")).await.expect(200);
        // An edit is looked at like a publication.
        level(&world, sam.actor().person, "E2", "2021-01-01", None).await;
        let edit = [&[("intent", "publish"), ("revision", "1")], &developed("Sam Oduya")[..]].concat();
        let refused = ada.post(&sams, &work("Gave the board slot on", &edit)).await.expect(422);
        assert!(refused.body.contains(SAID));
        // What can't be said so can be said otherwise.
        let otherwise = [("person", "Sam Oduya"), ("as", "sponsor"), ("organization", ""), ("level", "")];
        let edit = [&[("intent", "publish"), ("revision", "1")], &otherwise[..]].concat();
        ada.post(&sams, &work("Gave the board slot on", &edit)).await.expect(303);
    }
}

#[tokio::test]
async fn a_candidate_without_a_level_stands_where_the_guide_begins() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        for (name, held, status) in [
            ("Ruth Okafor", "CTO", 422),
            ("Ben Ito", "E2", 422),
            ("Lena Brandt", "E1", 303),
            ("Kim Sol", "M3", 303),
        ] {
            let person = world.leader(name, None).await;
            level(&world, person, held, "2020-01-01", None).await;
            let publish = [&[("intent", "publish")], &developed(name)[..]].concat();
            ada.post("/evidence", &work(name, &publish)).await.expect(status);
        }
    }
}

#[tokio::test]
async fn neither_an_early_date_nor_the_candidates_own_word_makes_anybody_nameable() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let (own, today) = (ada.actor().person, world.instance.today());
        let company = |from| ("E1", from, None);
        // By name: the levels recorded, in the order in which they were, and whether they count as above on 2026-03-14.
        let claimed = ("E1", "2026-01-01", Some(own));
        let cases = [
            ("Nothing is known", vec![], false),
            ("Above by the candidate's word alone", vec![("E2", "2020-01-01", Some(own))], false),
            ("Above from the day on", vec![("E2", "2026-03-14", None)], true),
            ("First known later and above", vec![("E2", "2026-04-01", None)], true),
            ("First known later, corrected", vec![company("2026-04-01"), ("E2", "2026-04-01", None)], true),
            (
                "First known later, corrected down",
                vec![("E2", "2026-04-01", None), company("2026-04-01")],
                false,
            ),
            ("First known later at the same level", vec![company("2026-04-01")], false),
            ("Rose above later", vec![company("2026-01-01"), ("E2", "2026-04-01", None)], false),
            (
                "Rose above after the day was unknown",
                vec![company("2026-04-01"), ("E2", "2026-05-01", None)],
                true,
            ),
            ("Below by the candidate's word alone", vec![claimed, ("E2", "2026-04-01", None)], true),
            ("Came back above", vec![("none", "2026-01-01", None), ("E2", "2026-05-01", None)], true),
            ("Stepped down before", vec![("E2", "2025-01-01", None), company("2026-01-01")], false),
        ];
        let mut people = Vec::new();
        for (name, levels, above) in &cases {
            let person = world.leader(name, None).await;
            for (held, from, by) in levels {
                level(&world, person, held, from, *by).await;
            }
            people.push((*name, person, *above));
        }
        let check = async |so: &str| {
            let dossier = dossiers::own(&world.instance, ada.actor()).await.expect("a dossier");
            let mut tx = world.instance.db.read().await.expect("a read");
            let asked: Vec<Uuid> = people.iter().map(|(_, person, _)| *person).collect();
            let on = "2026-03-14".parse::<NaiveDate>().expect("a day");
            let found = rule::above(&mut tx, &dossier, on, today, &asked).await.expect("levels");
            for (name, person, above) in &people {
                assert_eq!(found.iter().any(|found| found.person == *person), *above, "{name}, {so}");
            }
        };
        check("of unknown level").await;
        // What the candidate says of their own level raises nothing: given for the day, and taken back after.
        level(&world, own, "CTO", "2026-03-14", Some(own)).await;
        check("claimed").await;
        level(&world, own, "E1", "2026-03-14", Some(own)).await;
        level(&world, own, "E1", "2022-01-01", None).await;
        level(&world, own, "E2", "2026-03-14", Some(own)).await;
        check("claimed again").await;
        let publish = [&[("intent", "publish")], &developed("Above from the day on")[..]].concat();
        let refused = ada.post("/evidence", &work("Handed the reviews over", &publish)).await.expect(422);
        assert!(refused.body.contains(SAID));
        // By the company's word it does.
        level(&world, own, "CTO", "2026-03-14", None).await;
        ada.post("/evidence", &work("Handed the reviews over", &publish)).await.expect(303);
    }
}

#[tokio::test]
async fn a_merge_asks_nothing_of_evidence_and_moves_who_is_recused() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let mina = world.somebody("Mina Sato", &[Role::Admin]).await;
        let ruth = world.somebody("Ruth Okafor", &[Role::Cto]).await;
        let theo = world.somebody("Theo Lang", &[Role::Cto]).await;
        level(&world, ruth.actor().person, "CTO", "2021-01-01", None).await;
        let people = ["R. Okafor", "T. Lang"];
        let mut added = Vec::new();
        for name in people {
            let row = [("person", name), ("as", "developed"), ("organization", "internal"), ("level", "")];
            let publish = [&[("intent", "publish")], &row[..]].concat();
            ada.post("/evidence", &work(name, &publish)).await.expect(303);
            let mut tx = world.instance.db.read().await.expect("a read");
            let found: Vec<(Uuid,)> = tx
                .query("select id from people where name = $1")
                .bind(name.to_owned())
                .all()
                .await
                .expect("people");
            added.push(found[0].0.to_string());
        }
        let merge = |keep: Uuid, merge: &str| {
            vec![("keep".to_owned(), keep.to_string()), ("merge".to_owned(), merge.to_owned())]
        };
        let post = async |form: Vec<(String, String)>, status| {
            let form: Vec<(&str, &str)> =
                form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            mina.post("/admin/people/merges", &form).await.expect(status)
        };
        let recused = async |person: Uuid| {
            let mut tx = world.instance.db.read().await.expect("a read");
            let kept = recusals::kept(&mut tx, Among::All).await.expect("the table");
            assert_eq!(kept, recusals::by_rule(&mut tx, Among::All).await.expect("the rule"));
            kept.iter().any(|(_, kept_from, _)| *kept_from == person)
        };
        // Ruth was above Ada, who could not have named her so. That is nothing for an admin to find out.
        for (cto, named) in [(&theo, &added[1]), (&ruth, &added[0])] {
            let person = cto.actor().person;
            assert!(!recused(person).await);
            post(merge(person, named), 303).await;
            assert!(recused(person).await);
        }
        let mut tx = world.instance.db.read().await.expect("a read");
        let done: Vec<(Uuid, Uuid)> =
            tx.query("select id, survivor from person_merges").all().await.expect("the merges");
        drop(tx);
        assert_eq!(done.len(), 2);
        for (done, person) in done {
            mina.post(&format!("/admin/people/merges/{done}/reversal"), &[]).await.expect(303);
            assert!(!recused(person).await);
        }
    }
}

#[tokio::test]
async fn the_demo_names_nobody_so_who_was_above() {
    for world in World::on_both().await {
        world.company(12, 1_680).await;
        let mut tx = world.instance.db.read().await.expect("a read");
        let kept = recusals::kept(&mut tx, Among::All).await.expect("the table");
        assert_eq!(kept, recusals::by_rule(&mut tx, Among::All).await.expect("the rule"));
        assert!(kept.len() > 20, "{}", kept.len());
        for (dossier, person, entry) in kept {
            let found = dossiers::find(&mut tx, dossier).await.expect("a dossier").expect("one");
            let sql = "select from_date from entries where id = $1";
            let (from,): (NaiveDate,) = tx.query(sql).bind(entry).one().await.expect("a day");
            let today = world.instance.today();
            let above = rule::above(&mut tx, &found, from, today, &[person]).await.expect("levels");
            assert!(above.is_empty(), "entry {entry}");
        }
    }
}
