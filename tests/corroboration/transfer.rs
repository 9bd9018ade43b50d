//! What was said beside an answer travels in the second format, and nothing else does.

use evident::corroboration::durability::raise_due;
use evident::dashboard::store::{self, Reader};
use evident::framework::load;
use evident::portable::{self, FORMAT, FORMAT_2, FORMAT_3};
use evident::readiness::{Facts, Lens, assess};
use evident::transfer;

use super::world::{ENTRY, ask, ask_by_link, company, id, log, notices};
use crate::support::{Visitor, World, today};

async fn exported(world: &World, owner: &Visitor) -> portable::Dossier {
    let own = evident::evidence::dossiers::own(&world.instance, owner.actor()).await.expect("a dossier");
    let mut tx = world.instance.db.read().await.expect("a read");
    let dossier = transfer::export(&mut tx, own.id).await.expect("read").expect("a dossier");
    let facts = store::facts(&mut tx, &[own.id], Reader::Owner).await.expect("facts").remove(0).1;
    let framework = load::built_in();
    let carried = Facts::from_dossier(&dossier, framework).expect("facts");
    for lens in [Lens::All, Lens::Confirmed] {
        let here = assess(framework, &facts, today(), lens);
        assert_eq!(assess(framework, &carried, today(), lens), here, "the same readiness");
    }
    dossier
}

#[tokio::test]
async fn the_second_format_is_written_where_it_is_needed() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let entry = log(&ada, ENTRY).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let plain = exported(&world, &ada).await;
        assert_eq!(plain.format, FORMAT);
        assert!(!plain.to_json().expect("JSON").contains("durability"));

        let request = ask(&world, &ada, &entry, &ben).await;
        ben.post(&request, &[("answer", "differs"), ("account", "It was Kim."), ("comment", "Kim did.")])
            .await
            .expect(303);
        let answer = notices(&world, &ada).await.remove(0).1;
        ada.post(&format!("{answer}/reply"), &[("reply", "We both did.")]).await.expect(303);
        ruth.post(&format!("{answer}/settlement"), &[("reason", "Both took part.")]).await.expect(303);
        raise_due(&world.instance, evident::audit::Origin::Job(None)).await.expect("raised");
        let fields = [("question", "holds"), ("person", "other"), ("other", "Ben Ito")];
        ada.post(&format!("{entry}/requests"), &fields).await.expect(200);
        let asked = notices(&world, &ben).await.remove(0).1;
        ben.post(&asked, &[("answer", "holds"), ("comment", "It does.")]).await.expect(303);

        let dossier = exported(&world, &ada).await;
        assert_eq!(dossier.format, FORMAT_2);
        let text = dossier.to_json().expect("JSON");
        let (read, _) = portable::read(text.as_bytes(), load::find).expect("it reads what it writes");
        assert_eq!(read, dossier);
        let said = &read.evidence[0].corroborations[0];
        assert_eq!(said.account.as_deref(), Some("It was Kim."));
        assert_eq!(said.reply.as_deref(), Some("We both did."));
        assert_eq!(said.settlement.as_deref(), Some("Both took part."));
        assert_eq!(said.settled_by, Some(ruth.actor().person.to_string()));
        assert_eq!(said.revision, Some(1));
        assert_eq!(read.evidence[0].durability[0].comment.as_deref(), Some("It does."));

        // The first format has none of it, and says so at its path.
        let first = text.replace(FORMAT_2, FORMAT);
        let faults = portable::read(first.as_bytes(), load::find).expect_err("refused");
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        for path in ["account", "comment", "revision", "reply", "settled_by", "settlement"] {
            let line =
                format!("evidence[0].corroborations[0].{path}: is not a field that the format has here");
            assert!(lines.contains(&line), "{path}: {lines:?}");
        }
        let line = "evidence[0].durability: is not a field that the format has here".to_owned();
        assert!(lines.contains(&line), "{lines:?}");
        assert_eq!(lines.len(), 7);
    }
}

