//! Evidence, as its owner and a CTO meet it: logging, finding, editing, taking back.

mod faults;
mod room;
mod secrecy;

use evident::accounts::Role;
use evident::evidence::store;
use uuid::Uuid;

use crate::support::{Answer, Visitor, World};

/// The fields of an entry that can be published.
const KEYNOTE: &[(&str, &str)] = &[
    ("intent", "publish"),
    ("title", "Keynote: paying down a payments monolith"),
    ("from_day", "14"),
    ("from_month", "3"),
    ("from_year", "2026"),
    ("capability", "external-presence"),
    ("impact", "**400 people** in Rotterdam"),
];

/// Some fields with others in their place or after them.
fn with<'f>(fields: &[(&'f str, &'f str)], other: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let mut all: Vec<_> = fields
        .iter()
        .filter(|(name, _)| !other.iter().any(|(changed, _)| changed == name))
        .copied()
        .collect();
    all.extend(other);
    all
}

/// Logs an entry and gives its address.
async fn log(visitor: &Visitor, fields: &[(&str, &str)]) -> String {
    visitor.post("/evidence", fields).await.expect(303).location().to_owned()
}

/// The revision that the edit form carries.
async fn revision(visitor: &Visitor, entry: &str) -> String {
    visitor
        .get(&format!("{entry}/edit"))
        .await
        .expect(200)
        .attributes("input[name=revision]", "value")
        .remove(0)
}

fn titles(list: &Answer) -> Vec<String> {
    list.texts(".list .entry h2")
}

async fn share(world: &World, visitor: &Visitor, sharing: &str) {
    let mut tx = world.instance.db.write().await.expect("a write");
    tx.query("update dossiers set sharing = $2, shared_on = $3 where owner_account = $1")
        .bind(visitor.actor().account)
        .bind(sharing.to_owned())
        .bind(crate::support::today())
        .run_expecting(1)
        .await
        .expect("sharing");
    tx.commit().await.expect("kept");
}

#[tokio::test]
async fn evidence_is_logged_found_and_read() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let list = ada.get("/evidence").await.expect(200);
        assert!(list.body.contains("Nothing is logged yet"));
        let entry = log(&ada, KEYNOTE).await;
        let page = ada.get(&entry).await.expect(200);
        assert_eq!(page.texts("h1"), ["Keynote: paying down a payments monolith"]);
        assert!(page.body.contains("<strong>400 people</strong>"), "Markdown is drawn");
        assert!(page.texts(".over")[0].starts_with("14 Mar 2026"));
        assert!(page.body.contains("You alone: your dossier is private."));

        let draft = [("intent", "draft"), ("title", "Zoë’s plan")];
        log(&ada, &draft).await;
        let list = ada.get("/evidence").await.expect(200);
        assert_eq!(titles(&list), ["Zoë’s plan", "Keynote: paying down a payments monolith"]);
        for (query, found) in [
            ("q=zoe", 1),
            ("q=MONO+key", 1),
            ("q=onolith", 0),
            ("q=rotter", 1),
            ("q=%25", 0),
            ("status=draft", 1),
            ("status=final", 1),
            ("status=withdrawn", 0),
            ("capability=external-presence", 1),
            ("capability=cto-partnership&capability=external-presence", 1),
            ("capability=cto-partnership", 0),
            ("from=2026-03-14&to=2026-03-14", 1),
            ("from=2026-03-15", 0),
            ("to=2026-03-13", 0),
            ("page=2", 0),
            ("q=&status=&from=", 2),
            // What nobody can see is passed over.
            ("q=%00", 2),
            ("q=zo%00e", 1),
        ] {
            let list = ada.get(&format!("/evidence?{query}")).await.expect(200);
            assert_eq!(titles(&list).len(), found, "{query} on {}", world.instance.db.engine());
        }
        for bad in ["status=open", "from=2026-02-30", "page=0", "capability=x", "sort=title", "q=%EF%BF%BD"] {
            ada.get(&format!("/evidence?{bad}")).await.expect(422);
        }
        ada.get("/evidence?q=%FF").await.expect(400);
    }
}

