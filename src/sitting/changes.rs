//! What has changed in a dossier since a CTO last sat over it. Pure, from two assessments of the facts that CTOs may know:
//! as of then, of what was recorded by then, and as of now.

use chrono::NaiveDate;

use crate::framework::Framework;
use crate::readiness::{Facts, Lens, PersonIndex, State, assess};
use crate::review::{CheckInKind, CorroborationAnswer, Origin};

/// How far a capability's evidence carries now, and carried then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Now.
    pub now: State,
    /// Then, where it was another.
    pub was: Option<State>,
}

/// What is new in an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// It was published.
    Published,
    /// Its owner added what happened since.
    Updated,
    /// Somebody said whether it happened so, and how that came.
    Answered(PersonIndex, CorroborationAnswer, Origin<PersonIndex>),
}

/// What has changed since a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// Each capability's, in the framework's order.
    pub standing: Vec<Standing>,
    /// What is new, with the day and the entry's id: the latest first.
    pub news: Vec<(NaiveDate, Box<str>, News)>,
    /// The latest day on which the candidate answered the questions anew.
    pub check_in: Option<NaiveDate>,
}

/// What has changed since a day, up to today. Without a day, how things stand is all there is to say. What came on the very
/// day is said again: it may have come after.
pub fn since(framework: &Framework, facts: &Facts, then: Option<NaiveDate>, today: NaiveDate) -> Since {
    let now = assess(framework, facts, today, Lens::All);
    let before = then.map(|then| {
        let mut known = facts.clone();
        known.entries.retain(|entry| entry.recorded_on.is_none_or(|on| on <= then));
        assess(framework, &known, then, Lens::All)
    });
    let standing = now.capabilities.iter().enumerate().map(|(place, capability)| {
        let was = before.as_ref().map(|before| before.capabilities[place].state);
        Standing { now: capability.state, was: was.filter(|was| *was != capability.state) }
    });
    let mut changed = Since { standing: standing.collect(), news: Vec::new(), check_in: None };
    let Some(then) = then else { return changed };
    let recent = |on: &NaiveDate| then <= *on && *on <= today;
    for entry in &facts.entries {
        let mut add = |on, news| changed.news.push((on, entry.id.clone(), news));
        let published = entry.recorded_on.filter(recent);
        if let Some(on) = published {
            add(on, News::Published);
        } else if let Some(on) = entry.updates.iter().copied().filter(recent).max() {
            add(on, News::Updated);
        }
        // What came by mail or link is news once somebody vouched for it.
        for said in entry.standing(facts.candidate, today) {
            if let Some(since) = said.origin.since(said.on).filter(recent) {
                add(since, News::Answered(said.by, said.answer, said.origin));
            }
        }
    }
    changed.news.sort_by(|a, b| (b.0, &b.1).cmp(&(a.0, &a.1)));
    let own = facts.check_ins.iter().filter(|c| c.kind == CheckInKind::SelfAssessment);
    changed.check_in = own.map(|c| c.on).filter(recent).max();
    changed
}

#[cfg(test)]
mod tests;
