//! Two who are one, with something in every table.

use evident::accounts::Role;
use evident::evidence::{Audience, Sharing};
use evident::review::CorroborationAnswer;
use uuid::Uuid;

use super::{new_id, run};
use crate::board::world::{Candidate, Company, DE};
use crate::support::Visitor;

/// Two who are one, with something in every table.
pub(super) struct Two {
    pub(super) ada: Candidate,
    pub(super) admin: Visitor,
    /// The one who stays, without an account.
    pub(super) keep: Uuid,
    /// The one who turns out to be them, with an account and a dossier of their own.
    pub(super) merge: Candidate,
    /// An entry of Ada's that names both as developed.
    pub(super) both: Uuid,
}

impl Two {
    /// The person who turns out to be the other.
    pub(super) fn merged(&self) -> Uuid {
        self.merge.visitor.actor().person
    }

    /// Writes them.
    pub(super) async fn plant(company: &Company) -> Two {
        let world = &company.world;
        let ada = company.candidate("Ada Marsh", Sharing::Committee).await;
        let admin = world.somebody("Mina Sato", &[Role::Admin]).await;
        let keep = world.leader("Priya Raman", None).await;
        let merge = company.candidate("P. Raman", Sharing::Sponsor).await;
        let merged = merge.visitor.actor().person;
        let other = world.leader("Samir Haddad", None).await;
        let once = world.leader("Pri Raman", None).await;
        run(world, "update people set merged_into = $2 where id = $1", &[once, merged]).await;

        for (page, level, from, reports_to) in [
            (keep, "M3", "2021-01-01", None),
            (merged, "E1", "2024-01-01", None),
            (keep, "E2", "2025-06-01", Some(merged)),
            (merged, "E1", "2025-06-01", Some(keep)),
            (other, "M3", "2023-01-01", Some(merged)),
        ] {
            let address = reports_to.map(|to| format!("/people/{to}")).unwrap_or_default();
            let form = [("level", level), ("from", from), ("reports_to", address.as_str())];
            admin.post(&format!("/people/{page}/levels"), &form).await.expect(303);
        }
        let own = [("level", "M3"), ("from", "2020-01-01")];
        merge.visitor.post(&format!("/people/{merged}/levels"), &own).await.expect(303);
        let reached = [("on", "2026-02-01"), ("what", "Ran the board review")];
        merge.visitor.post(&format!("/people/{merged}/milestones"), &reached).await.expect(303);
        admin.post(&format!("/people/{keep}/milestones"), &reached).await.expect(303);

        let span = ("2025-09-01", "2025-12-01");
        let alone = company.entry(&ada, DE, span, Audience::Dossier).await;
        let both = company.entry(&ada, DE, ("2026-01-01", "2026-03-01"), Audience::Dossier).await;
        for (entry, person) in [(alone, merged), (both, merged), (both, keep)] {
            company.develops(&ada, entry, person).await;
        }
        let agreed = "update entry_people set answer = 'agreed' where entry_id = $1 and person_id = $2";
        run(world, agreed, &[alone, merged]).await;
        run(world, agreed, &[both, keep]).await;
        let unnamed = "update entry_people set answer = 'unnamed' where entry_id = $1 and person_id = $2";
        run(world, unnamed, &[both, merged]).await;
        company.answer(&ada, both, merged, "2026-04-01", CorroborationAnswer::Confirmed).await;
        company.answer(&ada, both, keep, "2026-05-01", CorroborationAnswer::Differs).await;
        let judged = "insert into assessments (id, entry_id, person_id, position, judgement, reason, released_on, created_at) \
                      select $1, $2, $3, 0, 'meets', 'It does', from_date, created_at from entries where id = $2";
        run(world, judged, &[new_id(world), both, merged]).await;
        for sql in [
            "insert into check_ins (id, dossier_id, kind, person_id, position, on_date, included, created_at) \
             select $1, $2, 'cto', $3, 7, null, d.created_at < d.created_at, d.created_at from dossiers d where d.id = $2",
            "insert into feedback (id, dossier_id, person_id, position, text, created_at) \
             select $1, $2, $3, 7, 'Well done', created_at from dossiers where id = $2",
        ] {
            run(world, sql, &[new_id(world), ada.dossier, merged]).await;
        }
        for (person, entry) in [(merged, alone), (merged, both), (keep, both)] {
            let told = "insert into namings (id, entry_id, person_id, told_at) select $1, $2, $3, created_at from entries where id = $2";
            run(world, told, &[new_id(world), entry, person]).await;
            let asked = "insert into requests (id, entry_id, person_id, asked_by, question, revision, asked_at) \
                         select $1, e.id, $3, d.owner_account, 'happened', 1, e.created_at from entries e \
                         join dossiers d on d.id = e.dossier_id where e.id = $2";
            run(world, asked, &[new_id(world), entry, person]).await;
        }
        let settled = "update corroborations set settled_by = $1 where entry_id = $2 and person_id = $3";
        run(world, settled, &[merged, both, keep]).await;
        let holds = "insert into durability_answers (id, entry_id, person_id, position, months, answer, on_date, comment, \
                     revision, created_at) select $1, $2, $3, 0, 6, 'holds', from_date, '', 1, created_at from entries where id = $2";
        run(world, holds, &[new_id(world), alone, merged]).await;
        // What others answered by mail or link, for which the one who turns out to be the other vouched.
        let vouched = [
            "insert into corroborations (id, entry_id, person_id, position, answer, on_date, comment, revision, created_at, \
             via, vouched_by, vouched_on) select $1, $2, $4, 7, 'confirmed', from_date, '', 1, created_at, 'link', $3, from_date \
             from entries where id = $2",
            "insert into durability_answers (id, entry_id, person_id, position, months, answer, on_date, comment, revision, \
             created_at, via, vouched_by, vouched_on) select $1, $2, $4, 7, 6, 'holds', from_date, '', 1, created_at, 'mail', $3, \
             from_date from entries where id = $2",
            "insert into namings (id, entry_id, person_id, told_at, answer, answered_at, answered_on, via, vouched_by, vouched_on) \
             select $1, $2, $4, created_at, 'agreed', created_at, from_date, 'link', $3, from_date from entries where id = $2",
            "insert into known_domains (id, domain, listed_by, listed_on, listed_at) \
             select $1, 'partner.example', $3, from_date, created_at from entries where id = $2 and $2 <> $4",
        ];
        for sql in vouched {
            run(world, sql, &[new_id(world), alone, merged, other]).await;
        }
        for (whose, by) in [(other, merged), (merged, other)] {
            let address = "insert into vouched_addresses (id, person_id, address, vouched_by, vouched_on, created_at) \
                           select $1, $3, 'somebody@partner.example', $4, from_date, created_at from entries where id = $2";
            run(world, address, &[new_id(world), alone, whose, by]).await;
        }
        let named = "insert into entry_people (entry_id, person_id, named_as, position, answer, via, vouched_by, vouched_on) \
                     select $1, $3, 'partner', 7, 'agreed', 'link', $2, from_date from entries where id = $1";
        run(world, named, &[alone, merged, other]).await;
        let offered = "insert into opportunities (id, kind, on_date, what, offered_to, taken_by, withdrawn, revision, \
                       recorded_by, created_at, updated_at) select $1, 'board-slot', e.from_date, 'The review', $2, $2, e.ongoing, \
                       1, d.owner_account, e.created_at, e.created_at from entries e join dossiers d on d.id = e.dossier_id where e.id = $3";
        run(world, offered, &[new_id(world), merged, alone]).await;
        let notice = "insert into notices (id, account_id, kind, about, by_person, path, told_at) \
                      select $1, a.id, 'named', $1, $2, '/', a.created_at from accounts a where a.person_id = $3";
        run(world, notice, &[new_id(world), merged, ada.visitor.actor().person]).await;
        Two { ada, admin, keep, merge, both }
    }
}
