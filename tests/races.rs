//! Changes that meet, and a database that goes away: what is asked is done whole, or refused with a word, and none is a
//! failure of ours.

use std::time::Duration;

use evident::accounts::{Role, actions};
use evident::directory::merging::{self, REFERENCES};
use evident::error::Error;
use evident::evidence::dossiers;
use evident::web::ClientAddress;
use uuid::Uuid;

use crate::support::World;

const ENTRY: &[(&str, &str)] = &[
    ("intent", "publish"),
    ("title", "Settled who owns identity"),
    ("from_month", "3"),
    ("from_year", "2026"),
    ("capability", "cross-domain-leadership"),
];

#[tokio::test]
async fn a_form_sent_twice_at_once_is_one_entry_and_both_lead_to_it() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        ada.get("/evidence").await.expect(200);
        let (one, two) = tokio::join!(ada.post("/evidence", ENTRY), ada.post("/evidence", ENTRY));
        assert_eq!(one.expect(303).location(), two.expect(303).location(), "{}", world.instance.db.engine());
        assert_eq!(ada.get("/evidence").await.texts(".list .entry h2").len(), 1);
    }
}

#[tokio::test]
async fn of_two_saves_one_is_kept_and_the_other_told() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let entry = ada.post("/evidence", ENTRY).await.expect(303).location().to_owned();
        for revision in 1..6 {
            let number = revision.to_string();
            let edited = |impact: &'static str| {
                let mut fields: Vec<(&str, &str)> = ENTRY.to_vec();
                fields.extend([("revision", number.as_str()), ("impact", impact)]);
                fields
            };
            // Each round changes the text, so that both have something to keep.
            let texts = if revision % 2 == 0 { ["Even one", "Even two"] } else { ["Odd one", "Odd two"] };
            let (one, two) = (edited(texts[0]), edited(texts[1]));
            let (one, two) = tokio::join!(ada.post(&entry, &one), ada.post(&entry, &two));
            let mut statuses = [one.status.as_u16(), two.status.as_u16()];
            statuses.sort_unstable();
            assert_eq!(statuses, [303, 409], "{}", world.instance.db.engine());
        }
    }
}

#[tokio::test]
async fn updates_check_ins_leave_and_withdrawals_meet_without_failing() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let entry = ada.post("/evidence", ENTRY).await.expect(303).location().to_owned();
        let updates = format!("{entry}/updates");
        let withdrawal = format!("{entry}/withdrawal");
        let update = [("on_day", "1"), ("on_month", "4"), ("on_year", "2026"), ("text", "Still in force")];
        let check_in = [("on", "2026-11-01"), ("deputizing", "yes")];
        let leave = [("from", "2026-01-01"), ("to", "2026-01-31")];
        let sharing = [("sharing", "committee")];
        let person = format!("/people/{}/levels", ada.actor().person);
        let level = [("level", "E1"), ("from", "2022-01-10")];
        for _ in 0..4 {
            let answers = tokio::join!(
                ada.post(&updates, &update),
                ada.post(&updates, &[("on", "2026-05-01"), ("text", "Another")]),
                ada.post("/check-ins", &check_in),
                ada.post("/check-ins", &check_in),
                ada.post("/settings/leave", &leave),
                ada.post("/settings/sharing", &sharing),
                ada.post(&person, &level),
                ada.post(&person, &level),
            );
            let all =
                [answers.0, answers.1, answers.2, answers.3, answers.4, answers.5, answers.6, answers.7];
            for answer in all {
                let status = answer.status.as_u16();
                assert!(matches!(status, 303 | 409), "{status} {}", answer.body);
            }
        }
        let (one, two) = tokio::join!(ada.post(&withdrawal, &[]), ada.post(&withdrawal, &[]));
        for answer in [one, two] {
            assert!(matches!(answer.status.as_u16(), 303 | 409), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn roles_set_twice_at_once_are_those_of_one_of_the_two() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let ben = world.candidate("Ben Ito").await;
        let account = ben.actor().account;
        for _ in 0..10 {
            let set = async |role| actions::set_roles(&world.instance, admin.actor(), account, &[role]).await;
            let (one, two) = tokio::join!(set(Role::Cto), set(Role::Committee));
            for done in [one, two] {
                assert!(matches!(done, Ok(()) | Err(Error::Conflict(_))), "{done:?}");
            }
            let mut tx = world.instance.db.read().await.expect("a read");
            let roles = evident::accounts::store::roles(&mut tx, account).await.expect("roles");
            assert_eq!(roles.len(), 1, "{roles:?}");
        }
    }
}

