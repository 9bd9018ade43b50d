//! Whoever is named as developed is kept from the case, whatever their roles: nothing that was theirs to read before is so
//! any more but that they are named, which they may answer.

mod levels;
mod same;
mod sponsor;
mod told;

use evident::accounts::Role;
use evident::evidence::dossiers;

use crate::support::{Answer, World};

/// An id that nothing has.
const MISSING: &str = "019a0000-0000-7000-8000-000000000000";

/// The row of a form that names somebody who is known as developed.
const fn developed(name: &str) -> [(&str, &str); 4] {
    [("person", name), ("as", "developed"), ("organization", ""), ("level", "")]
}

/// An entry's title and what else its form holds.
fn work<'f>(title: &'f str, more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let fields = [
        ("title", title),
        ("from", "2026-03-14"),
        ("capability", "developing-e1s"),
        ("criterion", "developing-e1s/directors-growing"),
    ];
    fields.into_iter().chain(more.iter().copied()).collect()
}

#[tokio::test]
async fn a_cto_who_is_named_as_developed_sees_nothing_of_the_case() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let ruth = world.somebody("Ruth Okafor", &[Role::Cto, Role::Committee]).await;
        let sam = world.somebody("Sam Oduya", &[Role::Cto, Role::Committee]).await;
        let id = dossiers::own(&world.instance, ada.actor()).await.expect("a dossier").id.to_string();
        ada.post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);
        let lena =
            [("person", "Lena Fischer"), ("as", "developed"), ("organization", "internal"), ("level", "E1")];
        let plain = work("Three directors in a row", &[&[("intent", "publish")], &lena[..]].concat());
        let plain = ada.post("/evidence", &plain).await.expect(303).location().to_owned();
        let naming = developed("Ruth Okafor");
        let draft = [&[("intent", "draft")], &naming[..]].concat();
        let naming_entry = ada.post("/evidence", &work("Handed the reviews over", &draft)).await.expect(303);
        let naming_entry = naming_entry.location().trim_end_matches("/edit").to_owned();
        let pages = [
            format!("/dossiers/{id}/readiness"),
            format!("/dossiers/{id}/readiness.json"),
            format!("/dossiers/{id}/trajectories"),
            format!("/dossiers/{id}/sittings"),
            format!("/dossiers/{id}/sitting"),
            format!("/dossiers/{id}/deputizing"),
            plain.clone(),
            format!("{plain}/assessment"),
            format!("{plain}/comment"),
        ];
        let boards =
            ["/dossiers", "/committee"].map(|board| ["", ".json", ".csv"].map(|end| format!("{board}{end}")));
        let lists = boards.into_iter().flatten().chain(["/dossiers/claims".into(), "/inbox".into()]);
        let lists: Vec<String> = lists.collect();
        // A draft that names them is nobody's business.
        for page in &pages {
            ruth.get(page).await.expect(200);
        }
        for list in &lists[..6] {
            assert!(ruth.get(list).await.expect(200).body.contains(&id), "{list}");
        }
        for list in ["/people", "/opportunities"] {
            assert!(ruth.get(list).await.expect(200).body.contains("Lena Fischer"), "{list}");
        }
        let sit = [("revision", "0"), ("commitment", "Introduce her"), ("do", "keep")];
        ruth.post(&format!("/dossiers/{id}/sitting"), &sit).await.expect(303);

        let publish = [&[("intent", "publish"), ("revision", "1")], &naming[..]].concat();
        ada.post(&naming_entry, &work("Handed the reviews over", &publish)).await.expect(303);
        for page in &pages {
            let answer = ruth.get(page).await.expect(404);
            let nothing = page.replace(&id, MISSING).replace(plain.trim_start_matches("/evidence/"), MISSING);
            let unknown = ruth.get(&nothing).await.expect(404);
            let plainly = |answer: &Answer, page: &str| answer.body.replace(page, "PAGE");
            assert_eq!(plainly(&answer, page), plainly(&unknown, &nothing), "{page}");
            sam.get(page).await.expect(200);
        }
        for list in &lists {
            let shown = ruth.get(list).await.expect(200).body;
            assert!(!shown.contains(&id) && !shown.contains("Three directors"), "{list}: {shown}");
        }
        for list in &lists[..6] {
            assert!(sam.get(list).await.expect(200).body.contains(&id), "{list}");
        }
        // Nor does anybody whom that case alone tells of.
        for list in ["/people", "/opportunities"] {
            assert!(!ruth.get(list).await.expect(200).body.contains("Lena Fischer"), "{list}");
            assert!(sam.get(list).await.expect(200).body.contains("Lena Fischer"), "{list}");
        }
        let judged = [("judgement", "meets"), ("text", "Shows it"), ("revision", "1"), ("do", "release")];
        ruth.post(&format!("{plain}/assessment"), &judged).await.expect(404);
        ruth.post(&format!("/dossiers/{id}/sitting"), &sit).await.expect(404);

        // That they are named is theirs to know and to answer.
        assert!(ruth.get("/named").await.expect(200).body.contains("Handed the reviews over"));
        let named = naming_entry.replace("/evidence/", "/named/");
        ruth.post(&named, &[("answer", "agreed")]).await.expect(303);
        ruth.get(&pages[0]).await.expect(404);
        // Once nothing names them any more, nothing keeps them from the case.
        ada.post(&format!("{naming_entry}/withdrawal"), &[]).await.expect(303);
        ruth.get(&pages[0]).await.expect(200);
    }
}
