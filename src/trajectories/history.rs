//! Where a leader stood on a day, as it counts in a candidate's dossier: what that candidate recorded of others is a claim
//! and counts for nothing, until an admin, a CTO or the leader records it too. Pure.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::directory::chart::Step;
use crate::framework::Framework;
use crate::people::store::{LevelEntry, Milestone};
use crate::people::{LEFT, MilestoneKind};

/// A leader's history up to a day, as it counts for one candidate.
#[derive(Clone, Debug)]
pub(super) struct History<'a> {
    framework: &'a Framework,
    /// The levels that count and stand, earliest first.
    pub(super) levels: Vec<&'a LevelEntry>,
    /// The candidate's own word that nobody has confirmed, earliest first.
    pub(super) claimed: Vec<&'a LevelEntry>,
    /// What was reached and stands, earliest first.
    pub(super) milestones: Vec<&'a Milestone>,
    candidate: Uuid,
}

/// Who somebody was on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Of a level at or above that of Directors.
    Director(String),
    /// Of a level below.
    Below(String),
    /// Gone.
    Left,
    /// No level that counts is known.
    Unknown,
}

/// What became of a leader after a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Reached a higher level here.
    Promoted { level: String, on: NaiveDate },
    /// Was hired by another company at a higher level.
    HiredAway { on: NaiveDate },
    /// Reached milestones.
    Reached { number: usize },
    /// Left, and it isn't recorded where to.
    Left { on: NaiveDate },
    /// Nothing is recorded yet.
    Nothing,
}

