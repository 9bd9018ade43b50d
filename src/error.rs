//! The one error that actions and handlers return. Pages render it as a page, `.json` addresses as problem+json (`web/errors.rs`).
//!
//! Which to use where: somebody else's row is [`Error::NotFound`], exactly as a missing one; a role that a route never
//! serves is [`Error::Forbidden`]; what a person typed is [`Error::Invalid`], with a fault for each field; everything
//! that only we can mend converts into [`Error::Internal`] with `?`.

mod fault;

use crate::db;

pub use fault::{Faults, FieldError, Given, Path};

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or none that this person may know of.
    #[error("not found")]
    NotFound,
    /// The person's roles never allow this.
    #[error("not allowed")]
    Forbidden,
    /// The address does not take this method.
    #[error("wrong method")]
    WrongMethod,
    /// Nobody is signed in.
    #[error("signed out")]
    SignedOut,
    /// It was typed by another account than the one that is signed in.
    #[error("typed by another account")]
    OtherAccount,
    /// Fields are filled in so that it can't be done.
    #[error("{} field(s) can't be taken as they are", .0.len())]
    Invalid(Vec<FieldError>),
    /// It can't be done in the present state, with the reason for the person.
    #[error("{0}")]
    Conflict(String),
    /// Too many tries; seconds until the next is looked at.
    #[error("too many tries")]
    TooMany {
        /// Seconds to wait.
        retry_after: i64,
    },
    /// The same person asked for more at once than is done for one.
    #[error("too much at once")]
    Crowded,
    /// The request itself is malformed, with the reason for the person.
    #[error("{0}")]
    Malformed(String),
    /// The database has no connection free.
    #[error("busy")]
    Busy,
    /// Nobody can tell whether the change was kept.
    #[error("it is not known whether the change was kept")]
    CommitUnknown,
    /// There is no room for what was to be kept.
    #[error("the disk is full")]
    Full,
    /// Our fault. Its text is logged under an id and never shown.
    #[error(transparent)]
    Internal(#[from] anyhow::Error),
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Busy => Error::Busy,
            db::Error::CommitUnknown => Error::CommitUnknown,
            db::Error::Full => Error::Full,
            // Rules have looked for what is there already; here, somebody else was quicker by a moment.
            db::Error::Duplicate(_) => Error::Conflict(
                "Somebody made the same change at this very moment. Look at it as it is now, then try again."
                    .into(),
            ),
            other => Error::Internal(other.into()),
        }
    }
}

impl From<askama::Error> for Error {
    fn from(error: askama::Error) -> Self {
        Error::Internal(error.into())
    }
}

/// The result of an action or a handler.
pub type Result<T> = std::result::Result<T, Error>;
