//! Material edits: whether an entry says something else than what somebody confirmed or judged. Pure, over the contents of
//! two revisions.
//!
//! Mostly rewritten is a text of which over half of the words are gone, or over half of the words of which are new; a
//! narrative that was first written since is new in every word, and nobody has confirmed one of them. An earlier end, ending
//! what was ongoing, and updates are no material edits: they claim no more than was confirmed.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Content, NamedAs};
use crate::text;

/// By how many days a beginning may move, and an end move later.
const DAYS: i64 = 31;

/// What makes an edit material.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::VariantArray)]
pub enum Reason {
    /// The title is mostly rewritten.
    Title,
    /// The narrative (situation, action, impact and domain cost together) is mostly rewritten.
    Narrative,
    /// It began on a day more than a month from the one before.
    Beginning,
    /// It ended more than a month later.
    LaterEnd,
    /// It had ended, and goes on.
    Opened,
    /// It speaks for another capability.
    Capability,
    /// It shows another criterion.
    Criterion,
    /// It names somebody else as developed.
    Developed,
}

impl Reason {
    /// In words, after "you".
    pub fn in_words(self) -> &'static str {
        match self {
            Reason::Title => "rewrote most of the title",
            Reason::Narrative => "rewrote most of the text",
            Reason::Beginning => "moved the beginning by more than 31 days",
            Reason::LaterEnd => "moved the end later by more than 31 days",
            Reason::Opened => "let it go on after its end",
            Reason::Capability => "added a capability",
            Reason::Criterion => "added a criterion",
            Reason::Developed => "added somebody whom you developed",
        }
    }
}

/// What makes an edit from one content to another material; nothing where it isn't.
pub fn reasons(before: &Content, after: &Content) -> Vec<Reason> {
    let developed = |content: &Content| -> Vec<_> {
        content.people.iter().filter(|n| n.named_as == NamedAs::Developed).map(|n| n.person).collect()
    };
    let narrative =
        |c: &Content| [&*c.situation, &*c.action, &*c.impact, &*c.domain_cost].map(text::words).concat();
    let found = [
        (is_rewritten(&text::words(&before.title), &text::words(&after.title)), Reason::Title),
        (is_rewritten(&narrative(before), &narrative(after)), Reason::Narrative),
        (days_between(before.from, after.from).is_some_and(|days| days.abs() > DAYS), Reason::Beginning),
        (days_between(end(before), end(after)).is_some_and(|days| days > DAYS), Reason::LaterEnd),
        (after.ongoing && !before.ongoing, Reason::Opened),
        (adds(&before.capabilities, &after.capabilities), Reason::Capability),
        (adds(&before.criteria, &after.criteria), Reason::Criterion),
        (adds(&developed(before), &developed(after)), Reason::Developed),
    ];
    found.into_iter().filter(|(is_so, _)| *is_so).map(|(_, reason)| reason).collect()
}

fn days_between(before: Option<NaiveDate>, after: Option<NaiveDate>) -> Option<i64> {
    before.zip(after).map(|(before, after)| (after - before).num_days())
}

/// The last day; none for what goes on.
fn end(content: &Content) -> Option<NaiveDate> {
    if content.ongoing { None } else { content.to.or(content.from) }
}

fn adds<T: PartialEq>(before: &[T], after: &[T]) -> bool {
    after.iter().any(|item| !before.contains(item))
}

/// Whether over half of the words of a text are gone, or over half of those of the new one weren't in it, each as often as
/// it stands there.
fn is_rewritten(before: &str, after: &str) -> bool {
    let words = |text: &str| text.split(' ').filter(|word| !word.is_empty()).count();
    let (old, new) = (words(before), words(after));
    let mut left: HashMap<&str, usize> = HashMap::new();
    for word in before.split(' ').filter(|word| !word.is_empty()) {
        *left.entry(word).or_default() += 1;
    }
    let mut kept = 0;
    for word in after.split(' ') {
        if let Some(number) = left.get_mut(word).filter(|number| **number > 0) {
            *number -= 1;
            kept += 1;
        }
    }
    (old - kept) * 2 > old || (new - kept) * 2 > new
}

#[cfg(test)]
mod tests;
