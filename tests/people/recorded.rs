//! What is recorded about leaders: levels and milestones, by whom.

use evident::accounts::Role;
use evident::evidence::{Aim, Sharing, Status};
use evident::people::Organization;
use uuid::Uuid;

use super::{audited, dossier, entry};
use crate::support::{Visitor, World};

const SENIOR: [(&str, &str); 4] =
    [("level", "E1"), ("from", "2025-01-13"), ("domain", "Risk"), ("reports_to", "ruth okafor")];

#[tokio::test]
async fn levels_are_appended_and_a_later_one_of_the_same_date_stands() {
    for world in World::on_both().await {
        let ruth = world.cto("Ruth Okafor").await;
        let priya = world.leader("Priya Raman", None).await;
        let (page, levels) = (format!("/people/{priya}"), format!("/people/{priya}/levels"));
        let answer = ruth.post(&levels, &SENIOR).await.expect(303);
        assert_eq!(answer.location(), page);
        ruth.post(&levels, &[("level", "M3"), ("from", "2021-03-01")]).await.expect(303);
        ruth.post(&levels, &[("level", "E2"), ("from", "2025-01-13"), ("domain", "Risk & Fraud")])
            .await
            .expect(303);
        assert_eq!(audited(&world, 3).await, ["level.recorded"; 3]);

        let shown = ruth.get(&page).await.expect(200);
        assert_eq!(shown.texts("td[data-label=Level]"), ["E2", "E1 corrected later", "M3"]);
        assert_eq!(shown.texts("td[data-label=Domain]"), ["Risk & Fraud", "Risk", ""]);
        assert_eq!(shown.texts("td[data-label='Reports to']"), ["", "Ruth Okafor", ""]);
        assert_eq!(shown.texts(".over"), ["E2 since Jan 2025, Risk & Fraud"]);
        assert_eq!(shown.texts("svg title"), ["Priya Raman’s levels: M3 from Mar 2021, E2 from Jan 2025"]);

        ruth.post(&levels, &[("level", "none"), ("from", "2026-06-01")]).await.expect(303);
        assert_eq!(ruth.get(&page).await.texts(".over"), ["Left in Jun 2026"]);
        assert_eq!(ruth.get("/people?q=priya").await.texts("td[data-label=Level]"), ["Left in Jun 2026"]);
        // A level that is yet to come is not the present one.
        ruth.post(&levels, &[("level", "E2"), ("from", "2027-01-01")]).await.expect(303);
        assert_eq!(ruth.get(&page).await.texts(".over"), ["Left in Jun 2026"]);
    }
}

#[tokio::test]
async fn a_faulty_form_comes_back_with_everything_typed() {
    for world in World::on_both().await {
        let ruth = world.cto("Ruth Okafor").await;
        let priya = world.leader("Priya Raman", None).await;
        world.leader("Sam Lee", None).await;
        let twin = world.leader_of(Organization::External, "Sam Lee", None).await;
        let levels = format!("/people/{priya}/levels");

        let long = "x".repeat(101);
        for (field, value) in [
            ("level", "VP"),
            ("level", ""),
            ("from", ""),
            ("from", "2025-02-30"),
            ("from", "9999-01-01"),
            ("from", "soon"),
            ("domain", &long),
            ("domain", "a\u{FFFD}b"),
            ("reports_to", "Nobody Known"),
            ("reports_to", "Sam Lee"),
            ("reports_to", "Priya Raman"),
            ("reports_to", "<script>alert(1)</script>"),
        ] {
            let mut form = SENIOR.to_vec();
            form.retain(|(name, _)| *name != field);
            form.push((field, value));
            let answer = ruth.post(&levels, &form).await.expect(422);
            let linked = answer.attributes(".error-summary a", "href");
            assert_eq!(linked, [format!("#{field}")], "{field}={value}");
            assert_eq!(answer.texts("title")[0].find("Error: "), Some(0));
            assert_eq!(answer.attributes(&format!("#{field}[aria-invalid]"), "id"), [field]);
            if field != "level" {
                assert_eq!(answer.attributes(&format!("#{field}"), "value"), [value]);
            }
            assert!(!answer.body.contains("<script>alert"));
        }
        let none = ruth.post(&levels, &[]).await.expect(422);
        assert_eq!(none.attributes(".error-summary a", "href"), ["#level", "#from"]);
        assert_eq!(ruth.get(&format!("/people/{priya}")).await.texts("td[data-label=Level]").len(), 0);

        // A page's address says which of two is meant.
        let exact = format!("http://127.0.0.1:8080/people/{twin}");
        let form = [("level", "E1"), ("from", "2025-01-13"), ("reports_to", exact.as_str())];
        ruth.post(&levels, &form).await.expect(303);

        let milestones = format!("/people/{priya}/milestones");
        for (form, fields) in [
            (vec![], vec!["#on", "#what"]),
            (vec![("on", "2026-11-23"), ("what", "Tomorrow")], vec!["#on"]),
            (vec![("on", "2026-02-30"), ("what", " ")], vec!["#on", "#what"]),
        ] {
            let answer = ruth.post(&milestones, &form).await.expect(422);
            assert_eq!(answer.attributes(".error-summary a", "href"), fields);
        }
    }
}

