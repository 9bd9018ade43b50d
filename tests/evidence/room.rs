//! How much a dossier holds.

use evident::evidence::{dossiers, rules};

use super::{KEYNOTE, log, revision, with};
use crate::support::World;

#[tokio::test]
async fn what_was_withdrawn_is_published_again_where_there_is_room() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let entry = log(&ada, KEYNOTE).await;
        ada.post(&format!("{entry}/withdrawal"), &[]).await.expect(303);
        let dossier = dossiers::own(&world.instance, ada.actor()).await.expect("a dossier");
        let now = world.instance.now();
        let mut tx = world.instance.db.write().await.expect("a write");
        for _ in 0..rules::ENTRIES {
            tx.query(
                "insert into entries (id, dossier_id, status, title, from_is_month, to_is_month, ongoing, situation, \
                 action, impact, domain_cost, for_cto, audience, revision, search_words, created_at, updated_at) \
                 values ($1, $2, 'draft', 'A plan', $3, $3, $3, '', '', '', '', $3, 'dossier', 1, '', $4, $4)",
            )
            .bind(world.instance.ids.new_id(now))
            .bind(dossier.id)
            .bind(false)
            .bind(now)
            .run_expecting(1)
            .await
            .expect("a draft");
        }
        tx.commit().await.expect("kept");
        let current = revision(&ada, &entry).await;
        let again = with(KEYNOTE, &[("revision", &current)]);
        let refused = ada.post(&entry, &again).await.expect(422);
        assert!(refused.body.contains("Your dossier holds 700 entries"), "{}", refused.body);
        let mut tx = world.instance.db.write().await.expect("a write");
        tx.query("delete from entries where id = (select id from entries where status = 'draft' order by id limit 1)")
            .run_expecting(1)
            .await
            .expect("one less");
        tx.commit().await.expect("kept");
        ada.post(&entry, &again).await.expect(303);
    }
}
