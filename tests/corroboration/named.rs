//! Those whom entries name: told once others can read the entry, and heard.

use evident::notices::store::SHOWN;

use super::world::{ENTRY, ask, company, id, level, log, names, notices, with};
use crate::support::World;

#[tokio::test]
async fn a_named_leader_is_told_once_others_read_it_and_answers() {
    for world in World::on_both().await {
        let (ada, ben, _) = company(&world).await;
        let entry = log(&ada, &with(ENTRY, names("Ben Ito", "developed", ""))).await;
        assert!(notices(&world, &ben).await.is_empty(), "a private dossier tells nobody");
        ben.post(&format!("/named/{}", id(&entry)), &[("answer", "agreed")]).await.expect(404);
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let told = notices(&world, &ben).await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].0, "named");
        assert!(told[0].1.starts_with("/named?naming="));
        let page = ben.get("/named").await.expect(200);
        assert!(page.body.contains("Settled who owns identity"));
        assert!(page.body.contains("Ada Marsh names you as developed"));
        assert!(!page.body.contains("paging each other"), "the sentence alone");
        let (_, anchor) = told[0].1.split_once('#').expect("an anchor");
        assert!(page.attributes(".list > li", "id").contains(&anchor.to_owned()), "where the notice leads");

        let answering = format!("/named/{}", id(&entry));
        let refused = ben.post(&answering, &[("answer", "maybe")]).await.expect(422);
        let field = format!("answer-{}", id(&entry));
        assert_eq!(refused.attributes(".error-summary a", "href"), [format!("#{field}")]);
        assert!(refused.attributes("main input", "id").contains(&field));
        ben.post(&answering, &[("answer", "agreed")]).await.expect(303);
        assert!(notices(&world, &ben).await.is_empty());
        assert!(ada.get(&entry).await.body.contains("agreed to be named so"));
        assert!(notices(&world, &ada).await.iter().any(|(kind, _)| kind == "named-answer"));
        // Saved again, nobody is asked again; named as something else, they are.
        let again = with(
            &with(ENTRY, names("Ben Ito", "developed", "")),
            vec![("revision", "1"), ("impact", "More")],
        );
        ada.post(&entry, &again).await.expect(303);
        assert!(notices(&world, &ben).await.is_empty());
        let otherwise = with(&with(ENTRY, names("Ben Ito", "peer", "")), vec![("revision", "2")]);
        ada.post(&entry, &otherwise).await.expect(303);
        assert_eq!(notices(&world, &ben).await.len(), 1);
    }
}

#[tokio::test]
async fn sharing_taken_back_takes_the_notice_back() {
    for world in World::on_both().await {
        let (ada, ben, _) = company(&world).await;
        let entry = log(&ada, &with(ENTRY, names("Ben Ito", "peer", ""))).await;
        let others = [
            ("/settings/sharing", ("sharing", "private"), ("sharing", "committee")),
            ("/settings/aim", ("aim", "e1-by-choice"), ("aim", "e2")),
        ];
        ada.post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);
        for (path, off, on) in others {
            assert_eq!(notices(&world, &ben).await.len(), 1, "{path}");
            ada.post(path, &[off]).await.expect(303);
            assert!(notices(&world, &ben).await.is_empty(), "{path}");
            assert!(ben.get("/named").await.body.contains("Nobody names you"), "{path}");
            ben.post(&format!("/named/{}", id(&entry)), &[("answer", "agreed")]).await.expect(404);
            ada.post(path, &[on]).await.expect(303);
        }
        assert_eq!(notices(&world, &ben).await.len(), 1);
        ada.post(&format!("{entry}/withdrawal"), &[]).await.expect(303);
        assert!(notices(&world, &ben).await.is_empty());
        // What is for CTOs alone tells nobody else.
        let secret = with(
            &with(ENTRY, names("Ben Ito", "peer", "")),
            vec![("audience", "cto"), ("title", "A secret")],
        );
        log(&ada, &secret).await;
        assert!(notices(&world, &ben).await.is_empty());
    }
}

