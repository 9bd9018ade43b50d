//! The leaders whom a candidate developed: what their trajectories show, to whom, and whose word counts.

use evident::accounts::policy::{self, Act, Decision, MilestoneState};
use evident::accounts::{Actor, Role};
use evident::directory;
use evident::evidence::{Audience, Sharing, Status};
use evident::ids::Ids;
use evident::people::{Organization, store};
use evident::review::CorroborationAnswer;
use strum::VariantArray as _;
use uuid::Uuid;

use crate::board::world::{Candidate, Company, DE};
use crate::support::{Visitor, World};

async fn leader(world: &World, name: &str, added_by: Option<Uuid>) -> Uuid {
    let at = world.instance.now();
    let id = world.instance.ids.new_id(at);
    let mut tx = world.instance.db.write().await.expect("a write");
    store::insert(&mut tx, id, name, Organization::Internal, None, added_by, at).await.expect("a leader");
    tx.commit().await.expect("kept");
    id
}

async fn level(by: &Visitor, person: Uuid, level: &str, from: &str) {
    by.post(&format!("/people/{person}/levels"), &[("level", level), ("from", from)]).await.expect(303);
}

async fn milestone(by: &Visitor, person: Uuid, on: &str, kind: &str, what: &str) {
    let form = [("on", on), ("kind", kind), ("what", what)];
    by.post(&format!("/people/{person}/milestones"), &form).await.expect(303);
}

/// A named leader's own answer.
async fn says(company: &Company, entry: Uuid, person: Uuid, answer: &'static str) {
    let mut tx = company.world.instance.db.write().await.expect("a write");
    tx.query("update entry_people set answer = $3 where entry_id = $1 and person_id = $2")
        .bind(entry)
        .bind(person)
        .bind(answer.to_owned())
        .run_expecting(1)
        .await
        .expect("an answer");
    tx.commit().await.expect("kept");
}

async fn set_status(company: &Company, entry: Uuid, status: Status) {
    let mut tx = company.world.instance.db.write().await.expect("a write");
    let set = tx.query("update entries set status = $2 where id = $1").bind(entry).bind(status);
    set.run_expecting(1).await.expect("set");
    tx.commit().await.expect("kept");
}

fn page_of(candidate: &Candidate) -> String {
    format!("/dossiers/{}/trajectories", candidate.dossier)
}

