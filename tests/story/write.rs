//! A story as rows. Every text is the marker of its field, so that whoever finds one knows where it comes from.

use chrono::NaiveDate;
use evident::db::{Tx, insert_all};
use evident::evidence::revisions::Kept;
use evident::evidence::{Audience, Content, Named, Sharing, Status, dossiers, search};
use evident::framework::load::built_in;
use evident::review::CheckInKind;

use super::places::Places;
use super::voices::{write_answers, write_remarks, write_sittings};
use super::{Fact, NAMES, Story, Who, marker};

pub(super) type Result = evident::db::Result<()>;

/// A day of leave: of a year that nothing else is of.
const LEAVE: NaiveDate = NaiveDate::from_ymd_opt(2187, 3, 1).expect("a day");

impl Story {
    /// Writes what isn't written yet, and notes that all on which anybody's readiness rests may have changed.
    pub async fn write(&self, tx: &mut Tx, places: &Places) -> Result {
        let new = &self.0[places.written..];
        self.write_people(tx, places, new).await?;
        write_histories(tx, places, new).await?;
        write_dossiers(tx, places, new).await?;
        self.write_entries(tx, places, new).await?;
        write_answers(self, tx, places, new).await?;
        write_remarks(tx, places, new).await?;
        write_sittings(tx, places, new).await?;
        for of in rows!(self.0, Fact::Dossier { of, .. } => *of) {
            dossiers::touch(tx, places.dossier(of)).await?;
        }
        Ok(())
    }

    async fn write_people(&self, tx: &mut Tx, places: &Places, new: &[Fact]) -> Result {
        let at = places.at;
        let mut newcomers = rows!(new, Fact::Account { who, .. } => (*who, None));
        newcomers.retain(|(who, _)| !places.holders.contains_key(who));
        let holders = newcomers.clone();
        newcomers.extend(rows!(new, Fact::Leader { who, added_by } => (*who, *added_by)));
        // Whoever turned out to be another refers to them.
        newcomers.sort_by_key(|(who, _)| self.person(*who) != *who);
        let into = "people (id, name, organization, added_by, merged_into, created_at)";
        insert_all(tx, into, &newcomers, |query, (who, added_by): &(Who, Option<Who>)| {
            let merged = Some(self.person(*who)).filter(|into| into != who);
            query
                .bind(places.person(*who))
                .bind(NAMES[*who].to_owned())
                .bind("internal".to_owned())
                .bind(added_by.map(|by| places.account(by)))
                .bind(merged.map(|into| places.person(into)))
                .bind(at)
        })
        .await?;
        insert_all(tx, "accounts (id, email, person_id, created_at)", &holders, |query, (who, _)| {
            let email = format!("{}@example.com", NAMES[*who].to_lowercase());
            query.bind(places.account(*who)).bind(email).bind(places.person(*who)).bind(at)
        })
        .await?;
        let of = |who: Who| self.roles(who).unwrap_or_default().iter().map(move |role| (who, *role));
        let roles: Vec<_> = holders.iter().flat_map(|(who, _)| of(*who)).collect();
        insert_all(tx, "account_roles (account_id, role)", &roles, |query, (who, role)| {
            query.bind(places.account(*who)).bind(*role)
        })
        .await
    }