/// In how many rows, by column, somebody stands.
async fn standing(world: &World, person: Uuid) -> Vec<(String, i64)> {
    let mut tx = world.instance.db.read().await.expect("a read");
    let mut found = Vec::new();
    for reference in REFERENCES {
        let (table, column) = (reference.table, reference.column);
        let sql = format!("select count(*) from {table} where {column} = $1");
        let (count,): (i64,) = tx.query_built(sql).bind(person).one().await.expect("a count");
        found.extend((count > 0).then(|| (reference.name(), count)));
    }
    found
}

#[tokio::test]
async fn what_is_written_while_two_people_become_one_is_about_who_is_left() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let (ada, ruth) = (world.candidate("Ada Marsh").await, world.cto("Ruth Okafor").await);
        let entry = ada.post("/evidence", ENTRY).await.expect(303).location().to_owned();
        for round in 0..6 {
            let (keep, gone) =
                (world.leader(&format!("Kim {round}"), None).await, world.leader("K. Ode", None).await);
            let gone_text = gone.to_string();
            // Somebody holds what a merge changes last, so that it would be half done while the others begin if it didn't
            // wait to be alone.
            let mut held = world.instance.db.write().await.expect("a write");
            let hold = held.query("update people set name = name where id = $1").bind(gone);
            hold.run_expecting(1).await.expect("held");
            let release = async {
                tokio::time::sleep(Duration::from_millis(150)).await;
                held.commit().await.expect("released");
            };
            let merge = async {
                let actor = admin.actor();
                merging::actions::merge(&world.instance, actor, keep, gone).await.expect("merged");
            };
            let title = format!("Settled question {round}");
            let mut naming: Vec<(&str, &str)> =
                ENTRY.iter().filter(|(name, _)| *name != "title").copied().collect();
            naming.extend([("title", title.as_str()), ("confirm_duplicate", "yes")]);
            naming.extend([
                ("person", gone_text.as_str()),
                ("as", "peer"),
                ("organization", ""),
                ("works_at", ""),
            ]);
            naming.extend([("level", ""), ("domain", "")]);
            let asking = [("person", gone_text.as_str())];
            let page = format!("/people/{gone}");
            let level = [("level", "E1"), ("from", "2026-01-01")];
            let reports = [("level", "E1"), ("from", "2026-01-01"), ("reports_to", page.as_str())];
            let offer = [
                ("kind", "board-slot"),
                ("on", "2026-12-01"),
                ("what", "The review"),
                ("offered_to", page.as_str()),
            ];
            let others = async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                let (levels, own) =
                    (format!("{page}/levels"), format!("/people/{}/levels", ada.actor().person));
                let (requests, milestones) = (format!("{entry}/requests"), format!("{page}/milestones"));
                tokio::join!(
                    ada.post("/evidence", &naming),
                    ada.post(&requests, &asking),
                    ruth.post(&levels, &level),
                    ruth.post(&own, &reports),
                    ruth.post(&milestones, &[("on", "2026-02-01"), ("what", "Ran the board review")]),
                    ruth.post("/opportunities", &offer),
                )
            };
            let ((), (), answers) = tokio::join!(release, merge, others);
            for answer in [answers.0, answers.1, answers.2, answers.3, answers.4, answers.5] {
                let status = answer.status.as_u16();
                assert!(matches!(status, 200 | 303 | 404 | 409 | 422), "{status} {}", answer.body);
            }
            assert_eq!(standing(&world, gone).await, [], "{} round {round}", world.instance.db.engine());
        }
    }
}

