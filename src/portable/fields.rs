//! Reading fields and values while collecting faults, each at its path.

use std::fmt::Write;
use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use strum::VariantArray;

use super::json::Node;
use crate::framework::load::Fault;

/// The years that a date may lie in.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// How much of a value or of an unknown field's name a fault repeats, in characters.
const QUOTED_CHARS: usize = 60;

/// Where the reader is, and what was wrong so far.
#[derive(Default)]
pub(super) struct Place {
    path: String,
    pub(super) faults: Vec<Fault>,
}

/// An object's fields.
#[derive(Clone, Copy)]
pub(super) struct Fields<'n>(&'n [(String, Node)]);

impl<'n> Fields<'n> {
    pub(super) fn get(self, name: &str) -> Option<&'n Node> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, node)| node)
    }
}

impl Place {
    /// Notes a fault here.
    pub(super) fn fault(&mut self, what: impl Into<String>) {
        self.faults.push(Fault { place: Some(self.path.clone()), what: what.into() });
    }

    /// Does something at a field.
    pub(super) fn at<T>(&mut self, name: &str, act: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/');
        if name.is_empty() || name.len() > QUOTED_CHARS || !name.chars().all(plain) {
            self.push(format_args!("[{}]", quoted(name)));
        } else if length == 0 {
            self.path.push_str(name);
        } else {
            self.push(format_args!(".{name}"));
        }
        let result = act(self);
        self.path.truncate(length);
        result
    }

    /// Does something at an item of a list.
    pub(super) fn at_item<T>(&mut self, index: usize, act: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        self.push(format_args!("[{index}]"));
        let result = act(self);
        self.path.truncate(length);
        result
    }

    fn push(&mut self, segment: std::fmt::Arguments<'_>) {
        self.path.write_fmt(segment).expect("writing to a string does not fail");
    }

    fn wrong_type(&mut self, node: &Node, wanted: &str) {
        if *node == Node::Null {
            self.fault("is null; leave the field out instead");
        } else {
            self.fault(format!("is {}, not {wanted}", node.kind()));
        }
    }

