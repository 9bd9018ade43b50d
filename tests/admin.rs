//! The admin's pages: accounts, their links, and the audit log.

use evident::accounts::Role;
use evident::audit::{Author, Change, Event, Origin};
use strum::VariantArray;

use crate::support::{Answer, World};

const ADDED: [(&str, &str); 4] =
    [("name", "Lena Park"), ("email", "Lena@Example.com"), ("role", "committee"), ("role", "candidate")];

/// The link that a page shows, as a path.
fn link(page: &Answer) -> String {
    let shown = page.texts(".notice code");
    assert_eq!(shown.len(), 1, "one link is shown");
    shown[0].strip_prefix("http://127.0.0.1:8080").expect("an address of this service").to_owned()
}

/// The address of the page of an account, found by its owner's name.
async fn account(admin: &crate::support::Visitor, name: &str) -> String {
    let found = admin.get(&format!("/admin/accounts?q={}", name.replace(' ', "+"))).await.expect(200);
    found.attributes("tbody th a", "href").first().expect("an account").clone()
}

#[tokio::test]
async fn an_account_is_added_and_its_link_shown_once() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let answer = admin.post("/admin/accounts", &ADDED).await.expect(200);
        let link = link(&answer);
        assert_eq!(answer.header("cache-control"), "no-store");
        let token = link.rsplit('/').next().expect("a token");
        let list = admin.get("/admin/accounts").await.expect(200);
        assert!(!list.body.contains(token), "the link is shown once");
        assert_eq!(list.texts("tbody th"), ["Lena Park", "Mina Sato"]);
        assert_eq!(list.texts("td[data-label=Roles]"), ["Candidate Committee", "Admin"]);
        assert_eq!(list.texts("td[data-label=Status]"), ["Invited", "Active"]);
        assert!(!admin.get("/admin/audit").await.body.contains(token));

        let browser = world.anonymous();
        browser.get(&link).await.expect(200);
        browser.post(&link, &[("password", "harbour violet kettle sparrow")]).await.expect(303);
        browser.get(&link).await.expect(404);
        assert_eq!(admin.get("/admin/accounts?q=lena").await.texts("td[data-label=Status]"), ["Active"]);
        assert_eq!(admin.get("/admin/accounts?q=LENA@example").await.texts("tbody th"), ["Lena Park"]);
    }
}

#[tokio::test]
async fn a_faulty_account_comes_back_with_everything_typed() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let none = admin.post("/admin/accounts", &[]).await.expect(422);
        assert_eq!(none.attributes(".error-summary a", "href"), ["#name", "#email", "#role"]);
        for linked in none.attributes(".error-summary a", "href") {
            assert_eq!(none.attributes(&linked, "id").len(), 1, "{linked} is on the page");
        }
        let form = [("name", "Ada \"Marsh\""), ("email", "mina.sato@example.com"), ("role", "cto")];
        let taken = admin.post("/admin/accounts", &form).await.expect(422);
        assert_eq!(taken.attributes(".error-summary a", "href"), ["#email"]);
        assert_eq!(taken.attributes("#name", "value"), ["Ada \"Marsh\""]);
        assert_eq!(taken.attributes("#email", "value"), ["mina.sato@example.com"]);
        assert_eq!(taken.attributes("[name=role][checked]", "value"), ["cto"]);
        admin
            .post("/admin/accounts", &[("name", "A"), ("email", "a@b.c"), ("role", "boss")])
            .await
            .expect(422);
        assert_eq!(admin.get("/admin/accounts").await.texts("tbody th"), ["Mina Sato"], "nobody was added");
    }
}

#[tokio::test]
async fn roles_hold_on_the_next_request_and_no_admin_locks_themselves_out() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let jonas = world.somebody("Jonas Weil", &[Role::Committee]).await;
        let page = account(&admin, "Jonas Weil").await;
        jonas.get("/admin").await.expect(403);
        admin.post(&format!("{page}/roles"), &[("role", "committee"), ("role", "admin")]).await.expect(303);
        assert_eq!(
            admin.get(&page).await.attributes("[name=role][checked]", "value"),
            ["committee", "admin"]
        );
        jonas.get("/admin").await.expect(200);
        admin.post(&format!("{page}/roles"), &[]).await.expect(422);
        admin.post(&format!("{page}/roles"), &[("role", "candidate")]).await.expect(303);
        jonas.get("/admin").await.expect(403);

        let own = account(&admin, "Mina Sato").await;
        let answer = admin.post(&format!("{own}/roles"), &[("role", "cto")]).await.expect(422);
        assert_eq!(answer.attributes(".error-summary a", "href"), ["#role"]);
        admin.post(&format!("{own}/disabled"), &[("disabled", "yes")]).await.expect(409);
        admin.get("/admin").await.expect(200);
    }
}

