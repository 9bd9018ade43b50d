//! What pages offer: their links and forms, kept so that hostile requests reach what only those who look around find.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{ElementRef, Html, Selector};

use crate::dice::Dice;

/// How many links and forms of one kind are kept; the latest stand in for earlier ones.
const KEPT: usize = 6;
/// Most ids that are kept.
const MOST_IDS: usize = 500;

/// A form as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Where it is sent.
    pub action: String,
    /// Whether it changes something.
    pub posts: bool,
    /// Its fields, in order.
    pub fields: Vec<Field>,
}

/// A field with what may be chosen; nothing to choose from where text is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub choices: Vec<String>,
    /// What it holds when nobody touches it.
    pub value: String,
    /// Whether it travels without being seen.
    pub hidden: bool,
}

/// What one visitor has been offered, by kind: addresses with their ids taken out.
#[derive(Default)]
pub struct Found {
    links: BTreeMap<String, Vec<String>>,
    forms: BTreeMap<String, Vec<Offered>>,
    /// Links of kinds that were not there before: each is followed once, as it is.
    fresh: Vec<String>,
    /// Ids in addresses, whatever they are of.
    pub ids: Vec<String>,
}

impl Found {
    /// Keeps what a page at an address offers.
    pub fn keep(&mut self, here: &str, page: &Html) {
        for link in page.select(&selector("a[href^='/']")).filter_map(|link| link.attr("href")) {
            if !link.starts_with("//") {
                self.keep_link(link);
            }
        }
        for form in page.select(&selector("form")) {
            let action = form.attr("action").unwrap_or(here).to_owned();
            let posts = form.attr("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
            let offered = Offered { posts, fields: fields(form), action };
            let kind = format!("{posts} {}", kind(&offered.action));
            keep(self.forms.entry(kind).or_default(), offered);
        }
    }

    /// Keeps an address and the ids in it.
    pub fn keep_link(&mut self, link: &str) {
        for part in link.split(['/', '?', '=', '&', '#', '.']).filter(|part| is_id(part)) {
            self.keep_id(part.to_owned());
        }
        let kept = self.links.entry(kind(link)).or_default();
        if kept.is_empty() {
            self.fresh.push(link.to_owned());
        }
        keep(kept, link.to_owned());
    }

    /// Keeps an id.
    pub fn keep_id(&mut self, id: String) {
        if self.ids.len() < MOST_IDS && !self.ids.contains(&id) {
            self.ids.push(id);
        }
    }

    /// A link of a kind that was not followed yet.
    pub fn fresh(&mut self) -> Option<String> {
        self.fresh.pop()
    }

    /// Every link that was kept, whatever its kind.
    pub fn links(&self) -> impl Iterator<Item = &String> {
        self.links.values().flatten()
    }

    /// Every form that was kept.
    pub fn forms(&self) -> impl Iterator<Item = &Offered> {
        self.forms.values().flatten()
    }

    /// One of the links, each kind as likely.
    pub fn link(&self, dice: &mut Dice) -> Option<&String> {
        one(&self.links, dice)
    }

    /// One of the forms, each kind as likely.
    pub fn form(&self, dice: &mut Dice) -> Option<&Offered> {
        one(&self.forms, dice)
    }
}

fn one<'f, T>(kinds: &'f BTreeMap<String, Vec<T>>, dice: &mut Dice) -> Option<&'f T> {
    let kinds: Vec<&Vec<T>> = kinds.values().collect();
    if kinds.is_empty() {
        return None;
    }
    let kind: &Vec<T> = kinds[dice.below(kinds.len())];
    Some(dice.one(kind))
}

fn keep<T: PartialEq>(kept: &mut Vec<T>, new: T) {
    if !kept.contains(&new) {
        if kept.len() == KEPT {
            kept.remove(0);
        }
        kept.push(new);
    }
}

fn is_id(part: &str) -> bool {
    part.len() == 36 && part.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// An address with its ids and what it asks for taken out.
pub fn kind(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.split('/')
        .map(|part| if is_id(part) || part.len() > 60 { "*" } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

fn fields(form: ElementRef<'_>) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for control in form.select(&selector("input, select, textarea, button")) {
        let Some(name) = control.attr("name").filter(|name| !name.is_empty()) else { continue };
        let value = control.attr("value").unwrap_or_default().to_owned();
        let kind = control.attr("type").unwrap_or_default();
        let choices = match (control.value().name(), kind) {
            ("select", _) => {
                let options = selector("option");
                control
                    .select(&options)
                    .map(|option| option.attr("value").unwrap_or_default().to_owned())
                    .collect()
            }
            ("input", "radio" | "checkbox") | ("button", _) => vec![value.clone()],
            _ => Vec::new(),
        };
        // Radios and buttons of one name are one choice; boxes are ticked one by one.
        let joins = kind == "radio" || control.value().name() == "button";
        match fields.iter_mut().find(|field| joins && field.name == name && !field.choices.is_empty()) {
            Some(field) => field.choices.extend(choices),
            None => fields.push(Field { name: name.to_owned(), choices, value, hidden: kind == "hidden" }),
        }
    }
    fields
}

/// The names of all fields that any of our templates has, so that new ones are tried by themselves.
pub fn names_in_templates() -> Vec<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")];
    while let Some(folder) = folders.pop() {
        for item in std::fs::read_dir(&folder).expect("templates") {
            let path = item.expect("a template").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a template");
            let named = text.split("name=\"").skip(1).filter_map(|rest| rest.split('"').next());
            names.extend(named.filter(|name| !name.contains('{')).map(str::to_owned));
        }
    }
    names.into_iter().collect()
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).expect("a selector")
}
