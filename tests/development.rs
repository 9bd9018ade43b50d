//! The development plan: kept, corrected, closed by evidence, and its owner's alone.

use evident::accounts::Role;

use crate::support::{Visitor, World};

/// An address, what it is sent, and the field whose fault it is.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str);

const SECRET: &str = "Ask the board chair for half an hour";

async fn planned(visitor: &Visitor) -> String {
    let fields = [("words", SECRET), ("due", "2027-01-31"), ("capability", "cto-partnership")];
    visitor.post("/development/actions", &fields).await.expect(303);
    let page = visitor.get("/development").await.expect(200);
    page.attributes("a[href^='/development/actions/']", "href").remove(0)
}

async fn evidence(visitor: &Visitor) -> String {
    let fields = [
        ("intent", "publish"),
        ("title", "Stood in at the board"),
        ("from_month", "10"),
        ("from_year", "2026"),
        ("capability", "cto-partnership"),
    ];
    let at = visitor.post("/evidence", &fields).await.expect(303).location().to_owned();
    at.trim_start_matches("/evidence/").to_owned()
}

#[tokio::test]
async fn an_action_is_planned_moved_closed_by_evidence_and_removed() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let address = planned(&ada).await;
        let page = ada.get("/development").await.expect(200);
        assert!(page.texts("#plan h3").contains(&SECRET.to_owned()));
        assert_eq!(page.texts("#plan .tag"), ["Planned"]);

        // From the guide, by one button; what is planned is offered no more.
        let offered = page.attributes("aside input[name=action]", "value");
        assert_eq!(offered.len(), 20, "nothing is sustained yet");
        ada.post("/development/actions", &[("action", &offered[0])]).await.expect(303);
        let page = ada.get("/development").await.expect(200);
        assert_eq!(page.attributes("aside input[name=action]", "value").len(), 19);
        assert_eq!(page.texts("#plan .when"), ["By 31 Jan 2027", "By 20 Feb 2027"]);

        let entry = evidence(&ada).await;
        let done = [("state", "done"), ("due", "2027-01-31"), ("entry", entry.as_str())];
        ada.post(&address, &done).await.expect(303);
        let page = ada.get("/development").await.expect(200);
        assert_eq!(page.texts("details a[href^='/evidence/']"), ["Stood in at the board"]);
        assert_eq!(page.texts("details .when"), ["22 Nov 2026"]);
        ada.post(&format!("{address}/removal"), &[]).await.expect(303);
        ada.get(&address).await.expect(404);
    }
}

