//! What was said beside an answer travels in the second format, and nothing else does.

use evident::corroboration::durability::raise_due;
use evident::framework::load;
use evident::readiness::store::{self, Reader};
use evident::readiness::{Facts, Lens, assess};
use evident::transfer::{self, FORMAT, FORMAT_2, export};

use super::world::{ENTRY, ask, company, log, notices};
use crate::support::{Visitor, World, today};

async fn exported(world: &World, owner: &Visitor) -> transfer::Dossier {
    let own = evident::evidence::dossiers::own(&world.instance, owner.actor()).await.expect("a dossier");
    let mut tx = world.instance.db.read().await.expect("a read");
    let dossier = export::export(&mut tx, own.id).await.expect("read").expect("a dossier");
    let facts = store::facts(&mut tx, &[own.id], Reader::Owner).await.expect("facts").remove(0).1;
    let framework = load::built_in();
    let carried = Facts::from_dossier(&dossier, framework).expect("facts");
    for lens in [Lens::All, Lens::Confirmed] {
        let here = assess(framework, &facts, today(), lens);
        assert_eq!(assess(framework, &carried, today(), lens), here, "the same readiness");
    }
    dossier
}

#[tokio::test]
async fn the_second_format_is_written_where_it_is_needed() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let entry = log(&ada, ENTRY).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let plain = exported(&world, &ada).await;
        assert_eq!(plain.format, FORMAT);
        assert!(!plain.to_json().expect("JSON").contains("durability"));

        let request = ask(&world, &ada, &entry, &ben).await;
        ben.post(&request, &[("answer", "differs"), ("account", "It was Kim."), ("comment", "Kim did.")])
            .await
            .expect(303);
        let answer = notices(&world, &ada).await.remove(0).1;
        ada.post(&format!("{answer}/reply"), &[("reply", "We both did.")]).await.expect(303);
        ruth.post(&format!("{answer}/settlement"), &[("reason", "Both took part.")]).await.expect(303);
        raise_due(&world.instance).await.expect("raised");
        let fields = [("question", "holds"), ("person", "other"), ("other", "Ben Ito")];
        ada.post(&format!("{entry}/requests"), &fields).await.expect(200);
        let asked = notices(&world, &ben).await.remove(0).1;
        ben.post(&asked, &[("answer", "holds"), ("comment", "It does.")]).await.expect(303);

        let dossier = exported(&world, &ada).await;
        assert_eq!(dossier.format, FORMAT_2);
        let text = dossier.to_json().expect("JSON");
        let (read, _) = transfer::read(text.as_bytes(), load::find).expect("it reads what it writes");
        assert_eq!(read, dossier);
        let said = &read.evidence[0].corroborations[0];
        assert_eq!(said.account.as_deref(), Some("It was Kim."));
        assert_eq!(said.reply.as_deref(), Some("We both did."));
        assert_eq!(said.settlement.as_deref(), Some("Both took part."));
        assert_eq!(said.settled_by, Some(ruth.actor().person.to_string()));
        assert_eq!(said.revision, Some(1));
        assert_eq!(read.evidence[0].durability[0].comment.as_deref(), Some("It does."));

        // The first format has none of it, and says so at its path.
        let first = text.replace(FORMAT_2, FORMAT);
        let faults = transfer::read(first.as_bytes(), load::find).expect_err("refused");
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        for path in ["account", "comment", "revision", "reply", "settled_by", "settlement"] {
            let line =
                format!("evidence[0].corroborations[0].{path}: is not a field that the format has here");
            assert!(lines.contains(&line), "{path}: {lines:?}");
        }
        let line = "evidence[0].durability: is not a field that the format has here".to_owned();
        assert!(lines.contains(&line), "{lines:?}");
        assert_eq!(lines.len(), 7);
    }
}
