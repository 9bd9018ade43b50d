//! Whatever is wrong with a form: a clear answer, everything typed still there, never a failure of ours.

use super::{KEYNOTE, log, with};
use crate::support::World;

#[tokio::test]
async fn every_fault_is_linked_and_what_was_typed_stays() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let long = "x".repeat(201);
        let novel = "x ".repeat(100_001);
        let links = (0..21).map(|n| format!("https://example.com/{n}")).collect::<Vec<_>>().join("\n");
        for (change, field) in [
            (("title", ""), "#title"),
            (("title", " \t "), "#title"),
            (("title", long.as_str()), "#title"),
            (("title", "\u{200B}\u{FEFF}"), "#title"),
            (("title", "a\u{FFFD}b"), "#title"),
            (("from_month", "13"), "#from"),
            (("from_year", "0"), "#from"),
            (("from_year", "9999"), "#from"),
            (("from_year", ""), "#from"),
            (("from_year", "2027"), "#from"),
            (("from_day", "32"), "#from"),
            (("to_year", "2025"), "#to"),
            (("capability", "juggling"), "#capability"),
            (("capability", ""), "#capability"),
            (("impact", novel.as_str()), "#impact"),
            (("action", "a\u{FFFD}b"), "#action"),
            (("scope", "galaxy"), "#scope"),
            (("horizon_years", "51"), "#horizon_years"),
            (("horizon_years", "-1"), "#horizon_years"),
            (("horizon_years", "99999999999999999999"), "#horizon_years"),
            (("audience", "world"), "#audience"),
            (("links", "javascript:alert(1)"), "#links"),
            (("links", links.as_str()), "#links"),
            (("intent", "delete"), "#intent"),
            (("person", "Nobody Known"), "#organization-0"),
            (("person", "Ada Marsh"), "#person-0"),
            (("as", "peer"), "#person-0"),
        ] {
            let mut fields = with(KEYNOTE, &[change]);
            if change.0 == "as" {
                fields.push(("person", ""));
            }
            let page = ada.post("/evidence", &fields).await.expect(422);
            let hrefs = page.attributes(".error-summary a", "href");
            assert!(hrefs.iter().any(|href| href == field), "{change:?} gave {hrefs:?}");
            for href in hrefs {
                let id = href.trim_start_matches('#').to_owned();
                assert!(
                    page.body.contains(&format!("id=\"{id}\"")) || id == "intent",
                    "{href} leads somewhere"
                );
            }
            assert!(page.texts("title")[0].starts_with("Error: "));
            if change.0 != "title" {
                assert_eq!(page.attributes("#title", "value"), ["Keynote: paying down a payments monolith"]);
            }
            if change.0 != "impact" {
                assert_eq!(page.texts("#impact"), ["**400 people** in Rotterdam"]);
            }
        }
        assert!(ada.get("/evidence").await.body.contains("Nothing is logged yet"), "none was kept");
    }
}

#[tokio::test]
async fn too_much_is_refused_and_much_is_taken() {
    let world = World::on_sqlite().await;
    let ada = world.candidate("Ada Marsh").await;
    let criteria: Vec<String> = (0..1000).map(|n| format!("external-presence/{n}")).collect();
    let mut fields = KEYNOTE.to_vec();
    fields.extend(criteria.iter().map(|criterion| ("criterion", criterion.as_str())));
    ada.post("/evidence", &fields).await.expect(422);
    let people: Vec<String> = (0..1000).map(|n| format!("Person {n}")).collect();
    let mut fields = KEYNOTE.to_vec();
    fields.extend(people.iter().map(|person| ("person", person.as_str())));
    ada.post("/evidence", &fields).await.expect(422);
    let book = "# Chapter\n".repeat(1_000_000);
    ada.post("/evidence", &with(KEYNOTE, &[("impact", &book)])).await.expect(413);
    ada.post_raw("/evidence", b"title=%FF".to_vec()).await.expect(400);
    ada.post_raw("/evidence", b"title=a&title=b".to_vec()).await.expect(400);
    let essay = "wörter ".repeat(20_000);
    let entry = log(&ada, &with(KEYNOTE, &[("impact", &essay)])).await;
    ada.get(&entry).await.expect(200);
    let fields = with(KEYNOTE, &[("revision", "1"), ("impact", "Short")]);
    ada.post(&entry, &fields).await.expect(303);
    ada.get(&format!("{entry}/revisions")).await.expect(200);
    let longer = format!("{essay}{essay}");
    let page = ada.post("/evidence", &with(KEYNOTE, &[("impact", &longer)])).await.expect(422);
    assert!(page.texts("#impact-error").concat().contains("150,000 characters together"), "{}", page.body);
    for (method, path) in [("DELETE", "/evidence"), ("PUT", entry.as_str())] {
        let request = ada.request(method, path).header("sec-fetch-site", "same-origin");
        ada.send(request.body(axum::body::Body::empty()).expect("a request")).await.expect(405);
    }
}