#[tokio::test]
async fn conversations_and_answers_are_kept_and_corrected() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let talk = [
            ("on", "2026-11-20"),
            ("with", "Cleo Fox"),
            ("notes", "We spoke.\nLong."),
            ("next", "Shadow one"),
        ];
        ada.post("/development/conversations", &talk).await.expect(303);
        let page = ada.get("/development").await.expect(200);
        let address = page.attributes("a[href^='/development/conversations/']", "href").remove(0);
        assert!(page.texts("#conversations p").contains(&"Agreed: Shadow one".to_owned()));
        ada.post(&address, &[("on", "2026-11-19"), ("notes", "We spoke twice.")]).await.expect(303);
        let page = ada.get(&address).await.expect(200);
        assert_eq!(page.texts("textarea"), ["We spoke twice.", ""]);
        ada.post(&format!("{address}/removal"), &[]).await.expect(303);
        ada.post(&address, &talk).await.expect(404);

        let answer = [("text", "I hand over payments in spring.")];
        ada.post("/development/signals/own-domain-focus", &answer).await.expect(303);
        ada.post("/development/signals/juggling", &answer).await.expect(404);
        let dossier = ada.get("/readiness").await.expect(303).location().to_owned();
        let readiness = ada.get(&dossier).await.expect(200);
        assert!(readiness.body.contains("I hand over payments in spring."));
        ada.post("/development/signals/own-domain-focus", &[("text", "")]).await.expect(303);
        assert!(!ada.get(&dossier).await.expect(200).body.contains("I hand over"));
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_and_what_was_typed_stays() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let address = planned(&ada).await;
        let long = "x".repeat(501);
        let cases: &[Case<'_>] = &[
            ("/development/actions", &[("due", "2027-01-01")], "#action"),
            ("/development/actions", &[("action", "juggling"), ("due", "2027-01-01")], "#action"),
            ("/development/actions", &[("words", &long), ("due", "2027-01-01")], "#words"),
            ("/development/actions", &[("words", "a\u{FFFD}"), ("due", "2027-01-01")], "#words"),
            ("/development/actions", &[("words", "Talk"), ("due", "soon")], "#due"),
            ("/development/actions", &[("words", "Talk"), ("due", "2026-01-01")], "#due"),
            (
                "/development/actions",
                &[("words", "Talk"), ("due", "2027-01-01"), ("capability", "x")],
                "#capability",
            ),
            (&address, &[("state", "won"), ("due", "2027-01-01")], "#state-planned"),
            (&address, &[("state", "done"), ("due", "")], "#due"),
            (&address, &[("state", "done"), ("due", "2027-01-01"), ("entry", "x")], "#entry"),
            ("/development/conversations", &[("on", "2026-11-23"), ("notes", "x")], "#on"),
            ("/development/conversations", &[("on", "2026-11-20")], "#notes"),
            ("/development/signals/own-domain-focus", &[("text", "a\u{FFFD}")], "#response-own-domain-focus"),
        ];
        for (path, fields, field) in cases {
            let page = ada.post(path, fields).await.expect(422);
            assert_eq!(page.attributes(".error-summary a", "href"), [*field], "{path} {fields:?}");
            let target = page.attributes(&format!("main {field}"), "id");
            assert_eq!(target.len(), 1, "{path}: the summary leads to its field");
        }
        let page = ada.post("/development/actions", &[("words", "Talk"), ("due", "soon")]).await.expect(422);
        assert_eq!(page.attributes("#words", "value"), ["Talk"]);
        assert_eq!(page.attributes("#due", "value"), ["soon"]);
        ada.get("/development?capability=juggling").await.expect(422);
        // Who stays at E1 by choice is asked nothing, and so answers nothing.
        ada.post("/settings/aim", &[("aim", "e1-by-choice")]).await.expect(303);
        ada.post("/development/signals/own-domain-focus", &[("text", "a\u{FFFD}")]).await.expect(404);
    }
}

#[tokio::test]
async fn nobody_else_sees_or_changes_a_plan() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        ada.post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);
        let action = planned(&ada).await;
        let talk = [("on", "2026-11-20"), ("notes", SECRET)];
        ada.post("/development/conversations", &talk).await.expect(303);
        ada.post("/development/signals/own-domain-focus", &[("text", SECRET)]).await.expect(303);
        let page = ada.get("/development").await.expect(200);
        let conversation = page.attributes("a[href^='/development/conversations/']", "href").remove(0);
        let readiness = ada.get("/readiness").await.expect(303).location().to_owned();

        let all = [Role::Candidate, Role::Cto, Role::Committee, Role::Admin];
        let everyman = world.somebody("Ola Berg", &all).await;
        let done = [("state", "done"), ("due", "2027-01-31")];
        everyman.get(&action).await.expect(404);
        everyman.post(&action, &done).await.expect(404);
        everyman.post(&format!("{action}/removal"), &[]).await.expect(404);
        everyman.get(&conversation).await.expect(404);
        everyman.post(&conversation, &talk).await.expect(404);
        everyman.post(&format!("{conversation}/removal"), &[]).await.expect(404);
        for path in
            [&readiness, "/development", "/dossiers", "/committee", "/people", "/inbox", "/admin/jobs"]
        {
            let page = everyman.get(path).await.expect(200);
            assert!(!page.body.contains(SECRET), "{path}");
        }
        // An entry of somebody else's closes nothing.
        let foreign = evidence(&everyman).await;
        ada.post(&action, &[("state", "done"), ("due", "2027-01-31"), ("entry", &foreign)]).await.expect(422);
        for role in [Role::Cto, Role::Committee, Role::Admin] {
            let visitor = world.somebody(&format!("Only {role}"), &[role]).await;
            visitor.get("/development").await.expect(403);
            visitor.get(&action).await.expect(403);
            visitor.post("/development/actions", &[]).await.expect(403);
        }
    }
}

#[tokio::test]
async fn who_stays_by_choice_keeps_a_plan_without_gaps() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        ada.post("/settings/aim", &[("aim", "e1-by-choice")]).await.expect(303);
        planned(&ada).await;
        let page = ada.get("/development").await.expect(200);
        assert!(page.texts(".lead")[0].starts_with("Staying at E1 is a choice"), "{:?}", page.texts(".lead"));
        assert!(page.attributes("aside input[name=action]", "value").is_empty());
        assert!(page.texts("#signals").is_empty());
    }
}
