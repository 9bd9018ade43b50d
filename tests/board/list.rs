//! `/committee`, its JSON and its CSV.

use evident::accounts::Role;
use evident::evidence::{Aim, Audience, Sharing};
use evident::review::CorroborationAnswer;
use serde_json::json;

use super::world::{CP, Company, DE, EP, XD};

/// The names on a page of the JSON.
fn names(json: &serde_json::Value) -> Vec<&str> {
    json["candidates"].as_array().expect("a list").iter().filter_map(|c| c["name"].as_str()).collect()
}

/// Ada has sustained partnership and fresh, unconfirmed presence; Zoë has nothing; Bruno a lapsed presence.
async fn three(company: &Company) -> [super::world::Candidate; 3] {
    let zoe = company.candidate("Zoë Ångström", Sharing::Committee).await;
    let ada = company.candidate("Ada Marsh", Sharing::Committee).await;
    let bruno = company.candidate("Bruno Keller", Sharing::Committee).await;
    company.sustained(&ada, CP).await;
    company.entry(&ada, EP, ("2026-10-01", "2026-10-20"), Audience::Dossier).await;
    let old = company.entry(&bruno, EP, ("2025-03-01", "2025-06-30"), Audience::Dossier).await;
    company.answer(&bruno, old, company.outsider, "2025-07-02", CorroborationAnswer::Confirmed).await;
    [ada, bruno, zoe]
}

#[tokio::test]
async fn the_json_is_that_of_the_contract() {
    for company in Company::on_both().await {
        let [ada, ..] = three(&company).await;
        let answer = company.member.get("/committee.json?gap=external-presence&q=ADA").await.expect(200);
        let none = |capability| json!({"capability": capability, "state": "none", "months": 0, "gaps": ["no-evidence"]});
        let expected = json!({
            "as_of": "2026-11-22", "lens": "confirmed", "total": 1, "page": 1, "per_page": 50,
            "counts": {
                "gap": {XD: 3, CP: 2, DE: 3, EP: 3},
                "kind": {"no-evidence": 3, "lapsed": 1, "short": 1, "few": 1, "narrow": 0, "unconfirmed": 1,
                         "unheard": 0, "differing-account": 0, "not-yet": 0},
            },
            "candidates": [{
                "dossier": ada.dossier, "name": "Ada Marsh", "evidence_complete": false,
                "capabilities": [
                    none(XD),
                    {"capability": CP, "state": "sustained", "months": 24, "gaps": []},
                    none(DE),
                    none(EP),
                ],
            }],
        });
        // The order of keys counts too.
        assert_eq!(answer.body, expected.to_string(), "{}", company.world.instance.db.engine());
        let all = company.member.get("/committee.json?lens=all").await.expect(200).json();
        assert_eq!(names(&all), ["Ada Marsh", "Bruno Keller", "Zoë Ångström"]);
        assert_eq!(all["candidates"][0]["capabilities"][3]["state"], "emerging");
    }
}

#[tokio::test]
async fn filters_narrow_and_pages_end() {
    for company in Company::on_both().await {
        three(&company).await;
        let shown = async |query: &str| {
            let json = company.member.get(&format!("/committee.json?{query}")).await.expect(200).json();
            (names(&json).join(", "), json["total"].as_u64().expect("a total"))
        };
        assert_eq!(shown("kind=lapsed").await, ("Bruno Keller".into(), 1));
        assert_eq!(shown("kind=no-evidence&gap=external-presence").await.0, "Ada Marsh, Zoë Ångström");
        assert_eq!(shown("gap=cto-partnership&state=none").await.0, "Bruno Keller, Zoë Ångström");
        assert_eq!(shown("gap=cto-partnership&gap=external-presence&match=all&kind=").await.1, 2);
        assert_eq!(shown("q=angstrom").await.0, "Zoë Ångström");
        assert_eq!(shown("per_page=2&page=2").await, ("Zoë Ångström".into(), 3));
        assert_eq!(shown("per_page=2&page=9").await, (String::new(), 3));
        let page = company.member.get("/committee?per_page=2&page=2&match=all").await.expect(200);
        assert_eq!(page.texts("tbody th"), ["Zoë Ångström"]);
        let links = page.attributes(".pagination a", "href");
        assert_eq!(links, ["/committee?match=all&per_page=2", "/committee?match=all&page=2&per_page=2"]);
        let past = company.member.get("/committee?page=9").await.expect(200);
        assert!(past.body.contains("past the end"), "{}", past.body);
        let nobody = company.member.get("/committee?kind=unheard").await.expect(200);
        assert!(nobody.body.contains("Nobody has all that is chosen"), "{}", nobody.body);
    }
}

