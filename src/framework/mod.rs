//! A progression guide as data: levels, capabilities, criteria, thresholds, and what else the guide says.
//!
//! The built-in framework `e1-to-e2` is the file `e1-to-e2.toml` beside this one; its shape is [`Framework`].
//! [`load`] reads and checks frameworks, `soundness` holds what their parts must have to do with each other, and
//! `plain` writes one out as text.

pub mod load;
pub mod pages;
mod plain;
mod routes;
mod soundness;

use serde::{Deserialize, Serialize};

/// A versioned progression guide. Everything the readiness rules depend on is data of this type.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    /// Stable id, such as `e1-to-e2`.
    pub id: String,
    /// Counts up with every change of the guide.
    pub version: u32,
    /// The guide's title.
    pub name: String,
    /// All levels, lowest first.
    pub levels: Vec<String>,
    /// The level that the guide leads from.
    pub from_level: String,
    /// The level that the guide leads to.
    pub to_level: String,
    /// The guide's fundamental question, shown above check-ins and a packet's case.
    pub question: String,
    /// The numbers of the readiness rules.
    pub thresholds: Thresholds,
    /// What is to be demonstrated, in the guide's order.
    pub capabilities: Vec<Capability>,
    /// How the role changes between the two levels.
    pub shifts: Vec<Shift>,
    /// What commonly goes wrong on the way.
    pub pitfalls: Vec<Pitfall>,
    /// What makes a track record.
    pub track_record: Vec<TrackRecordItem>,
    /// The self-assessment questions of a check-in.
    pub questions: Vec<Question>,
    /// How long it usually takes, and the guide's last word.
    pub timeline: Timeline,
}

impl Framework {
    /// The capability with this id.
    pub fn capability(&self, id: &str) -> Option<&Capability> {
        self.capabilities.iter().find(|capability| capability.id == id)
    }

    /// Where the capability with this id stands in the guide's order, from 0.
    pub fn capability_index(&self, id: &str) -> Option<usize> {
        self.capabilities.iter().position(|capability| capability.id == id)
    }

    /// The criterion with this full id (`capability/criterion`), and the capability that it belongs to.
    pub fn criterion(&self, id: &str) -> Option<(&Capability, &Criterion)> {
        let (capability, _) = id.split_once('/')?;
        let capability = self.capability(capability)?;
        let criterion = capability.criteria.iter().find(|criterion| criterion.id == id)?;
        Some((capability, criterion))
    }

    /// The development action with this full id (`capability/action`), and the capability that it belongs to.
    pub fn development_action(&self, id: &str) -> Option<(&Capability, &DevelopmentAction)> {
        let (capability, _) = id.split_once('/')?;
        let capability = self.capability(capability)?;
        let action = capability.development_actions.iter().find(|action| action.id == id)?;
        Some((capability, action))
    }

    /// The self-assessment question with this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// How high a level is: 0 for the lowest. `None` if the framework doesn't list it, which makes it unknown.
    pub fn level_rank(&self, level: &str) -> Option<usize> {
        self.levels.iter().position(|listed| listed == level)
    }
}

/// The numbers of the readiness rules. Months are of 30.4375 days; days are calendar days less leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Length of the window in which evidence is looked at, in months.
    pub window_months: u32,
    /// Months shown from which a capability can be sustained.
    pub sustained_months: u32,
    /// Months shown from which a capability can be established.
    pub established_months: u32,
    /// How many days a single entry or update can speak for, at most.
    pub entry_covers_days: u32,
    /// Months shown from which a capability can be developing.
    pub developing_months: u32,
    /// Criteria claimed from which a capability can be developing.
    pub developing_criteria: u32,
    /// Entries in the window needed to be sustained.
    pub sustained_entries: u32,
    /// Confirmed criteria needed to be sustained.
    pub sustained_criteria: u32,
    /// Voices needed to be sustained.
    pub sustained_voices: u32,
    /// Entries in the window needed to be established.
    pub established_entries: u32,
    /// Confirmed criteria needed to be established.
    pub established_criteria: u32,
    /// Voices needed to be established.
    pub established_voices: u32,
    /// The longest pause between two check-ins that still belong together, in days.
    pub question_pause_days: u32,
    /// How many consistent questions count as "most".
    pub question_most: u32,
    /// How old the CTO's feedback may be, in calendar days.
    pub feedback_max_age_days: u32,
    /// How far back signals look, in months.
    pub signal_window_months: u32,
    /// The fewest entries from which a share is taken.
    pub signal_min_entries: u32,
    /// How soon after its end an entry counts as promptly recorded, in days.
    pub prompt_days: u32,
}

