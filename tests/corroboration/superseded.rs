//! Material edits: told with what they cost, then saved, and with them superseded what others had confirmed or judged.

use serde_json::Value;

use super::world::{ENTRY, ask, ask_by_link, company, id, log, notices, with};
use crate::support::{Answer, Visitor, World};

/// The entry rewritten, from a revision.
fn rewritten<'f>(revision: &'f str, title: &'f str) -> Vec<(&'f str, &'f str)> {
    with(ENTRY, vec![("revision", revision), ("title", title)])
}

const OTHERWISE: &str = "Moved identity under one roof for good";

/// What stands for the cost on a page that tells of one.
fn token(page: &Answer) -> String {
    page.attributes("button[name=confirm_superseded]", "value").first().cloned().unwrap_or_default()
}

/// Saves it, cost and all.
async fn save(owner: &Visitor, entry: &str, fields: &[(&str, &str)]) {
    let token = token(&owner.post(entry, fields).await.expect(422));
    owner.post(entry, &with(fields, vec![("confirm_superseded", &token)])).await.expect(303);
}

/// How many criteria of its capability are confirmed, and how many voices are heard, by the owner's readiness.
async fn counted(world: &World, owner: &Visitor) -> (usize, usize) {
    let own = evident::evidence::dossiers::own(&world.instance, owner.actor()).await.expect("a dossier");
    let page = owner.get(&format!("/dossiers/{}/readiness.json", own.id)).await.expect(200);
    let json: Value = serde_json::from_str(&page.body).expect("JSON");
    let list = |value: &Value| value.as_array().map_or(0, Vec::len);
    let capability = &json["capabilities"][0];
    (list(&capability["criteria"]["confirmed"]), list(&capability["voices"]))
}

async fn judge(cto: &Visitor, entry: &str, revision: &str, doing: &str) {
    let fields = [("judgement", "meets"), ("text", "Seen"), ("revision", revision), ("do", doing)];
    cto.post(&format!("{entry}/assessment"), &fields).await.expect(303);
}

#[tokio::test]
async fn a_material_edit_tells_its_cost_before_it_supersedes_anything() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let entry = log(&ada, ENTRY).await;
        let request = ask(&world, &ada, &entry, &ben).await;
        ben.post(&request, &[("answer", "confirmed")]).await.expect(303);
        judge(&ruth, &entry, "1", "release").await;
        assert_eq!(counted(&world, &ada).await, (1, 1));

        let told = ada.post(&entry, &rewritten("1", OTHERWISE)).await.expect(422);
        let cost = told.texts("#superseded").remove(0);
        assert_eq!(told.texts("h1"), ["Before you save"]);
        assert!(told.texts(".error-summary").is_empty(), "nothing is wrong");
        for said in ["Ben Ito", "Ruth Okafor", "rewrote most of the title", "Lapsed becomes None"] {
            assert!(cost.contains(said), "{said}: {cost}");
        }
        assert_eq!(told.attributes("#title", "value"), [OTHERWISE], "what was typed is still there");
        assert!(ada.get(&entry).await.body.contains("Settled who owns identity"), "nothing is saved yet");
        assert_eq!(counted(&world, &ada).await, (1, 1));
        assert!(notices(&world, &ben).await.is_empty());

        save(&ada, &entry, &rewritten("1", OTHERWISE)).await;
        assert_eq!(counted(&world, &ada).await, (0, 0), "{}", world.instance.db.engine());
        assert_eq!(notices(&world, &ben).await, [("superseded".to_owned(), request.clone())]);
        let path = format!("{entry}#voices-h");
        assert!(notices(&world, &ruth).await.contains(&("superseded".to_owned(), path)));
        let page = ada.get(&entry).await.expect(200);
        assert!(page.body.contains("Confirmed, superseded") && page.body.contains("Meets, superseded"));
        assert!(page.body.contains("Ask Ben Ito again"));
        let answer = page.attributes(".entry .meta a", "href").remove(0);
        assert!(ada.get(&answer).await.expect(200).body.contains("This no longer counts"));
        assert!(ben.get(&request).await.expect(200).body.contains("this no longer counts"));
        assert!(ada.get("/evidence").await.body.contains("Ask 1 again"));
        assert!(ada.get(&format!("{entry}/requests")).await.body.contains("Confirmed before you rewrote it"));

        // One click asks again, and the answer to that counts.
        let person = ben.actor().person.to_string();
        ada.post(&format!("{entry}/requests"), &[("question", "happened"), ("person", &person)])
            .await
            .expect(200);
        let mut open = notices(&world, &ben).await;
        let (kind, again) = open.pop().expect("asked");
        assert_eq!(
            (kind.as_str(), open.len()),
            ("corroboration", 0),
            "and what led to the former request is gone"
        );
        assert_ne!(again, request);
        assert!(!ada.get(&entry).await.body.contains("Ask Ben Ito again"), "they are asked");
        assert!(!ada.get("/evidence").await.body.contains("Ask 1 again"), "also in the list");
        ben.post(&again, &[("answer", "confirmed")]).await.expect(303);
        assert_eq!(counted(&world, &ada).await, (1, 1));
        assert!(!ada.get("/evidence").await.body.contains("Ask 1 again"));
    }
}

