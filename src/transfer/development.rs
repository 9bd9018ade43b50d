//! Out of the database: the development plan, conversations about the path and answers to signals.

use uuid::Uuid;

use crate::dashboard::responses;
use crate::db::{Result, Tx};
use crate::development::store;
use crate::portable::{Conversation, PlanAction, SignalResponse};

/// The plan of a dossier.
pub(super) async fn plan(tx: &mut Tx, dossier: Uuid) -> Result<Vec<PlanAction>> {
    let written = |action: store::PlanAction| PlanAction {
        words: action.words,
        action: action.action,
        capability: action.capability,
        due: action.due_date,
        state: action.state,
        closed_on: action.closed_on,
        evidence: action.entry_id.map(|entry| entry.to_string()),
    };
    Ok(store::plan(tx, dossier).await?.into_iter().map(written).collect())
}

/// The conversations of a dossier, the earliest first.
pub(super) async fn conversations(tx: &mut Tx, dossier: Uuid) -> Result<Vec<Conversation>> {
    let written = |kept: store::Conversation| Conversation {
        on: kept.on_date,
        with: kept.with_whom,
        notes: kept.notes,
        next_steps: Some(kept.next_steps).filter(|steps| !steps.is_empty()),
    };
    Ok(store::conversations(tx, dossier).await?.into_iter().rev().map(written).collect())
}

/// The owner's answers to signals.
pub(super) async fn responses(tx: &mut Tx, dossier: Uuid) -> Result<Vec<SignalResponse>> {
    let written = |(pitfall, said): (String, responses::Response)| SignalResponse {
        pitfall,
        on: said.on,
        text: said.text,
    };
    Ok(responses::of(tx, dossier).await?.into_iter().map(written).collect())
}
