//! Who is told that somebody may read evidence from now on, or that a link to choose somebody's password was made: that
//! person, every admin and every CTO, in the very change that does it. Whoever is disabled at that moment finds it once they
//! are enabled again, so that nobody is left out by being disabled first.
//!
//! It stands above the order of features: accounts come before notices, but nothing is given without being told.

use uuid::Uuid;

use super::store::{self, Account};
use super::{Actor, Role};
use crate::audit::Change;
use crate::db::Result;
use crate::instance::Instance;
use crate::notices::{self, Kind, Notice};
use crate::web::words;

/// What was done to an account.
#[derive(Clone, Copy, Debug)]
pub(super) enum Done<'r> {
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

impl Done<'_> {
    /// Whether anybody is told: a role that reads no evidence and gives no roles is nobody's matter.
    fn is_told(self) -> bool {
        match self {
            Done::Given(roles) | Done::Enabled(roles) => roles.iter().any(|role| role.is_trusted()),
            Done::Added(_) | Done::Invited | Done::Reset => true,
        }
    }

    fn kind(self) -> Kind {
        match self {
            Done::Given(_) | Done::Enabled(_) => Kind::RoleGiven,
            Done::Added(roles) if roles.iter().any(|role| role.is_trusted()) => Kind::RoleGiven,
            Done::Added(_) | Done::Invited => Kind::LinkMade,
            Done::Reset => Kind::ResetMade,
        }
    }

    /// What was done, after who did it. `whom` is `you` or a name.
    fn deed(self, whom: &str) -> String {
        let account =
            if whom == "you" { "your account".to_owned() } else { format!("the account of {whom}") };
        match self {
            Done::Added(roles) => {
                format!("added {account}, {}, and was shown the link to choose its password", held(roles))
            }
            Done::Given(roles) => format!("gave {whom} {}", named(roles)),
            Done::Enabled(roles) => format!("enabled {account} again, {}", held(roles)),
            Done::Invited => format!("made a link to choose a password for {account}"),
            Done::Reset => format!("made a link to choose a new password for {account}"),
        }
    }
}

fn named(roles: &[Role]) -> String {
    let titles: Vec<String> = roles.iter().map(|role| role.title().to_owned()).collect();
    let word = if roles.len() == 1 { "role" } else { "roles" };
    format!("the {word} {}", words::list(&titles))
}

fn held(roles: &[Role]) -> String {
    format!("with {}", named(roles))
}

/// Tells of it within the change; `by` is none for the command line.
pub(super) async fn tell(
    change: &mut Change<'_>,
    instance: &Instance,
    by: Option<&Actor>,
    account: &Account,
    done: Done<'_>,
) -> Result<()> {
    if !done.is_told() {
        return Ok(());
    }
    let (about, when) = (change.new_id(), words::moment(&change.at(), instance.settings.zone));
    let mut told: Vec<(Uuid, String)> = vec![(account.id, "/settings#sessions".to_owned())];
    for (steward, admin) in store::stewards(change.tx()).await? {
        if steward != account.id {
            let admins = format!("/admin/accounts/{}", account.id);
            told.push((steward, if admin { admins } else { format!("/people/{}", account.person_id) }));
        }
    }
    let notices = told.into_iter().map(|(to, path)| {
        let whom = if to == account.id { "you" } else { account.name.as_str() };
        let who = match by {
            None => "Somebody at the command line",
            Some(by) if by.account == to => "You",
            Some(by) => by.name.as_str(),
        };
        let warning = match done {
            Done::Reset if to == account.id => {
                ". If you did not ask for it, tell another admin at once: whoever has it can sign in as you"
            }
            _ => "",
        };
        let words = format!("{who} {}, {when}{warning}", done.deed(whom));
        (Notice { to, kind: done.kind(), about, by: by.map(|by| by.person), path }, words)
    });
    notices::tell_in_words(change, notices.collect()).await
}
