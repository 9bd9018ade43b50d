//! Adding people, and recording their levels and milestones: appended, never edited. A wrong level is corrected by a
//! later one of the same date, a wrong milestone by one that stands in its place. The readiness of every dossier that names
//! somebody rests on these, so that such a change is made alone; only nothing names yet who is added in the same change.

use serde_json::json;
use uuid::Uuid;

use super::input::{LevelInput, MilestoneInput, PersonInput};
use super::{belongs, reading, state, viewer};
use crate::accounts::{self, Actor, Role};
use crate::audit::{Change, Event, Origin};
use crate::db::Tx;
use crate::error::{Error, FieldError, Given, Result};
use crate::instance::Instance;
use crate::people::store::{self, Milestone, NewLevel, NewMilestone};
use crate::people::{CTO, LEFT, Organization};
use crate::policy::{self, Decision, PersonAct, PersonState};
use crate::review;
use crate::text;

/// Adds a person who has no account, with a level if one is given, and returns their id. Everybody signed in knows of them.
///
/// # Errors
/// [`Error::Forbidden`] for who is neither an admin nor a CTO; [`Error::Invalid`] names the fields of [`PersonInput`].
pub async fn add_person(instance: &Instance, actor: &Actor, given: &Given<PersonInput>) -> Result<Uuid> {
    policy::decide(&actor.roles, PersonAct::Add).require()?;
    let mut change = Change::begin(instance, actor).await?;
    let look = text::look(&given.input.name);
    let known = store::known(change.tx(), viewer(actor), None).await?;
    let namesakes: Vec<String> = known
        .iter()
        .filter(|person| !look.is_empty() && text::look(&person.name) == look)
        .map(|person| match person.organization {
            Organization::Internal => person.name.clone(),
            Organization::External => {
                format!("{}, {}", person.name, belongs(person.organization, person.works_at.as_deref()))
            }
        })
        .collect();
    let new = reading::person(given, &namesakes)?;
    let at = change.at();
    let id = instance.ids.new_id(at);
    let works_at = new.works_at.as_deref();
    store::insert(change.tx(), id, &new.name, new.organization, works_at, None, at).await?;
    change.record(Event::PersonAdded, Some(id), &new);
    if let Some(level) = &new.level {
        let level_id = instance.ids.new_id(at);
        store::insert_level(change.tx(), level_id, id, level, recorder(actor), at).await?;
        change.record(Event::LevelRecorded, Some(id), level);
    }
    change.commit().await?;
    Ok(id)
}

/// Records a level of a person.
///
/// # Errors
/// [`Error::NotFound`] for somebody the actor may not know of; [`Error::Forbidden`] when this is others' to record;
/// [`Error::Invalid`] names the fields of [`LevelInput`], also for the level CTO of oneself.
pub async fn record_level(
    instance: &Instance,
    actor: &Actor,
    person: Uuid,
    given: &Given<LevelInput>,
) -> Result<()> {
    let mut change = Change::begin_alone(instance, actor).await?;
    let state = state_of(change.tx(), actor, person).await?;
    if given.input.level == CTO
        && state.own
        && policy::decide(&actor.roles, PersonAct::RecordLevel(state, false)) == Decision::Allow
    {
        return Err(Error::Invalid(vec![FieldError::new("level", own_cto(change.tx(), actor).await?)]));
    }
    policy::decide(&actor.roles, PersonAct::RecordLevel(state, given.input.level == CTO)).require()?;
    let new = reading::level(change.tx(), actor, person, given).await?;
    let at = change.at();
    let id = instance.ids.new_id(at);
    store::insert_level(change.tx(), id, person, &new, recorder(actor), at).await?;
    review::store::touch_resting_on(change.tx(), person).await?;
    change.record(logged_as(actor, Event::LevelRecorded), Some(person), &new);
    change.commit().await
}

/// What a level is logged as. The admin's page shows what admins and CTOs record for the company; when somebody else did,
/// often in the course of writing evidence, is theirs.
fn logged_as(actor: &Actor, recorded: Event) -> Event {
    if actor.is(Role::Admin) || actor.is(Role::Cto) { recorded } else { Event::LevelClaimed }
}

/// Records a level of the person who signs in with an address, from the command line: the company's word, as an admin's.
/// Domain and reporting line go on as they were. Returns the person's name.
///
/// # Errors
/// [`Error::Invalid`] where nobody signs in with it, or the level is theirs on that day already.
pub async fn record_level_by_hand(instance: &Instance, email: &str, new: NewLevel) -> Result<String> {
    let mut change = Change::begin_alone(instance, Origin::CommandLine).await?;
    let account = accounts::actions::of_address(change.tx(), email).await?;
    let person = account.person_id;
    let before = store::level_on(change.tx(), person, new.from).await?;
    if before.as_ref().is_some_and(|before| before.level == new.level && before.from == new.from) {
        let message =
            format!("{} has {} from {} on already; nothing was changed.", account.name, new.level, new.from);
        return Err(Error::Invalid(vec![FieldError::new("level", message)]));
    }
    let (domain, reports_to) = before.map_or((None, None), |before| (before.domain, before.reports_to));
    let stays = new.level != LEFT;
    let new = NewLevel { domain: domain.filter(|_| stays), reports_to: reports_to.filter(|_| stays), ..new };
    let at = change.at();
    let id = instance.ids.new_id(at);
    store::insert_level(change.tx(), id, person, &new, None, at).await?;
    review::store::touch_resting_on(change.tx(), person).await?;
    change.record(Event::LevelRecorded, Some(person), &new);
    change.commit().await?;
    Ok(account.name)
}

