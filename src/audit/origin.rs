//! Who acts, and by what: every change says both.

use uuid::Uuid;

/// By what a change comes about. Something new that lets somebody act, such as an API token, is one more here, with a word of
/// its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Somebody who is signed in: the session's id.
    Session(Uuid),
    /// A single-use link: the id of the row that holds it, where there is one.
    Link(Option<Uuid>),
    /// Whoever runs the program's commands on its machine.
    CommandLine,
    /// The program by itself: the job's id, where it is known.
    Job(Option<Uuid>),
}

/// What [`Origin`] is called in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum By {
    /// [`Origin::Session`]
    Session,
    /// [`Origin::Link`]
    Link,
    /// [`Origin::CommandLine`]
    CommandLine,
    /// [`Origin::Job`]
    Job,
}

impl Origin {
    /// Which of the ways it is.
    pub fn by(self) -> By {
        match self {
            Origin::Session(_) => By::Session,
            Origin::Link(_) => By::Link,
            Origin::CommandLine => By::CommandLine,
            Origin::Job(_) => By::Job,
        }
    }

    /// Which one of its way.
    pub fn id(self) -> Option<Uuid> {
        match self {
            Origin::Session(id) => Some(id),
            Origin::Link(id) | Origin::Job(id) => id,
            Origin::CommandLine => None,
        }
    }
}

/// Who acts, and by what. Somebody who is signed in is one ([`crate::accounts::Actor`]), and so is an [`Origin`] alone,
/// where no account acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    /// The acting account, if there is one.
    pub account: Option<Uuid>,
    /// By what.
    pub origin: Origin,
}

impl Author {
    /// An account that acts.
    pub fn of(account: Uuid, origin: Origin) -> Author {
        Author { account: Some(account), origin }
    }
}

impl From<Origin> for Author {
    fn from(origin: Origin) -> Author {
        Author { account: None, origin }
    }
}
