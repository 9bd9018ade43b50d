//! Answers by mail and by link: they count once somebody vouches that they are really that person's.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use evident::accounts::Role;
use evident::clock::Clock;
use evident::corroboration::answering::{AnswerForm, answer};
use evident::corroboration::links::Opener;
use evident::corroboration::vouching::{VouchForm, vouch};
use evident::instance::Instance;
use uuid::Uuid;

use super::world::{ENTRY, ask, ask_by_link, company, id, log, names, notices, with};
use crate::support::{Visitor, World};

pub(super) const CONFIRMED: [(&str, &str); 1] = [("answer", "confirmed")];
pub(super) const VOUCHED: &str = "vouched for on 22 Nov 2026";
pub(super) const WAITS: &str = "not yet vouched for";

pub(super) fn with_customer() -> Vec<(&'static str, &'static str)> {
    with(ENTRY, names("Pia Lund", "external", "external"))
}

/// Shares a candidate's dossier with CTOs, who know by that of whom it names.
pub(super) async fn share(owner: &Visitor) {
    owner.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// The address in the letter that was written since the last time; `read` holds those of all before it.
pub(super) async fn letter_link(world: &World, read: &mut BTreeSet<String>) -> String {
    let mut tx = world.instance.db.read().await.expect("a read");
    let texts: Vec<(String,)> = tx.query("select text from letters").all().await.expect("letters");
    let links = texts.iter().filter_map(|(text,)| text[text.find("/answers/")?..].split_whitespace().next());
    let mut new: Vec<&str> = links.filter(|link| !read.contains(*link)).collect();
    let link = new.pop().expect("a link").to_owned();
    assert!(new.is_empty(), "one letter at a time");
    read.insert(link.clone());
    link
}

/// What waits in somebody's queue: whose it is said to be, and where it is vouched for.
pub(super) async fn queue(visitor: &Visitor) -> Vec<(String, String)> {
    let page = visitor.get("/vouching").await.expect(200);
    page.texts(".entry h2").into_iter().zip(page.attributes(".entry form", "action")).collect()
}

/// The names of those whose answers count for a candidate's capability.
pub(super) async fn voices(visitor: &Visitor) -> usize {
    let readiness = visitor.get("/readiness").await.expect(303).location().to_owned();
    let json =
        visitor.get(&format!("{}.json", readiness.split('?').next().expect("a path"))).await.expect(200);
    json.json()["capabilities"][0]["voices"].as_array().expect("voices").len()
}

#[tokio::test]
async fn an_answer_by_link_counts_once_somebody_vouches_for_it() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let admin = world.somebody("Ola Berg", &[Role::Admin]).await;
        share(&ada).await;
        let entry = log(&ada, &with_customer()).await;
        let link = ask_by_link(&ada, &entry, "Pia Lund", "").await;
        let before = admin.get("/vouching").await.body;
        world.anonymous().post(&link, &CONFIRMED).await.expect(200);
        assert!(ada.get(&entry).await.texts("#voices-h ~ * , section").join(" ").contains(WAITS));
        assert_eq!(
            ada.get(&entry).await.attributes(".entry .tag", "data-kind"),
            [""; 0],
            "it counts for nothing"
        );
        assert_eq!(voices(&ada).await, 0);
        let answer = ada.get(&entry).await.attributes(".entry .meta a", "href").remove(0);
        assert!(ada.get(&answer).await.expect(200).body.contains("by link, not yet vouched for"));
        assert!(ada.get("/evidence").await.body.contains("One answer, not yet vouched for"));
        assert!(ada.get(&format!("{entry}/requests")).await.body.contains("by link, not yet vouched for"));
        let readiness = ada.get("/readiness").await.expect(303).location().to_owned();
        assert!(ada.get(&readiness).await.expect(200).body.contains("answered by link, not yet vouched for"));

        ben.get("/vouching").await.expect(403);
        ada.get("/vouching").await.expect(403);
        for voucher in [&ruth, &admin] {
            let page = voucher.get("/vouching").await.expect(200);
            assert_eq!(page.texts(".entry h2"), ["Pia Lund"]);
            assert!(page.body.contains("By a link handed over, 22 Nov 2026"), "{}", page.body);
            for secret in ["Ada", "identity", "Confirmed", "happened", &entry["/evidence/".len()..]] {
                assert!(!page.texts("main").join(" ").contains(secret), "{secret}");
            }
        }
        let (_, address) = queue(&ruth).await.remove(0);
        ada.post(&address, &[("what", "answer")]).await.expect(403);
        ruth.post(&address, &[]).await.expect(422);
        ruth.post(&address, &[("what", "address")]).await.expect(422);
        ruth.post(&address, &[("what", "answer")]).await.expect(303);
        assert!(ada.get(&entry).await.body.contains("by link, vouched for on 22 Nov 2026 by Ruth Okafor"));
        assert!(
            ada.get(&format!("{entry}/requests")).await.body.contains("by link, vouched for on 22 Nov 2026")
        );
        assert!(ada.get("/evidence").await.body.contains("Confirmed by 1"));
        let readiness = ada.get("/readiness").await.expect(303).location().to_owned();
        let why = "confirmed by Pia Lund (by link, vouched for on 22 Nov 2026 by Ruth Okafor)";
        assert!(ada.get(&readiness).await.expect(200).body.contains(why));
        assert_eq!(voices(&ada).await, 1);
        let told = notices(&world, &ada).await;
        assert!(told.iter().any(|(kind, path)| kind == "vouched" && *path == answer), "{told:?}");
        assert!(notices(&world, &ruth).await.iter().all(|(kind, _)| kind == "sponsor"));
        assert!(notices(&world, &ben).await.is_empty());
        ruth.post(&address, &[("what", "answer")]).await.expect(404);
        assert_eq!(admin.get("/vouching").await.body, before);
    }
}