/// Confirms a level that somebody else recorded: the same is recorded again by the actor. Returns whose it is.
///
/// # Errors
/// [`Error::NotFound`] for a level of somebody the actor may not know of; [`Error::Forbidden`] when this is others' to
/// confirm, as one's own word is.
pub async fn confirm_level(instance: &Instance, actor: &Actor, level: Uuid) -> Result<Uuid> {
    let mut change = Change::begin_alone(instance, actor).await?;
    let (person, by, new) = store::level(change.tx(), level).await?.ok_or(Error::NotFound)?;
    let state = state_of(change.tx(), actor, person).await?;
    if new.level == CTO
        && state.own
        && policy::decide(&actor.roles, PersonAct::ConfirmLevel(state, false)) == Decision::Allow
    {
        return Err(Error::Conflict(own_cto(change.tx(), actor).await?));
    }
    policy::decide(&actor.roles, PersonAct::ConfirmLevel(state, new.level == CTO)).require()?;
    let recorder = recorder(actor);
    if by == recorder {
        return Err(Error::Forbidden);
    }
    let at = change.at();
    let id = instance.ids.new_id(at);
    store::insert_level(change.tx(), id, person, &new, recorder, at).await?;
    review::store::touch_resting_on(change.tx(), person).await?;
    change.record(logged_as(actor, Event::LevelConfirmed), Some(person), &json!({"level": level, "as": new}));
    change.commit().await?;
    Ok(person)
}

/// Records a milestone of a person.
///
/// # Errors
/// As [`record_level`], with the fields of [`MilestoneInput`].
pub async fn record_milestone(
    instance: &Instance,
    actor: &Actor,
    person: Uuid,
    given: &Given<MilestoneInput>,
) -> Result<()> {
    let mut change = Change::begin_alone(instance, actor).await?;
    let state = state_of(change.tx(), actor, person).await?;
    policy::decide(&actor.roles, PersonAct::RecordMilestone(state)).require()?;
    let new = reading::milestone(given, actor.last_day(instance))?;
    let new = NewMilestone { happened: true, ..new };
    keep(change, instance, actor, person, &new, Event::MilestoneRecorded).await
}

/// A milestone that the actor may correct: one that they may read, of somebody of whom they may record some.
///
/// # Errors
/// [`Error::NotFound`] for one that they may not read; [`Error::Forbidden`] when it is others' to correct.
pub async fn correctable(tx: &mut Tx, actor: &Actor, milestone: Uuid) -> Result<Milestone> {
    let found = store::milestone(tx, viewer(actor), milestone).await?.ok_or(Error::NotFound)?;
    let standing = store::standing(tx, viewer(actor), found.person_id).await?.ok_or(Error::NotFound)?;
    policy::decide(&actor.roles, PersonAct::RecordMilestone(state(actor, found.person_id, standing)))
        .require()?;
    Ok(found)
}

/// Puts a milestone in another's place, or says that it did not happen. Returns whose it is.
///
/// # Errors
/// As [`correctable`], and [`Error::Invalid`] with the fields of [`MilestoneInput`].
pub async fn correct_milestone(
    instance: &Instance,
    actor: &Actor,
    milestone: Uuid,
    given: &Given<MilestoneInput>,
) -> Result<Uuid> {
    let mut change = Change::begin_alone(instance, actor).await?;
    let old = correctable(change.tx(), actor, milestone).await?;
    if old.corrected {
        return Err(reading::corrected_already());
    }
    let new = if given.input.happened {
        reading::milestone(given, actor.last_day(instance))?
    } else {
        NewMilestone { on: old.on_date, kind: old.kind, what: old.what, corrects: None, happened: false }
    };
    let new = NewMilestone { corrects: Some(milestone), ..new };
    keep(change, instance, actor, old.person_id, &new, Event::MilestoneCorrected).await?;
    Ok(old.person_id)
}

async fn keep(
    mut change: Change<'_>,
    instance: &Instance,
    actor: &Actor,
    person: Uuid,
    new: &NewMilestone,
    action: Event,
) -> Result<()> {
    let at = change.at();
    let id = instance.ids.new_id(at);
    store::insert_milestone(change.tx(), id, person, new, recorder(actor), at).await?;
    review::store::touch_resting_on(change.tx(), person).await?;
    change.record(action, Some(id), &json!({"person": person, "milestone": new}));
    change.commit().await
}

/// Why nobody records the level CTO of themselves, with the way out.
async fn own_cto(tx: &mut Tx, actor: &Actor) -> Result<String> {
    let email = accounts::store::email_of(tx, actor.person).await?.unwrap_or_default();
    let whom = if actor.is(Role::Admin) { "another admin" } else { "an admin" };
    Ok(format!(
        "Nobody records the level CTO of themselves: a CTO’s word counts in every dossier. Ask {whom}, or have it \
         recorded on the command line: evident user level {email} CTO --since DATE"
    ))
}

/// What decides over a person.
async fn state_of(tx: &mut Tx, actor: &Actor, person: Uuid) -> Result<PersonState> {
    let standing = store::standing(tx, viewer(actor), person).await?.ok_or(Error::NotFound)?;
    Ok(state(actor, person, standing))
}

/// Who is written down as having recorded something. An admin does it for the company, and is not; but whoever is a
/// candidate or a CTO as well is, since a candidate's word about others must not count as the company's.
fn recorder(actor: &Actor) -> Option<Uuid> {
    let office = actor.is(Role::Admin) && !actor.is(Role::Candidate) && !actor.is(Role::Cto);
    (!office).then_some(actor.person)
}
