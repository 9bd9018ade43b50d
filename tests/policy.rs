//! Who sees what: lists against the policy on random worlds, and every route for everybody who may try it.

use std::collections::BTreeSet;

use evident::accounts::policy::{self, Access, Act, Decision, DossierState, EntryState};
use evident::accounts::{Actor, Role, actions};
use evident::directory;
use evident::evidence::visibility::Viewer;
use evident::evidence::{self, Aim, Audience, Sharing, Status, dossiers};
use evident::ids::Ids;
use strum::VariantArray as _;
use uuid::Uuid;

use crate::support::{Answer, Visitor, World, today};

const MISSING: &str = "019a0000-0000-7000-8000-000000000000";

/// An account without a password, as somebody who has signed in.
async fn somebody(world: &World, name: &str, roles: &[Role]) -> Actor {
    let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
    let new =
        actions::NewAccount { name: name.into(), known_as: String::new(), email, roles: roles.to_vec() };
    let account = actions::add_account(&world.instance, None, new).await.expect("an account").account;
    let mut tx = world.instance.db.read().await.expect("a read");
    let (person,): (Uuid,) =
        tx.query("select person_id from accounts where id = $1").bind(account).one().await.expect("a person");
    Actor { account, person, name: name.into(), roles: roles.to_vec(), session: Uuid::nil() }
}

/// An entry that names nobody yet.
async fn entry(world: &World, dossier: Uuid, status: Status, audience: Audience) -> Uuid {
    let instance = &world.instance;
    let id = instance.ids.new_id(instance.now());
    let mut tx = instance.db.write().await.expect("a write");
    tx.query(
        "insert into entries (id, dossier_id, status, title, from_date, from_is_month, to_is_month, ongoing, situation, \
         action, impact, domain_cost, for_cto, audience, revision, search_words, created_at, updated_at) \
         values ($1, $2, $3, 'Secret title', $4, $5, $5, $5, 'Secret prose', '', '', '', $5, $6, 1, ' secret', $7, $7)",
    )
    .bind(id)
    .bind(dossier)
    .bind(status)
    .bind(today())
    .bind(false)
    .bind(audience)
    .bind(instance.now())
    .run_expecting(1)
    .await
    .expect("an entry");
    tx.commit().await.expect("kept");
    id
}

async fn set(world: &World, dossier: Uuid, sharing: Sharing, aim: Aim) {
    let mut tx = world.instance.db.write().await.expect("a write");
    tx.query("update dossiers set sharing = $2, aim = $3, shared_on = $4 where id = $1")
        .bind(dossier)
        .bind(sharing)
        .bind(aim)
        .bind((sharing != Sharing::Private).then(today))
        .run_expecting(1)
        .await
        .expect("set");
    tx.commit().await.expect("kept");
}

/// An entry of the random world, as the test knows it.
struct Known {
    id: Uuid,
    owner: usize,
    status: Status,
    audience: Audience,
    developed: Option<Uuid>,
}

#[tokio::test]
async fn lists_searches_and_counts_show_just_what_the_policy_allows() {
    let world = World::on_sqlite().await;
    let ids = Ids::seeded(22);
    let pick = |most: usize| usize::from(ids.bytes::<1>()[0]) % most;
    let mut actors = Vec::new();
    for (name, roles) in [
        ("Ada", &[Role::Candidate][..]),
        ("Ben", &[Role::Candidate, Role::Cto]),
        ("Cleo", &[Role::Candidate, Role::Committee]),
        ("Dora", &[Role::Cto]),
        ("Egil", &[Role::Committee]),
        ("Finn", &[Role::Admin]),
        ("Gita", &[Role::Committee, Role::Cto]),
    ] {
        actors.push(somebody(&world, name, roles).await);
    }
    let mut owned = Vec::new();
    for actor in &actors[..3] {
        owned.push(dossiers::own(&world.instance, actor).await.expect("a dossier").id);
    }
    let mut entries = Vec::new();
    for n in 0..12 {
        let owner = n % 3;
        let id = entry(&world, owned[owner], Status::Draft, Audience::Dossier).await;
        entries.push(Known {
            id,
            owner,
            status: Status::Draft,
            audience: Audience::Dossier,
            developed: None,
        });
    }
    let mut decisions = 0;
    for _ in 0..40 {
        let mut states = Vec::new();
        for dossier in &owned {
            let state = (Sharing::VARIANTS[pick(3)], Aim::VARIANTS[pick(3)]);
            set(&world, *dossier, state.0, state.1).await;
            states.push(state);
        }
        let mut tx = world.instance.db.write().await.expect("a write");
        for entry in &mut entries {
            entry.status = Status::VARIANTS[pick(3)];
            entry.audience = [Audience::Dossier, Audience::Cto][pick(2)];
            // Nobody is developed by themselves.
            let named = actors[pick(actors.len())].person;
            entry.developed =
                Some(named).filter(|named| pick(3) == 0 && *named != actors[entry.owner].person);
            tx.query("update entries set status = $2, audience = $3 where id = $1")
                .bind(entry.id)
                .bind(entry.status)
                .bind(entry.audience)
                .run_expecting(1)
                .await
                .expect("set");
            tx.query("delete from entry_people where entry_id = $1")
                .bind(entry.id)
                .run()
                .await
                .expect("none");
            if let Some(person) = entry.developed {
                tx.query("insert into entry_people (entry_id, person_id, named_as, position) values ($1, $2, 'developed', 0)")
                    .bind(entry.id)
                    .bind(person)
                    .run_expecting(1)
                    .await
                    .expect("named");
            }
        }
        tx.commit().await.expect("kept");
        for actor in &actors {
            decisions += agree(&world, actor, &actors, &owned, &states, &entries).await;
        }
    }
    assert!(decisions > 5_000, "{decisions}");
}

