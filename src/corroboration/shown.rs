//! An entry as somebody is shown it who may read nothing else of its dossier.

use std::collections::HashMap;

use askama::Template;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::{Error, Result};
use crate::evidence::naming::called;
use crate::evidence::{Content, NamedAnswer, named_store, revisions, words};
use crate::framework::Framework;
use crate::instance::Instance;
use crate::web::prose::{self, Part, Prose};
use crate::web::words as plain;

/// An entry in one revision, with its people by the names that the viewer may read.
#[derive(Template)]
#[template(path = "corroboration/_entry.html")]
pub struct ShownEntry {
    /// What happened.
    pub title: String,
    /// When.
    when: String,
    capabilities: Vec<(&'static str, &'static str)>,
    criteria: Vec<String>,
    people: Vec<(String, &'static str)>,
    links: Vec<String>,
    /// The headings of its texts.
    headings: Vec<&'static str>,
    /// The days of its updates.
    updates: Vec<String>,
    /// The texts themselves, then what its updates say; until they are [`set`](ShownEntry::set).
    texts: Vec<String>,
    /// The page of them that is shown.
    prose: Option<Prose>,
}

impl ShownEntry {
    /// Puts a page of its texts onto it, which stands at a path; for who asks, as [`prose::page`] knows them.
    ///
    /// # Errors
    /// [`Error::Crowded`] when they asked for too much at once.
    pub async fn set(&mut self, instance: &Instance, whose: Uuid, path: &str, page: usize) -> Result<()> {
        let texts = std::mem::take(&mut self.texts);
        self.prose = Some(prose::page(instance, whose, texts, path, page).await?);
        Ok(())
    }

    /// The parts of its texts on this page, with their headings.
    fn narratives(&self) -> Vec<(&'static str, &Part)> {
        let parts = self.prose.iter().flat_map(|prose| prose.of(0, self.headings.len()));
        parts.map(|part| (self.headings[part.text], part)).collect()
    }

    /// The parts of its updates on this page, with their days.
    fn since(&self) -> Vec<(&str, &Part)> {
        let first = self.headings.len();
        let parts = self.prose.iter().flat_map(|prose| prose.of(first, usize::MAX));
        parts.filter_map(|part| Some((self.updates.get(part.text - first)?.as_str(), part))).collect()
    }
}

/// An entry as it was in a revision.
///
/// # Errors
/// [`Error::NotFound`] when there is no such revision.
pub async fn entry(
    tx: &mut Tx,
    framework: &'static Framework,
    entry: Uuid,
    revision: i64,
    owner_or_cto: bool,
) -> Result<ShownEntry> {
    let content = revisions::at(tx, entry, revision).await?.ok_or(Error::NotFound)?;
    let names = revisions::names(tx, &[&content]).await?;
    let unnamed = named_store::unnamed(tx, entry).await?;
    let answer = |person: Uuid| unnamed.contains(&person).then_some(NamedAnswer::Unnamed);
    let people = content.people.iter().map(|named| {
        let name = names.get(&named.person).map_or("Somebody", String::as_str);
        (called(name, answer(named.person), owner_or_cto).to_owned(), named.named_as.title())
    });
    let (headings, mut texts): (Vec<_>, Vec<_>) = narratives(&content).into_iter().unzip();
    texts.extend(content.updates.iter().map(|update| update.text.clone()));
    Ok(ShownEntry {
        when: words::period(&content),
        capabilities: framework
            .capabilities
            .iter()
            .filter(|capability| content.capabilities.contains(&capability.id))
            .map(|capability| (capability.id.as_str(), capability.name.as_str()))
            .collect(),
        criteria: content.criteria.iter().map(|id| criterion(framework, id)).collect(),
        headings,
        texts,
        prose: None,
        people: people.collect(),
        updates: content.updates.iter().map(|update| plain::day(&update.on)).collect(),
        links: content.links,
        title: content.title,
    })
}

fn criterion(framework: &Framework, id: &str) -> String {
    framework.criterion(id).map_or_else(|| id.to_owned(), |(_, criterion)| criterion.text.clone())
}

fn narratives(content: &Content) -> Vec<(&'static str, String)> {
    [
        ("How things stood", &content.situation),
        ("What was done", &content.action),
        ("What came of it", &content.impact),
        ("What the own domain gave up", &content.domain_cost),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .map(|(heading, text)| (heading, text.clone()))
    .collect()
}

/// The names of people by id, for pages that list several.
pub async fn names(tx: &mut Tx, people: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let mut names = HashMap::new();
    for some in people.chunks(500) {
        let list = crate::db::placeholders(1, some.len());
        let rows: Vec<(Uuid, String)> = tx
            .query_built(format!("select id, name from people where id in ({list})"))
            .bind_all(some.iter().copied())
            .all()
            .await?;
        names.extend(rows);
    }
    Ok(names)
}
