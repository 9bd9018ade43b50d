//! Of which capabilities boards speak: those of the guides that their dossiers follow.

use crate::evidence::dossiers::Dossier;
use crate::framework::{Capability, Framework, load};

/// Those that an address may name: of every guide of the program.
pub fn known() -> Vec<&'static Capability> {
    of_guides(load::all())
}

/// Those of the guides that these dossiers follow; of every guide where there is no dossier.
pub fn of(dossiers: &[Dossier]) -> Vec<&'static Capability> {
    if dossiers.is_empty() {
        return known();
    }
    let follows = |guide: &&Framework| dossiers.iter().any(|dossier| dossier.framework == guide.id);
    of_guides(load::all().into_iter().filter(follows))
}

/// Each once, guide by guide.
fn of_guides(guides: impl IntoIterator<Item = &'static Framework>) -> Vec<&'static Capability> {
    let mut all: Vec<&Capability> = Vec::new();
    for capability in guides.into_iter().flat_map(|guide| &guide.capabilities) {
        if all.iter().all(|known| known.id != capability.id) {
            all.push(capability);
        }
    }
    all
}
