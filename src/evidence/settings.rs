//! What a candidate sets about their dossier: leave, aim and sharing.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::dossiers::{self, Dossier};
use super::{Aim, Sharing, sponsors, telling};
use crate::accounts::{self, Actor};
use crate::audit::{Change, Event};
use crate::db::{self, Tx};
use crate::error::{Error, FieldError, Given, Result};
use crate::instance::Instance;
use crate::notices;
use crate::policy::{self, DossierAct};
use crate::web::words;

/// More periods of leave than anybody takes.
const MOST_PERIODS: i64 = 200;

/// That a period lacks a day.
const NO_DAY: &str = "Enter a day, like 2026-03-14.";

/// A period of leave to add.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeaveInput {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day, included.
    pub to: Option<NaiveDate>,
}

/// Days on which nobody expects evidence; never with a reason.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Leave {
    /// Its id.
    pub id: Uuid,
    /// The first day.
    pub from_date: NaiveDate,
    /// The last day, included.
    pub to_date: NaiveDate,
}

impl Leave {
    /// `3 Feb – 14 Jun 2026`.
    pub fn when(&self) -> String {
        words::period((self.from_date, false), Some((self.to_date, false)), false)
    }

    /// How many days it has.
    pub fn days(&self) -> u64 {
        (self.to_date - self.from_date).num_days().unsigned_abs() + 1
    }
}

/// A dossier's leave, the latest first.
pub async fn leave(tx: &mut Tx, dossier: Uuid) -> db::Result<Vec<Leave>> {
    tx.query(
        "select id, from_date, to_date from leave_periods where dossier_id = $1 order by from_date desc, id",
    )
    .bind(dossier)
    .all()
    .await
}

/// Adds a period of leave.
///
/// # Errors
/// [`Error::Invalid`] names `from` and `to`.
pub async fn add_leave(instance: &Instance, actor: &Actor, given: &Given<LeaveInput>) -> Result<()> {
    let Given { input, mut faults } = given.clone();
    let from = faults.need("from", input.from, NO_DAY);
    let to = faults.need("to", input.to, NO_DAY);
    faults.in_order(&["from", "to"]);
    let mut range = from.zip(to);
    if range.is_some_and(|(from, to)| to < from) {
        faults.add("to", "The last day is before the first. Enter the same day or a later one.");
        range = None;
    }
    let (from, to) = faults.done(range)?;
    let dossier = changeable(instance, actor).await?;
    let mut change = Change::begin(instance, actor).await?;
    let at = change.at();
    dossiers::touch(change.tx(), dossier.id).await?;
    let (periods,): (i64,) = change
        .tx()
        .query("select count(*) from leave_periods where dossier_id = $1")
        .bind(dossier.id)
        .one()
        .await?;
    if periods >= MOST_PERIODS {
        let message = format!("There are {MOST_PERIODS} periods already. Remove one first.");
        return Err(Error::Invalid(vec![FieldError::new("from", message)]));
    }
    let id = instance.ids.new_id(at);
    change
        .tx()
        .query("insert into leave_periods (id, dossier_id, from_date, to_date, created_at) values ($1, $2, $3, $4, $5)")
        .bind(id)
        .bind(dossier.id)
        .bind(from)
        .bind(to)
        .bind(at)
        .run_expecting(1)
        .await?;
    change.record(Event::LeaveAdded, Some(id), &json!({"dossier": dossier.id, "from": from, "to": to}));
    change.commit().await
}

/// Removes a period of leave.
///
/// # Errors
/// [`Error::NotFound`] when the actor's dossier has no such period.
pub async fn remove_leave(instance: &Instance, actor: &Actor, id: Uuid) -> Result<()> {
    let dossier = changeable(instance, actor).await?;
    let mut change = Change::begin(instance, actor).await?;
    let removed = change
        .tx()
        .query("delete from leave_periods where id = $1 and dossier_id = $2")
        .bind(id)
        .bind(dossier.id)
        .run()
        .await?;
    if removed == 0 {
        return Err(Error::NotFound);
    }
    dossiers::touch(change.tx(), dossier.id).await?;
    change.record(Event::LeaveRemoved, Some(id), &());
    change.commit().await
}

/// Sets what the candidate wants; nobody else is told.
pub async fn set_aim(instance: &Instance, actor: &Actor, aim: Aim) -> Result<()> {
    let dossier = changeable(instance, actor).await?;
    let mut change = Change::begin(instance, actor).await?;
    change
        .tx()
        .query("update dossiers set aim = $2 where id = $1")
        .bind(dossier.id)
        .bind(aim)
        .run_expecting(1)
        .await?;
    if aim == Aim::E1ByChoice {
        notices::actions::without_reminders(&mut change, actor.account).await?;
        sponsors::hush(&mut change, dossier.id).await?;
    }
    telling::follow(&mut change, dossier.id, None, &[]).await?;
    change.record(Event::DossierAimSet, Some(dossier.id), &aim);
    change.commit().await
}

/// Sets with whom the dossier is shared, and who its sponsor is: whom the owner chose or, where they left that open, who
/// it is already or the only one there is. The day on which it was first shared beyond its owner stays until it is private
/// again; a sponsor is one while it is shared.
///
/// # Errors
/// [`Error::Invalid`] names `sponsor`.
pub async fn set_sharing(
    instance: &Instance,
    actor: &Actor,
    sharing: Sharing,
    sponsor: &Given<Option<Uuid>>,
) -> Result<()> {
    let dossier = changeable(instance, actor).await?;
    let today = instance.today();
    let mut change = Change::begin(instance, actor).await?;
    let mut meant = None;
    if sharing != Sharing::Private {
        meant = sponsors::meant(change.tx(), &dossier, sponsor).await?;
        if let Some(account) = meant {
            // While their role is being taken, they are not to become what that ends.
            accounts::store::lock(change.tx(), account).await?;
            meant = sponsors::meant(change.tx(), &dossier, sponsor).await?;
        }
    }
    dossiers::touch(change.tx(), dossier.id).await?;
    let since = match sharing {
        Sharing::Private => None,
        Sharing::Sponsor | Sharing::Committee => Some(today),
    };
    change
        .tx()
        .query(
            "update dossiers set sharing = $2, \
             shared_on = case when $2 = 'private' then null else coalesce(shared_on, $3) end where id = $1",
        )
        .bind(dossier.id)
        .bind(sharing)
        .bind(since)
        .run_expecting(1)
        .await?;
    sponsors::set(&mut change, &dossier, meant).await?;
    if sharing == Sharing::Private {
        sponsors::hush(&mut change, dossier.id).await?;
    }
    telling::follow(&mut change, dossier.id, None, &[]).await?;
    change.record(Event::DossierShared, Some(dossier.id), &(sharing, meant));
    change.commit().await
}

/// The actor's own dossier, which they may change.
async fn changeable(instance: &Instance, actor: &Actor) -> Result<Dossier> {
    let dossier = dossiers::own(instance, actor).await?;
    policy::decide(&actor.roles, DossierAct::Change(dossier.state(actor))).require()?;
    Ok(dossier)
}
