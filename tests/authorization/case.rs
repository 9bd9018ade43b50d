//! How somebody stands to a thing, and what state it is in: the words in which the table of actions speaks.

use std::collections::BTreeSet;

use evident::accounts::Role;
use evident::evidence::{Aim, Audience, Sharing, Status};
use evident::policy::{
    Act, DossierAct, DossierState, EntryAct, EntryState, InstanceAct, MilestoneState, PersonAct, PersonState,
    RequestState, SittingAct, SittingState, VoiceAct,
};
use strum::VariantArray as _;

/// Something that may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::Display, strum::EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum Word {
    #[strum(serialize = "the owner")]
    Owner,
    #[strum(serialize = "a candidate")]
    Candidate,
    #[strum(serialize = "a CTO")]
    Cto,
    #[strum(serialize = "a committee member")]
    Member,
    #[strum(serialize = "an admin")]
    Admin,
    Recused,
    #[strum(serialize = "the one asked")]
    Asked,
    #[strum(serialize = "the one named")]
    Named,
    #[strum(serialize = "its author")]
    Author,
    #[strum(serialize = "the person")]
    Person,
    #[strum(serialize = "who added them")]
    Added,
    #[strum(serialize = "who recorded it")]
    Recorded,
    Shared,
    #[strum(serialize = "shared with the committee")]
    SharedWithCommittee,
    #[strum(serialize = "by choice")]
    ByChoice,
    Final,
    #[strum(serialize = "for all")]
    ForAll,
    #[strum(serialize = "taken back")]
    TakenBack,
    Released,
    #[strum(serialize = "handed over to them")]
    Handed,
    #[strum(serialize = "the level CTO")]
    LevelCto,
    #[strum(serialize = "known to them")]
    Known,
    #[strum(serialize = "without an account")]
    WithoutAccount,
    #[strum(serialize = "recorded by an admin")]
    ByAdmin,
    #[strum(serialize = "an own entry rests on it")]
    Rests,
    #[strum(serialize = "still to be used")]
    Usable,
    #[strum(serialize = "in a session")]
    InSession,
}

/// What holds of somebody and a thing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Case(BTreeSet<Word>);

impl Case {
    /// Somebody with roles.
    pub fn of(roles: &[Role]) -> Case {
        let word = |role: &Role| match role {
            Role::Candidate => Word::Candidate,
            Role::Cto => Word::Cto,
            Role::Committee => Word::Member,
            Role::Admin => Word::Admin,
        };
        Case(roles.iter().map(word).collect())
    }

    /// The same where something more may hold.
    #[must_use]
    pub fn with(mut self, word: Word, holds: bool) -> Case {
        if holds {
            self.0.insert(word);
        }
        self
    }

    /// The same over a dossier.
    #[must_use]
    pub fn over(self, dossier: DossierState) -> Case {
        self.with(Word::Owner, dossier.owner)
            .with(Word::Recused, dossier.recused)
            .with(Word::Shared, dossier.sharing != Sharing::Private)
            .with(Word::SharedWithCommittee, dossier.sharing == Sharing::Committee)
            .with(Word::ByChoice, dossier.aim == Aim::E1ByChoice)
    }

    /// The same over an entry.
    #[must_use]
    pub fn about(self, entry: EntryState) -> Case {
        self.over(entry.dossier)
            .with(Word::Final, entry.status == Status::Final)
            .with(Word::ForAll, entry.audience == Audience::Dossier)
    }

    fn knowing(self, person: PersonState) -> Case {
        self.with(Word::Person, person.own)
            .with(Word::Added, person.added)
            .with(Word::Known, person.known)
            .with(Word::WithoutAccount, !person.account)
    }

    /// Whether a word holds.
    pub fn holds(&self, word: Word) -> bool {
        self.0.contains(&word)
    }

    /// All words that hold.
    pub fn words(&self) -> String {
        self.0.iter().map(Word::to_string).collect::<Vec<_>>().join(", ")
    }
}

