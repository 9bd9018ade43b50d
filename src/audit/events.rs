//! All that is ever done, a line each: its name in the code, its word in the log, what it is done to, and what an admin
//! reads of it. Words are kept in rows that stay as they are, so they never change.

/// Writes the table as an enum.
macro_rules! events {
    (@told) => { None };
    (@told $words:literal) => { Some($words) };
    ($($name:ident = $action:literal on $subject:literal $(, told $words:literal)?;)*) => {
        /// Something that is done, and recorded in the log.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::VariantArray)]
        pub enum Event {
            $(#[doc = concat!("`", $action, "`, of a ", $subject)] $name,)*
        }

        impl Event {
            /// Its word in the log.
            pub fn action(self) -> &'static str {
                match self { $(Event::$name => $action,)* }
            }

            /// What it is done to, as a word.
            pub fn subject(self) -> &'static str {
                match self { $(Event::$name => $subject,)* }
            }

            /// What admins are told of it. Who writes, reads or signs in, and how often, is nobody's to know, so nothing is
            /// told of a new event until somebody decides about it.
            pub fn told(self) -> Option<&'static str> {
                match self { $(Event::$name => events!(@told $($words)?),)* }
            }
        }
    };
}

events! {
    JobRetriedNow = "job.hurried" on "job", told "Had a job tried again";
    AccountAdded = "account.added" on "account", told "Added an account";
    AccountRolesSet = "account.roles-set" on "account", told "Changed an account’s roles";
    AccountDisabled = "account.disabled" on "account", told "Disabled an account";
    AccountEnabled = "account.enabled" on "account", told "Enabled an account";
    AccountZoneSet = "account.zone-set" on "account";
    AccountCaughtUp = "account.caught-up" on "account";
    LinkMade = "link.made" on "account", told "Made a single-use link";
    PasswordSet = "password.set" on "account", told "Set a password";
    SessionBegun = "session.begun" on "account";
    SessionEnded = "session.ended" on "session";
    PersonAdded = "person.added" on "person";
    PersonMerged = "person.merged" on "person", told "Merged two people";
    PersonMergeUndone = "person.merge-undone" on "person", told "Undid a merge";
    PersonToldApart = "person.told-apart" on "person", told "Told two namesakes apart";
    LevelRecorded = "level.recorded" on "person", told "Recorded a level";
    LevelConfirmed = "level.confirmed" on "person", told "Confirmed a level";
    LevelClaimed = "level.claimed" on "person";
    MilestoneRecorded = "milestone.recorded" on "milestone";
    MilestoneCorrected = "milestone.corrected" on "milestone";
    DomainListed = "domain.listed" on "domain", told "Listed the domain of a known organization";
    DomainRemoved = "domain.removed" on "domain", told "Took a domain off the list";
    NoticeDismissed = "notice.put-away" on "notice";
    NoticesChosen = "notices.chosen" on "account";
    LetterRefused = "letter.refused" on "letter";
    DossierOpened = "dossier.opened" on "dossier";
    DossierAimSet = "dossier.aim-set" on "dossier";
    DossierShared = "dossier.shared" on "dossier";
    LeaveAdded = "leave.added" on "leave";
    LeaveRemoved = "leave.removed" on "leave";
    RecusalsTold = "recusals.told" on "dossier";
    EntryDrafted = "entry.drafted" on "entry";
    EntryPublished = "entry.published" on "entry";
    EntryEdited = "entry.edited" on "entry";
    EntryUpdated = "entry.updated" on "entry";
    EntryDuplicated = "entry.duplicated" on "entry";
    EntryWithdrawn = "entry.withdrawn" on "entry";
    EntryDiscarded = "entry.discarded" on "entry";
    EntrySuperseded = "entry.superseded" on "entry";
    EntryConfirmed = "entry.confirmed" on "entry";
    NamingTold = "naming.told" on "entry";
    NamingAnswered = "naming.answered" on "entry";
    CorroborationAsked = "corroboration.asked" on "request";
    CorroborationTakenBack = "corroboration.taken-back" on "request";
    CorroborationAnswered = "corroboration.answered" on "request";
    CorroborationReplied = "corroboration.replied" on "corroboration";
    CorroborationSettled = "corroboration.settled" on "corroboration";
    DurabilityRaised = "durability.raised" on "instance";
    DurabilityLetBe = "durability.let-be" on "entry";
    AddressVouched = "address.vouched" on "person";
    AnswerVouched = "answer.vouched" on "person";
    AddressVouchingTakenBack = "address.vouching-taken-back" on "person";
    AnswerVouchingTakenBack = "answer.vouching-taken-back" on "person";
    CheckInMade = "check-in.made" on "check-in";
    CheckInsIncluded = "check-ins.included" on "dossier";
    SignalAnswered = "signal.answered" on "dossier";
    SittingSaved = "sitting.saved" on "sitting";
    SittingReleased = "sitting.released" on "sitting";
    SittingDiscarded = "sitting.discarded" on "sitting";
    AssessmentMade = "assessment.made" on "assessment";
    AssessmentReleased = "assessment.released" on "assessment";
    CommentMade = "comment.made" on "comment";
    CommentReleased = "comment.released" on "comment";
    RemarkReplied = "remark.replied" on "remark";
    OpportunityAdded = "opportunity.added" on "opportunity";
    OpportunityEdited = "opportunity.edited" on "opportunity";
    OpportunityWithdrawn = "opportunity.withdrawn" on "opportunity";
    PlanAdded = "plan.added" on "plan-action";
    PlanChanged = "plan.changed" on "plan-action";
    PlanRemoved = "plan.removed" on "plan-action";
    ConversationWritten = "conversation.written" on "conversation";
    ConversationCorrected = "conversation.corrected" on "conversation";
    ConversationRemoved = "conversation.removed" on "conversation";
    RemindersRaised = "reminders.raised" on "notice";
    DemoPeopleWritten = "demo.people-written" on "instance";
    DemoDossiersWritten = "demo.dossiers-written" on "instance";
    DemoQuestionsWritten = "demo.questions-written" on "instance";
    DemoSittingsWritten = "demo.sittings-written" on "instance";
    DemoCompleted = "demo.completed" on "instance";
}

