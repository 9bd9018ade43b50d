//! What may be known and recorded of a person.

use super::{Decision, Role, Roles, are_stewards};

/// What decides over a person.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own; no two exclude each other")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonState {
    /// Whether the actor is that person.
    pub own: bool,
    /// Whether the actor added that person.
    pub added: bool,
    /// Whether anybody like the actor may know of them: they have an account, were not added by a candidate, or a final,
    /// shared entry names them; if only one for CTOs alone does, whether the actor is a CTO. The entries of a case from
    /// which the actor is kept don't count.
    pub known: bool,
    /// Whether they have an account.
    pub account: bool,
}

/// What decides over a milestone of somebody whom the actor may know of.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own; no two exclude each other")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MilestoneState {
    /// Whether it is the actor's.
    pub own: bool,
    /// Whether the actor recorded it.
    pub recorded: bool,
    /// Whether an admin recorded it, for the company.
    pub by_admin: bool,
    /// Whether an entry rests on it that the actor owns: final, from before it, and naming the person as developed, to
    /// which they agreed, in an answer that stands. Besides its owner CTOs alone read entries, and they read every milestone.
    pub rests: bool,
}

/// What there is to do with people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum PersonAct {
    /// Know of one: name, organization, levels.
    Read(PersonState),
    /// Record a level of one; whether it is the level CTO.
    RecordLevel(PersonState, bool),
    /// Confirm a level that a candidate recorded of somebody else; whether it is the level CTO.
    ConfirmLevel(PersonState, bool),
    /// Record or correct a milestone of one.
    RecordMilestone(PersonState),
    /// Read a milestone.
    ReadMilestone(MilestoneState),
    /// Add one who has no account.
    Add,
    /// Say that two are one, or take that back.
    Merge,
}

pub(super) fn decide(roles: Roles<'_>, act: PersonAct) -> Decision {
    match act {
        PersonAct::Read(person) => Decision::allow_or_hide(person.known_to(roles)),
        PersonAct::RecordLevel(person, is_cto) => {
            // A CTO's word counts in every dossier, so nobody makes themselves one, an admin or a CTO neither.
            let may = if is_cto {
                are_stewards(roles) && !person.own
            } else {
                person.recorded_by(roles) || person.added && !person.account
            };
            within_knowledge(roles, person, may)
        }
        PersonAct::ConfirmLevel(person, is_cto) => {
            let may = if is_cto { are_stewards(roles) && !person.own } else { person.recorded_by(roles) };
            within_knowledge(roles, person, may)
        }
        PersonAct::RecordMilestone(person) => within_knowledge(roles, person, person.recorded_by(roles)),
        PersonAct::ReadMilestone(milestone) => Decision::allow_or_hide(
            milestone.own
                || milestone.recorded
                || milestone.rests
                || roles.contains(&Role::Cto)
                || milestone.by_admin && roles.contains(&Role::Admin),
        ),
        PersonAct::Add => Decision::allow_or_refuse(are_stewards(roles)),
        PersonAct::Merge => Decision::allow_or_refuse(roles.contains(&Role::Admin)),
    }
}

impl PersonState {
    fn known_to(self, roles: Roles<'_>) -> bool {
        self.own || self.added || self.known || roles.contains(&Role::Admin)
    }

    /// An admin, a CTO, or the person.
    fn recorded_by(self, roles: Roles<'_>) -> bool {
        self.own || are_stewards(roles)
    }
}

fn within_knowledge(roles: Roles<'_>, person: PersonState, may: bool) -> Decision {
    match (person.known_to(roles), may) {
        (false, _) => Decision::Hide,
        (true, true) => Decision::Allow,
        (true, false) => Decision::Refuse,
    }
}
