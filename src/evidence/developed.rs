//! Whom a candidate can have developed: nobody who was at a higher level than they were on the entry's first day, or being
//! named would be a way to keep whoever decides from the case.
//!
//! It is asked as an entry is published or edited. A merge asks nothing of evidence: what names somebody who turns out to be
//! such a one counts as it stands, until its entry is edited.
//!
//! The candidate's own word counts for nothing here, of others' levels as of their own: it could be given for the day and
//! taken back. Where nobody else recorded the candidate's, the level from which the guide leads stands for it. An entry dated
//! before all that is known of somebody says no more of them: their first known level counts for the time before it, and who
//! is above the candidate today must be known not to have been so then. Somebody of whom no level is known is not above.

use chrono::NaiveDate;
use uuid::Uuid;

use super::dossiers::Dossier;
use crate::db::{Result, Tx, placeholders};
use crate::framework::Framework;

/// Somebody who can't have been developed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Above {
    /// Who.
    pub person: Uuid,
    /// The level that is above the candidate's.
    pub level: String,
    /// Whether they are at it today, and nothing is known of the entry's first day.
    pub only_now: bool,
}

impl Above {
    /// What is said at the field of somebody of this name.
    pub fn said_of(&self, name: &str) -> String {
        let why = if self.only_now {
            format!(
                "{name} is at {} now, and no record shows that they weren’t above yours when this began",
                self.level
            )
        } else {
            format!("{name} was at {}, above yours when this began", self.level)
        };
        format!(
            "{why}, so you can’t name them as developed. Choose another part, such as sponsor or partner."
        )
    }
}

/// A level as it is recorded.
#[derive(Debug, sqlx::FromRow)]
struct LevelRow {
    person_id: Uuid,
    level: String,
    from_date: NaiveDate,
    recorded_by: Option<Uuid>,
}

/// Those of these people who were at a higher level than a dossier's candidate on a day, or are so today and not known to have
/// been at theirs or below it on that day.
pub async fn above(
    tx: &mut Tx,
    dossier: &Dossier,
    on: NaiveDate,
    today: NaiveDate,
    people: &[Uuid],
) -> crate::error::Result<Vec<Above>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let framework = dossier.framework()?;
    let asked: Vec<Uuid> = people.iter().copied().chain([dossier.owner_person]).collect();
    let mut levels = recorded(tx, &asked).await?;
    levels.retain(|level| level.recorded_by != Some(dossier.owner_person));
    let higher = |person: &Uuid| is_above(&levels, framework, dossier.owner_person, *person, on, today);
    Ok(people.iter().filter_map(higher).collect())
}

/// The levels of these people, in the order in which they come to hold.
async fn recorded(tx: &mut Tx, people: &[Uuid]) -> Result<Vec<LevelRow>> {
    let sql = format!(
        "select person_id, level, from_date, recorded_by from person_levels \
         where person_id in ({}) order by from_date, position",
        placeholders(1, people.len())
    );
    tx.query_built(sql).bind_all(people.iter().copied()).all().await
}

/// What makes somebody count as above the candidate on a day, if anything does, by levels in the order in which they come to hold.
fn is_above<'l>(
    levels: &'l [LevelRow],
    framework: &Framework,
    candidate: Uuid,
    person: Uuid,
    on: NaiveDate,
    today: NaiveDate,
) -> Option<Above> {
    let rank = |level: &LevelRow| framework.level_rank(&level.level);
    let held = |person: Uuid, day: NaiveDate| {
        levels.iter().rfind(|level| level.person_id == person && level.from_date <= day)
    };
    let above = |theirs: Option<&'l LevelRow>, day: NaiveDate| {
        let own = held(candidate, day).and_then(rank);
        let own = own.or_else(|| framework.level_rank(&framework.from_level));
        theirs.filter(|theirs| rank(theirs).zip(own).is_some_and(|(theirs, own)| theirs > own))
    };
    let then = held(person, on);
    // Of the first day's levels the last counts, which corrects those before it.
    let first = || levels.iter().find(|level| level.person_id == person);
    let known = then.or_else(|| first().and_then(|first| held(person, first.from_date)));
    let by = |level: &LevelRow, only_now| Above { person, level: level.level.clone(), only_now };
    let now = || above(held(person, today), today).filter(|_| then.and_then(rank).is_none());
    above(known, on).map(|level| by(level, false)).or_else(|| now().map(|level| by(level, true)))
}
