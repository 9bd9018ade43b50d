//! What the pages of trajectories show of one leader, in words. Pure.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::history::{History, Outcome, Standing};
use super::store::{Answered, Told};
use crate::directory::chart::{Chart, Drawing};
use crate::evidence::{Audience, NamedAnswer};
use crate::framework::Framework;
use crate::people::LEFT;
use crate::people::store::LevelEntry;
use crate::review::CorroborationAnswer;
use crate::web::words::{day, list, month};

/// A leader whom a candidate developed.
pub(super) struct Leader {
    pub(super) id: Uuid,
    pub(super) name: String,
    /// `E1 since Jan 2025, Risk`; empty when no level that counts is known.
    pub(super) now: String,
    /// What became of them since the first entry.
    pub(super) outcome: String,
    /// Whether that is a step of theirs.
    pub(super) stepped: bool,
    /// What they said of being named as developed, and what follows from it.
    pub(super) answer: String,
    pub(super) chart: Option<Chart>,
    pub(super) history: Vec<HistoryRow>,
    /// The latest first.
    pub(super) entries: Vec<EntryRow>,
}

/// How many entries are seen at a first look.
const FEW: usize = 5;

impl Leader {
    /// The entries for a first look.
    pub(super) fn latest(&self) -> &[EntryRow] {
        self.entries.split_at(self.entries.len().min(FEW)).0
    }

    /// All others.
    pub(super) fn earlier(&self) -> &[EntryRow] {
        self.entries.split_at(self.entries.len().min(FEW)).1
    }
}

/// A level or a milestone in the table.
pub(super) struct HistoryRow {
    pub(super) on: NaiveDate,
    pub(super) what: String,
    /// Whether it is a milestone.
    pub(super) milestone: bool,
    /// Whether it is the candidate's word alone.
    pub(super) claimed: bool,
    /// The level that the viewer may confirm.
    pub(super) confirm: Option<Uuid>,
    pub(super) by: String,
}

/// What the candidate did for them.
pub(super) struct EntryRow {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) when: String,
    pub(super) for_ctos: bool,
    /// Their level on its first day, and what that makes of it.
    pub(super) level: String,
    /// What they said of being named.
    pub(super) answer: &'static str,
    /// Who says that it happened like this.
    pub(super) voices: String,
}

/// For whom the page is drawn.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    pub(super) framework: &'a Framework,
    /// Whether the candidate looks.
    pub(super) owner: bool,
    /// Whether the viewer may confirm levels: a CTO may.
    pub(super) confirms: bool,
    pub(super) as_of: NaiveDate,
    /// The day at the left edge of all charts.
    pub(super) from: Option<NaiveDate>,
}

