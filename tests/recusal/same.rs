//! Whatever happens in a case, those who have no part in it are answered the same bytes; and the table says at every moment
//! what the rule says.

use evident::accounts::Role;
use evident::evidence::dossiers;
use evident::evidence::recusals;
use evident::evidence::telling::Among;
use evident::ids::Ids;

use super::{developed, work};
use crate::support::{Visitor, World};

/// Everything that a viewer can fetch of it.
async fn answers(viewer: &Visitor, addresses: &[String]) -> Vec<(u16, String)> {
    let mut all = Vec::new();
    for address in addresses {
        let answer = viewer.get(address).await;
        all.push((answer.status.as_u16(), answer.body));
    }
    all
}

/// Who sends which form where.
type Happening<'h> = (&'h Visitor, String, Vec<(&'h str, &'h str)>);

#[tokio::test]
async fn whatever_happens_in_a_case_the_recused_are_answered_the_same() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let ben = world.candidate("Ben Ito").await;
        let ruth = world.somebody("Ruth Okafor", &[Role::Cto, Role::Committee]).await;
        let finn = world.somebody("Finn Weil", &[Role::Committee]).await;
        let sam = world.somebody("Sam Oduya", &[Role::Cto]).await;
        let theo = world.somebody("Theo Lang", &[Role::Cto]).await;
        let mut ids = Vec::new();
        for who in [&ada, &ben] {
            ids.push(dossiers::own(&world.instance, who.actor()).await.expect("a dossier").id.to_string());
            who.post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);
        }
        let id = &ids[0];
        let plain =
            ada.post("/evidence", &work("Three in a row", &[("intent", "publish")])).await.expect(303);
        let plain = plain.location().to_owned();
        ruth.post(
            &format!("{plain}/comment"),
            &[("field", "impact"), ("text", "Name it"), ("do", "release")],
        )
        .await
        .expect(303);
        let comment = ada.get(&plain).await.expect(200).body;
        let comment =
            comment.split("/comments/").nth(1).and_then(|rest| rest.split('/').next()).expect("an id");
        for (name, audience) in [("Ruth Okafor", "dossier"), ("Finn Weil", "cto")] {
            let publish = [&[("intent", "publish"), ("audience", audience)], &developed(name)[..]].concat();
            ada.post("/evidence", &work(name, &publish)).await.expect(303);
        }

        let mut addresses: Vec<String> = [
            "/",
            "/inbox",
            "/named",
            "/settings",
            "/people",
            "/people?q=a",
            "/opportunities",
            "/dossiers/claims",
            "/framework",
        ]
        .map(String::from)
        .to_vec();
        for board in ["/dossiers", "/committee"] {
            for end in ["", ".json", ".csv", "?q=Ada", "?lens=all", "?as_of=2026-11-22"] {
                addresses.push(format!("{board}{end}"));
            }
        }
        for page in ["readiness", "readiness.json", "trajectories", "sittings", "sitting", "deputizing"] {
            addresses.push(format!("/dossiers/{id}/{page}"));
        }
        for who in [&ada, &ben, &ruth, &sam] {
            addresses.push(format!("/people/{}", who.actor().person));
        }
        addresses.extend(["", "/assessment", "/comment"].map(|part| format!("{plain}{part}")));
        addresses.push(format!("/compare?dossier={}&dossier={}", ids[0], ids[1]));
        let before = [answers(&ruth, &addresses).await, answers(&finn, &addresses).await];
        assert!(before[0].iter().filter(|(status, _)| *status == 200).count() > 15);

        let sams = sam.actor().account.to_string();
        let dossier = |page: &str| format!("/dossiers/{id}/{page}");
        let sat = [("revision", "0"), ("feedback", "Keep on"), ("commitment", "A slot"), ("do", "release")];
        let judged = [("judgement", "meets"), ("text", "It held"), ("do", "release")];
        let newcomer =
            [("person", "Iris Vance"), ("as", "developed"), ("organization", "internal"), ("level", "E1")];
        let happenings: Vec<Happening> = vec![
            (&ada, format!("/comments/{comment}/reply"), vec![("text", "Forty")]),
            (&sam, dossier("sitting"), sat.to_vec()),
            (&theo, format!("{plain}/assessment"), judged.to_vec()),
            (&theo, format!("{plain}/comment"), vec![("field", "impact"), ("text", "Good"), ("do", "keep")]),
            (&ada, format!("{plain}/updates"), vec![("on", "2026-10-01"), ("text", "It holds")]),
            (&ada, "/settings/leave".into(), vec![("from", "2026-01-01"), ("to", "2026-02-01")]),
            (&ada, "/settings/aim".into(), vec![("aim", "e2")]),
            (&ada, "/settings/sharing".into(), vec![("sharing", "committee"), ("sponsor", &sams)]),
            (
                &ada,
                "/evidence".into(),
                work("Newly said", &[&[("intent", "publish")], &newcomer[..]].concat()),
            ),
            (&ada, "/evidence".into(), work("In confidence", &[("intent", "publish"), ("audience", "cto")])),
            (&ada, "/evidence".into(), work("Not yet said", &[("intent", "draft")])),
            (&ada, format!("{plain}/requests"), vec![("person", "other"), ("other", "Sam Oduya")]),
            (&ada, "/check-ins".into(), vec![("on", "2026-11-01"), ("deputizing", "yes")]),
            (&ada, format!("{plain}/withdrawal"), vec![]),
        ];
        for (who, path, form) in happenings {
            let done = who.post(&path, &form).await;
            assert!(done.status.as_u16() < 400, "{path}: {}", done.body);
            for (viewer, before) in [&ruth, &finn].into_iter().zip(&before) {
                let after = answers(viewer, &addresses).await;
                for ((address, before), after) in addresses.iter().zip(before).zip(&after) {
                    assert_eq!(before, after, "{address} for {} after {path}", viewer.actor().name);
                }
            }
        }
    }
}

