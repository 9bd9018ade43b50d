//! Reads a portable dossier and lists everything that is wrong with it, each fault at its path.
//!
//! What makes the rest unreadable is one fault alone: a file that is too large, that is no JSON, of another shape or
//! format, or against a framework that is not known.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use chrono::NaiveDate;

use super::Fault;
use super::dossier::{
    Assessment, CheckIn, Corroboration, Dossier, Entry, FORMAT, Feedback, Leave, LevelEntry, Milestone,
    Named, Person, Update,
};
use super::fields::{Fields, Place, quoted};
use super::json::Node;
use crate::evidence::{Audience, Status};
use crate::framework::Framework;

/// The largest file that is read, in bytes: 64 MiB.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

const TITLE_CHARS: usize = 200;
const MOST_CRITERIA: usize = 3;

/// Reads a dossier. `framework` finds the framework of an id; it may answer with another one. Whichever it is, the dossier
/// is read against it, and it is returned with the dossier.
///
/// # Errors
/// All faults that can be found, at least one.
pub fn read<'f>(
    bytes: &[u8],
    framework: impl FnOnce(&str) -> Option<&'f Framework>,
) -> Result<(Dossier, &'f Framework), Vec<Fault>> {
    let node = parse(bytes).map_err(|fault| vec![fault])?;
    let shape = Shape::of(&node).map_err(|fault| vec![fault])?;
    let Some(framework) = framework(shape.framework) else {
        return Err(vec![at("framework", format!("{} is not a known framework", quoted(shape.framework)))]);
    };
    let people = shape.people.iter().filter_map(|person| match person {
        Node::Object(fields) => fields.iter().find(|(key, _)| key == "id").and_then(|(_, id)| text_of(id)),
        _ => None,
    });
    let mut reader = Reader { framework, people: people.collect(), place: Place::default() };
    let dossier = reader.dossier(&node);
    match dossier {
        Some(dossier) if reader.place.faults.is_empty() => Ok((dossier, framework)),
        _ => Err(reader.place.faults),
    }
}

/// Reads a dossier from a file, as [`read`] does. No more than [`MAX_BYTES`] of it are ever held in memory.
///
/// # Errors
/// All faults that can be found, at least one; a file that can't be read is a fault too.
pub fn read_file<'f>(
    path: &Path,
    framework: impl FnOnce(&str) -> Option<&'f Framework>,
) -> Result<(Dossier, &'f Framework), Vec<Fault>> {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| vec![of_file(format!("{} can't be read: {error}", path.display()))])?;
    read(&bytes, framework)
}

fn at(path: &str, what: impl Into<String>) -> Fault {
    Fault { place: Some(path.to_owned()), what: what.into() }
}

fn of_file(what: String) -> Fault {
    Fault { place: None, what }
}

fn text_of(node: &Node) -> Option<&str> {
    if let Node::Text(text) = node { Some(text) } else { None }
}

fn parse(bytes: &[u8]) -> Result<Node, Fault> {
    if bytes.len() > MAX_BYTES {
        return Err(of_file(format!("the file is larger than {} MiB", MAX_BYTES / 1024 / 1024)));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        of_file(format!("the file is not UTF-8 text from byte {} on", error.valid_up_to()))
    })?;
    serde_json::from_str(text).map_err(|error| of_file(format!("the file is not JSON: {error}")))
}

/// What a dossier must have for its parts to be looked at.
struct Shape<'n> {
    framework: &'n str,
    people: &'n [Node],
}

impl<'n> Shape<'n> {
    fn of(node: &'n Node) -> Result<Self, Fault> {
        let Node::Object(fields) = node else {
            return Err(of_file(format!("the file is {}, not a dossier", node.kind())));
        };
        let text = |name: &str| {
            let node = field(fields, name)?;
            text_of(node).ok_or_else(|| at(name, format!("is {}, not text", node.kind())))
        };
        let list = |name: &str| match field(fields, name)? {
            Node::List(items) => Ok(items.as_slice()),
            node => Err(at(name, format!("is {}, not a list", node.kind()))),
        };
        let format = text("format")?;
        if format != FORMAT {
            return Err(at(
                "format",
                format!("{} can't be read; this version reads {FORMAT}", quoted(format)),
            ));
        }
        let framework = text("framework")?;
        text("candidate")?;
        let people = list("people")?;
        list("evidence")?;
        Ok(Self { framework, people })
    }
}