impl Event {
    /// What a word of the log stands for; none for one that this version doesn't write.
    pub fn of(action: &str) -> Option<Event> {
        <Event as strum::VariantArray>::VARIANTS.iter().copied().find(|event| event.action() == action)
    }

    /// All that admins are told of.
    pub fn all_told() -> Vec<Event> {
        <Event as strum::VariantArray>::VARIANTS
            .iter()
            .copied()
            .filter(|event| event.told().is_some())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use strum::VariantArray;

    use super::Event;

    /// What admins may be told of: who manages what.
    const TOLD: &[Event] = &[
        Event::JobRetriedNow,
        Event::AccountAdded,
        Event::AccountRolesSet,
        Event::AccountDisabled,
        Event::AccountEnabled,
        Event::LinkMade,
        Event::PasswordSet,
        Event::PersonMerged,
        Event::PersonMergeUndone,
        Event::PersonToldApart,
        Event::LevelRecorded,
        Event::LevelConfirmed,
        Event::DomainListed,
        Event::DomainRemoved,
    ];

    #[test]
    fn nothing_is_told_but_who_manages_what() {
        assert_eq!(Event::all_told(), TOLD);
    }

    #[test]
    fn each_has_a_word_of_its_own() {
        let words: HashSet<&str> = Event::VARIANTS.iter().map(|event| event.action()).collect();
        assert_eq!(words.len(), Event::VARIANTS.len());
        for event in Event::VARIANTS {
            assert_eq!(Event::of(event.action()), Some(*event));
            assert!(!event.action().contains('\0') && !event.subject().contains('\0'));
        }
        assert_eq!(Event::of("anything.new"), None);
    }
}
