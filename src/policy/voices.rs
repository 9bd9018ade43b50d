//! What those who are asked or named say of an entry, and who weighs it.

use super::dossier::Aim;
use super::entry::{EntryState, Status};
use super::{Decision, Role, Roles, are_stewards};

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

/// What there is to do with what others say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum VoiceAct {
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
}

pub(super) fn decide(roles: Roles<'_>, act: VoiceAct) -> Decision {
    match act {
        VoiceAct::AnswerRequest(request) => Decision::allow_or_hide(
            request.asked && !request.closed && !request.entry.dossier.owner && request.entry.open_to(roles),
        ),
        VoiceAct::AnswerNaming(entry, named) => {
            let dossier = entry.dossier;
            let told = named && !dossier.owner && entry.open_to(roles);
            Decision::allow_or_hide(told && dossier.is_shared() && dossier.aim != Aim::E1ByChoice)
        }
        VoiceAct::SettleAccount(entry, own) => {
            let reads = entry.status == Status::Final && entry.dossier.read_by(roles);
            match (roles.contains(&Role::Cto) && reads && !entry.dossier.owner, own) {
                (false, _) => Decision::Hide,
                // Whose account it is answers anew instead.
                (true, true) => Decision::Refuse,
                (true, false) => Decision::Allow,
            }
        }
        // Nobody's word makes an answer on their own evidence count; nothing tells them that it waits for another's.
        VoiceAct::Vouch(own) => match (are_stewards(roles), own) {
            (false, _) => Decision::Refuse,
            (true, true) => Decision::Hide,
            (true, false) => Decision::Allow,
        },
        // Only whoever said it takes it back.
        VoiceAct::TakeVouchingBack(by) => match (are_stewards(roles), by) {
            (false, _) => Decision::Refuse,
            (true, true) => Decision::Allow,
            (true, false) => Decision::Hide,
        },
    }
}