/// One of the guide's capabilities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// Stable id, such as `cto-partnership`.
    pub id: String,
    /// Its title.
    pub name: String,
    /// What changes between the two levels, in a sentence or two.
    pub summary: String,
    /// How many days evidence speaks after its last day.
    pub carry_days: u32,
    /// The voice that must have been heard.
    pub asks_for: AskedVoice,
    /// "What this looks like", in the guide's order.
    pub criteria: Vec<Criterion>,
    /// "How to develop this", in the guide's order.
    pub development_actions: Vec<DevelopmentAction>,
}

/// The voice that a capability asks to hear from.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
    Serialize,
    Deserialize,
)]
#[strum(serialize_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum AskedVoice {
    /// A CTO.
    Cto,
    /// Somebody of a domain other than the candidate's.
    OtherDomain,
    /// A leader whom the candidate developed.
    Developed,
    /// Somebody outside the company, or anyone about an entry with a link.
    External,
}

impl AskedVoice {
    /// Whom it asks to hear from, in words that go on a sentence.
    pub fn in_words(self) -> &'static str {
        match self {
            AskedVoice::Cto => "a CTO",
            AskedVoice::OtherDomain => "somebody of another domain",
            AskedVoice::Developed => "a leader who was developed",
            AskedVoice::External => "somebody outside the company, or anyone about an entry with a link",
        }
    }
}

/// One "what this looks like" statement of a capability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// Stable id, `capability/criterion`.
    pub id: String,
    /// The statement.
    pub text: String,
    /// What would show it.
    pub example: String,
    /// What looks like it and isn't.
    pub counter_example: String,
}

/// One "how to develop this" suggestion of a capability.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DevelopmentAction {
    /// Stable id, `capability/action`.
    pub id: String,
    /// The suggestion.
    pub text: String,
}

/// One row of the guide's core shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Stable id.
    pub id: String,
    /// How it is at the lower level.
    pub from: String,
    /// How it is at the higher level.
    pub to: String,
}

/// Something that commonly goes wrong, and the rule that may hint at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pitfall {
    /// Stable id.
    pub id: String,
    /// Its title.
    pub name: String,
    /// What it means.
    pub text: String,
    /// The signal's rule; without one it is judged by people.
    #[serde(default)]
    pub rule: Option<SignalRule>,
}

/// The rule of a signal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum SignalRule {
    /// More than half of the entries that state the field have this value.
    Share {
        /// The field looked at.
        field: ShareField,
        /// The value counted, such as `own-domain`.
        value: String,
    },
    /// Of the people named as developed with a known level, one is below the level and none at or above it.
    BelowLevel {
        /// The level compared with.
        level: String,
    },
    /// The capability is none or lapsed, or the named track-record item is not met.
    Silent {
        /// The capability looked at.
        capability: String,
        /// A track-record item that must be met as well.
        #[serde(default)]
        unmet: Option<String>,
    },
}

/// The field of an entry that a share looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShareField {
    /// How far the work reached.
    Scope,
    /// How the work was done.
    Conduct,
}

impl ShareField {
    /// The values that an entry can state in this field, as they are written in files.
    pub fn values(self) -> &'static [&'static str] {
        match self {
            Self::Scope => &["own-domain", "cross-domain", "company", "external"],
            Self::Conduct => &["personally", "with-peers", "through-directors"],
        }
    }
}

/// One part of a track record, and the rule that shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrackRecordItem {
    /// Stable id.
    pub id: String,
    /// What it asks for.
    pub text: String,
    /// The rule; without one it is judged by people, and does not block.
    #[serde(default)]
    pub rule: Option<TrackRecordRule>,
}

/// The rule of a track-record item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum TrackRecordRule {
    /// The capability is developing or better, and one of its entries in the window states an impact.
    Impact {
        /// The capability looked at.
        capability: String,
    },
    /// Somebody named as developed agreed, was at `from_level` or above, and has grown since.
    Developed {
        /// The capability looked at.
        capability: String,
    },
    /// There is recent feedback by a CTO.
    Feedback {},
}

/// A self-assessment question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable id.
    pub id: String,
    /// The question.
    pub text: String,
}

/// How long it usually takes, and the guide's last word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timeline {
    /// How long readiness is to be shown, in words ("18 to 24 months or more").
    pub demonstration: String,
    /// How long people are typically at the lower level, in words.
    pub typical_at_level: String,
    /// What that time reflects.
    pub reflects: Vec<String>,
    /// The guide's last word: that the lower level is a success in itself.
    pub last_word: String,
}

#[cfg(test)]
mod tests;

pub use routes::routes;
