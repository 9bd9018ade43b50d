//! A rich dossier, written straight into the database, so that pages have something to show.

use chrono::NaiveDate;
use evident::accounts::Role;
use evident::evidence::dossiers::{self, Dossier};

use super::planting::Planting;
use crate::support::{Visitor, World};

/// A candidate with a rich dossier, and those around her.
pub struct Planted {
    pub ada: Visitor,
    pub ruth: Visitor,
    pub dossier: Dossier,
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Plants a dossier shared with CTOs since 2026-06-01.
#[expect(clippy::too_many_lines, reason = "one rich dossier, told from beginning to end")]
pub async fn plant(world: &World) -> Planted {
    let ada = world.candidate("Ada Marsh").await;
    let ruth = world.somebody("Ruth Okafor", &[Role::Cto]).await;
    let dossier = dossiers::own(&world.instance, ada.actor()).await.expect("a dossier");
    let (me, cto) = (ada.actor().person, ruth.actor().person);
    let mut planting =
        Planting { world, tx: world.instance.db.write().await.expect("a write"), dossier: dossier.id };
    let tomas = planting.person("Tomas Lind", "internal").await;
    let priya = planting.person("Priya Raman", "internal").await;
    let eve = planting.person("Eve Laurent", "external").await;
    planting.level(cto, 1, "CTO", "2020-01-01", None, None, None).await;
    planting.level(me, 1, "M3", "2017-02-01", Some("Payments"), Some(cto), None).await;
    planting.level(me, 2, "E1", "2022-01-10", Some("Payments"), Some(cto), Some(cto)).await;
    planting.level(tomas, 1, "E1", "2021-01-01", Some("Ledger"), Some(cto), None).await;
    // What the candidate says of others counts for nothing, and travels all the same.
    planting.level(tomas, 2, "E2", "2026-01-01", Some("Payments"), None, Some(me)).await;
    planting.level(priya, 1, "E1", "2023-03-01", Some("Cards"), Some(me), None).await;
    planting.level(priya, 2, "E2", "2026-09-01", Some("Cards"), Some(cto), Some(cto)).await;
    planting.milestone(priya, "2026-05-05", "Ran the Q1 board review", Some(cto)).await;
    planting.leave("2025-02-01", "2025-03-15").await;

    let xd = "cross-domain-leadership";
    let mut entries = Vec::new();
    for (title, from, to, capability, criteria, people) in [
        (
            "Settled who owns customer identity",
            "2024-12-05",
            Some("2025-05-31"),
            xd,
            &["lasting-conflict-resolution", "domains-work-together"][..],
            &[][..],
        ),
        (
            "One funding line across Payments and Ledger",
            "2025-06-10",
            Some("2025-11-30"),
            xd,
            &["company-first-allocation"],
            &[],
        ),
        (
            "A shared incident review of all domains",
            "2025-12-01",
            Some("2026-05-20"),
            xd,
            &["organizational-thinking"],
            &[],
        ),
        ("The platform budget, decided together", "2026-06-01", None, xd, &["strategic-coherence"], &[]),
        (
            "Chaired the technology review for Ruth",
            "2026-03-04",
            None,
            "cto-partnership",
            &["deputizes-for-cto"],
            &[],
        ),
        (
            "Priya takes over the incident programme",
            "2026-01-15",
            Some("2026-08-31"),
            "developing-e1s",
            &["next-level-opportunities"],
            &[(priya, "developed", Some("agreed"))],
        ),
        (
            "Coached Priya through her first reorganization",
            "2025-09-01",
            Some("2025-10-15"),
            "developing-e1s",
            &["directors-growing"],
            &[(priya, "developed", None)],
        ),
        (
            "A keynote on payments at scale",
            "2026-02-12",
            None,
            "external-presence",
            &["recognized-externally"],
            &[(eve, "external", None)],
        ),
    ] {
        entries.push(planting.entry(title, from, to, capability, criteria, people).await);
    }
    planting.corroboration(entries[0], 1, tomas, "confirmed", "2025-06-10", None).await;
    planting.corroboration(entries[1], 1, tomas, "confirmed", "2025-12-10", None).await;
    planting.corroboration(entries[1], 2, cto, "confirmed", "2025-12-10", None).await;
    planting.corroboration(entries[2], 1, cto, "confirmed", "2026-06-10", None).await;
    planting.corroboration(entries[2], 2, tomas, "differs", "2026-07-01", Some("2026-07-20")).await;
    planting.corroboration(entries[3], 1, tomas, "confirmed", "2026-09-01", None).await;
    planting.corroboration(entries[3], 2, tomas, "differs", "2026-11-15", None).await;
    planting.corroboration(entries[5], 1, priya, "confirmed", "2026-09-01", None).await;
    planting.corroboration(entries[7], 1, eve, "not-close-enough", "2026-02-20", None).await;
    planting.assessment(entries[0], 1, cto, "meets", Some("2025-07-01")).await;
    planting.assessment(entries[4], 1, cto, "partly", None).await;
    planting.assessment(entries[6], 1, cto, "not-yet", Some("2026-11-14")).await;
    let draft = planting.entry("A thought for later", "2026-11-01", None, xd, &[], &[]).await;
    planting.set_status(draft, "draft").await;
    let withdrawn = planting.entry("Said too early", "2026-10-01", None, xd, &[], &[]).await;
    planting.set_status(withdrawn, "withdrawn").await;

    planting
        .check_in(
            1,
            "self",
            me,
            Some("2026-03-01"),
            false,
            &[("deputizing", "yes"), ("thought-partner", "yes")],
        )
        .await;
    planting
        .check_in(
            2,
            "self",
            me,
            Some("2026-07-01"),
            false,
            &[("deputizing", "yes"), ("thought-partner", "partly")],
        )
        .await;
    planting.check_in(3, "cto", cto, Some("2026-08-01"), false, &[("deputizing", "partly")]).await;
    planting
        .check_in(4, "cto", cto, None, false, &[("deputizing", "not-yet"), ("thought-partner", "not-yet")])
        .await;
    planting.feedback(1, cto, Some("2026-08-15"), "The partnership has grown.").await;
    planting.feedback(2, cto, None, "Kept for a conversation first.").await;
    let mut tx = planting.tx;
    tx.query("update dossiers set sharing = 'sponsor', shared_on = $2, version = version + 1 where id = $1")
        .bind(dossier.id)
        .bind(date("2026-06-01"))
        .run_expecting(1)
        .await
        .expect("shared");
    tx.commit().await.expect("kept");
    Planted { ada, ruth, dossier }
}
