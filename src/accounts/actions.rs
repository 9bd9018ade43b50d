//! Signing in and out, and managing accounts.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::json;
use uuid::Uuid;

use super::known::Leaders;
use super::store::{self, Purpose};
use super::telling::{self, Done};
use super::{
    Actor, InSession, Role, clean_email, demo, devices, granting, kept_forms, passwords, sessions, throttle,
};
use crate::audit::{Author, Change, Event, Origin};
use crate::db::Tx;
use crate::error::{Error, FieldError, Result};
use crate::instance::Instance;
use crate::jobs::{self, New};
use crate::mail::address;
use crate::people;
use crate::people::store::NewLevel;
use crate::policy::{self, InstanceAct};
use crate::text;
use crate::web::ClientAddress;

pub use super::granting::{grant, of_address, revoke, set_roles};

/// How long an invitation or a reset can be taken up.
const LINK_LIFE: TimeDelta = TimeDelta::hours(72);
/// The job that tells somebody who can sign in from now on what they were asked before.
pub const CATCH_UP: &str = "catch-up";
/// How long a demo's sign-in addresses last.
const DEMO_LINK_LIFE: TimeDelta = TimeDelta::days(7);

/// The most names that are told to look the same as a new one.
const MOST_ALIKE: usize = 5;

/// Says in which time zone the actor is; without one, they are shown the instance's.
pub async fn set_zone(instance: &Instance, actor: &Actor, zone: Option<Tz>) -> Result<()> {
    let mut change = Change::begin(instance, actor).await?;
    store::set_zone(change.tx(), actor.account, zone).await?;
    change.record(Event::AccountZoneSet, Some(actor.account), &zone.map(Tz::name));
    change.commit().await
}

/// The browser that somebody signs in with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Browser<'b> {
    /// Where it is.
    pub address: Option<ClientAddress>,
    /// The token by which it is known, if somebody signed in there before ([`super::devices`]).
    pub device: Option<&'b str>,
    /// What it calls itself.
    pub user_agent: &'b str,
}

/// Signs in by e-mail address and password, and returns the session's token for the cookie.
///
/// # Errors
/// [`Error::Invalid`], alike for an unknown address, a wrong password and a disabled account;
/// [`Error::TooMany`] while the name, or where it is tried from, has to wait, unless the account signed in by this browser
/// before, which waits for its own failures alone.
pub async fn sign_in(
    instance: &Instance,
    email: &str,
    password: String,
    browser: Browser<'_>,
) -> Result<String> {
    // Every way to type an address is one, also to whoever counts how often it was tried.
    let forms = address::kept(email);
    let email = forms.as_ref().map_or_else(|| email.trim().to_lowercase(), |[clean, _]| clean.clone());
    let now = instance.now();
    // What can be nobody's address may hold what a database doesn't take.
    let device = match (browser.device, &forms) {
        (Some(device), Some(forms))
            if devices::knows(&mut instance.db.read().await?, device, forms, now).await? =>
        {
            Some(device)
        }
        _ => None,
    };
    let counted = match device {
        Some(device) => throttle::Counted::device(instance, device, &email),
        None => throttle::Counted::stranger(instance, &email, browser.address),
    };
    // Once before queueing for a turn, and once with it.
    waited(instance, &counted, now).await?;
    let turn = passwords::turn(device.is_some()).await?;
    waited(instance, &counted, now).await?;
    let mut found = None;
    if let Some(forms) = &forms {
        let mut tx = instance.db.read().await?;
        found = store::credentials(&mut tx, forms).await?;
    }

    let enabled = found.as_ref().filter(|account| account.disabled_at.is_none()).map(|account| account.id);
    let kept = found.and_then(|account| account.password_hash);
    let verified = passwords::verify(&turn, password, kept.clone()).await?;
    let wrong = || {
        let message = "The email address or the password is not right. Check both and try again.";
        Error::Invalid(vec![FieldError::new("email", message)])
    };
    let Some(account) = enabled.filter(|_| verified.right) else {
        let mut tx = instance.db.write().await?;
        throttle::failed(&mut tx, &counted, now).await?;
        tx.commit().await?;
        return Err(wrong());
    };
    drop(turn);
    let session = instance.ids.new_id(now);
    let mut change = Change::begin(instance, Author::of(account, Origin::Session(session))).await?;
    // While the password was looked at, the account may have been disabled, or its password set anew.
    store::lock(change.tx(), account).await?;
    let now_kept = match &forms {
        Some(forms) => store::credentials(change.tx(), forms).await?,
        None => None,
    };
    let now_kept = now_kept.filter(|now| now.disabled_at.is_none());
    if now_kept.is_none_or(|now| now.id != account || now.password_hash != kept) {
        return Err(wrong());
    }
    if let Some(hash) = verified.renewed {
        store::set_password(change.tx(), account, hash).await?;
    }
    throttle::succeeded(change.tx(), &counted).await?;
    let token = sessions::begin(change.tx(), instance, (session, account), browser.user_agent, now).await?;
    change.record(Event::SessionBegun, Some(account), &json!({"by": "password"}));
    change.commit().await?;
    Ok(token)
}

