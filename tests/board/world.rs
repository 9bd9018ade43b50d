//! A small company on a fresh database: a CTO, a committee member, and candidates with evidence.

use chrono::NaiveDate;
use evident::accounts::Role;
use evident::evidence::telling::Among;
use evident::evidence::{Aim, Audience, NamedAs, Sharing, Status, dossiers, recusals};
use evident::framework::load::built_in;
use evident::people::{Organization, store};
use evident::review::CorroborationAnswer;
use uuid::Uuid;

use crate::support::{Visitor, World};

pub const XD: &str = "cross-domain-leadership";
pub const CP: &str = "cto-partnership";
pub const DE: &str = "developing-e1s";
pub const EP: &str = "external-presence";

/// A world with its people.
pub struct Company {
    pub world: World,
    pub cto: Visitor,
    pub member: Visitor,
    /// Somebody of another company who confirms things.
    pub outsider: Uuid,
}

/// A candidate with a dossier.
pub struct Candidate {
    pub visitor: Visitor,
    pub dossier: Uuid,
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

impl Company {
    /// One on each engine.
    pub async fn on_both() -> Vec<Company> {
        let mut companies = Vec::new();
        for world in World::on_both().await {
            companies.push(Company::found(world).await);
        }
        companies
    }

    pub async fn found(world: World) -> Company {
        let cto = world.cto("Ruth Adler").await;
        let member = world.somebody("Jonas Weil", &[Role::Committee]).await;
        let at = world.instance.now();
        let outsider = world.instance.ids.new_id(at);
        let mut tx = world.instance.db.write().await.expect("a write");
        store::insert(&mut tx, outsider, "Imre Novak", Organization::External, Some("Elsewhere"), None, at)
            .await
            .expect("a person");
        tx.commit().await.expect("kept");
        world.planted().await;
        let company = Company { world, cto, member, outsider };
        company.level(company.cto.actor().person, "CTO", "Technology").await;
        company
    }

    async fn level(&self, person: Uuid, level: &str, domain: &str) {
        let at = self.world.instance.now();
        let mut tx = self.world.instance.db.write().await.expect("a write");
        tx.query(
            "insert into person_levels (id, person_id, position, level, from_date, domain, recorded_at) \
             values ($1, $2, 0, $3, $4, $5, $6)",
        )
        .bind(self.world.instance.ids.new_id(at))
        .bind(person)
        .bind(level.to_owned())
        .bind(day("2022-01-10"))
        .bind(domain.to_owned())
        .bind(at)
        .run_expecting(1)
        .await
        .expect("a level");
        tx.commit().await.expect("kept");
        self.world.planted().await;
    }

    /// A new candidate with an empty dossier.
    pub async fn candidate(&self, name: &str, sharing: Sharing) -> Candidate {
        let visitor = self.world.candidate(name).await;
        self.dossier_of(visitor, sharing).await
    }

    /// Somebody's dossier, shared since the spring.
    pub async fn dossier_of(&self, visitor: Visitor, sharing: Sharing) -> Candidate {
        let dossier = dossiers::own(&self.world.instance, visitor.actor()).await.expect("a dossier").id;
        self.level(visitor.actor().person, "E1", "Payments").await;
        let mut tx = self.world.instance.db.write().await.expect("a write");
        tx.query("update dossiers set sharing = $1, shared_on = $2 where id = $3")
            .bind(sharing)
            .bind((sharing != Sharing::Private).then(|| day("2026-04-01")))
            .bind(dossier)
            .run_expecting(1)
            .await
            .expect("shared");
        tx.commit().await.expect("kept");
        self.world.planted().await;
        Candidate { visitor, dossier }
    }

    /// Sets what a candidate wants.
    pub async fn aim(&self, candidate: &Candidate, aim: Aim) {
        let mut tx = self.world.instance.db.write().await.expect("a write");
        let query = tx.query("update dossiers set aim = $1, version = version + 1 where id = $2");
        query.bind(aim).bind(candidate.dossier).run_expecting(1).await.expect("an aim");
        tx.commit().await.expect("kept");
        self.world.planted().await;
    }

