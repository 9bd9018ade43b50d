//! Who reads what: another's entry is answered exactly as a missing one.

use super::{KEYNOTE, log, share, with};
use crate::support::{Visitor, World};

const MISSING: &str = "/evidence/019a0000-0000-7000-8000-000000000000";

/// What somebody is told of an entry at each of its addresses, with the id taken out.
async fn told(visitor: &Visitor, entry: &str) -> Vec<(u16, String)> {
    let id = entry.trim_start_matches("/evidence/");
    let mut answers = Vec::new();
    for path in ["", "/edit", "/revisions"] {
        answers.push(visitor.get(&format!("{entry}{path}")).await);
    }
    for path in ["", "/draft", "/withdrawal", "/duplicate", "/updates"] {
        let fields = with(KEYNOTE, &[("revision", "1"), ("on", "2026-04-01"), ("text", "x")]);
        answers.push(visitor.post(&format!("{entry}{path}"), &fields).await);
    }
    answers.push(visitor.post("/evidence", &with(KEYNOTE, &[("id", id), ("revision", "1")])).await);
    answers.into_iter().map(|answer| (answer.status.as_u16(), answer.body.replace(id, "ID"))).collect()
}

#[tokio::test]
async fn anothers_entry_is_as_a_missing_one() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let ben = world.candidate("Ben Ito").await;
        let published = log(&ada, KEYNOTE).await;
        let draft = log(&ada, &[("intent", "draft"), ("title", "A plan")]).await;
        let missing = told(&ben, MISSING).await;
        for (status, _) in &missing {
            assert_eq!(*status, 404);
        }
        share(&world, &ada, "committee").await;
        assert_eq!(told(&ben, &published).await, missing);
        assert_eq!(told(&ben, &draft).await, missing);
        ben.get("/evidence/not-an-id").await.expect(404);
        assert!(ben.get("/evidence?q=keynote").await.body.contains("Nothing is logged yet"));
        // Nothing came of trying.
        assert_eq!(super::revision(&ada, &published).await, "1");
        assert_eq!(ada.get("/evidence").await.texts(".list .entry h2").len(), 2);
    }
}

#[tokio::test]
async fn a_cto_reads_what_is_published_and_shared_and_changes_nothing() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let ruth = world.cto("Ruth Okafor").await;
        let published = log(&ada, &with(KEYNOTE, &[("audience", "cto")])).await;
        let draft = log(&ada, &[("intent", "draft"), ("title", "A plan")]).await;
        ruth.get(&published).await.expect(404);
        share(&world, &ada, "sponsor").await;
        ruth.get(&draft).await.expect(404);
        let page = ruth.get(&published).await.expect(200);
        assert!(page.texts(".tag").contains(&"CTOs alone".to_owned()));
        assert!(page.attributes("main form", "action").is_empty(), "nothing to change");
        assert!(!page.body.contains("/edit"));
        for path in ["", "/withdrawal", "/duplicate", "/updates"] {
            ruth.post(&format!("{published}{path}"), KEYNOTE).await.expect(403);
        }
        ruth.get("/evidence").await.expect(403);
        ruth.get(&format!("{published}/revisions")).await.expect(403);
        ada.post(&format!("{published}/withdrawal"), &[]).await.expect(303);
        ruth.get(&published).await.expect(404);

        let anonymous = world.anonymous();
        anonymous.get(&published).await.expect(303);
        let admin = world.somebody("Ola Berg", &[evident::accounts::Role::Admin]).await;
        admin.get(&published).await.expect(403);
    }
}

#[tokio::test]
async fn an_unreleased_judgement_is_for_ctos_alone() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let ruth = world.cto("Ruth Okafor").await;
        let entry = log(&ada, KEYNOTE).await;
        share(&world, &ada, "sponsor").await;
        let id: uuid::Uuid = entry.trim_start_matches("/evidence/").parse().expect("an id");
        let now = world.instance.now();
        let mut tx = world.instance.db.write().await.expect("a write");
        tx.query(
            "insert into assessments (id, entry_id, person_id, position, judgement, reason, created_at) \
             values ($1, $2, $3, 0, 'not-yet', 'Too early to tell', $4)",
        )
        .bind(world.instance.ids.new_id(now))
        .bind(id)
        .bind(ruth.actor().person)
        .bind(now)
        .run_expecting(1)
        .await
        .expect("a judgement");
        for (position, answer) in [(0_i64, "differs"), (1, "confirmed")] {
            tx.query(
                "insert into corroborations (id, entry_id, person_id, position, answer, on_date, comment, revision, created_at) \
                 values ($1, $2, $3, $4, $5, $6, '', 1, $7)",
            )
            .bind(world.instance.ids.new_id(now))
            .bind(id)
            .bind(ruth.actor().person)
            .bind(position)
            .bind(answer.to_owned())
            .bind(crate::support::today())
            .bind(now)
            .run_expecting(1)
            .await
            .expect("an answer");
        }
        tx.commit().await.expect("kept");
        assert!(ruth.get(&entry).await.body.contains("Too early to tell"));
        let page = ada.get(&entry).await;
        assert!(!page.body.contains("Too early to tell"));
        // Of two answers by one person, the latest counts.
        assert!(page.texts(".entry .tag").contains(&"Confirmed".to_owned()));
        assert_eq!(ada.get("/evidence").await.texts(".list .tag"), ["Confirmed by 1"]);
    }
}