#[tokio::test]
async fn a_trajectory_shows_where_each_stood_what_was_done_and_where_they_went() {
    for company in Company::on_both().await {
        let admin = company.world.somebody("Mina Sato", &[Role::Admin]).await;
        let ada = company.candidate("Ada Marsh", Sharing::Sponsor).await;
        let owner = &ada.visitor;
        let empty = owner.get(&page_of(&ada)).await.expect(200);
        assert_eq!(empty.texts(".empty h2"), ["No leader stands here yet"]);

        let priya = leader(&company.world, "Priya Raman", Some(owner.actor().account)).await;
        let samir = leader(&company.world, "Samir Haddad", None).await;
        level(&admin, priya, "M3", "2021-03-01").await;
        level(&admin, priya, "E1", "2025-01-13").await;
        level(owner, priya, "E2", "2026-10-01").await;
        level(&admin, samir, "M3", "2020-01-01").await;
        let early = company.entry(&ada, DE, ("2024-10-01", "2024-12-31"), Audience::Dossier).await;
        let late = company.entry(&ada, DE, ("2026-02-01", "2026-04-30"), Audience::Dossier).await;
        let other = company.entry(&ada, DE, ("2026-05-01", "2026-05-31"), Audience::Cto).await;
        for (entry, person) in [(early, priya), (late, priya), (other, samir)] {
            company.develops(&ada, entry, person).await;
        }
        company.answer(&ada, late, priya, "2026-06-01", CorroborationAnswer::Confirmed).await;
        company.answer(&ada, late, company.outsider, "2026-06-02", CorroborationAnswer::Differs).await;

        let location = owner.get("/trajectories").await.expect(303);
        assert_eq!(location.location(), page_of(&ada));
        let page = owner.get(&page_of(&ada)).await.expect(200);
        assert_eq!(page.texts("article h2"), ["Priya Raman", "Samir Haddad"]);
        assert_eq!(page.attributes("article h2 a", "href")[0], format!("/people/{priya}"));
        let levels = page.texts("td[data-label='Their level on its first day']");
        // The latest stands first.
        assert_eq!(levels[0], "E1: a Director or above, developed");
        assert_eq!(levels[1], "M3: below E1, so that it develops no Director yet");
        assert_eq!(levels[2], levels[1]);
        let voices = page.texts("td[data-label='Who confirms']");
        assert_eq!(
            voices,
            ["Confirmed by Priya Raman. Told differently by Imre Novak.", "Nobody yet.", "Nobody yet."]
        );
        assert_eq!(
            page.texts("article svg title")[0],
            "Priya Raman’s levels: M3 from Mar 2021, E1 from Jan 2025, E2 from Oct 2026, not confirmed, 2 entries"
        );
        // The candidate's own word about her counts for nothing, and says so; it is others' to confirm.
        assert!(page.body.contains("Recorded by you, not yet confirmed: it counts for nothing."));
        assert!(page.attributes("article form", "action").is_empty());
        assert!(page.texts("article header b")[0].starts_with("Promoted: E1 since 13 Jan 2025"));

        let cto = company.cto.get(&page_of(&ada)).await.expect(200);
        assert!(cto.body.contains("Recorded by the candidate, not yet confirmed"));
        let confirm = cto.attributes("article form", "action");
        assert_eq!(confirm.len(), 1);
        owner.post(&confirm[0], &[]).await.expect(403);
        company.member.post(&confirm[0], &[]).await.expect(403);
        company.cto.post(&confirm[0], &[]).await.expect(303);
        let page = company.cto.get(&page_of(&ada)).await.expect(200);
        assert!(page.attributes("article form", "action").is_empty());
        assert!(page.texts("article header b")[0].starts_with("Promoted: E2 since 1 Oct 2026"));
        let person = company.cto.get(&format!("/people/{priya}")).await.expect(200);
        assert_eq!(person.texts("td[data-label=Level]")[..2], ["E2", "E2 confirmed later"]);

        // As of a day before, and with what others confirmed alone.
        let before = owner.get(&format!("{}?as_of=2026-03-01", page_of(&ada))).await.expect(200);
        assert_eq!(before.texts("article h2"), ["Priya Raman"]);
        assert_eq!(before.texts("td[data-label='Who confirms']"), ["Nobody yet.", "Nobody yet."]);
        assert!(!before.body.contains("Oct 2026"));
        let confirmed = owner.get(&format!("{}?lens=confirmed", page_of(&ada))).await.expect(200);
        assert_eq!(confirmed.texts("td[data-label='Who confirms']").len(), 1);
        for bad in ["as_of=2026-02-30", "lens=both", "nonsense=1", "as_of=2026-01-01&as_of=2026-01-02"] {
            owner.get(&format!("{}?{bad}", page_of(&ada))).await.expect(422);
        }
    }
}

#[tokio::test]
async fn hired_away_at_a_higher_level_counts_for_and_not_against() {
    for company in Company::on_both().await {
        let admin = company.world.somebody("Mina Sato", &[Role::Admin]).await;
        let ada = company.candidate("Ada Marsh", Sharing::Sponsor).await;
        let priya = leader(&company.world, "Priya Raman", None).await;
        level(&admin, priya, "E1", "2023-01-01").await;
        level(&admin, priya, "none", "2026-06-01").await;
        let entry = company.entry(&ada, DE, ("2026-01-01", "2026-03-31"), Audience::Dossier).await;
        company.develops(&ada, entry, priya).await;
        let outcome = async |visitor: &Visitor| {
            visitor.get(&page_of(&ada)).await.expect(200).texts("article header p.mt-8")[0].clone()
        };
        assert!(outcome(&company.cto).await.starts_with("Left on 1 Jun 2026."));
        milestone(&company.cto, priya, "2026-06-01", "hired-away", "").await;
        assert_eq!(
            outcome(&company.cto).await,
            "Hired away at a higher level on 1 Jun 2026. That counts for whoever developed them, not against."
        );
        // The candidate sees it once she has agreed to be named: from then on evidence can rest on it.
        assert!(outcome(&ada.visitor).await.starts_with("Left on"));
        says(&company, entry, priya, "agreed").await;
        assert!(outcome(&ada.visitor).await.starts_with("Hired away"));
        let readiness = ada.visitor.get(&format!("/dossiers/{}/readiness.json", ada.dossier)).await.json();
        let item = readiness["track_record"]
            .as_array()
            .expect("items")
            .iter()
            .find(|item| item["item"] == "directors-developed");
        assert_eq!(item.expect("the item")["met"], true);
        says(&company, entry, priya, "unnamed").await;
        let page = ada.visitor.get(&page_of(&ada)).await.expect(200);
        assert!(page.body.contains("to everybody but you and CTOs, they are “a Director”"));
    }
}

