//! What is typed about plans and conversations, read into what is kept; or what is wrong with it.

use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::Progress;
use super::store::{Conversation, PlanAction};
use crate::error::{Faults, Result};
use crate::framework::Framework;
use crate::text;
use crate::web::forms::day;

/// The longest action in one's own words, in characters.
const LONGEST_ACTION: usize = 500;
/// The longest notes of a conversation, in characters.
const LONGEST_NOTES: usize = 20_000;
/// The longest name of whom a conversation was with, in characters.
const LONGEST_NAME: usize = 200;

/// An action as it is added.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ActionForm {
    /// One of the framework's development actions; empty for one's own words.
    pub action: String,
    /// One's own words; empty for one of the framework's.
    pub words: String,
    /// The capability that one's own words are for; may be empty.
    pub capability: String,
    /// By when.
    pub due: String,
}

/// What can change of an action.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ProgressForm {
    /// How far it has come.
    pub state: String,
    /// By when.
    pub due: String,
    /// The id of the entry that closed it; may be empty.
    pub entry: String,
}

/// A conversation as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ConversationForm {
    /// When.
    pub on: String,
    /// With whom.
    pub with: String,
    /// What was said.
    pub notes: String,
    /// What was agreed.
    pub next: String,
}

impl ActionForm {
    pub(super) fn read(&self, framework: &Framework, id: Uuid, today: NaiveDate) -> Result<PlanAction> {
        let mut faults = Faults::default();
        let words = faults.take("words", text::one_line(&self.words)).unwrap_or_default();
        let chosen = framework.development_action(&self.action);
        if !self.action.is_empty() && chosen.is_none() {
            faults.add("action", "Choose one of the guide’s actions, or write your own.");
        }
        match (&chosen, words.is_empty()) {
            (None, true) if self.action.is_empty() && faults.0.is_empty() => {
                faults.add("action", "Choose one of the guide’s actions, or write your own below.");
            }
            (Some(_), false) => {
                faults.add("words", "Choose one of the guide’s actions or write your own, one at a time.");
            }
            _ => {}
        }
        if words.chars().count() > LONGEST_ACTION {
            faults.add("words", "An action has at most 500 characters. Shorten it, or split it in two.");
        }
        let own = Some(self.capability.clone()).filter(|capability| !capability.is_empty());
        if own.as_ref().is_some_and(|own| framework.capability(own).is_none()) {
            faults.add("capability", "Choose one of the capabilities, or none.");
        }
        let due = faults.take("due", day(&self.due));
        if due.is_some_and(|due| due < today) {
            faults.add("due", "This day has passed. Enter today or a later day.");
        }
        let due_date = faults.done(due)?;
        Ok(PlanAction {
            id,
            capability: chosen.map(|(capability, _)| capability.id.clone()).or(own),
            action: chosen.map(|(_, action)| action.id.clone()),
            words: chosen.map_or(words, |(_, action)| action.text.clone()),
            due_date,
            state: Progress::Planned,
            entry_id: None,
            closed_on: None,
        })
    }
}

impl ProgressForm {
    pub(super) fn of(action: &PlanAction) -> ProgressForm {
        ProgressForm {
            state: action.state.to_string(),
            due: action.due_date.to_string(),
            entry: action.entry_id.map(|id| id.to_string()).unwrap_or_default(),
        }
    }

    /// The action as it is to be; `entries` are those that can have closed it.
    pub(super) fn read(&self, before: PlanAction, entries: &[Uuid], today: NaiveDate) -> Result<PlanAction> {
        let mut faults = Faults::default();
        let state = self.state.parse::<Progress>();
        let state = faults.take("state-planned", state.map_err(|_| "Choose how far it has come."));
        let due = faults.take("due", day(&self.due));
        let entry = match self.entry.as_str() {
            "" => None,
            id => {
                let found = id.parse().ok().filter(|id| entries.contains(id));
                if found.is_none() {
                    faults.add("entry", "Choose one of your published entries, or none.");
                }
                found
            }
        };
        if entry.is_some() && state.is_some_and(|state| state != Progress::Done) {
            faults.add("entry", "An entry closes what is done. Choose “Done”, or no entry.");
        }
        let (state, due_date) = faults.done(state.zip(due))?;
        let closed_on =
            state.is_closed().then(|| before.closed_on.filter(|_| before.state == state).unwrap_or(today));
        Ok(PlanAction { state, due_date, entry_id: entry, closed_on, ..before })
    }
}

impl ConversationForm {
    pub(super) fn of(conversation: &Conversation) -> ConversationForm {
        ConversationForm {
            on: conversation.on_date.to_string(),
            with: conversation.with_whom.clone(),
            notes: conversation.notes.clone(),
            next: conversation.next_steps.clone(),
        }
    }

    pub(super) fn read(&self, id: Uuid, today: NaiveDate) -> Result<Conversation> {
        let mut faults = Faults::default();
        let on = faults.take("on", day(&self.on));
        if on.is_some_and(|on| on > today) {
            faults.add("on", "This day lies ahead. Write it down once you have talked.");
        }
        let with_whom = faults.take("with", text::one_line(&self.with)).unwrap_or_default();
        if with_whom.chars().count() > LONGEST_NAME {
            faults.add("with", "A name has at most 200 characters.");
        }
        let notes = faults.take("notes", text::lines(&self.notes)).unwrap_or_default();
        let next_steps = faults.take("next", text::lines(&self.next)).unwrap_or_default();
        for (field, text) in [("notes", &notes), ("next", &next_steps)] {
            if text.chars().count() > LONGEST_NOTES {
                faults.add(field, "This has at most 20,000 characters. Shorten it.");
            }
        }
        if notes.is_empty() && next_steps.is_empty() && faults.0.iter().all(|fault| fault.field == "on") {
            faults.add("notes", "Write down what was said, or below what was agreed.");
        }
        let on_date = faults.done(on)?;
        Ok(Conversation { id, on_date, with_whom, notes, next_steps })
    }
}