impl Reading<'_> {
    /// One leader: the entries about them, their history, and what others answered about the entries.
    pub(super) fn leader(
        &self,
        told: &[&Told],
        history: &History<'_>,
        answers: &HashMap<Uuid, Vec<&Answered>>,
    ) -> Leader {
        let (id, name) =
            told.first().map_or((Uuid::nil(), ""), |first| (first.person_id, &first.person_name));
        let first_day = told.iter().map(|entry| entry.from_date).min();
        let outcome = first_day.map_or(Outcome::Nothing, |day| history.outcome(day));
        let milestones: Vec<NaiveDate> =
            history.milestones.iter().map(|milestone| milestone.on_date).collect();
        let days: Vec<NaiveDate> = told.iter().map(|entry| entry.from_date).collect();
        let drawing = Drawing {
            name,
            levels: &self.framework.levels,
            steps: &history.steps(),
            milestones: &milestones,
            entries: &days,
            from: self.from,
            to: self.as_of,
        };
        Leader {
            id,
            name: name.to_owned(),
            now: history.now().map(now).unwrap_or_default(),
            stepped: matches!(
                outcome,
                Outcome::Promoted { .. } | Outcome::HiredAway { .. } | Outcome::Reached { .. }
            ),
            outcome: outcome_in_words(&outcome, name),
            answer: self.answer(told, name),
            chart: drawing.draw(),
            history: self.rows(history),
            entries: told.iter().rev().map(|entry| self.entry(entry, history, answers)).collect(),
        }
    }

    /// What the leader said, over all entries, and the one thing that would help.
    fn answer(&self, told: &[&Told], name: &str) -> String {
        let said = |answer| told.iter().any(|entry| entry.answer == Some(answer));
        // Of several that say so, the one that came in their account needs no word on how it came.
        let way = |answer| {
            let so = || told.iter().filter(|entry| entry.answer == Some(answer));
            let came = so().find(|entry| entry.came().is_none()).or_else(|| so().next());
            came.and_then(|entry| entry.came()).map_or(String::new(), |came| format!(", {came}"))
        };
        if said(NamedAnswer::Unnamed) {
            let readers = if self.owner { "you and CTOs" } else { "the candidate and CTOs" };
            format!("{name} asked not to be named: to everybody but {readers}, they are “a Director”.")
        } else if said(NamedAnswer::Differs) {
            let way = way(NamedAnswer::Differs);
            format!("{name} sees their part differently{way}. Hear them out before anything rests on it.")
        } else if said(NamedAnswer::Agreed) {
            format!("{name} agreed to be named as developed{}.", way(NamedAnswer::Agreed))
        } else if let Some(came) = told.iter().filter(|entry| entry.unvouched).find_map(|entry| entry.came())
        {
            format!("{name} answered {came}. It counts once an admin or a CTO has vouched that it was them.")
        } else {
            let reads = if self.owner { " You see their milestones from then on." } else { "" };
            format!(
                "{name} has not said yet whether it is right to name them so. What they reach later counts for the track record once they agree.{reads}"
            )
        }
    }

    fn rows(&self, history: &History<'_>) -> Vec<HistoryRow> {
        let level = |entry: &LevelEntry, claimed: bool| HistoryRow {
            on: entry.from_date,
            what: described(entry),
            milestone: false,
            claimed,
            confirm: (claimed && self.confirms).then_some(entry.id),
            by: by(entry.by_admin, entry.recorded_by_name.as_deref()),
        };
        let mut rows: Vec<HistoryRow> = history.levels.iter().map(|entry| level(entry, false)).collect();
        rows.extend(history.claimed.iter().map(|entry| level(entry, true)));
        rows.extend(history.milestones.iter().map(|milestone| HistoryRow {
            on: milestone.on_date,
            what: milestone.title(),
            milestone: true,
            claimed: !history.counting_milestones().any(|counting| counting.id == milestone.id),
            confirm: None,
            by: by(milestone.recorded_by.is_none(), milestone.recorded_by_name.as_deref()),
        }));
        rows.sort_by_key(|row| (row.on, row.milestone));
        rows
    }

    fn entry(&self, told: &Told, history: &History<'_>, answers: &HashMap<Uuid, Vec<&Answered>>) -> EntryRow {
        EntryRow {
            id: told.id,
            title: told.title.clone(),
            when: told.when(),
            for_ctos: told.audience == Audience::Cto,
            level: level_in_words(&history.standing(told.from_date), self.framework),
            answer: answer_in_words(told.answer),
            voices: self.voices(told, answers),
        }
    }

    /// `Confirmed by Ruth Adler and Priya Raman. Imre Novak remembers it differently.`
    fn voices(&self, told: &Told, answers: &HashMap<Uuid, Vec<&Answered>>) -> String {
        let latest = latest(told, answers, self.as_of);
        let of = |wanted: &dyn Fn(&Answered) -> bool| -> Vec<String> {
            latest.iter().filter(|answer| wanted(answer)).map(|answer| answer.voice()).collect()
        };
        let confirmed = of(&|answer| confirms(answer, self.as_of));
        let differing = of(&|answer| {
            answer.answer == CorroborationAnswer::Differs
                && answer.settled_on.is_none_or(|on| on > self.as_of)
        });
        let mut parts = Vec::new();
        if !confirmed.is_empty() {
            parts.push(format!("Confirmed by {}.", list(&confirmed)));
        }
        if !differing.is_empty() {
            parts.push(format!("Told differently by {}.", list(&differing)));
        }
        if parts.is_empty() { "Nobody yet.".into() } else { parts.join(" ") }
    }
}

