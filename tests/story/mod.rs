//! A small company told as a list of facts, each a line that reads as a sentence: written into a database in one go,
//! and simple enough for a test to reckon by itself who may see what of it.

/// A row for each new fact of a kind.
macro_rules! rows {
    ($facts:expr, $pattern:pat $(if $guard:expr)? => $row:expr) => {
        $facts
            .iter()
            .filter_map(|fact| match fact {
                $pattern $(if $guard)? => Some($row),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
}

mod places;
mod voices;
mod write;

use std::fmt;

use evident::accounts::Role;
use evident::evidence::{Aim, Audience, NamedAnswer, NamedAs, Sharing, Status};
use evident::review::{CorroborationAnswer, Judgement};

pub use places::Places;

/// Somebody, by their place among [`NAMES`].
pub type Who = usize;

/// Everybody of whom a story can tell.
pub const NAMES: [&str; 14] = [
    "Ada", "Ben", "Cleo", "Dora", "Egil", "Finn", "Gita", "Hugo", "Iris", "Jude", "Kira", "Lena", "Mona",
    "Nils",
];

/// One thing that is so. Entries, answers and the like have numbers; days are counted back from today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Somebody has an account.
    Account { who: Who, roles: Vec<Role> },
    /// Somebody is known as a leader, without an account; a candidate may have added them.
    Leader { who: Who, added_by: Option<Who> },
    /// A leader turned out to be somebody else, to whom all about them was moved.
    Merged { who: Who, into: Who },
    /// A level of somebody, recorded by an admin or by a person.
    Level { n: u32, who: Who, by: Option<Who>, reports_to: Option<Who>, days: i64 },
    /// Something that somebody reached, recorded by an admin or by a person.
    Reached { n: u32, who: Who, by: Option<Who>, days: i64 },
    /// A candidate's dossier.
    Dossier { of: Who, sharing: Sharing, aim: Aim, shared: i64 },
    /// A period of leave.
    Leave { of: Who, n: u32 },
    /// An entry of somebody's dossier.
    Entry { n: u32, of: Who, status: Status, audience: Audience, days: i64, for_cto: bool },
    /// An entry names somebody.
    Named { entry: u32, who: Who, named_as: NamedAs, answer: Option<NamedAnswer>, by_link: bool },
    /// Somebody is asked whether an entry happened like this.
    Asked { n: u32, entry: u32, who: Who, closed: bool },
    /// What somebody answered to that; by a link or not, and superseded since, or not.
    Said {
        n: u32,
        entry: u32,
        who: Who,
        answer: CorroborationAnswer,
        days: i64,
        settled: bool,
        by_link: bool,
        superseded: bool,
    },
    /// Somebody vouches for what another said of an entry by link.
    Vouched { entry: u32, who: Who, by: Who },
    /// A CTO's judgement of an entry; released some days ago, or not.
    Judged { n: u32, entry: u32, by: Who, judgement: Judgement, released: Option<i64> },
    /// A CTO's comment on an entry; released some days ago, or not.
    Commented { n: u32, entry: u32, by: Who, released: Option<i64> },
    /// A CTO's sitting over a dossier, with its feedback and answers; released some days ago, or not.
    Sat { n: u32, over: Who, by: Who, released: Option<i64> },
    /// A candidate's check-in.
    CheckedIn { n: u32, of: Who, days: i64, included: bool },
    /// What is its owner's alone: an action of the plan, a conversation, and the answer to a signal.
    Planned { n: u32, of: Who },
    /// An opportunity that CTOs note as offered to somebody.
    Offered { n: u32, to: Who, by: Who },
}

/// A company.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Story(pub Vec<Fact>);

/// A text that stands in one field of one thing and nowhere else, and is one word to a search.
pub fn marker(kind: &str, n: u32, field: &str) -> String {
    format!("z{kind}{n}{field}")
}

impl Story {
    /// The story without what speaks of somebody or something that isn't in it, or says a second time what can be so once.
    pub fn sound(mut self) -> Story {
        loop {
            let kept: Vec<Fact> = self
                .0
                .iter()
                .enumerate()
                .filter(|(place, fact)| self.holds(fact, &self.0[..*place]))
                .map(|(_, fact)| fact.clone())
                .collect();
            if kept.len() == self.0.len() {
                return self;
            }
            self.0 = kept;
        }
    }

    fn holds(&self, fact: &Fact, before: &[Fact]) -> bool {
        let here = |who: &Who| self.is_there(*who) && self.person(*who) == *who;
        let holder = |who: &Who| self.roles(*who).is_some();
        let others = |who: &Who, entry: &u32| self.owner(*entry).is_some_and(|owner| owner != *who);
        match fact {
            Fact::Account { who, .. } | Fact::Leader { who, added_by: None } => {
                !before.iter().any(|f| f.introduces() == Some(*who))
            }
            Fact::Leader { who, added_by: Some(by) } => {
                holder(by) && !before.iter().any(|f| f.introduces() == Some(*who))
            }
            Fact::Merged { who, into } => {
                let once =
                    !before.iter().any(|f| matches!(f, Fact::Merged { who: other, .. } if other == who));
                let leader =
                    self.0.iter().any(|f| matches!(f, Fact::Leader { who: other, .. } if other == who));
                let stays =
                    !self.0.iter().any(|f| matches!(f, Fact::Merged { who: other, .. } if other == into));
                once && leader && stays && who != into && self.is_there(*into)
            }
            Fact::Level { who, by, reports_to, .. } => {
                here(who) && by.iter().all(here) && reports_to.iter().all(|to| here(to) && to != who)
            }
            Fact::Reached { who, by, .. } => here(who) && by.iter().all(here),
            Fact::Dossier { of, .. } => {
                holder(of)
                    && !before.iter().any(|f| matches!(f, Fact::Dossier { of: other, .. } if other == of))
            }
            Fact::Leave { of, .. }
            | Fact::Entry { of, .. }
            | Fact::CheckedIn { of, .. }
            | Fact::Planned { of, .. } => self.dossier(*of).is_some(),
            Fact::Named { entry, who, named_as, .. } => {
                let twice = |f: &Fact| matches!(f, Fact::Named { entry: e, who: w, named_as: a, .. } if (e, w, a) == (entry, who, named_as));
                here(who) && others(who, entry) && !before.iter().any(twice)
            }
            Fact::Asked { entry, who, .. } | Fact::Said { entry, who, .. } => here(who) && others(who, entry),
            Fact::Vouched { entry, who, by } => {
                let twice =
                    |f: &Fact| matches!(f, Fact::Vouched { entry: e, who: w, .. } if (e, w) == (entry, who));
                here(who) && others(who, entry) && holder(by) && by != who && !before.iter().any(twice)
            }
            Fact::Judged { entry, by, .. } | Fact::Commented { entry, by, .. } => {
                holder(by) && others(by, entry)
            }
            Fact::Sat { over, by, released, .. } => {
                // Of each CTO there is one draft over a dossier.
                let another = |f: &Fact| matches!(f, Fact::Sat { over: o, by: b, released: None, .. } if (o, b) == (over, by));
                let draft = released.is_none() && before.iter().any(another);
                self.dossier(*over).is_some() && holder(by) && over != by && !draft
            }
            Fact::Offered { to, by, .. } => here(to) && holder(by),
        }
    }

    fn is_there(&self, who: Who) -> bool {
        self.0.iter().any(|fact| fact.introduces() == Some(who))
    }

    /// Who somebody turned out to be; mostly themselves.
    pub fn person(&self, who: Who) -> Who {
        let merged = self.0.iter().find_map(|fact| match fact {
            Fact::Merged { who: other, into } if *other == who => Some(*into),
            _ => None,
        });
        merged.unwrap_or(who)
    }

    /// Everybody who is there, under whichever name they stayed.
    pub fn everybody(&self) -> Vec<Who> {
        self.0.iter().filter_map(Fact::introduces).filter(|who| self.person(*who) == *who).collect()
    }

    /// Whether what somebody said of an entry is their word: in the app, or vouched for by anybody but its owner.
    pub fn stands(&self, entry: u32, who: Who, by_link: bool) -> bool {
        let vouched = |fact: &Fact| match fact {
            Fact::Vouched { entry: of, who: other, by } => {
                (*of, *other) == (entry, who) && self.owner(entry) != Some(*by)
            }
            _ => false,
        };
        !by_link || self.0.iter().any(vouched)
    }

    /// The roles of somebody with an account.
    pub fn roles(&self, who: Who) -> Option<&[Role]> {
        self.0.iter().find_map(|fact| match fact {
            Fact::Account { who: other, roles } if *other == who => Some(roles.as_slice()),
            _ => None,
        })
    }

    /// Whether somebody holds a role.
    pub fn is(&self, who: Who, role: Role) -> bool {
        self.roles(who).is_some_and(|roles| roles.contains(&role))
    }

    /// The sharing, the aim and the days since the sharing of somebody's dossier.
    pub fn dossier(&self, of: Who) -> Option<(Sharing, Aim, i64)> {
        self.0.iter().find_map(|fact| match fact {
            Fact::Dossier { of: owner, sharing, aim, shared } if *owner == of => {
                Some((*sharing, *aim, *shared))
            }
            _ => None,
        })
    }

    /// Whose entry it is.
    pub fn owner(&self, entry: u32) -> Option<Who> {
        self.0.iter().find_map(|fact| match fact {
            Fact::Entry { n, of, .. } if *n == entry => Some(*of),
            _ => None,
        })
    }
}

impl Fact {
    fn introduces(&self) -> Option<Who> {
        match self {
            Fact::Account { who, .. } | Fact::Leader { who, .. } => Some(*who),
            _ => None,
        }
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|fact| writeln!(f, "  {fact}"))
    }
}

/// `, released 3 days ago` or `, not released`.
fn released(days: Option<i64>) -> String {
    days.map_or_else(|| "not released".into(), |days| format!("released {days} days ago"))
}

/// By whom something was recorded.
fn recorder(by: Option<Who>) -> &'static str {
    by.map_or("an admin", |by| NAMES[by])
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fact::Account { who, roles } => {
                let roles: Vec<&str> = roles.iter().map(|role| role.title()).collect();
                let roles = if roles.is_empty() { "nothing more".into() } else { roles.join(", ") };
                write!(f, "{} signs in as: {roles}.", NAMES[*who])
            }
            Fact::Leader { who, added_by } => {
                write!(f, "{} is a leader without an account, added by {}.", NAMES[*who], recorder(*added_by))
            }
            Fact::Merged { who, into } => write!(f, "{} turned out to be {}.", NAMES[*who], NAMES[*into]),
            Fact::Level { n, who, by, reports_to, days } => {
                let to = reports_to.map(|to| format!(", reporting to {}", NAMES[to])).unwrap_or_default();
                let by = recorder(*by);
                write!(f, "Level {n}: {} is E1 since {days} days ago{to}; {by} recorded it.", NAMES[*who])
            }
            Fact::Reached { n, who, by, days } => {
                let by = recorder(*by);
                write!(
                    f,
                    "Milestone {n}: {} reached something {days} days ago; {by} recorded it.",
                    NAMES[*who]
                )
            }
            Fact::Dossier { of, sharing, aim, shared } => {
                write!(f, "{}’s dossier: sharing {sharing}, for {shared} days; aim {aim}.", NAMES[*of])
            }
            Fact::Leave { of, n } => write!(f, "Leave {n}: of {}.", NAMES[*of]),
            Fact::Entry { n, of, status, audience, days, for_cto } => {
                let place = if *for_cto { ", in the CTO’s place" } else { "" };
                let of = NAMES[*of];
                write!(f, "Entry {n}: {of}’s, {status}, for {audience}, of {days} days ago{place}.")
            }
            Fact::Named { entry, who, named_as, answer, by_link } => {
                let by_link = if *by_link { " by link" } else { "" };
                let answer =
                    answer.map_or_else(|| "has not answered".into(), |answer| format!("said {answer}"));
                write!(f, "Entry {entry} names {} as {named_as}, who {answer}{by_link}.", NAMES[*who])
            }
            Fact::Asked { n, entry, who, closed } => {
                let closed = if *closed { "; it was taken back" } else { "" };
                write!(f, "Request {n}: {} is asked about entry {entry}{closed}.", NAMES[*who])
            }
            Fact::Said { n, entry, who, answer, days, settled, by_link, superseded } => {
                let settled = if *settled { "; it is settled" } else { "" };
                let by_link = if *by_link { " by link" } else { "" };
                let superseded = if *superseded { "; it was superseded" } else { "" };
                let who = NAMES[*who];
                write!(
                    f,
                    "Answer {n}: {who} said {answer} of entry {entry} {days} days ago{by_link}{settled}{superseded}."
                )
            }
            Fact::Vouched { entry, who, by } => {
                write!(f, "{} vouches for what {} said of entry {entry}.", NAMES[*by], NAMES[*who])
            }
            Fact::Judged { n, entry, by, judgement, released: on } => {
                let (by, on) = (NAMES[*by], released(*on));
                write!(f, "Judgement {n}: {by} said {judgement} of entry {entry}, {on}.")
            }
            Fact::Commented { n, entry, by, released: on } => {
                write!(f, "Comment {n}: of {} on entry {entry}, {}.", NAMES[*by], released(*on))
            }
            Fact::Sat { n, over, by, released: on } => {
                let (over, by) = (NAMES[*over], NAMES[*by]);
                write!(f, "Sitting {n}: of {by} over {over}’s dossier, {}.", released(*on))
            }
            Fact::CheckedIn { n, of, days, included } => {
                let included = if *included { ", included" } else { "" };
                write!(f, "Check-in {n}: of {}, {days} days ago{included}.", NAMES[*of])
            }
            Fact::Planned { n, of } => write!(f, "Plan {n}: of {}.", NAMES[*of]),
            Fact::Offered { n, to, by } => {
                write!(f, "Opportunity {n}: offered to {} by {}.", NAMES[*to], NAMES[*by])
            }
        }
    }
}