#[tokio::test]
async fn what_was_confirmed_since_the_cost_was_told_is_told_first() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let entry = log(&ada, ENTRY).await;
        let (of_ben, of_ruth) =
            (ask(&world, &ada, &entry, &ben).await, ask(&world, &ada, &entry, &ruth).await);
        ben.post(&of_ben, &[("answer", "confirmed")]).await.expect(303);
        let first = token(&ada.post(&entry, &rewritten("1", OTHERWISE)).await.expect(422));
        ruth.post(&of_ruth, &[("answer", "confirmed")]).await.expect(303);
        let fields = with(&rewritten("1", OTHERWISE), vec![("confirm_superseded", &first)]);
        let told = ada.post(&entry, &fields).await.expect(422);
        assert!(told.texts("#superseded")[0].contains("Ruth Okafor"));
        assert_eq!(counted(&world, &ada).await.1, 2, "nothing is superseded yet");
        save(&ada, &entry, &rewritten("1", OTHERWISE)).await;
        assert_eq!(counted(&world, &ada).await.1, 0);
    }
}

#[tokio::test]
async fn what_comes_after_the_rewrite_about_what_was_before_is_superseded_as_it_comes() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let entry = log(&ada, ENTRY).await;
        let request = ask(&world, &ada, &entry, &ben).await;
        judge(&ruth, &entry, "1", "keep").await;
        // Nobody has confirmed anything, and what a CTO keeps to themselves is told to nobody.
        ada.post(&entry, &rewritten("1", OTHERWISE)).await.expect(303);
        ben.post(&request, &[("answer", "confirmed")]).await.expect(303);
        let release = ruth.get(&entry).await.attributes("article form", "action").remove(0);
        ruth.post(&release, &[]).await.expect(303);
        assert_eq!(counted(&world, &ada).await, (0, 0));
        judge(&ruth, &entry, "1", "release").await;
        assert_eq!(counted(&world, &ada).await, (0, 0), "of the revision that was read");
        let page = ada.get(&entry).await;
        assert!(page.body.contains("Confirmed, superseded") && page.body.contains("Meets, superseded"));
    }
}

#[tokio::test]
async fn a_detour_over_withdrawal_costs_the_same_and_small_edits_nothing() {
    for world in World::on_both().await {
        let (ada, ben, _) = company(&world).await;
        let entry = log(&ada, ENTRY).await;
        let request = ask(&world, &ada, &entry, &ben).await;
        ben.post(&request, &[("answer", "confirmed")]).await.expect(303);
        let small = with(
            ENTRY,
            vec![("revision", "1"), ("to_month", "3"), ("impact", "Four domains stopped paging each other.")],
        );
        ada.post(&entry, &small).await.expect(303);
        ada.post(&format!("{entry}/updates"), &[("on", "2026-10-01"), ("text", "Still so")])
            .await
            .expect(303);
        assert_eq!(counted(&world, &ada).await, (1, 1));
        ada.post(&format!("{entry}/withdrawal"), &[]).await.expect(303);
        assert_eq!(counted(&world, &ada).await, (0, 0), "withdrawn, it counts nowhere");
        save(&ada, &entry, &rewritten("4", OTHERWISE)).await;
        assert_eq!(counted(&world, &ada).await, (0, 0));
        assert!(ada.get(&entry).await.body.contains("Confirmed, superseded"));
        // Written as it was, it is not what Ben confirmed again: only he can say so.
        ada.post(&entry, &rewritten("5", "Settled who owns identity")).await.expect(303);
        assert_eq!(counted(&world, &ada).await, (0, 0));
    }
}