#[tokio::test]
async fn trajectories_are_their_owners_and_of_ctos_who_may_read_the_dossier() {
    for company in Company::on_both().await {
        let admin = company.world.somebody("Mina Sato", &[Role::Admin]).await;
        let ada = company.candidate("Ada Marsh", Sharing::Committee).await;
        let ben = company.candidate("Ben Ito", Sharing::Committee).await;
        let priya = leader(&company.world, "Priya Raman", None).await;
        let draft = company.entry(&ada, DE, ("2026-01-01", "2026-01-31"), Audience::Dossier).await;
        company.develops(&ada, draft, priya).await;
        set_status(&company, draft, Status::Draft).await;
        for visitor in [&ada.visitor, &company.cto] {
            let page = visitor.get(&page_of(&ada)).await.expect(200);
            assert!(page.texts("article").is_empty(), "a draft develops nobody");
        }
        set_status(&company, draft, Status::Final).await;
        assert_eq!(company.cto.get(&page_of(&ada)).await.expect(200).texts("article").len(), 1);
        let hidden = ben.visitor.get(&page_of(&ada)).await.expect(404);
        let nobody = Uuid::nil();
        let missing = ben.visitor.get(&format!("/dossiers/{nobody}/trajectories")).await.expect(404);
        assert_eq!(hidden.body.replace(&ada.dossier.to_string(), &nobody.to_string()), missing.body);
        for visitor in [&company.member, &admin] {
            visitor.get(&page_of(&ada)).await.expect(403);
            visitor.get("/dossiers/claims").await.expect(403);
        }
        ben.visitor.get("/dossiers/claims").await.expect(403);
        let mut tx = company.world.instance.db.write().await.expect("a write");
        let private = tx.query("update dossiers set sharing = 'private', shared_on = null where id = $1");
        private.bind(ada.dossier).run_expecting(1).await.expect("private");
        tx.commit().await.expect("kept");
        company.cto.get(&page_of(&ada)).await.expect(404);
        ada.visitor.get(&page_of(&ada)).await.expect(200);
    }
}

#[tokio::test]
async fn a_leader_whom_two_claim_is_shown_side_by_side_to_ctos() {
    for company in Company::on_both().await {
        let ada = company.candidate("Ada Marsh", Sharing::Sponsor).await;
        let ben = company.candidate("Ben Ito", Sharing::Committee).await;
        let cleo = company.candidate("Cleo Diaz", Sharing::Private).await;
        let priya = leader(&company.world, "Priya Raman", None).await;
        let samir = leader(&company.world, "Samir Haddad", None).await;
        let claims = async || company.cto.get("/dossiers/claims").await.expect(200);
        let entry_of = async |of: &Candidate, person: Uuid| {
            let entry = company.entry(of, DE, ("2026-01-01", "2026-02-28"), Audience::Dossier).await;
            company.develops(of, entry, person).await;
            entry
        };
        entry_of(&ada, priya).await;
        let of_ben = entry_of(&ben, priya).await;
        entry_of(&ada, samir).await;
        entry_of(&cleo, samir).await;
        let page = claims().await;
        assert_eq!(page.texts("section h2"), ["Priya Raman"], "what isn't shared claims nobody");
        assert_eq!(page.texts("tbody th"), ["Ada Marsh", "Ben Ito"]);
        assert_eq!(
            page.texts("td[data-label='What they say'] span"),
            ["Not answered yet: 1", "Not answered yet: 1"]
        );
        // However many entries each has, the candidates stand in a row each.
        for _ in 0..4 {
            entry_of(&ada, priya).await;
        }
        says(&company, of_ben, priya, "agreed").await;
        company.answer(&ben, of_ben, priya, "2026-04-01", CorroborationAnswer::Confirmed).await;
        let page = claims().await;
        assert_eq!(page.texts("tbody th"), ["Ada Marsh", "Ben Ito"]);
        assert_eq!(page.texts("td[data-label='What they say'] span"), ["Not answered yet: 5", "Agreed: 1"]);
        let confirmed = page.texts("td[data-label='Who confirms'] span");
        assert_eq!(confirmed, ["Nobody yet", "1 of 1, by Priya Raman"]);
        assert_eq!(page.texts("tbody details summary").len(), 1, "a first look, and all of them");
        let person = company.cto.get(&format!("/people/{priya}")).await.expect(200);
        assert!(person.body.contains("2 candidates say that they developed Priya Raman"));
        assert!(!ada.visitor.get(&format!("/people/{priya}")).await.body.contains("candidates say"));
        assert!(!company.cto.get(&format!("/people/{samir}")).await.body.contains("candidates say"));
        set_status(&company, of_ben, Status::Withdrawn).await;
        assert_eq!(claims().await.texts(".empty h2"), ["No leader is named by two candidates"]);
    }
}

