//! Two people who turn out to be one: everything moves, and moves back.

mod came;
mod two;

use std::collections::{BTreeMap, BTreeSet};

use evident::accounts::Role;
use evident::dashboard::store::Reader;
use evident::directory::merging::{REFERENCES, Rows, STAYING};
use evident::evidence::{Audience, Sharing};
use evident::readiness::{Facts, Lens, assess};
use evident::{portable, transfer};
use uuid::Uuid;

use self::two::Two;
use crate::board::world::{Candidate, Company, DE};
use crate::support::{Visitor, World};

/// Every column of the schema that refers to people.
async fn references(world: &World) -> BTreeSet<(String, String)> {
    let mut tx = world.instance.db.read().await.expect("a read");
    let found: Vec<(String, String)> = tx
        .query_either(
            "select m.name, f.\"from\" from sqlite_master m join pragma_foreign_key_list(m.name) f \
             where m.type = 'table' and f.\"table\" = 'people'",
            "select c.conrelid::regclass::text, a.attname::text from pg_constraint c \
             join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey) \
             where c.contype = 'f' and c.confrelid = 'people'::regclass",
        )
        .all()
        .await
        .expect("the foreign keys");
    found.into_iter().collect()
}

#[tokio::test]
async fn merging_knows_every_reference_to_people() {
    for world in World::on_both().await {
        let moved = REFERENCES.iter().map(|found| (found.table.to_owned(), found.column.to_owned()));
        let staying = STAYING.iter().map(|(table, column)| ((*table).to_owned(), (*column).to_owned()));
        let known: BTreeSet<(String, String)> = moved.chain(staying).collect();
        assert_eq!(
            references(&world).await,
            known,
            "a column that refers to people and that merging doesn't know"
        );
    }
}

async fn run(world: &World, sql: &'static str, ids: &[Uuid]) {
    let mut tx = world.instance.db.write().await.expect("a write");
    tx.query(sql).bind_all(ids.iter().copied()).run_expecting(1).await.expect(sql);
    tx.commit().await.expect("kept");
}

fn new_id(world: &World) -> Uuid {
    world.instance.ids.new_id(world.instance.now())
}

/// Every reference, by its name: which row refers to which of some people.
async fn dump(world: &World, people: &[Uuid]) -> BTreeMap<String, Vec<(Uuid, Uuid)>> {
    let mut tx = world.instance.db.read().await.expect("a read");
    let mut all = BTreeMap::new();
    for reference in REFERENCES {
        let key = if reference.rows == Rows::Plain || reference.table == "person_levels" {
            "id"
        } else {
            "entry_id"
        };
        let list = evident::db::placeholders(1, people.len());
        let sql = format!(
            "select {key}, {column} from {table} where {column} in ({list}) order by {key}, {column}",
            column = reference.column,
            table = reference.table,
        );
        let rows = tx.query_built(sql).bind_all(people.iter().copied()).all().await.expect("rows");
        all.insert(reference.name(), rows);
    }
    // Of two open requests to one person about one entry, one is closed meanwhile; both are their persons' again afterwards.
    let open: Vec<(Uuid, Uuid)> = tx
        .query(
            "select id, person_id from requests where closed_at is null and answered_at is null order by id",
        )
        .all()
        .await
        .expect("requests");
    all.insert("open".into(), open);
    let list = evident::db::placeholders(1, people.len());
    let sql = format!("select id, position from person_levels where person_id in ({list}) order by id");
    let rows: Vec<(Uuid, i64)> =
        tx.query_built(sql).bind_all(people.iter().copied()).all().await.expect("positions");
    let positions =
        rows.into_iter().map(|(id, at)| (id, Uuid::from_u128(at.unsigned_abs().into()))).collect();
    all.insert("positions".into(), positions);
    all
}

/// What everybody named in an entry said of it.
async fn answers(world: &World) -> Vec<(Uuid, String, String)> {
    let mut tx = world.instance.db.read().await.expect("a read");
    tx.query(
        "select entry_id, named_as, coalesce(answer, 'none') from entry_people order by entry_id, person_id, named_as",
    )
    .all()
    .await
    .expect("answers")
}

