//! What states and gaps are called, and what would change them, in sentences.

use chrono::{Datelike, NaiveDate};

use crate::evidence::{Conduct, Scope};
use crate::framework::{AskedVoice, Framework, ShareField, SignalRule, Thresholds};
use crate::readiness::{Assessment, CapabilityReadiness, Gap, GapKind, State};
use crate::web::words::{count, day, list};

impl State {
    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            State::None => "None",
            State::Lapsed => "Lapsed",
            State::Emerging => "Emerging",
            State::Developing => "Developing",
            State::Sustained => "Sustained",
            State::Established => "Established",
        }
    }

    /// The rule that leads to it, in a sentence.
    pub fn rule(self, t: &Thresholds) -> String {
        match self {
            State::None => "No entry counts for this capability on this day.".into(),
            State::Lapsed => {
                "There is evidence, and its latest day lies too far back for it to speak still.".into()
            }
            State::Emerging => format!(
                "There is evidence that still speaks. Developing asks for {} months shown and {} criteria claimed.",
                t.developing_months, t.developing_criteria
            ),
            State::Developing => format!(
                "At least {} months are shown and {} criteria claimed. Sustained asks for all of what follows.",
                t.developing_months, t.developing_criteria
            ),
            State::Sustained | State::Established => "Everything that the state asks for is there.".into(),
        }
    }
}

impl GapKind {
    /// Its name for people.
    pub fn title(self) -> &'static str {
        match self {
            GapKind::NoEvidence => "No evidence",
            GapKind::Lapsed => "Quiet",
            GapKind::Short => "Too short",
            GapKind::Few => "Too few",
            GapKind::Narrow => "Too narrow",
            GapKind::Unconfirmed => "Unconfirmed",
            GapKind::Unheard => "Not heard",
            GapKind::DifferingAccount => "An account differs",
            GapKind::NotYet => "Assessed not yet",
        }
    }
}

/// Whose voice is asked for, as it stands in a sentence.
pub fn voice(asked: AskedVoice) -> &'static str {
    match asked {
        AskedVoice::Cto => "the CTO",
        AskedVoice::OtherDomain => "somebody of another domain",
        AskedVoice::Developed => "a leader whom it developed",
        AskedVoice::External => "somebody outside, or about something with a link",
    }
}

/// What a gap consists of, in a few words.
pub fn gap(gap: &Gap) -> String {
    match gap {
        Gap::NoEvidence => "nothing counts here yet".into(),
        Gap::Lapsed { since } => format!("since {}", day(since)),
        Gap::Short { months, needed, earliest: Some(earliest) } => {
            format!("{months} of {needed} months; earliest {}", day(earliest))
        }
        Gap::Short { months, needed, earliest: None } => format!("{months} of {needed} months"),
        Gap::Few { entries, needed } => format!("{entries} of {needed} entries"),
        Gap::Narrow { confirmed, needed, .. } => format!("{confirmed} of {needed} criteria confirmed"),
        Gap::Unconfirmed { voices, needed } => format!("{voices} of {needed} voices"),
        Gap::Unheard { asks_for } => voice(*asks_for).into(),
        Gap::DifferingAccount { entries } | Gap::NotYet { entries } => {
            count(entries.len() as u64, "entry", "entries")
        }
    }
}

/// What would change a gap, in a sentence.
pub fn change(gap: &Gap, capability: &CapabilityReadiness) -> String {
    match gap {
        Gap::NoEvidence => "A first final entry makes it emerging.".into(),
        Gap::Lapsed { .. } => {
            "A newer entry, or an update that says that an earlier one still holds, lets the evidence speak again.".into()
        }
        Gap::Short { needed, earliest: Some(earliest), .. } => {
            format!("With evidence for every day from now on, {needed} months are shown on {}.", day(earliest))
        }
        Gap::Short { needed, earliest: None, .. } => {
            format!("{needed} months can't be shown within the next four years.")
        }
        Gap::Few { entries, needed } => {
            format!("{} more in the window would do.", count(needed.saturating_sub(*entries), "entry", "entries"))
        }
        Gap::Narrow { confirmed, needed, .. } => {
            let more = count(needed.saturating_sub(*confirmed), "criterion", "criteria");
            if capability.criteria.claimed.is_empty() {
                format!("{more} more would do, each named by an entry that somebody confirms.")
            } else {
                let claimed = count(capability.criteria.claimed.len() as u64, "is claimed", "are claimed");
                format!("{more} more would do; {claimed} and wait only for somebody to confirm an entry.")
            }
        }
        Gap::Unconfirmed { voices, needed } => {
            let more = count(needed.saturating_sub(*voices), "person", "people");
            format!("{more} more confirming an entry in the window would do.")
        }
        Gap::Unheard { asks_for } => format!("A confirmation by {} would do.", voice(*asks_for)),
        Gap::DifferingAccount { .. } => "It goes once the account is settled or the person answers anew.".into(),
        Gap::NotYet { .. } => "It goes with a later assessment of the same entry.".into(),
    }
}