#[tokio::test]
async fn what_is_judged_replied_and_planned_travels_and_is_held_to_the_framework() {
    for world in World::on_both().await {
        let (ada, _, ruth) = company(&world).await;
        let entry = log(&ada, ENTRY).await;
        ada.post("/settings/sharing", &[("sharing", "sponsor")]).await.expect(303);
        let judged = [("judgement", "partly"), ("text", "Half of it"), ("revision", "1"), ("do", "release")];
        ruth.post(&format!("{entry}/assessment"), &judged).await.expect(303);
        let reply = ada.get(&entry).await.attributes("a[href$='/reply']", "href").remove(0);
        ada.post(&reply, &[("text", "The other half is in spring.")]).await.expect(303);
        let dossier = exported(&world, &ada).await;
        assert_eq!(dossier.format, FORMAT_2);
        let said = &dossier.evidence[0].assessments[0];
        assert_eq!(said.revision, Some(1));
        assert_eq!(said.reply.as_deref(), Some("The other half is in spring."));
        assert_eq!(said.replied_on, Some(today()));

        let action = load::built_in().capabilities[0].development_actions[0].id.clone();
        let planned = [("action", action.as_str()), ("due", "2027-01-31")];
        ada.post("/development/actions", &planned).await.expect(303);
        let own = [("words", "Write one thing down"), ("due", "2027-02-28")];
        ada.post("/development/actions", &own).await.expect(303);
        let address = ada.get("/development").await.attributes("a[href^='/development/actions/']", "href");
        let id = entry.rsplit('/').next().expect("an id");
        ada.post(&address[0], &[("state", "done"), ("due", "2027-01-31"), ("entry", id)]).await.expect(303);
        let talk =
            [("on", "2026-11-02"), ("with", "Ruth"), ("notes", "The path"), ("next", "A talk in spring")];
        ada.post("/development/conversations", &talk).await.expect(303);
        ada.post("/development/signals/super-director", &[("text", "Fair.")]).await.expect(303);

        let dossier = exported(&world, &ada).await;
        let text = dossier.to_json().expect("JSON");
        let (read, _) = portable::read(text.as_bytes(), load::find).expect("it reads what it writes");
        assert_eq!(read, dossier);
        assert_eq!(read.plan[0].action.as_deref(), Some(action.as_str()));
        assert_eq!(read.plan[0].evidence.as_deref(), Some(id));
        assert_eq!(read.plan[0].closed_on, Some(today()));
        assert_eq!(read.plan[1].words, "Write one thing down");
        assert_eq!(read.conversations[0].next_steps.as_deref(), Some("A talk in spring"));
        assert_eq!(read.signal_responses[0].text, "Fair.");

        // Each reference is held to what there is, each at its path.
        let mut file = serde_json::to_value(&dossier).expect("JSON");
        file["plan"][0]["action"] = "cross-domain-leadership/nothing".into();
        file["plan"][0]["evidence"] = "e99".into();
        file["plan"][0]["state"] = "planned".into();
        file["plan"][1]["capability"] = "patience".into();
        file["plan"][1]["state"] = "dropped".into();
        file["plan"][1]["words"] = " ".into();
        file["conversations"][0]["on"] = "2026-02-30".into();
        file["signal_responses"][0]["pitfall"] = "vanity".into();
        file["evidence"][0]["assessments"][0]["revision"] = "one".into();
        let faults = portable::read(file.to_string().as_bytes(), load::find).expect_err("refused");
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        for line in [
            "plan[0].action: cross-domain-leadership/nothing is not a development action of e1-to-e2",
            "plan[0].evidence: e99 is not among the dossier's entries",
            "plan[0].closed_on: is given for what is neither done nor dropped",
            "plan[1].capability: patience is not a capability of e1-to-e2",
            "plan[1].closed_on: is required of what is done or dropped",
            "plan[1].words: is blank",
            "conversations[0].on: 2026-02-30 is not a date",
            "signal_responses[0].pitfall: vanity is not a pitfall of e1-to-e2",
        ] {
            assert!(lines.iter().any(|told| told == line), "{line}\n{lines:#?}");
        }
        assert!(
            lines.iter().any(|told| told.starts_with("evidence[0].assessments[0].revision: ")),
            "{lines:#?}"
        );
        assert_eq!(lines.len(), 9, "{lines:#?}");
        // The first format has none of it.
        let first = text.replace(FORMAT_2, FORMAT);
        let faults = portable::read(first.as_bytes(), load::find).expect_err("refused");
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        for path in ["plan", "conversations", "signal_responses", "evidence[0].assessments[0].reply"] {
            let line = format!("{path}: is not a field that the format has here");
            assert!(lines.contains(&line), "{lines:?}");
        }
    }
}

#[tokio::test]
async fn how_answers_came_and_what_was_superseded_travel_in_the_third_format() {
    for world in World::on_both().await {
        let (ada, ben, ruth) = company(&world).await;
        let entry = log(&ada, ENTRY).await;
        let request = ask(&world, &ada, &entry, &ben).await;
        ben.post(&request, &[("answer", "confirmed")]).await.expect(303);
        let mina = world.leader("Mina Sato", Some(ada.actor().account)).await;
        let link = ask_by_link(&ada, &entry, "Mina Sato", "").await;
        world.anonymous().post(&link, &[("answer", "confirmed")]).await.expect(200);
        let unvouched = exported(&world, &ada).await;
        assert_eq!(unvouched.format, FORMAT_3);
        let mut change = evident::audit::Change::begin(&world.instance, evident::audit::Origin::CommandLine)
            .await
            .expect("a change");
        let vouch = "update corroborations set vouched_by = $2, vouched_on = on_date where person_id = $1";
        let query = change.tx().query(vouch).bind(mina).bind(ruth.actor().person);
        query.run_expecting(1).await.expect("vouched for");
        let supersede =
            "update corroborations set superseded_on = on_date where person_id = $1 and entry_id = $2";
        let query = change.tx().query(supersede).bind(ben.actor().person).bind(id(&entry));
        query.run_expecting(1).await.expect("superseded");
        change.record(evident::audit::Event::RemindersRaised, Some(id(&entry)), &());
        change.commit().await.expect("kept");

        let dossier = exported(&world, &ada).await;
        let text = dossier.to_json().expect("JSON");
        let (read, _) = portable::read(text.as_bytes(), load::find).expect("it reads what it writes");
        assert_eq!(read, dossier);
        let said = &read.evidence[0].corroborations;
        assert_eq!(said[0].superseded_on, Some(today()));
        let vouched = said[1].origin.vouched.as_ref().expect("vouched for");
        assert_eq!(
            (said[1].origin.via.to_string().as_str(), &vouched.by),
            ("link", &ruth.actor().person.to_string())
        );
        assert!(read.people.iter().any(|person| person.id == vouched.by), "who vouched is among the people");
        let second = text.replace(FORMAT_3, FORMAT_2);
        let faults = portable::read(second.as_bytes(), load::find).expect_err("refused");
        assert_eq!(faults.len(), 3, "{faults:?}");
    }
}