#[tokio::test]
async fn the_page_says_what_is_chosen_and_what_each_choice_would_show() {
    for company in Company::on_both().await {
        three(&company).await;
        let page = company
            .member
            .get("/committee?gap=external-presence&kind=lapsed,short&lens=all")
            .await
            .expect(200);
        let chips = page.texts(".chosen a");
        let remove = |what: &str| format!("Remove filter: {what}");
        let expected = [
            remove("Gap in external presence"),
            remove("Quiet"),
            remove("Too short"),
            remove("All evidence"),
        ];
        assert_eq!(chips[..4], expected);
        assert_eq!(
            page.attributes(".chosen a", "href")[1],
            "/committee?gap=external-presence&kind=short&lens=all"
        );
        assert_eq!(page.attributes("input[checked]", "value"), [EP, "any", "lapsed", "short"]);
        let counts = page.texts(".filters .count");
        assert_eq!(counts[..4], ["3 candidates", "2 candidates", "3 candidates", "3 candidates"]);
        let data = page.attributes(".result-head a", "href");
        let query = "gap=external-presence&kind=lapsed,short&lens=all";
        assert_eq!(
            data,
            [
                format!("/committee.csv?{query}"),
                format!("/committee.csv?{query}&separator=semicolon"),
                format!("/committee.json?{query}")
            ]
        );
        // At the level of states, months and kinds of gaps: no prose, no day of an entry, no way to a dossier.
        for told in ["Secret", "2025-06", "Jun 2025", "since", "/dossiers/", "/evidence/"] {
            assert!(!page.body.contains(told), "{told}");
        }
    }
}

#[tokio::test]
async fn the_csv_holds_all_rows_or_the_page_that_is_named() {
    for company in Company::on_both().await {
        three(&company).await;
        let csv = company.member.get("/committee.csv").await.expect(200);
        let lines: Vec<&str> = csv.body.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines[0].starts_with(
            "\u{FEFF}name,dossier,evidence_complete,cross-domain-leadership_state,cross-domain-leadership_months,\
             cross-domain-leadership_gaps,cto-partnership_state,"
        ));
        assert!(
            lines[1].starts_with("Ada Marsh,")
                && lines[1].contains(",false,none,0,no-evidence,sustained,24,,")
        );
        assert!(
            lines[2].ends_with(",lapsed,10,lapsed short few unconfirmed") || lines[2].contains(",lapsed,")
        );
        let page = company.member.get("/committee.csv?per_page=2&page=2").await.expect(200);
        assert_eq!(page.body.lines().count(), 2);
        let filtered = company.member.get("/committee.csv?kind=lapsed").await.expect(200);
        assert_eq!(filtered.body.lines().nth(1).map(|line| line.starts_with("Bruno Keller,")), Some(true));
    }
}

#[tokio::test]
async fn the_separator_is_chosen_by_the_address_and_kept_in_the_links_of_the_page() {
    for company in Company::on_both().await {
        three(&company).await;
        for (board, viewer) in [("/committee", &company.member), ("/dossiers", &company.cto)] {
            let csv = viewer.get(&format!("{board}.csv?separator=semicolon")).await.expect(200);
            assert!(csv.body.starts_with("\u{FEFF}name;dossier;evidence_complete;"), "{}", csv.body);
            let same = viewer.get(&format!("{board}.csv?separator=comma")).await.expect(200);
            assert_eq!(same.body, viewer.get(&format!("{board}.csv")).await.expect(200).body);
            for ending in ["", ".json", ".csv"] {
                let refused = viewer.get(&format!("{board}{ending}?separator=tab")).await.expect(422);
                assert!(refused.body.contains("none of comma, semicolon"), "{}", refused.body);
            }
            let page = viewer.get(&format!("{board}?separator=semicolon&per_page=1")).await.expect(200);
            let links = page.attributes(".result-head a, .pagination a", "href");
            assert!(links.len() > 4, "{links:?}");
            for link in links.iter().filter(|link| !link.ends_with("?separator=comma")) {
                assert!(link.contains("separator=semicolon"), "{link}");
            }
            assert_eq!(page.attributes("input[name=separator]", "value"), ["semicolon"]);
        }
    }
}

#[tokio::test]
async fn a_malformed_parameter_is_named_on_page_json_and_csv() {
    for company in Company::on_both().await {
        for (visitor, path) in [(&company.member, "/committee"), (&company.cto, "/dossiers")] {
            for bad in [
                "gap=presence",
                "kind=silent",
                "kind=short,x",
                "match=both",
                "state=great",
                "as_of=2026-02-30",
                "as_of=tomorrow",
                "lens=wide",
                "page=0",
                "page=-1",
                "per_page=201",
                "per_page=ten",
                "sort=state",
            ] {
                let name = bad.split('=').next().expect("a name");
                let page = visitor.get(&format!("{path}?{bad}")).await.expect(422);
                assert_eq!(page.texts("main li strong"), [name], "{path}?{bad}");
                for ending in ["json", "csv"] {
                    let data = visitor.get(&format!("{path}.{ending}?{bad}")).await.expect(422);
                    assert_eq!(data.header("content-type"), "application/problem+json");
                    assert_eq!(data.json()["errors"][0]["field"], name, "{path}.{ending}?{bad}");
                }
            }
        }
    }
}

