//! The kinds of notices, each with its topic and its sentence. A new kind is a line in [`Kind`] and one in [`Kind::says`].

use crate::word::word;
use macro_rules_attribute::apply;

/// One kind of notice.
#[apply(word!)]
pub enum Kind {
    /// A candidate asks whether something happened like this.
    Corroboration,
    /// A candidate asks whether a solution still holds.
    Durability,
    /// An entry names the account's person.
    Named,
    /// Somebody answered what the candidate asked.
    Answered,
    /// Somebody's account of an entry differs.
    Differs,
    /// Somebody whom an entry names says what they think of being named.
    NamedAnswer,
    /// Somebody vouched for an answer by mail or link: it stands from now on.
    Vouched,
    /// A record of a leader was found to be of the account's owner.
    Merged,
    /// A CTO settled an account of an entry that differed.
    Settled,
    /// It is time to ask whether a lasting solution still holds.
    HoldsDue,
    /// The CTO released something to the candidate.
    Release,
    /// The candidate replied to what the CTO said of an entry.
    Replied,
    /// An entry says something else than the account's person confirmed or judged.
    Superseded,
    /// A capability's evidence is about to stop speaking.
    Lapsing,
    /// A check-in is due.
    CheckIn,
    /// A letter that the account posted could not be delivered.
    Undelivered,
    /// An account was given a role that reads evidence or gives such roles.
    RoleGiven,
    /// A link to choose an account's first password was made.
    LinkMade,
    /// A link to choose another password of an account was made.
    ResetMade,
    /// The account's owner has no part in a case.
    Recused,
    /// A candidate named the account's owner as their sponsor.
    Sponsor,
    /// A candidate has another sponsor now.
    SponsorChanged,
    /// A sponsor can't be it any longer.
    SponsorEnded,
}

/// What several kinds have in common to whoever chooses how to hear of them.
#[apply(word!)]
pub enum Topic {
    /// Somebody waits for the account's answer. Stays in the inbox whatever is switched off.
    Requests,
    /// What came of one's own requests, and what others say of one's evidence.
    Answers,
    /// What the CTO releases.
    Releases,
    /// The account's own part in the cases of candidates, and who a candidate's sponsor is.
    Cases,
    /// Suggestions before a capability's evidence grows quiet.
    Lapsing,
    /// Check-ins that are due.
    CheckIns,
    /// Who may read evidence, and who may sign in as whom.
    Access,
}

impl Topic {
    /// Whether it is a reminder by the program itself, which can be switched off altogether.
    pub fn is_reminder(self) -> bool {
        match self {
            Topic::Requests | Topic::Answers | Topic::Releases | Topic::Cases | Topic::Access => false,
            Topic::Lapsing | Topic::CheckIns => true,
        }
    }
}

impl Topic {
    /// What it is called where one chooses.
    pub fn title(self) -> &'static str {
        match self {
            Topic::Requests => "When somebody asks you something",
            Topic::Answers => "When somebody answers you",
            Topic::Releases => "When a CTO releases what they say",
            Topic::Cases => "When somebody’s part in a case changes",
            Topic::Lapsing => "When your evidence could use something",
            Topic::CheckIns => "When a check-in is due",
            Topic::Access => "When somebody is given a role or a link to sign in",
        }
    }

    /// What switching it off does.
    pub fn hint(self) -> &'static str {
        match self {
            Topic::Requests => "It stays in your inbox until you answer, with or without a mail.",
            Topic::Answers => {
                "Answers to your requests, letters that did not arrive, and other accounts of your entries."
            }
            Topic::Releases => "Assessments, feedback and check-ins of a CTO.",
            Topic::Cases => "Who is whose sponsor, and a case in which you have no part.",
            Topic::Lapsing => {
                "Suggestions: something new before a capability grows quiet, or asking whether a solution still holds. Switched off, they are in no inbox either."
            }
            Topic::CheckIns => "A suggestion. Switched off, it is in no inbox either.",
            Topic::Access => {
                "A link to choose a new password for you or others is mailed at once, whatever you choose."
            }
        }
    }

    /// The id of its first choice in the form.
    pub fn first_field(self) -> String {
        format!("{self}-digest")
    }
}

/// What a kind says: its topic, its sentence after the name of whom it is by, and its sentence where there is no name.
pub(super) struct Says {
    pub(super) topic: Topic,
    pub(super) by: &'static str,
    pub(super) alone: &'static str,
}

