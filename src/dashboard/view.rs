//! What the cards of a readiness page say of each capability: the figures, the rule, the evidence, and what would change it.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::grids::share;
use super::sources::EntryLine;
use super::words;
use crate::evidence::{Origin, Via, words as terms};
use crate::framework::{AskedVoice, Capability, Framework};
use crate::readiness::{Assessment, CapabilityReadiness, Gap, GapKind, PersonIndex, Reading, State};
use crate::web::words::{count, day, list};

/// Titles and names for ids.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) entries: HashMap<String, EntryLine>,
    pub(crate) names: HashMap<String, String>,
}

/// One requirement, and whether it is met.
pub(crate) struct Rule {
    pub(crate) met: bool,
    pub(crate) text: String,
}

/// One gap.
pub(crate) struct GapView {
    pub(crate) title: &'static str,
    pub(crate) text: String,
    pub(crate) change: String,
    /// Whether it waits for the CTO.
    pub(crate) waiting: bool,
    /// The criteria that are neither confirmed nor few enough to leave out.
    pub(crate) missing: Vec<String>,
    /// The entries that it is about.
    pub(crate) entries: Vec<EntryLine>,
}

/// An entry that speaks for a capability.
pub(crate) struct Evidence {
    pub(crate) entry: EntryLine,
    /// What others said of it.
    pub(crate) said: String,
}

/// One mark on the bar of months.
pub(crate) struct Mark {
    pub(crate) at: String,
    pub(crate) months: u32,
    /// Where its number is anchored.
    pub(crate) anchor: &'static str,
}

/// One capability.
pub(crate) struct Card {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) state: State,
    pub(crate) months: u32,
    pub(crate) window: u32,
    pub(crate) shown: String,
    pub(crate) marks: Vec<Mark>,
    pub(crate) asks: u32,
    pub(crate) confirmed: usize,
    pub(crate) criteria: usize,
    pub(crate) voices: usize,
    /// What the last figure is called, and what it is.
    pub(crate) last: (&'static str, String),
    pub(crate) next: String,
    /// Whether it is where the one next thing is: the furthest back of those that are not sustained, or the first.
    pub(crate) first: bool,
    pub(crate) rule: String,
    pub(crate) rules: Vec<Rule>,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) forecast: Vec<String>,
    pub(crate) gaps: Vec<GapView>,
}

/// How many entries of a capability are seen at a first look.
const FEW: usize = 5;

impl Card {
    /// The entries for a first look.
    pub(crate) fn latest(&self) -> &[Evidence] {
        self.evidence.split_at(self.evidence.len().min(FEW)).0
    }

    /// All others.
    pub(crate) fn earlier(&self) -> &[Evidence] {
        self.evidence.split_at(self.evidence.len().min(FEW)).1
    }
}

/// The cards, in the framework's order.
pub(crate) fn cards(reading: &Reading<'_>, assessment: &Assessment, known: &Known) -> Vec<Card> {
    let all = reading.framework().capabilities.iter().zip(&assessment.capabilities).enumerate();
    all.map(|(index, (capability, readiness))| {
        let maker = Maker { reading, assessment, known, index, capability, readiness };
        maker.card()
    })
    .collect()
}

/// The place of the capability furthest back; of several, the first.
fn weakest(assessment: &Assessment) -> usize {
    let all = assessment.capabilities.iter().enumerate();
    all.min_by_key(|(_, readiness)| readiness.state).map_or(0, |(place, _)| place)
}

struct Maker<'a> {
    reading: &'a Reading<'a>,
    assessment: &'a Assessment,
    known: &'a Known,
    index: usize,
    capability: &'a Capability,
    readiness: &'a CapabilityReadiness,
}

