//! Whom a candidate can have developed: nobody who was at a higher level than they were on the entry's first day, or being
//! named would be a way to keep whoever decides from the case.
//!
//! It is asked as an entry is published or edited. A merge asks nothing of evidence: what names somebody who turns out to be
//! such a one counts as it stands, until its entry is edited.
//!
//! Levels are those that count in the candidate's dossier: none that the candidate recorded of others. An unknown level is no
//! higher one; where the candidate's own is unknown, the level from which the guide leads stands for it.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::dossiers::Dossier;
use crate::db::{Result, Tx, placeholders};
use crate::framework::Framework;

/// What is said at the field of somebody who can't have been developed.
pub const ABOVE: &str = "Their level was above yours when this began, so you can’t name them as developed. Choose another part, such as sponsor or partner.";

/// A level as it is recorded.
#[derive(Debug, sqlx::FromRow)]
struct LevelRow {
    person_id: Uuid,
    level: String,
    from_date: NaiveDate,
    recorded_by: Option<Uuid>,
}

/// Those of these people who were at a higher level than a dossier's candidate on a day.
pub async fn above(
    tx: &mut Tx,
    dossier: &Dossier,
    on: NaiveDate,
    people: &[Uuid],
) -> crate::error::Result<Vec<Uuid>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let framework = dossier.framework()?;
    let asked: Vec<Uuid> = people.iter().copied().chain([dossier.owner_person]).collect();
    let levels = recorded(tx, &asked).await?;
    let higher = |person: &Uuid| is_above(&levels, framework, dossier.owner_person, *person, on);
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

/// Whether somebody was at a higher level than the candidate on a day, by levels in the order in which they come to hold.
fn is_above(
    levels: &[LevelRow],
    framework: &Framework,
    candidate: Uuid,
    person: Uuid,
    on: NaiveDate,
) -> bool {
    let mut held: HashMap<Uuid, &str> = HashMap::new();
    for level in levels.iter().filter(|level| level.from_date <= on) {
        if level.recorded_by != Some(candidate) || level.person_id == candidate {
            held.insert(level.person_id, &level.level);
        }
    }
    let rank = |person| held.get(&person).and_then(|level| framework.level_rank(level));
    let own = rank(candidate).or_else(|| framework.level_rank(&framework.from_level));
    match (rank(person), own) {
        (Some(theirs), Some(own)) => theirs > own,
        (None, _) | (_, None) => false,
    }
}
