//! Letters to addresses are bounded: for whoever posts them, who is told, and for whoever gets them, whose turn comes.

use chrono::TimeDelta;
use evident::clock::Clock;
use evident::corroboration::asking::{self, AskForm};
use evident::error::Error;

use super::mailbox::{Mailbox, run};
use crate::support::{Visitor, World};

const PIA: &str = "pia@example.org";

/// Logs an entry that names Pia Lund, somebody of another company.
async fn log(owner: &Visitor, number: usize) -> String {
    let title = format!("Settled question {number}");
    let month = (number % 9 + 1).to_string();
    let fields = [
        ("intent", "publish"),
        ("title", title.as_str()),
        ("from_month", month.as_str()),
        ("from_year", "2026"),
        ("capability", "external-presence"),
        ("confirm_duplicate", "yes"),
        ("person", "Pia Lund"),
        ("as", "external"),
        ("organization", "external"),
        ("works_at", ""),
        ("level", ""),
        ("domain", ""),
    ];
    owner.post("/evidence", &fields).await.expect(303).location().to_owned()
}

fn asked(email: &str) -> [(&str, &str); 3] {
    [("person", "other"), ("other", "Pia Lund"), ("email", email)]
}

#[tokio::test]
async fn who_asks_is_told_when_they_have_written_enough_and_nothing_is_lost() {
    for mut world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let mut entries = Vec::new();
        for number in 0..4 {
            entries.push(log(&ada, number).await);
        }
        for entry in &entries[..3] {
            ada.post(&format!("{entry}/requests"), &asked(PIA)).await.expect(200);
        }
        let asking = format!("{}/requests", entries[3]);
        let refused = ada.post(&asking, &asked(PIA)).await.expect(422);
        assert_eq!(refused.attributes(".error-summary a", "href"), ["#email"]);
        assert!(
            refused.body.contains("You have written to this address 3 times within a day"),
            "{}",
            refused.body
        );
        assert!(refused.body.contains("value=\"pia@example.org\""), "what was typed is kept");
        // Without the address, there is a link all the same; other addresses are other people.
        let page = ada.post(&asking, &asked("")).await.expect(200);
        assert_eq!(page.texts("[role=status] code").len(), 1);
        ada.post(&asking, &asked("pia.lund@example.org")).await.expect(200);
        // What was recalled before it left doesn't count.
        let again = format!("{}/requests", entries[0]);
        let take_back = ada.get(&again).await.attributes("form[action$='/withdrawal']", "action").remove(0);
        ada.post(&take_back, &[]).await.expect(303);
        ada.post(&again, &asked(PIA)).await.expect(200);
        // The letters that a link for somebody named is mailed by count as well.
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let page = ada.get(&format!("{}/named", entries[3])).await.expect(200);
        let pia = page
            .attributes("select option, input[name=person]", "value")
            .into_iter()
            .find(|id| !id.is_empty());
        let pia = pia.expect("Pia");
        let telling = [("person", pia.as_str()), ("email", PIA)];
        let told = ada.post(&format!("{}/named", entries[3]), &telling).await.expect(422);
        assert!(told.body.contains("You have written to this address 3 times"), "{}", told.body);

        world.instance.clock =
            Clock::Fixed(world.instance.now() + TimeDelta::hours(24) + TimeDelta::seconds(1));
        let form = AskForm {
            person: "other".into(),
            other: "Pia Lund".into(),
            email: PIA.into(),
            ..AskForm::default()
        };
        let id = entries[3].rsplit('/').next().expect("an id");
        asking::ask(&world.instance, ada.actor(), id, &form).await.expect("a day later");
    }
}

#[tokio::test]
async fn nobody_posts_more_than_twenty_letters_a_day() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let mut entries = Vec::new();
        for number in 0..21 {
            entries.push(log(&ada, number).await);
        }
        for (number, entry) in entries.iter().enumerate() {
            let form = AskForm {
                person: "other".into(),
                other: "Pia Lund".into(),
                email: format!("pia{number}@example.org"),
                ..AskForm::default()
            };
            let id = entry.rsplit('/').next().expect("an id");
            let outcome = asking::ask(&world.instance, ada.actor(), id, &form).await;
            match outcome {
                Ok(asked) => assert!(number < 20, "{asked:?}"),
                Err(Error::Invalid(faults)) => {
                    assert_eq!((number, faults[0].field.to_string().as_str()), (20, "email"));
                    assert!(faults[0].message.contains("20 letters sent within a day"), "{faults:?}");
                }
                Err(other) => panic!("{other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn one_address_gets_five_letters_a_day_whoever_posts_them() {
    let Some(mailbox) = Mailbox::open() else { return };
    for mut world in World::on_both().await {
        let seen = pias(&mailbox);
        let mut pages = Vec::new();
        for (number, name) in ["Ada Marsh", "Ben Ito", "Kim Ode", "Lea Roth"].iter().enumerate() {
            let owner = world.candidate(name).await;
            for further in 0..2 {
                let entry = log(&owner, 2 * number + further).await;
                pages.push(owner.post(&format!("{entry}/requests"), &asked(PIA)).await.expect(200));
            }
        }
        // Who asks is told nothing of what others asked: it would say what others do.
        let told: Vec<String> = pages.iter().map(|page| page.texts("[role=status] p").remove(0)).collect();
        assert!(told.iter().all(|words| *words == told[0]), "{told:?}");
        assert!(told[0].contains("pia@example.org"), "{told:?}");
        run(&mailbox.serve(&mut world)).await;
        assert_eq!(pias(&mailbox) - seen, 5);
        world.instance.clock = Clock::Fixed(world.instance.now() + TimeDelta::hours(23));
        run(&mailbox.serve(&mut world)).await;
        assert_eq!(pias(&mailbox) - seen, 5, "not before a day has passed");
        world.instance.clock = Clock::Fixed(world.instance.now() + TimeDelta::hours(1));
        run(&mailbox.serve(&mut world)).await;
        assert_eq!(pias(&mailbox) - seen, 8, "and then the rest, none lost");
    }
}

/// How many mails Pia has.
fn pias(mailbox: &Mailbox) -> usize {
    mailbox.taken().iter().filter(|mail| mail.starts_with("To: pia@example.org\n")).count()
}
