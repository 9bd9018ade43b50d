//! Organization, levels and milestones of everyone whom facts refer to.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::Loading;
use crate::db::{self, Query, Tx, placeholders};
use crate::people::Organization;
use crate::people::visibility::stands;
use crate::readiness::{LevelEntry, Milestone, PersonIndex};

impl Loading {
    /// Organization, levels and milestones of everyone whom the facts refer to.
    pub(super) async fn people(&mut self, tx: &mut Tx) -> db::Result<()> {
        let mut holders: HashMap<Uuid, Vec<(usize, PersonIndex)>> = HashMap::new();
        for (place, dossier) in self.dossiers.iter().enumerate() {
            for (&person, &index) in &dossier.people {
                holders.entry(person).or_default().push((place, index));
            }
        }
        let rows: Vec<(Uuid, Organization)> =
            self.about_people(tx, "select p.id, p.organization from people p where p.id").all().await?;
        for (person, organization) in rows {
            for &(place, index) in holders.get(&person).into_iter().flatten() {
                self.dossiers[place].facts.people[index.0 as usize].organization = organization;
            }
        }
        let rows: Vec<LevelRow> = self
            .about_people(
                tx,
                "select p.person_id, p.level, p.from_date, p.domain, p.reports_to, p.recorded_by, p.position \
                 from person_levels p where p.person_id",
            )
            .all()
            .await?;
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
        let rows: Vec<(Uuid, NaiveDate, Option<Uuid>)> = self
            .about_people(
                tx,
                &format!(
                    "select p.person_id, p.on_date, p.recorded_by from milestones p where {} and p.person_id",
                    stands("p")
                ),
            )
            .all()
            .await?;
        for (person, on, recorded_by) in rows {
            for &(place, index) in holders.get(&person).into_iter().flatten() {
                let dossier = &mut self.dossiers[place];
                let by_candidate = recorded_by == Some(dossier.owner);
                dossier.facts.people[index.0 as usize].milestones.push(Milestone { on, by_candidate });
            }
        }
        Ok(())
    }

    /// Rows about whoever the dossiers may refer to; `select` ends with the column that holds the person.
    fn about_people<'t>(&self, tx: &'t mut Tx, select: &str) -> Query<'t> {
        let list = placeholders(1, self.ids.len());
        let sql = format!(
            "with asked as (select id, owner_person from dossiers where id in ({list})), \
             finals as (select e.id from entries e join asked on asked.id = e.dossier_id where e.status = 'final') \
             {select} in (select owner_person from asked \
             union select x.person_id from entry_people x join finals on finals.id = x.entry_id \
             union select x.person_id from corroborations x join finals on finals.id = x.entry_id \
             union select x.person_id from assessments x join finals on finals.id = x.entry_id \
             union select x.person_id from check_ins x join asked on asked.id = x.dossier_id \
             union select x.person_id from feedback x join asked on asked.id = x.dossier_id)"
        );
        tx.query_built(sql).bind_all(self.ids.iter().copied())
    }
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
