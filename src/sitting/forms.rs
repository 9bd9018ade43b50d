//! What a CTO types at a sitting: kept as it was typed, and read against the dossier's guide.

use std::collections::HashMap;

use uuid::Uuid;

use super::Kept;
use super::store::{Contents, SaidBefore, Sitting};
use crate::error::Faults;
use crate::framework::Framework;
use crate::review::Reply;
use crate::text;
use crate::web::typed::Page;

/// Longest sentence on a capability, in characters.
pub const SENTENCE: usize = 600;
/// Longest commitment, in characters.
pub const COMMITMENT: usize = 600;
/// Longest feedback, in characters.
pub const FEEDBACK: usize = 5_000;

/// The form's fields by name. Those of a capability are named `sentence-ID`, those of a question `answer-ID`.
#[derive(Clone, Debug, Default)]
pub struct Typed(pub HashMap<String, String>);

impl Typed {
    /// A field's text; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The open page that sends it, where a script tells.
    pub(super) fn page(&self) -> Option<Page> {
        Page::read(self.get("typed_key"), self.get("typed_turn"))
    }

    /// The fields of a draft as it was last saved.
    pub fn of_draft(draft: &Sitting) -> Typed {
        let mut fields = HashMap::new();
        for (capability, text) in &draft.sentences {
            fields.insert(format!("sentence-{capability}"), text.clone());
        }
        for (question, answer) in &draft.answers {
            fields.insert(format!("answer-{question}"), answer.to_string());
        }
        fields.insert("feedback".into(), draft.feedback.clone().unwrap_or_default());
        if let Some(scope) = draft.broader_scope {
            fields.insert("broader_scope".into(), scope.to_string());
        }
        fields.insert("commitment".into(), draft.commitment.clone());
        if let Some(kept) = draft.earlier_kept {
            fields.insert("kept".into(), kept.to_string());
        }
        fields.insert("revision".into(), draft.revision.to_string());
        Typed(fields)
    }

    /// The fields of a new sitting, filled in from the same CTO's last time. Feedback, its
    /// word on broader scope and the commitment begin empty: each is said anew.
    pub fn from_last(last: Option<&Sitting>, before: &SaidBefore) -> Typed {
        let mut fields = HashMap::from([("revision".to_owned(), "0".to_owned())]);
        for (capability, text) in last.iter().flat_map(|last| &last.sentences) {
            fields.insert(format!("sentence-{capability}"), text.clone());
        }
        for (question, answer) in before.check_in.iter().flat_map(|(_, answers)| answers) {
            fields.insert(format!("answer-{question}"), answer.to_string());
        }
        Typed(fields)
    }

    /// Reads it; `earlier` is the sitting whose commitment is looked back on, `releasing` whether it is to be released.
    ///
    /// # Errors
    /// [`crate::error::Error::Invalid`] names each field by the id of its control.
    pub fn read(
        &self,
        framework: &Framework,
        earlier: Option<Uuid>,
        releasing: bool,
    ) -> crate::error::Result<Contents> {
        let mut faults = Faults::default();
        let mut contents = Contents::default();
        for capability in &framework.capabilities {
            let field = format!("sentence-{}", capability.id);
            let read = short(self.get(&field), SENTENCE, "This sentence");
            let text = faults.take(field, read).unwrap_or_default();
            if !text.is_empty() {
                contents.sentences.push((capability.id.clone(), text));
            }
        }
        for question in &framework.questions {
            let field = format!("answer-{}", question.id);
            let read = word::<Reply>(self.get(&field), "Choose yes, partly, not yet or no answer.");
            if let Some(answer) = faults.take(format!("{field}-yes"), read).flatten() {
                contents.answers.push((question.id.clone(), answer));
            }
        }
        let read = short(self.get("feedback"), FEEDBACK, "Feedback");
        contents.feedback = faults.take("feedback", read).unwrap_or_default();
        let read = word::<Reply>(self.get("broader_scope"), "Choose yes, partly, not yet or no answer.");
        contents.broader_scope = faults.take("broader_scope-yes", read).flatten();
        let read = word::<Kept>(self.get("kept"), "Choose kept, partly kept or not kept.");
        contents.earlier = earlier.zip(faults.take("kept-kept", read).flatten());
        let read = short(self.get("commitment"), COMMITMENT, "A commitment");
        contents.commitment = faults.take("commitment", read).unwrap_or_default();
        if releasing && faults.0.is_empty() {
            whole_enough(framework, &contents, &mut faults);
        }
        faults.done(Some(contents))
    }
}

/// Whether there is enough to release.
fn whole_enough(framework: &Framework, contents: &Contents, faults: &mut Faults) {
    if contents.feedback.is_empty() && contents.broader_scope.is_some() {
        faults.add("feedback", "Say in a sentence what your word on broader scope rests on.");
    } else if contents.sentences.is_empty() && contents.answers.is_empty() && contents.feedback.is_empty() {
        let first =
            framework.capabilities.first().map_or("feedback".into(), |c| format!("sentence-{}", c.id));
        faults.add(first, "Write a sentence, answer a question or give feedback before you release this.");
    }
}

/// Several lines of at most so many characters.
pub(super) fn short(typed: &str, most: usize, what: &str) -> Result<String, String> {
    let text = text::lines(typed)?;
    if text.chars().count() > most {
        return Err(format!("{what} has at most {most} characters."));
    }
    Ok(text)
}

/// A word of a choice that may be left open.
fn word<T: std::str::FromStr>(typed: &str, message: &'static str) -> Result<Option<T>, &'static str> {
    if typed.is_empty() { Ok(None) } else { typed.parse().map(Some).map_err(|_| message) }
}
