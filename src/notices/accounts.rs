//! Who is told that somebody may read evidence from now on, or that a link to choose somebody's password was made: that
//! person, every admin and every CTO, in the very change that does it. Whoever is disabled at that moment finds it once they
//! are enabled again, so that nobody is left out by being disabled first.

use uuid::Uuid;

use super::{Kind, Notice};
use crate::accounts::telling::{Deed, Done};
use crate::accounts::{Role, store};
use crate::audit::Change;
use crate::db::Result;
use crate::web::words;

/// Whether anybody is told: a role that reads no evidence and gives no roles is nobody's matter.
fn is_told(done: Done<'_>) -> bool {
    match done {
        Done::Given(roles) | Done::Enabled(roles) => roles.iter().any(|role| role.is_trusted()),
        Done::Added(_) | Done::Invited | Done::Reset => true,
    }
}

fn kind(done: Done<'_>) -> Kind {
    match done {
        Done::Given(_) | Done::Enabled(_) => Kind::RoleGiven,
        Done::Added(roles) if roles.iter().any(|role| role.is_trusted()) => Kind::RoleGiven,
        Done::Added(_) | Done::Invited => Kind::LinkMade,
        Done::Reset => Kind::ResetMade,
    }
}

/// What was done, after who did it. `whom` is `you` or a name.
fn words_for(done: Done<'_>, whom: &str) -> String {
    let account = if whom == "you" { "your account".to_owned() } else { format!("the account of {whom}") };
    match done {
        Done::Added(roles) => {
            format!("added {account}, {}, and was shown the link to choose its password", held(roles))
        }
        Done::Given(roles) => format!("gave {whom} {}", named(roles)),
        Done::Enabled(roles) => format!("enabled {account} again, {}", held(roles)),
        Done::Invited => format!("made a link to choose a password for {account}"),
        Done::Reset => format!("made a link to choose a new password for {account}"),
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

/// Tells of it within the change.
pub async fn tell(change: &mut Change<'_>, deed: Deed<'_>) -> Result<()> {
    let Deed { instance, by, account, done } = deed;
    if !is_told(done) {
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
        let words = format!("{who} {}, {when}{warning}", words_for(done, whom));
        (Notice { to, kind: kind(done), about, by: by.map(|by| by.person), path }, words)
    });
    super::tell_in_words(change, notices.collect()).await
}