#[tokio::test]
async fn sql_and_policy_agree_on_who_reads_a_milestone() {
    for company in Company::on_both().await {
        let world = &company.world;
        let ids = Ids::seeded(8);
        let pick = |most: usize| usize::from(ids.bytes::<1>()[0]) % most;
        let ada = company.candidate("Ada Marsh", Sharing::Sponsor).await;
        let ben = company.candidate("Ben Ito", Sharing::Private).await;
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let priya = world.somebody("Priya Raman", &[Role::Committee]).await;
        let entry = company.entry(&ada, DE, ("2026-03-01", "2026-03-31"), Audience::Dossier).await;
        company.develops(&ada, entry, priya.actor().person).await;
        let actors: Vec<&Actor> = [&ada.visitor, &ben.visitor, &admin, &priya, &company.cto, &company.member]
            .into_iter()
            .map(Visitor::actor)
            .collect();
        let recorders = [
            None,
            Some(ada.visitor.actor().person),
            Some(ben.visitor.actor().person),
            Some(priya.actor().person),
        ];
        let mut decisions = 0;
        for _ in 0..25 {
            let (by, status) = (recorders[pick(4)], Status::VARIANTS[pick(3)]);
            let answer = [None, Some("agreed"), Some("differs"), Some("unnamed")][pick(4)];
            let named_as = ["developed", "peer"][pick(2)];
            let on = ["2026-02-28", "2026-03-01", "2026-03-02"][pick(3)];
            let mut tx = world.instance.db.write().await.expect("a write");
            tx.query("delete from milestones").run().await.expect("none");
            let new = store::NewMilestone {
                on: on.parse().expect("a day"),
                kind: None,
                what: "Reached".into(),
                corrects: None,
                happened: true,
            };
            let at = world.instance.now();
            let id = world.instance.ids.new_id(at);
            store::insert_milestone(&mut tx, id, priya.actor().person, &new, by, at)
                .await
                .expect("a milestone");
            tx.query("update entry_people set answer = $2, named_as = $3 where entry_id = $1")
                .bind(entry)
                .bind(answer.map(str::to_owned))
                .bind(named_as.to_owned())
                .run_expecting(1)
                .await
                .expect("set");
            let set = tx.query("update entries set status = $2 where id = $1").bind(entry).bind(status);
            set.run_expecting(1).await.expect("set");
            tx.commit().await.expect("kept");
            for actor in &actors {
                let rests = status == Status::Final
                    && (answer, named_as, on) == (Some("agreed"), "developed", "2026-03-02")
                    && actor.account == ada.visitor.actor().account;
                let state = MilestoneState {
                    own: actor.person == priya.actor().person,
                    recorded: by == Some(actor.person),
                    by_admin: by.is_none(),
                    rests,
                };
                let allowed = policy::decide(actor, Act::ReadMilestone(state)) == Decision::Allow;
                let mut tx = world.instance.db.read().await.expect("a read");
                let viewer = directory::viewer(actor);
                let shown =
                    store::milestones(&mut tx, viewer, &[priya.actor().person]).await.expect("a list");
                assert_eq!(
                    shown.len() == 1,
                    allowed,
                    "{}: {state:?} {status} {answer:?} {named_as} {on}",
                    actor.name
                );
                let found = store::milestone(&mut tx, viewer, id).await.expect("a search");
                assert_eq!(found.is_some(), allowed, "{}", actor.name);
                decisions += 1;
            }
        }
        assert_eq!(decisions, 150);
    }
}

