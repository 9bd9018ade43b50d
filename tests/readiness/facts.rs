//! The facts of a whole company, which are loaded in parts, say of each dossier what its portable form says.

use std::collections::HashSet;

use evident::dashboard::store::{self, Reader};
use evident::framework::load;
use evident::readiness::{Facts, Lens, assess};

use crate::support::{World, today};

/// More than are loaded at a time.
const CANDIDATES: usize = 100;
/// So many that those of a statement's dossiers are about more people than are in a statement.
const ENTRIES: usize = 4_000;

#[tokio::test]
async fn no_dossier_of_many_lacks_anything() {
    for world in World::on_both().await {
        let framework = load::built_in();
        let company = world.company(CANDIDATES, ENTRIES).await;
        let ids: Vec<_> = company.dossiers().map(|dossier| dossier.id).collect();
        let mut tx = world.instance.db.read().await.expect("a read");
        let found = store::facts(&mut tx, &ids, Reader::Owner).await.expect("facts");
        assert_eq!(
            found.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
            ids,
            "{}",
            world.instance.db.engine()
        );
        let people: HashSet<&str> =
            found.iter().take(64).flat_map(|(_, facts)| facts.people.iter().map(|p| &*p.id)).collect();
        assert!(people.len() > 256, "{} people", people.len());
        for (dossier, (_, facts)) in company.dossiers().zip(&found) {
            let written = Facts::from_dossier(&dossier.body, framework).expect("facts");
            for lens in [Lens::All, Lens::Confirmed] {
                let (now, then) =
                    (assess(framework, facts, today(), lens), assess(framework, &written, today(), lens));
                assert_eq!(now.capabilities, then.capabilities, "{}", dossier.id);
            }
        }
    }
}