#[tokio::test]
async fn a_letter_has_a_link_of_its_own_and_an_address_is_vouched_for_once() {
    for world in World::on_both().await {
        let mut read = BTreeSet::new();
        let (ada, _, ruth) = company(&world).await;
        share(&ada).await;
        let entry = log(&ada, &with_customer()).await;
        let other =
            log(&ada, &with(&with_customer(), vec![("title", "Brought two customers together")])).await;
        let mut shown = Vec::new();
        let mut mailed = Vec::new();
        for entry in [&entry, &other] {
            shown.push(ask_by_link(&ada, entry, "Pia Lund", "pia@northwind.example").await);
            mailed.push(letter_link(&world, &mut read).await);
        }
        assert_ne!(shown[0], mailed[0]);
        let pia = world.anonymous();
        pia.post(&mailed[0], &CONFIRMED).await.expect(200);
        for spent in [&shown[0], &mailed[0]] {
            assert_eq!(pia.get(spent).await.expect(404).texts("h1"), ["This link was used"]);
        }
        assert!(ada.get(&entry).await.body.contains("by mail, not yet vouched for"));
        let page = ruth.get("/vouching").await.expect(200);
        assert!(page.body.contains("By a letter to pia@northwind.example"), "{}", page.body);
        let (_, address) = queue(&ruth).await.remove(0);
        ruth.post(&address, &[("what", "address")]).await.expect(303);
        assert!(ada.get(&entry).await.body.contains(VOUCHED));
        // What they mail from there later counts at once; what a link brings does not.
        pia.post(&mailed[1], &CONFIRMED).await.expect(200);
        assert!(ada.get(&other).await.body.contains("by mail, vouched for on 22 Nov 2026 by Ruth Okafor"));
        assert!(queue(&ruth).await.is_empty());
        let again = ask_by_link(&ada, &other, "Pia Lund", "pia@northwind.example").await;
        pia.post(&again, &[("answer", "differs"), ("account", "Not quite.")]).await.expect(200);
        let page = ada.get(&other).await.expect(200);
        assert!(page.body.contains("by link, not yet vouched for"), "{}", page.body);
        assert!(
            page.body.contains("by mail, vouched for on 22 Nov 2026 by Ruth Okafor"),
            "what stands is shown beside it"
        );
        assert_eq!(voices(&ada).await, 1);
    }
}