    /// An object with these fields. Others, and second ones of a name, are faults.
    pub(super) fn object<'n>(&mut self, node: &'n Node, known: &[&str]) -> Option<Fields<'n>> {
        self.object_of(node, known, "is not a field that the format has here")
    }

    /// As [`Place::object`], with what to say of other fields.
    pub(super) fn object_of<'n>(
        &mut self,
        node: &'n Node,
        known: &[&str],
        otherwise: &str,
    ) -> Option<Fields<'n>> {
        let Node::Object(fields) = node else {
            self.wrong_type(node, "an object");
            return None;
        };
        let mut seen = vec![false; known.len()];
        for (key, _) in fields {
            match known.iter().position(|name| name == key) {
                None => self.at(key, |p| p.fault(otherwise)),
                Some(index) if std::mem::replace(&mut seen[index], true) => {
                    self.at(key, |p| p.fault("is given more than once"));
                }
                Some(_) => {}
            }
        }
        Some(Fields(fields))
    }

    /// A field, read by `read`. A missing one that is required is a fault.
    pub(super) fn field<'n, T>(
        &mut self,
        fields: Fields<'n>,
        name: &str,
        required: bool,
        read: impl FnOnce(&mut Self, &'n Node) -> Option<T>,
    ) -> Option<T> {
        self.at(name, |p| {
            if let Some(node) = fields.get(name) {
                return read(p, node);
            }
            if required {
                p.fault("is required");
            }
            None
        })
    }

    /// A required field.
    pub(super) fn required<'n, T>(
        &mut self,
        fields: Fields<'n>,
        name: &str,
        read: impl FnOnce(&mut Self, &'n Node) -> Option<T>,
    ) -> Option<T> {
        self.field(fields, name, true, read)
    }

    /// A field that may be absent.
    pub(super) fn optional<'n, T>(
        &mut self,
        fields: Fields<'n>,
        name: &str,
        read: impl FnOnce(&mut Self, &'n Node) -> Option<T>,
    ) -> Option<T> {
        self.field(fields, name, false, read)
    }

    /// A list in a field that may be absent, which is an empty list.
    pub(super) fn list<'n, T>(
        &mut self,
        fields: Fields<'n>,
        name: &str,
        read: impl FnMut(&mut Self, &'n Node) -> Option<T>,
    ) -> Vec<T> {
        self.optional(fields, name, |p, node| p.items(node, read)).unwrap_or_default()
    }

    /// The items of a list, without those that have faults.
    pub(super) fn items<'n, T>(
        &mut self,
        node: &'n Node,
        mut read: impl FnMut(&mut Self, &'n Node) -> Option<T>,
    ) -> Option<Vec<T>> {
        let Node::List(items) = node else {
            self.wrong_type(node, "a list");
            return None;
        };
        let read =
            items.iter().enumerate().filter_map(|(index, item)| self.at_item(index, |p| read(p, item)));
        Some(read.collect())
    }

    pub(super) fn text(&mut self, node: &Node) -> Option<String> {
        if let Node::Text(text) = node {
            return Some(text.clone());
        }
        self.wrong_type(node, "text");
        None
    }

    pub(super) fn flag(&mut self, node: &Node) -> Option<bool> {
        if let Node::Bool(flag) = node {
            return Some(*flag);
        }
        self.wrong_type(node, "true or false");
        None
    }

    pub(super) fn whole_number(&mut self, node: &Node) -> Option<u32> {
        match node {
            Node::Whole(number) if u32::try_from(*number).is_ok() => u32::try_from(*number).ok(),
            Node::Whole(_) | Node::Number => {
                self.fault(format!("is not a whole number from 0 to {}", u32::MAX));
                None
            }
            _ => {
                self.wrong_type(node, "a whole number");
                None
            }
        }
    }

    /// A date of the form YYYY-MM-DD in the years that a dossier may speak of.
    pub(super) fn date(&mut self, node: &Node) -> Option<NaiveDate> {
        let text = self.text(node)?;
        match parse_date(&text) {
            Ok(date) => Some(date),
            Err(what) => {
                self.fault(what);
                None
            }
        }
    }

    /// One of an enum's words.
    pub(super) fn word<E>(&mut self, node: &Node) -> Option<E>
    where
        E: FromStr + VariantArray + Copy + Into<&'static str>,
    {
        let text = self.text(node)?;
        let word = text.parse().ok();
        if word.is_none() {
            let known: Vec<&str> = E::VARIANTS.iter().map(|&word| word.into()).collect();
            self.fault(format!("{} is not one of {}", quoted(&text), known.join(", ")));
        }
        word
    }
}

/// Reads a date that is exactly YYYY-MM-DD, in the years 1900 to 2199.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_date(text: &str) -> Result<NaiveDate, String> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes
            .iter()
            .enumerate()
            .all(|(i, b)| if matches!(i, 4 | 7) { *b == b'-' } else { b.is_ascii_digit() });
    match text.parse::<NaiveDate>() {
        Ok(date) if shaped && YEARS.contains(&date.year()) => Ok(date),
        Ok(_) if shaped => Err(format!("{text} is not in the years {} to {}", YEARS.start(), YEARS.end())),
        Err(_) if shaped => Err(format!("{text} is not a date")),
        _ => Err(format!("{} is not a date of the form YYYY-MM-DD", quoted(text))),
    }
}

/// A value as a fault repeats it: on one line, not too long, and in quotes unless it is a plain word.
pub(super) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | ':' | '.');
    if !text.is_empty() && text.len() <= QUOTED_CHARS && text.chars().all(plain) {
        return text.to_owned();
    }
    let mut start: String = text.chars().take(QUOTED_CHARS).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    format!("{start:?}")
}
