//! Who reads which sitting and remark: what is found, against the policy, on random worlds.

use chrono::NaiveDate;
use evident::accounts::{Actor, Role};
use evident::db::Tx;
use evident::evidence::telling::Among;
use evident::evidence::{Aim, Audience, Sharing, Status, dossiers, recusals};
use evident::ids::Ids;
use evident::policy::{self, Decision, DossierState, EntryState, SittingAct, SittingState};
use evident::review::remark_store::Kind;
use evident::sitting::remarks;
use evident::sitting::store;
use strum::VariantArray as _;
use uuid::Uuid;

use crate::board::world::{CP, Candidate, Company};
use crate::support::World;

struct Rows {
    owner: usize,
    entry: Uuid,
    assessment: Uuid,
    comment: Uuid,
    /// A sitting of each of the actors who may be CTOs.
    sittings: Vec<(Uuid, Uuid)>,
}

/// One entry with a judgement and a comment, and a sitting of each author, none released yet.
async fn plant(company: &Company, of: &Candidate, owner: usize, authors: &[Actor]) -> Rows {
    let entry = company.entry(of, CP, ("2026-08-01", "2026-09-10"), Audience::Dossier).await;
    let instance = &company.world.instance;
    let at = instance.now();
    let new = || instance.ids.new_id(at);
    let (assessment, comment) = (new(), new());
    let mut tx = instance.db.write().await.expect("a write");
    tx.query(
        "insert into assessments (id, entry_id, person_id, position, judgement, reason, created_at) \
         values ($1, $2, $3, 1, 'meets', 'x', $4)",
    )
    .bind(assessment)
    .bind(entry)
    .bind(authors[0].person)
    .bind(at)
    .run_expecting(1)
    .await
    .expect("a judgement");
    tx.query(
        "insert into comments (id, entry_id, account_id, field, revision, text, created_at) \
         values ($1, $2, $3, 'impact', 1, 'x', $4)",
    )
    .bind(comment)
    .bind(entry)
    .bind(authors[0].account)
    .bind(at)
    .run_expecting(1)
    .await
    .expect("a comment");
    let mut sittings = Vec::new();
    for author in authors {
        let id = new();
        tx.query(
            "insert into sittings (id, dossier_id, account_id, commitment, revision, created_at, updated_at) \
             values ($1, $2, $3, 'x', 1, $4, $4)",
        )
        .bind(id)
        .bind(of.dossier)
        .bind(author.account)
        .bind(at)
        .run_expecting(1)
        .await
        .expect("a sitting");
        sittings.push((id, author.account));
    }
    tx.commit().await.expect("kept");
    Rows { owner, entry, assessment, comment, sittings }
}

/// Sets the day of a release, or none.
async fn set(tx: &mut Tx, sql: &'static str, id: Uuid, on: Option<NaiveDate>) {
    tx.query(sql).bind(id).bind(on).run_expecting(1).await.expect("set");
}

/// Has an entry name one person as developed, or nobody.
async fn develop(tx: &mut Tx, entry: Uuid, person: Option<Uuid>) {
    tx.query("delete from entry_people where entry_id = $1").bind(entry).run().await.expect("nobody");
    if let Some(person) = person {
        let name = "insert into entry_people (entry_id, person_id, named_as, position) values ($1, $2, 'developed', 0)";
        tx.query(name).bind(entry).bind(person).run_expecting(1).await.expect("named");
    }
}

