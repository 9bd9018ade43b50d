//! Who answers where: nobody for others what they asked themselves, and who can sign in there alone.

use std::collections::BTreeSet;

use evident::accounts::{Role, actions};
use evident::server::jobs::Runner;
use uuid::Uuid;

use super::vouching::{CONFIRMED, WAITS, letter_link, queue, voices, with_customer};
use super::world::{ENTRY, ask, ask_by_link, company, id, log, names, notices, with};
use crate::support::{Visitor, World};

#[tokio::test]
async fn nobody_answers_for_others_what_they_asked_themselves() {
    for world in World::on_both().await {
        let mut read = BTreeSet::new();
        let (ada, ..) = company(&world).await;
        let entry = log(&ada, &with_customer()).await;
        let fields = [("person", "other"), ("other", "Pia Lund"), ("email", "pia@northwind.example")];
        let asked = ada.post(&format!("{entry}/requests"), &fields).await.expect(200);
        let mark = asked.header("set-cookie").split(';').next().expect("a cookie").to_owned();
        let (name, value) = mark.split_once('=').expect("a cookie");
        assert_eq!(name, "evident-browser");
        assert!(!value.contains(&ada.actor().account.simple().to_string()));
        let shown = asked.texts("[role=status] code").remove(0).replace("http://127.0.0.1:8080", "");
        let signed_out = world.anonymous();
        for link in [shown, letter_link(&world, &mut read).await] {
            for browser in [None, Some(&mark)] {
                let send = async |method: &str, body: &'static str| {
                    let visitor = if browser.is_some() { &signed_out } else { &ada };
                    let request = visitor
                        .request(method, &link)
                        .header("content-type", "application/x-www-form-urlencoded")
                        .header("sec-fetch-site", "same-origin");
                    let request = match browser {
                        Some(mark) => request.header("cookie", mark.as_str()),
                        None => request,
                    };
                    visitor.send(request.body(axum::body::Body::from(body)).expect("a request")).await
                };
                for refused in [send("GET", "").await, send("POST", "answer=confirmed").await] {
                    let refused = refused.expect(403);
                    assert_eq!(refused.texts("h1"), ["This is for somebody else to answer"]);
                    assert!(!refused.texts("main").join(" ").contains("identity"));
                }
            }
            signed_out.get(&link).await.expect(200);
        }
        assert!(ada.get(&entry).await.texts(".entry .tag").is_empty());
        // The link for somebody named, too.
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let person =
            ada.get(&entry).await.attributes("section[aria-labelledby=who-h] a.go", "href").remove(0);
        let fields = [("person", person.trim_start_matches("/people/"))];
        let page = ada.post(&format!("{entry}/named"), &fields).await.expect(200);
        let link = page.texts("[role=status] code").remove(0).replace("http://127.0.0.1:8080", "");
        ada.get(&link).await.expect(403);
        ada.post(&link, &[("answer", "agreed")]).await.expect(403);
        signed_out.post(&link, &[("answer", "agreed")]).await.expect(200);
        assert!(ada.get(&format!("{entry}/named")).await.body.contains("by link, not yet vouched for"));
    }
}

#[tokio::test]
async fn who_can_sign_in_answers_there_and_whose_account_is_disabled_by_link() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let admin = world.somebody("Ola Berg", &[Role::Admin]).await;
        let disable = async |disabled: &str| {
            let address = format!("/admin/accounts/{}/disabled", ben.actor().account);
            admin.post(&address, &[("disabled", disabled)]).await.expect(303);
        };
        disable("yes").await;
        let entry = log(&ada, ENTRY).await;
        let link = ask_by_link(&ada, &entry, "Ben Ito", "").await;
        let other = log(&ada, &with(ENTRY, vec![("title", "Settled who owns search")])).await;
        let later = ask_by_link(&ada, &other, "Ben Ito", "").await;
        world.anonymous().post(&link, &CONFIRMED).await.expect(200);
        assert!(ada.get(&entry).await.body.contains(WAITS), "vouched for like anybody's");
        assert_eq!(voices(&ada).await, 0);

        disable("no").await;
        let closed = world.anonymous().get(&later).await.expect(403);
        assert_eq!(closed.texts("h1"), ["Sign in to answer"]);
        let leads = closed.attributes("main a.button", "href").remove(0);
        assert!(leads.starts_with("/sign-in?next=%2Frequests%2F"), "{leads}");
        world.anonymous().post(&later, &CONFIRMED).await.expect(403);
        assert!(ada.get(&other).await.texts(".entry .tag").is_empty());
        let runner = Runner::new(world.instance.clone()).expect("a runner");
        while runner.next(evident::jobs::Queue::Chores).await.expect("done") {}
        let told = notices(&world, &ben).await;
        let asked: Vec<_> = told.iter().filter(|(kind, _)| kind == "corroboration").collect();
        assert_eq!(asked.len(), 1, "what was asked before is in the inbox: {told:?}");
        // What was answered by link stays so.
        assert_eq!(queue(&ruth).await.len(), 1);
        let request = ask(&world, &ada, &entry, &ben).await;
        assert!(request.starts_with("/requests/"));
    }
}