/// What the page, the export and the facts say; they have to agree.
async fn readiness(company: &Company, of: &Candidate) -> String {
    let page = of.visitor.get(&format!("/dossiers/{}/readiness.json", of.dossier)).await.expect(200).body;
    let mut tx = company.world.instance.db.read().await.expect("a read");
    let dossier = transfer::export(&mut tx, of.dossier).await.expect("read").expect("a dossier");
    let read = portable::read(dossier.to_json().expect("JSON").as_bytes(), evident::framework::load::find);
    let (read, framework) = read.expect("a dossier that can be read");
    let exported = Facts::from_dossier(&read, framework).expect("facts");
    let found = evident::dashboard::store::facts(&mut tx, &[of.dossier], Reader::Owner).await.expect("facts");
    let today = crate::support::today();
    let (from_export, from_rows) =
        (assess(framework, &exported, today, Lens::All), assess(framework, &found[0].1, today, Lens::All));
    assert_eq!(from_export, from_rows);
    assert_eq!(
        serde_json::to_value(&from_rows).expect("JSON"),
        serde_json::from_str::<serde_json::Value>(&page).expect("JSON")
    );
    page
}

#[tokio::test]
async fn everything_moves_and_undoing_moves_back_just_that() {
    for company in Company::on_both().await {
        let world = &company.world;
        let two = Two::plant(&company).await;
        let (keep, merged) = (two.keep, two.merged());
        let before = dump(world, &[keep, merged]).await;
        let said = answers(world).await;
        for (name, rows) in before.iter().filter(|(name, _)| *name != "positions") {
            assert!(rows.iter().any(|(_, person)| *person == merged), "nothing of {name} is tried");
        }
        let ready = readiness(&company, &two.ada).await;
        let ids = [("keep", keep.to_string()), ("merge", merged.to_string())];
        let form = [("keep", ids[0].1.as_str()), ("merge", ids[1].1.as_str())];

        let check =
            two.admin.get(&format!("/admin/people/merge?keep={keep}&merge={merged}")).await.expect(200);
        assert!(check.texts("h2").contains(&"Priya Raman".to_owned()), "{}", check.body);
        assert!(!check.body.contains("Secret"), "an admin reads no evidence");
        two.admin.post("/admin/people/merges", &form).await.expect(303);

        let after = dump(world, &[keep, merged]).await;
        for (name, rows) in &after {
            let all_moved = rows.iter().all(|(_, person)| *person == keep);
            // What each was told of one entry that names both is kept with each.
            let kept_apart = name == "namings.person_id"
                && rows.iter().filter(|(_, person)| *person == merged).count() == 1;
            assert!(name == "positions" || all_moved || kept_apart, "{name}: {rows:?}");
        }
        // One name in the entry that named both, with the more careful answer; nobody reports to themselves.
        let named = two.ada.visitor.get(&format!("/evidence/{}", two.both)).await.expect(200);
        assert_eq!(named.texts("section[aria-labelledby=who-h] li a.go"), ["Priya Raman"]);
        assert!(named.body.contains("asked not to be named"));
        assert_eq!(before["entry_people.person_id"].len(), after["entry_people.person_id"].len() + 1);
        assert_eq!(after["person_levels.reports_to"].len(), 1);
        // Of two levels on one day the later recorded stands.
        let page = two.admin.get(&format!("/people/{keep}")).await.expect(200);
        let levels = ["E1", "E2 corrected later", "E1", "E1", "M3", "M3"];
        assert_eq!(page.texts("td[data-label=Level]"), levels);
        // They sign in as who they are, with their dossier, and the old address leads on.
        let answer = two.ada.visitor.get(&format!("/people/{merged}")).await.expect(303);
        assert_eq!(answer.location(), format!("/people/{keep}"));
        two.merge.visitor.get(&format!("/dossiers/{}/readiness", two.merge.dossier)).await.expect(200);
        assert!(two.merge.visitor.get("/people").await.body.contains("Priya Raman"));
        assert!(!two.ada.visitor.get("/people").await.body.contains("P. Raman"));
        // The words of an entry know the name of who is left.
        let found = two.ada.visitor.get("/evidence?q=priya").await.expect(200);
        assert_eq!(found.texts("h2").iter().filter(|title| title.contains("Secret")).count(), 2);
        readiness(&company, &two.ada).await;

        // What comes now is hers who was left.
        let level = [("level", "E2"), ("from", "2026-10-01")];
        two.admin.post(&format!("/people/{keep}/levels"), &level).await.expect(303);
        let (merge_id,): (Uuid,) = {
            let mut tx = world.instance.db.read().await.expect("a read");
            tx.query("select id from person_merges").one().await.expect("a merge")
        };
        let reversal = format!("/admin/people/merges/{merge_id}/reversal");
        two.admin.post(&reversal, &[]).await.expect(303);
        let mut undone = dump(world, &[keep, merged]).await;
        let added: Vec<_> = undone["person_levels.person_id"]
            .iter()
            .filter(|row| !before["person_levels.person_id"].contains(row))
            .copied()
            .collect();
        assert_eq!(added.iter().map(|(_, person)| *person).collect::<Vec<_>>(), [keep]);
        for name in ["person_levels.person_id", "positions"] {
            undone.get_mut(name).expect("rows").retain(|(id, _)| *id != added[0].0);
        }
        // Whose account it is was told of the merge, and that stays told.
        let told = undone.get_mut("notices.by_person").expect("rows");
        told.retain(|row| before["notices.by_person"].contains(row));
        assert_eq!(undone, before);
        assert_eq!(answers(world).await, said);
        two.ada.visitor.get(&format!("/people/{merged}")).await.expect(200);
        run(world, "delete from person_levels where id = $1", &[added[0].0]).await;
        run(world, "update dossiers set version = version + 1 where id = $1", &[two.ada.dossier]).await;
        assert_eq!(readiness(&company, &two.ada).await, ready);
        two.admin.post(&reversal, &[]).await.expect(404);
    }
}