    async fn write_entries(&self, tx: &mut Tx, places: &Places, new: &[Fact]) -> Result {
        let at = places.at;
        let entries = rows!(new, Fact::Entry { n, of, status, audience, days, for_cto } => Written {
            n: *n,
            of: *of,
            status: *status,
            content: self.content(places, *n, *audience, *days, *for_cto),
        });
        let into = "entries (id, dossier_id, status, title, from_date, from_is_month, to_is_month, ongoing, recorded_on, \
             situation, action, impact, domain_cost, for_cto, audience, revision, search_words, created_at, updated_at)";
        insert_all(tx, into, &entries, |query, entry| {
            let content = &entry.content;
            query
                .bind(places.entry(entry.n))
                .bind(places.dossier(entry.of))
                .bind(entry.status)
                .bind(content.title.clone())
                .bind(content.from)
                .bind(false)
                .bind(false)
                .bind(false)
                .bind(content.from)
                .bind(content.situation.clone())
                .bind(content.action.clone())
                .bind(content.impact.clone())
                .bind(content.domain_cost.clone())
                .bind(content.for_cto)
                .bind(content.audience)
                .bind(2_i64)
                .bind(search::words([content.title.as_str(), &content.impact]))
                .bind(at)
                .bind(at)
        })
        .await?;
        let capability = &built_in().capabilities[0].id;
        insert_all(tx, "entry_capabilities (entry_id, capability)", &entries, |query, entry| {
            query.bind(places.entry(entry.n)).bind(capability.clone())
        })
        .await?;
        insert_all(tx, "entry_links (entry_id, position, url)", &entries, |query, entry| {
            query.bind(places.entry(entry.n)).bind(0_i64).bind(entry.content.links[0].clone())
        })
        .await?;
        insert_all(
            tx,
            "entry_updates (id, entry_id, on_date, text, created_at)",
            &entries,
            |query, entry| {
                let update = &entry.content.updates[0];
                query
                    .bind(places.entry(entry.n))
                    .bind(places.entry(entry.n))
                    .bind(update.on)
                    .bind(update.text.clone())
                    .bind(at)
            },
        )
        .await?;
        let revisions: Vec<_> = entries.iter().flat_map(|entry| [(entry, 1_i64), (entry, 2)]).collect();
        let into = "entry_revisions (entry_id, number, saved_by, saved_at, content)";
        insert_all(tx, into, &revisions, |query, (entry, number)| {
            let mut content = entry.content.clone();
            if *number == 1 {
                content.impact = marker("entry", entry.n, "before");
            }
            let kept = Kept { status: entry.status, autosaved: false, content };
            query
                .bind(places.entry(entry.n))
                .bind(*number)
                .bind(places.account(entry.of))
                .bind(at)
                .bind(serde_json::to_string(&kept).expect("plain values"))
        })
        .await?;
        let named = rows!(new, Fact::Named { entry, who, named_as, answer, by_link } => (*entry, *who, *named_as, *answer, *by_link));
        let into = "entry_people (entry_id, person_id, named_as, position, answer, via)";
        insert_all(tx, into, &named, |query, (entry, who, named_as, answer, by_link)| {
            let query = query.bind(places.entry(*entry)).bind(places.person(*who)).bind(*named_as);
            let query = query.bind(i64::try_from(*who).expect("few people")).bind(*answer);
            query.bind(super::voices::via(*by_link))
        })
        .await
    }

    /// What an entry says, with whom it names.
    fn content(&self, places: &Places, n: u32, audience: Audience, days: i64, for_cto: bool) -> Content {
        let text = |field| marker("entry", n, field);
        let from = places.ago(days);
        Content {
            title: text("title"),
            from: Some(from),
            situation: text("situation"),
            action: text("action"),
            impact: text("impact"),
            domain_cost: text("cost"),
            for_cto,
            audience,
            capabilities: vec![built_in().capabilities[0].id.clone()],
            people: rows!(self.0, Fact::Named { entry, who, named_as, .. } if *entry == n => Named {
                person: places.person(*who),
                named_as: *named_as,
            }),
            links: vec![format!("https://example.com/{}", text("link"))],
            updates: vec![evident::evidence::Update { on: from, text: text("update") }],
            ..Content::default()
        }
    }
}

/// An entry as it is written.
struct Written {
    n: u32,
    of: Who,
    status: Status,
    content: Content,
}

