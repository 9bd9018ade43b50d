//! What is typed goes to the account that typed it or nowhere, is acknowledged by what it holds, and makes nothing twice;
//! days that are typed are held against the day that it is where people are.

use axum::body::Body;
use axum::http::header;
use evident::accounts::Role;

use crate::support::{Answer, Visitor, World};

const PAGE: &str = "0123456789abcdef0123456789abcdef";
const ELSEWHERE: &str = "ffffffffffffffffffffffffffffffff";
const DRAFT: &str = "00112233445566778899aabbccddeeff";

async fn who(visitor: &Visitor) -> String {
    visitor.get("/framework").await.expect(200).attributes("html", "data-who").remove(0)
}

fn with<'f>(fields: &[(&'f str, &'f str)], more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let mut all: Vec<_> = fields.to_vec();
    all.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    all.extend(more);
    all
}

/// Sends a form as a page's script does.
async fn autosave(visitor: &Visitor, path: &str, fields: &[(&str, &str)], status: u16) -> Answer {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = visitor
        .request("POST", path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json")
        .header("sec-fetch-site", "same-origin");
    visitor.send(request.body(Body::from(form)).expect("a request")).await.expect(status)
}

async fn titles(visitor: &Visitor) -> Vec<String> {
    visitor.get("/evidence").await.expect(200).texts("ul.list h2")
}

#[tokio::test]
async fn what_one_account_typed_is_saved_for_no_other() {
    for world in World::on_both().await {
        let (ada, ben) = (world.candidate("Ada Marsh").await, world.candidate("Ben Okoro").await);
        let ada_is = who(&ada).await;
        assert_ne!(ada_is, who(&ben).await);
        let fields = [("title", "Only Ada’s"), ("intent", "draft"), ("typed_by", &*ada_is)];
        let refused = autosave(&ben, "/evidence/draft", &fields, 412).await;
        assert_eq!(refused.json()["title"], "Somebody else is signed in here now");
        let page = ben.post("/evidence", &fields).await.expect(412);
        assert_eq!(
            page.texts("main h2").first().map(String::as_str),
            Some("Somebody else is signed in here now")
        );
        assert_eq!(page.attributes("input[name=carried_to]", "value"), ["/evidence"]);
        // The page is in front of Ben, who reads nothing of it in its source either.
        let carried = page.attributes("input[name=carried]", "value").remove(0);
        assert!(!page.body.contains("Only") && !carried.is_empty(), "{}", page.body);
        assert!(titles(&ben).await.is_empty() && titles(&ada).await.is_empty());
        // Other forms are held to the same.
        let aim = [("aim", "undecided"), ("typed_by", &*ada_is)];
        ben.post("/settings/aim", &aim).await.expect(412);
        ada.post("/settings/aim", &aim).await.expect(303);
        ada.post("/evidence", &fields).await.expect(303);
        assert_eq!(titles(&ada).await, ["Only Ada’s"]);
    }
}

#[tokio::test]
async fn a_first_save_whose_answer_is_lost_makes_one_draft() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let ada_is = who(&ada).await;
        let first = [
            ("title", "Begun"),
            ("draft", DRAFT),
            ("typed_by", &*ada_is),
            ("typed_key", PAGE),
            ("typed_turn", "1"),
        ];
        let kept = autosave(&ada, "/evidence/draft", &first, 200).await.json();
        // The answer is lost; the page types on and saves again, knowing nothing of it.
        let on = with(&first, &[("title", "Begun, and on"), ("typed_turn", "2")]);
        let again = autosave(&ada, "/evidence/draft", &on, 200).await.json();
        assert_eq!(again["id"], kept["id"]);
        assert_ne!(again["kept"], kept["kept"], "each content has a digest of its own");
        assert_eq!(titles(&ada).await, ["Begun, and on"]);
        // What was on its way before comes late, and is no news.
        autosave(&ada, "/evidence/draft", &first, 409).await;
        // Another page's text is a conflict.
        autosave(
            &ada,
            "/evidence/draft",
            &with(&on, &[("title", "Other"), ("typed_key", ELSEWHERE), ("typed_turn", "9")]),
            409,
        )
        .await;
        let page = ada
            .post(
                "/evidence",
                &with(&on, &[("title", "Other"), ("typed_key", ELSEWHERE), ("intent", "draft")]),
            )
            .await
            .expect(409);
        let revision = page.attributes("input[name=revision]", "value").remove(0);
        let id = page.attributes("input[name=id]", "value").remove(0);
        assert_eq!(again["id"], *id);
        ada.post(
            "/evidence",
            &with(&on, &[("title", "Other"), ("intent", "draft"), ("id", &id), ("revision", &revision)]),
        )
        .await
        .expect(303);
        assert_eq!(titles(&ada).await, ["Other"]);
        // The same name from somebody else is a draft of theirs.
        let ben = world.candidate("Ben Okoro").await;
        let ben_is = who(&ben).await;
        autosave(&ben, "/evidence/draft", &with(&first, &[("typed_by", &*ben_is)]), 200).await;
        assert_eq!(titles(&ada).await, ["Other"]);
    }
}

