//! The list of opportunities: who was offered what over a year, CTOs' alone.

use evident::evidence::Sharing;

use super::Scene;

fn fields<'a>(kind: &'a str, on: &'a str, offered_to: &'a str, taken_by: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("kind", kind),
        ("on", on),
        ("what", "Secret occasion"),
        ("offered_to", offered_to),
        ("taken_by", taken_by),
    ]
}

#[tokio::test]
async fn a_year_stands_by_name_and_is_ctos_alone() {
    for scene in Scene::on_both().await {
        scene.company.candidate("Zoe Lind", Sharing::Private).await;
        let ruth = scene.ruth();
        for (kind, on, to, by) in [
            ("board-slot", "2026-05-04", "Zoe Lind", "zoe lind"),
            ("board-slot", "2026-08-03", "Zoe Lind", ""),
            ("stand-in", "2026-07-01", "Ada Marsh", "Zoe Lind"),
            ("conference", "2025-11-22", "Ada Marsh", ""),
            ("customer", "2026-12-24", "Ada Marsh", ""),
        ] {
            ruth.post("/opportunities", &fields(kind, on, to, by)).await.expect(303);
        }
        let page = scene.sam.get("/opportunities").await.expect(200);
        assert_eq!(page.texts("tbody th"), ["Ada Marsh", "Zoe Lind"]);
        let cells = page.texts("tbody td");
        assert_eq!(
            cells,
            [
                "·none",
                "1: 1 Jul 2026",
                "·none",
                "·none",
                "2: 4 May 2026 ✓taken, 3 Aug 2026",
                "·none",
                "·none",
                "·none"
            ]
        );
        assert_eq!(page.texts(".list li").len(), 4, "what lies ahead is listed, a year ago no more");
        let earlier = scene.sam.get("/opportunities?as_of=2025-12-01").await.expect(200);
        assert_eq!(earlier.texts("tbody td")[3], "1: 22 Nov 2025");
        // One is edited by another CTO, and withdrawn.
        let one = page.attributes(".list a", "href")[0].clone();
        let form = scene.sam.get(&one).await.expect(200);
        assert_eq!(form.attributes("#offered_to", "value"), ["Ada Marsh"]);
        let mut edit = fields("customer", "2026-11-20", "Zoe Lind", "").to_vec();
        edit.push(("revision", "1"));
        scene.sam.post(&one, &edit).await.expect(303);
        let stale = ruth.post(&one, &edit).await.expect(422);
        assert_eq!(stale.attributes("input[name=revision]", "value"), ["2"]);
        assert_eq!(ruth.get("/opportunities").await.expect(200).texts("tbody td")[6], "1: 20 Nov 2026");
        scene.sam.post(&format!("{one}/withdrawal"), &[]).await.expect(303);
        assert_eq!(ruth.get("/opportunities").await.expect(200).texts("tbody td")[6], "·none");
        ruth.get(&one).await.expect(404);
        // Nobody else learns of the list, and nothing on it.
        let admin = scene.company.world.somebody("Mina Sato", &[evident::accounts::Role::Admin]).await;
        for visitor in [&scene.ada.visitor, &scene.company.member, &admin] {
            for path in ["/opportunities", one.as_str()] {
                visitor.get(path).await.expect(403);
            }
            visitor
                .post("/opportunities", &fields("customer", "2026-01-01", "Ada Marsh", ""))
                .await
                .expect(403);
        }
        let person = format!("/people/{}", scene.ada.visitor.actor().person);
        assert!(!scene.ada.visitor.get(&person).await.expect(200).body.contains("Secret occasion"));
    }
}

#[tokio::test]
async fn of_many_directors_and_of_many_occasions_a_page_is_shown() {
    for scene in Scene::on_both().await {
        let ruth = scene.ruth();
        for n in 0..60 {
            let name = format!("Director {n:02}");
            let fields = [
                ("name", name.as_str()),
                ("organization", "internal"),
                ("level", "E1"),
                ("from", "2020-01-01"),
            ];
            ruth.post("/people", &fields).await.expect(303);
        }
        for n in 0..52 {
            let (day, to) = (format!("2026-{:02}-{:02}", 2 + n / 26, 1 + n % 26), format!("Director {n:02}"));
            ruth.post("/opportunities", &fields("customer", &day, &to, "")).await.expect(303);
        }
        let first = ruth.get("/opportunities").await.expect(200);
        assert_eq!(first.texts("tbody th").len(), 50);
        assert_eq!(first.texts(".list li").len(), 50);
        let next = first.attributes("a[rel=next]", "href");
        assert_eq!(next, ["/opportunities?page=2", "/opportunities?occasions=2"]);
        let second = ruth.get(&next[0]).await.expect(200);
        assert!(second.texts("tbody th").last().is_some_and(|last| last.starts_with("Director 59")));
        assert_eq!(second.texts(".list li").len(), 50);
        let earliest = ruth.get(&next[1]).await.expect(200);
        assert_eq!(earliest.texts("tbody th").len(), 50);
        let meta = earliest.texts(".list .meta");
        assert_eq!(meta.len(), 2);
        assert!(meta[1].contains("1 Feb 2026. Offered to Director 00"), "{}", meta[1]);
        let past = ruth.get("/opportunities?page=9").await.expect(200);
        assert_eq!(past.texts(".pagination p")[0], "There is nothing on this page");
        // The year that was chosen stays.
        let earlier = ruth.get("/opportunities?as_of=2026-05-04&page=2").await.expect(200);
        assert_eq!(earlier.attributes("#as_of", "value"), ["2026-05-04"]);
        assert_eq!(earlier.attributes(".pagination a", "href")[0], "/opportunities?as_of=2026-05-04&page=1");
        ruth.get("/opportunities?page=0").await.expect(422);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_named_and_kept() {
    for scene in Scene::on_both().await {
        let answer = scene
            .ruth()
            .post("/opportunities", &fields("party", "soon", "Nobody Here", "Ada"))
            .await
            .expect(422);
        let faults = answer.attributes(".error-summary a", "href");
        assert_eq!(faults, ["#kind-board-slot", "#on", "#offered_to", "#taken_by"]);
        assert_eq!(answer.attributes("#offered_to", "value"), ["Nobody Here"]);
        let answer = scene.ruth().post("/opportunities", &[]).await.expect(422);
        assert_eq!(answer.texts(".error-summary li").len(), 4);
        scene.ruth().get("/opportunities?as_of=soon").await.expect(422);
    }
}