#[tokio::test]
async fn everything_that_can_be_written_comes_back_in_the_form() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        world.cto("Ruth Okafor").await;
        let fields = [
            ("intent", "publish"),
            ("title", "One hiring plan"),
            ("from_month", "July"),
            ("from_year", "2026"),
            ("to_month", "8"),
            ("to_year", "2026"),
            ("criterion", "cross-domain-leadership/company-first-allocation"),
            ("situation", "Four plans"),
            ("action", "Wrote one"),
            ("impact", "Six openings moved"),
            ("domain_cost", "Two of them were mine"),
            ("scope", "company"),
            ("conduct", "through-directors"),
            ("setting", "executive"),
            ("horizon_years", "3"),
            ("for_cto", "true"),
            ("audience", "cto"),
            ("links", "https://example.com/plan\nhttps://example.com/plan"),
            ("person", "Ruth Okafor"),
            ("as", "sponsor"),
            ("organization", ""),
            ("works_at", ""),
            ("level", ""),
            ("domain", ""),
            ("person", "Priya Raman"),
            ("as", "developed"),
            ("organization", "internal"),
            ("works_at", ""),
            ("level", "E1"),
            ("domain", "Risk"),
        ];
        let entry = log(&ada, &fields).await;
        let page = ada.get(&entry).await.expect(200);
        assert!(page.texts(".over")[0].starts_with("Jul – Aug 2026"));
        for text in ["Two of them were mine", "In the CTO’s place", "3 years ahead", "Through Directors"] {
            assert!(page.body.contains(text), "{text}");
        }
        assert_eq!(page.texts(".go"), ["Ruth Okafor", "Priya Raman"]);

        let form = ada.get(&format!("{entry}/edit")).await.expect(200);
        assert_eq!(form.attributes("#from, #from-year, #to, #to-year", "value"), ["7", "2026", "8", "2026"]);
        // The criterion brought its capability along.
        let ticked = form.attributes("input[type=checkbox][checked]", "value");
        let expected =
            ["cross-domain-leadership", "cross-domain-leadership/company-first-allocation", "true"];
        assert_eq!(ticked, expected);
        let chosen = form.attributes("input[type=radio][checked]", "value");
        assert_eq!(chosen, ["company", "through-directors", "executive", "cto"]);
        assert_eq!(form.texts("#links"), ["https://example.com/plan"]);
        let named: Vec<String> = form
            .attributes("input[name=person][value]", "value")
            .into_iter()
            .filter(|v| !v.is_empty())
            .collect();
        assert_eq!(named, ["Ruth Okafor", "Priya Raman"]);
        // The new leader is known from now on, at the level given, and found by their name.
        assert!(form.attributes("datalist option", "value").contains(&"Priya Raman".to_owned()));
        assert_eq!(titles(&ada.get("/evidence?q=priya").await).len(), 1);
        let mut tx = world.instance.db.read().await.expect("a read");
        let level: (String, String, Uuid) = tx
            .query(
                "select l.level, l.domain, l.recorded_by from person_levels l join people p on p.id = l.person_id \
                 where p.name = 'Priya Raman' and p.added_by = $1",
            )
            .bind(ada.actor().account)
            .one()
            .await
            .expect("a level");
        assert_eq!(level, ("E1".into(), "Risk".into(), ada.actor().person));
        drop(tx);

        // Nobody else knows her before a final, shared entry names her; one for CTOs alone tells CTOs alone.
        let ben = world.candidate("Ben Ito").await;
        let known =
            |form: Answer| form.attributes("datalist option", "value").contains(&"Priya Raman".to_owned());
        assert!(!known(ben.get("/evidence/new").await));
        let cto = world.cto("Ida Berg").await;
        assert!(!cto.get("/people?q=priya").await.expect(200).body.contains("Priya Raman"));
        share(&world, &ada, "sponsor").await;
        assert!(!known(ben.get("/evidence/new").await));
        assert!(cto.get("/people?q=priya").await.expect(200).body.contains("Priya Raman"));
    }
}

