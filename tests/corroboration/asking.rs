//! Asking somebody with an account, their answers, the reply and the settlement.

use super::world::{ENTRY, ask, company, id, level, log, names, notices, with};
use crate::support::World;

#[tokio::test]
async fn a_colleague_is_asked_answers_and_the_candidate_sees_it() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let entry = log(&ada, &with(ENTRY, names("Ben Ito", "peer", ""))).await;
        let page = ada.get(&format!("{entry}/requests")).await.expect(200);
        assert!(page.body.contains("Asking takes them off the vote"));
        assert!(page.body.contains("somebody of another domain"), "the voice that is still asked for");
        assert!(page.body.contains("You alone see their answer"), "the dossier is private");
        let request = ask(&world, &ada, &entry, &ben).await;

        let asked = ben.get(&request).await.expect(200);
        assert!(asked.body.contains("Settled who owns identity"));
        let first = asked.body.find("Who will see your answer").expect("said before the form");
        assert!(first < asked.body.find("<form class=\"form").expect("a form"));
        ben.post(&request, &[]).await.expect(422);
        let differing = ben.post(&request, &[("answer", "differs"), ("comment", "Kept")]).await.expect(422);
        assert!(differing.body.contains("Say how you remember it."));
        assert!(differing.body.contains("value=\"Kept\""), "what was typed is kept");
        ben.post(&request, &[("answer", "confirmed"), ("comment", "It held through the migration.")])
            .await
            .expect(303);
        assert!(notices(&world, &ben).await.is_empty(), "dealt with");

        let page = ada.get(&entry).await.expect(200);
        assert_eq!(page.texts(".entry .tag"), ["Confirmed"]);
        assert_eq!(page.texts(".entry blockquote"), ["It held through the migration."]);
        let told = notices(&world, &ada).await;
        assert_eq!(told[0].0, "answered");
        ada.get(&told[0].1).await.expect(200);
        ruth.get(&told[0].1).await.expect(404);
        let readiness = ada.get("/readiness").await.location().to_owned();
        let json = ada.get(&format!("{readiness}.json")).await.expect(200).json();
        assert_eq!(json["capabilities"][0]["asked_voice"]["heard"], true, "{json}");
    }
}

#[tokio::test]
async fn the_later_of_two_answers_stands_and_both_are_kept() {
    for world in World::on_both().await {
        let (ada, ben, _) = company(&world).await;
        let entry = log(&ada, ENTRY).await;
        let request = ask(&world, &ada, &entry, &ben).await;
        ben.post(&request, &[("answer", "confirmed")]).await.expect(303);
        // A form sent twice is one answer.
        ben.post(&request, &[("answer", "confirmed")]).await.expect(303);
        let differs = [("answer", "differs"), ("account", "It was Kim who settled it.")];
        ben.post(&request, &differs).await.expect(303);
        assert_eq!(ada.get(&entry).await.texts(".entry .tag"), ["Account differs"]);
        let one = [("answer", "not-close-enough")];
        let two = [("answer", "confirmed"), ("comment", "After all")];
        let (one, two) = tokio::join!(ben.post(&request, &one), ben.post(&request, &two));
        for answer in [one, two] {
            assert!(matches!(answer.status.as_u16(), 303 | 503), "{}", answer.body);
        }
        let page = ben.get(&request).await.expect(200);
        let given = page.texts("section[aria-labelledby=given-h] li");
        assert_eq!(given.len(), 4, "{given:?}");
        assert!(given[0].ends_with("This one stands."));
        assert_eq!(ada.get(&entry).await.texts(".entry .tag").len(), 1);
    }
}

