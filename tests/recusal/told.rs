//! Recusal is no weapon: the recused are told that they have no part in a case and not what it says, other CTOs see who is
//! recused and why, and what the recused kept to themselves is handed over. Nothing of the case reaches them from then on.

use chrono::TimeDelta;
use evident::accounts::Role;
use evident::audit::{Change, Event, Origin};
use evident::clock::Clock;
use evident::evidence::dossiers;
use evident::server::jobs::Runner;

use super::{developed, work};
use crate::support::{Visitor, World};

const NO_PART: &str = "You have no part in the case of Ada Marsh";
const NOTICE: &str = "Ada Marsh has a case in which you have no part";

async fn inbox(visitor: &Visitor) -> String {
    visitor.get("/inbox").await.expect(200).body
}

#[tokio::test]
async fn an_entry_for_ctos_recuses_nobody_silently() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let ruth = world.somebody("Ruth Okafor", &[Role::Cto]).await;
        let sam = world.somebody("Sam Oduya", &[Role::Cto]).await;
        let finn = world.somebody("Finn Weil", &[Role::Committee]).await;
        let id = dossiers::own(&world.instance, ada.actor()).await.expect("a dossier").id;
        for name in ["Ruth Okafor", "Finn Weil"] {
            let publish = [&[("intent", "publish"), ("audience", "cto")], &developed(name)[..]].concat();
            ada.post("/evidence", &work(&format!("In confidence about {name}"), &publish)).await.expect(303);
        }
        // Of a case that they wouldn't see anyway nobody is told.
        for (who, board) in [(&ruth, "/dossiers"), (&finn, "/committee")] {
            assert!(!inbox(who).await.contains(NOTICE));
            assert!(!who.get(board).await.expect(200).body.contains(NO_PART));
        }
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        assert!(inbox(&ruth).await.contains(NOTICE) && !inbox(&finn).await.contains(NOTICE));
        ada.post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);

        // A CTO may know that the evidence names them; a member is told that they have no part, and no more.
        let overview = ruth.get("/dossiers").await.expect(200).body;
        assert!(overview.contains(&format!("{NO_PART}, since its evidence names you as developed.")));
        let board = finn.get("/committee").await.expect(200).body;
        assert!(board.contains(&format!("{NO_PART}.")) && !board.contains("names you"), "{board}");
        for who in [&ruth, &finn] {
            assert_eq!(inbox(who).await.matches(&format!(">{NOTICE}</a>")).count(), 1);
            assert!(!inbox(who).await.contains("In confidence"));
        }
        assert!(!finn.get("/named").await.expect(200).body.contains("In confidence"));

        // A CTO who has a part sees who has none, and why; on the boards of others nothing stands of it.
        let page = sam.get(&format!("/dossiers/{id}/readiness")).await.expect(200).body;
        for name in ["Ruth Okafor", "Finn Weil"] {
            assert!(
                page.contains(&format!("In confidence about {name}"))
                    && page.contains("No part in this case")
            );
        }
        assert!(!sam.get("/dossiers").await.expect(200).body.contains("no part"));
        assert!(!ada.get(&format!("/dossiers/{id}/readiness")).await.expect(200).body.contains("No part"));

        // What holds no more is told no more; and told once.
        ada.post("/settings/sharing", &[("sharing", "private")]).await.expect(303);
        for (who, board) in [(&ruth, "/dossiers"), (&finn, "/committee")] {
            assert!(!inbox(who).await.contains(NOTICE));
            assert!(!who.get(board).await.expect(200).body.contains(NO_PART));
        }
        ada.post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);
        assert!(!inbox(&finn).await.contains(NOTICE));
        assert!(finn.get("/committee").await.expect(200).body.contains(NO_PART));
        // Whoever becomes a member later is told then.
        let gita = world.somebody("Gita Rao", &[Role::Candidate]).await;
        let publish = [&[("intent", "publish")], &developed("Gita Rao")[..]].concat();
        ada.post("/evidence", &work("Handed the platform over", &publish)).await.expect(303);
        assert!(!inbox(&gita).await.contains(NOTICE));
        let mina = world.somebody("Mina Sato", &[Role::Admin]).await;
        let roles = format!("/admin/accounts/{}/roles", gita.actor().account);
        mina.post(&roles, &[("role", "candidate"), ("role", "committee")]).await.expect(303);
        assert!(inbox(&gita).await.contains(NOTICE));
    }
}

