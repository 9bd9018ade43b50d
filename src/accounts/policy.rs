//! Who may do what: the table of routes, and one pure function over actor, relation, action and state.
//!
//! Deny by default: a route without a row here is served to nobody (`server/gate.rs`), and a match without a wildcard
//! arm makes the compiler ask about every new state. Each SQL visibility fragment (`evidence/visibility.rs`,
//! `people/visibility.rs`) says the same as one arm here, and a harness compares the two. `docs/authorization.md` tells all of it
//! in tables, to which tests hold what is decided here and what the pages answer.

mod routes;

use super::{Actor, Role};
use crate::evidence::{Aim, Audience, Sharing, Status};

pub use routes::{Access, ROUTES, Route, access};

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

/// What decides over a request to say something about an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestState {
    /// The entry it is about.
    pub entry: EntryState,
    /// Whether the actor is who was asked.
    pub asked: bool,
    /// Whether it was taken back, or asked anew.
    pub closed: bool,
}

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

/// Something that a person wants to do, with the state that decides over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum Act {
    /// Read a dossier's readiness, its final entries' titles and counts.
    ReadDossier(DossierState),
    /// See a dossier on the committee's board and compare it, at the level of states, months and gap kinds.
    SeeOnBoard(DossierState),
    /// Log evidence, answer check-ins and signals, set leave, aim and sharing; see and change the development plan.
    ChangeDossier(DossierState),
    /// Read an entry.
    ReadEntry(EntryState),
    /// Read an entry's earlier revisions, drafts among them.
    ReadRevisions(EntryState),
    /// Edit, publish, update or withdraw an entry.
    ChangeEntry(EntryState),
    /// Read a request with its entry in the revision asked about, and answer it.
    AnswerRequest(RequestState),
    /// Know that an entry names one, by whom, as what and in which sentence, and answer it; whether it does name the actor.
    AnswerNaming(EntryState, bool),
    /// Settle an account of an entry that differs; whether the account is the actor's own.
    SettleAccount(EntryState, bool),
    /// Say of an answer by mail or link that it is really the person's; whether it is on the actor's own evidence.
    Vouch(bool),
    /// Take back that an answer or an address is really the person's; whether the actor said so.
    TakeVouchingBack(bool),
    /// Hold a sitting over a dossier, as a CTO does: a private draft, then released.
    HoldSitting(DossierState),
    /// Read what a sitting over a dossier holds.
    ReadSitting(DossierState, SittingState),
    /// Judge an entry, comment on it or confirm it as a CTO.
    Remark(EntryState),
    /// Read a CTO's judgement of an entry or comment on it; whether it is released.
    ReadRemark(EntryState, bool),
    /// Reply to a CTO's judgement of an entry or comment on it; whether it is released.
    Reply(EntryState, bool),
    /// Keep the list of opportunities: who was offered what.
    KeepOpportunities,
    /// Know of a person: name, organization, levels.
    ReadPerson(PersonState),
    /// Record a level of a person; whether it is the level CTO.
    RecordLevel(PersonState, bool),
    /// Confirm a level that a candidate recorded of somebody else; whether it is the level CTO.
    ConfirmLevel(PersonState, bool),
    /// Record or correct a milestone of a person.
    RecordMilestone(PersonState),
    /// Read a milestone.
    ReadMilestone(MilestoneState),
    /// Add a person who has no account.
    AddPerson,
    /// Say that two people are one, or take that back.
    MergePeople,
    /// Manage accounts, roles and people.
    Administer,
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
}

