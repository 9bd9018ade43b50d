//! What an assessment says. It serializes to exactly the JSON of `evident assess`: every key always there, null where
//! it has no value.

use chrono::NaiveDate;
use serde::Serialize;

use super::gaps::{Gap, GapKind};
use crate::framework::AskedVoice;
use crate::review::Reply;

/// Which entries count.
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
pub enum Lens {
    /// All that the rules count.
    All,
    /// Only those with a valid confirmation.
    Confirmed,
}

/// How far the evidence for one capability carries, in order.
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
pub enum State {
    /// No entry counts.
    None,
    /// The latest entry has stopped speaking.
    Lapsed,
    /// There is evidence.
    Emerging,
    /// It speaks for some months and more than one criterion.
    Developing,
    /// Months, entries, confirmed criteria and voices are as the framework asks, and the asked voice was heard.
    Sustained,
    /// As sustained, with the higher thresholds.
    Established,
}

/// The readiness of one candidate on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// The day.
    pub as_of: NaiveDate,
    /// The framework's id.
    pub framework: String,
    /// Which entries count.
    pub lens: Lens,
    /// Months since the candidate's latest level entry; context, never a gate.
    pub months_at_level: Option<u32>,
    /// Whether the evidence is complete. It says nothing about the person or the seats.
    pub evidence_complete: bool,
    /// In framework order.
    pub capabilities: Vec<CapabilityReadiness>,
    /// In framework order.
    pub questions: Vec<QuestionReadiness>,
    /// In framework order.
    pub track_record: Vec<TrackRecordReadiness>,
    /// In framework order. They are put to the candidate alone.
    pub signals: Vec<Signal>,
}

/// How far the evidence for one capability carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CapabilityReadiness {
    /// The capability's id.
    pub capability: String,
    /// The state.
    pub state: State,
    /// Months shown within the window.
    pub months: u32,
    /// Length of the window in months.
    pub window_months: u32,
    /// Entries in the window.
    pub entries: u32,
    /// What became of the capability's criteria.
    pub criteria: CriteriaReadiness,
    /// The ids of those who confirmed evidence in the window, in byte order.
    pub voices: Vec<String>,
    /// Whether the voice that the capability asks for was heard.
    pub asked_voice: AskedVoiceReadiness,
    /// The latest day of all counted entries; null for none.
    pub last_day: Option<NaiveDate>,
    /// The first day on which the capability lapses without new evidence; null for none and lapsed.
    pub lapses_on: Option<NaiveDate>,
    /// The first day on which enough months would be shown; null unless too few are.
    pub sustained_on: Option<NaiveDate>,
    /// How many entries in the window were recorded soon after; shown, never a gate.
    pub promptly_recorded: PromptlyRecorded,
    /// Why it is not yet sustained, and what is open.
    pub gaps: Vec<Gap>,
}

impl CapabilityReadiness {
    /// The kinds of its gaps, in order.
    pub fn gap_kinds(&self) -> impl Iterator<Item = GapKind> {
        self.gaps.iter().map(Gap::kind)
    }
}

/// The criteria of one capability, each in exactly one list, in framework order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CriteriaReadiness {
    /// Named by an entry in the window that somebody confirmed, or that was judged to meet it.
    pub confirmed: Vec<String>,
    /// Named by an entry in the window, and not confirmed.
    pub claimed: Vec<String>,
    /// Named by no entry in the window.
    pub missing: Vec<String>,
}

/// Whether the voice that a capability asks for was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AskedVoiceReadiness {
    /// The voice.
    pub asks_for: AskedVoice,
    /// Whether it was heard.
    pub heard: bool,
}

/// How many of the entries that say when they were recorded were recorded soon after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PromptlyRecorded {
    /// Soon after.
    pub within: u32,
    /// All that say it.
    pub of: u32,
}

/// What was answered to one self-assessment question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuestionReadiness {
    /// The question's id.
    pub question: String,
    /// The candidate's answers.
    #[serde(rename = "self")]
    pub own: Answers,
    /// The CTO's answers.
    pub cto: Answers,
    /// Whether the candidate's answers are consistent for long enough.
    pub consistent: bool,
    /// Whether the candidate's and the CTO's latest answers differ.
    pub diverging: bool,
}

/// One side's answers to one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Answers {
    /// The latest one.
    pub latest: Option<Reply>,
    /// Months from the first to the last yes, without a not-yet or too long a pause since.
    pub months: u32,
}

/// Whether one track-record item is met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TrackRecordReadiness {
    /// The item's id.
    pub item: String,
    /// Whether it is met; null if people judge it.
    pub met: Option<bool>,
}

/// A question put to the candidate: does this pitfall apply?
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Signal {
    /// The pitfall's id.
    pub pitfall: String,
    /// Whether the evidence hints at it; null if there is too little to say, or if people judge it.
    pub signal: Option<bool>,
    /// Of a share: entries with the value.
    pub matching: Option<u32>,
    /// Of a share: entries that state the field.
    pub of: Option<u32>,
}
