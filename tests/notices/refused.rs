//! Letters that can't be delivered: whoever posted one is told why, and what to do.

use chrono::TimeDelta;
use evident::clock::Clock;

use super::mailbox::{Mailbox, run};
use crate::corroboration::world::{ENTRY, ask_by_link, company, log, names, notices, with};
use crate::support::{Visitor, World};

const TOLD: &str = "undelivered";

fn later(world: &mut World, by: TimeDelta) {
    world.instance.clock = Clock::Fixed(world.instance.now() + by);
}

async fn is_told(world: &World, whom: &Visitor) -> bool {
    notices(world, whom).await.iter().any(|(kind, _)| kind == TOLD)
}

/// An entry that names somebody, and of which nothing is suggested: no digest goes out beside the letters.
fn naming(name: &str) -> Vec<(&str, &str)> {
    let criterion = vec![("criterion", "cross-domain-leadership/strategic-coherence")];
    with(&with(ENTRY, names(name, "external", "external")), criterion)
}

#[tokio::test]
async fn who_asked_is_told_that_the_letter_was_refused() {
    let Some(mailbox) = Mailbox::open() else { return };
    for mut world in World::on_both().await {
        let seen = mailbox.taken().len();
        let (ada, ben, _) = company(&world).await;
        let entry = log(&ada, &naming("Pia Lund")).await;
        ask_by_link(&ada, &entry, "Pia Lund", "pia@bücher.example").await;
        let hidden = "\u{202E}\u{200B}";
        mailbox.answers(&format!("550 <b>no</b> such {hidden}person {}", "x".repeat(400)));
        assert_eq!(run(&mailbox.serve(&mut world)).await, 1);
        let told = notices(&world, &ada).await;
        assert!(told.contains(&(TOLD.into(), format!("{entry}/requests"))), "{told:?}");
        let inbox = ada.get("/inbox").await.expect(200);
        for words in ["The letter to pia@bücher.example could not be delivered", "550", "such person xxx"] {
            assert!(inbox.texts("main").concat().contains(words), "{words}: {}", inbox.body);
        }
        assert!(!inbox.body.contains("<b>no") && !inbox.body.contains(hidden));
        assert!(!inbox.body.contains(&"x".repeat(200)), "what a server writes is cut");
        assert!(!is_told(&world, &ben).await);

        // Tried again and taken: it is no news any more.
        mailbox.answers("accept");
        later(&mut world, TimeDelta::minutes(1));
        assert_eq!(run(&mailbox.serve(&mut world)).await, 1);
        assert!(!is_told(&world, &ada).await);
        let mails = mailbox.taken().split_off(seen);
        assert!(mails[0].starts_with("To: pia@xn--bcher-kva.example\n"), "{mails:?}");

        // Asked at another address, since this one is refused.
        mailbox.answers("553 no");
        ask_by_link(&ada, &entry, "Pia Lund", "wrong@example.com").await;
        later(&mut world, TimeDelta::minutes(1));
        assert_eq!(run(&mailbox.serve(&mut world)).await, 1);
        assert!(is_told(&world, &ada).await);
        mailbox.answers("accept");
        ask_by_link(&ada, &entry, "Pia Lund", "right@example.com").await;
        assert!(!is_told(&world, &ada).await);
    }
}

#[tokio::test]
async fn an_address_in_letters_is_written_to_where_the_server_knows_them() {
    let Some(mailbox) = Mailbox::open() else { return };
    for mut world in World::on_both().await {
        let seen = mailbox.taken().len();
        let (ada, _, _) = company(&world).await;
        let entry = log(&ada, &naming("Pia Lund")).await;
        ask_by_link(&ada, &entry, "Pia Lund", "Jörg <Jörg@Example.com>").await;
        assert_eq!(run(&mailbox.serve(&mut world)).await, 1);
        let inbox = ada.get("/inbox").await.expect(200);
        let told = "The letter to jörg@example.com could not be delivered: the mail server here takes no address with letters";
        assert!(inbox.texts("main").concat().contains(told), "{}", inbox.body);
        mailbox.knows_letters(true);
        later(&mut world, TimeDelta::minutes(1));
        assert_eq!(run(&mailbox.serve(&mut world)).await, 1);
        let mails = mailbox.taken().split_off(seen);
        assert!(mails.len() == 1 && mails[0].starts_with("To: jörg@example.com\n"), "{mails:?}");
        assert!(!is_told(&world, &ada).await);
        mailbox.knows_letters(false);
    }
}

#[tokio::test]
async fn a_letter_opens_with_our_words_and_a_name_leads_nowhere() {
    let Some(mailbox) = Mailbox::open() else { return };
    for mut world in World::on_both().await {
        let seen = mailbox.taken().len();
        let (ada, _, _) = company(&world).await;
        let name = "Your account is locked, see https://evil.example";
        let guest = "Pia, go to www.evil.example";
        {
            let mut tx = world.instance.db.write().await.expect("a write");
            let rename = tx.query("update people set name = $2 where id = $1").bind(ada.actor().person);
            rename.bind(name.to_owned()).run_expecting(1).await.expect("renamed");
            tx.commit().await.expect("kept");
        }
        let entry = log(&ada, &naming(guest)).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let person = {
            let mut tx = world.instance.db.read().await.expect("a read");
            let found: (uuid::Uuid,) = tx
                .query("select id from people where name = $1")
                .bind(guest.to_owned())
                .one()
                .await
                .expect("a row");
            found.0.to_string()
        };
        ask_by_link(&ada, &entry, guest, "pia@example.org").await;
        let fields = [("person", person.as_str()), ("email", "pia@example.org")];
        ada.post(&format!("{entry}/named"), &fields).await.expect(200);
        let letters: Vec<(String, String)> = {
            let mut tx = world.instance.db.read().await.expect("a read");
            tx.query("select subject, text from letters order by created_at, id")
                .all()
                .await
                .expect("letters")
        };
        assert_eq!(letters.len(), 2);
        for (subject, text) in &letters {
            assert!(subject.starts_with("Evident: ") && text.starts_with("Evident keeps evidence"), "{text}");
            assert!(subject.chars().count() < 160 && !subject.contains("https:") && !subject.contains("l.e"));
            let links: Vec<&str> = text.split_whitespace().filter(|word| word.contains("://")).collect();
            assert!(links.len() == 1 && links[0].starts_with("http://127.0.0.1:8080/answers/"), "{text}");
            assert!(!text.contains("evil.example"), "{text}");
            let quoted = text.find("\n> From: ").expect("the sender's own words");
            assert!(text.find("Your account").is_some_and(|at| at > quoted), "{text}");
            assert!(text.find("go to www").is_some_and(|at| at > quoted), "{text}");
        }
        // The CTO with whom it was shared may have a digest beside them.
        run(&mailbox.serve(&mut world)).await;
        let taken = mailbox.taken().split_off(seen);
        assert_eq!(taken.iter().filter(|mail| mail.starts_with("To: pia@example.org\n")).count(), 2);
    }
}
