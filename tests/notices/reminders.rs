//! What is suggested once a day: once, to who wants it, until it is dealt with.

use chrono::TimeDelta;
use evident::clock::Clock;
use evident::reminders;

use super::telling::open;
use crate::support::{Visitor, World};

async fn remind(world: &World) {
    let by = evident::audit::Origin::Job(None);
    reminders::lapsing(&world.instance, by).await.expect("found");
    reminders::check_ins(&world.instance, by).await.expect("found");
}

/// Evidence for cross-domain leadership that speaks until 10 December.
async fn evidence(visitor: &Visitor, until: (&str, &str)) {
    let fields = [
        ("intent", "publish"),
        ("title", "A secret title"),
        ("from_day", "1"),
        ("from_month", "6"),
        ("from_year", "2026"),
        ("to_day", until.0),
        ("to_month", until.1),
        ("to_year", "2026"),
        ("capability", "cross-domain-leadership"),
        ("confirm_duplicate", "yes"),
    ];
    visitor.post("/evidence", &fields).await.expect(303);
}

/// Answers to the six questions: due again, on 22 November, where they were given on 22 May or before.
async fn answers(visitor: &Visitor, on: &str) {
    visitor.post("/check-ins", &[("on", on), ("deputizing", "partly")]).await.expect(303);
}

#[tokio::test]
async fn something_new_is_suggested_once_before_a_capability_lapses() {
    for mut world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        evidence(&ada, ("11", "8")).await;
        remind(&world).await;
        remind(&world).await;
        let told = open(&world, &ada).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].contains("something new by 10 Dec 2026 would carry it on. The guide’s idea: "),
            "{told:?}"
        );

        let inbox = ada.get("/inbox").await.expect(200);
        assert_eq!(inbox.texts("h2"), ["Suggestions"]);
        assert_eq!(inbox.texts(".badge-count"), ["1 open"]);
        let links = inbox.attributes("main h3 a", "href");
        assert_eq!(links, ["/development?capability=cross-domain-leadership&by=2026-12-10#add"]);
        let development = ada.get(links[0].trim_end_matches("#add")).await.expect(200);
        assert_eq!(
            development.attributes("#capability option[selected]", "value"),
            ["cross-domain-leadership"]
        );
        assert_eq!(development.attributes("#due", "value"), ["2026-12-10"]);

        let away = inbox.attributes("form[action$='/removal']", "action");
        ada.post(&away[0], &[]).await.expect(303);
        world.instance.clock = Clock::Fixed(world.instance.now() + TimeDelta::days(1));
        remind(&world).await;
        assert!(open(&world, &ada).await.is_empty(), "what was put away stays away");
    }
}

#[tokio::test]
async fn new_evidence_and_a_new_check_in_settle_what_was_suggested() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        evidence(&ada, ("11", "8")).await;
        answers(&ada, "2026-05-22").await;
        remind(&world).await;
        assert_eq!(open(&world, &ada).await.len(), 2);
        evidence(&ada, ("10", "11")).await;
        let told = open(&world, &ada).await;
        assert_eq!(told, ["The six questions are worth answering again; you last did on 22 May 2026"]);
        answers(&ada, "2026-11-20").await;
        assert!(open(&world, &ada).await.is_empty());
        remind(&world).await;
        assert!(open(&world, &ada).await.is_empty());
    }
}

#[tokio::test]
async fn nobody_is_reminded_who_is_away_stays_by_choice_or_does_not_want_it() {
    for world in World::on_both().await {
        let (away, staying, without, far) = (
            world.candidate("Ines Vale").await,
            world.candidate("Tomas Reed").await,
            world.candidate("Nora Quill").await,
            world.candidate("Ada Marsh").await,
        );
        for visitor in [&away, &staying, &without] {
            evidence(visitor, ("11", "8")).await;
            answers(visitor, "2026-05-22").await;
        }
        evidence(&far, ("20", "11")).await;
        answers(&far, "2026-05-23").await;
        away.post("/settings/leave", &[("from", "2026-11-20"), ("to", "2026-11-22")]).await.expect(303);
        let off = [("lapsing", "off"), ("check-ins", "off")];
        without.post("/settings/mail", &off).await.expect(303);
        remind(&world).await;
        assert_eq!(open(&world, &staying).await.len(), 2);
        for visitor in [&away, &without, &far] {
            assert!(open(&world, visitor).await.is_empty());
        }
        staying.post("/settings/aim", &[("aim", "e1-by-choice")]).await.expect(303);
        assert!(open(&world, &staying).await.is_empty(), "the choice puts them away");
        let settings = staying.get("/settings").await.expect(200);
        assert!(settings.attributes("input[name=lapsing]", "name").is_empty());
        remind(&world).await;
        assert!(open(&world, &staying).await.is_empty());
    }
}
