//! What may be done with an entry.

use super::dossier::DossierState;
use super::{Decision, Role, Roles};
use crate::word::word;
use macro_rules_attribute::apply;

/// How far an entry has come.
#[apply(word!)]
pub enum Status {
    /// Its owner's alone, in the making.
    Draft,
    /// Published: it counts, and is read by those with whom the dossier is shared.
    Final,
    /// Taken back by its owner; it counts no longer, and is kept.
    Withdrawn,
}

/// Who may read a final entry, given that the dossier is shared.
#[apply(word!)]
pub enum Audience {
    /// Whoever may read the dossier.
    Dossier,
    /// The owner and CTOs alone; it counts once a CTO has confirmed it.
    Cto,
}

/// What decides over an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryState {
    /// Its dossier.
    pub dossier: DossierState,
    /// How far it has come.
    pub status: Status,
    /// Who may read it once it is final. Both kinds include CTOs.
    pub audience: Audience,
}

/// What there is to do with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum EntryAct {
    /// Read it.
    Read(EntryState),
    /// Read its earlier revisions, drafts among them.
    ReadRevisions(EntryState),
    /// Edit, publish, update or withdraw it.
    Change(EntryState),
}

pub(super) fn decide(roles: Roles<'_>, act: EntryAct) -> Decision {
    match act {
        EntryAct::Read(entry) => Decision::allow_or_hide(entry.read_by(roles)),
        EntryAct::ReadRevisions(entry) | EntryAct::Change(entry) => {
            Decision::allow_or_hide(entry.dossier.owner)
        }
    }
}

impl EntryState {
    /// Whether somebody besides the owner may be shown one that concerns them: a published one, and one for CTOs alone
    /// only if they are a CTO.
    pub(super) fn open_to(self, roles: Roles<'_>) -> bool {
        let audience = match self.audience {
            Audience::Dossier => true,
            Audience::Cto => roles.contains(&Role::Cto),
        };
        match self.status {
            Status::Draft | Status::Withdrawn => false,
            Status::Final => audience,
        }
    }

    /// The owner always; others once it is published, when they read its dossier. Both audiences include CTOs.
    pub(super) fn read_by(self, roles: Roles<'_>) -> bool {
        let published = match self.status {
            Status::Draft | Status::Withdrawn => false,
            Status::Final => match self.audience {
                Audience::Dossier | Audience::Cto => true,
            },
        };
        self.dossier.owner || published && self.dossier.read_by(roles)
    }
}
