//! The CTO's part: released sittings and comments on entries, which the second format adds.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::fields::Place;
use super::json::Node;
use super::parts::Known;
use crate::review::Field;
use crate::sitting::Kept;

/// What a CTO said at a sitting beside check-in and feedback, released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sitting {
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The day of its release.
    pub on: NaiveDate,
    /// Sentences by the ids of their capabilities.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub sentences: BTreeMap<String, String>,
    /// What the CTO said that they would do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commitment: Option<String>,
    /// What they later said became of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
}

/// A CTO's comment on a field of an entry, released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comment {
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The day of its release.
    pub on: NaiveDate,
    /// On what.
    pub field: Field,
    /// The entry's revision that was read.
    pub revision: u32,
    /// The comment.
    pub text: String,
    /// What the candidate replied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// When they did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replied_on: Option<NaiveDate>,
}

impl Known<'_, '_> {
    pub(super) fn sitting(&self, p: &mut Place, node: &Node) -> Option<Sitting> {
        let fields = p.object(node, &["by", "on", "sentences", "commitment", "kept"])?;
        let by = self.by(p, fields);
        let on = p.required(fields, "on", Place::date);
        let sentences = p.optional(fields, "sentences", |p, node| self.sentences(p, node));
        let commitment = p.optional(fields, "commitment", Place::text);
        let kept = p.optional(fields, "kept", Place::word);
        Some(Sitting { by, on: on?, sentences: sentences.unwrap_or_default(), commitment, kept })
    }

    fn sentences(&self, p: &mut Place, node: &Node) -> Option<BTreeMap<String, String>> {
        // Against a framework that is not known, nothing is held.
        let framework = self.framework?;
        let ids: Vec<&str> = framework.capabilities.iter().map(|c| c.id.as_str()).collect();
        let otherwise = format!("is not a capability of {}", framework.id);
        let fields = p.object_of(node, &ids, &otherwise)?;
        let read = ids.iter().filter_map(|&id| Some((id.to_owned(), p.optional(fields, id, Place::text)?)));
        Some(read.collect())
    }

    pub(super) fn comment(&self, p: &mut Place, node: &Node) -> Option<Comment> {
        let fields = p.object(node, &["by", "on", "field", "revision", "text", "reply", "replied_on"])?;
        let by = self.by(p, fields);
        let on = p.required(fields, "on", Place::date);
        let field = p.required(fields, "field", Place::word);
        let revision = p.required(fields, "revision", Place::whole_number);
        let text = p.required(fields, "text", Place::text);
        let reply = p.optional(fields, "reply", Place::text);
        let replied_on = p.optional(fields, "replied_on", Place::date);
        Some(Comment { by, on: on?, field: field?, revision: revision?, text: text?, reply, replied_on })
    }
}
