//! What is done to an account that others are told of, in the very change that does it. Who is told, and in which words, is
//! said by [`crate::ACCOUNT_TELLING`], since accounts come before notices.

use std::pin::Pin;

use super::Actor;
use super::store::Account;
use crate::audit::Change;
use crate::db::Result;
use crate::instance::Instance;
use crate::policy::Role;

/// What was done to an account.
#[derive(Clone, Copy, Debug)]
pub enum Done<'r> {
    /// It was added, with these roles and a link to choose its first password.
    Added(&'r [Role]),
    /// It was given these roles.
    Given(&'r [Role]),
    /// It was enabled again, with these roles.
    Enabled(&'r [Role]),
    /// A link to choose its first password was made.
    Invited,
    /// A link to choose another password was made.
    Reset,
}

/// What was done to which account, and by whom.
#[derive(Clone, Copy)]
pub struct Deed<'d> {
    /// Where it was done.
    pub instance: &'d Instance,
    /// Who did it; none at the command line.
    pub by: Option<&'d Actor>,
    /// The account.
    pub account: &'d Account,
    /// What was done to it.
    pub done: Done<'d>,
}

/// Tells of a deed within its change.
pub type Telling =
    for<'c, 'i> fn(&'c mut Change<'i>, Deed<'c>) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'c>>;

pub(super) async fn tell(
    change: &mut Change<'_>,
    instance: &Instance,
    by: Option<&Actor>,
    account: &Account,
    done: Done<'_>,
) -> Result<()> {
    crate::ACCOUNT_TELLING(change, Deed { instance, by, account, done }).await
}
