//! Reads a portable dossier and lists everything that is wrong with it, each fault at its path.
//!
//! What makes the rest unreadable is one fault alone: a file that is too large, that is no JSON, or of another shape or
//! format. Against a framework that is not known, all else is read still.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::dossier::{Dossier, FORMATS};
use super::fields::{Place, quoted};
use super::json::Node;
use super::parts::{self, Known};
use crate::framework::Framework;
use crate::framework::load::Fault;

/// The largest file that is read, in bytes: 64 MiB.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

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
    let framework = framework(shape.framework);
    let mut place = Place::default();
    let known = Known::new(framework, shape.people, shape.format);
    let dossier = dossier(&mut place, &node, &known, FORMATS[shape.format - 1]);
    match (dossier, framework) {
        (Some(dossier), Some(framework)) if place.faults.is_empty() => Ok((dossier, framework)),
        _ => Err(place.faults),
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
    /// Its format's number.
    format: usize,
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
            node.as_text().ok_or_else(|| at(name, format!("is {}, not text", node.kind())))
        };
        let list = |name: &str| match field(fields, name)? {
            Node::List(items) => Ok(items.as_slice()),
            node => Err(at(name, format!("is {}, not a list", node.kind()))),
        };
        let format = text("format")?;
        let Some(number) = FORMATS.iter().position(|known| *known == format) else {
            let [first, second, third] = FORMATS;
            let message = format!("can't be read; this version reads {first}, {second} and {third}");
            return Err(at("format", format!("{} {message}", quoted(format))));
        };
        let framework = text("framework")?;
        text("candidate")?;
        let people = list("people")?;
        list("evidence")?;
        Ok(Self { format: number + 1, framework, people })
    }
}

fn field<'n>(fields: &'n [(String, Node)], name: &str) -> Result<&'n Node, Fault> {
    let found = fields.iter().find(|(key, _)| key == name);
    found.map(|(_, node)| node).ok_or_else(|| at(name, "is required"))
}

fn dossier<'n>(
    p: &mut Place,
    node: &'n Node,
    known: &Known<'_, 'n>,
    format: &'static str,
) -> Option<Dossier> {
    let fields = p.object(
        node,
        &known.fields(
            &["format", "framework", "candidate", "leave", "people", "evidence", "check_ins", "feedback"],
            &["sittings", "plan", "conversations", "signal_responses"],
        ),
    )?;
    let framework = p.required(fields, "framework", |p, node| {
        let id = p.text(node)?;
        if known.framework.is_none() {
            p.fault(format!("{} is not a known framework", quoted(&id)));
        }
        Some(id)
    });
    let candidate = p.required(fields, "candidate", |p, n| known.person(p, n));
    let leave = p.list(fields, "leave", parts::leave);
    let mut ids = HashSet::new();
    let people = p.required(fields, "people", |p, n| p.items(n, |p, n| known.described(p, n, &mut ids)));
    let mut ids = HashSet::new();
    let evidence = p.required(fields, "evidence", |p, n| p.items(n, |p, n| known.entry(p, n, &mut ids)));
    let check_ins = p.list(fields, "check_ins", |p, n| known.check_in(p, n));
    let feedback = p.list(fields, "feedback", |p, n| known.feedback(p, n));
    let sittings = known.added(p, fields, "sittings", |p, n| p.items(n, |p, n| known.sitting(p, n)));
    let plan = known.added(p, fields, "plan", |p, n| p.items(n, |p, n| known.plan_action(p, n, &ids)));
    let conversations = known.added(p, fields, "conversations", |p, n| p.items(n, Known::conversation));
    let signal_responses =
        known.added(p, fields, "signal_responses", |p, n| p.items(n, |p, n| known.signal_response(p, n)));
    Some(Dossier {
        format,
        framework: framework?,
        candidate: candidate?,
        leave,
        people: people?,
        evidence: evidence?,
        check_ins,
        feedback,
        sittings: sittings.unwrap_or_default(),
        plan: plan.unwrap_or_default(),
        conversations: conversations.unwrap_or_default(),
        signal_responses: signal_responses.unwrap_or_default(),
    })
}