#[tokio::test]
async fn a_recused_cto_hears_of_no_reply_and_their_draft_is_handed_over() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let ruth = world.somebody("Ruth Okafor", &[Role::Cto]).await;
        let sam = world.somebody("Sam Oduya", &[Role::Cto]).await;
        let theo = world.somebody("Theo Lang", &[Role::Cto]).await;
        let id = dossiers::own(&world.instance, ada.actor()).await.expect("a dossier").id;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let plain =
            ada.post("/evidence", &work("Three in a row", &[("intent", "publish")])).await.expect(303);
        let plain = plain.location().to_owned();
        let mut remarks = Vec::new();
        for text in ["Name the number", "Name the day"] {
            let comment = [("field", "impact"), ("text", text), ("do", "release")];
            ruth.post(&format!("{plain}/comment"), &comment).await.expect(303);
        }
        let page = ada.get(&plain).await.expect(200).body;
        for part in page.split("/comments/").skip(1) {
            let comment = part.split('/').next().expect("an id").to_owned();
            if !remarks.contains(&comment) {
                remarks.push(comment);
            }
        }
        let reply = async |comment: &str| {
            ada.post(&format!("/comments/{comment}/reply"), &[("text", "Forty")]).await.expect(303);
        };
        reply(&remarks[0]).await;
        let replied = "Ada Marsh replied to what you said";
        assert!(inbox(&ruth).await.contains(replied));
        let sitting = [("revision", "0"), ("commitment", "Introduce her to the board"), ("do", "keep")];
        ruth.post(&format!("/dossiers/{id}/sitting"), &sitting).await.expect(303);
        let sittings = format!("/dossiers/{id}/sittings");
        for who in [&ada, &sam, &theo] {
            assert!(!who.get(&sittings).await.expect(200).body.contains("Introduce her"));
        }

        let publish = [&[("intent", "publish")], &developed("Ruth Okafor")[..]].concat();
        let naming = ada.post("/evidence", &work("Handed the reviews over", &publish)).await.expect(303);
        let naming = naming.location().to_owned();
        reply(&remarks[1]).await;
        let body = inbox(&ruth).await;
        assert!(!body.contains(replied) && body.contains(NOTICE), "{body}");
        // Named, and told to have no part; the counts beside the inbox are those of what is in it.
        assert!(body.contains("names you in their evidence"));
        let open = body.matches("<p class=\"when\">").count();
        assert_eq!(ruth.get("/people").await.expect(200).texts(".badge-count"), [format!("{open} open")]);

        // Every CTO who has a part, or the sponsor alone, reads what was kept; nobody else does, and nobody releases it.
        for who in [&sam, &theo] {
            let body = who.get(&sittings).await.expect(200).body;
            assert!(body.contains("Handed over to you") && body.contains("Introduce her"), "{body}");
        }
        assert!(!ada.get(&sittings).await.expect(200).body.contains("Introduce her"));
        ruth.get(&sittings).await.expect(404);
        let sam_account = sam.actor().account.to_string();
        let named = [("sharing", "sponsor"), ("sponsor", sam_account.as_str())];
        ada.post("/settings/sharing", &named).await.expect(303);
        assert!(sam.get(&sittings).await.expect(200).body.contains("Introduce her"));
        assert!(!theo.get(&sittings).await.expect(200).body.contains("Introduce her"));

        // What was hidden is there again once the reason is gone.
        ada.post(&format!("{naming}/withdrawal"), &[]).await.expect(303);
        let body = inbox(&ruth).await;
        assert_eq!(body.matches(&format!("<a href=\"{plain}#assess-h\">{replied}")).count(), 2, "{body}");
        assert!(!body.contains(NOTICE));
        assert!(!sam.get(&sittings).await.expect(200).body.contains("Introduce her"));
    }
}

#[tokio::test]
async fn what_a_cto_was_told_of_a_superseded_judgement_is_hidden_once_they_are_recused() {
    for world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let sam = world.somebody("Sam Oduya", &[Role::Cto]).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let publish = [("intent", "publish")];
        let plain = ada.post("/evidence", &work("Three in a row", &publish)).await.expect(303);
        let plain = plain.location().to_owned();
        let judged = [("judgement", "meets"), ("text", "Seen"), ("revision", "1"), ("do", "release")];
        sam.post(&format!("{plain}/assessment"), &judged).await.expect(303);
        let rewrite = [("intent", "publish"), ("revision", "1")];
        let rewrite = work("Quite another story of other directors", &rewrite);
        let cost = ada.post(&plain, &rewrite).await.expect(422);
        let token = cost.attributes("button[name=confirm_superseded]", "value").remove(0);
        let confirm = [("confirm_superseded", token.as_str())];
        ada.post(&plain, &[&rewrite[..], &confirm].concat()).await.expect(303);
        let rewrote = "Ada Marsh rewrote evidence";
        assert!(inbox(&sam).await.contains(rewrote));

        // That he is kept from the case is told, and nothing else of it.
        let named = [&publish, &developed("Sam Oduya")[..]].concat();
        ada.post("/evidence", &work("Handed the reviews over", &named)).await.expect(303);
        let body = inbox(&sam).await;
        assert!(!body.contains(rewrote) && body.contains(NOTICE), "{body}");
    }
}

#[tokio::test]
async fn whoever_was_recused_unheard_is_told_within_a_day_and_once() {
    for mut world in World::on_both().await {
        let ada = world.candidate("Ada Marsh").await;
        let ruth = world.somebody("Ruth Okafor", &[Role::Cto]).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let publish = [&[("intent", "publish")], &developed("Ruth Okafor")[..]].concat();
        ada.post("/evidence", &work("Handed the reviews over", &publish)).await.expect(303);
        // As an upgrade leaves it, which fills the table and tells nobody.
        for (after, told) in
            [("delete from notices", true), ("update notices set settled_at = told_at", false)]
        {
            let mut change = Change::begin(&world.instance, Origin::CommandLine).await.expect("a change");
            change.tx().query(after).run().await.expect("changed");
            change.record(Event::RemindersRaised, None, &());
            change.commit().await.expect("kept");
            assert!(!inbox(&ruth).await.contains(NOTICE));
            let runner = Runner::new(world.instance.clone()).expect("a runner");
            runner.schedule().await.expect("scheduled");
            while runner.next(evident::jobs::Queue::Chores).await.expect("a chore") {}
            assert_eq!(inbox(&ruth).await.contains(NOTICE), told, "after {after}");
            world.instance.clock = Clock::Fixed(world.instance.now() + TimeDelta::days(1));
        }
    }
}