#[tokio::test]
async fn the_table_says_what_the_rule_says_whatever_is_done() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let names = ["Ruth Okafor", "Sam Oduya", "Finn Weil"];
        for name in names {
            world.somebody(name, &[Role::Cto, Role::Committee]).await;
        }
        ada.post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);
        let dice = Ids::seeded(16);
        let pick = |most: usize| usize::from(dice.bytes::<1>()[0]) % most;
        let mut entries: Vec<String> = Vec::new();
        let mut most = 0;
        for step in 0..60 {
            let row = [
                ("person", names[pick(3)]),
                ("as", ["developed", "peer"][pick(2)]),
                ("organization", ""),
                ("level", ""),
            ];
            let intent = ["publish", "draft"][pick(2)];
            let title = format!("Work {step} of its own kind");
            if entries.is_empty() || pick(3) == 0 {
                let form = [&[("intent", intent), ("confirm_duplicate", "yes")], &row[..]].concat();
                let made = ada.post("/evidence", &work(&title, &form)).await.expect(303);
                entries.push(made.location().to_owned());
            } else {
                let entry = entries[pick(entries.len())].clone();
                if pick(8) == 0 {
                    let gone = ada.post(&format!("{entry}/withdrawal"), &[]).await.expect(303);
                    if gone.location() == "/evidence" {
                        entries.retain(|other| *other != entry);
                    }
                } else {
                    let mut tx = world.instance.db.read().await.expect("a read");
                    let id: uuid::Uuid = entry.trim_start_matches("/evidence/").parse().expect("an id");
                    let (revision,): (i64,) = tx
                        .query("select revision from entries where id = $1")
                        .bind(id)
                        .one()
                        .await
                        .expect("one");
                    drop(tx);
                    let revision = revision.to_string();
                    let form = [
                        &[
                            ("intent", "publish"),
                            ("revision", revision.as_str()),
                            ("confirm_duplicate", "yes"),
                        ],
                        &row[..],
                    ];
                    ada.post(&entry, &work(&title, &form.concat())).await.expect(303);
                }
            }
            let mut tx = world.instance.db.read().await.expect("a read");
            let kept = recusals::kept(&mut tx, Among::All).await.expect("the table");
            assert_eq!(kept, recusals::by_rule(&mut tx, Among::All).await.expect("the rule"), "step {step}");
            most = most.max(kept.len());
        }
        assert!(most > 2, "{most}");
    }
}
