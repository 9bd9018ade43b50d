//! Whom a candidate can have developed: nobody who was at a higher level than they were on the entry's first day, or being
//! named would be a way to keep whoever decides from the case.
//!
//! Levels are those that count in the candidate's dossier: none that the candidate recorded of others. An unknown level is no
//! higher one; where the candidate's own is unknown, the level from which the guide leads stands for it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::NamedAs;
use super::dossiers::Dossier;
use crate::db::{Result, Tx, placeholders};
use crate::framework::{Framework, load};

/// What is said at the field of somebody who can't have been developed.
pub const ABOVE: &str = "Their level was above yours when this began, so you can’t name them as developed. Choose another part, such as sponsor or partner.";

/// A level as it is recorded.
#[derive(Clone, Debug, sqlx::FromRow)]
struct LevelRow {
    id: Uuid,
    person_id: Uuid,
    level: String,
    from_date: NaiveDate,
    position: i64,
    recorded_by: Option<Uuid>,
    recorded_at: DateTime<Utc>,
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

/// Whether two people, once they are one, would be named as developed in a published entry whose candidate they were above,
/// as neither is named now.
pub async fn above_once_merged(tx: &mut Tx, keep: Uuid, merge: Uuid) -> Result<bool> {
    let named: Vec<(Uuid, Uuid, String, NaiveDate)> = tx
        .query(
            "select n.person_id, d.owner_person, d.framework, e.from_date from entry_people n \
             join entries e on e.id = n.entry_id and e.status = 'final' join dossiers d on d.id = e.dossier_id \
             where n.named_as = $3 and (n.person_id in ($1, $2) or d.owner_person in ($1, $2))",
        )
        .bind(keep)
        .bind(merge)
        .bind(NamedAs::Developed)
        .all()
        .await?;
    if named.is_empty() {
        return Ok(false);
    }
    let mut people: Vec<Uuid> = named.iter().flat_map(|(person, owner, ..)| [*person, *owner]).collect();
    people.extend([keep, merge]);
    people.sort_unstable();
    people.dedup();
    let apart = recorded(tx, &people).await?;
    let one = |person: Uuid| if person == merge { keep } else { person };
    // As a merge orders them: of levels from one day, the one recorded later counts.
    let mut order: Vec<&LevelRow> = apart.iter().collect();
    order.sort_by_key(|level| {
        (level.from_date, level.recorded_at, level.person_id == merge, level.position, level.id)
    });
    let together: Vec<LevelRow> = order
        .into_iter()
        .map(|level| LevelRow {
            person_id: one(level.person_id),
            recorded_by: level.recorded_by.map(one),
            ..level.clone()
        })
        .collect();
    Ok(named.into_iter().any(|(person, owner, framework, on)| {
        let Some(framework) = load::find(&framework) else { return false };
        is_above(&together, framework, one(owner), one(person), on)
            && !is_above(&apart, framework, owner, person, on)
    }))
}

/// The levels of these people, in the order in which they come to hold.
async fn recorded(tx: &mut Tx, people: &[Uuid]) -> Result<Vec<LevelRow>> {
    let sql = format!(
        "select id, person_id, level, from_date, position, recorded_by, recorded_at from person_levels \
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