/// The rule of a signal, in a sentence.
pub fn signal(framework: &Framework, rule: Option<&SignalRule>) -> String {
    let t = &framework.thresholds;
    let months = t.signal_window_months;
    let named = |id: &str| framework.capability(id).map_or_else(|| id.to_owned(), |c| c.name.clone());
    match rule {
        None => "People judge this; nothing is computed.".into(),
        Some(SignalRule::Share { field, value }) => {
            let (what, value) = match field {
                ShareField::Scope => ("how far they reach", value.parse().map_or("", Scope::title)),
                ShareField::Conduct => ("how they were done", value.parse().map_or("", Conduct::title)),
            };
            format!(
                "It is raised when, of the entries of the last {months} months that say {what}, more than half say \
                 “{value}”; at least {} must say it.",
                t.signal_min_entries
            )
        }
        Some(SignalRule::BelowLevel { level }) => format!(
            "It is raised when those named as developed in the last {months} months were all below {level} at the time."
        ),
        Some(SignalRule::Silent { capability, unmet }) => {
            let unmet = unmet.as_ref().map_or("", |_| ", or when the track record lacks what goes with it");
            format!("It is raised when {} has no evidence or has lapsed{unmet}.", named(capability))
        }
    }
}

/// The one sentence (or two) that a reader takes away in five seconds.
pub fn headline(framework: &Framework, assessment: &Assessment) -> String {
    if assessment.capabilities.iter().all(|c| c.state == State::None) {
        return "Nothing counts yet.".into();
    }
    let all = assessment.capabilities.len();
    let sustained = assessment.capabilities.iter().filter(|c| c.state >= State::Sustained).count();
    let name = |c: &CapabilityReadiness| {
        framework.capability(&c.capability).map_or_else(|| c.capability.clone(), |c| c.name.clone())
    };
    let first = match sustained {
        0 => format!("None of {} capabilities is sustained yet.", small(all)),
        n if n == all => format!("All {} capabilities are sustained.", small(all)),
        1 => format!("One of {} capabilities is sustained.", small(all)),
        n => format!("{} of {} capabilities are sustained.", capital(&small(n)), small(all)),
    };
    let short: Vec<&CapabilityReadiness> =
        assessment.capabilities.iter().filter(|c| c.state < State::Sustained).collect();
    if let Some(weakest) = short.iter().min_by_key(|c| c.state) {
        let why = weakest.gaps.first().map_or_else(String::new, |gap| reason(gap, assessment.as_of));
        let name = name(weakest);
        return if short.len() == 1 {
            format!("{first} {name} is the gap: {why}.")
        } else {
            format!("{first} {name} is the widest gap: {why}.")
        };
    }
    let contested: Vec<String> =
        assessment.capabilities.iter().filter(|c| !c.gaps.is_empty()).map(name).collect();
    if !contested.is_empty() {
        format!("{first} A differing account or a “not yet” is open in {}.", list(&contested))
    } else if assessment.evidence_complete {
        format!("{first} The evidence is complete, which says nothing about the person or the seats.")
    } else {
        format!("{first} Questions or the track record are still open.")
    }
}

fn reason(gap: &Gap, as_of: NaiveDate) -> String {
    match gap {
        Gap::NoEvidence => "no evidence yet".into(),
        Gap::Lapsed { since } if since.year() == as_of.year() => {
            format!("no evidence since {}", since.format("%-d %B"))
        }
        Gap::Lapsed { since } => format!("no evidence since {}", since.format("%-d %B %Y")),
        Gap::Short { months, needed, .. } => format!("{months} of {needed} months shown"),
        Gap::Few { entries, needed } => format!("{entries} of {needed} entries"),
        Gap::Narrow { confirmed, needed, .. } => format!("{confirmed} of {needed} criteria confirmed"),
        Gap::Unconfirmed { voices: 0, .. } => "nobody has confirmed it yet".into(),
        Gap::Unconfirmed { voices, needed } => format!("{voices} of {needed} voices heard"),
        Gap::Unheard { asks_for } => format!("not yet heard from {}", voice(*asks_for)),
        Gap::DifferingAccount { .. } => "an account differs".into(),
        Gap::NotYet { .. } => "an entry was assessed “not yet”".into(),
    }
}

/// A small number in words.
fn small(number: usize) -> String {
    const WORDS: [&str; 10] =
        ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    WORDS.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// `4 years 10 months`.
pub fn years_and_months(months: u32) -> String {
    match (months / 12, months % 12) {
        (0, months) => count(months, "month", "months"),
        (years, 0) => count(years, "year", "years"),
        (years, months) => format!("{} {}", count(years, "year", "years"), count(months, "month", "months")),
    }
}