#[tokio::test]
async fn who_asked_not_to_be_named_is_a_director_to_others() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let entry = log(&ada, &with(ENTRY, names("Ben Ito", "developed", ""))).await;
        ada.post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);
        let kim = world.candidate("Kim Ode").await;
        level(&world, kim.actor().person, "E1", "Data", None).await;
        let request = ask(&world, &ada, &entry, &kim).await;
        assert!(kim.get(&request).await.expect(200).body.contains("Ben Ito, developed"));
        ben.post(&format!("/named/{}", id(&entry)), &[("answer", "unnamed")]).await.expect(303);
        let page = kim.get(&request).await.expect(200);
        assert!(page.body.contains("a Director, developed"));
        assert!(!page.body.contains("Ben Ito"));
        for reader in [&ada, &ruth] {
            assert!(reader.get(&entry).await.expect(200).body.contains("Ben Ito"));
        }
        // The objection outlives an edit, and being named as something else.
        let otherwise = with(&with(ENTRY, names("Ben Ito", "peer", "")), vec![("revision", "1")]);
        ada.post(&entry, &otherwise).await.expect(303);
        assert!(ada.get(&entry).await.body.contains("asked not to be named"));
        let request = ask(&world, &ada, &entry, &kim).await;
        assert!(!kim.get(&request).await.expect(200).body.contains("Ben Ito"));
        ben.post(&format!("/named/{}", id(&entry)), &[("answer", "agreed")]).await.expect(303);
        assert!(kim.get(&request).await.expect(200).body.contains("Ben Ito"));
    }
}

#[tokio::test]
async fn an_objection_keeps_somebody_from_becoming_known() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let entry = log(&ada, &with(ENTRY, names("Pia Lund", "external", "external"))).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        assert!(ben.get("/people?q=Pia").await.body.contains("Pia Lund"));
        let person =
            ada.get(&entry).await.attributes("section[aria-labelledby=who-h] a.go", "href").remove(0);
        let fields = [("person", person.trim_start_matches("/people/")), ("email", "pia@example.org")];
        let page = ada.post(&format!("{entry}/named"), &fields).await.expect(200);
        let link = page.texts("[role=status] code").remove(0).replace("http://127.0.0.1:8080", "");
        let pia = world.anonymous();
        let shown = pia.get(&link).await.expect(200);
        assert!(shown.body.contains("Settled who owns identity") && shown.body.contains("Ada Marsh"));
        assert!(!shown.body.contains("paging each other"));
        pia.post(&link, &[]).await.expect(422);
        pia.post(&link, &[("answer", "unnamed")]).await.expect(200);
        assert_eq!(pia.get(&link).await.expect(404).texts("h1"), ["This link was used"]);
        assert!(!ben.get("/people?q=Pia").await.body.contains("Pia Lund</a>"));
        ben.get(&person).await.expect(404);
        for reader in [&ada, &ruth] {
            reader.get(&person).await.expect(200);
        }
        let (letter,): (String,) = {
            let mut tx = world.instance.db.read().await.expect("a read");
            tx.query("select text from letters").one().await.expect("a letter")
        };
        assert!(!letter.contains("identity"));
    }
}

#[tokio::test]
async fn a_link_for_somebody_named_is_for_published_and_shared_entries() {
    for world in World::on_both().await {
        let (ada, ben, _) = company(&world).await;
        let entry = log(&ada, &with(ENTRY, names("Pia Lund", "external", "external"))).await;
        let person =
            ada.get(&entry).await.attributes("section[aria-labelledby=who-h] a.go", "href").remove(0);
        let pia = person.trim_start_matches("/people/").to_owned();
        let telling = format!("{entry}/named");
        ada.post(&telling, &[("person", pia.as_str())]).await.expect(409);
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        ada.post(&telling, &[("person", "x")]).await.expect(422);
        ada.post(&telling, &[("person", pia.as_str()), ("email", "x")]).await.expect(422);
        ben.get(&telling).await.expect(404);
        let page = ada.post(&telling, &[("person", pia.as_str())]).await.expect(200);
        let link = page.texts("[role=status] code").remove(0).replace("http://127.0.0.1:8080", "");
        ada.post("/settings/sharing", &[("sharing", "private")]).await.expect(303);
        let gone = world.anonymous().get(&link).await.expect(404);
        assert_eq!(gone.texts("h1"), ["There is nothing to answer here"]);
    }
}

