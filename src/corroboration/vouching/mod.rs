//! Vouching: an answer by mail or link counts once an admin or a CTO says that it was really the person's. Of an address that
//! is said once, for all that they mail from there; of a link that was handed over, for each answer.
//!
//! A voucher is told who, by which way and when; never whose evidence it is about, which entry, or what the answer says.

mod address;
mod domain_store;
mod domains;
pub mod organization_pages;
pub mod organizations;
pub mod pages;
pub mod store;

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use self::store::{Sort, Waiting};
use crate::accounts::Actor;
use crate::accounts::viewer;
use crate::audit::{Change, Event};
use crate::db::{self, Tx};
use crate::error::{Error, FieldError, Result};
use crate::evidence::{Vouching, dossiers};
use crate::instance::Instance;
use crate::notices::{self, Kind, Notice};
use crate::policy::{self, VoiceAct};

/// What is vouched for.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct VouchForm {
    /// `address` or `answer`.
    #[serde(default)]
    pub what: String,
}

/// Says that an answer out of the actor's queue is really the person's; or that its address is, and so every answer mailed
/// from there, those to come too. On evidence of the actor's own it says nothing.
///
/// # Errors
/// [`Error::NotFound`] for what is not in the actor's queue; [`Error::Invalid`] names `what`.
pub async fn vouch(instance: &Instance, actor: &Actor, id: Uuid, form: &VouchForm) -> Result<()> {
    // Whatever it is about; then, of this answer.
    policy::decide(&actor.roles, VoiceAct::Vouch(false)).require()?;
    let mut change = Change::begin_alone(instance, actor).await?;
    let answer = store::one(change.tx(), viewer(actor), id).await?.ok_or(Error::NotFound)?;
    policy::decide(&actor.roles, VoiceAct::Vouch(answer.owner_account == actor.account)).require()?;
    let today = instance.today();
    let address = match (form.what.as_str(), &answer.address) {
        ("answer", _) => None,
        ("address", Some(address)) => Some(address.clone()),
        _ => {
            let message = "Choose whether the address is theirs, or this answer alone.";
            return Err(Error::Invalid(vec![FieldError::new("what", message)]));
        }
    };
    if let Some(address) = address {
        let (new, at) = (change.new_id(), change.at());
        let of = (answer.person_id, address.as_str());
        store::insert_address(change.tx(), new, of, actor.person, today, at).await?;
        let all = store::mailed(change.tx(), actor.account, answer.person_id, &address).await?;
        stand(&mut change, &all, actor.person, today).await?;
        let content = json!({"address": address});
        change.record(Event::AddressVouched, Some(answer.person_id), &content);
    } else {
        let person = answer.person_id;
        stand(&mut change, &[answer], actor.person, today).await?;
        change.record(Event::AnswerVouched, Some(person), &id);
    }
    change.commit().await
}

/// Takes back what the actor said of an answer or of an address, and so of every answer mailed from there: those wait again,
/// unless another vouches for them too. Nobody else takes it back.
///
/// # Errors
/// [`Error::NotFound`] for what the actor didn't vouch for.
pub async fn take_back(instance: &Instance, actor: &Actor, id: Uuid) -> Result<()> {
    // Whatever it is; then, what the actor vouched for alone is found.
    policy::decide(&actor.roles, VoiceAct::TakeVouchingBack(true)).require()?;
    let mut change = Change::begin_alone(instance, actor).await?;
    let today = instance.today();
    if let Some(address) = store::address(change.tx(), actor.person, id).await? {
        let (by, person) = (actor.person, address.person_id);
        let answers = store::vouched_mailed(change.tx(), actor.account, by, person, &address.address).await?;
        store::remove_address(change.tx(), by, &address).await?;
        wait_again(&mut change, &answers, today).await?;
        for answer in &answers {
            let (from, candidate) = (Some(&*address.address), answer.owner_person);
            if let Some(other) = beforehand(change.tx(), instance, person, from, candidate).await? {
                store::stand(change.tx(), answer, other.by, other.on.max(answer.on_date)).await?;
            }
        }
        let content = json!({"address": address.address});
        change.record(Event::AddressVouchingTakenBack, Some(person), &content);
    } else {
        let answer = store::one_vouched(change.tx(), actor.account, actor.person, id).await?;
        let answer = answer.ok_or(Error::NotFound)?;
        let person = answer.person_id;
        wait_again(&mut change, &[answer], today).await?;
        change.record(Event::AnswerVouchingTakenBack, Some(person), &id);
    }
    change.commit().await
}

/// Has answers wait again, and takes back what was told of them.
async fn wait_again(change: &mut Change<'_>, answers: &[Waiting], today: NaiveDate) -> db::Result<()> {
    for answer in answers {
        store::wait_again(change.tx(), answer, today).await?;
        notices::settle(change, Kind::Vouched, answer.id, None).await?;
    }
    touch(change, answers).await
}

/// Has what is kept of the readiness of those whose evidence answers are on be found anew.
async fn touch(change: &mut Change<'_>, answers: &[Waiting]) -> db::Result<()> {
    let mut rested: Vec<Uuid> = answers.iter().map(|answer| answer.dossier_id).collect();
    rested.dedup();
    for dossier in rested {
        dossiers::touch(change.tx(), dossier).await?;
    }
    Ok(())
}

/// Has answers stand from today on, and tells those whose evidence they are on. The change must have begun alone.
pub(super) async fn stand(
    change: &mut Change<'_>,
    answers: &[Waiting],
    by: Uuid,
    today: NaiveDate,
) -> db::Result<()> {
    for answer in answers {
        store::stand(change.tx(), answer, by, today.max(answer.on_date)).await?;
        let path = match answer.sort {
            Sort::Happened => format!("/corroborations/{}", answer.id),
            Sort::Holds => format!("/evidence/{}#voices-h", answer.entry_id),
            Sort::Named => format!("/evidence/{}/named", answer.entry_id),
        };
        let by = Some(answer.person_id);
        let notice = Notice { to: answer.owner_account, kind: Kind::Vouched, about: answer.id, by, path };
        notices::tell(change, notice).await?;
    }
    touch(change, answers).await
}

/// Who vouched for a mailed answer before it came, and since when it stands so: for the address, or by listing its domain,
/// which speaks for people outside the company alone, and for no address that several were given. Never the candidate whose
/// evidence it is on.
pub(super) async fn beforehand(
    tx: &mut Tx,
    instance: &Instance,
    person: Uuid,
    from: Option<&str>,
    candidate: Uuid,
) -> Result<Option<Vouching<Uuid>>> {
    let Some(address) = from else { return Ok(None) };
    let of_address = store::vouched_address(tx, person, address, candidate).await?;
    let found = match (of_address, domains::of_address(address)) {
        (None, Some(domain)) if store::is_theirs_alone(tx, person, address).await? => {
            organizations::vouching(tx, instance, &domain, candidate).await?
        }
        (found, _) => found,
    };
    Ok(found.map(|(by, on)| Vouching { by, on: on.max(instance.today()) }))
}