#[tokio::test]
async fn everybody_finds_just_what_the_policy_allows() {
    for world in World::on_both().await {
        let company = Company::found(world).await;
        let ids = Ids::seeded(9);
        let pick = |most: usize| usize::from(ids.bytes::<1>()[0]) % most;
        let mut actors = vec![company.cto.actor().clone(), company.member.actor().clone()];
        for (name, roles) in [
            ("Gita Rao", &[Role::Candidate, Role::Cto][..]),
            ("Ada Marsh", &[Role::Candidate]),
            ("Mina Sato", &[Role::Admin]),
        ] {
            actors.push(company.world.somebody(name, roles).await.actor().clone());
        }
        let authors = [actors[0].clone(), actors[2].clone()];
        let mut planted = Vec::new();
        for owner in [2, 3] {
            let dossier = dossiers::own(&company.world.instance, &actors[owner]).await.expect("a dossier").id;
            let of = Candidate { visitor: company.world.anonymous(), dossier };
            planted.push((dossier, plant(&company, &of, owner, &authors).await));
        }
        let mut decisions = 0;
        for _ in 0..30 {
            let mut tx = company.world.instance.db.write().await.expect("a write");
            let today = company.world.instance.today();
            let mut states = Vec::new();
            for (dossier, rows) in &planted {
                let (sharing, aim) = (Sharing::VARIANTS[pick(3)], Aim::VARIANTS[pick(3)]);
                let share = "update dossiers set sharing = $2, aim = $3 where id = $1";
                tx.query(share).bind(*dossier).bind(sharing).bind(aim).run_expecting(1).await.expect("set");
                let (status, audience) =
                    (Status::VARIANTS[pick(3)], [Audience::Dossier, Audience::Cto][pick(2)]);
                let publish = "update entries set status = $2, audience = $3 where id = $1";
                let query = tx.query(publish).bind(rows.entry).bind(status).bind(audience);
                query.run_expecting(1).await.expect("set");
                let release = |most| (pick(most) == 0).then_some(today);
                let judged = release(2);
                set(
                    &mut tx,
                    "update assessments set released_on = $2 where id = $1",
                    rows.assessment,
                    judged,
                )
                .await;
                set(&mut tx, "update comments set released_on = $2 where id = $1", rows.comment, judged)
                    .await;
                let mut sat = Vec::new();
                for (sitting, _) in &rows.sittings {
                    let on = release(2);
                    set(&mut tx, "update sittings set released_on = $2 where id = $1", *sitting, on).await;
                    sat.push(on.is_some());
                }
                // Whom the entry names as developed, if anybody; nobody is developed by themselves.
                let developed = Some(actors[pick(actors.len())].person)
                    .filter(|named| pick(3) == 0 && *named != actors[rows.owner].person);
                develop(&mut tx, rows.entry, developed).await;
                states.push((sharing, aim, status, audience, judged.is_some(), sat, developed));
            }
            let at = company.world.instance.now();
            recusals::refill(&mut tx, Among::All, at).await.expect("the recused");
            tx.commit().await.expect("kept");
            let mut tx = company.world.instance.db.read().await.expect("a read");
            for actor in &actors {
                let allowed = |act| policy::decide(&actor.roles, act) == Decision::Allow;
                for ((dossier, rows), (sharing, aim, status, audience, judged, sat, developed)) in
                    planted.iter().zip(&states)
                {
                    let owner = actors[rows.owner].account == actor.account;
                    let recused = *status == Status::Final && *developed == Some(actor.person);
                    let about = DossierState { owner, sharing: *sharing, aim: *aim, recused };
                    let entry = EntryState { dossier: about, status: *status, audience: *audience };
                    for (kind, id) in [(Kind::Assessment, rows.assessment), (Kind::Comment, rows.comment)] {
                        let found = remarks::find(&mut tx, actor, kind, id).await.is_ok();
                        let may = allowed(SittingAct::ReadRemark(entry, *judged));
                        assert_eq!(found, may, "{} {entry:?}", actor.name);
                        let replies = remarks::repliable(&mut tx, actor, kind, id).await.is_ok();
                        let may = allowed(SittingAct::Reply(entry, *judged));
                        assert_eq!(replies, may, "{} {entry:?}", actor.name);
                    }
                    let released = store::released(&mut tx, actor, *dossier).await.expect("a list");
                    let draft = store::draft(&mut tx, actor, *dossier).await.expect("a search");
                    let handed =
                        store::handed_over(&mut tx, actor, *dossier).await.expect("a list of drafts");
                    let found: Vec<Uuid> =
                        released.iter().chain(&draft).chain(&handed).map(|sitting| sitting.id).collect();
                    for ((sitting, account), sat) in rows.sittings.iter().zip(sat) {
                        let by = actors.iter().find(|by| by.account == *account).expect("its author");
                        let state = SittingState {
                            author: *account == actor.account,
                            released: *sat,
                            handed: *status == Status::Final && *developed == Some(by.person),
                        };
                        let may = allowed(SittingAct::Read(about, state));
                        assert_eq!(found.contains(sitting), may, "{} {about:?} {sat}", actor.name);
                        decisions += 3;
                    }
                }
            }
        }
        assert!(decisions > 1_500, "{decisions}");
    }
}