/// What an act is called in the table, with what holds in it. A new act does not compile until it has a name here, and a
/// row there.
pub fn told(act: Act, case: Case) -> (&'static str, Case) {
    match act {
        Act::Dossier(DossierAct::Read(dossier)) => ("read the dossier", case.over(dossier)),
        Act::Dossier(DossierAct::SeeOnBoard(dossier)) => ("see it on a board", case.over(dossier)),
        Act::Dossier(DossierAct::Change(dossier)) => ("change the dossier", case.over(dossier)),
        Act::Entry(EntryAct::Read(entry)) => ("read the entry", case.about(entry)),
        Act::Entry(EntryAct::ReadRevisions(entry)) => ("read its revisions", case.about(entry)),
        Act::Entry(EntryAct::Change(entry)) => ("change the entry", case.about(entry)),
        Act::Voice(VoiceAct::AnswerRequest(request)) => (
            "answer the request",
            case.about(request.entry).with(Word::Asked, request.asked).with(Word::TakenBack, request.closed),
        ),
        Act::Voice(VoiceAct::AnswerNaming(entry, named)) => {
            ("answer being named", case.about(entry).with(Word::Named, named))
        }
        Act::Voice(VoiceAct::SettleAccount(entry, own)) => {
            ("settle the account", case.about(entry).with(Word::Author, own))
        }
        Act::Voice(VoiceAct::Vouch(own)) => ("vouch for an answer", case.with(Word::Owner, own)),
        Act::Voice(VoiceAct::TakeVouchingBack(by)) => ("take a vouching back", case.with(Word::Author, by)),
        Act::Sitting(SittingAct::Hold(dossier)) => ("hold a sitting", case.over(dossier)),
        Act::Sitting(SittingAct::Read(dossier, sitting)) => (
            "read the sitting",
            case.over(dossier)
                .with(Word::Author, sitting.author)
                .with(Word::Released, sitting.released)
                .with(Word::Handed, sitting.handed),
        ),
        Act::Sitting(SittingAct::Remark(entry)) => ("remark on the entry", case.about(entry)),
        Act::Sitting(SittingAct::ReadRemark(entry, released)) => {
            ("read the remark", case.about(entry).with(Word::Released, released))
        }
        Act::Sitting(SittingAct::Reply(entry, released)) => {
            ("reply to the remark", case.about(entry).with(Word::Released, released))
        }
        Act::Instance(InstanceAct::KeepOpportunities) => ("keep opportunities", case),
        Act::Person(PersonAct::Read(person)) => ("know the person", case.knowing(person)),
        Act::Person(PersonAct::RecordLevel(person, cto)) => {
            ("record a level", case.knowing(person).with(Word::LevelCto, cto))
        }
        Act::Person(PersonAct::ConfirmLevel(person, cto)) => {
            ("confirm a level", case.knowing(person).with(Word::LevelCto, cto))
        }
        Act::Person(PersonAct::RecordMilestone(person)) => ("record a milestone", case.knowing(person)),
        Act::Person(PersonAct::ReadMilestone(milestone)) => (
            "read the milestone",
            case.with(Word::Person, milestone.own)
                .with(Word::Recorded, milestone.recorded)
                .with(Word::ByAdmin, milestone.by_admin)
                .with(Word::Rests, milestone.rests),
        ),
        Act::Person(PersonAct::Add) => ("add a person", case),
        Act::Person(PersonAct::Merge) => ("merge people", case),
        Act::Instance(InstanceAct::Administer) => ("administer", case),
    }
}

const BOTH: [bool; 2] = [false, true];

/// Every state of everything that there is to do.
pub fn acts() -> Vec<Act> {
    let mut dossiers = Vec::new();
    for owner in BOTH {
        for sharing in Sharing::VARIANTS.iter().copied() {
            for aim in Aim::VARIANTS.iter().copied() {
                dossiers.extend(BOTH.map(|recused| DossierState { owner, sharing, aim, recused }));
            }
        }
    }
    let mut entries = Vec::new();
    for dossier in dossiers.iter().copied() {
        for status in Status::VARIANTS.iter().copied() {
            let audiences = Audience::VARIANTS.iter().copied();
            entries.extend(audiences.map(|audience| EntryState { dossier, status, audience }));
        }
    }
    let mut people = Vec::new();
    let mut milestones = Vec::new();
    for bits in 0..16_u8 {
        let [own, added, known, account] = [1, 2, 4, 8].map(|bit| bits & bit != 0);
        people.push(PersonState { own, added, known, account });
        milestones.push(MilestoneState { own, recorded: added, by_admin: known, rests: account });
    }
    let mut acts: Vec<Act> = Vec::new();
    acts.extend([InstanceAct::KeepOpportunities, InstanceAct::Administer].map(Act::from));
    acts.extend([PersonAct::Add, PersonAct::Merge].map(Act::from));
    acts.extend(milestones.into_iter().map(PersonAct::ReadMilestone).map(Act::from));
    acts.extend(BOTH.map(VoiceAct::Vouch).map(Act::from));
    acts.extend(BOTH.map(VoiceAct::TakeVouchingBack).map(Act::from));
    for dossier in dossiers {
        acts.extend(
            [DossierAct::Read, DossierAct::SeeOnBoard, DossierAct::Change].map(|act| Act::from(act(dossier))),
        );
        acts.push(SittingAct::Hold(dossier).into());
        for author in BOTH {
            for released in BOTH {
                let sitting = |handed| SittingState { author, released, handed };
                acts.extend(BOTH.map(|handed| Act::from(SittingAct::Read(dossier, sitting(handed)))));
            }
        }
    }
    for entry in entries {
        acts.extend(
            [EntryAct::Read, EntryAct::ReadRevisions, EntryAct::Change].map(|act| Act::from(act(entry))),
        );
        acts.push(SittingAct::Remark(entry).into());
        for yes in BOTH {
            acts.extend(
                [VoiceAct::AnswerNaming, VoiceAct::SettleAccount].map(|act| Act::from(act(entry, yes))),
            );
            acts.extend([SittingAct::ReadRemark, SittingAct::Reply].map(|act| Act::from(act(entry, yes))));
            let request = |closed| RequestState { entry, asked: yes, closed };
            acts.extend(BOTH.map(|closed| Act::from(VoiceAct::AnswerRequest(request(closed)))));
        }
    }
    for person in people {
        acts.extend([PersonAct::Read, PersonAct::RecordMilestone].map(|act| Act::from(act(person))));
        for cto in BOTH {
            acts.extend(
                [PersonAct::RecordLevel, PersonAct::ConfirmLevel].map(|act| Act::from(act(person, cto))),
            );
        }
    }
    acts
}

/// Every set of roles.
pub fn all_roles() -> Vec<Vec<Role>> {
    let of = |bits: usize| Role::VARIANTS.iter().enumerate().filter(move |(bit, _)| bits & (1 << bit) != 0);
    (0..16).map(|bits| of(bits).map(|(_, role)| *role).collect()).collect()
}
