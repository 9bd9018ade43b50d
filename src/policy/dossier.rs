//! What may be done with a dossier.

use super::{Decision, Role, Roles};
use crate::word::word;
use macro_rules_attribute::apply;

/// With whom a dossier is shared. Each value includes the one before it.
#[apply(word!)]
pub enum Sharing {
    /// The owner alone.
    Private,
    /// Also every CTO.
    Sponsor,
    /// Also shown on the committee's board.
    Committee,
}

/// What the candidate wants. Private to its owner.
#[apply(word!)]
pub enum Aim {
    /// Promotion to E2.
    #[strum(serialize = "e2")]
    #[serde(rename = "e2")]
    #[sqlx(rename = "e2")]
    E2,
    /// Not decided yet.
    Undecided,
    /// To stay at E1, which shows no states, gaps, forecasts or reminders.
    #[strum(serialize = "e1-by-choice")]
    #[serde(rename = "e1-by-choice")]
    #[sqlx(rename = "e1-by-choice")]
    E1ByChoice,
}

/// What decides over a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DossierState {
    /// Whether the actor owns it.
    pub owner: bool,
    /// With whom it is shared.
    pub sharing: Sharing,
    /// What its owner wants.
    pub aim: Aim,
    /// Whether the actor has no part in the case: the table of recusals holds a reason.
    pub recused: bool,
}

/// What there is to do with a dossier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum DossierAct {
    /// Read its readiness, its final entries' titles and counts.
    Read(DossierState),
    /// See it on the committee's board and compare it, at the level of states, months and gap kinds.
    SeeOnBoard(DossierState),
    /// Log evidence, answer check-ins and signals, set leave, aim and sharing; see and change the development plan.
    Change(DossierState),
}

pub(super) fn decide(roles: Roles<'_>, act: DossierAct) -> Decision {
    match act {
        DossierAct::Read(dossier) => Decision::allow_or_hide(dossier.read_by(roles)),
        DossierAct::SeeOnBoard(dossier) => {
            let as_cto = roles.contains(&Role::Cto) && dossier.read_by(roles) && !dossier.owner;
            let as_member = roles.contains(&Role::Committee)
                && !dossier.owner
                && !dossier.recused
                && dossier.aim != Aim::E1ByChoice
                && match dossier.sharing {
                    Sharing::Private | Sharing::Sponsor => false,
                    Sharing::Committee => true,
                };
            Decision::allow_or_hide(as_cto || as_member)
        }
        DossierAct::Change(dossier) => Decision::allow_or_hide(dossier.owner),
    }
}

impl DossierState {
    /// The owner always; a CTO when it is shared, unless the owner stays at E1 by choice, which nobody is told, or the CTO is
    /// kept from the case.
    pub(super) fn read_by(self, roles: Roles<'_>) -> bool {
        let as_cto = roles.contains(&Role::Cto) && !self.recused;
        self.owner || as_cto && self.is_shared() && self.aim != Aim::E1ByChoice
    }

    pub(super) fn is_shared(self) -> bool {
        match self.sharing {
            Sharing::Private => false,
            Sharing::Sponsor | Sharing::Committee => true,
        }
    }
}
