//! `/dossiers`, its JSON and its CSV.

use evident::evidence::{Aim, Audience, Sharing};
use evident::review::CorroborationAnswer;

use super::world::{CP, Company, EP};

#[tokio::test]
async fn what_waits_stands_first_the_longest_waiting_on_top() {
    for company in Company::on_both().await {
        let ada = company.candidate("Ada Marsh", Sharing::Sponsor).await;
        let bruno = company.candidate("Bruno Keller", Sharing::Committee).await;
        company.entry(&bruno, CP, ("2026-02-01", "2026-05-03"), Audience::Dossier).await;
        let reserved = company.entry(&ada, EP, ("2026-08-01", "2026-09-10"), Audience::Cto).await;
        let disputed = company.entry(&ada, EP, ("2026-06-01", "2026-07-10"), Audience::Dossier).await;
        company.answer(&ada, disputed, company.outsider, "2026-11-20", CorroborationAnswer::Differs).await;
        let page = company.cto.get("/dossiers").await.expect(200);
        let titles = page.texts(".waiting h3");
        let reasons = page.texts(".waiting div .meta");
        let since = page.texts(".waiting > li > .meta");
        let waiting: Vec<String> =
            titles.iter().zip(&reasons).zip(&since).map(|((a, b), c)| format!("{a}; {b}; {c}")).collect();
        assert_eq!(
            waiting,
            [
                "Ada Marsh: feedback on the partnership; There is none yet; since 1 Apr 2026",
                "Bruno Keller: feedback on the partnership; There is none yet; since 1 Apr 2026",
                "Bruno Keller: CTO partnership; No CTO has said yet how it was; since 3 May 2026",
                "Ada Marsh: “Secret title of external-presence”; \
                 For CTOs alone: it counts once a CTO has confirmed it; since 10 Sep 2026",
                "Ada Marsh: “Secret title of external-presence”; \
                 An account differs; hear both sides; since 20 Nov 2026",
            ]
        );
        let ways = page.attributes(".waiting a", "href");
        assert_eq!(ways[2], format!("/dossiers/{}/readiness#cto-partnership", bruno.dossier));
        assert_eq!(ways[3..], [format!("/evidence/{reserved}"), format!("/evidence/{disputed}")]);
        assert_eq!(page.texts("tbody th"), ["Ada Marsh", "Bruno Keller"]);
        assert!(
            page.texts("tbody td").iter().any(|cell| cell.ends_with("Waiting for the CTO since 3 May 2026"))
        );
        // What is done is gone on the very next request.
        let cto = company.cto.actor().person;
        company.answer(&ada, reserved, cto, "2026-11-22", CorroborationAnswer::Confirmed).await;
        assert_eq!(company.cto.get("/dossiers").await.expect(200).texts(".waiting > li").len(), 4);
    }
}

#[tokio::test]
async fn the_overview_starts_with_all_evidence_of_whoever_shares_with_ctos() {
    for company in Company::on_both().await {
        let ada = company.candidate("Ada Marsh", Sharing::Sponsor).await;
        company.entry(&ada, EP, ("2026-08-01", "2026-09-10"), Audience::Dossier).await;
        company.candidate("Private Person", Sharing::Private).await;
        let content = company.candidate("Content Person", Sharing::Sponsor).await;
        company.aim(&content, Aim::E1ByChoice).await;
        let json = company.cto.get("/dossiers.json").await.expect(200).json();
        assert_eq!((&json["lens"], &json["total"]), (&"all".into(), &1.into()));
        assert_eq!(json["candidates"][0]["capabilities"][3]["state"], "emerging");
        let confirmed = company.cto.get("/dossiers.json?lens=confirmed").await.expect(200).json();
        assert_eq!(confirmed["candidates"][0]["capabilities"][3]["state"], "none");
        let csv = company.cto.get("/dossiers.csv").await.expect(200);
        assert_eq!(csv.body.lines().count(), 2);
        let page = company.cto.get("/dossiers").await.expect(200);
        assert_eq!(page.attributes("tbody th a", "href"), [format!("/dossiers/{}/readiness", ada.dossier)]);
        for ending in ["", ".json", ".csv"] {
            company.member.get(&format!("/dossiers{ending}")).await.expect(403);
            ada.visitor.get(&format!("/dossiers{ending}")).await.expect(403);
        }
    }
}
