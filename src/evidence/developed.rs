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

/// What is said at the field of somebody who can't have been developed.
pub const ABOVE: &str = "Their level was above yours when this began, or is now and no record shows that it wasn’t then, so you can’t name them as developed. Choose another part, such as sponsor or partner.";

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
) -> crate::error::Result<Vec<Uuid>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let framework = dossier.framework()?;
    let asked: Vec<Uuid> = people.iter().copied().chain([dossier.owner_person]).collect();
    let mut levels = recorded(tx, &asked).await?;
    levels.retain(|level| level.recorded_by != Some(dossier.owner_person));
    let higher = |person: &Uuid| is_above(&levels, framework, dossier.owner_person, *person, on, today);
    Ok(people.iter().copied().filter(higher).collect())
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

/// Whether somebody counts as above the candidate on a day, by levels in the order in which they come to hold.
fn is_above(
    levels: &[LevelRow],
    framework: &Framework,
    candidate: Uuid,
    person: Uuid,
    on: NaiveDate,
    today: NaiveDate,
) -> bool {
    let rank = |level: &LevelRow| framework.level_rank(&level.level);
    let held = |person: Uuid, day: NaiveDate| {
        levels.iter().rfind(|level| level.person_id == person && level.from_date <= day)
    };
    let above = |theirs: Option<&LevelRow>, day: NaiveDate| {
        let own = held(candidate, day).and_then(rank);
        let own = own.or_else(|| framework.level_rank(&framework.from_level));
        theirs.and_then(rank).zip(own).is_some_and(|(theirs, own)| theirs > own)
    };
    let then = held(person, on);
    // Of the first day's levels the last counts, which corrects those before it.
    let first = || levels.iter().find(|level| level.person_id == person);
    let known = then.or_else(|| first().and_then(|first| held(person, first.from_date)));
    above(known, on) || (then.and_then(rank).is_none() && above(held(person, today), today))
}
