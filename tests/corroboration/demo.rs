//! The demo shows asking in every situation, and its readiness stays what its dossiers say.

use evident::dashboard::store::{self, Reader};
use evident::framework::load;
use evident::readiness::{Facts, Lens, assess};

use crate::support::{World, today};

#[tokio::test]
async fn every_situation_is_there_and_changes_no_readiness() {
    for world in World::on_both().await {
        let framework = load::built_in();
        let company = world.company(12, 1_680).await;
        let mut tx = world.instance.db.read().await.expect("a read");
        for dossier in company.dossiers() {
            let written = Facts::from_dossier(&dossier.body, framework).expect("facts");
            let found = store::facts(&mut tx, &[dossier.id], Reader::Owner).await.expect("facts").remove(0).1;
            for lens in [Lens::All, Lens::Confirmed] {
                let now = assess(framework, &found, today(), lens);
                assert_eq!(now.capabilities, assess(framework, &written, today(), lens).capabilities);
            }
        }
        for (situation, sql) in [
            (
                "asked in the app",
                "select count(*) from requests where answered_at is null and token_hash is null",
            ),
            (
                "by a link that ran out",
                "select count(*) from requests where answered_at is null and expires_at < $1",
            ),
            (
                "answered with a sentence",
                "select count(*) from corroborations where comment <> '' and request_id is not null",
            ),
            (
                "differing with a reply",
                "select count(*) from corroborations where reply <> '' and settled_on is null",
            ),
            (
                "answered by mail, not vouched for",
                "select count(*) from corroborations where via = 'mail' and vouched_on is null",
            ),
            (
                "answered by link, not vouched for",
                "select count(*) from corroborations where via = 'link' and vouched_on is null",
            ),
            ("settled with a reason", "select count(*) from corroborations where settlement <> ''"),
            ("not to be named", "select count(*) from entry_people where answer = 'unnamed'"),
            ("told that they are named", "select count(*) from namings"),
            ("holding still", "select count(*) from durability_answers"),
            ("due to be asked", "select count(*) from durability where closed_at is null"),
        ] {
            let query = tx.query(sql);
            let query = if sql.contains("$1") { query.bind(world.instance.now()) } else { query };
            let (number,): (i64,) = query.one().await.expect("a count");
            assert!(number > 0, "{situation}");
        }
    }
}
