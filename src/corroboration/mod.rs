//! Corroboration: asking others whether an entry happened as it was written and whether a solution still holds, their
//! answers, what is replied and settled, and what those named in entries say of being named.
//!
//! Whoever is asked sees one entry, in the revision they are asked about, and nothing else of the dossier. With an
//! account they answer in the app; without one by a link that is spent by answering and never by opening.

pub mod answer_pages;
pub mod answer_store;
pub mod answering;
pub mod asking;
pub mod catching_up;
pub mod durability;
pub mod following;
pub mod link_pages;
pub mod links;
pub mod named;
pub mod naming_pages;
pub mod replies;
pub mod request_pages;
mod routes;
pub mod shown;
pub mod store;
pub mod superseding;
pub mod voices;
pub mod vouching;

pub use routes::routes;

use crate::word::word;
use chrono::TimeDelta;
use macro_rules_attribute::apply;

use crate::evidence::{Aim, Audience, Sharing};

/// How long a link to answer by can be used.
pub const LINK_LIFE: TimeDelta = TimeDelta::days(30);
/// Longest version of one's own of what happened, reply, or reason of a settlement, in characters.
pub const ACCOUNT: usize = 20_000;
/// Longest sentence that may be quoted, in characters.
pub const COMMENT: usize = 500;

/// What somebody is asked about an entry.
#[apply(word!)]
pub enum Question {
    /// Whether it happened like this.
    Happened,
    /// Whether the solution still holds.
    Holds,
}

/// A named person's answer to "did it happen like this?".
#[apply(word!)]
pub enum CorroborationAnswer {
    /// It did.
    Confirmed,
    /// It happened otherwise.
    Differs,
    /// Not close enough to say.
    NotCloseEnough,
    /// Would rather not answer.
    Declined,
}

/// An answer to "does it still hold?".
#[apply(word!)]
pub enum HoldsAnswer {
    /// It does.
    Holds,
    /// In part.
    InPart,
    /// No longer.
    NoLonger,
}

impl HoldsAnswer {
    /// The answer in words.
    pub fn title(self) -> &'static str {
        match self {
            HoldsAnswer::Holds => "Still holds",
            HoldsAnswer::InPart => "Holds in part",
            HoldsAnswer::NoLonger => "No longer holds",
        }
    }
}

impl CorroborationAnswer {
    /// The answer as somebody gives it.
    pub fn spoken(self) -> &'static str {
        match self {
            CorroborationAnswer::Confirmed => "Yes, it happened like this",
            CorroborationAnswer::Differs => "I remember it differently",
            CorroborationAnswer::NotCloseEnough => "I was not close enough to say",
            CorroborationAnswer::Declined => "I would rather not answer",
        }
    }
}

/// Who sees an answer with the name of whoever gave it, in sentences for them. A dossier that is its owner's alone reads
/// the same for every reason.
pub fn readers(owner: &str, sharing: Sharing, aim: Aim, audience: Audience) -> Vec<String> {
    let shared = sharing != Sharing::Private && aim != Aim::E1ByChoice;
    let mut sentences = vec![if shared {
        format!("{owner} and every CTO see your answer with your name.")
    } else {
        format!(
            "{owner} sees your answer with your name, and every CTO does once {owner} shares the dossier."
        )
    }];
    if audience == Audience::Dossier {
        sentences.push(
            "If it comes to a decision on a promotion, the committee that reads the entry sees it too. What that \
             committee’s board shows before counts answers, without names."
                .into(),
        );
    }
    sentences.push(
        "If you remember it differently, what you write stays between you, the candidate and CTOs for 14 days, so that \
         there is room for a reply."
            .into(),
    );
    sentences
}

#[cfg(test)]
mod tests {
    use super::readers;
    use crate::evidence::{Aim, Audience, Sharing};

    #[test]
    fn whoever_answers_is_not_told_why_a_dossier_is_its_owners_alone() {
        let of = |sharing, aim| readers("Ada Marsh", sharing, aim, Audience::Dossier);
        assert_eq!(of(Sharing::Private, Aim::E2), of(Sharing::Committee, Aim::E1ByChoice));
        assert_eq!(of(Sharing::Private, Aim::E2), of(Sharing::Private, Aim::E1ByChoice));
        assert_ne!(of(Sharing::Private, Aim::E2), of(Sharing::Sponsor, Aim::E2));
    }
}