/// Compares what an actor is shown with what the policy decides, and counts the decisions.
async fn agree(
    world: &World,
    actor: &Actor,
    actors: &[Actor],
    owned: &[Uuid],
    states: &[(Sharing, Aim)],
    entries: &[Known],
) -> usize {
    let mut tx = world.instance.db.read().await.expect("a read");
    let state = |owner: usize| DossierState {
        owner: actors[owner].account == actor.account,
        sharing: states[owner].0,
        aim: states[owner].1,
        recused: entries
            .iter()
            .any(|e| e.owner == owner && e.status == Status::Final && e.developed == Some(actor.person)),
    };
    let allowed = |act| policy::decide(actor, act) == Decision::Allow;
    let board: Vec<Uuid> =
        dossiers::on_board(&mut tx, actor).await.expect("a board").iter().map(|d| d.id).collect();
    let overview: Vec<Uuid> =
        dossiers::shared_with_ctos(&mut tx, actor).await.expect("a list").iter().map(|d| d.id).collect();
    let mut decisions = 0;
    for (owner, id) in owned.iter().enumerate() {
        let state = state(owner);
        let reads = dossiers::readable(&mut tx, actor, *id).await.is_ok();
        assert_eq!(reads, allowed(Act::ReadDossier(state)), "{} {state:?}", actor.name);
        assert_eq!(overview.contains(id), reads && !state.owner, "{} {state:?}", actor.name);
        // The board's own statement is for members; routes keep others from it.
        if actor.is(Role::Committee) && !actor.is(Role::Cto) {
            assert_eq!(board.contains(id), allowed(Act::SeeOnBoard(state)), "{} {state:?}", actor.name);
        }
        let mut shown = 0;
        for entry in entries.iter().filter(|entry| entry.owner == owner) {
            let about = EntryState { dossier: state, status: entry.status, audience: entry.audience };
            let may = allowed(Act::ReadEntry(about));
            let found = evidence::store::readable(&mut tx, actor, entry.id).await.expect("a search");
            assert_eq!(found.is_some(), may, "{} {about:?}", actor.name);
            let found = evidence::actions::find(&mut tx, actor, &entry.id.to_string(), Act::ReadEntry).await;
            assert_eq!(found.is_ok(), may, "{} {about:?}", actor.name);
            shown += usize::from(may);
            decisions += 2;
        }
        let everything = evidence::list::Filter::default();
        let total = evidence::list::total(&mut tx, actor, *id, &everything).await.expect("a count");
        assert_eq!(usize::try_from(total), Ok(shown));
        let page = evidence::list::page(&mut tx, actor, *id, &everything, 1).await.expect("a page");
        assert_eq!(page.len(), shown);
        let counts = evidence::list::counts(&mut tx, actor, *id).await.expect("counts");
        assert_eq!(usize::try_from(counts.status.values().sum::<i64>()), Ok(shown));
        decisions += 4;
    }
    for person in actors {
        let named: BTreeSet<Uuid> = entries
            .iter()
            .filter(|entry| entry.developed == Some(person.person))
            .filter(|entry| {
                let about = EntryState {
                    dossier: state(entry.owner),
                    status: entry.status,
                    audience: entry.audience,
                };
                allowed(Act::ReadEntry(about))
            })
            .map(|entry| entry.id)
            .collect();
        let viewer = Viewer::from(actor);
        let shown = directory::store::named_in(&mut tx, viewer, person.person).await.expect("a list");
        assert_eq!(shown.iter().map(|found| found.id).collect::<BTreeSet<_>>(), named, "{}", actor.name);
        let counted = directory::store::counts(&mut tx, viewer, &[person.person]).await.expect("a count");
        assert_eq!(counted.first().map_or(0, |(_, n)| usize::try_from(*n).unwrap_or(0)), named.len());
        decisions += 2;
    }
    decisions
}