#[tokio::test]
async fn a_disabled_account_is_out_at_once_and_can_come_back() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let jonas = world.somebody("Jonas Weil", &[Role::Committee]).await;
        let page = account(&admin, "Jonas Weil").await;
        let first = link(&admin.post(&format!("{page}/invitation"), &[]).await.expect(200));
        let second = link(&admin.post(&format!("{page}/invitation"), &[]).await.expect(200));
        world.anonymous().get(&first).await.expect(404);
        world.anonymous().get(&second).await.expect(200);

        admin.post(&format!("{page}/disabled"), &[("disabled", "yes")]).await.expect(303);
        jonas.get("/people").await.expect(303);
        world.anonymous().get(&second).await.expect(404);
        admin.post(&format!("{page}/invitation"), &[]).await.expect(409);
        assert_eq!(admin.get(&page).await.texts(".over"), ["Disabled"]);
        admin.post(&format!("{page}/disabled"), &[("disabled", "no")]).await.expect(303);
        assert_eq!(admin.get(&page).await.texts(".over"), ["Active"]);
        admin.post(&format!("{page}/disabled"), &[("disabled", "perhaps")]).await.expect(422);
        jonas.get("/people").await.expect(303);
    }
}

#[tokio::test]
async fn the_overview_counts_and_names_the_database() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        admin.post("/admin/accounts", &ADDED).await.expect(200);
        let overview = admin.get("/admin").await.expect(200);
        assert_eq!(overview.texts("#accounts-h"), ["2 accounts"]);
        let facts = overview.texts("dl.summary > div");
        for fact in
            ["Candidate1", "CTO0", "Committee1", "Admin1", "Waiting for the first sign-in1", "Disabled0"]
        {
            assert!(facts.iter().any(|shown| shown == fact), "{fact} in {facts:?}");
        }
        assert!(
            facts.iter().any(|fact| fact.starts_with(&format!("Database{} ", world.instance.db.engine())))
        );
        assert!(overview.texts("main").join(" ").contains("The log begins today."));
        let mut tx = world.instance.db.read().await.expect("a read");
        let (_, head) = evident::audit::head(&mut tx).await.expect("a head");
        drop(tx);
        let tomorrow = world.instance.now() + chrono::TimeDelta::hours(13);
        let mut world = world;
        world.instance.clock = evident::clock::Clock::Fixed(tomorrow);
        world.assemble();
        let admin = world.somebody("Nils Holm", &[Role::Admin]).await;
        let overview = admin.get("/admin").await.expect(200);
        assert_eq!(overview.texts("section code").last(), Some(&hex::encode(head)), "that of midnight");
    }
}

#[tokio::test]
async fn the_audit_log_tells_who_manages_and_not_who_writes() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let ada = world.candidate("Ada Marsh").await;
        evident::evidence::dossiers::own(&world.instance, ada.actor()).await.expect("a dossier");
        let page = account(&admin, "Ada Marsh").await;
        admin
            .post(&format!("{page}/roles"), &[("role", "candidate"), ("role", "committee")])
            .await
            .expect(303);

        let log = admin.get("/admin/audit").await.expect(200);
        let (numbers, what) = (log.texts("tbody th"), log.texts("td[data-label=What]"));
        assert_eq!(
            numbers.first().map(String::as_str),
            Some(what.len().to_string().as_str()),
            "newest first"
        );
        // Neither the dossier that was opened nor who signed in is there, nor a gap in the numbers.
        assert_eq!(what[..2], ["Changed an account’s roles", "Set a password"]);
        assert!(!what.iter().any(|what| what.contains("dossier") || what.contains("Signed in")), "{what:?}");
        assert_eq!(log.texts("td[data-label=Who]")[..2], ["Mina Sato", "Ada Marsh, by a link"]);
        assert_eq!(log.texts("td[data-label=When]")[..2], ["22 Nov 2026, 12:00", "22 Nov 2026, 12:00"]);
        assert_eq!(log.attributes("td[data-label=About] a", "href")[0], page);
        let first = async || admin.get("/admin/audit").await.texts("td[data-label=Who]").pop();
        assert_eq!(first().await.as_deref(), Some("Command line"));
        let mut tx = world.instance.db.write().await.expect("a write");
        let before = "update audit_entries set version = 1, origin = null, origin_id = null where seq = 1";
        tx.query(before).run_expecting(1).await.expect("an entry from before it was kept");
        tx.commit().await.expect("kept");
        assert_eq!(first().await.as_deref(), Some("Command line or program"));

        for _ in 0..100 {
            admin.post(&format!("{page}/invitation"), &[]).await.expect(200);
        }
        let first = admin.get("/admin/audit").await.texts("tbody th");
        let second = admin.get("/admin/audit?page=2").await.texts("tbody th");
        let all: Vec<i64> =
            first.iter().chain(&second).map(|number| number.parse().expect("a number")).collect();
        assert_eq!(first.len(), if all.len() > 100 { 100 } else { all.len() });
        assert!(all.windows(2).all(|pair| pair[0] == pair[1] + 1) && all.last() == Some(&1), "{all:?}");
        assert!(admin.get("/admin/audit?page=9").await.expect(200).texts("tbody th").is_empty());
        admin.get("/admin/audit?page=x").await.expect(422);
    }
}