#[tokio::test]
async fn a_merge_keeps_how_an_answer_came_and_tells_whose_account_it_is() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let admin = world.somebody("Ola Berg", &[Role::Admin]).await;
        let entry = log(&ada, &with(ENTRY, names("Benjamin Ito", "peer", "internal"))).await;
        let link = ask_by_link(&ada, &entry, "Benjamin Ito", "").await;
        world.anonymous().post(&link, &CONFIRMED).await.expect(200);
        let (asked,): (Uuid,) = {
            let mut tx = world.instance.db.read().await.expect("a read");
            tx.query("select person_id from requests").one().await.expect("a request")
        };
        let keep = ben.actor().person;
        let merge = evident::directory::merging::actions::merge(&world.instance, admin.actor(), keep, asked)
            .await
            .expect("merged");
        assert!(ada.get(&entry).await.body.contains("by link, not yet vouched for"));
        assert_eq!(voices(&ada).await, 0);
        assert_eq!(queue(&ruth).await[0].0, "Ben Ito");
        let told = notices(&world, &ben).await;
        assert!(told.contains(&("merged".into(), format!("/people/{keep}"))), "{told:?}");
        let inbox = ben.get("/inbox").await.expect(200);
        assert!(inbox.body.contains("Benjamin Ito was kept as somebody else"), "{}", inbox.body);
        assert!(!inbox.body.contains(&id(&entry).to_string()));
        evident::directory::merging::actions::undo(&world.instance, admin.actor(), merge)
            .await
            .expect("undone");
        assert!(notices(&world, &ben).await.iter().all(|(kind, _)| kind != "merged"));
    }
}

#[tokio::test]
async fn nobody_answers_in_an_account_whose_password_link_they_made() {
    for world in World::on_both().await {
        company(&world).await;
        let eve = world.somebody("Eve Holm", &[Role::Candidate, Role::Admin]).await;
        let nils = world.candidate("Nils Holm").await;
        let entry = log(&eve, &with(ENTRY, names("Nils Holm", "peer", ""))).await;
        eve.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let request = ask(&world, &eve, &entry, &nils).await;
        let marked =
            eve.get("/evidence").await.header("set-cookie").split(';').next().expect("a mark").to_owned();
        assert!(marked.starts_with("evident-browser="));
        let browser = async |token: &str, path: &str, answer: &str| {
            let visitor = world.anonymous().with_cookie(&format!("evident={token}; {marked}"));
            visitor.post(path, &[("answer", answer)]).await
        };
        let own = sessions_of(&world, &eve, &nils).await;
        let naming = format!("/named/{}", id(&entry));
        for (path, answer) in [(&request, "confirmed"), (&naming, "agreed")] {
            let refused = browser(&own, path, answer).await.expect(409);
            assert!(
                refused.body.contains("made the link by which the password of this account was set"),
                "{}",
                refused.body
            );
        }
        assert_eq!(voices(&eve).await, 0);
        // In a browser of their own they answer; and in that of whoever asks, once somebody else made the link.
        world.anonymous().with_token(Some(&own)).post(&naming, &[("answer", "agreed")]).await.expect(303);
        let ola = world.somebody("Ola Berg", &[Role::Admin]).await;
        let mut tx = world.instance.db.write().await.expect("a write");
        tx.query("update account_links set created_at = $2 where made_by = $1")
            .bind(eve.actor().account)
            .bind(world.instance.now() - chrono::TimeDelta::minutes(1))
            .run()
            .await
            .expect("made earlier");
        tx.commit().await.expect("kept");
        let anew = sessions_of(&world, &ola, &nils).await;
        browser(&anew, &request, "confirmed").await.expect(303);
        assert_eq!(voices(&eve).await, 1);
    }
}

/// A session of somebody in whose account a password was set by a link that an admin made.
async fn sessions_of(world: &World, admin: &Visitor, whom: &Visitor) -> String {
    let address = format!("/admin/accounts/{}/invitation", whom.actor().account);
    let made = admin.post(&address, &[]).await.expect(200);
    let link = made.texts("[role=status] code").remove(0);
    let token = link.rsplit('/').next().expect("a token").to_owned();
    let password = "harbour violet kettle sparrow".to_owned();
    actions::set_password(&world.instance, &token, password, "test").await.expect("a password")
}
