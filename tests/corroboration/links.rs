//! Links for those without an account: opened as often as one likes, spent by one answer.

use chrono::TimeDelta;
use evident::clock::Clock;

use super::world::{ENTRY, ask_by_link, company, log, names, with};
use crate::support::World;

const CONFIRMED: [(&str, &str); 1] = [("answer", "confirmed")];

fn with_customer() -> Vec<(&'static str, &'static str)> {
    with(ENTRY, names("Pia Lund", "external", "external"))
}

#[tokio::test]
async fn a_link_is_spent_by_answering_and_never_by_opening() {
    for world in World::on_both().await {
        let (ada, _, _) = company(&world).await;
        let entry = log(&ada, &with_customer()).await;
        log(&ada, &with(ENTRY, vec![("title", "Nobody else's business")])).await;
        let link = ask_by_link(&ada, &entry, "Pia Lund", "pia@example.org").await;
        assert!(link.len() > "/answers/".len() + 32, "at least 128 bits");
        let pia = world.anonymous();
        // Mail scanners open links, also with HEAD.
        for _ in 0..3 {
            let page = pia.get(&link).await.expect(200);
            assert_eq!(page.header("x-robots-tag"), "noindex, nofollow");
            assert_eq!(page.header("cache-control"), "no-store");
            assert_eq!(page.header("referrer-policy"), "no-referrer");
            assert!(page.body.contains("Settled who owns identity"));
            assert!(!page.body.contains("Nobody else"), "that entry alone");
            assert!(page.attributes("main a", "href").iter().all(|href| !href.starts_with('/')));
            let head = pia.request("HEAD", &link).body(axum::body::Body::empty()).expect("a request");
            pia.send(head).await.expect(200);
        }
        pia.post(&link, &[("answer", "perhaps")]).await.expect(422);
        let thanks = pia.post(&link, &CONFIRMED).await.expect(200);
        assert_eq!(thanks.texts("h1"), ["Thank you"]);
        for answer in [pia.get(&link).await, pia.post(&link, &[("answer", "declined")]).await] {
            assert_eq!(answer.status, 404);
            assert_eq!(answer.texts("h1"), ["This link was used"]);
            assert!(!answer.body.contains("Ada") && !answer.body.contains("identity"), "tells nothing");
        }
        assert_eq!(ada.get(&entry).await.texts(".entry .tag"), ["Confirmed"]);
        // Somebody else's token, and text that is none.
        for other in ["/answers/abc", &format!("/answers/{}", "0".repeat(64))] {
            let gone = pia.get(other).await.expect(404);
            assert_eq!(gone.texts("h1"), ["There is nothing to answer here"]);
        }
        let kept: Vec<(Vec<u8>,)> = {
            let mut tx = world.instance.db.read().await.expect("a read");
            tx.query("select token_hash from requests").all().await.expect("hashes")
        };
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].0.len(), 32, "only the token's digest is kept");
        assert!(!link.contains(&hex::encode(&kept[0].0)));
    }
}

#[tokio::test]
async fn of_two_answers_at_once_by_one_link_one_is_taken() {
    for world in World::on_both().await {
        let (ada, _, _) = company(&world).await;
        let entry = log(&ada, &with_customer()).await;
        let link = ask_by_link(&ada, &entry, "Pia Lund", "").await;
        let pia = world.anonymous();
        let (one, two) =
            tokio::join!(pia.post(&link, &CONFIRMED), pia.post(&link, &[("answer", "declined")]));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 404]);
        assert_eq!(ada.get(&entry).await.texts(".entry .tag").len(), 1);
    }
}

#[tokio::test]
async fn a_link_that_is_too_old_says_so() {
    for mut world in World::on_both().await {
        let (ada, _, _) = company(&world).await;
        let entry = log(&ada, &with_customer()).await;
        let link = ask_by_link(&ada, &entry, "Pia Lund", "").await;
        let now = world.instance.now();
        world.instance.clock = Clock::Fixed(now + TimeDelta::days(30));
        world.assemble();
        let pia = world.anonymous();
        for answer in [pia.get(&link).await, pia.post(&link, &CONFIRMED).await] {
            assert_eq!(answer.status, 404);
            assert_eq!(answer.texts("h1"), ["This link is too old"]);
        }
    }
}