#[tokio::test]
async fn who_may_record_what() {
    for world in World::on_both().await {
        let (ada, tomas) = (world.candidate("Ada Marsh").await, world.candidate("Tomas Lind").await);
        let ruth = world.cto("Ruth Okafor").await;
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let member = world.somebody("Jonas Weil", &[Role::Committee]).await;
        let own = world.leader("Priya Raman", Some(ada.actor().account)).await;
        let open = world.leader("Samir Haddad", None).await;
        let tomas_person = tomas.actor().person;
        let cto = [("level", "CTO"), ("from", "2025-01-13")];
        let milestone = [("on", "2026-01-01"), ("what", "Ran the board review")];

        let check = async |visitor: &Visitor, person: Uuid, level: u16, cto_level: u16, reached: u16| {
            let name = &visitor.actor().name;
            let answer = visitor.post(&format!("/people/{person}/levels"), &SENIOR).await;
            assert_eq!(answer.status.as_u16(), level, "{name}: a level");
            let answer = visitor.post(&format!("/people/{person}/levels"), &cto).await;
            assert_eq!(answer.status.as_u16(), cto_level, "{name}: the level CTO");
            let answer = visitor.post(&format!("/people/{person}/milestones"), &milestone).await;
            assert_eq!(answer.status.as_u16(), reached, "{name}: a milestone");
        };
        check(&ada, own, 303, 403, 403).await;
        check(&ada, open, 403, 403, 403).await;
        check(&tomas, own, 404, 404, 404).await;
        // Of themselves the form says who records it instead.
        check(&tomas, tomas_person, 303, 422, 303).await;
        check(&member, open, 403, 403, 403).await;
        check(&ruth, open, 303, 303, 303).await;
        check(&admin, own, 303, 303, 303).await;

        // The forms offer what would be taken.
        let offered = ada.get(&format!("/people/{own}")).await.attributes("#level option", "value");
        assert_eq!(offered, ["", "M3", "E1", "E2", "none"]);
        assert!(ada.get(&format!("/people/{open}")).await.attributes("form.form", "action").is_empty());

        // A milestone is for its recorder, the person and CTOs.
        for (visitor, person, sees) in [
            (&ruth, open, true),
            (&ada, open, false),
            (&member, open, false),
            (&admin, open, false),
            (&admin, own, true),
            (&ada, own, false),
            (&tomas, tomas_person, true),
            (&ruth, tomas_person, true),
            (&ada, tomas_person, false),
        ] {
            let answer = visitor.get(&format!("/people/{person}")).await.expect(200);
            assert_eq!(answer.body.contains("Ran the board review"), sees, "{}", visitor.actor().name);
        }
    }
}

#[tokio::test]
async fn an_admin_records_for_the_company_and_nobody_else_does() {
    for world in World::on_both().await {
        let priya = world.leader("Priya Raman", None).await;
        let mut recorders = Vec::new();
        for (name, roles) in [
            ("Mina Sato", vec![Role::Admin]),
            ("Kai Both", vec![Role::Admin, Role::Candidate]),
            ("Ruth Okafor", vec![Role::Cto]),
        ] {
            let visitor = world.somebody(name, &roles).await;
            let from = format!("202{}-01-01", recorders.len());
            visitor
                .post(&format!("/people/{priya}/levels"), &[("level", "E1"), ("from", &from)])
                .await
                .expect(303);
            recorders.push(visitor);
        }
        let shown = recorders[0].get(&format!("/people/{priya}")).await.expect(200);
        assert_eq!(shown.texts("td[data-label='Recorded by']"), ["Ruth Okafor", "Kai Both", "An admin"]);
    }
}

#[tokio::test]
async fn a_reporting_line_does_not_tell_of_somebody_unknown() {
    for world in World::on_both().await {
        let (ada, tomas) = (world.candidate("Ada Marsh").await, world.candidate("Tomas Lind").await);
        let account = Some(ada.actor().account);
        let named = world.leader("Priya Raman", account).await;
        world.leader("Hidden Person", account).await;
        let form = [("level", "E1"), ("from", "2025-01-13"), ("reports_to", "Hidden Person")];
        ada.post(&format!("/people/{named}/levels"), &form).await.expect(303);
        let kept = dossier(&world, ada.actor(), Sharing::Committee, Aim::E2).await;
        entry(&world, kept, "Priya took over incidents", Status::Final, named).await;
        for page in [format!("/people/{named}"), "/people".to_owned()] {
            assert!(ada.get(&page).await.body.contains("Hidden Person"));
            assert!(!tomas.get(&page).await.body.contains("Hidden Person"));
        }
        // Nor does a name that is tried out.
        let own = format!("/people/{}/levels", tomas.actor().person);
        let answers = [
            tomas.post(&own, &form).await.expect(422),
            tomas.post(&own, &[form[0], form[1], ("reports_to", "Hidden Porson")]).await.expect(422),
        ];
        assert_eq!(answers[0].body, answers[1].body.replace("Porson", "Person"));
    }
}
