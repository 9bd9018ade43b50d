//! What is exported says the same as the pages.

use std::process::Command;

use evident::dashboard::cache;
use evident::dashboard::store::{self, Reader};
use evident::framework::load;
use evident::readiness::{Facts, Lens, assess};
use evident::{portable, transfer};

use super::planted::{date, plant};
use crate::support::{World, today};

#[tokio::test]
async fn assess_says_of_the_export_what_the_page_says() {
    for world in World::on_both().await {
        let planted = plant(&world).await;
        let mut tx = world.instance.db.read().await.expect("a read");
        let dossier = transfer::export(&mut tx, planted.dossier.id).await.expect("read").expect("a dossier");
        drop(tx);
        assert_eq!(dossier.evidence.len(), 10, "drafts and withdrawn entries belong to it");
        let text = dossier.to_json().expect("JSON");
        assert!(!text.contains("Kept for a conversation first."), "what is unreleased stays out");
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("dossier.json");
        std::fs::write(&file, &text).expect("written");
        for (as_of, lens) in
            [("2026-11-22", "all"), ("2026-11-22", "confirmed"), ("2026-04-01", "all"), ("2027-09-01", "all")]
        {
            let address =
                format!("/dossiers/{}/readiness.json?as_of={as_of}&lens={lens}", planted.dossier.id);
            let page = planted.ada.get(&address).await.expect(200).body;
            let printed = Command::new(env!("CARGO_BIN_EXE_evident"))
                .arg("assess")
                .arg(&file)
                .args(["--as-of", as_of, "--lens", lens])
                .output()
                .expect("the program");
            assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stderr));
            assert_eq!(String::from_utf8_lossy(&printed.stdout), page);
        }
    }
}

#[tokio::test]
async fn facts_from_the_database_are_those_of_the_export() {
    for world in World::on_both().await {
        let planted = plant(&world).await;
        let others = [world.candidate("Joan Clarke").await, world.candidate("Mary Jackson").await];
        let mut ids = vec![planted.dossier.id];
        for other in &others {
            let own =
                evident::evidence::dossiers::own(&world.instance, other.actor()).await.expect("a dossier");
            ids.push(own.id);
        }
        let mut tx = world.instance.db.read().await.expect("a read");
        let all = store::facts(&mut tx, &ids, Reader::Owner).await.expect("facts");
        assert_eq!(all.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ids);
        for (id, facts) in all {
            let dossier = transfer::export(&mut tx, id).await.expect("read").expect("a dossier");
            let read = portable::read(dossier.to_json().expect("JSON").as_bytes(), load::find);
            let (read, framework) = read.expect("a dossier that can be read");
            let exported = Facts::from_dossier(&read, framework).expect("facts");
            for day in ["2025-06-01", "2026-11-22", "2027-03-01"] {
                let of = |facts| assess(framework, facts, date(day), Lens::All);
                assert_eq!(of(&facts), of(&exported), "{day}");
            }
        }
    }
}

#[tokio::test]
async fn what_the_committee_may_not_know_yet_is_not_in_its_facts() {
    for world in World::on_both().await {
        let planted = plant(&world).await;
        let mut tx = world.instance.db.read().await.expect("a read");
        let committee = Reader::Committee { today: today() };
        let of = async |tx: &mut evident::db::Tx, reader| {
            store::facts(tx, &[planted.dossier.id], reader).await.expect("facts").remove(0).1
        };
        let (owner, cto) = (of(&mut tx, Reader::Owner).await, of(&mut tx, Reader::Cto).await);
        let board = of(&mut tx, committee).await;
        let differing = |facts: &Facts| {
            let answers = facts.entries.iter().flat_map(|entry| &entry.corroborations);
            answers.filter(|c| c.answer == evident::review::CorroborationAnswer::Differs).count()
        };
        assert_eq!((differing(&owner), differing(&cto), differing(&board)), (2, 2, 1));
        let judged = |facts: &Facts| facts.entries.iter().flat_map(|entry| &entry.assessments).count();
        assert_eq!((judged(&owner), judged(&cto), judged(&board)), (2, 2, 1));
        assert_eq!((owner.check_ins.len(), cto.check_ins.len(), board.check_ins.len()), (3, 2, 2));
        let later = Reader::Committee { today: date("2026-11-29") };
        assert_eq!(differing(&of(&mut tx, later).await), 2);
    }
}

#[tokio::test]
async fn what_was_assessed_before_is_served_again_until_something_changes() {
    for world in World::on_both().await {
        let planted = plant(&world).await;
        let assessed = async || {
            let mut tx = world.instance.db.read().await.expect("a read");
            let found = evident::evidence::dossiers::find(&mut tx, planted.dossier.id).await.expect("read");
            let found = [found.expect("a dossier")];
            let all =
                cache::assessed(&mut tx, &world.instance, &found, Reader::Cto, today(), Lens::All).await;
            all.expect("assessments").remove(0)
        };
        let first = assessed().await;
        assert!(std::sync::Arc::ptr_eq(&first, &assessed().await), "the same one, from memory");
        planted
            .ada
            .post("/settings/leave", &[("from", "2026-01-01"), ("to", "2026-10-31")])
            .await
            .expect(303);
        let second = assessed().await;
        assert_ne!(first, second, "leave changes what is shown on the very next request");
    }
}

#[tokio::test]
async fn the_command_prints_a_dossier_and_says_when_there_is_none() {
    let world = World::on_sqlite().await;
    let planted = plant(&world).await;
    let run = |id: &str| {
        Command::new(env!("CARGO_BIN_EXE_evident"))
            .args(["export", id])
            .env("EVIDENT_DATA", world.folder())
            .output()
            .expect("the program")
    };
    let output = run(&planted.dossier.id.to_string());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(json["format"], "evident-dossier/1");
    for id in ["0197f000-0000-7000-8000-000000000000", "nonsense"] {
        let output = run(id);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(told.lines().count(), 1, "{told}");
    }
}
