//! What differs between two states of an entry: field by field, and word by word within a text.

use std::collections::HashMap;
use std::time::Duration;

use similar::{ChangeTag, TextDiff};
use uuid::Uuid;

use super::{Content, Status, words};
use crate::framework::Framework;

/// Longest time that one text is compared word by word; past it, the difference is coarser.
const WRITE_TIMEOUT: Duration = Duration::from_millis(4);
/// Longest stretch, in bytes, that is compared word by word: what two texts begin and end with alike is no part of it.
const COMPARED: usize = 16 * 1024;
/// The bytes that the differences of a field may come to on a page.
const ROOM: usize = 8 * 1024;
/// The bytes of a part's own marks.
const MARKS: usize = 64;
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

/// What a page has room for beyond what each field has for itself, in bytes: the first that need it have it.
pub const SPARE: usize = 300 * 1024;

/// What differs, in the order of the form; fields that are the same are left out. What there is no room for is cut short;
/// `spare` is what all fields of a page have besides their own.
pub fn differences(
    old: (Status, &Content),
    new: (Status, &Content),
    naming: Naming<'_>,
    spare: &mut usize,
) -> Vec<Difference> {
    let (before, after) = (fields(old.0, old.1, naming), fields(new.0, new.1, naming));
    before
        .into_iter()
        .zip(after)
        .filter(|((_, old), (_, new))| old != new)
        .map(|((label, old), (_, new))| Difference { label, parts: shortened(parts(&old, &new), spare) })
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

/// As much of the parts as there is room for.
fn shortened(parts: Vec<Part>, spare: &mut usize) -> Vec<Part> {
    let mut own = ROOM;
    let mut kept = Vec::with_capacity(parts.len());
    for part in parts {
        let (Part::Same(text) | Part::Added(text) | Part::Removed(text)) = &part else {
            kept.push(part);
            continue;
        };
        let room = (own + *spare).saturating_sub(MARKS);
        let mut taken = 0;
        let end = text.char_indices().find(|(_, c)| {
            taken += escaped(*c);
            taken > room
        });
        let used = MARKS + taken.min(room);
        let from_own = used.min(own);
        own -= from_own;
        *spare = spare.saturating_sub(used - from_own);
        let Some((end, _)) = end else {
            kept.push(part);
            continue;
        };
        let cut = text[..end].to_owned();
        kept.push(match part {
            Part::Added(_) => Part::Added(cut),
            Part::Removed(_) => Part::Removed(cut),
            Part::Same(_) | Part::Gap => Part::Same(cut),
        });
        kept.push(Part::Gap);
        break;
    }
    kept
}

/// How many bytes a character is on a page.
fn escaped(c: char) -> usize {
    if matches!(c, '&' | '<' | '>' | '"' | '\'') { 5 } else { c.len_utf8() }
}

/// How many bytes two texts begin with alike, up to a space.
fn common(old: &str, new: &str) -> usize {
    let alike = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    // A space is one byte, so what comes after it begins with a whole character.
    old.as_bytes()[..alike]
        .iter()
        .rposition(|byte| *byte == b' ' || *byte == b'\n')
        .map_or(0, |place| place + 1)
}

/// How many bytes two texts end with alike, from a space on.
fn common_end(old: &str, new: &str) -> usize {
    let alike = old.bytes().rev().zip(new.bytes().rev()).take_while(|(a, b)| a == b).count();
    let end = &old.as_bytes()[old.len() - alike..];
    end.iter().position(|byte| *byte == b' ' || *byte == b'\n').map_or(0, |place| end.len() - place)
}

fn parts(old: &str, new: &str) -> Vec<Part> {
    if old.len().max(new.len()) <= COMPARED {
        return compared(old, new);
    }
    // Of long texts, what differs and a little around it.
    let around = |text: &str, at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = common(old, new);
    let before = around(old, start.saturating_sub(COMPARED / 8));
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = common_end(old_rest, new_rest);
    let (old_middle, new_middle) = (&old_rest[..old_rest.len() - end], &new_rest[..new_rest.len() - end]);
    if old_middle.len().max(new_middle.len()) > COMPARED {
        let (old_middle, new_middle) = (old_middle.to_owned(), new_middle.to_owned());
        let told = [Part::Removed(old_middle), Part::Added(new_middle)];
        let gap = (start > 0).then_some(Part::Gap);
        return gap
            .into_iter()
            .chain(
                told.into_iter().filter(
                    |part| !matches!(part, Part::Removed(text) | Part::Added(text) if text.is_empty()),
                ),
            )
            .collect();
    }
    let after = old_rest.len() - end;
    let until = around(old_rest, (after + COMPARED / 8).min(old_rest.len()));
    let until_new = new_rest.len() - end + (until - after);
    compared(&old[before..start + until], &new[before..start + until_new])
}

/// The parts of two texts of moderate length, word by word.
fn compared(old: &str, new: &str) -> Vec<Part> {
    let diff = TextDiff::configure().timeout(WRITE_TIMEOUT).diff_unicode_words(old, new);
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

    use super::{Naming, Part, differences, parts, shortened};
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
            differences(old, new, naming, &mut 0).into_iter().map(|difference| difference.label).collect()
        };
        let (draft, kept) = (Status::Draft, Status::Final);
        assert_eq!(labels((draft, &old), (kept, &new)), ["Status", "Capabilities", "What came of it"]);
        assert!(labels((kept, &new), (kept, &new)).is_empty());
    }

    #[test]
    fn a_change_in_a_long_text_is_shown_with_what_is_around_it() {
        let long = "wörd and another ".repeat(4_000);
        let found = parts(&format!("{long}old {long}"), &format!("{long}new {long}"));
        assert!(found.contains(&Part::Removed("old".into())) && found.contains(&Part::Added("new".into())));
        let words: String = (0..9_000).map(|n| format!("{n} ")).collect();
        assert_eq!(parts(&words, ""), [Part::Removed(words.clone())]);
    }

    #[test]
    fn differences_are_no_longer_than_there_is_room() {
        let mut spare = 1_000;
        let long = vec![Part::Removed("&".repeat(50_000)), Part::Added("b".into())];
        let short = shortened(long.clone(), &mut spare);
        assert_eq!((short.len(), &short[1], spare), (2, &Part::Gap, 0));
        let Part::Removed(text) = &short[0] else { panic!("{short:?}") };
        assert!((1_500..=super::ROOM / 5 + 200).contains(&text.len()), "{}", text.len());
        // The next field has its own.
        assert!(matches!(&shortened(long, &mut spare)[0], Part::Removed(text) if text.len() > 1_500));
    }

    #[test]
    fn a_long_text_is_compared_in_time() {
        let old: String = (0..20_000).map(|n| format!("word{n} ")).collect();
        let new: String = (0..20_000).rev().map(|n| format!("word{n} ")).collect();
        assert!(!parts(&old, &new).is_empty());
    }
}