#[tokio::test]
async fn a_correction_follows_and_what_was_changed_since_stays() {
    for company in Company::on_both().await {
        let two = Two::plant(&company).await;
        let (keep, merged) = (two.keep, two.merged());
        let (keep_text, merged_text) = (keep.to_string(), merged.to_string());
        let form = [("keep", keep_text.as_str()), ("merge", merged_text.as_str())];
        two.admin.post("/admin/people/merges", &form).await.expect(303);
        let mut tx = company.world.instance.db.read().await.expect("a read");
        let (milestone,): (Uuid,) = tx
            .query("select row_id from person_merge_moves where reference = 'milestones.person_id'")
            .one()
            .await
            .expect("a moved milestone");
        let (merge_id,): (Uuid,) = tx.query("select id from person_merges").one().await.expect("a merge");
        drop(tx);
        let correction = [("on", "2026-02-02"), ("what", "Ran it a day later"), ("kind", "board-exposure")];
        company.cto.post(&format!("/milestones/{milestone}/correction"), &correction).await.expect(303);
        // The entry that named both names nobody any more.
        run(&company.world, "delete from entry_people where entry_id = $1", &[two.both]).await;
        two.admin.post(&format!("/admin/people/merges/{merge_id}/reversal"), &[]).await.expect(303);
        let page = company.cto.get(&format!("/people/{merged}")).await.expect(200);
        assert!(page.body.contains("Ran it a day later"));
        assert!(!company.cto.get(&format!("/people/{keep}")).await.body.contains("Ran it a day later"));
        let mut tx = company.world.instance.db.read().await.expect("a read");
        let (left,): (i64,) = tx
            .query("select count(*) from entry_people where entry_id = $1")
            .bind(two.both)
            .one()
            .await
            .expect("a count");
        assert_eq!(left, 0, "a name that was taken out of an entry since does not come back");
    }
}