const fn says(topic: Topic, by: &'static str, alone: &'static str) -> Says {
    Says { topic, by, alone }
}

impl Kind {
    pub(super) fn says(self) -> Says {
        use Topic::{Access, Answers, Cases, CheckIns, Lapsing, Releases, Requests};
        match self {
            Kind::Corroboration => says(
                Requests,
                "asks whether something happened as they wrote it",
                "You are asked whether something happened as it was written",
            ),
            Kind::Durability => says(
                Requests,
                "asks whether a solution still holds",
                "You are asked whether a solution still holds",
            ),
            Kind::Named => says(Requests, "names you in their evidence", "You are named in evidence"),
            Kind::Answered => says(Answers, "answered what you asked", "What you asked was answered"),
            Kind::Differs => says(
                Answers,
                "remembers one of your entries differently",
                "An account of one of your entries differs",
            ),
            Kind::NamedAnswer => {
                says(Answers, "answered how you name them", "Somebody answered how you name them")
            }
            Kind::Vouched => says(
                Answers,
                "gave an answer that is vouched for now",
                "An answer that you were given is vouched for now",
            ),
            Kind::Merged => says(
                Answers,
                "was kept as somebody else and is found to be you: what was kept of them is yours now",
                "Somebody who was kept twice is found to be you",
            ),
            Kind::Settled => says(
                Answers,
                "settled an account of one of your entries that differed",
                "An account of one of your entries that differed is settled",
            ),
            Kind::HoldsDue => says(
                Lapsing,
                "suggests asking whether a solution of yours still holds",
                "A solution of yours is old enough to ask somebody whether it still holds",
            ),
            Kind::Release => says(
                Releases,
                "released what they say of your evidence",
                "What the CTO says of your evidence was released",
            ),
            Kind::Replied => says(
                Answers,
                "replied to what you said of their evidence",
                "What you said of somebody’s evidence was replied to",
            ),
            Kind::Superseded => says(
                Answers,
                "rewrote evidence that you had confirmed or judged, so that your word on it no longer counts",
                "Evidence that you had confirmed or judged was rewritten, so that your word on it no longer counts",
            ),
            Kind::Lapsing => says(
                Lapsing,
                "suggests what to do next for a capability",
                "One of your capabilities could use something new within a month",
            ),
            Kind::Undelivered => {
                says(Answers, "could not be written to", "A letter that you had sent could not be delivered")
            }
            Kind::CheckIn => {
                says(CheckIns, "suggests a check-in", "The six questions are worth answering again")
            }
            Kind::RoleGiven => {
                says(Access, "gave an account a role", "An account was given a role that reads evidence")
            }
            Kind::LinkMade => says(
                Access,
                "made a link to choose a password",
                "A link to choose the password of an account was made",
            ),
            Kind::ResetMade => says(
                Access,
                "made a link to choose a new password",
                "A link to choose a new password for an account was made",
            ),
            Kind::Recused => says(
                Cases,
                "has a case in which you have no part",
                "There is a case in which you have no part",
            ),
            Kind::Sponsor => says(Cases, "named you as their sponsor", "You are named as a sponsor"),
            Kind::SponsorChanged => {
                says(Cases, "named another sponsor in your place", "Another sponsor is named in your place")
            }
            Kind::SponsorEnded => says(
                Cases,
                "has no sponsor any more",
                "Your sponsor can’t be it any longer; name another if you like",
            ),
        }
    }

    /// The topic under which it can be switched off.
    pub fn topic(self) -> Topic {
        self.says().topic
    }

    /// Whether somebody waits for an answer: it leaves the inbox when it is dealt with, and can't be put away.
    pub fn is_request(self) -> bool {
        self.topic() == Topic::Requests
    }

    /// Whether it is mailed at once, whatever the account chose: somebody's account may be about to be taken over.
    pub fn is_urgent(self) -> bool {
        self == Kind::ResetMade
    }

    /// What it tells, in a sentence without its full stop, made from the name of whom it is by or a reminder's own words:
    /// never more.
    pub fn sentence(self, by: Option<&str>, words: Option<&str>) -> String {
        let says = self.says();
        match (by, words) {
            (_, Some(words)) => words.to_owned(),
            (Some(name), None) => format!("{name} {}", says.by),
            (None, None) => says.alone.to_owned(),
        }
    }
}