/// Refuses a try while what is counted of it has to wait.
async fn waited(instance: &Instance, counted: &[throttle::Counted], now: DateTime<Utc>) -> Result<()> {
    match throttle::wait(&mut instance.db.read().await?, counted, now).await? {
        0 => Ok(()),
        retry_after => Err(Error::TooMany { retry_after }),
    }
}

/// Forgets failed tries, browsers and forms that count no longer.
pub async fn tidy(instance: &Instance) -> Result<()> {
    let now = instance.now();
    let mut tx = instance.db.write().await?;
    throttle::tidy(&mut tx, now).await?;
    devices::tidy(&mut tx, now).await?;
    kept_forms::tidy(&mut tx, now).await?;
    Ok(tx.commit().await?)
}

/// Signs in as the demo's visitor of a role: on demo servers, where visitors change sides by a button.
pub async fn sign_in_to_demo(instance: &Instance, role: Role, user_agent: &str) -> Result<String> {
    if !instance.demo {
        return Err(Error::NotFound);
    }
    let account = demo_account(&mut instance.db.read().await?, role).await?;
    let session = instance.ids.new_id(instance.now());
    let mut change = Change::begin(instance, Author::of(account, Origin::Session(session))).await?;
    let at = change.at();
    let token = sessions::begin(change.tx(), instance, (session, account), user_agent, at).await?;
    change.record(Event::SessionBegun, Some(account), &json!({"by": "demo button"}));
    change.commit().await?;
    Ok(token)
}

/// The account that a visitor of a demo takes for a role.
async fn demo_account(tx: &mut Tx, role: Role) -> Result<Uuid> {
    let mark = demo::mark(tx).await?.ok_or(Error::NotFound)?;
    mark.visitors.get(&role).copied().ok_or(Error::NotFound)
}

/// Makes a demo's single-use sign-in link for a role, and returns its token.
pub async fn demo_link(instance: &Instance, role: Role) -> Result<String> {
    let mut change = Change::begin(instance, Origin::CommandLine).await?;
    let account = demo_account(change.tx(), role).await?;
    let token = link(&mut change, instance, account, Purpose::Demo, DEMO_LINK_LIFE).await?;
    change.commit().await?;
    Ok(token)
}

/// Spends a demo's sign-in link, and returns the session's token.
///
/// # Errors
/// [`Error::NotFound`] when it was used, has expired, or never was, and on any server but a demo.
pub async fn follow_demo_link(instance: &Instance, token: &str, user_agent: &str) -> Result<String> {
    if !instance.demo {
        return Err(Error::NotFound);
    }
    let purposes = [Purpose::Demo];
    let account = leads_to(&mut instance.db.read().await?, token, &purposes, instance.now()).await?;
    let mut change = Change::begin(instance, Author::of(account, Origin::Link(None))).await?;
    spend(&mut change, token, &purposes).await?;
    let (id, at) = (change.new_id(), change.at());
    let session = sessions::begin(change.tx(), instance, (id, account), user_agent, at).await?;
    change.record(Event::SessionBegun, Some(account), &json!({"by": "demo link"}));
    change.commit().await?;
    Ok(session)
}