impl<'a> History<'a> {
    /// Sorts out a leader's levels, which come latest first, and milestones.
    pub(super) fn new(
        framework: &'a Framework,
        candidate: Uuid,
        levels: impl Iterator<Item = &'a LevelEntry>,
        milestones: impl Iterator<Item = &'a Milestone>,
        as_of: NaiveDate,
    ) -> History<'a> {
        let (mut claimed, mut counting) = (Vec::new(), Vec::<&LevelEntry>::new());
        for level in levels.filter(|level| level.from_date <= as_of) {
            if level.recorded_by == Some(candidate) {
                claimed.push(level);
            // Of one date, the later recorded comes first and stands.
            } else if counting.last().is_none_or(|later| later.from_date != level.from_date) {
                counting.push(level);
            }
        }
        claimed.retain(|claim| {
            !counting.iter().any(|level| level.from_date == claim.from_date && level.level == claim.level)
        });
        counting.reverse();
        claimed.reverse();
        let mut milestones: Vec<&Milestone> =
            milestones.filter(|milestone| milestone.stands() && milestone.on_date <= as_of).collect();
        milestones.sort_by_key(|milestone| (milestone.on_date, milestone.id));
        History { framework, levels: counting, claimed, milestones, candidate }
    }

    fn on(&self, day: NaiveDate) -> Option<&'a LevelEntry> {
        self.levels.iter().rev().find(|level| level.from_date <= day).copied()
    }

    /// The level entry in force at the end.
    pub(super) fn now(&self) -> Option<&'a LevelEntry> {
        self.levels.last().copied()
    }

    /// Who the leader was on a day.
    pub(super) fn standing(&self, day: NaiveDate) -> Standing {
        let Some(level) = self.on(day) else { return Standing::Unknown };
        let directors = self.framework.level_rank(&self.framework.from_level);
        match self.framework.level_rank(&level.level) {
            Some(rank) if Some(rank) >= directors => Standing::Director(level.level.clone()),
            Some(_) => Standing::Below(level.level.clone()),
            None if level.level == LEFT => Standing::Left,
            None => Standing::Unknown,
        }
    }

    /// What became of the leader after a day. Leaving for a higher level elsewhere is a success of whoever developed them.
    pub(super) fn outcome(&self, after: NaiveDate) -> Outcome {
        let rank = |level: &LevelEntry| self.framework.level_rank(&level.level);
        let before = self.on(after).and_then(rank);
        let later = || self.levels.iter().filter(|level| level.from_date > after);
        let rose = later().rev().find(|level| before.is_some() && rank(level) > before);
        if let Some(level) = rose {
            return Outcome::Promoted { level: level.level.clone(), on: level.from_date };
        }
        let reached = || self.counting_milestones().filter(|milestone| milestone.on_date > after);
        if let Some(hired) = reached().find(|milestone| milestone.kind == Some(MilestoneKind::HiredAway)) {
            return Outcome::HiredAway { on: hired.on_date };
        }
        if let Some(left) = later().next_back().filter(|level| level.level == LEFT) {
            return Outcome::Left { on: left.from_date };
        }
        match reached().count() {
            0 => Outcome::Nothing,
            number => Outcome::Reached { number },
        }
    }

    /// What was reached, but for what the candidate recorded.
    pub(super) fn counting_milestones(&self) -> impl Iterator<Item = &'a Milestone> {
        self.milestones.iter().copied().filter(|milestone| milestone.recorded_by != Some(self.candidate))
    }

    /// The steps for a chart.
    pub(super) fn steps(&self) -> Vec<Step> {
        let step = |claimed: bool| {
            move |level: &&LevelEntry| Step { from: level.from_date, level: level.level.clone(), claimed }
        };
        let mut steps: Vec<Step> = self.levels.iter().map(step(false)).collect();
        steps.extend(self.claimed.iter().map(step(true)));
        steps.sort_by_key(|step| step.from);
        steps
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::{History, Outcome, Standing};
    use crate::framework::load::built_in;
    use crate::people::MilestoneKind;
    use crate::people::store::{LevelEntry, Milestone};

    const CANDIDATE: Uuid = Uuid::from_u128(1);
    const LEADER: Uuid = Uuid::from_u128(2);

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn level(from: &str, level: &str, by: Option<Uuid>) -> LevelEntry {
        LevelEntry {
            id: Uuid::nil(),
            person_id: LEADER,
            position: 0,
            level: level.into(),
            from_date: day(from),
            domain: None,
            reports_to: None,
            reports_to_name: None,
            recorded_by: by,
            recorded_by_name: None,
            by_admin: by.is_none(),
            claimed: false,
        }
    }

    fn milestone(on: &str, kind: MilestoneKind, by: Option<Uuid>) -> Milestone {
        Milestone {
            id: Uuid::nil(),
            person_id: LEADER,
            on_date: day(on),
            kind: Some(kind),
            what: "Reached".into(),
            recorded_by: by,
            recorded_by_name: None,
            corrects: None,
            happened: true,
            corrected: false,
        }
    }

    fn history<'a>(levels: &'a [LevelEntry], milestones: &'a [Milestone]) -> History<'a> {
        History::new(built_in(), CANDIDATE, levels.iter(), milestones.iter(), day("2026-11-22"))
    }

    #[test]
    fn the_level_on_a_day_is_the_latest_that_the_candidate_did_not_record() {
        let levels = [
            level("2026-01-01", "E2", Some(CANDIDATE)),
            level("2025-01-01", "E1", None),
            level("2023-01-01", "M3", Some(LEADER)),
        ];
        let history = history(&levels, &[]);
        assert_eq!(history.standing(day("2022-12-31")), Standing::Unknown);
        assert_eq!(history.standing(day("2024-12-31")), Standing::Below("M3".into()));
        assert_eq!(history.standing(day("2025-01-01")), Standing::Director("E1".into()));
        assert_eq!(history.standing(day("2026-05-01")), Standing::Director("E1".into()));
        assert_eq!(history.claimed.len(), 1);
        assert_eq!(history.outcome(day("2025-06-01")), Outcome::Nothing);
    }

    #[test]
    fn a_claim_that_was_confirmed_is_none() {
        let levels = [level("2026-01-01", "E2", Some(LEADER)), level("2026-01-01", "E2", Some(CANDIDATE))];
        let history = history(&levels, &[]);
        assert!(history.claimed.is_empty());
        assert_eq!(history.levels.len(), 1);
    }

    #[test]
    fn what_became_of_them_counts_for_and_never_against() {
        let risen = [level("2026-01-01", "E2", None), level("2024-01-01", "E1", None)];
        let promoted = Outcome::Promoted { level: "E2".into(), on: day("2026-01-01") };
        assert_eq!(history(&risen, &[]).outcome(day("2025-01-01")), promoted);
        assert_eq!(history(&risen, &[]).outcome(day("2026-01-01")), Outcome::Nothing);

        let gone = [level("2026-01-01", "none", None), level("2024-01-01", "E1", None)];
        let left = Outcome::Left { on: day("2026-01-01") };
        assert_eq!(history(&gone, &[]).outcome(day("2025-01-01")), left);
        let hired = [milestone("2026-01-01", MilestoneKind::HiredAway, None)];
        let outcome = history(&gone, &hired).outcome(day("2025-01-01"));
        assert_eq!(outcome, Outcome::HiredAway { on: day("2026-01-01") });
        // The candidate's own word is none.
        let own = [milestone("2026-01-01", MilestoneKind::HiredAway, Some(CANDIDATE))];
        assert_eq!(history(&gone, &own).outcome(day("2025-01-01")), left);
        let board = [milestone("2025-06-01", MilestoneKind::BoardExposure, None)];
        assert_eq!(history(&gone[1..], &board).outcome(day("2025-01-01")), Outcome::Reached { number: 1 });
    }
}
