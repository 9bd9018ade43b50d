//! Who may do what: one pure function over roles, relation, action and state. It knows no feature: what decides is handed to
//! it as plain states, which the features fill in.
//!
//! Deny by default, and by a match without a wildcard arm, so that the compiler asks about every new state. Each SQL
//! visibility fragment (`evidence/visibility.rs`, `people/visibility.rs`) says the same as one arm here, and a harness
//! compares the two. `docs/authorization.md` tells all of it in tables, to which tests hold what is decided here and what
//! the pages answer. Whom a route serves at all, [`Access`] says.

pub mod access;
mod dossier;
mod entry;
mod instance;
mod person;
mod role;
mod sitting;
mod voices;

use strum::EnumCount as _;

pub use access::Access;
pub use dossier::{Aim, DossierAct, DossierState, Sharing};
pub use entry::{Audience, EntryAct, EntryState, Status};
pub use instance::InstanceAct;
pub use person::{MilestoneState, PersonAct, PersonState};
pub use role::Role;
pub use sitting::{SittingAct, SittingState};
pub use voices::{RequestState, VoiceAct};

/// The roles of who acts.
pub type Roles<'r> = &'r [Role];

/// Something that a person wants to do, with the state that decides over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// With a dossier.
    Dossier(DossierAct),
    /// With an entry.
    Entry(EntryAct),
    /// With a person.
    Person(PersonAct),
    /// With what others say of an entry.
    Voice(VoiceAct),
    /// In a sitting, or with a remark.
    Sitting(SittingAct),
    /// For the company.
    Instance(InstanceAct),
}

impl From<DossierAct> for Act {
    fn from(act: DossierAct) -> Act {
        Act::Dossier(act)
    }
}

impl From<EntryAct> for Act {
    fn from(act: EntryAct) -> Act {
        Act::Entry(act)
    }
}

impl From<PersonAct> for Act {
    fn from(act: PersonAct) -> Act {
        Act::Person(act)
    }
}

impl From<VoiceAct> for Act {
    fn from(act: VoiceAct) -> Act {
        Act::Voice(act)
    }
}

impl From<SittingAct> for Act {
    fn from(act: SittingAct) -> Act {
        Act::Sitting(act)
    }
}

impl From<InstanceAct> for Act {
    fn from(act: InstanceAct) -> Act {
        Act::Instance(act)
    }
}

impl Act {
    /// How many kinds of acts there are, which the tests' tables have to tell.
    pub const KINDS: usize = DossierAct::COUNT
        + EntryAct::COUNT
        + PersonAct::COUNT
        + VoiceAct::COUNT
        + SittingAct::COUNT
        + InstanceAct::COUNT;
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Go ahead.
    Allow,
    /// Answer as if there were no such thing.
    Hide,
    /// Its existence is no secret; say that this is not allowed.
    Refuse,
}

impl Decision {
    /// Turns the answer into a result.
    ///
    /// # Errors
    /// [`crate::error::Error::NotFound`] to hide, [`crate::error::Error::Forbidden`] to refuse.
    pub fn require(self) -> crate::error::Result<()> {
        match self {
            Decision::Allow => Ok(()),
            Decision::Hide => Err(crate::error::Error::NotFound),
            Decision::Refuse => Err(crate::error::Error::Forbidden),
        }
    }

    fn allow_or_hide(allowed: bool) -> Decision {
        if allowed { Decision::Allow } else { Decision::Hide }
    }

    fn allow_or_refuse(allowed: bool) -> Decision {
        if allowed { Decision::Allow } else { Decision::Refuse }
    }
}

/// Decides.
pub fn decide(roles: Roles<'_>, act: impl Into<Act>) -> Decision {
    match act.into() {
        Act::Dossier(act) => dossier::decide(roles, act),
        Act::Entry(act) => entry::decide(roles, act),
        Act::Person(act) => person::decide(roles, act),
        Act::Voice(act) => voices::decide(roles, act),
        Act::Sitting(act) => sitting::decide(roles, act),
        Act::Instance(act) => instance::decide(roles, act),
    }
}

/// Whose word about others is the company's.
fn are_stewards(roles: Roles<'_>) -> bool {
    roles.contains(&Role::Admin) || roles.contains(&Role::Cto)
}