#[tokio::test]
async fn an_edit_is_a_revision_that_tells_what_changed_and_keeps_answers() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        world.cto("Ruth Okafor").await;
        let named = [("person", "Ruth Okafor"), ("as", "sponsor")];
        let entry = log(&ada, &with(KEYNOTE, &named)).await;
        let mut tx = world.instance.db.write().await.expect("a write");
        tx.query("update entry_people set answer = 'agreed'").run_expecting(1).await.expect("an answer");
        tx.commit().await.expect("kept");

        let fields = with(KEYNOTE, &named);
        let fields = with(&fields, &[("revision", "1"), ("impact", "**500 people** in Rotterdam")]);
        ada.post(&entry, &fields).await.expect(303);
        let page = ada.get(&format!("{entry}/revisions")).await.expect(200);
        assert_eq!(page.texts("h2"), ["Revision 2", "Revision 1"]);
        assert_eq!(page.texts("h3"), ["What came of it"]);
        assert!(page.texts("del")[0].contains("400") && page.texts("ins")[0].contains("500"));
        assert!(ada.get(&entry).await.body.contains("agreed to be named so"));
        ada.get(&format!("{entry}/revisions?page=9")).await.expect(200);
        ada.get(&format!("{entry}/revisions?page=x")).await.expect(422);

        // The same once more changes nothing.
        ada.post(&entry, &with(&fields, &[("revision", "2")])).await.expect(303);
        assert_eq!(revision(&ada, &entry).await, "2");
    }
}

#[tokio::test]
async fn a_stale_save_loses_nothing_and_shows_both() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let entry = log(&ada, KEYNOTE).await;
        ada.post(&entry, &with(KEYNOTE, &[("revision", "1"), ("impact", "First window")])).await.expect(303);
        let mine = with(KEYNOTE, &[("revision", "1"), ("impact", "Second window")]);
        let page = ada.post(&entry, &mine).await.expect(409);
        assert_eq!(page.texts("#impact"), ["Second window"], "what was typed is there");
        assert!(page.texts("#stored .diff")[0].contains("First"), "and what is stored");
        assert_eq!(page.attributes(".error-summary a", "href"), ["#stored"]);
        assert!(ada.get(&entry).await.body.contains("First window"), "nothing was overwritten");
        let current = page.attributes("input[name=revision]", "value").remove(0);
        ada.post(&entry, &with(&mine, &[("revision", &current)])).await.expect(303);
        assert!(ada.get(&entry).await.body.contains("Second window"));
        ada.post(&entry, KEYNOTE).await.expect(409);
    }
}