/// Decides.
pub fn decide(actor: &Actor, act: Act) -> Decision {
    match act {
        Act::ReadDossier(dossier) => allow_or_hide(reads_dossier(actor, dossier)),
        Act::SeeOnBoard(dossier) => {
            let as_cto = actor.is(Role::Cto) && reads_dossier(actor, dossier) && !dossier.owner;
            let as_member = actor.is(Role::Committee)
                && !dossier.owner
                && !dossier.recused
                && dossier.aim != Aim::E1ByChoice
                && match dossier.sharing {
                    Sharing::Private | Sharing::Sponsor => false,
                    Sharing::Committee => true,
                };
            allow_or_hide(as_cto || as_member)
        }
        Act::ChangeDossier(dossier) => allow_or_hide(dossier.owner),
        Act::ReadEntry(entry) => allow_or_hide(reads_entry(actor, entry)),
        Act::ReadRevisions(entry) | Act::ChangeEntry(entry) => allow_or_hide(entry.dossier.owner),
        Act::AnswerRequest(request) => allow_or_hide(
            request.asked && !request.closed && !request.entry.dossier.owner && open_to(actor, request.entry),
        ),
        Act::AnswerNaming(entry, named) => {
            let dossier = entry.dossier;
            let told = named && !dossier.owner && open_to(actor, entry);
            allow_or_hide(told && is_shared(dossier) && dossier.aim != Aim::E1ByChoice)
        }
        Act::SettleAccount(entry, own) => {
            let reads = entry.status == Status::Final && reads_dossier(actor, entry.dossier);
            match (actor.is(Role::Cto) && reads && !entry.dossier.owner, own) {
                (false, _) => Decision::Hide,
                // Whose account it is answers anew instead.
                (true, true) => Decision::Refuse,
                (true, false) => Decision::Allow,
            }
        }
        // Nobody's word makes an answer on their own evidence count; nothing tells them that it waits for another's.
        Act::Vouch(own) => match (stewards(actor), own) {
            (false, _) => Decision::Refuse,
            (true, true) => Decision::Hide,
            (true, false) => Decision::Allow,
        },
        // Only whoever said it takes it back.
        Act::TakeVouchingBack(by) => match (stewards(actor), by) {
            (false, _) => Decision::Refuse,
            (true, true) => Decision::Allow,
            (true, false) => Decision::Hide,
        },
        // Nobody sits over, judges or confirms what is their own.
        Act::HoldSitting(dossier) => others_of_readable(dossier.owner, reads_dossier(actor, dossier)),
        Act::ReadSitting(dossier, sitting) => {
            let handed = sitting.handed && !dossier.owner;
            allow_or_hide(reads_dossier(actor, dossier) && (sitting.author || sitting.released || handed))
        }
        Act::Remark(entry) => others_of_readable(entry.dossier.owner, reads_entry(actor, entry)),
        Act::ReadRemark(entry, released) => {
            allow_or_hide(reads_entry(actor, entry) && (released || !entry.dossier.owner))
        }
        Act::Reply(entry, released) => allow_or_hide(entry.dossier.owner && released),
        Act::KeepOpportunities => {
            if actor.is(Role::Cto) {
                Decision::Allow
            } else {
                Decision::Refuse
            }
        }
        Act::ReadPerson(person) => allow_or_hide(knows(actor, person)),
        Act::RecordLevel(person, is_cto) => {
            // A CTO's word counts in every dossier, so nobody makes themselves one, an admin or a CTO neither.
            let may = if is_cto {
                stewards(actor) && !person.own
            } else {
                records(actor, person) || person.added && !person.account
            };
            within_knowledge(actor, person, may)
        }
        Act::ConfirmLevel(person, is_cto) => {
            let may = if is_cto { stewards(actor) && !person.own } else { records(actor, person) };
            within_knowledge(actor, person, may)
        }
        Act::RecordMilestone(person) => within_knowledge(actor, person, records(actor, person)),
        Act::ReadMilestone(milestone) => allow_or_hide(
            milestone.own
                || milestone.recorded
                || milestone.rests
                || actor.is(Role::Cto)
                || milestone.by_admin && actor.is(Role::Admin),
        ),
        Act::AddPerson => {
            if stewards(actor) {
                Decision::Allow
            } else {
                Decision::Refuse
            }
        }
        Act::MergePeople | Act::Administer => {
            if actor.is(Role::Admin) {
                Decision::Allow
            } else {
                Decision::Refuse
            }
        }
    }
}

/// The owner always; a CTO when it is shared, unless the owner stays at E1 by choice, which nobody is told, or the CTO is
/// kept from the case.
fn reads_dossier(actor: &Actor, dossier: DossierState) -> bool {
    let as_cto = actor.is(Role::Cto) && !dossier.recused;
    dossier.owner || as_cto && is_shared(dossier) && dossier.aim != Aim::E1ByChoice
}

fn is_shared(dossier: DossierState) -> bool {
    match dossier.sharing {
        Sharing::Private => false,
        Sharing::Sponsor | Sharing::Committee => true,
    }
}

/// Whether somebody besides the owner may be shown an entry that concerns them: a published one, and one for CTOs alone
/// only if they are a CTO.
fn open_to(actor: &Actor, entry: EntryState) -> bool {
    let audience = match entry.audience {
        Audience::Dossier => true,
        Audience::Cto => actor.is(Role::Cto),
    };
    match entry.status {
        Status::Draft | Status::Withdrawn => false,
        Status::Final => audience,
    }
}

/// The owner always; others once it is published, when they read its dossier. Both audiences include CTOs.
fn reads_entry(actor: &Actor, entry: EntryState) -> bool {
    let published = match entry.status {
        Status::Draft | Status::Withdrawn => false,
        Status::Final => match entry.audience {
            Audience::Dossier | Audience::Cto => true,
        },
    };
    entry.dossier.owner || published && reads_dossier(actor, entry.dossier)
}

/// Whoever else may read it; its owner is refused, who knows of it anyway.
fn others_of_readable(owner: bool, reads: bool) -> Decision {
    match (reads, owner) {
        (false, _) => Decision::Hide,
        (true, false) => Decision::Allow,
        (true, true) => Decision::Refuse,
    }
}

fn knows(actor: &Actor, person: PersonState) -> bool {
    person.own || person.added || person.known || actor.is(Role::Admin)
}

/// An admin, a CTO, or the person.
fn records(actor: &Actor, person: PersonState) -> bool {
    person.own || stewards(actor)
}

/// Whose word about others is the company's.
fn stewards(actor: &Actor) -> bool {
    actor.is(Role::Admin) || actor.is(Role::Cto)
}

fn within_knowledge(actor: &Actor, person: PersonState, may: bool) -> Decision {
    match (knows(actor, person), may) {
        (false, _) => Decision::Hide,
        (true, true) => Decision::Allow,
        (true, false) => Decision::Refuse,
    }
}

fn allow_or_hide(allowed: bool) -> Decision {
    if allowed { Decision::Allow } else { Decision::Hide }
}