/// Ends the session that somebody came with.
pub async fn sign_out(instance: &Instance, by: &InSession) -> Result<()> {
    end_session(instance, by, by.session).await
}

/// Ends one of one's own sessions. Another's browser is known no longer; who signs out keeps their own.
///
/// # Errors
/// [`Error::NotFound`] when the actor has no such open session.
pub async fn end_session(instance: &Instance, by: &InSession, session: Uuid) -> Result<()> {
    let actor = &by.actor;
    let mut change = Change::begin(instance, actor).await?;
    let at = change.at();
    if !sessions::end(change.tx(), actor.account, session, at).await? {
        return Err(Error::NotFound);
    }
    if session != by.session {
        devices::forget_of_session(change.tx(), actor.account, session).await?;
    }
    change.record(Event::SessionEnded, Some(session), &());
    change.commit().await
}

/// A new account: who, and what for.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// The full name of somebody new; it may be empty for somebody who is known already.
    pub name: String,
    /// What stands for a leader who is known already and has no account, as [`super::known::Leaders`] reads it. Empty
    /// for somebody new.
    pub known_as: String,
    /// The address to sign in with.
    pub email: String,
    /// At least one.
    pub roles: Vec<Role>,
}

/// An account that was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// The account.
    pub account: Uuid,
    /// Its person.
    pub person: Uuid,
    /// That person's name.
    pub name: String,
    /// The token of the link to set a password.
    pub token: String,
    /// Others whose name looks the same as that of somebody new.
    pub alike: Vec<String>,
}

/// Adds an account, for somebody new or for a leader who is known already. By an admin, or by the command line
/// (`actor` none).
///
/// # Errors
/// [`Error::Invalid`] names the fields `name`, `known_as`, `email` and `role`.
pub async fn add_account(instance: &Instance, actor: Option<&Actor>, new: NewAccount) -> Result<Added> {
    add_account_at(instance, actor, new, None).await
}

