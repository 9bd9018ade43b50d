//! Sign-in and sessions under attack: guessing, asking who has an account, fixed and revived sessions, raced links,
//! tampered cookies, changes from other sites, and redirects elsewhere. A round is one of each, on both databases.

mod guessing;
mod links;
mod sessions;
mod sites;
mod timing;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header;
use chrono::TimeDelta;
use evident::clock::Clock;

use crate::dice::Dice;
use crate::support::{Answer, Visitor, World};
use crate::{Figure, Run};

/// The password of everybody in a [`World`].
const PASSWORD: &str = "harbour violet kettle sparrow";

/// What was tried, and what of it went wrong.
#[derive(Default)]
struct Tally {
    tries: u64,
    wrong: Vec<String>,
}

impl Tally {
    /// Counts a try, which went well or didn't.
    fn check(&mut self, well: bool, what: impl FnOnce() -> String) {
        self.tries += 1;
        if !well {
            self.wrong.push(what());
        }
    }
}

pub async fn run(run: Run) -> Figure {
    let mut all = Tally::default();
    let mut times = Vec::new();
    for (lane, mut world) in (0..).zip(World::on_both().await) {
        let mut dice = Dice::new(run.seed, lane);
        let engine = world.instance.db.engine();
        let told = all.wrong.len();
        for round in 0..run.count {
            guessing::round(&mut world, &mut dice, round, &mut all).await;
            sessions::round(&mut world, &mut dice, round, &mut all).await;
            links::round(&world, round, &mut all).await;
            sites::round(&world, &mut dice, round, &mut all).await;
        }
        times.push(format!(
            "{engine} {}",
            timing::known_and_unknown(&mut world, &mut dice, run.count, &mut all).await
        ));
        for wrong in all.wrong.iter().skip(told).take(10) {
            println!("  FAILED on {engine}: {wrong}");
        }
    }
    Figure {
        line: format!(
            "{} tries, {} wrong; known and unknown names: {}",
            all.tries,
            all.wrong.len(),
            times.join(", ")
        ),
        wrong: all.wrong.len() as u64,
    }
}

/// Lets time pass.
fn pass(world: &mut World, time: TimeDelta) {
    world.instance.clock = Clock::Fixed(world.instance.now() + time);
    world.assemble();
}

/// Tries to sign in from an address.
async fn sign_in(visitor: &Visitor, from: [u8; 4], fields: &[(&str, &str)]) -> Answer {
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = visitor
        .request("POST", "/sign-in")
        .extension(ConnectInfo(std::net::SocketAddr::from((from, 40_000))))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(form));
    visitor.send(request.expect("a request")).await
}