impl Maker<'_> {
    fn framework(&self) -> &Framework {
        self.reading.framework()
    }

    fn card(&self) -> Card {
        let (r, t) = (self.readiness, &self.framework().thresholds);
        let mut marks = vec![Mark {
            at: share(t.sustained_months, r.window_months),
            months: t.sustained_months,
            anchor: "middle",
        }];
        if t.established_months != t.sustained_months {
            marks.push(Mark {
                at: share(t.established_months, r.window_months),
                months: t.established_months,
                anchor: "end",
            });
        }
        Card {
            id: r.capability.clone(),
            name: self.capability.name.clone(),
            state: r.state,
            months: r.months,
            window: r.window_months,
            shown: share(r.months, r.window_months),
            marks,
            asks: t.sustained_months,
            confirmed: r.criteria.confirmed.len(),
            criteria: self.capability.criteria.len(),
            voices: r.voices.len(),
            last: match (r.lapses_on, r.last_day) {
                (Some(lapses_on), _) => ("Lapses on", day(&lapses_on)),
                (None, Some(last_day)) => ("Quiet since", day(&last_day)),
                (None, None) => ("Last day", "none yet".into()),
            },
            next: self.next(),
            first: self.index == weakest(self.assessment),
            rule: r.state.rule(t),
            rules: self.rules(),
            evidence: self.evidence(),
            forecast: self.forecast(),
            gaps: r.gaps.iter().map(|gap| self.gap(gap)).collect(),
        }
    }

    /// The one next thing: a development action of the guide, another each month.
    fn next(&self) -> String {
        let actions = &self.capability.development_actions;
        let turn = usize::try_from(self.assessment.as_of.month0()).unwrap_or(0) + self.index;
        let action = actions.get(turn % actions.len().max(1)).map_or("", |action| action.text.as_str());
        match (self.readiness.state, self.readiness.last_day) {
            (State::Lapsed, Some(since)) => format!("{action} It has been quiet since {}.", day(&since)),
            _ => action.to_owned(),
        }
    }

    fn rules(&self) -> Vec<Rule> {
        let (r, t) = (self.readiness, &self.framework().thresholds);
        let confirmed = u32::try_from(r.criteria.confirmed.len()).unwrap_or(u32::MAX);
        let voices = u32::try_from(r.voices.len()).unwrap_or(u32::MAX);
        let sustained = r.state >= State::Sustained;
        // One that is sustained is measured against what established asks for.
        let (state, months, entries, criteria, people) = if sustained {
            let asked =
                (t.established_months, t.established_entries, t.established_criteria, t.established_voices);
            ("established", asked.0, asked.1, asked.2, asked.3)
        } else {
            let asked = (t.sustained_months, t.sustained_entries, t.sustained_criteria, t.sustained_voices);
            ("sustained", asked.0, asked.1, asked.2, asked.3)
        };
        let names: Vec<String> = r.voices.iter().map(|id| self.name(id)).collect();
        let by = if names.is_empty() { String::new() } else { format!(" ({})", list(&names)) };
        let measured =
            |met, what: String, asks: u32| Rule { met, text: format!("{what}; {state} asks for {asks}") };
        vec![
            measured(r.months >= months, format!("{} of {} months shown", r.months, r.window_months), months),
            measured(
                r.entries >= entries,
                format!("{} in the window", count(r.entries, "entry", "entries")),
                entries,
            ),
            measured(
                confirmed >= criteria,
                format!("{} confirmed", count(confirmed, "criterion", "criteria")),
                criteria,
            ),
            measured(voices >= people, format!("{}{by}", count(voices, "voice", "voices")), people),
            Rule {
                met: r.asked_voice.heard,
                text: if r.asked_voice.heard {
                    format!("Heard from {}", words::voice(r.asked_voice.asks_for))
                } else {
                    format!("Not yet heard from {}", words::voice(r.asked_voice.asks_for))
                },
            },
        ]
    }

    fn evidence(&self) -> Vec<Evidence> {
        let counted = self.reading.counted_entries(self.index, self.assessment.lens);
        let mut evidence: Vec<Evidence> = counted
            .into_iter()
            .filter(|entry| entry.in_window)
            .filter_map(|entry| {
                let line = self.known.entries.get(&*self.reading.facts().entries[entry.entry].id)?.clone();
                let said = if entry.differing {
                    "an account differs".into()
                } else if entry.voices.is_empty()
                    && let Some(origin) = self.waits(entry.entry)
                {
                    format!("answered {}", self.came(origin))
                } else if entry.voices.is_empty() {
                    "nobody has confirmed it yet".into()
                } else {
                    let names: Vec<String> =
                        entry.voices.iter().map(|voice| self.voice(entry.entry, *voice)).collect();
                    format!("confirmed by {}", list(&names))
                };
                Some(Evidence { entry: line, said })
            })
            .collect();
        evidence.sort_by_key(|e| (std::cmp::Reverse(e.entry.from_date), e.entry.id));
        evidence
    }

    /// How somebody's answer about an entry came for which nobody has vouched yet.
    fn waits(&self, entry: usize) -> Option<Origin<PersonIndex>> {
        let (facts, as_of) = (self.reading.facts(), self.assessment.as_of);
        let answers = facts.entries[entry].corroborations.iter();
        let mut waiting =
            answers.filter(|c| c.on <= as_of && !c.origin.stands(&c.by, &facts.candidate, as_of));
        waiting.next_back().map(|c| Origin::of(c.origin.via))
    }

    /// Who confirmed an entry, and how that came where it was not in their account.
    fn voice(&self, entry: usize, voice: PersonIndex) -> String {
        let (facts, as_of) = (self.reading.facts(), self.assessment.as_of);
        let name = self.name(&facts.people[voice.0 as usize].id);
        let standing = facts.entries[entry].latest_of(voice, facts.candidate, as_of);
        match standing.filter(|c| c.origin.via != Via::Account) {
            Some(answer) => format!("{name} ({})", self.came(answer.origin)),
            None => name,
        }
    }

    fn came(&self, origin: Origin<PersonIndex>) -> String {
        let voucher = origin.vouched_by().map(|by| &*self.reading.facts().people[by.0 as usize].id);
        let voucher = voucher.and_then(|id| self.known.names.get(id));
        terms::came(origin.via, origin.vouched_on(), voucher.map(String::as_str))
    }

    fn forecast(&self) -> Vec<String> {
        let r = self.readiness;
        let mut forecast = Vec::new();
        if let Some(sustained_on) = r.sustained_on {
            let needed = self.framework().thresholds.sustained_months;
            forecast
                .push(format!("{needed} months could be shown on {} at the earliest.", day(&sustained_on)));
        }
        if let Some(lapses_on) = r.lapses_on {
            forecast.push(format!("Without anything new, it lapses on {}.", day(&lapses_on)));
        }
        if r.promptly_recorded.of > 0 {
            forecast.push(format!(
                "{} of {} were recorded soon after they happened; shown, never a gate.",
                r.promptly_recorded.within,
                count(r.promptly_recorded.of, "entry", "entries")
            ));
        }
        forecast
    }

    fn gap(&self, gap: &Gap) -> GapView {
        let waiting = matches!(gap, Gap::Unheard { asks_for: AskedVoice::Cto });
        let (entries, missing): (&[String], &[String]) = match gap {
            Gap::DifferingAccount { entries } | Gap::NotYet { entries } => (entries, &[]),
            Gap::Narrow { missing, .. } => (&[], missing),
            _ => (&[], &[]),
        };
        let text = if waiting {
            match self.waiting_since() {
                Some(since) => format!("waiting for the CTO since {}", day(&since)),
                None => "waiting for the CTO".into(),
            }
        } else {
            words::gap(gap)
        };
        let criterion = |id: &String| {
            let (_, criterion) = self.framework().criterion(id)?;
            let claimed = if self.readiness.criteria.claimed.contains(id) { " (claimed)" } else { "" };
            Some(format!("{}{claimed}", criterion.text))
        };
        GapView {
            title: GapKind::title(gap.kind()),
            text,
            change: words::change(gap, self.readiness),
            waiting,
            missing: missing.iter().filter_map(criterion).collect(),
            entries: entries.iter().filter_map(|id| self.known.entries.get(id).cloned()).collect(),
        }
    }

    /// The first day on which one of the entries in the window was there for the CTO to confirm.
    fn waiting_since(&self) -> Option<NaiveDate> {
        let counted = self.reading.counted_entries(self.index, self.assessment.lens);
        let in_window = counted.into_iter().filter(|entry| entry.in_window);
        in_window.filter_map(|entry| self.reading.facts().entries[entry.entry].recorded_on).min()
    }

    fn name(&self, id: &str) -> String {
        self.known.names.get(id).cloned().unwrap_or_else(|| "somebody".into())
    }
}