#[tokio::test]
async fn an_answer_by_link_counts_nowhere_until_somebody_vouches() {
    for world in World::on_both().await {
        let (ada, _, ruth) = company(&world).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let entry = log(&ada, ENTRY).await;
        let mina = world.leader("Mina Sato", Some(ada.actor().account)).await;
        let link = ask_by_link(&ada, &entry, "Mina Sato", "").await;
        world.anonymous().post(&link, &[("answer", "confirmed")]).await.expect(200);
        assert_eq!(counted(&world, &ada).await, (0, 0));
        let page = ada.get(&entry).await.expect(200);
        assert!(page.body.contains("by link, not yet vouched for"));
        assert!(ada.get("/evidence").await.body.contains("One answer, not yet vouched for"));
        let mut change = evident::audit::Change::begin(&world.instance, evident::audit::Origin::CommandLine)
            .await
            .expect("a change");
        change
            .tx()
            .query("update corroborations set vouched_by = $2, vouched_on = on_date where person_id = $1 and entry_id = $3")
            .bind(mina)
            .bind(ruth.actor().person)
            .bind(id(&entry))
            .run_expecting(1)
            .await
            .expect("vouched for");
        let own = evident::evidence::dossiers::own(&world.instance, ada.actor()).await.expect("a dossier");
        evident::evidence::dossiers::touch(change.tx(), own.id).await.expect("touched");
        change.record(evident::audit::Event::RemindersRaised, Some(id(&entry)), &());
        change.commit().await.expect("kept");
        assert_eq!(counted(&world, &ada).await, (1, 1));
        assert!(ada.get("/evidence").await.body.contains("Confirmed by 1"));
    }
}

#[tokio::test]
async fn a_merge_carries_along_how_an_answer_came() {
    for world in World::on_both().await {
        let (ada, _, ruth) = company(&world).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let admin = world.somebody("Ola Berg", &[evident::accounts::Role::Admin]).await;
        let entry = log(&ada, ENTRY).await;
        let other = world.leader("R Okafor", Some(ada.actor().account)).await;
        let link = ask_by_link(&ada, &entry, "R Okafor", "").await;
        world.anonymous().post(&link, &[("answer", "confirmed")]).await.expect(200);
        let survivor = ruth.actor().person;
        let merged =
            evident::directory::merging::actions::merge(&world.instance, admin.actor(), survivor, other);
        merged.await.expect("merged");
        assert_eq!(counted(&world, &ada).await, (0, 0), "it is not the CTO’s word for being moved to her");
        let page = ada.get(&entry).await.expect(200);
        assert_eq!(page.texts(".entry h3"), ["Ruth Okafor"]);
        assert!(page.body.contains("by link, not yet vouched for"));
    }
}

#[tokio::test]
async fn what_is_told_of_a_superseded_word_ends_with_what_it_is_about() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let share = async |sharing| {
            ada.post("/settings/sharing", &[("sharing", sharing)]).await.expect(303);
        };
        let told = async |who| notices(&world, who).await.iter().any(|(kind, _)| kind == "superseded");
        share("sponsor").await;
        let entry = log(&ada, ENTRY).await;
        let request = ask(&world, &ada, &entry, &ben).await;
        ben.post(&request, &[("answer", "confirmed")]).await.expect(303);
        judge(&ruth, &entry, "1", "release").await;
        save(&ada, &entry, &rewritten("1", OTHERWISE)).await;
        assert!(told(&ben).await && told(&ruth).await);

        judge(&ruth, &entry, "1", "release").await;
        assert!(told(&ruth).await, "that is of what it no longer says");
        judge(&ruth, &entry, "2", "keep").await;
        assert!(told(&ruth).await, "nobody else knows of that yet");
        judge(&ruth, &entry, "2", "release").await;
        assert!(told(&ben).await && !told(&ruth).await, "judged anew");

        save(&ada, &entry, &rewritten("2", "Drew one map of all that pages anybody")).await;
        assert!(told(&ruth).await);
        share("private").await;
        assert!(told(&ben).await && !told(&ruth).await, "no CTO’s to read, and still asked of Ben");
        ada.post(&format!("{entry}/withdrawal"), &[]).await.expect(303);
        assert!(!told(&ben).await, "withdrawn");
    }
}