#[tokio::test]
async fn a_link_for_what_was_taken_back_says_what_to_do() {
    for world in World::on_both().await {
        let (ada, _, _) = company(&world).await;
        let entry = log(&ada, &with_customer()).await;
        let pia = world.anonymous();
        let first = ask_by_link(&ada, &entry, "Pia Lund", "pia@example.org").await;
        let second = ask_by_link(&ada, &entry, "Pia Lund", "pia@example.org").await;
        let gone = pia.get(&first).await.expect(404);
        assert_eq!(gone.texts("h1"), ["There is nothing to answer here"], "asked anew");
        pia.get(&second).await.expect(200);
        ada.post(&format!("{entry}/withdrawal"), &[]).await.expect(303);
        let withdrawn = pia.get(&second).await.expect(404);
        let posted = pia.post(&second, &CONFIRMED).await.expect(404);
        let unknown = pia.get(&format!("/answers/{}", "f".repeat(64))).await.expect(404);
        // Not to be told apart, but for the address itself.
        let plain = |body: &str, link: &str| body.replace(link.trim_start_matches("/answers/"), "TOKEN");
        let unknown = plain(&unknown.body, &"f".repeat(64));
        assert_eq!(plain(&withdrawn.body, &second), unknown);
        assert_eq!(plain(&posted.body, &second), unknown);
        let waiting: (i64,) = {
            let mut tx = world.instance.db.read().await.expect("a read");
            tx.query("select count(*) from letters where sent_at is null and recalled_at is null")
                .one()
                .await
                .expect("letters")
        };
        assert_eq!(waiting, (0,), "nothing is mailed about what was taken back");
    }
}

#[tokio::test]
async fn a_letter_tells_who_asks_and_nothing_of_the_entry() {
    for world in World::on_both().await {
        let (ada, _, _) = company(&world).await;
        let entry = log(&ada, &with_customer()).await;
        let link = ask_by_link(&ada, &entry, "Pia Lund", " Pia@Example.org ").await;
        let letters: Vec<(String, String, String)> = {
            let mut tx = world.instance.db.read().await.expect("a read");
            tx.query("select to_address, subject, text from letters").all().await.expect("letters")
        };
        let [(to, subject, text)] = &letters[..] else { panic!("{letters:?}") };
        assert_eq!(to, "pia@example.org");
        assert_eq!(subject, "Evident: Ada Marsh asks you about their work");
        assert!(text.contains("http://127.0.0.1:8080/answers/"));
        assert!(!text.contains(&link), "the letter has a link of its own");
        for prose in ["identity", "paging", "Cross-domain"] {
            assert!(!text.contains(prose) && !subject.contains(prose), "{prose}");
        }
    }
}

#[tokio::test]
async fn an_account_that_comes_later_answers_in_the_app_what_was_asked_by_link() {
    for world in World::on_both().await {
        let (ada, _, _) = company(&world).await;
        let entry = log(&ada, &with_customer()).await;
        let link = ask_by_link(&ada, &entry, "Pia Lund", "").await;
        let new = evident::accounts::actions::NewAccount {
            name: String::new(),
            known_as: "Pia Lund".into(),
            email: "pia.lund@example.com".into(),
            roles: vec![evident::accounts::Role::Committee],
        };
        let added = evident::accounts::actions::add_account(&world.instance, None, new).await.expect("added");
        let password = "harbour violet kettle sparrow".to_owned();
        let token = evident::accounts::actions::set_password(&world.instance, &added.token, password, "test")
            .await
            .expect("a session");
        let pia = world.anonymous().with_token(Some(&token));
        let (request,): (uuid::Uuid,) = {
            let mut tx = world.instance.db.read().await.expect("a read");
            tx.query("select id from requests").one().await.expect("a request")
        };
        pia.get(&format!("/requests/{request}")).await.expect(200);
        pia.post(&format!("/requests/{request}"), &CONFIRMED).await.expect(303);
        assert_eq!(pia.get(&link).await.expect(404).texts("h1"), ["This link was used"]);
    }
}

#[tokio::test]
async fn no_link_is_opened_or_answered_in_anybodys_session() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let entry = log(&ada, &with_customer()).await;
        let asked = ask_by_link(&ada, &entry, "Pia Lund", "").await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let person =
            ada.get(&entry).await.attributes("section[aria-labelledby=who-h] a.go", "href").remove(0);
        let fields = [("person", person.trim_start_matches("/people/"))];
        let page = ada.post(&format!("{entry}/named"), &fields).await.expect(200);
        let named = page.texts("[role=status] code").remove(0).replace("http://127.0.0.1:8080", "");
        let pia = world.anonymous();
        for (link, answer) in [(asked, "confirmed"), (named, "agreed")] {
            for (visitor, name) in [(&ben, "Ben Ito"), (&ruth, "Ruth Okafor")] {
                for refused in [visitor.get(&link).await, visitor.post(&link, &[("answer", answer)]).await] {
                    let refused = refused.expect(403);
                    let said = refused.texts("main").join(" ");
                    let why = format!(
                        "You are signed in as {name}. This link is for somebody without an account: open it where nobody is signed in."
                    );
                    assert!(said.contains(&why), "{said}");
                    assert!(!said.contains("identity"), "{said}");
                }
            }
            pia.get(&link).await.expect(200);
            pia.post(&link, &[("answer", answer)]).await.expect(200);
            assert_eq!(ben.get(&link).await.expect(404).texts("h1"), ["This link was used"]);
        }
    }
}
