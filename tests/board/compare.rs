//! `/compare`.

use evident::evidence::{Audience, Sharing};

use super::world::{CP, Candidate, Company, EP};

fn address(candidates: &[&Candidate]) -> String {
    let ids: Vec<String> = candidates.iter().map(|c| format!("dossier={}", c.dossier)).collect();
    format!("/compare?{}", ids.join("&"))
}

#[tokio::test]
async fn people_stand_side_by_side_as_far_as_the_viewer_may_see() {
    for company in Company::on_both().await {
        let zoe = company.candidate("Zoë Ångström", Sharing::Committee).await;
        let ada = company.candidate("Ada Marsh", Sharing::Committee).await;
        let sponsored = company.candidate("Sponsored Person", Sharing::Sponsor).await;
        company.sustained(&ada, CP).await;
        company.entry(&zoe, EP, ("2026-09-01", "2026-10-20"), Audience::Dossier).await;
        let address = address(&[&zoe, &ada]);
        let page = company.member.get(&address).await.expect(200);
        assert_eq!(page.texts("thead th"), ["Attribute", "Ada Marsh", "Zoë Ångström"]);
        let labels = page.texts("tbody th[scope=row]");
        assert_eq!(labels[..5], ["Evidence complete", "Time at level", "State", "Months shown", "Gaps"]);
        assert!(
            !page.body.contains("Lapses")
                && !page.body.contains("Voices")
                && !page.body.contains("/dossiers/")
        );
        // The CTO's lens starts with all evidence, and counts and lapse dates are theirs to see.
        let whole = company.cto.get(&address).await.expect(200);
        let cells = whole.texts("tbody td");
        let labels = whole.texts("tbody th[scope=row]");
        let rows: Vec<String> = labels
            .iter()
            .zip(cells.chunks(2))
            .map(|(label, two)| format!("{label}: {}", two.join(" | ")))
            .collect();
        for row in [
            "State: Sustained | None",
            "State: None | Emerging",
            "Criteria confirmed: 3 of 5 | 0 of 5",
            "Voices: 2 | 0",
            "Asked voice: Heard | Not heard",
            "Lapses: 28 Feb 2027 | –",
        ] {
            assert!(rows.iter().any(|found| found == row), "{row}: {rows:?}");
        }
        // Whom one may not see is as whom there is not.
        company.cto.get(&format!("{address}&dossier={}", sponsored.dossier)).await.expect(200);
        let hidden =
            company.member.get(&format!("{address}&dossier={}", sponsored.dossier)).await.expect(404);
        let missing =
            company.member.get(&format!("{address}&dossier={}", uuid::Uuid::max())).await.expect(404);
        let without = |body: &str, id: uuid::Uuid| body.replace(&id.to_string(), "");
        assert_eq!(without(&hidden.body, sponsored.dossier), without(&missing.body, uuid::Uuid::max()));
    }
}

#[tokio::test]
async fn only_what_differs_is_left_on_request() {
    for company in Company::on_both().await {
        let zoe = company.candidate("Zoë Ångström", Sharing::Committee).await;
        let ada = company.candidate("Ada Marsh", Sharing::Committee).await;
        let same = format!("{}&differences=1", address(&[&zoe, &ada]));
        let page = company.member.get(&same).await.expect(200);
        assert!(page.body.contains("They differ in nothing"), "{}", page.body);
        company.sustained(&ada, CP).await;
        let page = company.member.get(&same).await.expect(200);
        assert_eq!(page.texts("tbody tr").len(), 4, "{:?}", page.texts("tbody tr"));
        assert_eq!(page.texts("tr.group"), ["CTO partnership"]);
        assert_eq!(page.attributes("#differences[checked]", "value"), ["1"]);
    }
}

#[tokio::test]
async fn two_to_four_people_are_compared() {
    for company in Company::on_both().await {
        let mut all = Vec::new();
        for name in ["Ada Marsh", "Bruno Keller", "Chidi Eze", "Dana Ito", "Emil Roth"] {
            all.push(company.candidate(name, Sharing::Committee).await);
        }
        let all: Vec<&Candidate> = all.iter().collect();
        for count in 0..=5 {
            let answer = company.member.get(&address(&all[..count])).await;
            if (2..=4).contains(&count) {
                assert_eq!(answer.expect(200).texts("thead th").len(), count + 1);
            } else {
                let kind = answer.expect(422);
                assert!(kind.body.contains("Choose two to four people") && kind.body.contains("dossier"));
                assert_eq!(kind.attributes("main a.button", "href"), ["/committee"]);
            }
        }
        let two = address(&all[..2]);
        for (bad, name) in [
            (format!("{two}&dossier={}", all[0].dossier), "dossier"),
            (format!("{two}&dossier=7"), "dossier"),
            (format!("{two}&differences=yes"), "differences"),
            (format!("{two}&lens=wide"), "lens"),
            (format!("{two}&as_of=2026-13-01"), "as_of"),
            (format!("{two}&as_of=2026-11-21"), "as_of"),
            (format!("{two}&sort=name"), "sort"),
        ] {
            assert_eq!(company.member.get(&bad).await.expect(422).texts("main li strong"), [name], "{bad}");
        }
        let page = company.member.get(&format!("{two}&as_of=2026-11-22")).await.expect(200);
        assert!(page.attributes("#as_of", "id").is_empty());
        company.cto.get(&format!("{two}&as_of=2026-01-21")).await.expect(200);
        company.world.anonymous().get(&two).await.expect(303);
        all[0].visitor.get(&two).await.expect(403);
    }
}
