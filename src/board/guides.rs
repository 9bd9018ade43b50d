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

#[cfg(test)]
mod tests {
    use super::{Framework, of_guides};
    use crate::framework::load::built_in;

    #[test]
    fn what_guides_have_in_common_stands_once() {
        let mut other = built_in().clone();
        other.capabilities[0].id = "another".into();
        let other: &'static Framework = Box::leak(Box::new(other));
        let ids = |guides: &[&'static Framework]| -> Vec<&str> {
            of_guides(guides.iter().copied()).into_iter().map(|capability| capability.id.as_str()).collect()
        };
        let mut both = ids(&[built_in()]);
        both.push("another");
        assert_eq!(ids(&[built_in(), other]), both);
    }
}