/// As [`add_account`], with a level that somebody new has: the company's word, as an admin records it.
pub async fn add_account_at(
    instance: &Instance,
    actor: Option<&Actor>,
    new: NewAccount,
    level: Option<NewLevel>,
) -> Result<Added> {
    if let Some(actor) = actor {
        policy::decide(&actor.roles, InstanceAct::Administer).require()?;
    }
    let mut faults = Vec::new();
    let known = !new.known_as.trim().is_empty();
    let mut name = String::new();
    if !known {
        match people::clean_name(&new.name) {
            Ok(clean) => name = clean,
            Err(message) => faults.push(FieldError::new("name", message)),
        }
    }
    let email = clean_email(&new.email).map_err(|message| faults.push(FieldError::new("email", message)));
    if new.roles.is_empty() {
        faults.push(FieldError::new("role", "Choose at least one role."));
    }
    let mut change = Change::begin(instance, actor.map_or(Origin::CommandLine.into(), Author::from)).await?;
    let mut leader = None;
    if known {
        let leaders = Leaders::load(change.tx()).await?;
        match leaders.find(&new.known_as) {
            Ok(found) => {
                // Another admin may give them an account at this moment.
                people::store::lock(change.tx(), found.id).await?;
                if !people::store::exists(change.tx(), found.id).await?
                    || store::email_of(change.tx(), found.id).await?.is_some()
                {
                    let message = format!("{} has an account by now.", found.name);
                    faults.push(FieldError::new("known_as", message));
                }
                name.clone_from(&found.name);
                leader = Some(found.id);
            }
            Err(message) => faults.push(FieldError::new("known_as", message)),
        }
    }
    if let Ok(email) = &email
        && store::find_by_email(change.tx(), email).await?.is_some()
    {
        faults.push(FieldError::new("email", "An account with this email address exists already."));
    }
    let (Ok(email), true) = (email, faults.is_empty()) else {
        return Err(Error::Invalid(faults));
    };
    let mut alike = Vec::new();
    if leader.is_none() {
        let look = text::look(&name);
        alike = people::store::names(change.tx()).await?;
        alike.retain(|other| !look.is_empty() && text::look(other) == look);
        alike.truncate(MOST_ALIKE);
    }
    let at = change.at();
    let person = leader.unwrap_or_else(|| instance.ids.new_id(at));
    let account = instance.ids.new_id(at);
    if leader.is_none() {
        let organization = people::Organization::Internal;
        people::store::insert(change.tx(), person, &name, organization, None, None, at).await?;
        if let Some(level) = &level {
            let id = instance.ids.new_id(at);
            people::store::insert_level(change.tx(), id, person, level, None, at).await?;
            change.record(Event::LevelRecorded, Some(person), level);
        }
    }
    store::insert(change.tx(), account, &email, person, at).await?;
    store::set_roles(change.tx(), account, &new.roles).await?;
    super::changed(&mut change, account).await?;
    change.record(
        Event::AccountAdded,
        Some(account),
        &json!({"name": name, "person": person, "email": email, "roles": new.roles}),
    );
    let token = link(&mut change, instance, account, Purpose::Invite, LINK_LIFE).await?;
    let kept = store::find(change.tx(), account).await?.ok_or(Error::NotFound)?;
    telling::tell(&mut change, instance, actor, &kept, Done::Added(&new.roles)).await?;
    catch_up(&mut change, account).await?;
    change.commit().await?;
    Ok(Added { account, person, name, token, alike })
}

/// Makes a new link to set a password, and makes every earlier one useless. Returns its token.
pub async fn invite_again(instance: &Instance, actor: &Actor, account: Uuid) -> Result<String> {
    policy::decide(&actor.roles, InstanceAct::Administer).require()?;
    let mut change = Change::begin(instance, actor).await?;
    let at = change.at();
    let found = store::find(change.tx(), account).await?.ok_or(Error::NotFound)?;
    if found.disabled_at.is_some() {
        return Err(Error::Conflict(
            "This account is disabled. Enable it before inviting its owner again.".into(),
        ));
    }
    store::spend_links(change.tx(), account, at).await?;
    let purpose = if found.has_password { Purpose::Reset } else { Purpose::Invite };
    let token = link(&mut change, instance, account, purpose, LINK_LIFE).await?;
    // A link for oneself is no news to anybody else.
    if account != actor.account {
        let done = if found.has_password { Done::Reset } else { Done::Invited };
        telling::tell(&mut change, instance, Some(actor), &found, done).await?;
    }
    change.commit().await?;
    Ok(token)
}

/// Disables an account, which ends all its sessions and links, or enables it again.
pub async fn set_disabled(instance: &Instance, actor: &Actor, account: Uuid, disabled: bool) -> Result<()> {
    policy::decide(&actor.roles, InstanceAct::Administer).require()?;
    if account == actor.account {
        return Err(Error::Conflict("You can't disable your own account; ask another admin.".into()));
    }
    let mut change = Change::begin_alone(instance, actor).await?;
    let at = change.at();
    let found = store::find(change.tx(), account).await?.ok_or(Error::NotFound)?;
    let roles = store::roles(change.tx(), account).await?;
    if disabled && roles.contains(&Role::Admin) {
        granting::another_admin(change.tx(), &found).await?;
    }
    store::set_disabled(change.tx(), account, disabled.then_some(at)).await?;
    if !disabled && found.disabled_at.is_some() {
        // Whoever comes back reads again what they read before.
        telling::tell(&mut change, instance, Some(actor), &found, Done::Enabled(&roles)).await?;
    }
    if disabled {
        sessions::end_all(change.tx(), account, at).await?;
        store::spend_links(change.tx(), account, at).await?;
    } else {
        catch_up(&mut change, account).await?;
    }
    super::changed(&mut change, account).await?;
    let action = if disabled { Event::AccountDisabled } else { Event::AccountEnabled };
    change.record(action, Some(account), &());
    change.commit().await
}