#[tokio::test]
async fn of_all_that_is_done_admins_read_who_manages_what_and_of_no_session() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let session = admin.actor().session().expect("a session");
        let before = admin.get("/admin/audit").await.texts("tbody th").len();
        for author in [
            Author::of(admin.actor().account, Origin::Session(session)),
            Origin::Link(Some(session)).into(),
            Origin::Job(Some(session)).into(),
        ] {
            let mut change = Change::begin(&world.instance, author).await.expect("a change");
            for event in Event::VARIANTS {
                change.record(*event, None, &());
            }
            change.commit().await.expect("kept");
        }
        let log = admin.get("/admin/audit").await.expect(200);
        let told: Vec<&str> = Event::VARIANTS.iter().rev().filter_map(|event| event.told()).collect();
        let what = log.texts("td[data-label=What]");
        assert_eq!(what.len(), before + 3 * told.len());
        assert_eq!(what[..told.len()], told);
        let who = log.texts("td[data-label=Who]");
        let by: Vec<&str> = (0..3).map(|change| who[change * told.len()].as_str()).collect();
        assert_eq!(by, ["The program", "By a link", "Mina Sato"]);
        assert!(!log.body.contains(&session.to_string()), "which session it was is told");
    }
}

#[tokio::test]
async fn administration_is_for_admins_alone() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let page = account(&admin, "Mina Sato").await;
        let other = world.somebody("Ruth Okafor", &[Role::Candidate, Role::Cto, Role::Committee]).await;
        for path in ["/admin", "/admin/accounts", "/admin/audit", page.as_str()] {
            other.get(path).await.expect(403);
            world.anonymous().get(path).await.expect(303);
        }
        for path in [
            "/admin/accounts".to_owned(),
            format!("{page}/roles"),
            format!("{page}/invitation"),
            format!("{page}/disabled"),
        ] {
            other.post(&path, &ADDED).await.expect(403);
        }
        admin.get("/admin/accounts/x").await.expect(404);
        admin.get(&format!("/admin/accounts/{}", uuid::Uuid::nil())).await.expect(404);
        for act in ["roles", "invitation", "disabled"] {
            let form = [("role", "cto"), ("disabled", "yes")];
            admin.post(&format!("/admin/accounts/{}/{act}", uuid::Uuid::nil()), &form).await.expect(404);
        }
    }
}

#[tokio::test]
async fn the_guide_is_whole_and_everything_in_it_has_an_anchor() {
    let world = World::on_sqlite().await;
    let ada = world.candidate("Ada Marsh").await;
    let page = ada.get("/framework").await.expect(200);
    let guide = evident::framework::load::built_in();
    let ids = page.attributes("main [id]", "id");
    for capability in &guide.capabilities {
        let within = capability.criteria.iter().map(|criterion| &criterion.id);
        let within = within.chain(capability.development_actions.iter().map(|action| &action.id));
        for id in within.chain([&capability.id]) {
            assert_eq!(ids.iter().filter(|other| *other == id).count(), 1, "{id}");
        }
    }
    let text = page.texts("main").join(" ");
    for said in [&guide.question, &guide.timeline.last_word, &guide.timeline.demonstration] {
        assert!(text.contains(said.as_str()), "{said}");
    }
    assert_eq!(page.texts("#shifts tbody tr").len(), guide.shifts.len());
    assert_eq!(page.texts("#pitfalls li").len(), guide.pitfalls.len());
    assert_eq!(page.texts("#questions li").len(), guide.questions.len());
    assert_eq!(page.texts("#track-record li").len(), guide.track_record.len());
    assert!(text.contains(&format!("From {} months shown", guide.thresholds.sustained_months)));
    for target in page.attributes("nav[aria-label='On this page'] a", "href") {
        assert!(ids.iter().any(|id| format!("#{id}") == target), "{target} leads somewhere");
    }
}

