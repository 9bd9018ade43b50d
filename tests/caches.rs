//! What is kept in memory never shows: after every change, an instance that has been asked before answers like one that has
//! just begun, and two instances on one database answer alike.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use evident::accounts::Role;
use evident::evidence::dossiers;
use tower::ServiceExt;
use uuid::Uuid;

use crate::corroboration::world::{ask, log};
use crate::support::{Visitor, World};

const ENTRY: &[(&str, &str)] = &[
    ("intent", "publish"),
    ("title", "Settled who owns identity"),
    ("from_month", "3"),
    ("from_year", "2026"),
    ("capability", "cross-domain-leadership"),
    ("criterion", "cross-domain-leadership/lasting-conflict-resolution"),
];

/// The fields of a form that name somebody who is known.
fn named<'p>(person: &'p str, named_as: &'static str) -> Vec<(&'static str, &'p str)> {
    vec![
        ("person", person),
        ("as", named_as),
        ("organization", ""),
        ("works_at", ""),
        ("level", ""),
        ("domain", ""),
    ]
}

/// Who sends a form, where to, and what stands in it.
type Change<'v> = (&'v Visitor, String, Vec<(&'static str, &'static str)>);

/// Somebody, and where they are shown something of a dossier.
type Reader<'v> = (&'v Visitor, Vec<String>);

/// Everything that somebody is shown of a dossier, and of everybody's.
async fn shown(visitor: &Visitor, paths: &[String]) -> Vec<String> {
    let mut bodies = Vec::new();
    for path in paths {
        let answer = visitor.get(path).await;
        bodies.push(format!("{path} {} {}", answer.status, answer.body));
    }
    bodies
}

/// Asks the instance that was asked before, and one that has just begun on the same database.
async fn alike(world: &World, readers: &[Reader<'_>], after: &str) {
    let fresh = world.another_instance().await;
    for (visitor, paths) in readers {
        let known = shown(visitor, paths).await;
        let new = shown(&fresh.again(visitor), paths).await;
        for (known, new) in known.iter().zip(&new) {
            assert_eq!(known, new, "{} after {after}", world.instance.db.engine());
        }
    }
}

#[tokio::test]
async fn what_was_asked_before_is_never_answered_from_before_a_change() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let ruth = world.somebody("Ruth Okafor", &[Role::Cto, Role::Admin]).await;
        let mina = world.somebody("Mina Sato", &[Role::Admin]).await;
        let jonas = world.somebody("Jonas Weil", &[Role::Committee]).await;
        let dossier = dossiers::own(&world.instance, ada.actor()).await.expect("a dossier").id;
        let readiness = format!("/dossiers/{dossier}/readiness");
        let (priya, sam) = (world.leader("Priya Raman", None).await, world.leader("Sam Lee", None).await);
        let everybody = [
            (&ada, vec![readiness.clone(), "/evidence".into(), "/evidence?q=settled&status=draft".into()]),
            (&ruth, vec![format!("{readiness}?lens=confirmed"), "/dossiers".into()]),
            (&jonas, vec!["/committee".into(), "/committee.json?lens=all".into()]),
        ];
        alike(&world, &everybody, "opening").await;
        let (priya_text, sam_text) = (priya.to_string(), sam.to_string());
        let people = [named(&priya_text, "peer"), named(&sam_text, "developed")].concat();
        let entry = [ENTRY, &people].concat();
        let entry = ada.post("/evidence", &entry).await.expect(303).location().to_owned();
        let draft = [("intent", "draft"), ("title", "Settled the roadmap"), ("revision", "1")];
        let drafted = ada.post("/evidence", &draft[..2]).await.expect(303).location().to_owned();
        let levels = |person: Uuid| format!("/people/{person}/levels");
        let level = |level| vec![("level", level), ("from", "2022-01-10"), ("domain", "Payments")];
        let changes: Vec<Change<'_>> = vec![
            (&ada, drafted.clone(), [&draft[..], &[("impact", "It holds.")]].concat()),
            (&ada, format!("{drafted}/withdrawal"), vec![]),
            (&ada, "/settings/sharing".into(), vec![("sharing", "committee")]),
            (&ruth, levels(ada.actor().person), level("E1")),
            (&ruth, levels(priya), level("E1")),
            (&ruth, levels(sam), level("M3")),
            (
                &ruth,
                format!("/people/{sam}/milestones"),
                vec![("on", "2026-06-01"), ("what", "Ran the review")],
            ),
            (&ada, format!("{entry}/updates"), vec![("on", "2026-05-01"), ("text", "Still in force")]),
            (&ada, "/check-ins".into(), vec![("on", "2026-11-01"), ("deputizing", "yes")]),
            (&ada, "/settings/leave".into(), vec![("from", "2026-01-01"), ("to", "2026-01-31")]),
            (&ada, "/development/signals/super-director".into(), vec![("text", "No")]),
            (
                &ruth,
                format!("{entry}/assessment"),
                vec![("judgement", "meets"), ("text", "It held."), ("revision", "2"), ("do", "release")],
            ),
            // As a CTO she counts from now on, in what she said before.
            (&mina, levels(ruth.actor().person), level("CTO")),
            (&ada, format!("{entry}/duplicate"), vec![]),
            (&ada, "/settings/aim".into(), vec![("aim", "e1-by-choice")]),
            (&ada, "/settings/aim".into(), vec![("aim", "e2")]),
            (&ada, format!("{entry}/withdrawal"), vec![]),
            (&ada, "/settings/sharing".into(), vec![("sharing", "private")]),
        ];
        alike(&world, &everybody, "the first entry").await;
        for (visitor, path, fields) in changes {
            let status = visitor.post(&path, &fields).await.status;
            assert!(status.is_redirection(), "{path} was answered {status}");
            alike(&world, &everybody, &path).await;
        }
    }
}