#[tokio::test]
async fn a_form_that_is_sent_again_leads_to_what_it_made() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let ada_is = who(&ada).await;
        let talk = [
            ("on", "2026-11-20"),
            ("notes", "About the path."),
            ("typed_by", &*ada_is),
            ("typed_key", PAGE),
            ("typed_turn", "1"),
        ];
        let made = ada.post("/development/conversations", &talk).await.expect(303);
        let word = format!("kept-{PAGE}=");
        // Other cookies mark the browser.
        let is_told = |answer: &Answer| {
            let cookies = answer.headers.get_all("set-cookie");
            cookies.iter().any(|it| it.to_str().is_ok_and(|it| it.starts_with(&word)))
        };
        assert!(is_told(&made));
        let again =
            ada.post("/development/conversations", &with(&talk, &[("typed_turn", "2")])).await.expect(303);
        assert_eq!(again.location(), made.location());
        let page = ada.get("/development").await;
        assert_eq!(page.attributes("main a[href^='/development/conversations/']", "href").len(), 1);
        // A form that was refused may come again, and is then kept.
        let wrong = with(&talk, &[("on", "2027-01-01"), ("notes", "Another.")]);
        for _ in 0..2 {
            let refused = ada.post("/development/conversations", &wrong).await.expect(422);
            assert!(!is_told(&refused));
        }
    }
}

#[tokio::test]
async fn a_save_by_itself_is_acknowledged_to_the_next_page_too() {
    let world = World::on_sqlite().await;
    let ada = world.candidate("Ada Marsh").await;
    let ada_is = who(&ada).await;
    let draft = [("title", "Begun"), ("typed_by", &*ada_is), ("typed_key", PAGE), ("typed_turn", "1")];
    let kept = autosave(&ada, "/evidence/draft", &draft, 200).await;
    let word = format!("kept-{PAGE}={}", kept.json()["kept"].as_str().expect("a digest"));
    let cookies = kept.headers.get_all("set-cookie");
    assert!(cookies.iter().any(|it| it.to_str().is_ok_and(|it| it.starts_with(&word))), "{word}");
}

#[tokio::test]
async fn a_session_has_a_budget_for_drafts_that_save_themselves() {
    let world = World::on_sqlite().await;
    let ada = world.candidate("Ada Marsh").await;
    let ada_is = who(&ada).await;
    let draft = [("title", ""), ("typed_by", &*ada_is), ("typed_key", PAGE), ("typed_turn", "1")];
    for _ in 0..120 {
        autosave(&ada, "/evidence/draft", &draft, 422).await;
    }
    let refused = autosave(&ada, "/evidence/draft", &draft, 429).await;
    assert!(refused.headers.contains_key("retry-after"));
    // Others, and what she asks for herself, are served.
    let ben = world.candidate("Ben Okoro").await;
    autosave(&ben, "/evidence/draft", &[("title", "Ben’s"), ("typed_by", "")], 200).await;
    ada.post("/evidence", &[("title", "Asked for"), ("intent", "draft"), ("typed_by", &*ada_is)])
        .await
        .expect(303);
}

#[tokio::test]
async fn an_account_adds_so_many_people_a_day() {
    let world = World::on_sqlite().await;
    let ada = world.candidate("Ada Marsh").await;
    let names: Vec<String> = (0..201).map(|n| format!("Person {n}")).collect();
    for (n, some) in names.chunks(25).enumerate() {
        let title = format!("With many, {n}");
        let mut fields = vec![
            ("intent", "publish"),
            ("title", &*title),
            ("from_month", "10"),
            ("from_year", "2026"),
            ("capability", "external-presence"),
            ("confirm_duplicate", "true"),
        ];
        for name in some {
            fields.extend([("person", &**name), ("as", "peer"), ("organization", "internal")]);
            fields.extend([("works_at", ""), ("level", ""), ("domain", "")]);
        }
        let status = if n < 8 { 303 } else { 422 };
        let answer = ada.post("/evidence", &fields).await.expect(status);
        assert_eq!(answer.body.contains("You added 200 people within a day"), status == 422);
    }
}