#[tokio::test]
async fn a_dossier_that_names_somebody_while_their_level_is_recorded_rests_on_it() {
    // SQLite has one writer at a time.
    let Some(world) = World::on_postgres().await else { return };
    let (ada, ruth) = (world.candidate("Ada Marsh").await, world.cto("Ruth Okafor").await);
    let priya = world.leader("Priya Raman", None).await;
    let entry = ada.post("/evidence", ENTRY).await.expect(303).location().to_owned();
    let entry: Uuid = entry.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
    // One is about to name her; another holds the audit log, which a change writes last.
    let mut naming = world.instance.db.write().await.expect("a write");
    naming
        .query(
            "insert into entry_people (entry_id, person_id, named_as, position) values ($1, $2, 'peer', 0)",
        )
        .bind(entry)
        .bind(priya)
        .run_expecting(1)
        .await
        .expect("named");
    let mut held = world.instance.db.write().await.expect("a write");
    held.query("update audit_head set seq = seq").run_expecting(1).await.expect("held");
    let others = async {
        tokio::time::sleep(Duration::from_millis(150)).await;
        let dossier = dossiers::own(&world.instance, ada.actor()).await.expect("a dossier");
        dossiers::touch(&mut naming, dossier.id).await.expect("touched");
        naming.commit().await.expect("kept");
        tokio::time::sleep(Duration::from_millis(150)).await;
        let named = dossiers::own(&world.instance, ada.actor()).await.expect("a dossier").version;
        held.commit().await.expect("released");
        named
    };
    let levels = format!("/people/{priya}/levels");
    let level = [("level", "E1"), ("from", "2022-01-10")];
    let (answer, named) = tokio::join!(ruth.post(&levels, &level), others);
    answer.expect(303);
    // What was made of the dossier between the two is of before the level.
    let after = dossiers::own(&world.instance, ada.actor()).await.expect("a dossier").version;
    assert!(after > named, "{after} after {named}");
}

#[tokio::test]
async fn an_address_taken_at_the_same_moment_is_a_refusal_and_no_failure() {
    for world in World::on_both().await {
        for n in 0..10 {
            let add = || {
                let new = actions::NewAccount {
                    name: "Bo Lind".into(),
                    known_as: String::new(),
                    email: format!("bo{n}@example.com"),
                    roles: vec![Role::Committee],
                };
                actions::add_account(&world.instance, None, new)
            };
            let (one, two) = tokio::join!(add(), add());
            let outcomes = [one, two];
            assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
            for outcome in outcomes {
                let told = matches!(outcome, Ok(_) | Err(Error::Invalid(_) | Error::Conflict(_)));
                assert!(told, "{outcome:?}");
            }
        }
    }
}

/// A browser that nobody knows, always at one address.
fn browser() -> actions::Browser<'static> {
    let address = Some(ClientAddress { ip: [192, 0, 2, 7].into(), shared: false });
    actions::Browser { address, device: None, user_agent: "test" }
}

#[tokio::test]
async fn guesses_that_come_all_at_once_are_slowed_down_too() {
    for world in World::on_both().await {
        world.candidate("Ada Marsh").await;
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..40 {
            let instance = world.instance.clone();
            tries.spawn(async move {
                let guess = "a wrong guess at it".to_owned();
                actions::sign_in(&instance, "ada.marsh@example.com", guess, browser()).await
            });
        }
        let mut looked_at = 0;
        while let Some(outcome) = tries.join_next().await {
            match outcome.expect("an answer") {
                Err(Error::Invalid(_)) => looked_at += 1,
                Err(Error::TooMany { .. }) => {}
                other => panic!("{other:?}"),
            }
        }
        // The fifth failure begins the wait, and two passwords are looked at at once.
        assert!((5..=6).contains(&looked_at), "{looked_at} of 40 guesses were looked at");
    }
}

