//! Organization, levels and milestones of everyone whom facts refer to.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::{Loading, padded};
use crate::db::{self, Query, Tx, placeholders};
use crate::people::Organization;
use crate::people::visibility::stands;
use crate::readiness::{LevelEntry, Milestone, PersonIndex};

/// How many people are in a statement.
const PEOPLE: [usize; 3] = [16, 64, 256];

/// Where people are in the facts: the place of the dossier, and theirs in it.
type Holders = HashMap<Uuid, Vec<(usize, PersonIndex)>>;

impl Loading {
    /// Organization, levels and milestones of everyone whom the facts refer to, which all of them do by now.
    pub(super) async fn people(&mut self, tx: &mut Tx) -> db::Result<()> {
        let mut holders = Holders::new();
        for (place, dossier) in self.dossiers.iter().enumerate() {
            for (&person, &index) in &dossier.people {
                holders.entry(person).or_default().push((place, index));
            }
        }
        let mut ids: Vec<Uuid> = holders.keys().copied().collect();
        ids.sort_unstable();
        for some in ids.chunks(PEOPLE[2]) {
            let some = padded(some, PEOPLE);
            self.organizations(tx, &some, &holders).await?;
            self.levels(tx, &some, &holders).await?;
            self.milestones(tx, &some, &holders).await?;
        }
        Ok(())
    }

    async fn organizations(&mut self, tx: &mut Tx, some: &[Uuid], holders: &Holders) -> db::Result<()> {
        let rows: Vec<(Uuid, Organization)> =
            about(tx, some, "select id, organization from people where id").all().await?;
        for (person, organization) in rows {
            for &(place, index) in holders.get(&person).into_iter().flatten() {
                self.dossiers[place].facts.people[index.0 as usize].organization = organization;
            }
        }
        Ok(())
    }

    async fn levels(&mut self, tx: &mut Tx, some: &[Uuid], holders: &Holders) -> db::Result<()> {
        let select = "select person_id, level, from_date, domain, reports_to, recorded_by, position \
                      from person_levels where person_id";
        let rows: Vec<LevelRow> = about(tx, some, select).all().await?;
        for row in in_order(rows) {
            for &(place, index) in holders.get(&row.person_id).into_iter().flatten() {
                let dossier = &mut self.dossiers[place];
                let level = LevelEntry {
                    level: dossier.framework.level_rank(&row.level).and_then(|rank| u32::try_from(rank).ok()),
                    from: row.from_date,
                    domain: row.domain.as_deref().map(Into::into),
                    // The rules ask only who reports to somebody whom the facts refer to.
                    reports_to: row.reports_to.and_then(|to| dossier.people.get(&to).copied()),
                    by_candidate: row.recorded_by == Some(dossier.owner),
                };
                dossier.facts.people[index.0 as usize].levels.push(level);
            }
        }
        Ok(())
    }

    async fn milestones(&mut self, tx: &mut Tx, some: &[Uuid], holders: &Holders) -> db::Result<()> {
        let select = format!(
            "select m.person_id, m.on_date, m.recorded_by from milestones m where {} and m.person_id",
            stands("m")
        );
        let rows: Vec<(Uuid, NaiveDate, Option<Uuid>)> = about(tx, some, &select).all().await?;
        for (person, on, recorded_by) in rows {
            for &(place, index) in holders.get(&person).into_iter().flatten() {
                let dossier = &mut self.dossiers[place];
                let by_candidate = recorded_by == Some(dossier.owner);
                dossier.facts.people[index.0 as usize].milestones.push(Milestone { on, by_candidate });
            }
        }
        Ok(())
    }
}

/// Rows about people; `select` ends with the column that holds the person.
fn about<'t>(tx: &'t mut Tx, people: &[Uuid], select: &str) -> Query<'t> {
    let list = placeholders(1, people.len());
    tx.query_built(format!("{select} in ({list})")).bind_all(people.iter().copied())
}

/// Levels in the order in which they were recorded.
fn in_order(mut rows: Vec<LevelRow>) -> Vec<LevelRow> {
    rows.sort_by_key(|row| (row.person_id, row.position));
    rows
}

#[derive(sqlx::FromRow)]
struct LevelRow {
    person_id: Uuid,
    level: String,
    from_date: NaiveDate,
    domain: Option<String>,
    reports_to: Option<Uuid>,
    recorded_by: Option<Uuid>,
    position: i64,
}