#[tokio::test]
async fn chains_of_merges_are_undone_from_their_end() {
    for company in Company::on_both().await {
        let world = &company.world;
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let ada = company.candidate("Ada Marsh", Sharing::Sponsor).await;
        let added = Some(ada.visitor.actor().account);
        let (a, b, c) = (
            world.leader("A Lee", added).await,
            world.leader("B Lee", None).await,
            world.leader("C Lee", None).await,
        );
        let merge = async |keep: Uuid, merge: Uuid| {
            let (keep, merge) = (keep.to_string(), merge.to_string());
            admin.post("/admin/people/merges", &[("keep", &keep), ("merge", &merge)]).await
        };
        merge(b, a).await.expect(303);
        merge(c, b).await.expect(303);
        for id in [a, b] {
            assert_eq!(ada.visitor.get(&format!("/people/{id}")).await.location(), format!("/people/{c}"));
        }
        merge(c, a).await.expect(404);
        assert_eq!(admin.attributes_of("/admin/people").await.len(), 2);
        let mut tx = world.instance.db.read().await.expect("a read");
        let mut undoing = async |merged: Uuid| {
            let (id,): (Uuid,) = tx
                .query("select id from person_merges where merged = $1")
                .bind(merged)
                .one()
                .await
                .expect("a merge");
            format!("/admin/people/merges/{id}/reversal")
        };
        let (earlier, later) = (undoing(a).await, undoing(b).await);
        drop(tx);
        // The earlier one waits for the later.
        admin.post(&earlier, &[]).await.expect(409);
        admin.post(&later, &[]).await.expect(303);
        assert_eq!(ada.visitor.get(&format!("/people/{a}")).await.location(), format!("/people/{b}"));
        admin.post(&earlier, &[]).await.expect(303);
        ada.visitor.get(&format!("/people/{a}")).await.expect(200);
    }
}

impl Visitor {
    /// The addresses at which merges are undone, as the page lists them.
    async fn attributes_of(&self, path: &str) -> Vec<String> {
        let mut found = self.get(path).await.expect(200).attributes("form", "action");
        found.retain(|action| action.ends_with("/reversal"));
        found
    }
}

#[tokio::test]
async fn whoever_knew_of_either_knows_of_who_is_left_and_nobody_else_does() {
    for company in Company::on_both().await {
        let world = &company.world;
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let ada = company.candidate("Ada Marsh", Sharing::Private).await;
        let ben = company.candidate("Ben Ito", Sharing::Private).await;
        let cleo = company.candidate("Cleo Diaz", Sharing::Private).await;
        let of_ada = world.leader("Priya Raman", Some(ada.visitor.actor().account)).await;
        let of_ben = world.leader("Raman, Priya", Some(ben.visitor.actor().account)).await;
        let listed = admin.get("/admin/people").await.expect(200);
        assert_eq!(listed.texts("section[aria-labelledby=perhaps-h] h3"), ["Priya Raman"]);
        let (keep, merge) = (of_ada.to_string(), of_ben.to_string());
        let form = [("keep", keep.as_str()), ("merge", merge.as_str())];
        for visitor in [&ada.visitor, &company.cto, &company.member] {
            visitor.post("/admin/people/merges", &form).await.expect(403);
            visitor.get("/admin/people").await.expect(403);
        }
        admin.post("/admin/people/merges", &form).await.expect(303);
        for (visitor, knows) in [(&ada.visitor, true), (&ben.visitor, true), (&cleo.visitor, false)] {
            visitor.get(&format!("/people/{of_ada}")).await.expect(if knows { 200 } else { 404 });
            let old = visitor.get(&format!("/people/{of_ben}")).await.expect(if knows { 303 } else { 404 });
            if !knows {
                let missing = visitor.get("/people/019a0000-0000-7000-8000-000000000000").await.expect(404);
                assert_eq!(
                    old.body.replace(&merge, "ID"),
                    missing.body.replace("019a0000-0000-7000-8000-000000000000", "ID")
                );
            }
            let names = visitor.get("/people?q=raman").await.texts("tbody th");
            assert_eq!(names, if knows { vec!["Priya Raman".to_owned()] } else { Vec::new() });
        }
        // Ben may record a level of somebody whom he added, as before.
        let level = [("level", "E1"), ("from", "2025-01-01")];
        ben.visitor.post(&format!("/people/{of_ada}/levels"), &level).await.expect(303);
        ben.visitor.post(&format!("/people/{of_ben}/levels"), &level).await.expect(404);
    }
}

