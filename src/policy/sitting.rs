//! What CTOs say over a dossier and of its entries. Nobody sits over, judges or confirms what is their own.

use super::dossier::DossierState;
use super::entry::EntryState;
use super::{Decision, Roles};

/// What decides over a sitting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SittingState {
    /// Whether the actor is its author.
    pub author: bool,
    /// Whether it is released.
    pub released: bool,
    /// Whether it was handed over to the actor as a CTO: its author has no part in the case any more, and the actor is the
    /// dossier's sponsor, or there is none.
    pub handed: bool,
}

/// What there is to do in a sitting, and with remarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum SittingAct {
    /// Hold a sitting over a dossier, as a CTO does: a private draft, then released.
    Hold(DossierState),
    /// Read what a sitting over a dossier holds.
    Read(DossierState, SittingState),
    /// Judge an entry, comment on it or confirm it as a CTO.
    Remark(EntryState),
    /// Read a CTO's judgement of an entry or comment on it; whether it is released.
    ReadRemark(EntryState, bool),
    /// Reply to a CTO's judgement of an entry or comment on it; whether it is released.
    Reply(EntryState, bool),
}

pub(super) fn decide(roles: Roles<'_>, act: SittingAct) -> Decision {
    match act {
        SittingAct::Hold(dossier) => others_of_readable(dossier.owner, dossier.read_by(roles)),
        SittingAct::Read(dossier, sitting) => {
            let handed = sitting.handed && !dossier.owner;
            Decision::allow_or_hide(dossier.read_by(roles) && (sitting.author || sitting.released || handed))
        }
        SittingAct::Remark(entry) => others_of_readable(entry.dossier.owner, entry.read_by(roles)),
        SittingAct::ReadRemark(entry, released) => {
            Decision::allow_or_hide(entry.read_by(roles) && (released || !entry.dossier.owner))
        }
        SittingAct::Reply(entry, released) => Decision::allow_or_hide(entry.dossier.owner && released),
    }
}

/// Whoever else may read it; its owner is refused, who knows of it anyway.
fn others_of_readable(owner: bool, reads: bool) -> Decision {
    match (reads, owner) {
        (false, _) => Decision::Hide,
        (true, false) => Decision::Allow,
        (true, true) => Decision::Refuse,
    }
}