#[tokio::test]
async fn the_board_holds_whom_its_viewer_may_see_and_nobody_else() {
    for company in Company::on_both().await {
        let ada = company.candidate("Ada Marsh", Sharing::Committee).await;
        company.candidate("Private Person", Sharing::Private).await;
        company.candidate("Sponsored Person", Sharing::Sponsor).await;
        let content = company.candidate("Content Person", Sharing::Committee).await;
        company.aim(&content, Aim::E1ByChoice).await;
        let both = company.world.somebody("Both Sides", &[Role::Candidate, Role::Committee]).await;
        let both = company.dossier_of(both, Sharing::Committee).await;
        let board = async |visitor: &crate::support::Visitor| {
            let json = visitor.get("/committee.json").await.expect(200).json();
            let counted = json["counts"]["gap"][EP].as_u64();
            assert_eq!(counted, Some(names(&json).len() as u64), "counts are taken after the visibility");
            names(&json).join(", ")
        };
        assert_eq!(board(&company.member).await, "Ada Marsh, Both Sides");
        assert_eq!(board(&both.visitor).await, "Ada Marsh");
        // Named as developed: kept from the case.
        let entry = company.entry(&ada, DE, ("2026-01-01", "2026-03-31"), Audience::Dossier).await;
        company.develops(&ada, entry, company.member.actor().person).await;
        assert_eq!(board(&company.member).await, "Both Sides");
        for (visitor, page, data) in [
            (company.world.anonymous(), 303, 401),
            (ada.visitor, 403, 403),
            (company.world.cto("Otto Brandt").await, 403, 403),
        ] {
            visitor.get("/committee").await.expect(page);
            visitor.get("/committee.json").await.expect(data);
            visitor.get("/committee.csv").await.expect(data);
        }
    }
}

#[tokio::test]
async fn an_account_that_differed_is_untold_in_its_first_days_settled_or_not() {
    for company in Company::on_both().await {
        let ada = company.candidate("Ada Marsh", Sharing::Committee).await;
        company.sustained(&ada, CP).await;
        let member = &company.member;
        let told = async |query: &str| member.get(&format!("/committee.json{query}")).await.expect(200).body;
        let before = told("").await;
        let entry = company.entry(&ada, CP, ("2026-10-31", "2026-11-02"), Audience::Dossier).await;
        company.answer(&ada, entry, company.outsider, "2026-11-15", CorroborationAnswer::Differs).await;
        assert_eq!((told("").await, told("?as_of=2026-11-22").await), (before.clone(), before.clone()));
        let mut tx = company.world.instance.db.write().await.expect("a write");
        let settle =
            tx.query("update corroborations set settled_on = $2 where entry_id = $1 and answer = 'differs'");
        settle.bind(entry).bind(super::world::day("2026-11-20")).run_expecting(1).await.expect("settled");
        evident::evidence::dossiers::touch(&mut tx, ada.dossier).await.expect("touched");
        tx.commit().await.expect("kept");
        company.world.planted().await;
        assert_eq!((told("").await, told("?as_of=2026-11-22").await), (before.clone(), before));
    }
}

#[tokio::test]
async fn a_member_sees_today_and_a_cto_any_day() {
    for company in Company::on_both().await {
        three(&company).await;
        let both = company.world.somebody("Cleo Fox", &[Role::Cto, Role::Committee]).await;
        let today = "2026-11-22";
        for path in ["/committee", "/committee.json", "/committee.csv"] {
            for day in ["2026-11-21", "2026-11-23", "2025-11-22", "1999-01-01"] {
                let refused = company.member.get(&format!("{path}?as_of={day}")).await.expect(422);
                assert!(refused.body.contains("as_of") && refused.body.contains(today), "{}", refused.body);
                both.get(&format!("{path}?as_of={day}")).await.expect(200);
            }
            company.member.get(&format!("{path}?as_of={today}")).await.expect(200);
            company.member.get(&format!("{path}?as_of=")).await.expect(200);
            company.member.get(&format!("{path}?as_of=today")).await.expect(422);
        }
        // A year ago, the evidence for the partnership was half as long.
        let then = both.get("/committee.json?as_of=2025-11-22&q=ada").await.expect(200).json();
        assert_eq!(then["candidates"][0]["capabilities"][1]["state"], "developing");
        // What a member keeps leads to today tomorrow, too.
        let page = company.member.get(&format!("/committee?as_of={today}&per_page=2")).await.expect(200);
        assert!(page.attributes("#as_of", "id").is_empty());
        for link in page.attributes("main a", "href") {
            assert!(!link.contains("as_of"), "{link}");
        }
        assert_eq!(both.get("/committee").await.attributes("#as_of", "id"), ["as_of"]);
    }
}
