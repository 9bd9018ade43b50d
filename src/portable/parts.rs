//! Reads the parts of a dossier that are no entry: people, leave, check-ins and feedback.

use std::collections::{BTreeMap, HashSet};

use chrono::NaiveDate;

use super::dossier::{CheckIn, Feedback, Leave, LevelEntry, Milestone, Person};
use super::fields::{Fields, Place, quoted};
use super::json::Node;
use crate::framework::Framework;
use crate::review::Reply;

/// An id that is not among those before it.
pub(super) fn new_id<'n>(p: &mut Place, node: &'n Node, ids: &mut HashSet<&'n str>) -> Option<String> {
    let id = p.text(node)?;
    if !ids.insert(node.as_text()?) {
        p.fault(format!("{} is the id of an earlier one already", quoted(&id)));
    }
    Some(id)
}

/// That a range does not end before it starts; a fault at its end otherwise.
pub(super) fn in_order(p: &mut Place, from: Option<NaiveDate>, to: Option<NaiveDate>) {
    if let Some((from, to)) = from.zip(to)
        && to < from
    {
        p.at("to", |p| p.fault(format!("{to} is before from, which is {from}")));
    }
}

pub(super) fn leave(p: &mut Place, node: &Node) -> Option<Leave> {
    let fields = p.object(node, &["from", "to"])?;
    let from = p.required(fields, "from", Place::date);
    let to = p.required(fields, "to", Place::date);
    in_order(p, from, to);
    Some(Leave { from: from?, to: to? })
}

/// What a dossier's parts may refer to.
pub(super) struct Known<'k, 'n> {
    /// The framework, if it is known; nothing is held against one that isn't.
    pub(super) framework: Option<&'k Framework>,
    /// The ids of the dossier's people, unless somebody's can't be read: anyone might then be that person.
    people: Option<HashSet<&'n str>>,
    /// The number of the file's format.
    format: usize,
}

impl<'k, 'n> Known<'k, 'n> {
    pub(super) fn new(framework: Option<&'k Framework>, people: &'n [Node], format: usize) -> Self {
        let id = |person: &'n Node| match person {
            Node::Object(fields) => {
                fields.iter().find(|(key, _)| key == "id").and_then(|(_, id)| id.as_text())
            }
            _ => None,
        };
        Self { framework, people: people.iter().map(id).collect(), format }
    }

    /// The fields that the file's format has somewhere: those of the first, and those that the second adds.
    pub(super) fn fields(
        &self,
        first: &'static [&'static str],
        added: &'static [&'static str],
    ) -> Vec<&'static str> {
        self.fields_by_format([first, added, &[]])
    }

    /// The same where the third format adds fields too.
    pub(super) fn fields_by_format(&self, added: [&'static [&'static str]; 3]) -> Vec<&'static str> {
        added.into_iter().take(self.format).flatten().copied().collect()
    }

    /// A field that the second format adds. In a file of the first it is refused already, and not read.
    pub(super) fn added<'f, T>(
        &self,
        p: &mut Place,
        fields: Fields<'f>,
        name: &str,
        read: impl FnOnce(&mut Place, &'f Node) -> Option<T>,
    ) -> Option<T> {
        self.added_by(2, p, fields, name, read)
    }

    /// A field that a format adds. In a file of an earlier one it is refused already, and not read.
    pub(super) fn added_by<'f, T>(
        &self,
        format: usize,
        p: &mut Place,
        fields: Fields<'f>,
        name: &str,
        read: impl FnOnce(&mut Place, &'f Node) -> Option<T>,
    ) -> Option<T> {
        if self.format >= format { p.optional(fields, name, read) } else { None }
    }

    /// The id of one of the dossier's people.
    pub(super) fn person(&self, p: &mut Place, node: &Node) -> Option<String> {
        let id = p.text(node)?;
        if self.people.as_ref().is_some_and(|people| !people.contains(id.as_str())) {
            p.fault(format!("{} is not among the dossier's people", quoted(&id)));
        }
        Some(id)
    }

    pub(super) fn by(&self, p: &mut Place, fields: Fields<'_>) -> Option<String> {
        p.optional(fields, "by", |p, n| self.person(p, n))
    }

    pub(super) fn described(
        &self,
        p: &mut Place,
        node: &'n Node,
        ids: &mut HashSet<&'n str>,
    ) -> Option<Person> {
        let fields = p.object(node, &["id", "name", "organization", "levels", "milestones"])?;
        let id = p.required(fields, "id", |p, n| new_id(p, n, ids));
        let name = p.required(fields, "name", Place::text);
        let organization = p.required(fields, "organization", Place::word);
        let levels = p.list(fields, "levels", |p, n| self.level(p, n));
        let milestones = p.list(fields, "milestones", |p, n| self.milestone(p, n));
        Some(Person { id: id?, name: name?, organization: organization?, levels, milestones })
    }

    fn level(&self, p: &mut Place, node: &Node) -> Option<LevelEntry> {
        let fields = p.object(node, &["level", "from", "domain", "reports_to", "by"])?;
        let level = p.required(fields, "level", Place::text);
        let from = p.required(fields, "from", Place::date);
        let domain = p.optional(fields, "domain", Place::text);
        let reports_to = p.optional(fields, "reports_to", |p, n| self.person(p, n));
        let by = self.by(p, fields);
        Some(LevelEntry { level: level?, from: from?, domain, reports_to, by })
    }

    fn milestone(&self, p: &mut Place, node: &Node) -> Option<Milestone> {
        let fields = p.object(node, &self.fields(&["on", "what", "by"], &["kind"]))?;
        let on = p.required(fields, "on", Place::date);
        let what = p.required(fields, "what", Place::text);
        let kind = self.added(p, fields, "kind", Place::word);
        let by = self.by(p, fields);
        Some(Milestone { on: on?, what: what?, kind, by })
    }

    pub(super) fn check_in(&self, p: &mut Place, node: &Node) -> Option<CheckIn> {
        let fields = p.object(node, &["kind", "by", "on", "answers"])?;
        let kind = p.required(fields, "kind", Place::word);
        let by = self.by(p, fields);
        let on = p.required(fields, "on", Place::date);
        let answers = p.required(fields, "answers", |p, node| self.answers(p, node));
        Some(CheckIn { kind: kind?, by, on: on?, answers: answers? })
    }

    fn answers(&self, p: &mut Place, node: &Node) -> Option<BTreeMap<String, Reply>> {
        if let (None, Node::Object(fields)) = (self.framework, node) {
            for (question, reply) in fields {
                p.at(question, |p| p.word::<Reply>(reply));
            }
            return None;
        }
        let framework = self.framework;
        let questions = framework.iter().flat_map(|f| &f.questions).map(|q| q.id.as_str());
        let questions: Vec<&str> = questions.collect();
        let otherwise = framework.map_or_else(String::new, |f| format!("is not a question of {}", f.id));
        let answers = p.object_of(node, &questions, &otherwise)?;
        let read = questions.iter().filter_map(|&question| {
            let reply = p.optional(answers, question, Place::word)?;
            Some((question.to_owned(), reply))
        });
        Some(read.collect())
    }

    pub(super) fn feedback(&self, p: &mut Place, node: &Node) -> Option<Feedback> {
        let fields = p.object(node, &["by", "on", "broader_scope", "text"])?;
        let by = self.by(p, fields);
        let on = p.required(fields, "on", Place::date);
        let broader_scope = p.optional(fields, "broader_scope", Place::word);
        let text = p.required(fields, "text", Place::text);
        Some(Feedback { by, on: on?, broader_scope, text: text? })
    }
}