fn field<'n>(fields: &'n [(String, Node)], name: &str) -> Result<&'n Node, Fault> {
    let found = fields.iter().find(|(key, _)| key == name);
    found.map(|(_, node)| node).ok_or_else(|| at(name, "is required"))
}

/// Reads the parts of a dossier.
struct Reader<'n, 'f> {
    framework: &'f Framework,
    /// The ids of the dossier's people.
    people: HashSet<&'n str>,
    place: Place,
}

impl<'n> Reader<'n, '_> {
    fn dossier(&mut self, node: &'n Node) -> Option<Dossier> {
        let Self { framework, people, place: p } = self;
        let known = Known { framework, people };
        let fields = p.object(
            node,
            &["format", "framework", "candidate", "leave", "people", "evidence", "check_ins", "feedback"],
        )?;
        let framework_id = p.required(fields, "framework", Place::text);
        let candidate = p.required(fields, "candidate", |p, n| known.person(p, n));
        let leave = p.list(fields, "leave", leave);
        let mut ids = HashSet::new();
        let people = p.required(fields, "people", |p, n| p.items(n, |p, n| known.described(p, n, &mut ids)));
        let mut ids = HashSet::new();
        let evidence = p.required(fields, "evidence", |p, n| p.items(n, |p, n| known.entry(p, n, &mut ids)));
        let check_ins = p.list(fields, "check_ins", |p, n| known.check_in(p, n));
        let feedback = p.list(fields, "feedback", |p, n| known.feedback(p, n));
        Some(Dossier {
            format: FORMAT,
            framework: framework_id?,
            candidate: candidate?,
            leave,
            people: people?,
            evidence: evidence?,
            check_ins,
            feedback,
        })
    }
}

/// An id that is not among those before it.
fn new_id<'n>(p: &mut Place, node: &'n Node, ids: &mut HashSet<&'n str>) -> Option<String> {
    let id = p.text(node)?;
    if !ids.insert(text_of(node)?) {
        p.fault(format!("{} is the id of an earlier one already", quoted(&id)));
    }
    Some(id)
}

/// That a range does not end before it starts; a fault at its end otherwise.
fn in_order(p: &mut Place, from: Option<NaiveDate>, to: Option<NaiveDate>) {
    if let Some((from, to)) = from.zip(to)
        && to < from
    {
        p.at("to", |p| p.fault(format!("{to} is before from, which is {from}")));
    }
}

fn leave(p: &mut Place, node: &Node) -> Option<Leave> {
    let fields = p.object(node, &["from", "to"])?;
    let from = p.required(fields, "from", Place::date);
    let to = p.required(fields, "to", Place::date);
    in_order(p, from, to);
    Some(Leave { from: from?, to: to? })
}

fn update(p: &mut Place, node: &Node, entry_from: Option<NaiveDate>) -> Option<Update> {
    let fields = p.object(node, &["on", "text"])?;
    let on = p.required(fields, "on", |p, n| {
        let on = p.date(n)?;
        if let Some(from) = entry_from.filter(|&from| on < from) {
            p.fault(format!("{on} is before the entry's from, which is {from}"));
        }
        Some(on)
    });
    let text = p.required(fields, "text", Place::text);
    Some(Update { on: on?, text: text? })
}

fn title(p: &mut Place, node: &Node) -> Option<String> {
    let title = p.text(node)?;
    let length = title.chars().count();
    if title.trim().is_empty() {
        p.fault("is blank");
    } else if length > TITLE_CHARS {
        p.fault(format!("has {length} characters; at most {TITLE_CHARS} are allowed"));
    }
    Some(title)
}

fn link(p: &mut Place, node: &Node) -> Option<String> {
    let link = p.text(node)?;
    let plain = link.trim() == link && !link.chars().any(char::is_control);
    if !plain || !url::Url::parse(&link).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        p.fault(format!("{} is not an http or https link", quoted(&link)));
    }
    Some(link)
}

