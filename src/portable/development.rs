//! What the second format holds of the development plan, of conversations about the path and of answers to signals. All of
//! it is the owner's alone.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::fields::{Fields, Place, quoted};
use super::json::Node;
use super::parts::Known;
use crate::development::Progress;
use crate::framework::Framework;

/// Longest words of an action, in characters.
const WORDS: usize = 500;

/// Something that the candidate means to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanAction {
    /// What, not blank, at most 500 characters.
    pub words: String,
    /// The id of the framework's development action that it was chosen from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The id of the capability that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub capability: Option<String>,
    /// By when.
    pub due: NaiveDate,
    /// How far it has come.
    pub state: Progress,
    /// When it was done or dropped; only of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<NaiveDate>,
    /// The id of the entry that closed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// A conversation about the path ahead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conversation {
    /// When.
    pub on: NaiveDate,
    /// With whom, in the candidate's words.
    pub with: String,
    /// What was said.
    pub notes: String,
    /// What was agreed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_steps: Option<String>,
}

/// What the candidate says to a signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SignalResponse {
    /// The id of the signal's pitfall.
    pub pitfall: String,
    /// When.
    pub on: NaiveDate,
    /// What.
    pub text: String,
}

impl Known<'_, '_> {
    /// An action of the plan; `entries` are the ids of the dossier's entries.
    pub(super) fn plan_action(
        &self,
        p: &mut Place,
        node: &Node,
        entries: &HashSet<&str>,
    ) -> Option<PlanAction> {
        let known = ["words", "action", "capability", "due", "state", "closed_on", "evidence"];
        let fields = p.object(node, &known)?;
        let words = p.required(fields, "words", |p, n| {
            let words = p.text(n)?;
            match words.chars().count() {
                _ if words.trim().is_empty() => p.fault("is blank"),
                length if length > WORDS => {
                    p.fault(format!("has {length} characters; at most {WORDS} are allowed"));
                }
                _ => {}
            }
            Some(words)
        });
        let action = self.listed(p, fields, "action", "development action", |framework, id| {
            framework.capabilities.iter().flat_map(|c| &c.development_actions).any(|action| action.id == id)
        });
        let capability = self.listed(p, fields, "capability", "capability", |framework, id| {
            framework.capability(id).is_some()
        });
        let due = p.required(fields, "due", Place::date);
        let state: Option<Progress> = p.required(fields, "state", Place::word);
        let closed_on = p.optional(fields, "closed_on", Place::date);
        let is_closed = state.map(Progress::is_closed);
        if fields.get("closed_on").is_some() && is_closed == Some(false) {
            p.at("closed_on", |p| p.fault("is given for what is neither done nor dropped"));
        } else if fields.get("closed_on").is_none() && is_closed == Some(true) {
            p.at("closed_on", |p| p.fault("is required of what is done or dropped"));
        }
        let evidence = p.optional(fields, "evidence", |p, n| {
            let id = p.text(n)?;
            if !entries.contains(id.as_str()) {
                p.fault(format!("{} is not among the dossier's entries", quoted(&id)));
            }
            Some(id)
        });
        Some(PlanAction { words: words?, action, capability, due: due?, state: state?, closed_on, evidence })
    }

    pub(super) fn conversation(p: &mut Place, node: &Node) -> Option<Conversation> {
        let fields = p.object(node, &["on", "with", "notes", "next_steps"])?;
        let on = p.required(fields, "on", Place::date);
        let with = p.required(fields, "with", Place::text);
        let notes = p.required(fields, "notes", Place::text);
        let next_steps = p.optional(fields, "next_steps", Place::text);
        Some(Conversation { on: on?, with: with?, notes: notes?, next_steps })
    }

    pub(super) fn signal_response(&self, p: &mut Place, node: &Node) -> Option<SignalResponse> {
        let fields = p.object(node, &["pitfall", "on", "text"])?;
        if fields.get("pitfall").is_none() {
            p.at("pitfall", |p| p.fault("is required"));
        }
        let pitfall = self.listed(p, fields, "pitfall", "pitfall", |framework, id| {
            framework.pitfalls.iter().any(|pitfall| pitfall.id == id)
        });
        let on = p.required(fields, "on", Place::date);
        let text = p.required(fields, "text", Place::text);
        Some(SignalResponse { pitfall: pitfall?, on: on?, text: text? })
    }

    /// The id of something that the framework has to list, where it is known.
    fn listed(
        &self,
        p: &mut Place,
        fields: Fields<'_>,
        name: &str,
        what: &str,
        lists: impl Fn(&Framework, &str) -> bool,
    ) -> Option<String> {
        p.optional(fields, name, |p, n| {
            let id = p.text(n)?;
            if let Some(framework) = self.framework
                && !lists(framework, &id)
            {
                p.fault(format!("{} is not a {what} of {}", quoted(&id), framework.id));
            }
            Some(id)
        })
    }
}