#[tokio::test]
async fn a_leader_who_is_known_already_is_given_an_account() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let mut ids = Vec::new();
        let mut change = Change::begin(&world.instance, Origin::CommandLine).await.expect("a change");
        for name in ["Zoë Ångström", "Sam Lee", "Sam Lee"] {
            let (at, id) = (change.at(), world.instance.ids.new_id(change.at()));
            let internal = evident::people::Organization::Internal;
            evident::people::store::insert(change.tx(), id, name, internal, None, None, at)
                .await
                .expect("a person");
            ids.push(id);
        }
        change.record(Event::PersonAdded, None, &());
        change.commit().await.expect("a commit");
        let page = admin.get("/admin/accounts").await.expect(200);
        let offered = page.attributes("#leaders option", "value");
        assert_eq!(offered.len(), 3, "{offered:?}");
        assert_eq!(offered[2], "Zoë Ångström");
        assert!(offered[0].starts_with("Sam Lee #") && offered[0] != offered[1], "{offered:?}");

        let form = |known_as: &str, email: &str| {
            [("known_as", known_as.to_owned()), ("email", email.to_owned()), ("role", "candidate".to_owned())]
        };
        let post = async |known_as: &str, email: &str| {
            let fields = form(known_as, email);
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            admin.post("/admin/accounts", &fields).await
        };
        for (unclear, why) in [("Sam Lee", "Several people"), ("Nobody Here", "Nobody without an account")] {
            let answer = post(unclear, "sam@example.com").await.expect(422);
            assert_eq!(answer.attributes(".error-summary a", "href"), ["#known_as"]);
            assert!(answer.texts("#known_as-error")[0].contains(why), "{}", answer.body);
            assert_eq!(answer.attributes("#known_as", "value"), [unclear]);
        }
        let answer = post("zoe angstrom", "zoe@example.com").await.expect(200);
        assert_eq!(answer.attributes(".notice a", "href"), [format!("/people/{}", ids[0])]);
        let page = admin.get(&account(&admin, "Zoë Ångström").await).await.expect(200);
        assert!(page.attributes("a", "href").contains(&format!("/people/{}", ids[0])), "the same person");
        post("Zoë Ångström", "again@example.com").await.expect(422);
        post(&offered[1], "sam@example.com").await.expect(200);
        assert_eq!(admin.get("/admin/accounts").await.texts("#leaders option").len(), 1);
        assert_eq!(admin.get("/people?q=zoe").await.texts("tbody th").len(), 1, "nobody is there twice");
    }
}

/// The sentences in somebody's inbox.
async fn inbox(visitor: &crate::support::Visitor) -> Vec<String> {
    visitor.get("/inbox").await.expect(200).texts(".entry h3")
}

#[tokio::test]
async fn nobody_gives_themselves_a_role_or_the_level_cto() {
    for world in World::on_both().await {
        let admin = world.somebody("Mina Sato", &[Role::Admin, Role::Candidate]).await;
        let own = account(&admin, "Mina Sato").await;
        for more in ["cto", "committee"] {
            let form = [("role", "admin"), ("role", "candidate"), ("role", more)];
            let answer = admin.post(&format!("{own}/roles"), &form).await.expect(422);
            let said = answer.texts("#role-error").join(" ");
            assert!(said.contains("another admin") && said.contains("evident user grant"), "{said}");
        }
        admin.get("/dossiers").await.expect(403);
        // Taking one from oneself is no gain.
        admin.post(&format!("{own}/roles"), &[("role", "admin")]).await.expect(303);

        let ruth = world.cto("Ruth Okafor").await;
        let ada = world.candidate("Ada Marsh").await;
        for (visitor, whom) in
            [(&admin, "Ask another admin"), (&ruth, "Ask an admin"), (&ada, "Ask an admin")]
        {
            let page = format!("/people/{}", visitor.actor().person);
            let offered = visitor.get(&page).await.expect(200).attributes("#level option", "value");
            assert!(!offered.contains(&"CTO".to_owned()), "{offered:?}");
            let form = [("level", "CTO"), ("from", "2025-01-01")];
            let answer = visitor.post(&format!("{page}/levels"), &form).await.expect(422);
            let said = answer.texts("#level-error").join(" ");
            assert!(said.contains(whom) && said.contains("evident user level"), "{said}");
            visitor
                .post(&format!("{page}/levels"), &[("level", "E2"), ("from", "2025-01-01")])
                .await
                .expect(303);
        }
        let other = world.somebody("Nils Holm", &[Role::Admin]).await;
        let page = format!("/people/{}/levels", ruth.actor().person);
        other.post(&page, &[("level", "CTO"), ("from", "2025-02-01")]).await.expect(303);
    }
}