/// What a dossier's parts may refer to.
struct Known<'k, 'n> {
    framework: &'k Framework,
    people: &'k HashSet<&'n str>,
}

impl<'n> Known<'_, 'n> {
    fn person(&self, p: &mut Place, node: &Node) -> Option<String> {
        let id = p.text(node)?;
        if !self.people.contains(id.as_str()) {
            p.fault(format!("{} is not among the dossier's people", quoted(&id)));
        }
        Some(id)
    }

    fn by(&self, p: &mut Place, fields: Fields<'_>) -> Option<String> {
        p.optional(fields, "by", |p, n| self.person(p, n))
    }

    fn described(&self, p: &mut Place, node: &'n Node, ids: &mut HashSet<&'n str>) -> Option<Person> {
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
        let fields = p.object(node, &["on", "what", "by"])?;
        let on = p.required(fields, "on", Place::date);
        let what = p.required(fields, "what", Place::text);
        let by = self.by(p, fields);
        Some(Milestone { on: on?, what: what?, by })
    }

    fn entry(&self, p: &mut Place, node: &'n Node, ids: &mut HashSet<&'n str>) -> Option<Entry> {
        let fields = p.object(
            node,
            &[
                "id",
                "title",
                "from",
                "to",
                "ongoing",
                "status",
                "recorded_on",
                "situation",
                "action",
                "impact",
                "domain_cost",
                "scope",
                "conduct",
                "setting",
                "horizon_years",
                "for_cto",
                "audience",
                "capabilities",
                "criteria",
                "people",
                "links",
                "updates",
                "corroborations",
                "assessments",
            ],
        )?;
        let id = p.required(fields, "id", |p, n| new_id(p, n, ids));
        let title = p.required(fields, "title", title);
        let is_draft = fields.get("status").and_then(text_of) == Some(Status::Draft.into());
        let from = p.field(fields, "from", !is_draft, Place::date);
        let to = p.optional(fields, "to", Place::date);
        in_order(p, from, to);
        let ongoing = p.optional(fields, "ongoing", Place::flag).unwrap_or_default();
        if ongoing && fields.get("to").is_some() {
            p.at("to", |p| p.fault("can't be given for what is ongoing"));
        }
        let status = p.required(fields, "status", Place::word);
        let recorded_on = p.optional(fields, "recorded_on", Place::date);
        let situation = p.optional(fields, "situation", Place::text);
        let action = p.optional(fields, "action", Place::text);
        let impact = p.optional(fields, "impact", Place::text);
        let domain_cost = p.optional(fields, "domain_cost", Place::text);
        let scope = p.optional(fields, "scope", Place::word);
        let conduct = p.optional(fields, "conduct", Place::word);
        let setting = p.optional(fields, "setting", Place::word);
        let horizon_years = p.optional(fields, "horizon_years", Place::whole_number);
        let for_cto = p.optional(fields, "for_cto", Place::flag).unwrap_or_default();
        let audience = p.optional(fields, "audience", Place::word).unwrap_or(Audience::Dossier);
        let capabilities = self.capabilities(p, fields, is_draft);
        let criteria = self.criteria(p, fields, &capabilities);
        let people = p.list(fields, "people", |p, n| self.named(p, n));
        let links = p.list(fields, "links", link);
        let updates = p.list(fields, "updates", |p, n| update(p, n, from));
        let corroborations = p.list(fields, "corroborations", |p, n| self.corroboration(p, n));
        let assessments = p.list(fields, "assessments", |p, n| self.assessment(p, n));
        Some(Entry {
            id: id?,
            title: title?,
            from,
            to,
            ongoing,
            status: status?,
            recorded_on,
            situation,
            action,
            impact,
            domain_cost,
            scope,
            conduct,
            setting,
            horizon_years,
            for_cto,
            audience,
            capabilities,
            criteria,
            people,
            links,
            updates,
            corroborations,
            assessments,
        })
    }

    /// The capabilities of an entry, those that do not exist among them.
    fn capabilities(&self, p: &mut Place, fields: Fields<'_>, is_draft: bool) -> Vec<String> {
        let read = p.field(fields, "capabilities", !is_draft, |p, node| {
            let ids = p.items(node, |p, n| {
                let id = p.text(n)?;
                if self.framework.capability(&id).is_none() {
                    p.fault(format!("{} is not a capability of {}", quoted(&id), self.framework.id));
                }
                Some(id)
            })?;
            if matches!(node, Node::List(items) if items.is_empty()) && !is_draft {
                p.fault("names no capability; only a draft may");
            }
            Some(ids)
        });
        read.unwrap_or_default()
    }

    fn criteria(&self, p: &mut Place, fields: Fields<'_>, capabilities: &[String]) -> Vec<String> {
        let read = p.optional(fields, "criteria", |p, node| {
            let ids = p.items(node, |p, n| {
                let id = p.text(n)?;
                match self.framework.criterion(&id) {
                    None => p.fault(format!("{} is not a criterion of {}", quoted(&id), self.framework.id)),
                    Some((capability, _)) if !capabilities.contains(&capability.id) => {
                        p.fault(format!("{id} belongs to {}, which the entry does not name", capability.id));
                    }
                    Some(_) => {}
                }
                Some(id)
            })?;
            if let Node::List(items) = node
                && items.len() > MOST_CRITERIA
            {
                p.fault(format!("names {} criteria; at most {MOST_CRITERIA} are allowed", items.len()));
            }
            Some(ids)
        });
        read.unwrap_or_default()
    }

    fn named(&self, p: &mut Place, node: &Node) -> Option<Named> {
        let fields = p.object(node, &["person", "as", "answer"])?;
        let person = p.required(fields, "person", |p, n| self.person(p, n));
        let named_as = p.required(fields, "as", Place::word);
        let answer = p.optional(fields, "answer", Place::word);
        Some(Named { person: person?, named_as: named_as?, answer })
    }

    fn corroboration(&self, p: &mut Place, node: &Node) -> Option<Corroboration> {
        let fields = p.object(node, &["by", "on", "answer", "settled_on"])?;
        let by = self.by(p, fields);
        let on = p.required(fields, "on", Place::date);
        let answer = p.required(fields, "answer", Place::word);
        let settled_on = p.optional(fields, "settled_on", Place::date);
        Some(Corroboration { by, on: on?, answer: answer?, settled_on })
    }

    fn assessment(&self, p: &mut Place, node: &Node) -> Option<Assessment> {
        let fields = p.object(node, &["by", "on", "judgement", "reason"])?;
        let by = self.by(p, fields);
        let on = p.required(fields, "on", Place::date);
        let judgement = p.required(fields, "judgement", Place::word);
        let reason = p.required(fields, "reason", Place::text);
        Some(Assessment { by, on: on?, judgement: judgement?, reason: reason? })
    }

    fn check_in(&self, p: &mut Place, node: &Node) -> Option<CheckIn> {
        let fields = p.object(node, &["kind", "by", "on", "answers"])?;
        let kind = p.required(fields, "kind", Place::word);
        let by = self.by(p, fields);
        let on = p.required(fields, "on", Place::date);
        let answers = p.required(fields, "answers", |p, node| {
            let questions: Vec<&str> = self.framework.questions.iter().map(|q| q.id.as_str()).collect();
            let what = format!("is not a question of {}", self.framework.id);
            let answers = p.object_of(node, &questions, &what)?;
            let read = questions.iter().filter_map(|&question| {
                let reply = p.optional(answers, question, Place::word)?;
                Some((question.to_owned(), reply))
            });
            Some(read.collect())
        });
        Some(CheckIn { kind: kind?, by, on: on?, answers: answers? })
    }

    fn feedback(&self, p: &mut Place, node: &Node) -> Option<Feedback> {
        let fields = p.object(node, &["by", "on", "broader_scope", "text"])?;
        let by = self.by(p, fields);
        let on = p.required(fields, "on", Place::date);
        let broader_scope = p.optional(fields, "broader_scope", Place::word);
        let text = p.required(fields, "text", Place::text);
        Some(Feedback { by, on: on?, broader_scope, text: text? })
    }
}
