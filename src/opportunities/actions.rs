//! What CTOs can do with the list of opportunities: add, edit, withdraw.

use chrono::NaiveDate;
use uuid::Uuid;

use super::Kind;
use super::store::{self, Contents, Opportunity};
use crate::accounts::Actor;
use crate::audit::{Change, Event};
use crate::db::Tx;
use crate::directory::reading::known_as;
use crate::error::{Error, FieldError, Given, Result};
use crate::evidence::input::Whom;
use crate::instance::Instance;
use crate::policy::{self, InstanceAct};
use crate::text;

/// What a CTO says of an opportunity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpportunityInput {
    /// Its kind.
    pub kind: Option<Kind>,
    /// The day.
    pub on: Option<NaiveDate>,
    /// What it is.
    pub what: String,
    /// To whom it was offered.
    pub offered_to: Option<Whom>,
    /// Who took it, if anybody has.
    pub taken_by: Option<Whom>,
    /// The revision that was read; none for a new one.
    pub revision: Option<i64>,
}

/// Adds an opportunity.
///
/// # Errors
/// [`Error::Forbidden`] for who is no CTO; [`Error::Invalid`] names the fields of [`OpportunityInput`].
pub async fn add(instance: &Instance, actor: &Actor, given: &Given<OpportunityInput>) -> Result<()> {
    policy::decide(&actor.roles, InstanceAct::KeepOpportunities).require()?;
    let mut change = Change::begin(instance, actor).await?;
    let new = read(change.tx(), actor, given, None).await?;
    let at = change.at();
    let id = instance.ids.new_id(at);
    store::insert(change.tx(), id, &new, actor.account, at).await?;
    change.record(Event::OpportunityAdded, Some(id), &new);
    change.commit().await
}

/// Writes an opportunity anew.
///
/// # Errors
/// As [`add`]; [`Error::NotFound`] for one that is gone.
pub async fn edit(
    instance: &Instance,
    actor: &Actor,
    id: Uuid,
    given: &Given<OpportunityInput>,
) -> Result<()> {
    policy::decide(&actor.roles, InstanceAct::KeepOpportunities).require()?;
    let mut change = Change::begin(instance, actor).await?;
    let present = store::find(change.tx(), id).await?.ok_or(Error::NotFound)?;
    let new = read(change.tx(), actor, given, Some(&present)).await?;
    let at = change.at();
    let read_at = given.input.revision.unwrap_or_default();
    if !store::update(change.tx(), id, read_at, &new, at).await? {
        let message = "A CTO changed this meanwhile. What you typed stands below; save it again to put it in the place \
             of what is there now.";
        return Err(Error::Invalid(vec![FieldError::new("what", message)]));
    }
    change.record(Event::OpportunityEdited, Some(id), &new);
    change.commit().await
}

/// Takes an opportunity back.
///
/// # Errors
/// [`Error::Forbidden`] for who is no CTO; [`Error::NotFound`] for one that is gone.
pub async fn withdraw(instance: &Instance, actor: &Actor, id: Uuid) -> Result<()> {
    policy::decide(&actor.roles, InstanceAct::KeepOpportunities).require()?;
    let mut change = Change::begin(instance, actor).await?;
    let at = change.at();
    if !store::withdraw(change.tx(), id, at).await? {
        return Err(Error::NotFound);
    }
    change.record(Event::OpportunityWithdrawn, Some(id), &());
    change.commit().await
}

async fn read(
    tx: &mut Tx,
    actor: &Actor,
    given: &Given<OpportunityInput>,
    present: Option<&Opportunity>,
) -> Result<Contents> {
    let Given { input, mut faults } = given.clone();
    let kind = faults.need("kind", input.kind, "Choose what kind of occasion it is.");
    let on = faults.need("on", input.on, "Enter the day, like 2026-03-14.");
    let what = faults.take("what", text::one_line(&input.what));
    match what.as_ref().map(|what| what.chars().count()) {
        Some(0) => faults.add("what", "Say in a few words what it is."),
        Some(length) if length > 200 => faults.add("what", "This has at most 200 characters."),
        _ => {}
    }
    let was = present.map(|present| (present.offered_to, present.offered_name.as_str()));
    let offered_to = person(tx, actor, input.offered_to, was).await?;
    let offered_to = faults.take("offered_to", offered_to);
    if offered_to == Some(None) {
        faults.add("offered_to", "Name the person to whom you offered it.");
    }
    let was = present.and_then(|present| present.taken_by.zip(present.taken_name.as_deref()));
    let taken_by = person(tx, actor, input.taken_by, was).await?;
    let taken_by = faults.take("taken_by", taken_by).flatten();
    faults.in_order(&["kind", "on"]);
    let whole = kind.zip(on).zip(what).zip(offered_to.flatten());
    faults.done(whole.map(|(((kind, on), what), offered_to)| Contents {
        kind,
        on,
        what,
        offered_to,
        taken_by,
    }))
}

/// The person whom somebody means; whoever stood there by that name stays. None for nobody.
async fn person(
    tx: &mut Tx,
    actor: &Actor,
    whom: Option<Whom>,
    was: Option<(Uuid, &str)>,
) -> Result<std::result::Result<Option<Uuid>, String>> {
    let whom = match whom {
        Some(Whom::Name(name)) => match text::one_line(&name) {
            Ok(name) if name.is_empty() => return Ok(Ok(None)),
            Ok(name) => Whom::Name(name),
            Err(message) => return Ok(Err(message.into())),
        },
        Some(whom) => whom,
        None => return Ok(Ok(None)),
    };
    if let (Some((id, stood)), Whom::Name(name)) = (was, &whom)
        && stood == name
    {
        return Ok(Ok(Some(id)));
    }
    Ok(match known_as(tx, actor, &whom).await?[..] {
        [one] => Ok(Some(one)),
        [] => Err(format!("Nobody is known here as “{whom}”. Check the spelling.")),
        _ => Err(format!(
            "Several people are called “{whom}”. Paste the address of the right one’s page instead."
        )),
    })
}
