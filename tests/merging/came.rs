//! How an answer to being named came, over a merge and back.

use chrono::NaiveDate;
use uuid::Uuid;

use super::run;
use super::two::Two;
use crate::board::world::Company;

/// Whose naming it is, the answer, its day, the address that it came from, and the parts it was about.
type Row = (Uuid, String, Option<NaiveDate>, Option<String>, String);

#[tokio::test]
async fn how_an_answer_came_is_as_it_was_once_a_merge_is_taken_back() {
    for company in Company::on_both().await {
        let (world, two) = (&company.world, Two::plant(&company).await);
        let (keep, merged) = (two.keep, two.merged());
        let came = async || {
            let mut tx = world.instance.db.read().await.expect("a read");
            let sql = "select id, coalesce(answer, 'none'), answered_on, answered_from, answered_as from namings \
                       where entry_id = $1 and person_id in ($2, $3) order by id";
            let rows: Vec<Row> =
                tx.query(sql).bind(two.both).bind(keep).bind(merged).all().await.expect("namings");
            rows
        };
        let mailed = "update namings set answer = 'agreed', via = 'mail', answered_on = '2026-04-01', \
                      answered_from = 'priya@example.org', answered_as = ' developed' where entry_id = $1 and person_id = $2";
        run(world, mailed, &[two.both, keep]).await;
        let silent = "update namings set answer = null where entry_id = $1 and person_id = $2";
        let objects = "update namings set answer = 'unnamed', via = 'mail', answered_on = '2026-05-01', \
                       answered_from = 'raman@example.org', answered_as = ' developed peer' where entry_id = $1 and person_id = $2";
        let ids = [keep.to_string(), merged.to_string()];
        let form = [("keep", ids[0].as_str()), ("merge", ids[1].as_str())];
        // Once nothing is taken over, and once the more careful answer is.
        for (other, taken) in [(silent, "priya@example.org"), (objects, "raman@example.org")] {
            run(world, other, &[two.both, merged]).await;
            let before = came().await;
            two.admin.post("/admin/people/merges", &form).await.expect(303);
            let mut tx = world.instance.db.read().await.expect("a read");
            let (from,): (String,) = tx
                .query("select answered_from from namings where entry_id = $1 and person_id = $2")
                .bind(two.both)
                .bind(keep)
                .one()
                .await
                .expect("an answer");
            assert_eq!(from, taken);
            let (merge,): (Uuid,) = tx
                .query("select id from person_merges where undone_at is null")
                .one()
                .await
                .expect("a merge");
            drop(tx);
            two.admin.post(&format!("/admin/people/merges/{merge}/reversal"), &[]).await.expect(303);
            assert_eq!(came().await, before);
        }
    }
}
