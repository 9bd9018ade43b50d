//! Reads the entries of a dossier.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::came::Came;
use super::dossier::{Assessment, Corroboration, Durability, Entry, Named, Update};
use super::fields::{Fields, Place, quoted};
use super::json::Node;
use super::parts::{Known, in_order, new_id};
use crate::evidence::{Audience, Status, Vouching};

const TITLE_CHARS: usize = 200;
const MOST_CRITERIA: usize = 3;

const FIELDS: &[&str] = &[
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
];

/// What the second format adds to an entry, and to an answer.
const ADDED_FIELDS: &[&str] = &["durability", "comments"];
const ANSWER_FIELDS: &[&str] = &["by", "on", "answer", "settled_on"];
const ADDED_ANSWER_FIELDS: &[&str] = &["account", "comment", "revision", "reply", "settled_by", "settlement"];

/// What the third format adds to an answer.
const ORIGIN_FIELDS: &[&str] = &["via", "vouched"];
const VOICE_FIELDS: &[&str] = &["via", "vouched", "superseded_on"];

impl<'n> Known<'_, 'n> {
    pub(super) fn entry(&self, p: &mut Place, node: &'n Node, ids: &mut HashSet<&'n str>) -> Option<Entry> {
        let fields = p.object(node, &self.fields(FIELDS, ADDED_FIELDS))?;
        let id = p.required(fields, "id", |p, n| new_id(p, n, ids));
        let title = p.required(fields, "title", title);
        let is_draft = fields.get("status").and_then(Node::as_text) == Some(Status::Draft.into());
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
        let criteria = self.criteria(p, fields, capabilities.as_deref());
        let people = p.list(fields, "people", |p, n| self.named(p, n));
        let links = p.list(fields, "links", link);
        let updates = p.list(fields, "updates", |p, n| update(p, n, from));
        let corroborations = p.list(fields, "corroborations", |p, n| self.corroboration(p, n));
        let assessments = p.list(fields, "assessments", |p, n| self.assessment(p, n));
        let durability = self.added(p, fields, "durability", |p, n| p.items(n, |p, n| self.durability(p, n)));
        let comments = self.added(p, fields, "comments", |p, n| p.items(n, |p, n| self.comment(p, n)));
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
            capabilities: capabilities.unwrap_or_default(),
            criteria,
            people,
            links,
            updates,
            corroborations,
            assessments,
            durability: durability.unwrap_or_default(),
            comments: comments.unwrap_or_default(),
        })
    }

    /// The capabilities that an entry names, those that do not exist among them; `None` if they can't be told.
    fn capabilities(&self, p: &mut Place, fields: Fields<'_>, is_draft: bool) -> Option<Vec<String>> {
        if is_draft && fields.get("capabilities").is_none() {
            return Some(Vec::new());
        }
        p.field(fields, "capabilities", !is_draft, |p, node| {
            let ids = p.items(node, |p, n| {
                let id = p.text(n)?;
                if let Some(framework) = self.framework
                    && framework.capability(&id).is_none()
                {
                    p.fault(format!("{} is not a capability of {}", quoted(&id), framework.id));
                }
                Some(id)
            })?;
            if matches!(node, Node::List(items) if items.is_empty()) && !is_draft {
                p.fault("names no capability; only a draft may");
            }
            Some(ids)
        })
    }

    fn criteria(&self, p: &mut Place, fields: Fields<'_>, capabilities: Option<&[String]>) -> Vec<String> {
        let read = p.optional(fields, "criteria", |p, node| {
            let ids = p.items(node, |p, n| self.criterion(p, n, capabilities))?;
            if let Node::List(items) = node
                && items.len() > MOST_CRITERIA
            {
                p.fault(format!("names {} criteria; at most {MOST_CRITERIA} are allowed", items.len()));
            }
            Some(ids)
        });
        read.unwrap_or_default()
    }

    /// A criterion of one of the capabilities that the entry names, if these can be told.
    fn criterion(&self, p: &mut Place, node: &Node, capabilities: Option<&[String]>) -> Option<String> {
        let id = p.text(node)?;
        if let Some(framework) = self.framework {
            match (framework.criterion(&id), capabilities) {
                (None, _) => p.fault(format!("{} is not a criterion of {}", quoted(&id), framework.id)),
                (Some((capability, _)), Some(tagged)) if !tagged.contains(&capability.id) => {
                    p.fault(format!("{id} belongs to {}, which the entry does not name", capability.id));
                }
                (Some(_), _) => {}
            }
        }
        Some(id)
    }

    fn named(&self, p: &mut Place, node: &Node) -> Option<Named> {
        let fields =
            p.object(node, &self.fields_by_format([&["person", "as", "answer"], &[], ORIGIN_FIELDS]))?;
        let person = p.required(fields, "person", |p, n| self.person(p, n));
        let named_as = p.required(fields, "as", Place::word);
        let answer = p.optional(fields, "answer", Place::word);
        let origin = self.origin(p, fields, None);
        Some(Named { person: person?, named_as: named_as?, answer, origin })
    }

    /// How an answer of a day came; that of somebody named has no day.
    fn origin(&self, p: &mut Place, fields: Fields<'_>, answered: Option<NaiveDate>) -> Came {
        let via = self.added_by(3, p, fields, "via", Place::word).unwrap_or_default();
        let vouched = self.added_by(3, p, fields, "vouched", |p, node| {
            let fields = p.object(node, &["by", "on"])?;
            let by = p.required(fields, "by", |p, n| self.person(p, n));
            let on = p.required(fields, "on", |p, n| not_before(p, n, answered));
            Some(Vouching { by: by?, on: on? })
        });
        Came { via, vouched }
    }

    /// When a material edit superseded what somebody said on a day.
    fn superseded(&self, p: &mut Place, fields: Fields<'_>, said: Option<NaiveDate>) -> Option<NaiveDate> {
        self.added_by(3, p, fields, "superseded_on", |p, n| not_before(p, n, said))
    }

    fn corroboration(&self, p: &mut Place, node: &Node) -> Option<Corroboration> {
        let known = self.fields_by_format([ANSWER_FIELDS, ADDED_ANSWER_FIELDS, VOICE_FIELDS]);
        let fields = p.object(node, &known)?;
        let by = self.by(p, fields);
        let on = p.required(fields, "on", Place::date);
        let answer = p.required(fields, "answer", Place::word);
        let settled_on = p.optional(fields, "settled_on", Place::date);
        let account = self.added(p, fields, "account", Place::text);
        let comment = self.added(p, fields, "comment", Place::text);
        let revision = self.added(p, fields, "revision", Place::whole_number);
        let reply = self.added(p, fields, "reply", Place::text);
        let settled_by = self.added(p, fields, "settled_by", |p, n| self.person(p, n));
        let settlement = self.added(p, fields, "settlement", Place::text);
        let origin = self.origin(p, fields, on);
        let superseded_on = self.superseded(p, fields, on);
        let (on, answer) = (on?, answer?);
        Some(Corroboration {
            by,
            on,
            answer,
            settled_on,
            account,
            comment,
            revision,
            reply,
            settled_by,
            settlement,
            origin,
            superseded_on,
        })
    }

    fn durability(&self, p: &mut Place, node: &Node) -> Option<Durability> {
        let fields = p.object(node, &["by", "on", "months", "answer", "comment", "revision"])?;
        let by = self.by(p, fields);
        let on = p.required(fields, "on", Place::date);
        let months = p.required(fields, "months", Place::whole_number);
        let answer = p.required(fields, "answer", Place::word);
        let comment = p.optional(fields, "comment", Place::text);
        let revision = p.optional(fields, "revision", Place::whole_number);
        Some(Durability { by, on: on?, months: months?, answer: answer?, comment, revision })
    }

    fn assessment(&self, p: &mut Place, node: &Node) -> Option<Assessment> {
        let known = self.fields_by_format([
            &["by", "on", "judgement", "reason"],
            &["revision", "reply", "replied_on"],
            &["superseded_on"],
        ]);
        let fields = p.object(node, &known)?;
        let by = self.by(p, fields);
        let on = p.required(fields, "on", Place::date);
        let judgement = p.required(fields, "judgement", Place::word);
        let reason = p.required(fields, "reason", Place::text);
        let revision = self.added(p, fields, "revision", Place::whole_number);
        let reply = self.added(p, fields, "reply", Place::text);
        let replied_on = self.added(p, fields, "replied_on", Place::date);
        let superseded_on = self.superseded(p, fields, on);
        let (on, judgement, reason) = (on?, judgement?, reason?);
        Some(Assessment { by, on, judgement, reason, revision, reply, replied_on, superseded_on })
    }
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

/// A date that doesn't lie before that of the answer it is about.
fn not_before(p: &mut Place, node: &Node, answered: Option<NaiveDate>) -> Option<NaiveDate> {
    let date = p.date(node)?;
    if let Some(on) = answered.filter(|&on| date < on) {
        p.fault(format!("{date} is before the day of the answer, which is {on}"));
    }
    Some(date)
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
    // Parsers mend `https:x`, and browsers take it for a path of the page it stands on.
    let absolute = link.split_once("://").is_some_and(|(scheme, rest)| {
        ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
            && !rest.starts_with(['/', '\\'])
    });
    if !plain || !absolute || url::Url::parse(&link).is_err() {
        p.fault(format!("{} is not an http or https link", quoted(&link)));
    }
    Some(link)
}
