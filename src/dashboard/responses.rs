//! What a candidate answers to the signals: theirs alone, shown to them beside the signal.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::accounts::Actor;
use crate::audit::{Change, Event};
use crate::db::{self, Tx};
use crate::error::{Error, Faults, Result};
use crate::evidence::{Aim, dossiers};
use crate::instance::Instance;
use crate::policy::{self, DossierAct};
use crate::text;

/// The longest answer, in characters.
const LONGEST: usize = 4_000;

/// An answer, and the day on which it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The answer.
    pub text: String,
    /// The day.
    pub on: NaiveDate,
}

/// The answers of a dossier's owner, by the ids of the pitfalls. For their eyes alone.
pub async fn of(tx: &mut Tx, dossier: Uuid) -> db::Result<BTreeMap<String, Response>> {
    let rows: Vec<(String, String, NaiveDate)> = tx
        .query("select pitfall, text, on_date from signal_responses where dossier_id = $1")
        .bind(dossier)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(pitfall, text, on)| (pitfall, Response { text, on })).collect())
}

/// Keeps the actor's answer to a signal; an empty one takes it back.
///
/// # Errors
/// [`Error::NotFound`] for a pitfall that the framework doesn't have, and for who stays at E1 by choice and so is asked
/// nothing; [`Error::Invalid`] names `response-` and the pitfall.
pub async fn respond(instance: &Instance, actor: &Actor, pitfall: &str, typed: &str) -> Result<()> {
    let dossier = dossiers::own(instance, actor).await?;
    policy::decide(&actor.roles, DossierAct::Change(dossier.state(actor))).require()?;
    if dossier.aim == Aim::E1ByChoice {
        return Err(Error::NotFound);
    }
    let framework = dossier.framework()?;
    let pitfall = framework.pitfalls.iter().find(|known| known.id == pitfall).ok_or(Error::NotFound)?;
    let field = format!("response-{}", pitfall.id);
    let mut faults = Faults::default();
    let text = faults.take(field.clone(), text::lines(typed));
    if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST) {
        faults.add(field, "An answer has at most 4,000 characters. Shorten it.");
    }
    let text = faults.done(text)?;
    let mut change = Change::begin(instance, actor).await?;
    let tx = change.tx();
    if text.is_empty() {
        let remove = tx.query("delete from signal_responses where dossier_id = $1 and pitfall = $2");
        remove.bind(dossier.id).bind(pitfall.id.clone()).run().await?;
    } else {
        tx.query(
            "insert into signal_responses (dossier_id, pitfall, text, on_date) values ($1, $2, $3, $4) \
             on conflict (dossier_id, pitfall) do update set text = excluded.text, on_date = excluded.on_date",
        )
        .bind(dossier.id)
        .bind(pitfall.id.clone())
        .bind(text.clone())
        .bind(instance.today())
        .run_expecting(1)
        .await?;
    }
    dossiers::touch(change.tx(), dossier.id).await?;
    change.record(Event::SignalAnswered, Some(dossier.id), &(&pitfall.id, &text));
    change.commit().await
}