#[tokio::test]
async fn nobody_vouches_for_an_answer_on_their_own_evidence() {
    for world in World::on_both().await {
        let mut read = BTreeSet::new();
        let (_, _, ruth) = company(&world).await;
        let eve = world.somebody("Eve Holm", &[Role::Candidate, Role::Admin, Role::Cto]).await;
        let sponsor = ruth.actor().account.to_string();
        eve.post("/settings/sharing", &[("sharing", "sponsor"), ("sponsor", &sponsor)]).await.expect(303);
        let entry = log(&eve, &with_customer()).await;
        ask_by_link(&eve, &entry, "Pia Lund", "pia@northwind.example").await;
        // The page's own part: that they are answered is told in the inbox.
        let seen = async || eve.get("/vouching").await.expect(200).texts("main");
        let empty = seen().await;
        world.anonymous().post(&letter_link(&world, &mut read).await, &CONFIRMED).await.expect(200);
        assert_eq!(seen().await, empty);
        let (_, address) = queue(&ruth).await.remove(0);
        for what in ["answer", "address"] {
            let refused = eve.post(&address, &[("what", what)]).await.expect(404);
            let missing =
                eve.post(&format!("/vouching/{}", Uuid::nil()), &[("what", what)]).await.expect(404);
            let missing_address = format!("/vouching/{}", Uuid::nil());
            let plain = |body: &str| body.replace(&address, "").replace(&missing_address, "");
            assert_eq!(plain(&refused.body).len(), plain(&missing.body).len());
        }
        // Nor by listing the domain: it vouches for others' answers alone.
        eve.post("/admin/organizations", &[("domain", "northwind.example")]).await.expect(303);
        assert_eq!(queue(&ruth).await.len(), 1);
        ask_by_link(&eve, &entry, "Pia Lund", "pia@northwind.example").await;
        world
            .anonymous()
            .post(&letter_link(&world, &mut read).await, &[("answer", "not-close-enough")])
            .await
            .expect(200);
        assert!(eve.get(&entry).await.body.contains("by mail, not yet vouched for"));
        // An address that one vouched for oneself is another's to vouch for, on one's own evidence.
        let ada = world.candidate("Ada Lowe").await;
        let others = log(&ada, &with_customer()).await;
        ask_by_link(&ada, &others, "Pia Lund", "pia@acme.example").await;
        world.anonymous().post(&letter_link(&world, &mut read).await, &CONFIRMED).await.expect(200);
        let (_, address) = queue(&eve).await.remove(0);
        eve.post(&address, &[("what", "address")]).await.expect(303);
        assert!(ada.get(&others).await.body.contains(VOUCHED));
    }
}

/// The world's instance on another day.
fn on(world: &World, day: &str) -> Instance {
    let mut instance = world.instance.clone();
    instance.clock = Clock::fixed_on(day.parse().expect("a day"));
    instance
}

/// The days of everybody's answers about entries and of the words that vouch for them, in the order in which they came.
async fn days(world: &World) -> Vec<(NaiveDate, Option<NaiveDate>)> {
    let mut tx = world.instance.db.read().await.expect("a read");
    tx.query("select on_date, vouched_on from corroborations order by position").all().await.expect("days")
}

#[tokio::test]
async fn what_is_vouched_for_counts_from_the_later_of_both_days() {
    for world in World::on_both().await {
        let mut read = BTreeSet::new();
        let (ada, _, ruth) = company(&world).await;
        share(&ada).await;
        let entry = log(&ada, &with_customer()).await;
        ask_by_link(&ada, &entry, "Pia Lund", "pia@northwind.example").await;
        world.anonymous().post(&letter_link(&world, &mut read).await, &CONFIRMED).await.expect(200);
        let (_, address) = queue(&ruth).await.remove(0);
        let form = VouchForm { what: "address".into() };
        // By a clock that was set back, no answer counts before it was given; later, from the day of vouching on.
        vouch(&on(&world, "2026-11-20"), ruth.actor(), id(&address), &form).await.expect("vouched for");
        let (first, later) = (day("2026-11-22"), day("2026-11-25"));
        assert_eq!(days(&world).await, [(first, Some(first))]);
        let link = ask_by_link(&ada, &entry, "Pia Lund", "").await;
        world.anonymous().post(&link, &[("answer", "not-close-enough")]).await.expect(200);
        let (_, waiting) = queue(&ruth).await.remove(0);
        let form = VouchForm { what: "answer".into() };
        vouch(&on(&world, "2026-11-25"), ruth.actor(), id(&waiting), &form).await.expect("vouched for");
        assert_eq!(days(&world).await, [(first, Some(first)), (first, Some(later))]);
        // What comes from the address from now on counts from its own day on.
        ask_by_link(&ada, &entry, "Pia Lund", "pia@northwind.example").await;
        world.anonymous().post(&letter_link(&world, &mut read).await, &CONFIRMED).await.expect(200);
        assert_eq!(days(&world).await.pop(), Some((first, Some(first))));
    }
}