#[tokio::test]
async fn a_draft_saves_itself_and_is_published_when_asked() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        ada.post("/evidence/draft", &[("title", "")]).await.expect(422);
        let saved = ada.post("/evidence/draft", &[("title", "Keyn")]).await.expect(200).json();
        assert_eq!(saved["saved_at"], "12:00");
        let id = saved["id"].as_str().expect("an id").to_owned();
        let typing = [("id", id.as_str()), ("revision", "1"), ("title", "Keynote"), ("person", "Somebody n")];
        let saved = ada.post("/evidence/draft", &typing).await.expect(200).json();
        assert_eq!((saved["id"].as_str(), saved["revision"].as_i64()), (Some(id.as_str()), Some(2)));
        // Another window, with an older state, overwrites nothing.
        let older = [("revision", "1"), ("title", "Other")];
        ada.post(&format!("/evidence/{id}/draft"), &older).await.expect(409);
        let bad = [("revision", "2"), ("title", "Keynote"), ("from_month", "13"), ("from_year", "2026")];
        let faults = ada.post(&format!("/evidence/{id}/draft"), &bad).await.expect(422).json();
        assert_eq!(faults["errors"][0]["field"], "from");
        let list = ada.get("/evidence").await;
        assert_eq!(titles(&list), ["Keynote"]);
        assert_eq!(list.texts(".list .tag"), ["Draft"]);
        // Saves by itself take each other's place in the history.
        assert_eq!(ada.get(&format!("/evidence/{id}/revisions")).await.texts("h2"), ["Revision 2"]);

        // The page without its own address publishes the same draft.
        let publish = with(KEYNOTE, &[("id", &id), ("revision", "2")]);
        assert_eq!(log(&ada, &publish).await, format!("/evidence/{id}"));
        assert_eq!(titles(&ada.get("/evidence").await).len(), 1);
        let late = [("revision", "3"), ("title", "Late")];
        ada.post(&format!("/evidence/{id}/draft"), &late).await.expect(409);
        let back = with(KEYNOTE, &[("intent", "draft"), ("revision", "3")]);
        ada.post(&format!("/evidence/{id}"), &back).await.expect(422);
    }
}

#[tokio::test]
async fn evidence_is_taken_back_published_again_and_duplicated() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let entry = log(
            &ada,
            &with(KEYNOTE, &[("person", "Somebody"), ("as", "peer"), ("organization", "external")]),
        )
        .await;
        ada.post(&format!("{entry}/updates"), &[("on", "2026-04-01"), ("text", "Invited back")])
            .await
            .expect(303);
        let copy = ada.post(&format!("{entry}/duplicate"), &[]).await.expect(303).location().to_owned();
        let form = ada.get(&copy).await.expect(200);
        assert_eq!(form.attributes("#from-year", "value"), [""], "without its dates");
        assert_eq!(form.attributes("#person-0", "value"), ["Somebody"]);
        let copy = copy.trim_end_matches("/edit").to_owned();
        assert!(!ada.get(&copy).await.body.contains("Invited back"));

        assert_eq!(ada.post(&format!("{entry}/withdrawal"), &[]).await.expect(303).location(), entry);
        ada.post(&format!("{entry}/withdrawal"), &[]).await.expect(303);
        assert!(ada.get(&entry).await.body.contains("it was withdrawn"));
        ada.post(&format!("{entry}/updates"), &[("on", "2026-04-02"), ("text", "x")]).await.expect(409);
        let current = revision(&ada, &entry).await;
        ada.post(&entry, &with(KEYNOTE, &[("revision", &current)])).await.expect(303);
        let page = ada.get(&entry).await;
        assert!(page.body.contains("Invited back"), "updates stay");
        assert!(page.texts(".over")[0].ends_with("Published"));

        // A draft is thrown away.
        assert_eq!(ada.post(&format!("{copy}/withdrawal"), &[]).await.expect(303).location(), "/evidence");
        ada.get(&copy).await.expect(404);

        let dossier =
            evident::evidence::dossiers::own(&world.instance, ada.actor()).await.expect("a dossier");
        let mut tx = world.instance.db.read().await.expect("a read");
        let entries = store::of_dossier(&mut tx, dossier.id).await.expect("entries");
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].content.updates.len(), 1);
        assert_eq!(entries[0].recorded_on, Some(crate::support::today()));
        assert_eq!(
            dossier.version, 5,
            "as often as an entry changed that is no draft, and once for the draft that went"
        );
        let (audited,): (i64,) = tx
            .query("select count(*) from audit_entries where action like 'entry.%'")
            .one()
            .await
            .expect("a count");
        assert_eq!(audited, 6, "every change, and nothing twice");
    }
}