    /// A final entry that names the capability's first three criteria, recorded on its last day.
    pub async fn entry(
        &self,
        of: &Candidate,
        capability: &str,
        (from, to): (&str, &str),
        audience: Audience,
    ) -> Uuid {
        let at = self.world.instance.now();
        let id = self.world.instance.ids.new_id(at);
        let mut tx = self.world.instance.db.write().await.expect("a write");
        tx.query(
            "insert into entries (id, dossier_id, status, title, from_date, to_date, from_is_month, to_is_month, \
             ongoing, recorded_on, situation, action, impact, domain_cost, for_cto, audience, revision, search_words, \
             created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $7, $7, $6, '', '', '', '', $7, $8, 1, '', $9, $9)",
        )
        .bind(id)
        .bind(of.dossier)
        .bind(Status::Final)
        .bind(format!("Secret title of {capability}"))
        .bind(day(from))
        .bind(day(to))
        .bind(false)
        .bind(audience)
        .bind(at)
        .run_expecting(1)
        .await
        .expect("an entry");
        let insert = tx.query("insert into entry_capabilities (entry_id, capability) values ($1, $2)");
        insert.bind(id).bind(capability.to_owned()).run().await.expect("a tag");
        let capability = built_in().capability(capability).expect("listed");
        for criterion in &capability.criteria[..3] {
            let insert = tx.query("insert into entry_criteria (entry_id, criterion) values ($1, $2)");
            insert.bind(id).bind(criterion.id.clone()).run().await.expect("a criterion");
        }
        dossiers::touch(&mut tx, of.dossier).await.expect("touched");
        tx.commit().await.expect("kept");
        self.world.planted().await;
        id
    }

    /// Somebody's answer to "did it happen like this?".
    pub async fn answer(&self, of: &Candidate, entry: Uuid, by: Uuid, on: &str, answer: CorroborationAnswer) {
        let at = self.world.instance.now();
        let mut tx = self.world.instance.db.write().await.expect("a write");
        let (position,): (i64,) = tx
            .query("select count(*) from corroborations where entry_id = $1")
            .bind(entry)
            .one()
            .await
            .expect("a count");
        tx.query(
            "insert into corroborations (id, entry_id, person_id, position, answer, on_date, comment, revision, created_at) \
             values ($1, $2, $3, $4, $5, $6, '', 1, $7)",
        )
        .bind(self.world.instance.ids.new_id(at))
        .bind(entry)
        .bind(by)
        .bind(position)
        .bind(answer)
        .bind(day(on))
        .bind(at)
        .run_expecting(1)
        .await
        .expect("an answer");
        dossiers::touch(&mut tx, of.dossier).await.expect("touched");
        tx.commit().await.expect("kept");
        self.world.planted().await;
    }

    /// Names somebody as developed in an entry, which recuses them where it is final.
    pub async fn develops(&self, of: &Candidate, entry: Uuid, person: Uuid) {
        let mut tx = self.world.instance.db.write().await.expect("a write");
        tx.query("insert into entry_people (entry_id, person_id, named_as, position) values ($1, $2, $3, 0)")
            .bind(entry)
            .bind(person)
            .bind(NamedAs::Developed)
            .run_expecting(1)
            .await
            .expect("named");
        recusals::refill(&mut tx, Among::Entry(entry), self.world.instance.now()).await.expect("the recused");
        dossiers::touch(&mut tx, of.dossier).await.expect("touched");
        tx.commit().await.expect("kept");
        self.world.planted().await;
    }

    /// Two years of evidence for a capability that the CTO and an outsider have confirmed.
    pub async fn sustained(&self, of: &Candidate, capability: &str) {
        for span in [
            ("2024-11-15", "2025-05-10"),
            ("2025-05-11", "2025-11-05"),
            ("2025-11-06", "2026-05-04"),
            ("2026-05-05", "2026-10-30"),
        ] {
            let entry = self.entry(of, capability, span, Audience::Dossier).await;
            for by in [self.cto.actor().person, self.outsider] {
                self.answer(of, entry, by, span.1, CorroborationAnswer::Confirmed).await;
            }
        }
    }
}