#[tokio::test]
async fn what_is_recorded_about_somebody_concerns_the_dossiers_that_name_them() {
    for world in World::on_both().await {
        let ruth = world.cto("Ruth Okafor").await;
        let jonas = world.somebody("Jonas Weil", &[Role::Committee]).await;
        let priya = world.leader("Priya Raman", None).await;
        let text = priya.to_string();
        for (name, people) in [("Ada Marsh", vec![]), ("Ben Cole", named(&text, "peer"))] {
            let candidate = world.candidate(name).await;
            candidate.post("/evidence", &[ENTRY, &people].concat()).await.expect(303);
            candidate.post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);
        }
        let made = || {
            let all = world.instance.caches.figures();
            let (_, figures) =
                all.iter().find(|(name, _)| *name == "Summaries of dossiers").expect("a cache");
            figures.values
        };
        jonas.get("/committee").await.expect(200);
        assert_eq!(made(), 2);
        let level = [("level", "E1"), ("from", "2022-01-10")];
        ruth.post(&format!("/people/{priya}/levels"), &level).await.expect(303);
        jonas.get("/committee").await.expect(200);
        assert_eq!(made(), 3, "that of the one who names Priya was made anew");
    }
}

/// The version of somebody's own dossier.
async fn version(world: &World, owner: &Visitor) -> i64 {
    dossiers::own(&world.instance, owner.actor()).await.expect("a dossier").version
}

#[tokio::test]
async fn whoever_judged_answered_or_spoke_is_one_on_whom_a_dossier_rests() {
    for world in World::on_both().await {
        let (ada, ben) = (world.candidate("Ada Marsh").await, world.candidate("Ben Cole").await);
        let entry = log(&ada, ENTRY).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let dossier = dossiers::own(&world.instance, ada.actor()).await.expect("a dossier").id;
        let (judge, answers) = (world.cto("Ruth Okafor").await, world.cto("Sam Lee").await);
        let (speaks, silent) = (world.cto("Mina Sato").await, world.cto("Kim Ode").await);
        let judgement = [("judgement", "meets"), ("text", "It held."), ("revision", "1"), ("do", "release")];
        judge.post(&format!("{entry}/assessment"), &judgement).await.expect(303);
        let sitting = format!("/dossiers/{dossier}/sitting");
        let sit = |what| [("revision", "0"), what, ("do", "release")];
        answers.post(&sitting, &sit(("answer-deputizing", "yes"))).await.expect(303);
        speaks.post(&sitting, &sit(("feedback", "It has grown."))).await.expect(303);
        let request = ask(&world, &ada, &entry, &ben).await;
        ben.post(&request, &[("answer", "confirmed")]).await.expect(303);
        let level = [("level", "E1"), ("from", "2022-01-10")];
        for (who, rests) in [(&judge, 1), (&answers, 1), (&speaks, 1), (&ben, 1), (&silent, 0)] {
            let before = version(&world, &ada).await;
            who.post(&format!("/people/{}/levels", who.actor().person), &level).await.expect(303);
            assert_eq!(version(&world, &ada).await, before + rests, "{}", who.actor().name);
        }
    }
}

#[tokio::test]
async fn a_role_that_is_taken_is_gone_with_the_next_request_on_every_instance() {
    for world in World::on_both().await {
        let other = world.another_instance().await;
        let ada = world.candidate("Ada Marsh").await;
        let ruth = world.cto("Ruth Okafor").await;
        let mina = world.somebody("Mina Sato", &[Role::Admin]).await;
        ada.get("/evidence").await.expect(200);
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let dossier = dossiers::own(&world.instance, ada.actor()).await.expect("a dossier").id;
        let path = format!("/dossiers/{dossier}/readiness");
        for instance in [&world, &other] {
            instance.again(&ruth).get(&path).await.expect(200);
            instance.again(&ruth).get("/dossiers").await.expect(200);
        }
        let account = ruth.actor().account;
        mina.post(&format!("/admin/accounts/{account}/roles"), &[("role", "committee")]).await.expect(303);
        for instance in [&world, &other] {
            instance.again(&ruth).get(&path).await.expect(403);
            instance.again(&ruth).get("/dossiers").await.expect(403);
        }
        mina.post(&format!("/admin/accounts/{account}/disabled"), &[("disabled", "yes")]).await.expect(303);
        for instance in [&world, &other] {
            instance.again(&ruth).get("/committee").await.expect(303);
        }
    }
}

