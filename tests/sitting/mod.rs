//! The CTO's ten minutes as CTOs, owners and everybody else meet them: sittings, remarks on entries, the deputizing log,
//! opportunities.

mod deputizing;
mod opportunities;
mod remarks;
mod sittings;
mod visibility;

use std::sync::Arc;

use chrono::TimeDelta;
use evident::evidence::{Audience, Sharing};
use uuid::Uuid;

use crate::board::world::{CP, Candidate, Company};
use crate::support::{Visitor, World};

/// A company with a second CTO, and a candidate whose dossier both read.
struct Scene {
    company: Company,
    /// A CTO of the same company.
    sam: Visitor,
    ada: Candidate,
    entry: Uuid,
}

impl Scene {
    async fn on_both() -> Vec<Scene> {
        let mut scenes = Vec::new();
        for mut world in World::on_both().await {
            // Sittings are months apart, and nobody signs in anew in between.
            let settings = Arc::make_mut(&mut world.instance.settings);
            settings.session_idle = TimeDelta::days(3_000);
            settings.session_life = TimeDelta::days(3_000);
            world.assemble();
            let company = Company::found(world).await;
            let sam = company.world.cto("Sam Oduya").await;
            let ada = company.candidate("Ada Marsh", Sharing::Sponsor).await;
            let entry = company.entry(&ada, CP, ("2026-08-01", "2026-09-10"), Audience::Dossier).await;
            scenes.push(Scene { company, sam, ada, entry });
        }
        scenes
    }

    fn ruth(&self) -> &Visitor {
        &self.company.cto
    }

    /// The kinds of notices that are open for somebody, the oldest first.
    async fn told(&self, visitor: &Visitor) -> Vec<String> {
        let mut tx = self.company.world.instance.db.read().await.expect("a read");
        let told: Vec<(String,)> = tx
            .query(
                "select kind from notices where account_id = $1 and settled_at is null order by told_at, id",
            )
            .bind(visitor.actor().account)
            .all()
            .await
            .expect("notices");
        told.into_iter().map(|(kind,)| kind).collect()
    }

    fn path(&self, ending: &str) -> String {
        format!("/dossiers/{}/{ending}", self.ada.dossier)
    }

    /// Moves the world to noon of a day.
    fn on(&mut self, day: &str) {
        let noon = crate::board::world::day(day).and_hms_opt(12, 0, 0).expect("noon").and_utc();
        let world = &mut self.company.world;
        world.instance.clock = evident::clock::Clock::Fixed(noon);
        world.assemble();
        self.company.cto = world.again(&self.company.cto);
        self.sam = world.again(&self.sam);
        self.ada.visitor = world.again(&self.ada.visitor);
    }
}