#[tokio::test]
async fn many_namings_stand_on_several_pages_and_a_notice_leads_to_its_own() {
    for world in World::on_both().await {
        let (ada, ben, _) = company(&world).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        for number in 0..45 {
            let title = format!("Settled question {number}");
            let fields = with(
                &with(ENTRY, names("Ben Ito", "peer", "")),
                vec![("title", title.as_str()), ("confirm_duplicate", "yes")],
            );
            log(&ada, &fields).await;
        }
        let first = ben.get("/named").await.expect(200);
        assert_eq!(first.texts(".list > li").len(), 20);
        assert!(first.body.contains("45 of 45 wait for your answer"), "{}", first.body);
        assert!(first.attributes("details", "open").is_empty(), "each is opened by whom it concerns");
        assert_eq!(ben.get("/named?page=3").await.expect(200).texts(".list > li").len(), 5);
        assert_eq!(ben.get("/named?page=3").await.attributes("details", "open").len(), 5);
        assert!(ben.get("/named?page=9").await.expect(200).texts(".list > li").is_empty());
        for (_, path) in notices(&world, &ben).await.iter().step_by(11) {
            let (address, anchor) = path.split_once('#').expect("an anchor");
            let page = ben.get(address).await.expect(200);
            assert!(page.attributes(".list > li", "id").contains(&anchor.to_owned()), "{path}");
            assert!(!page.attributes(&format!("#{anchor} details"), "open").is_empty(), "{path}");
        }
        // What is answered makes room for what waits.
        let address = first.attributes(".list form", "action").remove(0);
        let kept = ben.post(&address, &[("answer", "agreed")]).await.expect(303).location().to_owned();
        let page = ben.get(&kept).await.expect(200);
        assert!(page.texts("[role=status]")[0].contains("is kept, and Ada Marsh is told"), "{}", page.body);
        assert!(page.body.contains("44 of 45 wait for your answer and stand first"), "{}", page.body);
        assert!(!page.attributes(".list form", "action").contains(&address));
        let again = page.attributes("[role=status] a", "href").remove(0);
        let page = ben.get(again.split('#').next().expect("an address")).await.expect(200);
        assert!(page.attributes(".list form", "action").contains(&address));
        // A fault is told on the page of its entry.
        let refused = ben.post(&address, &[]).await.expect(422);
        assert!(refused.attributes(".list form", "action").contains(&address));
        let gone = ben.get(&format!("/named?naming={}", id(&address))).await.expect(200);
        assert!(gone.texts("[role=status]")[0].contains("not here any more"));
        for wrong in ["/named?page=0", "/named?naming=x", "/named?kept=1", "/named?more=1"] {
            ben.get(wrong).await.expect(422);
        }
    }
}

#[tokio::test]
async fn a_cto_named_as_developed_keeps_no_notice_of_the_case_but_that() {
    for world in World::on_both().await {
        let (ada, ..) = company(&world).await;
        // A CTO by role who is at no level above hers; nobody above can be named so.
        let ruth = world.cto("Ruth Penn").await;
        let sponsor = ruth.actor().account.to_string();
        ada.post("/settings/sharing", &[("sharing", "sponsor"), ("sponsor", &sponsor)]).await.expect(303);
        let entry = log(&ada, ENTRY).await;
        let judged = [("judgement", "partly"), ("text", "Half of it"), ("revision", "1"), ("do", "release")];
        ruth.post(&format!("{entry}/assessment"), &judged).await.expect(303);
        let reply = ada.get(&entry).await.attributes("a[href$='/reply']", "href").remove(0);
        ada.post(&reply, &[("text", "The other half is in spring.")]).await.expect(303);
        // As the inbox shows them: what was told of the case waits unseen for as long as she is recused.
        let kinds = async || {
            let mut tx = world.instance.db.read().await.expect("a read");
            let sql =
                format!("select n.kind from notices n where n.account_id = $1 and {SHOWN} order by n.kind");
            let told: Vec<(String,)> =
                tx.query_built(sql).bind(ruth.actor().account).all().await.expect("notices");
            told.into_iter().map(|(kind,)| kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds().await, ["replied", "sponsor"]);
        let naming =
            with(&with(ENTRY, names("Ruth Penn", "developed", "")), vec![("title", "Her first board")]);
        log(&ada, &naming).await;
        assert_eq!(
            kinds().await,
            ["named", "recused"],
            "that they have no part, and nothing of what is in it"
        );
        let inbox = ruth.get("/inbox").await.expect(200);
        assert!(!inbox.body.contains("spring") && !inbox.body.contains("replied"), "{}", inbox.body);
        let page = ruth.get("/named").await.expect(200);
        assert!(page.body.contains("you have no part in the case"), "{}", page.body);
        ruth.get(&entry).await.expect(404);
    }
}