#[tokio::test]
async fn the_later_answer_stands_whatever_the_clock_says() {
    for world in World::on_both().await {
        let (ada, ben, _) = company(&world).await;
        let entry = log(&ada, ENTRY).await;
        let request = ask(&world, &ada, &entry, &ben).await;
        ben.post(&request, &CONFIRMED).await.expect(303);
        assert_eq!(voices(&ada).await, 1);
        let form = AnswerForm { answer: "not-close-enough".into(), ..AnswerForm::default() };
        answer(&on(&world, "2026-11-19"), ben.actor(), &Opener::default(), id(&request), &form)
            .await
            .expect("answered");
        assert_eq!(ada.get(&entry).await.texts(".entry .tag"), ["Not close enough to say"]);
        assert_eq!(voices(&ada).await, 0);
        assert_eq!(days(&world).await, [(day("2026-11-22"), None); 2]);
    }
}

#[tokio::test]
async fn listed_domains_vouch_for_what_is_mailed_from_there() {
    for world in World::on_both().await {
        let mut read = BTreeSet::new();
        let (ada, ben, ruth) = company(&world).await;
        let admin = world.somebody("Ola Berg", &[Role::Admin]).await;
        for visitor in [&ada, &ben, &ruth] {
            visitor.get("/admin/organizations").await.expect(403);
            visitor.post("/admin/organizations", &[("domain", "northwind.example")]).await.expect(403);
        }
        for (refused, why) in [
            ("", "Enter a domain"),
            ("pia@northwind.example", "Enter the domain alone"),
            ("gmail.com", "Anybody can have an address"),
            ("mail.GMX.co.uk", "Anybody can have an address"),
            ("co.uk", "Many organizations"),
            ("example.com", "the company’s own"),
            ("eng.example.com", "the company’s own"),
        ] {
            let page = admin.post("/admin/organizations", &[("domain", refused)]).await.expect(422);
            assert!(page.texts(".error-summary").join(" ").contains(why), "{refused}: {}", page.body);
        }
        let entry = log(&ada, &with_customer()).await;
        ask_by_link(&ada, &entry, "Pia Lund", "pia@xn--mller-kva.example").await;
        world.anonymous().post(&letter_link(&world, &mut read).await, &CONFIRMED).await.expect(200);
        assert_eq!(queue(&admin).await.len(), 1);
        admin.post("/admin/organizations", &[("domain", "Müller.example")]).await.expect(303);
        assert!(admin.get("/admin/organizations").await.body.contains("xn--mller-kva.example"));
        admin.post("/admin/organizations", &[("domain", "müller.example")]).await.expect(422);
        assert!(ada.get(&entry).await.body.contains(VOUCHED), "what came before counts from now on");
        assert!(queue(&admin).await.is_empty());
        let told = notices(&world, &ada).await;
        assert!(told.iter().any(|(kind, _)| kind == "vouched"), "{told:?}");

        let other =
            log(&ada, &with(&with_customer(), vec![("title", "Brought two customers together")])).await;
        let link = ask_by_link(&ada, &other, "Pia Lund", "other@xn--mller-kva.example").await;
        world.anonymous().post(&letter_link(&world, &mut read).await, &CONFIRMED).await.expect(200);
        assert!(ada.get(&other).await.body.contains("by mail, vouched for on 22 Nov 2026 by Ola Berg"));
        assert_eq!(voices(&ada).await, 1);
        world.anonymous().get(&link).await.expect(404);

        let removal = admin.get("/admin/organizations").await.attributes("td form", "action").remove(0);
        admin.post(&removal, &[]).await.expect(303);
        admin.post(&removal, &[]).await.expect(404);
        assert!(ada.get(&other).await.body.contains(VOUCHED), "what counts stays as it is");
        let third = log(&ada, &with(&with_customer(), vec![("title", "Wrote the guide together")])).await;
        ask_by_link(&ada, &third, "Pia Lund", "other@xn--mller-kva.example").await;
        world.anonymous().post(&letter_link(&world, &mut read).await, &CONFIRMED).await.expect(200);
        assert!(ada.get(&third).await.body.contains(WAITS));
        assert_eq!(queue(&admin).await.len(), 1);
    }
}
