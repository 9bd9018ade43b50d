//! What waits for the CTO in one dossier, and since when. Pure, from the facts that CTOs may know.

use chrono::{NaiveDate, TimeDelta};

use crate::evidence::Audience;
use crate::framework::{AskedVoice, Framework, TrackRecordRule};
use crate::readiness::{Assessment, CountedEntry, Entry, Facts, Gap, GapKind, IndexSet, Lens, Reading};
use crate::review::CorroborationAnswer;
use crate::sitting::due::Due;

/// Something that goes on only when a CTO does something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matter {
    /// An entry for CTOs alone, by its id, with its capabilities: it counts once a CTO has confirmed it.
    Confirmation(Box<str>, IndexSet),
    /// A capability that asks for a CTO's voice, by its place in the framework: none was heard on its evidence.
    Voice(usize),
    /// An entry, by its id, of which somebody's account differs.
    Differing(Box<str>),
    /// The statement about the partnership; the last one's day, if there is any.
    Feedback(Option<NaiveDate>),
    /// A sitting of the CTO who looks. It isn't found here: it rests on what that CTO did, not on facts.
    Sitting(Due),
}

/// What waits, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// What.
    pub matter: Matter,
    /// Since when by the facts; none when it has waited since the dossier was shared.
    pub since: Option<NaiveDate>,
}

/// Everything in a dossier that waits for a CTO on a day.
pub fn waiting(framework: &Framework, facts: &Facts, as_of: NaiveDate) -> Vec<Waiting> {
    let reading = Reading::new(framework, facts, as_of);
    let assessment = reading.assess(Lens::All);
    let counted: Vec<Vec<CountedEntry>> =
        (0..framework.capabilities.len()).map(|c| reading.counted_entries(c, Lens::All)).collect();
    let mut all = Vec::new();
    for (place, entry) in facts.entries.iter().enumerate() {
        let counts = counted.iter().flatten().any(|c| c.entry == place);
        if entry.audience == Audience::Cto && entry.from <= as_of && !counts {
            let since = published(entry, reading.last_day(place));
            all.push(Waiting { matter: Matter::Confirmation(entry.id.clone(), entry.capabilities), since });
        }
    }
    for (place, capability) in framework.capabilities.iter().enumerate() {
        let unheard = assessment.capabilities[place].gap_kinds().any(|kind| kind == GapKind::Unheard);
        if capability.asks_for != AskedVoice::Cto || !unheard {
            continue;
        }
        let in_window = counted[place].iter().filter(|c| c.in_window);
        let days = in_window.map(|c| published(&facts.entries[c.entry], Some(c.last_day)));
        // Without an entry in the window there is nothing that a CTO could confirm.
        if let Some(since) = days.min() {
            all.push(Waiting { matter: Matter::Voice(place), since });
        }
    }
    for entry in facts.entries.iter().filter(|entry| differs(&assessment, entry)) {
        all.push(Waiting { matter: Matter::Differing(entry.id.clone()), since: told(facts, entry, as_of) });
    }
    all.extend(feedback(framework, facts, &assessment));
    all
}

/// The day from which others could read an entry: that of its publication or, unrecorded, its last.
fn published(entry: &Entry, last_day: Option<NaiveDate>) -> Option<NaiveDate> {
    entry.recorded_on.or(last_day)
}

fn differs(assessment: &Assessment, entry: &Entry) -> bool {
    assessment.capabilities.iter().flat_map(|c| &c.gaps).any(|gap| match gap {
        Gap::DifferingAccount { entries } => entries.iter().any(|id| **id == *entry.id),
        _ => false,
    })
}

/// The first day of the accounts of an entry that stand and differ still.
fn told(facts: &Facts, entry: &Entry, as_of: NaiveDate) -> Option<NaiveDate> {
    entry
        .standing(facts.candidate, as_of)
        .filter_map(|c| entry.latest_of(c.by, facts.candidate, as_of))
        .filter(|c| c.answer == CorroborationAnswer::Differs && c.settled_on.is_none_or(|on| on > as_of))
        .filter_map(|c| c.origin.since(c.on))
        .min()
}

fn feedback(framework: &Framework, facts: &Facts, assessment: &Assessment) -> Option<Waiting> {
    let asked = framework.track_record.iter().zip(&assessment.track_record);
    let missing = |(item, found): (&crate::framework::TrackRecordItem, _)| {
        matches!(item.rule, Some(TrackRecordRule::Feedback {})) && found == Some(false)
    };
    if !asked.map(|(item, found)| (item, found.met)).any(missing) {
        return None;
    }
    let as_of = assessment.as_of;
    let last = facts.feedback.iter().map(|f| f.on).filter(|on| *on <= as_of).max();
    let age = TimeDelta::days(i64::from(framework.thresholds.feedback_max_age_days) + 1);
    // What is recent and still not enough was not by a CTO, and so nothing to reckon from.
    let since = last.and_then(|on| on.checked_add_signed(age)).filter(|since| *since <= as_of);
    Some(Waiting { matter: Matter::Feedback(since.and(last)), since })
}

#[cfg(test)]
mod tests;
