//! Whether somebody else's id takes as long to answer as a missing one. A figure of many pairs, taken in turn; how busy the
//! machine is falls on both alike.

use std::time::Instant;

use evident::evidence::{Aim, Sharing};

use super::Found;
use super::cast::{ADA, BEN, IRIS, Scene, Viewer};
use super::http::MISSING;

/// By how much the two medians may differ, of the missing one's.
const BAND: f64 = 0.10;

async fn microseconds(viewer: &Viewer, address: &str) -> f64 {
    let began = Instant::now();
    let answer = viewer.visitor.get(address).await;
    let took = began.elapsed().as_secs_f64() * 1e6;
    assert_eq!(answer.status.as_u16(), 404, "{address}");
    took
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

/// Measures pairs of requests of each kind, as another candidate.
pub async fn measured(scene: &mut Scene, pairs: usize) -> (String, Found) {
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
    let mut widest: (f64, &str, f64, f64) = (0.0, "", 0.0, 0.0);
    for (pattern, id) in addresses {
        let (other, missing) = (pattern.replace("ID", &id.to_string()), pattern.replace("ID", MISSING));
        let (mut others, mut nobodys) = (Vec::new(), Vec::new());
        for pair in 0..pairs {
            // Which comes first changes, so that being second helps neither.
            if pair % 2 == 0 {
                others.push(microseconds(ben, &other).await);
                nobodys.push(microseconds(ben, &missing).await);
            } else {
                nobodys.push(microseconds(ben, &missing).await);
                others.push(microseconds(ben, &other).await);
            }
        }
        let (other, missing) = (median(others), median(nobodys));
        let apart = (other - missing).abs() / missing;
        found.check(apart <= BAND, || {
            format!("{pattern}: somebody else’s takes {other:.0} µs, a missing one {missing:.0} µs")
        });
        if apart >= widest.0 {
            widest = (apart, pattern, other, missing);
        }
    }
    let (apart, pattern, other, missing) = widest;
    let line = format!(
        "medians at most {:.1} % apart ({other:.0} and {missing:.0} µs at {pattern}, {pairs} pairs)",
        apart * 100.0
    );
    (line, found)
}
