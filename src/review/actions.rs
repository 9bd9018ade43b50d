//! What a candidate can do with check-ins.

use chrono::NaiveDate;
use uuid::Uuid;

use super::store::{self, NewCheckIn};
use super::{CheckInKind, Reply};
use crate::accounts::Actor;
use crate::audit::{Change, Event};
use crate::error::{Given, Result};
use crate::evidence::dossiers::{self, Dossier};
use crate::instance::Instance;
use crate::notices::{self, Kind};
use crate::policy::{self, DossierAct};

/// A check-in to keep.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckInInput {
    /// The day; none is today.
    pub on: Option<NaiveDate>,
    /// The answers, by the ids of the questions.
    pub answers: Vec<(String, Reply)>,
}

/// Keeps a check-in: answers to some of the six questions, on a day that is not in the future.
///
/// # Errors
/// [`crate::error::Error::Invalid`] names `on`, or the question that can't be read.
pub async fn check_in(instance: &Instance, actor: &Actor, given: &Given<CheckInInput>) -> Result<()> {
    let dossier = changeable(instance, actor).await?;
    let framework = dossier.framework()?;
    let Given { input, mut faults } = given.clone();
    let on = input.on.unwrap_or_else(|| actor.today(instance));
    if on > actor.last_day(instance) {
        faults.add(
            "on",
            "A check-in says how it is by then, so it can't be in the future. Enter today or an earlier day.",
        );
    }
    faults.in_order(&["on"]);
    let mut read = input.answers;
    read.retain(|(id, _)| framework.questions.iter().any(|question| question.id == *id));
    if read.is_empty() && faults.0.is_empty() {
        let first =
            framework.questions.first().map_or("on".into(), |question| format!("{}-yes", question.id));
        faults.add(first, "Answer at least one of the questions.");
    }
    let on = faults.done(Some(on))?;
    let mut change = Change::begin(instance, actor).await?;
    let at = change.at();
    let new = NewCheckIn {
        id: instance.ids.new_id(at),
        dossier: dossier.id,
        person: actor.person,
        on,
        answers: read,
        at,
    };
    dossiers::touch(change.tx(), dossier.id).await?;
    store::insert_check_in(change.tx(), &new).await?;
    notices::settle_kind(&mut change, Kind::CheckIn, actor.account).await?;
    change.record(Event::CheckInMade, Some(new.id), &(new.on, &new.answers));
    change.commit().await
}

/// Says which of the check-ins from before the sharing CTOs are shown: these, and no others.
pub async fn include(instance: &Instance, actor: &Actor, chosen: &[Uuid]) -> Result<()> {
    let dossier = changeable(instance, actor).await?;
    let mut change = Change::begin(instance, actor).await?;
    dossiers::touch(change.tx(), dossier.id).await?;
    let own = store::check_ins(change.tx(), dossier.id).await?;
    for check_in in own.iter().filter(|c| c.kind == CheckInKind::SelfAssessment) {
        let included = chosen.contains(&check_in.id);
        if included != check_in.included {
            store::set_included(change.tx(), check_in.id, included).await?;
        }
    }
    change.record(Event::CheckInsIncluded, Some(dossier.id), &own.iter().map(|c| c.id).collect::<Vec<_>>());
    change.commit().await
}

async fn changeable(instance: &Instance, actor: &Actor) -> Result<Dossier> {
    let dossier = dossiers::own(instance, actor).await?;
    policy::decide(&actor.roles, DossierAct::Change(dossier.state(actor))).require()?;
    Ok(dossier)
}
