//! What differs between two states of an entry: field by field, and word by word within a text.

use std::collections::HashMap;
use std::time::Duration;

use similar::{ChangeTag, TextDiff};
use uuid::Uuid;

use super::{Content, Status, words};
use crate::framework::Framework;

/// Longest time that one text is compared word by word; past it, the difference is coarser.
const PATIENCE: Duration = Duration::from_millis(50);
/// How many words of an unchanged stretch are shown on either side of a change.
const CONTEXT: usize = 12;

/// A field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field's name for people.
    pub label: &'static str,
    /// What was and what is, as stretches of text in reading order.
    pub parts: Vec<Part>,
}

/// A stretch of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// As before.
    Same(String),
    /// New.
    Added(String),
    /// Gone.
    Removed(String),
    /// A long stretch as before, left out.
    Gap,
}

/// The names of people and the guide, to write ids as words.
#[derive(Clone, Copy)]
pub struct Naming<'n> {
    /// The names of people by id.
    pub people: &'n HashMap<Uuid, String>,
    /// The dossier's guide.
    pub framework: &'n Framework,
}

/// What differs, in the order of the form; fields that are the same are left out.
pub fn differences(old: (Status, &Content), new: (Status, &Content), naming: Naming<'_>) -> Vec<Difference> {
    let (before, after) = (fields(old.0, old.1, naming), fields(new.0, new.1, naming));
    before
        .into_iter()
        .zip(after)
        .filter(|((_, old), (_, new))| old != new)
        .map(|((label, old), (_, new))| Difference { label, parts: parts(&old, &new) })
        .collect()
}

/// Every field as text, always the same number in the same order.
fn fields(status: Status, content: &Content, naming: Naming<'_>) -> Vec<(&'static str, String)> {
    let capability =
        |id: &String| naming.framework.capability(id).map_or(id.clone(), |found| found.name.clone());
    let criterion =
        |id: &String| naming.framework.criterion(id).map_or(id.clone(), |(_, found)| found.text.clone());
    let people = content.people.iter().map(|named| {
        let name = naming.people.get(&named.person).map_or("Somebody", String::as_str);
        format!("{name} ({})", named.named_as.title().to_lowercase())
    });
    let updates =
        content.updates.iter().map(|update| format!("{}: {}", words::date(update.on, false), update.text));
    let when = if content.from.is_some() { words::period(content) } else { String::new() };
    let yes = |on: bool| if on { "Yes".to_owned() } else { String::new() };
    vec![
        ("Status", status.title().to_owned()),
        ("What happened", content.title.clone()),
        ("When", when),
        ("Capabilities", lines(content.capabilities.iter().map(capability))),
        ("Criteria", lines(content.criteria.iter().map(criterion))),
        ("How things stood", content.situation.clone()),
        ("What was done", content.action.clone()),
        ("What came of it", content.impact.clone()),
        ("What the own domain gave up", content.domain_cost.clone()),
        ("People", lines(people)),
        ("Links", content.links.join("\n")),
        ("How far it reached", content.scope.map(|scope| scope.title().to_owned()).unwrap_or_default()),
        ("How it was done", content.conduct.map(|conduct| conduct.title().to_owned()).unwrap_or_default()),
        ("Where it was seen", content.setting.map(|setting| setting.title().to_owned()).unwrap_or_default()),
        ("Years it looked ahead", content.horizon_years.map(|years| years.to_string()).unwrap_or_default()),
        ("In the CTO’s place", yes(content.for_cto)),
        ("Who may read it", content.audience.title().to_owned()),
        ("Updates", lines(updates)),
    ]
}

fn lines(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join("\n")
}

fn parts(old: &str, new: &str) -> Vec<Part> {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_unicode_words(old, new);
    let mut runs: Vec<(ChangeTag, Vec<&str>)> = Vec::new();
    for change in diff.iter_all_changes() {
        match runs.last_mut() {
            Some((tag, words)) if *tag == change.tag() => words.push(change.value()),
            _ => runs.push((change.tag(), vec![change.value()])),
        }
    }
    let last = runs.len().saturating_sub(1);
    let mut parts = Vec::new();
    for (n, (tag, words)) in runs.into_iter().enumerate() {
        match tag {
            ChangeTag::Insert => parts.push(Part::Added(words.concat())),
            ChangeTag::Delete => parts.push(Part::Removed(words.concat())),
            ChangeTag::Equal => {
                // A word and the space after it are two pieces; the start needs no context before it, nor the end after it.
                let (before, after) =
                    (if n == 0 { 0 } else { 2 * CONTEXT }, if n == last { 0 } else { 2 * CONTEXT });
                if words.len() <= before + after + CONTEXT {
                    parts.push(Part::Same(words.concat()));
                } else {
                    let end = words.len() - after;
                    for part in
                        [Part::Same(words[..before].concat()), Part::Gap, Part::Same(words[end..].concat())]
                    {
                        if part != Part::Same(String::new()) {
                            parts.push(part);
                        }
                    }
                }
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{Naming, Part, differences, parts};
    use crate::evidence::{Content, Status};
    use crate::framework::load::built_in;

    #[test]
    fn words_that_changed_stand_out() {
        assert_eq!(
            parts("One service, one team", "One service, two teams"),
            [
                Part::Same("One service, ".into()),
                Part::Removed("one".into()),
                Part::Added("two".into()),
                Part::Same(" ".into()),
                Part::Removed("team".into()),
                Part::Added("teams".into()),
            ]
        );
    }

    #[test]
    fn long_stretches_that_stay_are_left_out() {
        let long = "word ".repeat(400);
        let found = parts(&format!("{long}a {long}"), &format!("{long}b {long}"));
        assert!(found.contains(&Part::Gap));
        let shown: usize = found
            .iter()
            .map(|part| match part {
                Part::Same(text) | Part::Added(text) | Part::Removed(text) => text.len(),
                Part::Gap => 0,
            })
            .sum();
        assert!(shown < 400, "{shown}");
    }

    #[test]
    fn fields_that_stay_are_left_out() {
        let old = Content { title: "Keynote".into(), impact: "None yet".into(), ..Content::default() };
        let new = Content {
            impact: "400 people came".into(),
            capabilities: vec!["external-presence".into()],
            ..old.clone()
        };
        let people = HashMap::new();
        let naming = Naming { people: &people, framework: built_in() };
        let labels = |old, new| -> Vec<&str> {
            differences(old, new, naming).into_iter().map(|difference| difference.label).collect()
        };
        let (draft, kept) = (Status::Draft, Status::Final);
        assert_eq!(labels((draft, &old), (kept, &new)), ["Status", "Capabilities", "What came of it"]);
        assert!(labels((kept, &new), (kept, &new)).is_empty());
    }

    #[test]
    fn a_long_text_is_compared_in_time() {
        let old: String = (0..20_000).map(|n| format!("word{n} ")).collect();
        let new: String = (0..20_000).rev().map(|n| format!("word{n} ")).collect();
        assert!(!parts(&old, &new).is_empty());
    }
}
