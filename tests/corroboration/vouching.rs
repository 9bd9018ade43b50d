//! Answers by mail and by link: they count once somebody vouches that they are really that person's, and nobody answers for
//! others what they asked themselves.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use evident::accounts::Role;
use evident::clock::Clock;
use evident::corroboration::answering::{AnswerForm, answer};
use evident::corroboration::vouching::{VouchForm, vouch};
use evident::instance::Instance;
use evident::server::jobs::Runner;
use uuid::Uuid;

use super::world::{ENTRY, ask, ask_by_link, company, id, log, names, notices, with};
use crate::support::{Visitor, World};

pub(super) const CONFIRMED: [(&str, &str); 1] = [("answer", "confirmed")];
pub(super) const VOUCHED: &str = "vouched for on 22 Nov 2026";
const WAITS: &str = "not yet vouched for";

pub(super) fn with_customer() -> Vec<(&'static str, &'static str)> {
    with(ENTRY, names("Pia Lund", "external", "external"))
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
        let entry = log(&ada, &with_customer()).await;
        let link = ask_by_link(&ada, &entry, "Pia Lund", "").await;
        let before = [ruth.get("/vouching").await.body, admin.get("/vouching").await.body];
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
        assert!(notices(&world, &ruth).await.is_empty() && notices(&world, &ben).await.is_empty());
        ruth.post(&address, &[("what", "answer")]).await.expect(404);
        assert_eq!([ruth.get("/vouching").await.body, admin.get("/vouching").await.body], before);
    }
}

#[tokio::test]
async fn a_letter_has_a_link_of_its_own_and_an_address_is_vouched_for_once() {
    for world in World::on_both().await {
        let mut read = BTreeSet::new();
        let (ada, _, ruth) = company(&world).await;
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
        answer(&on(&world, "2026-11-19"), ben.actor(), id(&request), &form).await.expect("answered");
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
async fn a_wish_not_to_be_named_is_undone_by_the_person_alone() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let fields = with_customer();
        let entry = log(&ada, &fields).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let person =
            ada.get(&entry).await.attributes("section[aria-labelledby=who-h] a.go", "href").remove(0);
        let pia = person.trim_start_matches("/people/").to_owned();
        let write = async || {
            let page = ada.post(&format!("{entry}/named"), &[("person", pia.as_str())]).await.expect(200);
            page.texts("[role=status] code").remove(0).replace("http://127.0.0.1:8080", "")
        };
        let anybody = world.anonymous();
        anybody.post(&write().await, &[("answer", "unnamed")]).await.expect(200);
        let objects = async || {
            assert!(ada.get(&entry).await.body.contains("asked not to be named"));
            ben.get(&person).await.expect(404);
        };
        objects().await;
        // A new link, and an answer by it for which nobody vouched, change nothing.
        let link = write().await;
        objects().await;
        anybody.post(&link, &[("answer", "agreed")]).await.expect(200);
        objects().await;
        // Nor does taking them out of the entry and naming them again.
        let without = with(ENTRY, vec![("revision", "1")]);
        ada.post(&entry, &without).await.expect(303);
        let again = with(ENTRY, vec![("person", pia.as_str()), ("as", "external"), ("revision", "2")]);
        ada.post(&entry, &again).await.expect(303);
        objects().await;
        assert_eq!(queue(&ruth).await.len(), 1);
        let (_, address) = queue(&ruth).await.remove(0);
        ruth.post(&address, &[("what", "answer")]).await.expect(303);
        let page = ada.get(&entry).await.expect(200);
        assert!(
            page.body.contains("agreed to be named so, by link, vouched for on 22 Nov 2026 by Ruth Okafor"),
            "{}",
            page.body
        );
        ben.get(&person).await.expect(200);
        // What they agreed to outlives being taken out and named again, and a new link.
        write().await;
        ada.post(&entry, &with(ENTRY, vec![("revision", "3")])).await.expect(303);
        let again = with(ENTRY, vec![("person", pia.as_str()), ("as", "external"), ("revision", "4")]);
        ada.post(&entry, &again).await.expect(303);
        assert!(
            ada.get(&entry)
                .await
                .body
                .contains("agreed to be named so, by link, vouched for on 22 Nov 2026 by Ruth Okafor")
        );
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