/// Everybody's latest answer about an entry that stands on a day; the candidate's own counts nowhere.
pub(super) fn latest<'a>(
    told: &Told,
    answers: &HashMap<Uuid, Vec<&'a Answered>>,
    as_of: NaiveDate,
) -> Vec<&'a Answered> {
    let mut latest: Vec<&Answered> = Vec::new();
    let about = answers.get(&told.id).into_iter().flatten();
    let stands = |answer: &&&'a Answered| {
        answer.on_date <= as_of
            && answer.vouched_on.is_none_or(|on| on <= as_of)
            && answer.person_id != told.owner_person
    };
    for answer in about.filter(stands) {
        latest.retain(|earlier| earlier.person_id != answer.person_id);
        latest.push(answer);
    }
    latest.sort_by(|a, b| (&a.name, a.person_id).cmp(&(&b.name, b.person_id)));
    latest
}

/// Whether somebody has confirmed an entry by a day.
pub(super) fn is_confirmed(told: &Told, answers: &HashMap<Uuid, Vec<&Answered>>, as_of: NaiveDate) -> bool {
    latest(told, answers, as_of).iter().any(|answer| confirms(answer, as_of))
}

/// Whether an answer confirms an entry, and no material edit has superseded that.
fn confirms(answer: &Answered, as_of: NaiveDate) -> bool {
    answer.answer == CorroborationAnswer::Confirmed && answer.superseded_on.is_none_or(|on| on > as_of)
}

/// `E1 since Jan 2025, Risk`.
fn now(level: &LevelEntry) -> String {
    let held = if level.level == LEFT {
        format!("Left in {}", month(&level.from_date))
    } else {
        format!("{} since {}", level.level, month(&level.from_date))
    };
    std::iter::once(held).chain(level.domain.clone()).collect::<Vec<_>>().join(", ")
}

/// `E1, Risk`.
fn described(level: &LevelEntry) -> String {
    let held = if level.level == LEFT { "Left" } else { &level.level };
    std::iter::once(held).chain(level.domain.as_deref()).collect::<Vec<_>>().join(", ")
}

fn by(admin: bool, name: Option<&str>) -> String {
    match (admin, name) {
        (true, _) => "An admin".into(),
        (false, Some(name)) => name.into(),
        (false, None) => "Somebody else".into(),
    }
}

pub(super) fn level_in_words(standing: &Standing, framework: &Framework) -> String {
    match standing {
        Standing::Director(level) => format!("{level}: a Director or above, developed"),
        Standing::Below(level) => {
            format!("{level}: below {}, so that it develops no Director yet", framework.from_level)
        }
        Standing::Left => "Had left by then".into(),
        Standing::Unknown => "No level that counts is recorded for that day".into(),
    }
}

pub(super) fn answer_in_words(answer: Option<NamedAnswer>) -> &'static str {
    match answer {
        Some(NamedAnswer::Agreed) => "Agreed",
        Some(NamedAnswer::Differs) => "Differs",
        Some(NamedAnswer::Unnamed) => "Asked not to be named",
        None => "Not answered yet",
    }
}

fn outcome_in_words(outcome: &Outcome, name: &str) -> String {
    match outcome {
        Outcome::Promoted { level, on } => format!("Promoted: {level} since {}.", day(on)),
        Outcome::HiredAway { on } => format!(
            "Hired away at a higher level on {}. That counts for whoever developed them, not against.",
            day(on)
        ),
        Outcome::Reached { number: 1 } => "Reached a milestone since the first entry.".into(),
        Outcome::Reached { number } => format!("Reached {number} milestones since the first entry."),
        Outcome::Left { on } => format!(
            "Left on {}. If it was for a higher level, that counts for whoever developed them: {name}, an admin or a CTO can record it as a milestone.",
            day(on)
        ),
        Outcome::Nothing => "No step is recorded since the first entry. Directors take years to grow.".into(),
    }
}