#[tokio::test]
async fn a_milestone_is_corrected_by_another_and_never_edited() {
    for company in Company::on_both().await {
        let priya = company.world.somebody("Priya Raman", &[Role::Committee]).await;
        let (person, cto) = (priya.actor().person, &company.cto);
        let ada = company.candidate("Ada Marsh", Sharing::Sponsor).await;
        level(cto, person, "E1", "2023-01-01").await;
        let entry = company.entry(&ada, DE, ("2026-01-01", "2026-01-31"), Audience::Dossier).await;
        company.develops(&ada, entry, person).await;
        says(&company, entry, person, "agreed").await;
        let met = async || {
            let json = ada.visitor.get(&format!("/dossiers/{}/readiness.json", ada.dossier)).await.json();
            let items = json["track_record"].as_array().expect("items").clone();
            items.iter().find(|item| item["item"] == "directors-developed").expect("the item")["met"] == true
        };
        let page = format!("/people/{person}");
        assert!(!met().await);
        milestone(cto, person, "2026-03-14", "board-exposure", "Ran the Q1 review").await;
        assert!(met().await);
        let shown = priya.get(&page).await.expect(200);
        assert!(shown.texts(".timeline li")[0].contains("Board exposure: Ran the Q1 review"));
        let correct = shown.attributes(".timeline a", "href")[0].clone();
        for (visitor, expected) in [(&ada.visitor, 403), (&company.member, 404), (&priya, 200)] {
            assert_eq!(visitor.get(&correct).await.status.as_u16(), expected);
            let post = visitor.post(&correct, &[("on", "x")]).await;
            assert_eq!(post.status.as_u16(), if expected == 200 { 422 } else { expected });
        }
        let form = [("on", "2026-04-02"), ("kind", "stretch-assignment"), ("what", "Took over incidents")];
        priya.post(&correct, &form).await.expect(303);
        let shown = cto.get(&page).await.expect(200);
        assert_eq!(shown.texts(".timeline del"), ["Board exposure: Ran the Q1 review"]);
        assert!(met().await);
        priya.post(&correct, &form).await.expect(422);
        let again = shown.attributes(".timeline a", "href");
        assert_eq!(again.len(), 1, "what was corrected can't be corrected again");
        cto.post(&again[0], &[("happened", "no")]).await.expect(303);
        assert!(!met().await, "what did not happen counts for nothing");
        let mut tx = company.world.instance.db.read().await.expect("a read");
        let exported =
            evident::transfer::export::export(&mut tx, ada.dossier).await.expect("read").expect("one");
        assert!(exported.people.iter().all(|person| person.milestones.is_empty()));
        let (rows,): (i64,) = tx.query("select count(*) from milestones").one().await.expect("a count");
        assert_eq!(rows, 3);
        for (form, field) in [
            (vec![("on", "2026-01-01"), ("kind", "promoted"), ("what", "x")], "#kind"),
            (vec![("on", "2026-01-01"), ("kind", "other")], "#what"),
        ] {
            let answer = cto.post(&format!("{page}/milestones"), &form).await.expect(422);
            assert_eq!(answer.attributes(".error-summary a", "href"), [field]);
        }
    }
}

#[tokio::test]
async fn admins_and_ctos_add_people_who_have_no_account() {
    for company in Company::on_both().await {
        let admin = company.world.somebody("Mina Sato", &[Role::Admin]).await;
        let ada = company.candidate("Ada Marsh", Sharing::Private).await;
        let form = [
            ("name", "Priya Raman"),
            ("organization", "internal"),
            ("level", "E1"),
            ("from", "2025-01-13"),
            ("domain", "Risk"),
        ];
        for visitor in [&ada.visitor, &company.member] {
            visitor.get("/people/new").await.expect(403);
            visitor.post("/people", &form).await.expect(403);
            assert!(!visitor.get("/people").await.body.contains("Add a person"));
        }
        let added = admin.post("/people", &form).await.expect(303);
        let page = ada.visitor.get(added.location()).await.expect(200);
        assert_eq!(page.texts(".over"), ["E1 since Jan 2025, Risk"]);
        assert_eq!(page.texts("td[data-label='Recorded by']"), ["An admin"]);
        // A namesake has to be meant.
        let again = company.cto.post("/people", &form).await.expect(422);
        assert_eq!(again.attributes(".error-summary a", "href"), ["#name"]);
        assert_eq!(again.attributes("#name", "value"), ["Priya Raman"]);
        let meant: Vec<_> = form.iter().copied().chain([("different", "yes")]).collect();
        company.cto.post("/people", &meant).await.expect(303);
        for (form, fields) in [
            (vec![], vec!["#name", "#organization"]),
            (
                vec![("name", "A B"), ("organization", "internal"), ("works_at", "Elsewhere")],
                vec!["#works_at"],
            ),
            (vec![("name", "A B"), ("organization", "external"), ("domain", "Risk")], vec!["#level"]),
            (vec![("name", "A B"), ("organization", "external"), ("level", "E1")], vec!["#from"]),
            (
                vec![("name", "A B"), ("organization", "external"), ("level", "VP"), ("from", "2025-01-01")],
                vec!["#level"],
            ),
        ] {
            let answer = admin.post("/people", &form).await.expect(422);
            assert_eq!(answer.attributes(".error-summary a", "href"), fields);
        }
        let outside = [("name", "Imre Kovac"), ("organization", "external"), ("works_at", "Northwind")];
        let added = company.cto.post("/people", &outside).await.expect(303);
        assert_eq!(company.cto.get(added.location()).await.texts(".over"), ["Northwind"]);
    }
}