#[tokio::test]
async fn nobody_is_asked_about_their_own_evidence_or_a_draft() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let entry = log(&ada, ENTRY).await;
        let asking = format!("{entry}/requests");
        let own = ada.actor().person.to_string();
        for fields in [
            vec![("person", own.as_str())],
            vec![("person", "other"), ("other", "ada marsh")],
            vec![("person", "other"), ("other", "Nobody At All")],
            vec![("person", "other"), ("other", "")],
            vec![("person", "other"), ("other", "Ben Ito"), ("email", "not an address")],
            vec![("person", "")],
            vec![],
        ] {
            ada.post(&asking, &fields).await.expect(422);
        }
        let fields = [("person", "other"), ("other", "Ben Ito")];
        ben.post(&asking, &fields).await.expect(404);
        ruth.post(&asking, &fields).await.expect(403);
        let draft = log(&ada, &[("intent", "draft"), ("title", "A plan")]).await;
        ada.post(&format!("{draft}/requests"), &fields).await.expect(409);
        ada.get(&format!("{draft}/requests")).await.expect(409);
        // What is for CTOs alone is asked of CTOs alone.
        let secret =
            log(&ada, &with(ENTRY, vec![("title", "The board's question"), ("audience", "cto")])).await;
        ada.post(&format!("{secret}/requests"), &fields).await.expect(422);
        let request = ask(&world, &ada, &secret, &ruth).await;
        ruth.get(&request).await.expect(200);
    }
}

#[tokio::test]
async fn a_report_is_marked_where_one_asks() {
    for world in World::on_both().await {
        let (ada, ben, _) = company(&world).await;
        level(&world, ben.actor().person, "E1", "Payments", Some(ada.actor().person)).await;
        let entry = log(&ada, &with(ENTRY, names("Ben Ito", "developed", ""))).await;
        let page = ada.get(&format!("{entry}/requests")).await.expect(200);
        assert!(page.body.contains("Reports to you"));
    }
}

#[tokio::test]
async fn a_differing_account_is_replied_to_and_settled() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let entry = log(&ada, ENTRY).await;
        ada.post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);
        let request = ask(&world, &ada, &entry, &ben).await;
        let account = [("answer", "differs"), ("account", "Kim settled it, **not** Ada.")];
        ben.post(&request, &account).await.expect(303);
        let told = notices(&world, &ada).await;
        assert_eq!(told[0].0, "differs");
        let answer = told[0].1.clone();
        let page = ada.get(&answer).await.expect(200);
        assert!(page.body.contains("<strong>not</strong>"));
        assert!(page.body.contains("That leaves room for a reply"));
        assert!(page.attributes("form", "action").contains(&format!("{answer}/reply")));
        assert!(!page.attributes("form", "action").contains(&format!("{answer}/settlement")));
        ada.post(&format!("{answer}/reply"), &[("reply", " ")]).await.expect(422);
        ada.post(&format!("{answer}/reply"), &[("reply", "We both did.")]).await.expect(303);
        // Nobody settles what stands against themselves, and whoever gave an account answers anew instead.
        ada.post(&format!("{answer}/settlement"), &[("reason", "Fine")]).await.expect(403);
        ben.get(&answer).await.expect(404);
        ben.post(&format!("{answer}/reply"), &[("reply", "x")]).await.expect(404);
        let page = ruth.get(&answer).await.expect(200);
        assert!(page.body.contains("We both did."));
        ruth.post(&format!("{answer}/settlement"), &[("reason", "")]).await.expect(422);
        ruth.post(&format!("{answer}/settlement"), &[("reason", "Both took part.")]).await.expect(303);
        ruth.post(&format!("{answer}/settlement"), &[("reason", "Again")]).await.expect(409);
        ada.post(&format!("{answer}/reply"), &[("reply", "Late")]).await.expect(409);
        let page = ada.get(&answer).await.expect(200);
        assert!(page.body.contains("Both took part."));
        assert_eq!(ada.get(&entry).await.texts(".entry .tag"), ["Differed, settled"]);
        assert!(notices(&world, &ada).await.iter().any(|(kind, _)| kind == "settled"));
        let audit: Vec<(String,)> = {
            let mut tx = world.instance.db.read().await.expect("a read");
            tx.query("select action from audit_entries where subject = 'corroboration' order by seq")
                .all()
                .await
                .expect("the log")
        };
        let actions: Vec<&str> = audit.iter().map(|(action,)| action.as_str()).collect();
        assert_eq!(actions, ["corroboration.replied", "corroboration.settled"]);
    }
}