#[tokio::test]
async fn an_update_is_dated_between_the_beginning_and_today() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let entry = log(&ada, KEYNOTE).await;
        let updates = format!("{entry}/updates");
        for (fields, field) in [
            ([("on", "2026-03-13"), ("text", "Too early")], "#on"),
            ([("on", "2026-11-23"), ("text", "Too late")], "#on"),
            ([("on", "2026-05"), ("text", "A month")], "#on"),
            ([("on", "2026-02-30"), ("text", "No day")], "#on"),
            ([("on", "2026-05-01"), ("text", " ")], "#text"),
            ([("on", "2026-05-01"), ("text", "a\u{FFFD}b")], "#text"),
        ] {
            let page = ada.post(&updates, &fields).await.expect(422);
            assert_eq!(page.attributes(".error-summary a", "href"), [field], "{fields:?}");
        }
        let fields = [("on_day", "1"), ("on_month", "5"), ("on_year", "2026"), ("text", "*Still* in force")];
        ada.post(&updates, &fields).await.expect(303);
        ada.post(&updates, &fields).await.expect(303);
        let page = ada.get(&entry).await;
        assert_eq!(page.body.matches("<em>Still</em> in force").count(), 1, "sent twice, kept once");
        assert_eq!(titles(&ada.get("/evidence?q=force").await).len(), 1);
    }
}

#[tokio::test]
async fn a_near_duplicate_is_asked_about_first() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        log(&ada, KEYNOTE).await;
        let again = with(KEYNOTE, &[("title", "Keynote, paying down the payments monolith")]);
        let page = ada.post("/evidence", &again).await.expect(422);
        assert_eq!(page.attributes(".error-summary a", "href"), ["#confirm_duplicate"]);
        assert_eq!(page.attributes("#title", "value"), ["Keynote, paying down the payments monolith"]);
        log(&ada, &with(&again, &[("confirm_duplicate", "true")])).await;
        log(&ada, &with(&again, &[("from_day", "15")])).await;
        log(&ada, &with(KEYNOTE, &[("title", "Dinner with three Directors")])).await;
        assert_eq!(titles(&ada.get("/evidence").await).len(), 4);
    }
}

#[tokio::test]
async fn a_form_can_begin_filled_in() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let page = ada
            .get("/evidence/new?title=Offer+a+talk&criterion=external-presence/represents-company")
            .await
            .expect(200);
        assert_eq!(page.attributes("#title", "value"), ["Offer a talk"]);
        let ticked = page.attributes("input[type=checkbox][checked]", "value");
        assert_eq!(ticked, ["external-presence", "external-presence/represents-company"]);
        ada.get("/evidence/new?capability=juggling").await.expect(422);
        ada.get("/evidence/new?colour=red").await.expect(422);
        let rows = ada
            .post("/evidence", &[("title", "Kept"), ("person", "Zed"), ("add", "person")])
            .await
            .expect(200);
        assert_eq!(rows.attributes("#title", "value"), ["Kept"]);
        assert_eq!(rows.attributes(".rows > .row input[name=person]", "value"), ["Zed", "", "", ""]);
        assert!(ada.get("/evidence").await.body.contains("Nothing is logged yet"));
    }
}

#[tokio::test]
async fn a_long_list_has_pages() {
    let world = World::on_sqlite().await;
    let ada = world.somebody("Ada Marsh", &[Role::Candidate, Role::Cto]).await;
    for n in 0..53 {
        let title = format!("Entry number {n} of many");
        let fields = [("intent", "draft"), ("title", &*title), ("confirm_duplicate", "true")];
        log(&ada, &fields).await;
    }
    let first = ada.get("/evidence").await;
    assert_eq!(titles(&first).len(), 50);
    assert_eq!(first.attributes(".pagination a", "href"), ["/evidence?page=2"]);
    assert_eq!(titles(&ada.get("/evidence?page=2").await).len(), 3);
    assert!(ada.get("/evidence?page=3").await.expect(200).body.contains("nothing on this page"));
}