#[tokio::test]
async fn forms_of_earlier_days_are_forgotten() {
    for mut world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let ada_is = who(&ada).await;
        let talk = [
            ("on", "2026-11-20"),
            ("notes", "About the path."),
            ("typed_by", &*ada_is),
            ("typed_key", PAGE),
            ("typed_turn", "1"),
        ];
        ada.post("/development/conversations", &talk).await.expect(303);
        for (days, kept) in [(0, 1), (2, 0)] {
            let then = world.instance.now() + chrono::TimeDelta::days(days);
            world.instance.clock = evident::clock::Clock::Fixed(then);
            evident::accounts::actions::tidy(&world.instance).await.expect("tidy");
            let mut tx = world.instance.db.read().await.expect("a read");
            let found: (i64,) = tx.query("select count(*) from kept_forms").one().await.expect("a count");
            assert_eq!(found.0, kept, "after {days} days");
        }
    }
}

#[tokio::test]
async fn without_a_script_a_double_click_is_no_duplicate() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        for intent in ["draft", "publish"] {
            let fields = [
                ("intent", intent),
                ("title", intent),
                ("from_month", "10"),
                ("from_year", "2026"),
                ("capability", "external-presence"),
                ("person", "Sam Ode"),
                ("as", "peer"),
                ("organization", "internal"),
            ];
            let made = ada.post("/evidence", &fields).await.expect(303);
            assert_eq!(ada.post("/evidence", &fields).await.expect(303).location(), made.location());
        }
        assert_eq!(titles(&ada).await.len(), 2);
    }
}

#[tokio::test]
async fn a_sittings_lost_answer_is_no_conflict_with_itself() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let cto = world.somebody("Cleo Tran", &[Role::Cto]).await;
        let address = cto.get("/dossiers").await.attributes("[role=rowheader] a", "href").remove(0);
        let sitting = address.replace("/readiness", "/sitting");
        let draft = format!("{sitting}/draft");
        let first = [("revision", "0"), ("feedback", "One"), ("typed_key", PAGE), ("typed_turn", "1")];
        autosave(&cto, &draft, &first, 200).await;
        let on = with(&first, &[("feedback", "One, and on"), ("typed_turn", "2")]);
        autosave(&cto, &draft, &on, 200).await;
        autosave(&cto, &draft, &first, 409).await;
        autosave(&cto, &draft, &with(&on, &[("typed_key", ELSEWHERE)]), 409).await;
        assert!(cto.get(&sitting).await.body.contains("One, and on"));
    }
}

#[tokio::test]
async fn days_are_those_where_people_are() {
    for world in World::on_both().await {
        // It is noon on 22 November in UTC: the 23rd in Kiritimati.
        let ada = world.candidate("Ada Marsh").await;
        let entry = |day: &'static str| {
            [
                ("intent", "publish"),
                ("title", "Held a talk"),
                ("from_day", day),
                ("from_month", "11"),
                ("from_year", "2026"),
                ("capability", "external-presence"),
            ]
        };
        ada.post("/evidence", &entry("23")).await.expect(422);
        assert_eq!(ada.get("/framework").await.attributes("html", "data-zone"), ["ask"]);
        let refused = ada.post("/settings/zone", &[("zone", "Mars/Olympus")]).await.expect(422);
        assert!(refused.body.contains("No time zone is called “Mars/Olympus”"));
        ada.post("/settings/zone", &[("zone", "Pacific/Kiritimati")]).await.expect(303);
        assert!(ada.get("/framework").await.attributes("html", "data-zone").is_empty());
        ada.post("/evidence", &entry("24")).await.expect(422);
        let made = ada.post("/evidence", &entry("23")).await.expect(303).location().to_owned();
        ada.post(&format!("{made}/updates"), &[("on", "2026-11-24"), ("text", "No.")]).await.expect(422);
        ada.post(&format!("{made}/updates"), &[("on", "2026-11-23"), ("text", "Yes.")]).await.expect(303);
        ada.post("/check-ins", &[("on", "2026-11-24"), ("deputizing", "yes")]).await.expect(422);
        ada.post("/check-ins", &[("on", "2026-11-23"), ("deputizing", "yes")]).await.expect(303);
        let talk = |on: &'static str| [("on", on), ("notes", "About the path.")];
        ada.post("/development/conversations", &talk("2026-11-24")).await.expect(422);
        ada.post("/development/conversations", &talk("2026-11-23")).await.expect(303);
        assert!(ada.get("/settings").await.body.contains("23 Nov 2026, 02:00"), "a session's time");
        assert_eq!(ada.get("/check-ins").await.attributes("#on", "value"), ["2026-11-23"]);
        // What is computed goes by the instance's day.
        let readiness = ada.get("/readiness").await;
        let json = ada.get(&format!("{}.json", readiness.location())).await.json();
        assert_eq!(json["as_of"], "2026-11-22");
        ada.post("/settings/zone", &[("zone", "")]).await.expect(303);
        assert!(ada.get("/settings").await.body.contains("22 Nov 2026, 12:00"));
    }
}