#[tokio::test]
async fn what_can_not_be_one_person_is_refused_with_a_reason() {
    for company in Company::on_both().await {
        let world = &company.world;
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let ada = company.candidate("Ada Marsh", Sharing::Private).await;
        let ben = company.candidate("Ben Ito", Sharing::Private).await;
        let priya = world.leader("Priya Raman", None).await;
        let twin = world.leader("Priya Raman", None).await;
        let entry = company.entry(&ada, DE, ("2026-01-01", "2026-02-01"), Audience::Dossier).await;
        company.develops(&ada, entry, priya).await;
        let ada_person = ada.visitor.actor().person;
        let own = admin.actor().person;
        for (keep, merge, reason) in [
            (priya, priya, "one person already"),
            (ada_person, ben.visitor.actor().person, "Both have an account"),
            (own, priya, "nobody merges themselves"),
            (priya, own, "nobody merges themselves"),
        ] {
            let (keep_text, merge_text) = (keep.to_string(), merge.to_string());
            let form = [("keep", keep_text.as_str()), ("merge", merge_text.as_str())];
            let answer = admin.post("/admin/people/merges", &form).await.expect(422);
            assert!(answer.texts(".error-summary a")[0].contains(reason), "{reason}");
            assert!(!answer.body.contains("Secret"));
            if keep != merge {
                let check =
                    admin.get(&format!("/admin/people/merge?keep={keep}&merge={merge}")).await.expect(200);
                assert!(check.texts(".notice p")[0].contains(reason), "{reason}");
                assert!(!check.attributes("form", "action").contains(&"/admin/people/merges".to_owned()));
            }
        }
        // Whether Ada's evidence names Priya is hers to know, a draft or not.
        for merge in [priya, twin] {
            let check = admin.get(&format!("/admin/people/merge?keep={ada_person}&merge={merge}")).await;
            assert!(check.expect(200).texts(".notice p").is_empty());
        }
        let (keep, merge) = (ada_person.to_string(), priya.to_string());
        let form = [("keep", keep.as_str()), ("merge", merge.as_str())];
        admin.post("/admin/people/merges", &form).await.expect(303);
        ada.visitor.get(&format!("/evidence/{entry}")).await.expect(200);
        ada.visitor.get(&format!("/dossiers/{}/readiness", ada.dossier)).await.expect(200);
        let undo = admin.get("/admin/people").await.attributes("#merges form", "action").remove(0);
        admin.post(&undo, &[]).await.expect(303);
        let nobody = "019a0000-0000-7000-8000-000000000000";
        admin.post("/admin/people/merges", &[("keep", nobody), ("merge", nobody)]).await.expect(404);
        admin.post("/admin/people/merges", &[("keep", "x")]).await.expect(422);
        for (query, field) in [("keep=Nobody+Known", "#keep"), ("keep=Ada+Marsh&merge=Priya+Raman", "#merge")]
        {
            let answer = admin.get(&format!("/admin/people/merge?{query}")).await.expect(422);
            assert_eq!(answer.attributes(".error-summary a", "href"), [field]);
        }
        admin.get(&format!("/admin/people/merge?merge={priya}")).await.expect(200);
        // Two of one name who are two are asked about no longer.
        let (one, other) = (priya.to_string(), twin.to_string());
        let pairs = "section[aria-labelledby=perhaps-h] h3";
        assert_eq!(admin.get("/admin/people").await.texts(pairs).len(), 1);
        admin.post("/admin/people/namesakes", &[("one", &one), ("other", &other)]).await.expect(303);
        admin.post("/admin/people/namesakes", &[("one", &other), ("other", &one)]).await.expect(303);
        assert!(admin.get("/admin/people").await.texts(pairs).is_empty());
    }
}