#[tokio::test]
async fn a_role_that_reads_evidence_and_a_link_are_told_to_all_whom_they_concern() {
    for world in World::on_both().await {
        let mina = world.somebody("Mina Sato", &[Role::Admin]).await;
        let nils = world.somebody("Nils Holm", &[Role::Admin]).await;
        let ruth = world.cto("Ruth Okafor").await;
        let ada = world.candidate("Ada Marsh").await;
        let jonas = world.somebody("Jonas Weil", &[Role::Committee]).await;
        let page = account(&mina, "Ada Marsh").await;
        // Being disabled meanwhile leaves nobody out.
        let of_nils = account(&mina, "Nils Holm").await;
        mina.post(&format!("{of_nils}/disabled"), &[("disabled", "yes")]).await.expect(303);
        mina.post(&format!("{page}/roles"), &[("role", "candidate"), ("role", "cto")]).await.expect(303);
        mina.post(&format!("{page}/invitation"), &[]).await.expect(200);
        mina.post(&format!("{of_nils}/disabled"), &[("disabled", "no")]).await.expect(303);
        let when = "22 Nov 2026, 12:00";
        for (visitor, who, whom) in [(&ruth, "Mina Sato", "Ada Marsh"), (&mina, "You", "Ada Marsh")] {
            let told = inbox(visitor).await;
            assert!(told.contains(&format!("{who} gave {whom} the role CTO, {when}")), "{told:?}");
            let link =
                format!("{who} made a link to choose a new password for the account of {whom}, {when}");
            assert!(told.contains(&link), "{told:?}");
            let back = format!("{who} enabled the account of Nils Holm again, with the role Admin, {when}");
            assert!(told.contains(&back), "{told:?}");
        }
        let told = inbox(&ada).await;
        assert!(told.contains(&format!("Mina Sato gave you the role CTO, {when}")), "{told:?}");
        assert!(
            told.iter().any(|told| told.contains("your account") && told.contains("sign in as you")),
            "{told:?}"
        );
        assert!(inbox(&jonas).await.is_empty(), "nobody else");
        let mut tx = world.instance.db.read().await.expect("a read");
        let kept: Vec<(i64,)> = tx
            .query(
                "select count(*) from notices where account_id = $1 and kind in ('role-given', 'reset-made')",
            )
            .bind(nils.actor().account)
            .all()
            .await
            .expect("a count");
        assert_eq!(kept, [(3,)], "{} finds it once they are back", world.instance.db.engine());
        // A reset is mailed at once, whatever was chosen: a job for each of the four.
        let jobs: Vec<(i64,)> =
            tx.query("select count(*) from jobs where name = 'notice'").all().await.expect("a count");
        assert_eq!(jobs, [(4,)]);
        drop(tx);
        // A further grant is told although the first is still there; a role that reads nothing is not told.
        let before = inbox(&ruth).await.len();
        mina.post(&format!("{page}/roles"), &[("role", "committee"), ("role", "cto")]).await.expect(303);
        assert_eq!(inbox(&ruth).await.len(), before + 1);
        mina.post(&format!("{page}/roles"), &[("role", "candidate"), ("role", "committee")])
            .await
            .expect(303);
        assert_eq!(inbox(&ruth).await.len(), before + 1);
        // A second account for oneself is told as any.
        let second = [("name", "M. Sato"), ("email", "second@example.com"), ("role", "cto")];
        mina.post("/admin/accounts", &second).await.expect(200);
        let told = inbox(&ruth).await;
        let second = "Mina Sato added the account of M. Sato, with the role CTO";
        assert!(told.iter().any(|told| told.starts_with(second)), "{told:?}");
    }
}
