//! The rows of plans and conversations. Every function asks for the dossier, which is its owner's.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::Progress;
use crate::db::{Result, Tx};

/// An action of a plan.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct PlanAction {
    /// Its id.
    pub id: Uuid,
    /// The framework's development action that it was chosen from; none for one in the owner's words.
    pub action: Option<String>,
    /// The capability that it is for, if for one.
    pub capability: Option<String>,
    /// What is to be done.
    pub words: String,
    /// By when.
    pub due_date: NaiveDate,
    /// How far it has come.
    pub state: Progress,
    /// The entry that closed it.
    pub entry_id: Option<Uuid>,
    /// When it was done or dropped.
    pub closed_on: Option<NaiveDate>,
}

/// A conversation about the path ahead.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct Conversation {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub on_date: NaiveDate,
    /// With whom.
    pub with_whom: String,
    /// What was said.
    pub notes: String,
    /// What was agreed.
    pub next_steps: String,
}

const ACTION: &str =
    "select id, action, capability, words, due_date, state, entry_id, closed_on from plan_actions";
const CONVERSATION: &str = "select id, on_date, with_whom, notes, next_steps from path_conversations";

/// A plan's actions, by when they are due.
pub async fn plan(tx: &mut Tx, dossier: Uuid) -> Result<Vec<PlanAction>> {
    tx.query_built(format!("{ACTION} where dossier_id = $1 order by due_date, id")).bind(dossier).all().await
}

/// One action of a plan.
pub async fn action(tx: &mut Tx, dossier: Uuid, id: Uuid) -> Result<Option<PlanAction>> {
    let sql = format!("{ACTION} where dossier_id = $1 and id = $2");
    tx.query_built(sql).bind(dossier).bind(id).optional().await
}

/// Adds an action to a plan.
pub async fn insert_action(tx: &mut Tx, dossier: Uuid, action: &PlanAction, at: DateTime<Utc>) -> Result<()> {
    tx.query(
        "insert into plan_actions \
         (id, dossier_id, action, capability, words, due_date, state, entry_id, closed_on, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(action.id)
    .bind(dossier)
    .bind(action.action.clone())
    .bind(action.capability.clone())
    .bind(action.words.clone())
    .bind(action.due_date)
    .bind(action.state)
    .bind(action.entry_id)
    .bind(action.closed_on)
    .bind(at)
    .run_expecting(1)
    .await
}

/// Saves what can change of an action.
pub(super) async fn update_action(tx: &mut Tx, dossier: Uuid, action: &PlanAction) -> Result<()> {
    tx.query(
        "update plan_actions set due_date = $3, state = $4, entry_id = $5, closed_on = $6 \
         where dossier_id = $1 and id = $2",
    )
    .bind(dossier)
    .bind(action.id)
    .bind(action.due_date)
    .bind(action.state)
    .bind(action.entry_id)
    .bind(action.closed_on)
    .run_expecting(1)
    .await
}

/// Removes an action; false when the plan has no such action.
pub(super) async fn remove_action(tx: &mut Tx, dossier: Uuid, id: Uuid) -> Result<bool> {
    let remove = tx.query("delete from plan_actions where dossier_id = $1 and id = $2");
    Ok(remove.bind(dossier).bind(id).run().await? == 1)
}

/// A dossier's conversations, the latest first.
pub async fn conversations(tx: &mut Tx, dossier: Uuid) -> Result<Vec<Conversation>> {
    let sql = format!("{CONVERSATION} where dossier_id = $1 order by on_date desc, id desc");
    tx.query_built(sql).bind(dossier).all().await
}

/// One conversation.
pub async fn conversation(tx: &mut Tx, dossier: Uuid, id: Uuid) -> Result<Option<Conversation>> {
    let sql = format!("{CONVERSATION} where dossier_id = $1 and id = $2");
    tx.query_built(sql).bind(dossier).bind(id).optional().await
}

/// Adds a conversation.
pub async fn insert_conversation(
    tx: &mut Tx,
    dossier: Uuid,
    conversation: &Conversation,
    at: DateTime<Utc>,
) -> Result<()> {
    tx.query(
        "insert into path_conversations (id, dossier_id, on_date, with_whom, notes, next_steps, created_at) \
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(conversation.id)
    .bind(dossier)
    .bind(conversation.on_date)
    .bind(conversation.with_whom.clone())
    .bind(conversation.notes.clone())
    .bind(conversation.next_steps.clone())
    .bind(at)
    .run_expecting(1)
    .await
}

/// Saves a conversation; false when the dossier has no such one.
pub(super) async fn update_conversation(
    tx: &mut Tx,
    dossier: Uuid,
    conversation: &Conversation,
) -> Result<bool> {
    let updated = tx
        .query(
            "update path_conversations set on_date = $3, with_whom = $4, notes = $5, next_steps = $6 \
             where dossier_id = $1 and id = $2",
        )
        .bind(dossier)
        .bind(conversation.id)
        .bind(conversation.on_date)
        .bind(conversation.with_whom.clone())
        .bind(conversation.notes.clone())
        .bind(conversation.next_steps.clone())
        .run()
        .await?;
    Ok(updated == 1)
}

/// Removes a conversation; false when the dossier has no such one.
pub(super) async fn remove_conversation(tx: &mut Tx, dossier: Uuid, id: Uuid) -> Result<bool> {
    let remove = tx.query("delete from path_conversations where dossier_id = $1 and id = $2");
    Ok(remove.bind(dossier).bind(id).run().await? == 1)
}