#[tokio::test]
async fn monitoring_is_told_how_often_what_was_asked_for_was_kept() {
    for world in World::on_both().await {
        let jonas = world.somebody("Jonas Weil", &[Role::Committee]).await;
        for _ in 0..1_002 {
            jonas.get("/committee").await.expect(200);
        }
        let asked = Request::get("/metrics").body(Body::empty()).expect("a request");
        let answer = evident::server::metrics::router(&world.instance).oneshot(asked).await.expect("answers");
        assert!(
            answer.headers()["content-type"]
                .to_str()
                .expect("text")
                .starts_with("application/openmetrics-text")
        );
        let body = to_bytes(answer.into_body(), 100_000).await.expect("a body");
        let lines: Vec<&str> = std::str::from_utf8(&body).expect("text").lines().collect();
        for line in [
            "evident_cache_values{cache=\"Boards\"} 0",
            "evident_cache_most_bytes{cache=\"Boards\"} 5000000",
            "evident_cache_hits_total{cache=\"Boards\"} 1000",
            "# EOF",
        ] {
            assert!(lines.contains(&line), "{line} is not in {lines:#?}");
        }
        // Who may sign in has another page for it.
        jonas.get("/metrics").await.expect(404);
    }
}

/// How often summaries were looked for, which boards are made of.
fn looked_for(world: &World) -> u64 {
    let all = world.instance.caches.figures();
    all.iter()
        .filter(|(name, _)| *name == "Summaries of dossiers")
        .map(|(_, figures)| figures.hits + figures.misses)
        .sum()
}

#[tokio::test]
async fn a_board_is_made_anew_only_when_what_it_rests_on_has_changed() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let jonas = world.somebody("Jonas Weil", &[Role::Committee]).await;
        ada.post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);
        // What nobody has confirmed counts here alone.
        let board = "/committee?lens=all";
        let first = jonas.get(board).await.expect(200).body;
        let made = looked_for(&world);
        assert_ne!(made, 0);
        // Sign-ins, drafts that save themselves, and whatever else is noted in the audit log, are no reason.
        world.candidate("Ben Ito").await;
        world.planted().await;
        let draft = ada.post("/evidence/draft", &[("title", "Settled")]).await.expect(200).json();
        assert_eq!(ada.get("/evidence?status=draft").await.expect(200).texts("h2 a"), ["Settled"]);
        let path = format!("/evidence/{}/draft", draft["id"].as_str().expect("an id"));
        ada.post(&path, &[("title", "Settled who"), ("revision", "1")]).await.expect(200);
        assert_eq!(ada.get("/evidence?status=draft").await.expect(200).texts("h2 a"), ["Settled who"]);
        assert_eq!(jonas.get(board).await.expect(200).body, first);
        assert_eq!(looked_for(&world), made);
        ada.post("/evidence", ENTRY).await.expect(303);
        assert_ne!(jonas.get(board).await.expect(200).body, first);
        assert!(looked_for(&world) > made);
        ada.post("/settings/sharing", &[("sharing", "private")]).await.expect(303);
        assert!(!jonas.get(board).await.expect(200).body.contains("Ada Marsh"));
    }
}

#[tokio::test]
async fn who_asks_for_too_much_at_once_is_put_off_and_nobody_else() {
    let world = World::on_sqlite().await;
    let ruth = world.cto("Ruth Okafor").await;
    let jonas = world.somebody("Jonas Weil", &[Role::Committee]).await;
    let account = ruth.actor().account;
    let (open, _) = tokio::sync::broadcast::channel::<()>(1);
    let mut under_way = Vec::new();
    for _ in 0..2 + 16 {
        let (work, mut closed) = (world.instance.work.clone(), open.subscribe());
        under_way.push(tokio::spawn(async move {
            let piece = async move {
                let _ = closed.recv().await;
                Ok(())
            };
            work.aside(account, piece).await
        }));
    }
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    let answer = ruth.get("/dossiers?as_of=2025-01-01").await.expect(429);
    assert_eq!(answer.header("retry-after"), "2");
    assert!(answer.body.contains("You asked for much at once"), "{}", answer.body);
    jonas.get("/committee").await.expect(200);
    drop(open);
    for piece in under_way {
        piece.await.expect("it ends").expect("done");
    }
    ruth.get("/dossiers?as_of=2025-01-01").await.expect(200);
}
