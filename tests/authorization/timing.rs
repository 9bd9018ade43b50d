//! Whether somebody else's id takes as long to answer as a missing one. A figure of many rounds, in which both are asked for
//! in turn, and another missing one with them: how far two missing ones are apart is what the machine's own noise does.

use std::time::Instant;

use evident::evidence::{Aim, Sharing};

use super::Found;
use super::cast::{ADA, BEN, IRIS, Scene, Viewer};
use super::http::MISSING;

/// Another id that nothing has.
const ALSO_MISSING: &str = "019a0000-0000-7000-8000-000000000001";

/// By how much they may differ, as a part of what a missing one takes; or by twice as much as two missing ones do.
const BAND: f64 = 0.10;

async fn microseconds(viewer: &Viewer, address: &str) -> f64 {
    let began = Instant::now();
    let answer = viewer.visitor.get(address).await;
    let took = began.elapsed().as_secs_f64() * 1e6;
    assert_eq!(answer.status.as_u16(), 404, "{address}");
    took
}

/// In fewer rounds than these, the machine tells more of itself than of the service.
const ENOUGH: usize = 1_000;

/// The time within which a quarter is answered: what else the machine does falls on it least.
fn quartile(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 4]
}

/// Measures rounds of requests of each kind, as another candidate.
pub async fn measured(scene: &mut Scene, rounds: usize) -> (String, Found) {
    scene.set(Sharing::Private, Aim::E2).await;
    let places = &scene.places;
    let ben = scene.viewers.iter().find(|viewer| viewer.who == Some(BEN)).expect("Ben");
    let addresses = [
        ("/evidence/ID", places.entry(1)),
        ("/evidence/ID/edit", places.entry(1)),
        ("/evidence/ID/revisions", places.entry(1)),
        ("/dossiers/ID/readiness", places.dossier(ADA)),
        ("/dossiers/ID/readiness.json", places.dossier(ADA)),
        ("/dossiers/ID/trajectories", places.dossier(ADA)),
        ("/people/ID", places.person(IRIS)),
    ];
    let mut found = Found::default();
    let mut widest = (0.0, String::new());
    for (pattern, id) in addresses {
        let asked =
            [id.to_string(), MISSING.into(), ALSO_MISSING.into()].map(|id| pattern.replace("ID", &id));
        let mut took = [const { Vec::new() }; 3];
        for round in 0..rounds {
            // Which comes first changes, so that coming later helps none.
            for place in 0..3 {
                let kind = (round + place) % 3;
                took[kind].push(microseconds(ben, &asked[kind]).await);
            }
        }
        let [other, missing, also_missing] = took.map(quartile);
        let (apart, noise) = ((other - missing).abs() / missing, (also_missing - missing).abs() / missing);
        let figure = format!("{:.1} % at {pattern}, {other:.0} and {missing:.0} µs", apart * 100.0);
        found.check(rounds < ENOUGH || apart <= BAND.max(2.0 * noise), || {
            format!("another’s id and a missing one take different times: {figure}")
        });
        if apart >= widest.0 {
            widest = (apart, figure);
        }
    }
    (format!("at most {} apart in {rounds} rounds", widest.1), found)
}
