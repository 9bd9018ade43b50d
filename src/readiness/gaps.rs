//! Why a capability is not yet sustained.
//!
//! 7. Gaps. `none`: `no-evidence` alone. Otherwise, unless sustained or established, each that holds of: `lapsed` (since =
//!    the last day) · `short` (months, needed, earliest) · `few` (entries, needed) · `narrow` (confirmed, needed, missing =
//!    the others of c) · `unconfirmed` (voices, needed) · `unheard` (asked). In every state but none, after these:
//!    `differing-account` (entries) · `not-yet` (entries). Needed is always the sustained threshold.
//!    earliest = the first day d ≥ D on which months would reach `sustained_months` if every day from D through d were shown
//!    (later leave taken into account; null if never within 1,500 days); it is also `sustained_on`.

use chrono::NaiveDate;
use serde::Serialize;

use super::assessment::State;
use super::capability::Tally;
use super::time::{date_of, days_of, days_within, merge, months_of};
use crate::framework::AskedVoice;
use crate::review::Judgement;

/// How far ahead, in calendar days, a forecast looks.
const FORECAST_DAYS: i64 = 1_500;

/// What kind of gap it is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
    serde::Serialize,
    serde::Deserialize,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum GapKind {
    /// No entry counts.
    NoEvidence,
    /// The evidence has stopped speaking.
    Lapsed,
    /// Too few months are shown.
    Short,
    /// Too few entries.
    Few,
    /// Too few criteria are confirmed.
    Narrow,
    /// Too few people confirmed it.
    Unconfirmed,
    /// Whoever can best judge it was not heard.
    Unheard,
    /// Somebody saw it differently.
    DifferingAccount,
    /// An entry was judged not yet to show the capability.
    NotYet,
}

/// A typed, explained reason why a capability is not yet sustained, or what is open about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "gap", rename_all = "kebab-case")]
pub enum Gap {
    /// No entry counts.
    NoEvidence,
    /// The evidence has stopped speaking.
    Lapsed {
        /// The last day of all evidence.
        since: NaiveDate,
    },
    /// Too few months are shown.
    Short {
        /// Months shown.
        months: u32,
        /// Months needed.
        needed: u32,
        /// The first day on which they could be reached.
        earliest: Option<NaiveDate>,
    },
    /// Too few entries.
    Few {
        /// Entries in the window.
        entries: u32,
        /// Entries needed.
        needed: u32,
    },
    /// Too few criteria are confirmed.
    Narrow {
        /// Confirmed criteria.
        confirmed: u32,
        /// Confirmed criteria needed.
        needed: u32,
        /// The capability's other criteria, in framework order.
        missing: Vec<String>,
    },
    /// Too few people confirmed it.
    Unconfirmed {
        /// People who did.
        voices: u32,
        /// People needed.
        needed: u32,
    },
    /// Whoever can best judge it was not heard.
    Unheard {
        /// The voice that the capability asks for.
        asks_for: AskedVoice,
    },
    /// Somebody saw it differently.
    DifferingAccount {
        /// The ids of the entries, in byte order.
        entries: Vec<String>,
    },
    /// Entries were judged not yet to show the capability.
    NotYet {
        /// The ids of the entries, in byte order.
        entries: Vec<String>,
    },
}

impl Gap {
    /// What kind of gap it is.
    pub fn kind(&self) -> GapKind {
        match self {
            Self::NoEvidence => GapKind::NoEvidence,
            Self::Lapsed { .. } => GapKind::Lapsed,
            Self::Short { .. } => GapKind::Short,
            Self::Few { .. } => GapKind::Few,
            Self::Narrow { .. } => GapKind::Narrow,
            Self::Unconfirmed { .. } => GapKind::Unconfirmed,
            Self::Unheard { .. } => GapKind::Unheard,
            Self::DifferingAccount { .. } => GapKind::DifferingAccount,
            Self::NotYet { .. } => GapKind::NotYet,
        }
    }
}

/// Whether `short` is a gap.
fn is_short(tally: &Tally<'_, '_>) -> bool {
    !matches!(tally.state, State::None | State::Sustained | State::Established)
        && tally.months < tally.thresholds().sustained_months
}

/// The first day on which enough months would be shown; none unless `short` is a gap.
pub(super) fn earliest(tally: &Tally<'_, '_>) -> Option<NaiveDate> {
    if !is_short(tally) {
        return None;
    }
    let reading = tally.reading;
    let needed = tally.thresholds().sustained_months;
    let window = days_of(tally.thresholds().window_months);
    let today = reading.timeline.t(reading.today);
    let mut shown = tally.shown.clone();
    shown.push((today, today));
    merge(&mut shown);
    // A day further in *t* gains one shown day and loses at most one, so the first that suffices can be bisected. It is
    // never further in *t* than on the calendar.
    let suffices = |ahead: i64| {
        let t = today + ahead;
        months_of(days_within(&shown, t - window, today) + ahead) >= needed
    };
    let (mut low, mut high) = (0, FORECAST_DAYS + 1);
    while low < high {
        let middle = i64::midpoint(low, high);
        if suffices(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    let day = reading.timeline.first_day(today + low).max(reading.today);
    (day - reading.today <= FORECAST_DAYS).then(|| date_of(day)).flatten()
}

/// The gaps in their order.
pub(super) fn gaps(tally: &Tally<'_, '_>, earliest: Option<NaiveDate>) -> Vec<Gap> {
    if tally.state == State::None {
        return vec![Gap::NoEvidence];
    }
    let mut gaps = Vec::new();
    if tally.state < State::Sustained {
        why_not_sustained(tally, earliest, &mut gaps);
    }
    let differing = tally.entry_ids(|e| e.differing);
    if !differing.is_empty() {
        gaps.push(Gap::DifferingAccount { entries: differing });
    }
    let not_yet = tally.entry_ids(|e| e.judgement == Some(Judgement::NotYet));
    if !not_yet.is_empty() {
        gaps.push(Gap::NotYet { entries: not_yet });
    }
    gaps
}

fn why_not_sustained(tally: &Tally<'_, '_>, earliest: Option<NaiveDate>, gaps: &mut Vec<Gap>) {
    let t = tally.thresholds();
    if tally.state == State::Lapsed
        && let Some(since) = tally.last_day.and_then(date_of)
    {
        gaps.push(Gap::Lapsed { since });
    }
    if is_short(tally) {
        gaps.push(Gap::Short { months: tally.months, needed: t.sustained_months, earliest });
    }
    if tally.entries() < t.sustained_entries {
        gaps.push(Gap::Few { entries: tally.entries(), needed: t.sustained_entries });
    }
    if tally.confirmed.len() < t.sustained_criteria {
        let others = tally.reading.criteria_of(tally.capability).difference(tally.confirmed);
        gaps.push(Gap::Narrow {
            confirmed: tally.confirmed.len(),
            needed: t.sustained_criteria,
            missing: tally.ids(others),
        });
    }
    if tally.voice_count() < t.sustained_voices {
        gaps.push(Gap::Unconfirmed { voices: tally.voice_count(), needed: t.sustained_voices });
    }
    if !tally.heard {
        let asks_for = tally.reading.framework.capabilities[tally.capability].asks_for;
        gaps.push(Gap::Unheard { asks_for });
    }
}