/// Everybody who may try a route.
struct Cast {
    anonymous: Visitor,
    ada: Visitor,
    ben: Visitor,
    cto: Visitor,
    member: Visitor,
    admin: Visitor,
}

impl Cast {
    async fn of(world: &World) -> Cast {
        Cast {
            anonymous: world.anonymous(),
            ada: world.candidate("Ada Marsh").await,
            ben: world.candidate("Ben Ito").await,
            cto: world.cto("Ruth Okafor").await,
            member: world.somebody("Jonas Weil", &[Role::Committee]).await,
            admin: world.somebody("Mina Sato", &[Role::Admin]).await,
        }
    }

    fn all(&self) -> [(&'static str, &Visitor); 6] {
        [
            ("anonymous", &self.anonymous),
            ("Ada", &self.ada),
            ("Ben", &self.ben),
            ("the CTO", &self.cto),
            ("a member", &self.member),
            ("an admin", &self.admin),
        ]
    }
}

#[track_caller]
fn told(answer: &Answer, expected: u16, what: &str) {
    assert_eq!(answer.status.as_u16(), expected, "{what}: {}", answer.body);
    if expected >= 400 {
        assert!(!answer.body.contains("Secret"), "{what}");
    }
}

/// Everything that can be told of an answer, with an id taken out.
fn whole(answer: &Answer, id: &str) -> String {
    let mut headers: Vec<String> =
        answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    headers.sort();
    format!("{} {headers:?} {}", answer.status, answer.body.replace(id, "ID"))
}

#[tokio::test]
async fn every_route_serves_the_roles_of_its_row_and_nobody_else() {
    let world = World::on_sqlite().await;
    let cast = Cast::of(&world).await;
    let routes = evident::server::routes::all();
    for (method, path) in routes.listed() {
        let access = policy::access(method, path).expect("every route has its row");
        let address = path.replace("{id}", MISSING).replace("{token}", "nothing");
        for (name, visitor) in cast.all() {
            let what = format!("{name}: {method} {address}");
            // What ends one's own session is tested elsewhere.
            if *path == "/sign-out" {
                continue;
            }
            let answer =
                if method == "GET" { visitor.get(&address).await } else { visitor.post(&address, &[]).await };
            let status = answer.status.as_u16();
            assert!(status < 500, "{what}: {}", answer.body);
            let data = evident::web::errors::is_data(path);
            let served = match (access, &visitor.actor) {
                (Access::Anyone, _) | (Access::SignedIn, Some(_)) => true,
                (Access::Demo, _) => {
                    told(&answer, 404, &what);
                    continue;
                }
                (Access::SignedIn | Access::Roles(_), None) => {
                    told(&answer, if data { 401 } else { 303 }, &what);
                    assert!(data || answer.location().starts_with("/sign-in"), "{what}");
                    continue;
                }
                (Access::Roles(roles), Some(actor)) => roles.iter().any(|role| actor.is(*role)),
            };
            if served {
                // Nobody may end up without an answer of the page's own.
                assert_ne!(status, 405, "{what}");
                assert!(status != 403 || path.contains("{id}"), "{what}");
            } else {
                told(&answer, 403, &what);
            }
            assert_eq!(answer.header("cache-control"), "no-store", "{what}");
        }
    }
    assert_eq!(policy::ROUTES.len(), routes.listed().len(), "no row stands for a route that is gone");
}

#[tokio::test]
async fn every_dossier_and_entry_is_answered_as_its_state_allows() {
    for world in World::on_both().await {
        let cast = Cast::of(&world).await;
        let dossier = dossiers::own(&world.instance, cast.ada.actor()).await.expect("a dossier").id;
        let mut entries = Vec::new();
        for (status, audience) in [
            (Status::Draft, Audience::Dossier),
            (Status::Final, Audience::Dossier),
            (Status::Withdrawn, Audience::Dossier),
            (Status::Final, Audience::Cto),
        ] {
            let id = entry(&world, dossier, status, audience).await;
            entries.push((id, status));
        }
        for (sharing, aim) in [
            (Sharing::Private, Aim::E2),
            (Sharing::Sponsor, Aim::Undecided),
            (Sharing::Committee, Aim::E2),
            (Sharing::Committee, Aim::E1ByChoice),
        ] {
            set(&world, dossier, sharing, aim).await;
            let shared = sharing != Sharing::Private && aim != Aim::E1ByChoice;
            for (id, status) in &entries {
                for (path, read) in [("", true), ("/edit", false), ("/revisions", false)] {
                    let address = format!("/evidence/{id}{path}");
                    let hidden = read && !(shared && *status == Status::Final);
                    for (visitor, expected) in [
                        (&cast.anonymous, 303),
                        (&cast.ada, 200),
                        (&cast.ben, 404),
                        (
                            &cast.cto,
                            if !read {
                                403
                            } else if hidden {
                                404
                            } else {
                                200
                            },
                        ),
                        (&cast.member, 403),
                        (&cast.admin, 403),
                    ] {
                        let answer = visitor.get(&address).await;
                        told(&answer, expected, &format!("{address} {sharing} {aim} {status}"));
                        if expected == 404 {
                            let missing = visitor.get(&format!("/evidence/{MISSING}{path}")).await;
                            assert_eq!(whole(&answer, &id.to_string()), whole(&missing, MISSING));
                        }
                    }
                }
                for path in ["", "/draft", "/withdrawal", "/duplicate", "/updates"] {
                    let address = format!("/evidence/{id}{path}");
                    for (visitor, expected) in [
                        (&cast.anonymous, 303),
                        (&cast.ben, 404),
                        (&cast.cto, 403),
                        (&cast.member, 403),
                        (&cast.admin, 403),
                    ] {
                        let fields = [("title", "x"), ("intent", "draft"), ("revision", "1")];
                        told(&visitor.post(&address, &fields).await, expected, &address);
                    }
                }
            }
            readiness(&cast, dossier, shared, aim == Aim::E1ByChoice).await;
            lists(&cast, dossier, shared, sharing).await;
        }
    }
}

async fn readiness(cast: &Cast, dossier: Uuid, shared: bool, at_e1: bool) {
    for ending in ["", ".json"] {
        let data = ending == ".json";
        let address = format!("/dossiers/{dossier}/readiness{ending}");
        for (visitor, expected) in [
            (&cast.anonymous, if data { 401 } else { 303 }),
            (&cast.ada, if data && at_e1 { 404 } else { 200 }),
            (&cast.ben, 404),
            (&cast.cto, if shared { 200 } else { 404 }),
            (&cast.member, 403),
            (&cast.admin, 403),
        ] {
            let answer = visitor.get(&address).await;
            told(&answer, expected, &address);
            // A candidate's own is no secret to them, also where they have chosen that there be no states.
            if expected == 404 && visitor.actor != cast.ada.actor {
                let missing = visitor.get(&format!("/dossiers/{MISSING}/readiness{ending}")).await;
                assert_eq!(whole(&answer, &dossier.to_string()), whole(&missing, MISSING));
                // What is asked of it changes nothing.
                let asked = visitor.get(&format!("{address}?lens=nonsense")).await;
                let missing =
                    visitor.get(&format!("/dossiers/{MISSING}/readiness{ending}?lens=nonsense")).await;
                assert_eq!(whole(&asked, &dossier.to_string()), whole(&missing, MISSING));
            }
        }
    }
}

async fn lists(cast: &Cast, dossier: Uuid, shared: bool, sharing: Sharing) {
    let on_board = shared && sharing == Sharing::Committee;
    for ending in ["", ".json", ".csv"] {
        let page = cast.cto.get(&format!("/dossiers{ending}")).await.expect(200);
        assert_eq!(page.body.contains("Ada Marsh"), shared);
        let page = cast.member.get(&format!("/committee{ending}")).await.expect(200);
        assert_eq!(page.body.contains("Ada Marsh"), on_board);
        assert!(!page.body.contains("Secret"));
        // A search for what may not be seen finds as much as one for nothing.
        if !on_board {
            let found = cast.member.get(&format!("/committee{ending}?q=ada")).await.expect(200);
            let nobody = cast.member.get(&format!("/committee{ending}?q=xyz")).await.expect(200);
            // The names of static files hold letters of their own.
            let asked = |body: &str| body.replace("=ada", "=xyz").replace("\"ada\"", "\"xyz\"");
            assert_eq!(asked(&found.body), nobody.body);
        }
    }
    for visitor in [&cast.cto, &cast.member] {
        let hidden = visitor.get(&format!("/compare?dossier={dossier}&dossier={MISSING}")).await;
        told(&hidden, 404, "a comparison with somebody missing");
    }
    for visitor in [&cast.ben, &cast.member, &cast.admin] {
        let people = visitor.get("/people").await.expect(200);
        assert!(people.body.contains("Ada Marsh") && !people.body.contains("Secret"));
        let page = visitor.get(&format!("/people/{}", cast.ada.actor().person)).await.expect(200);
        assert!(!page.body.contains("Secret"));
    }
}

#[tokio::test]
async fn a_cto_who_is_named_as_developed_sees_nothing_of_the_case() {
    for world in World::on_both().await {
        let cast = Cast::of(&world).await;
        let other = world.cto("Sam Oduya").await;
        let dossier = dossiers::own(&world.instance, cast.ada.actor()).await.expect("a dossier").id;
        set(&world, dossier, Sharing::Committee, Aim::E2).await;
        let plain = entry(&world, dossier, Status::Final, Audience::Dossier).await;
        let naming = entry(&world, dossier, Status::Draft, Audience::Dossier).await;
        let mut tx = world.instance.db.write().await.expect("a write");
        tx.query("insert into entry_people (entry_id, person_id, named_as, position) values ($1, $2, 'developed', 0)")
            .bind(naming)
            .bind(cast.cto.actor().person)
            .run_expecting(1)
            .await
            .expect("named");
        tx.commit().await.expect("kept");
        let pages = [
            format!("/dossiers/{dossier}/readiness"),
            format!("/dossiers/{dossier}/readiness.json"),
            format!("/dossiers/{dossier}/trajectories"),
            format!("/dossiers/{dossier}/sittings"),
            format!("/dossiers/{dossier}/sitting"),
            format!("/dossiers/{dossier}/deputizing"),
            format!("/evidence/{plain}"),
            format!("/evidence/{plain}/assessment"),
            format!("/evidence/{plain}/comment"),
        ];
        let lists = ["/dossiers", "/dossiers.json", "/dossiers.csv", "/dossiers/claims", "/inbox"];
        for page in &pages {
            told(&cast.cto.get(page).await, 200, page);
        }
        assert!(cast.cto.get("/dossiers.json").await.body.contains(&dossier.to_string()));
        let sit = [("commitment", "Introduce her"), ("do", "keep")];
        cast.cto.post(&format!("/dossiers/{dossier}/sitting"), &sit).await;
        // A draft that names them is nobody's business; once it is published, they are kept from the case.
        let publish = "update entries set status = 'final' where id = $1";
        let mut tx = world.instance.db.write().await.expect("a write");
        tx.query(publish).bind(naming).run_expecting(1).await.expect("published");
        tx.commit().await.expect("kept");
        let (id, missing) = (dossier.to_string(), MISSING.to_owned());
        for page in &pages {
            let answer = cast.cto.get(page).await;
            told(&answer, 404, page);
            let nothing = page.replace(&id, &missing).replace(&plain.to_string(), &missing);
            let unknown = cast.cto.get(&nothing).await;
            let plainly = |answer: &Answer, page: &str| answer.body.replace(page, "PAGE");
            assert_eq!(plainly(&answer, page), plainly(&unknown, &nothing), "{page}");
            told(&other.get(page).await, 200, page);
        }
        for list in lists {
            let shown = cast.cto.get(list).await;
            told(&shown, 200, list);
            assert!(
                !shown.body.contains(&id) && !shown.body.contains("Secret title"),
                "{list}: {}",
                shown.body
            );
        }
        assert!(other.get("/dossiers.json").await.body.contains(&id));
        let judged = [("judgement", "meets"), ("text", "Shows it"), ("revision", "1"), ("do", "release")];
        told(&cast.cto.post(&format!("/evidence/{plain}/assessment"), &judged).await, 404, "a judgement");
        told(&cast.cto.post(&format!("/dossiers/{dossier}/sitting"), &sit).await, 404, "a sitting");
        // That they are named is theirs to know and to answer.
        assert!(cast.cto.get("/named").await.body.contains("Secret title"));
        let answer = cast.cto.post(&format!("/named/{naming}"), &[("answer", "agreed")]).await;
        assert_eq!(answer.status.as_u16(), 303, "{}", answer.body);
    }
}