#[tokio::test]
async fn new_people_need_a_place_and_get_no_level_that_is_not_a_candidates_to_give() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let row = |level: &'static str, domain: &'static str| {
            [
                ("person", "Priya Raman"),
                ("as", "developed"),
                ("organization", "internal"),
                ("works_at", ""),
                ("level", level),
                ("domain", domain),
            ]
        };
        for (level, domain) in [("CTO", ""), ("E9", ""), ("", "Risk")] {
            let page = ada.post("/evidence", &with(KEYNOTE, &row(level, domain))).await.expect(422);
            assert_eq!(page.attributes(".error-summary a", "href"), ["#level-0"], "{level}");
        }
        let page = ada.post("/evidence", &with(KEYNOTE, &row("E1", "Risk")[..1])).await.expect(422);
        assert_eq!(page.attributes("#person-0", "value"), ["Priya Raman"]);
        log(&ada, &with(KEYNOTE, &row("E1", "Risk"))).await;
        // Of two with one name, the list tells which.
        let twice = [("title", "Second"), ("person", "Priya Raman"), ("as", "peer")];
        let twin = [("title", "First"), ("person", "Priya Raman "), ("as", "peer")];
        log(&ada, &with(KEYNOTE, &twice)).await;
        log(&ada, &with(KEYNOTE, &twin)).await;
        let known = ada.get("/evidence/new").await.attributes("datalist option", "value");
        assert_eq!(known, ["Priya Raman"], "a known name is nobody new");
    }
}

#[tokio::test]
async fn nothing_that_is_typed_comes_alive() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";
        let fields = [
            ("intent", "publish"),
            ("title", evil),
            ("from", "2026-03"),
            ("capability", "external-presence"),
            ("situation", evil),
            ("action", "[x](javascript:alert(1)) </textarea><script>alert(1)</script>"),
            ("impact", evil),
            ("domain_cost", evil),
            ("links", "https://example.com/\"><script>alert(1)</script>"),
            ("person", evil),
            ("as", "peer"),
            ("organization", "external"),
            ("works_at", evil),
            ("level", "E1"),
            ("domain", evil),
        ];
        let entry = log(&ada, &fields).await;
        ada.post(&format!("{entry}/updates"), &[("on", "2026-04-01"), ("text", evil)]).await.expect(303);
        let broken = with(&fields, &[("from", "2026-13")]);
        let pages = [
            ada.get(&entry).await.expect(200),
            ada.get(&format!("{entry}/edit")).await.expect(200),
            ada.get(&format!("{entry}/revisions")).await.expect(200),
            ada.get("/evidence").await.expect(200),
            ada.get("/evidence?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await.expect(200),
            ada.post("/evidence", &broken).await.expect(422),
            ada.post(&entry, &with(&fields, &[("revision", "1"), ("impact", "Other")])).await.expect(409),
        ];
        for page in pages {
            // The page's own two scripts are the only ones.
            let scripts = page.attributes("script", "src");
            assert_eq!(scripts.len(), 2, "{}", page.body);
            assert!(scripts.iter().all(|script| script.starts_with("/static/")), "{scripts:?}");
            assert_eq!(page.texts("script").concat(), "");
            assert!(page.texts("img, svg, iframe").is_empty());
            for href in page.attributes("a[href]", "href") {
                assert!(href.starts_with(['/', '#', '?']) || href.starts_with("http"), "{href}");
            }
        }
    }
}

#[tokio::test]
async fn pages_stay_short_however_much_was_written() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        // A few thousand characters that Markdown would fill up to megabytes.
        let table = format!("{}\n{}\n{}", "|a".repeat(500), "|-".repeat(500), "|x\n".repeat(400));
        let fields = with(KEYNOTE, &[("situation", &table), ("impact", "**Plain** as ever")]);
        let entry = log(&ada, &fields).await;
        let page = ada.get(&entry).await.expect(200);
        assert!(page.body.len() < 64 * 1024, "{}", page.body.len());
        assert!(page.texts("pre.typed").concat().starts_with("|a|a"), "it is shown as it was typed");
        assert_eq!(page.texts(".prose strong"), ["Plain"]);
        assert!(page.texts("nav.pagination").is_empty());

        let told = "&".repeat(13_000);
        for n in 0..10 {
            let text = format!("{n} {told}");
            let update = [("on", "2026-11-01"), ("text", text.as_str())];
            ada.post(&format!("{entry}/updates"), &update).await.expect(303);
        }
        let mut seen = Vec::new();
        for n in 1..=4 {
            let page = ada.get(&format!("{entry}?page={n}")).await.expect(200);
            assert!(page.body.len() < 512 * 1024, "{}", page.body.len());
            seen.extend(
                page.texts(".timeline .prose")
                    .iter()
                    .filter_map(|text| text.split(' ').next().map(str::to_owned)),
            );
            assert!(page.attributes("nav.pagination a", "href").contains(&format!("{entry}?page=1")));
        }
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 10, "{seen:?}");
        ada.get(&format!("{entry}?page=99")).await.expect(200);
        ada.get(&format!("{entry}?page=0")).await.expect(422);
        let more = [("on", "2026-11-02"), ("text", &*"x".repeat(20_000))];
        let page = ada.post(&format!("{entry}/updates"), &more).await.expect(422);
        assert!(page.texts(".error").concat().contains("150,000 characters together"));
    }
}
