//! The rows of a dossier, written one by one.

use evident::db::Tx;
use uuid::Uuid;

use super::planted::date;
use crate::support::World;

/// A dossier into which rows are written.
pub struct Planting<'w> {
    pub world: &'w World,
    pub tx: Tx,
    pub dossier: Uuid,
}

impl Planting<'_> {
    pub fn id(&self) -> Uuid {
        self.world.instance.ids.new_id(self.world.instance.now())
    }

    pub async fn person(&mut self, name: &str, organization: &str) -> Uuid {
        let (id, now) = (self.id(), self.world.instance.now());
        self.tx
            .query("insert into people (id, name, organization, created_at) values ($1, $2, $3, $4)")
            .bind(id)
            .bind(name.to_owned())
            .bind(organization.to_owned())
            .bind(now)
            .run_expecting(1)
            .await
            .expect("a person");
        id
    }

    #[expect(clippy::too_many_arguments, reason = "a row has as many columns")]
    pub async fn level(
        &mut self,
        person: Uuid,
        position: i64,
        level: &str,
        from: &str,
        domain: Option<&str>,
        reports_to: Option<Uuid>,
        by: Option<Uuid>,
    ) {
        let (id, now) = (self.id(), self.world.instance.now());
        self.tx
            .query("insert into person_levels values ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
            .bind(id)
            .bind(person)
            .bind(position)
            .bind(level.to_owned())
            .bind(date(from))
            .bind(domain.map(str::to_owned))
            .bind(reports_to)
            .bind(by)
            .bind(now)
            .run_expecting(1)
            .await
            .expect("a level");
    }

    pub async fn milestone(&mut self, person: Uuid, on: &str, what: &str, by: Option<Uuid>) {
        let (id, now) = (self.id(), self.world.instance.now());
        self.tx
            .query(
                "insert into milestones (id, person_id, on_date, what, recorded_by, recorded_at) \
                 values ($1, $2, $3, $4, $5, $6)",
            )
            .bind(id)
            .bind(person)
            .bind(date(on))
            .bind(what.to_owned())
            .bind(by)
            .bind(now)
            .run_expecting(1)
            .await
            .expect("a milestone");
    }

    pub async fn leave(&mut self, from: &str, to: &str) {
        let (id, now, dossier) = (self.id(), self.world.instance.now(), self.dossier);
        self.tx
            .query("insert into leave_periods values ($1, $2, $3, $4, $5)")
            .bind(id)
            .bind(dossier)
            .bind(date(from))
            .bind(date(to))
            .bind(now)
            .run_expecting(1)
            .await
            .expect("leave");
    }

    pub async fn entry(
        &mut self,
        title: &str,
        from: &str,
        to: Option<&str>,
        capability: &str,
        criteria: &[&str],
        people: &[(Uuid, &str, Option<&str>)],
    ) -> Uuid {
        let (id, now, dossier) = (self.id(), self.world.instance.now(), self.dossier);
        self.tx
            .query(
                "insert into entries (id, dossier_id, status, title, from_date, to_date, from_is_month, to_is_month, \
                 ongoing, recorded_on, situation, action, impact, domain_cost, scope, conduct, setting, horizon_years, \
                 for_cto, audience, revision, search_words, created_at, updated_at) values ($1, $2, 'final', $3, $4, $5, \
                 $6, $6, $6, $7, '', 'Led it.', 'Fewer incidents.', '', 'cross-domain', 'with-peers', null, 3, $6, \
                 'dossier', 1, '', $8, $8)",
            )
            .bind(id)
            .bind(dossier)
            .bind(title.to_owned())
            .bind(date(from))
            .bind(to.map(date))
            .bind(false)
            .bind(to.map_or(date(from), date))
            .bind(now)
            .run_expecting(1)
            .await
            .expect("an entry");
        self.tx
            .query("insert into entry_capabilities values ($1, $2)")
            .bind(id)
            .bind(capability.to_owned())
            .run_expecting(1)
            .await
            .expect("a tag");
        for criterion in criteria {
            self.tx
                .query("insert into entry_criteria values ($1, $2)")
                .bind(id)
                .bind(format!("{capability}/{criterion}"))
                .run_expecting(1)
                .await
                .expect("a criterion");
        }
        for (position, (person, named_as, answer)) in (1_i64..).zip(people) {
            self.tx
                .query("insert into entry_people (entry_id, person_id, named_as, position, answer) values ($1, $2, $3, $4, $5)")
                .bind(id)
                .bind(*person)
                .bind((*named_as).to_owned())
                .bind(position)
                .bind(answer.map(str::to_owned))
                .run_expecting(1)
                .await
                .expect("a name");
        }
        self.tx
            .query("insert into entry_links values ($1, 1, 'https://example.com/notes')")
            .bind(id)
            .run_expecting(1)
            .await
            .expect("a link");
        let update = self.id();
        self.tx
            .query("insert into entry_updates values ($1, $2, $3, 'Still in force', $4)")
            .bind(update)
            .bind(id)
            .bind(date(from))
            .bind(now)
            .run_expecting(1)
            .await
            .expect("an update");
        id
    }

    pub async fn set_status(&mut self, entry: Uuid, status: &str) {
        self.tx
            .query("update entries set status = $2 where id = $1")
            .bind(entry)
            .bind(status.to_owned())
            .run_expecting(1)
            .await
            .expect("a status");
    }

    pub async fn corroboration(
        &mut self,
        entry: Uuid,
        position: i64,
        person: Uuid,
        answer: &str,
        on: &str,
        settled_on: Option<&str>,
    ) {
        let (id, now) = (self.id(), self.world.instance.now());
        self.tx
            .query(
                "insert into corroborations (id, entry_id, person_id, position, answer, on_date, comment, revision, \
                 settled_on, created_at) values ($1, $2, $3, $4, $5, $6, '', 1, $7, $8)",
            )
            .bind(id)
            .bind(entry)
            .bind(person)
            .bind(position)
            .bind(answer.to_owned())
            .bind(date(on))
            .bind(settled_on.map(date))
            .bind(now)
            .run_expecting(1)
            .await
            .expect("a corroboration");
    }

    pub async fn assessment(
        &mut self,
        entry: Uuid,
        position: i64,
        person: Uuid,
        judgement: &str,
        released: Option<&str>,
    ) {
        let (id, now) = (self.id(), self.world.instance.now());
        self.tx
            .query(
                "insert into assessments (id, entry_id, person_id, position, judgement, reason, released_on, created_at) \
                 values ($1, $2, $3, $4, $5, 'It says why.', $6, $7)",
            )
            .bind(id)
            .bind(entry)
            .bind(person)
            .bind(position)
            .bind(judgement.to_owned())
            .bind(released.map(date))
            .bind(now)
            .run_expecting(1)
            .await
            .expect("an assessment");
    }

    pub async fn check_in(
        &mut self,
        position: i64,
        kind: &str,
        person: Uuid,
        on: Option<&str>,
        included: bool,
        answers: &[(&str, &str)],
    ) {
        let (id, now, dossier) = (self.id(), self.world.instance.now(), self.dossier);
        self.tx
            .query("insert into check_ins values ($1, $2, $3, $4, $5, $6, $7, $8)")
            .bind(id)
            .bind(dossier)
            .bind(kind.to_owned())
            .bind(person)
            .bind(position)
            .bind(on.map(date))
            .bind(included)
            .bind(now)
            .run_expecting(1)
            .await
            .expect("a check-in");
        for (question, answer) in answers {
            self.tx
                .query("insert into check_in_answers values ($1, $2, $3)")
                .bind(id)
                .bind((*question).to_owned())
                .bind((*answer).to_owned())
                .run_expecting(1)
                .await
                .expect("an answer");
        }
    }

    pub async fn feedback(&mut self, position: i64, person: Uuid, released: Option<&str>, text: &str) {
        let (id, now, dossier) = (self.id(), self.world.instance.now(), self.dossier);
        self.tx
            .query("insert into feedback values ($1, $2, $3, $4, 'partly', $5, $6, $7)")
            .bind(id)
            .bind(dossier)
            .bind(person)
            .bind(position)
            .bind(text.to_owned())
            .bind(released.map(date))
            .bind(now)
            .run_expecting(1)
            .await
            .expect("feedback");
    }
}