/// Has somebody told what they were asked before they could sign in: their links no longer take an answer.
async fn catch_up(change: &mut Change<'_>, account: Uuid) -> Result<()> {
    let (id, at) = (change.new_id(), change.at());
    let (key, about) = (id.to_string(), Some(account));
    let job = New { id, name: CATCH_UP, key, about, payload: None, due: at };
    jobs::add(change.tx(), job, at).await?;
    Ok(())
}

/// Whether a link to set a password can still be used.
pub async fn can_set_password(instance: &Instance, token: &str) -> Result<bool> {
    let mut tx = instance.db.read().await?;
    let found = store::usable_link(&mut tx, &sessions::digest(token), instance.now()).await?;
    Ok(matches!(found, Some((_, Purpose::Invite | Purpose::Reset))))
}

/// Sets a password by a single-use link, ends every session of the account, and begins a new one; returns its token.
///
/// # Errors
/// [`Error::NotFound`] when the link can't be used; [`Error::Invalid`] names `password`.
pub async fn set_password(
    instance: &Instance,
    token: &str,
    password: String,
    user_agent: &str,
) -> Result<String> {
    let purposes = [Purpose::Invite, Purpose::Reset];
    let mut tx = instance.db.read().await?;
    let account = leads_to(&mut tx, token, &purposes, instance.now()).await?;
    let found = store::find(&mut tx, account).await?.ok_or(Error::NotFound)?;
    drop(tx);
    passwords::check(&password, &[&found.email, &found.name, "evident"])
        .map_err(|message| Error::Invalid(vec![FieldError::new("password", message)]))?;
    let hash = passwords::hash(password).await?;

    let mut change = Change::begin(instance, Author::of(account, Origin::Link(None))).await?;
    let (id, at) = (change.new_id(), change.at());
    spend(&mut change, token, &purposes).await?;
    store::set_password(change.tx(), account, hash).await?;
    sessions::end_all(change.tx(), account, at).await?;
    let session = sessions::begin(change.tx(), instance, (id, account), user_agent, at).await?;
    change.record(Event::PasswordSet, Some(account), &());
    change.record(Event::SessionBegun, Some(account), &json!({"by": "link"}));
    change.commit().await?;
    Ok(session)
}

/// Adds a single-use link to a change, and returns its token.
async fn link(
    change: &mut Change<'_>,
    instance: &Instance,
    account: Uuid,
    purpose: Purpose,
    life: TimeDelta,
) -> Result<String> {
    let token = sessions::token(instance);
    let at = change.at();
    let made_by = change.author().account;
    let digest = sessions::digest(&token);
    store::insert_link(change.tx(), &digest, account, purpose, made_by, at, at + life).await?;
    change.record(Event::LinkMade, Some(account), &purpose);
    Ok(token)
}

/// Whose a usable link of one of these purposes is. The row that holds it has no id but its token's digest, which the log has
/// no use for.
async fn leads_to(tx: &mut Tx, token: &str, purposes: &[Purpose], now: DateTime<Utc>) -> Result<Uuid> {
    let link = store::usable_link(tx, &sessions::digest(token), now).await?;
    let (account, _) = link.filter(|(_, purpose)| purposes.contains(purpose)).ok_or(Error::NotFound)?;
    Ok(account)
}

/// Spends a link of one of these purposes.
async fn spend(change: &mut Change<'_>, token: &str, purposes: &[Purpose]) -> Result<()> {
    let at = change.at();
    leads_to(change.tx(), token, purposes, at).await?;
    let spent = store::spend_link(change.tx(), &sessions::digest(token), at).await?;
    if spent { Ok(()) } else { Err(Error::NotFound) }
}