#[tokio::test]
async fn no_session_outlives_an_account_that_is_disabled_while_its_password_is_looked_at() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let ada = world.candidate("Ada Marsh").await;
        let account = ada.actor().account;
        for pause in [0, 2, 5, 10, 20] {
            let instance = world.instance.clone();
            let signing_in = tokio::spawn(async move {
                let password = "harbour violet kettle sparrow".to_owned();
                actions::sign_in(&instance, "ada.marsh@example.com", password, browser()).await
            });
            tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
            actions::set_disabled(&world.instance, admin.actor(), account, true).await.expect("disabled");
            let token = signing_in.await.expect("an answer");
            actions::set_disabled(&world.instance, admin.actor(), account, false).await.expect("enabled");
            if let Ok(token) = token {
                world.anonymous().with_token(Some(&token)).get("/framework").await.expect(303);
            }
        }
    }
}

#[tokio::test]
async fn a_database_that_is_away_is_told_as_such() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        ada.get("/evidence").await.expect(200);
        world.instance.db.close().await;
        for path in ["/evidence", "/committee.json", "/readyz"] {
            let answer = ada.get(path).await.expect(503);
            assert_eq!(answer.header("retry-after"), "2", "{path}");
        }
        ada.post("/evidence", ENTRY).await.expect(503);
        world.anonymous().get("/healthz").await.expect(200);
        world.anonymous().get("/sign-in").await.expect(200);
    }
}

#[tokio::test]
async fn connections_that_the_server_ends_are_made_anew() {
    let Some(world) = World::on_postgres().await else { return };
    let ada = world.candidate("Ada Marsh").await;
    for _ in 0..5 {
        let evident::db::Db::Postgres { transactions: pool, .. } = &world.instance.db else {
            unreachable!("it is PostgreSQL")
        };
        // This very connection is among them, so that the statement itself may fail.
        sqlx::query(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()",
        )
        .execute(pool)
        .await
        .ok();
        let (page, posted) = tokio::join!(ada.get("/evidence"), ada.post("/evidence", ENTRY));
        for answer in [page, posted] {
            assert_ne!(answer.status.as_u16(), 500, "{}", answer.body);
        }
    }
    // The server ends a connection when it gets round to it, so that a few more requests may meet one.
    for _ in 0..100 {
        if ada.get("/evidence").await.status == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it is not served again");
}

#[tokio::test]
async fn a_full_disk_is_told_and_served_again_once_there_is_room() {
    let world = World::on_sqlite().await;
    let ada = world.candidate("Ada Marsh").await;
    ada.get("/evidence").await.expect(200);
    let mut tx = world.instance.db.write().await.expect("a write");
    let (pages,): (i64,) = tx.query("pragma page_count").one().await.expect("a number");
    // The room that is left in half-filled pages is taken by what is refused first.
    let most = tx.query_built(format!("pragma max_page_count = {pages}"));
    most.one::<(i64,)>().await.expect("no more pages");
    tx.commit().await.expect("kept");
    let essay = "words ".repeat(10_000);
    let long: Vec<_> = ENTRY.iter().copied().chain([("impact", essay.as_str())]).collect();
    let refused = ada.post("/evidence", &long).await.expect(507);
    assert!(refused.body.contains("the disk of this service is full"), "{}", refused.body);
    assert!(ada.get("/evidence").await.expect(200).body.contains("Nothing is logged yet"));
    let mut tx = world.instance.db.write().await.expect("a write");
    let most = tx.query("pragma max_page_count = 1000000");
    most.one::<(i64,)>().await.expect("room");
    tx.commit().await.expect("kept");
    ada.post("/evidence", &long).await.expect(303);
}

#[tokio::test]
async fn a_change_whose_keeping_nobody_can_vouch_for_is_told_as_such() {
    let Some(world) = World::on_postgres().await else { return };
    let mut tx = world.instance.db.write().await.expect("a write");
    let (own,): (i32,) = tx.query("select pg_backend_pid()").one().await.expect("a number");
    let mut other = world.instance.db.write().await.expect("another");
    other.query("select pg_terminate_backend($1)").bind(own).run().await.expect("ended");
    let kept = tx.commit().await;
    assert!(matches!(kept, Err(evident::db::Error::CommitUnknown)), "{kept:?}");
    let page = axum::response::IntoResponse::into_response(Error::from(evident::db::Error::CommitUnknown));
    assert_eq!(page.status().as_u16(), 503);
}