async fn write_histories(tx: &mut Tx, places: &Places, new: &[Fact]) -> Result {
    let levels =
        rows!(new, Fact::Level { n, who, by, reports_to, days } => (*n, *who, *by, *reports_to, *days));
    let into = "person_levels (id, person_id, position, level, from_date, domain, reports_to, recorded_by, recorded_at)";
    insert_all(tx, into, &levels, |query, (n, who, by, reports_to, days)| {
        query
            .bind(places.level(*n))
            .bind(places.person(*who))
            .bind(1_000 * i64::from(*n))
            .bind("E1".to_owned())
            .bind(places.ago(*days))
            .bind(marker("level", *n, "domain"))
            .bind(reports_to.map(|to| places.person(to)))
            .bind(by.map(|by| places.person(by)))
            .bind(places.at)
    })
    .await?;
    let reached = rows!(new, Fact::Reached { n, who, by, days } => (*n, *who, *by, *days));
    let into = "milestones (id, person_id, on_date, what, recorded_by, recorded_at)";
    insert_all(tx, into, &reached, |query, (n, who, by, days)| {
        query
            .bind(places.milestone(*n))
            .bind(places.person(*who))
            .bind(places.ago(*days))
            .bind(marker("milestone", *n, "what"))
            .bind(by.map(|by| places.person(by)))
            .bind(places.at)
    })
    .await
}

async fn write_dossiers(tx: &mut Tx, places: &Places, new: &[Fact]) -> Result {
    let at = places.at;
    let dossiers = rows!(new, Fact::Dossier { of, sharing, aim, shared } => (*of, *sharing, *aim, *shared));
    let into =
        "dossiers (id, owner_account, owner_person, framework, sharing, shared_on, aim, version, created_at)";
    insert_all(tx, into, &dossiers, |query, (of, sharing, aim, shared)| {
        query
            .bind(places.dossier(*of))
            .bind(places.account(*of))
            .bind(places.person(*of))
            .bind("e1-to-e2".to_owned())
            .bind(*sharing)
            .bind((*sharing != Sharing::Private).then(|| places.ago(*shared)))
            .bind(*aim)
            .bind(0_i64)
            .bind(at)
    })
    .await?;
    let leave = rows!(new, Fact::Leave { of, n } => (*of, *n));
    insert_all(
        tx,
        "leave_periods (id, dossier_id, from_date, to_date, created_at)",
        &leave,
        |query, (of, n)| {
            let query = query.bind(places.leave(*n)).bind(places.dossier(*of));
            query.bind(LEAVE).bind(LEAVE).bind(at)
        },
    )
    .await?;
    let planned = rows!(new, Fact::Planned { n, of } => (*n, *of));
    let into = "plan_actions (id, dossier_id, words, due_date, state, created_at)";
    insert_all(tx, into, &planned, |query, (n, of)| {
        let query = query.bind(places.plan(*n)).bind(places.dossier(*of)).bind(marker("plan", *n, "words"));
        query.bind(places.today).bind("planned".to_owned()).bind(at)
    })
    .await?;
    let into = "path_conversations (id, dossier_id, on_date, with_whom, notes, next_steps, created_at)";
    insert_all(tx, into, &planned, |query, (n, of)| {
        let text = |field| marker("conversation", *n, field);
        let query = query.bind(places.plan(*n)).bind(places.dossier(*of)).bind(places.today);
        query.bind(text("with")).bind(text("notes")).bind(text("steps")).bind(at)
    })
    .await?;
    let offered = rows!(new, Fact::Offered { n, to, by } => (*n, *to, *by));
    let into = "opportunities (id, kind, on_date, what, offered_to, withdrawn, revision, recorded_by, created_at, updated_at)";
    insert_all(tx, into, &offered, |query, (n, to, by)| {
        let query = query.bind(places.opportunity(*n)).bind("customer".to_owned()).bind(places.today);
        let query =
            query.bind(marker("opportunity", *n, "what")).bind(places.person(*to)).bind(false).bind(1_i64);
        query.bind(places.account(*by)).bind(at).bind(at)
    })
    .await?;
    let checked = rows!(new, Fact::CheckedIn { n, of, days, included } => (*n, *of, *days, *included));
    let into = "check_ins (id, dossier_id, kind, person_id, position, on_date, included, created_at)";
    insert_all(tx, into, &checked, |query, (n, of, days, included)| {
        query
            .bind(places.check_in(*n))
            .bind(places.dossier(*of))
            .bind(CheckInKind::SelfAssessment)
            .bind(places.person(*of))
            .bind(i64::from(*n))
            .bind(places.ago(*days))
            .bind(*included)
            .bind(at)
    })
    .await
}
