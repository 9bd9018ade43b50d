//! Hostile requests to every route of the router, by somebody of each role and by nobody: never a failure of ours, never
//! markup that was typed and lives, never a refusal that changed something. A round is one request.

mod checks;
pub mod pages;
mod requests;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use evident::accounts::Role;
use evident::ids::Ids;
use evident::routes::Route;
use evident::server::routes;

use crate::dice::Dice;
use crate::support::{Visitor, World, live};
use crate::{Figure, Run};
use checks::Wrong;
use pages::Found;
use requests::{Maker, Sent};

/// Requests to one world; pages get longer with what was planted in it.
const IN_ONE_WORLD: u64 = 2_000;
/// How many wrong answers are told in full.
const TOLD: usize = 20;

/// What came of the requests to one world.
#[derive(Default)]
struct Outcome {
    sent: u64,
    /// Pages that showed what was planted, as text.
    shown: u64,
    wrong: Wrong,
    told: Vec<String>,
    /// Routes that did what they are for.
    served: BTreeSet<String>,
}

impl Outcome {
    fn add(&mut self, other: Outcome) {
        self.sent += other.sent;
        self.shown += other.shown;
        self.wrong.add(other.wrong);
        self.told.extend(other.told);
        self.served.extend(other.served);
    }
}

pub fn run(run: Run) -> Figure {
    let names = pages::names_in_templates();
    let worlds = run.count.div_ceil(IN_ONE_WORLD);
    let next = AtomicU64::new(0);
    let done: Mutex<Outcome> = Mutex::default();
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= worlds {
                        return;
                    }
                    let requests = IN_ONE_WORLD.min(run.count - number * IN_ONE_WORLD);
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                    let outcome =
                        runtime.expect("a runtime").block_on(in_a_world(run.seed, number, requests, &names));
                    done.lock().expect("no world panics").add(outcome);
                }
            });
        }
    });
    let all = done.into_inner().expect("no world panics");
    let (mut worst, others): (Vec<_>, Vec<_>) = all.told.iter().partition(|told| told.starts_with('5'));
    worst.extend(others);
    for told in worst.into_iter().take(TOLD) {
        println!("  FAILED {told}");
    }
    let routes = routes::all();
    let Wrong { failures, live, other } = all.wrong;
    Figure {
        line: format!(
            "{} hostile requests in {worlds} worlds, {} of {} routes served some, {} pages showed planted markup as text, \
             {failures} answers of 500 and above, {live} with live markup, {other} wrong otherwise",
            all.sent,
            all.served.len(),
            routes.listed().len(),
            all.shown,
        ),
        wrong: all.wrong.total(),
    }
}

/// Somebody with a browser and what they have found so far.
struct Attacker {
    visitor: Visitor,
    found: Found,
}

async fn in_a_world(seed: u64, number: u64, requests: u64, names: &[String]) -> Outcome {
    let mut dice = Dice::new(seed, number);
    let on_postgres = if number % 2 == 1 { World::on_postgres().await } else { None };
    let mut world = match on_postgres {
        Some(world) => world,
        None => World::on_sqlite().await,
    };
    world.instance.ids = Ids::seeded(seed.wrapping_mul(1_000_003).wrapping_add(number));
    world.assemble();
    let mut attackers = company(&world).await;
    let all = routes::all();
    let maker = Maker { routes: all.listed(), names };
    let mut outcome = Outcome::default();
    for (attacker, path) in
        (0..attackers.len()).flat_map(|n| all.listed().iter().map(move |route| (n, route.path)))
    {
        if !path.contains('{') {
            attackers[attacker].found.keep_link(path);
        }
    }
    for step in 0..requests {
        let who = dice.below(attackers.len());
        // Ids that others have found are tried as well.
        if dice.once_in(4) {
            let other = dice.below(attackers.len());
            let ids = &attackers[other].found.ids;
            if let Some(id) = (!ids.is_empty()).then(|| dice.one(ids).clone()) {
                attackers[who].found.keep_id(id);
            }
        }
        let sent = match if dice.once_in(2) { attackers[who].found.fresh() } else { None } {
            Some(link) => Sent::get(&link),
            None => maker.next(&mut dice, &attackers[who].found),
        };
        if ends_sessions(&sent.address) && !dice.once_in(100) {
            continue;
        }
        let Some(request) = sent.request(&attackers[who].visitor) else { continue };
        let before = if sent.method == "POST" { Some(changes(&world).await) } else { None };
        let answer = attackers[who].visitor.send(request).await;
        outcome.sent += 1;
        let changed = match before.filter(|_| answer.status.is_client_error()) {
            Some(before) => changes(&world).await != before,
            None => false,
        };
        let mut looked = checks::look(sent.method, &sent.address, &answer);
        if changed {
            looked.wrong.other += 1;
            looked.why.push(format!("{}: refused, and something was changed", answer.status));
        }
        if !answer.status.is_client_error() {
            outcome.served.extend(route_of(all.listed(), sent.method, &sent.address));
        }
        if let Some(page) = &looked.page {
            outcome.shown +=
                u64::from(answer.status.is_success() && answer.body.contains(live::MARK) && !sent.plants());
            attackers[who].found.keep(&sent.address, page);
        }
        if answer.status.is_redirection() {
            attackers[who].found.keep_link(answer.location());
        }
        outcome.wrong.add(looked.wrong);
        if !looked.why.is_empty() {
            outcome.told.push(format!("{} (world {number}, step {step})\n    {sent}", looked.why.join("; ")));
        }
    }
    outcome
}