#[tokio::test]
async fn a_cto_does_not_settle_their_own_account() {
    for world in World::on_both().await {
        let (ada, _, ruth) = company(&world).await;
        let entry = log(&ada, ENTRY).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let request = ask(&world, &ada, &entry, &ruth).await;
        ruth.post(&request, &[("answer", "differs"), ("account", "Otherwise")]).await.expect(303);
        let answer = notices(&world, &ada).await[0].1.clone();
        ruth.post(&format!("{answer}/settlement"), &[("reason", "Mine")]).await.expect(403);
    }
}

#[tokio::test]
async fn a_material_edit_marks_the_answer_and_keeps_what_was_answered() {
    for world in World::on_both().await {
        let (ada, ben, _) = company(&world).await;
        let entry = log(&ada, ENTRY).await;
        let request = ask(&world, &ada, &entry, &ben).await;
        ben.post(&request, &[("answer", "confirmed")]).await.expect(303);
        // A link changes nothing that was vouched for.
        let linked = with(ENTRY, vec![("revision", "1"), ("links", "https://example.com/rfc")]);
        ada.post(&entry, &linked).await.expect(303);
        assert!(!ada.get(&entry).await.body.contains("Ask again"));
        let edited =
            with(ENTRY, vec![("revision", "2"), ("impact", "Ten domains stopped paging each other.")]);
        ada.post(&entry, &edited).await.expect(303);
        let page = ada.get(&entry).await.expect(200);
        assert!(page.body.contains("Given to revision 1, which said something else"));
        assert!(page.body.contains("Ask again"));
        let answer = page.attributes(".entry .meta a", "href").remove(0);
        let shown = ada.get(&answer).await.expect(200);
        assert!(shown.body.contains("Three domains stopped"), "the revision that was answered");
        // Whoever answered still reads what they were asked about, until they are asked anew.
        assert!(ben.get(&request).await.expect(200).body.contains("Three domains stopped"));
        let again = ask(&world, &ada, &entry, &ben).await;
        assert_ne!(again, request);
        assert!(ben.get(&again).await.expect(200).body.contains("Ten domains stopped"));
        ben.get(&request).await.expect(404);
        ben.post(&again, &[("answer", "confirmed")]).await.expect(303);
        assert!(!ada.get(&entry).await.body.contains("Ask again"));
    }
}

#[tokio::test]
async fn what_is_taken_back_or_withdrawn_is_asked_no_longer() {
    for world in World::on_both().await {
        let (ada, ben, _) = company(&world).await;
        let entry = log(&ada, ENTRY).await;
        let request = ask(&world, &ada, &entry, &ben).await;
        ben.post(&format!("{request}/withdrawal"), &[]).await.expect(404);
        ada.post(&format!("{request}/withdrawal"), &[]).await.expect(303);
        assert!(notices(&world, &ben).await.is_empty());
        let missing = ben.get(&format!("/requests/{}", id(&entry))).await.expect(404);
        assert_eq!(
            ben.get(&request).await.expect(404).body,
            missing.body.replace(&id(&entry).to_string(), &id(&request).to_string())
        );
        ben.post(&request, &[("answer", "confirmed")]).await.expect(404);

        let request = ask(&world, &ada, &entry, &ben).await;
        ada.post(&format!("{entry}/withdrawal"), &[]).await.expect(303);
        assert!(notices(&world, &ben).await.is_empty());
        ben.get(&request).await.expect(404);
        ben.post(&request, &[("answer", "confirmed")]).await.expect(404);
        // Published again, it is asked anew.
        let again = with(ENTRY, vec![("revision", "2")]);
        ada.post(&entry, &again).await.expect(303);
        ben.get(&request).await.expect(404);
        let request = ask(&world, &ada, &entry, &ben).await;
        ben.post(&request, &[("answer", "declined"), ("comment", "dropped")]).await.expect(303);
        ada.post(&format!("{request}/withdrawal"), &[]).await.expect(409);
    }
}
