//! The sponsor of a dossier: a CTO in use whom its owner names when sharing it. The relation ends with the role, with the
//! account, and once they are recused; the owner and CTOs are told. Without a sponsor nothing waits for one.

use uuid::Uuid;

use super::dossiers::Dossier;
use super::recusals;
use super::visibility::CAN_SPONSOR;
use crate::audit::Change;
use crate::db::{self, Tx};
use crate::error::{Error, FieldError, Given, Result};
use crate::notices::{self, Kind, Notice};

/// That somebody can't be a sponsor.
pub const NO_CHOICE: &str =
    "Choose one of the CTOs listed; who has no part in your case can’t be your sponsor.";

/// What is told of sponsors.
const KINDS: [Kind; 3] = [Kind::Sponsor, Kind::SponsorChanged, Kind::SponsorEnded];

/// Those who can be a dossier's sponsor, by name: accounts and names.
pub async fn choices(tx: &mut Tx, dossier: Uuid) -> db::Result<Vec<(Uuid, String)>> {
    let sql = format!(
        "select a.id, p.name from dossiers d join accounts a on {CAN_SPONSOR} join people p on p.id = a.person_id \
         where d.id = $1 order by p.name, a.id"
    );
    tx.query_built(sql).bind(dossier).all().await
}

/// The name of a dossier's sponsor.
pub async fn name(tx: &mut Tx, dossier: &Dossier) -> db::Result<Option<String>> {
    let Some(sponsor) = dossier.sponsor else { return Ok(None) };
    let found: Option<(String,)> = tx
        .query("select p.name from accounts a join people p on p.id = a.person_id where a.id = $1")
        .bind(sponsor)
        .optional()
        .await?;
    Ok(found.map(|(name,)| name))
}

/// Whom the owner means when they share: the one whom they chose, else who it is already, else the only one there is.
///
/// # Errors
/// [`Error::Invalid`] names `sponsor`.
pub(super) async fn meant(
    tx: &mut Tx,
    dossier: &Dossier,
    chosen: &Given<Option<Uuid>>,
) -> Result<Option<Uuid>> {
    let choices = choices(tx, dossier.id).await?;
    let is_choice = |account: &Uuid| choices.iter().any(|(other, _)| other == account);
    let meant = match (chosen.input, &choices[..]) {
        (None, [(only, _)]) => Some(*only),
        (None, _) => dossier.sponsor.filter(is_choice),
        (Some(chosen), _) if is_choice(&chosen) => Some(chosen),
        (Some(_), _) => return Err(Error::Invalid(vec![FieldError::new("sponsor", NO_CHOICE)])),
    };
    chosen.faults.clone().done(Some(meant))
}

/// Makes somebody a dossier's sponsor, or nobody, and tells them and whoever it was.
pub(super) async fn set(change: &mut Change<'_>, dossier: &Dossier, sponsor: Option<Uuid>) -> db::Result<()> {
    let (before,): (Option<Uuid>,) =
        change.tx().query("select sponsor from dossiers where id = $1").bind(dossier.id).one().await?;
    if sponsor == before {
        return Ok(());
    }
    keep(change.tx(), dossier.id, sponsor).await?;
    let notice = |to, kind| Notice {
        to,
        kind,
        about: dossier.id,
        by: Some(dossier.owner_person),
        path: readiness(dossier.id),
    };
    let mut told = Vec::new();
    if let Some(former) = before {
        notices::settle(change, Kind::Sponsor, dossier.id, Some(former)).await?;
        told.extend(sponsor.is_some().then(|| notice(former, Kind::SponsorChanged)));
    }
    notices::settle(change, Kind::SponsorEnded, dossier.id, None).await?;
    if sponsor.is_some() {
        notices::settle(change, Kind::SponsorChanged, dossier.id, sponsor).await?;
    }
    told.extend(sponsor.map(|to| notice(to, Kind::Sponsor)));
    notices::tell_of_case(change, dossier.id, told).await
}

/// What was told of a dossier's sponsor leaves the inboxes: nobody else may know of the dossier any more.
pub(super) async fn hush(change: &mut Change<'_>, dossier: Uuid) -> db::Result<()> {
    notices::settle_all(change, &KINDS, &[dossier]).await
}

/// Whose relations are looked at.
#[derive(Clone, Copy, Debug)]
pub(super) enum Whose {
    /// A dossier's.
    Dossier(Uuid),
    /// That of an account.
    Account(Uuid),
}

/// Ends relations that can't be any more.
pub(super) async fn follow(change: &mut Change<'_>, whose: Whose) -> db::Result<()> {
    let (column, id) = match whose {
        Whose::Dossier(id) => ("id", id),
        Whose::Account(id) => ("sponsor", id),
    };
    let sql = format!(
        "select d.id, d.owner_account, d.owner_person, d.sharing <> 'private' and d.aim <> 'e1-by-choice' as known \
         from dossiers d where d.{column} = $1 and d.sponsor is not null \
         and not exists (select 1 from accounts a where a.id = d.sponsor and {CAN_SPONSOR}) order by d.id"
    );
    let ended: Vec<(Uuid, Uuid, Uuid, bool)> = change.tx().query_built(sql).bind(id).all().await?;
    for (dossier, owner_account, owner_person, known) in ended {
        keep(change.tx(), dossier, None).await?;
        notices::settle(change, Kind::Sponsor, dossier, None).await?;
        let notice = |to, by, path| Notice { to, kind: Kind::SponsorEnded, about: dossier, by, path };
        notices::tell(change, notice(owner_account, None, "/settings#sharing".into())).await?;
        if known {
            let ctos = ctos(change.tx(), owner_account).await?;
            let told = ctos.into_iter().map(|to| notice(to, Some(owner_person), readiness(dossier)));
            notices::tell_of_case(change, dossier, told.collect()).await?;
        }
    }
    Ok(())
}

/// What follows on an account that came to be, or whose roles or state changed: registered in the crate's root with
/// [`crate::accounts`], which comes before this.
pub async fn follow_account(change: &mut Change<'_>, account: Uuid) -> db::Result<()> {
    follow(change, Whose::Account(account)).await?;
    recusals::follow_account(change, account).await
}

async fn keep(tx: &mut Tx, dossier: Uuid, sponsor: Option<Uuid>) -> db::Result<()> {
    tx.query("update dossiers set sponsor = $2 where id = $1")
        .bind(dossier)
        .bind(sponsor)
        .run_expecting(1)
        .await
}

/// The accounts of CTOs that are in use, but for one.
async fn ctos(tx: &mut Tx, but: Uuid) -> db::Result<Vec<Uuid>> {
    let rows: Vec<(Uuid,)> = tx
        .query(
            "select a.id from accounts a join account_roles r on r.account_id = a.id and r.role = 'cto' \
             where a.disabled_at is null and a.id <> $1 order by a.id",
        )
        .bind(but)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(account,)| account).collect())
}

fn readiness(dossier: Uuid) -> String {
    format!("/dossiers/{dossier}/readiness")
}