/// Whether an address ends sessions, which would leave little to attack.
fn ends_sessions(address: &str) -> bool {
    ["/sign-out", "/end", "/disabled", "/roles"].iter().any(|ending| address.ends_with(ending))
}

/// The route that serves an address.
fn route_of(routes: &[Route], method: &str, address: &str) -> Option<String> {
    let path = address.split('?').next().unwrap_or_default();
    let fits = |route: &str| {
        route.split('/').count() == path.split('/').count()
            && route.split('/').zip(path.split('/')).all(|(of, part)| of == part || of.starts_with('{'))
    };
    // What stands in full goes before what has an id in its place.
    let mut fitting: Vec<&str> =
        routes.iter().filter(|of| of.method == method && fits(of.path)).map(|of| of.path).collect();
    fitting.sort_by_key(|route| route.matches('{').count());
    fitting.first().map(|route| format!("{method} {route}"))
}

/// How many changes there were. A dossier that opens is none: whatever a candidate asks for first finds it there, also when
/// it is refused.
async fn changes(world: &World) -> i64 {
    let mut tx = world.instance.db.read().await.expect("a read");
    let counted = tx.query("select count(*) from audit_entries where action <> 'dossier.opened'");
    counted.one::<(i64,)>().await.expect("a count").0
}

/// Somebody of each role, somebody of all, and nobody; markup is in their names.
async fn company(world: &World) -> Vec<Attacker> {
    let every = [Role::Candidate, Role::Cto, Role::Committee, Role::Admin];
    let mut visitors = vec![world.anonymous()];
    for (name, roles) in [
        ("Ola <b zq7>Berg</b>", &every[..]),
        ("Ada \" zq7=\"1", &[Role::Candidate][..]),
        ("Ruth ' zq7='1", &[Role::Cto][..]),
        ("Cleo &lt;b zq7&gt;", &[Role::Committee][..]),
        ("Mina </title><b zq7>", &[Role::Admin][..]),
    ] {
        visitors.push(world.somebody(name, roles).await);
    }
    let entry = [
        ("intent", "publish"),
        ("title", "An entry </title><b zq7>to be tampered with"),
        ("from_month", "3"),
        ("from_year", "2026"),
        ("capability", "external-presence"),
        ("impact", "<b zq7>Less</b> [x](javascript:zq7())"),
        ("person", "Pia <b zq7>Lund"),
        ("as", "external"),
        ("organization", "external"),
        ("works_at", "\"><b zq7>"),
        ("level", ""),
        ("domain", ""),
    ];
    for owner in [1, 2] {
        visitors[owner].post("/evidence", &entry).await.expect(303);
        visitors[owner].post("/settings/sharing", &[("sharing", "committee")]).await.expect(303);
    }
    visitors.into_iter().map(|visitor| Attacker { visitor, found: Found::default() }).collect()
}
