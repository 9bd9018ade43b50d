//! What is the company's own: nobody's dossier, and no person.

use super::{Decision, Role, Roles};

/// What there is to do for the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum InstanceAct {
    /// Keep the list of opportunities: who was offered what.
    KeepOpportunities,
    /// Manage accounts, roles and people.
    Administer,
}

pub(super) fn decide(roles: Roles<'_>, act: InstanceAct) -> Decision {
    Decision::allow_or_refuse(roles.contains(match act {
        InstanceAct::KeepOpportunities => &Role::Cto,
        InstanceAct::Administer => &Role::Admin,
    }))
}
