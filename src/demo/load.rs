//! Writes a demo's company to a database: people and accounts first, then dossiers as they are made.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::json;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::rows::{DossierRows, Known};
use super::{Company, DemoDossier, DemoPerson};
use super::{asked, development, insert, sittings};
use crate::accounts::Role;
use crate::accounts::demo::{self, DemoMark};
use crate::audit::{Change, Event, Origin};
use crate::db::{Tx, insert_all};
use crate::error::Result;
use crate::evidence::recusals;
use crate::evidence::telling::Among;
use crate::ids::Ids;
use crate::instance::Instance;

/// How many dossiers are written in one transaction.
const TOGETHER: usize = 20;

/// Writes a company to an empty database, and calls `written` with the number of dossiers as they are done. Returns the
/// mark as it was set.
///
/// # Errors
/// When the database refuses; what was written then is marked as incomplete.
pub async fn load(
    instance: &Instance,
    company: Arc<Company<'static>>,
    mut mark: DemoMark,
    written: impl Fn(usize),
) -> Result<DemoMark> {
    let known = write_people(instance, &company, &mut mark).await?;
    let known = Arc::new(known);
    // One thread makes dossiers and their rows while this one writes them.
    let (send, mut made) = mpsc::channel::<Vec<DossierRows>>(4);
    let maker = tokio::task::spawn_blocking({
        let (known, company, ids) = (Arc::clone(&known), Arc::clone(&company), instance.ids.clone());
        move || {
            let places: Vec<usize> = (0..company.len()).collect();
            for places in places.chunks(TOGETHER) {
                let dossiers: Vec<DemoDossier> = places.iter().map(|place| company.dossier(*place)).collect();
                let rows =
                    dossiers.iter().map(|dossier| DossierRows::of(dossier, &company, &known, &ids)).collect();
                if send.blocking_send(rows).is_err() {
                    return;
                }
            }
        }
    });
    let mut done = 0;
    while let Some(rows) = made.recv().await {
        let mut change = Change::begin(instance, Origin::CommandLine).await?;
        done += rows.len();
        let ids = rows.iter().map(DossierRows::id).collect::<Vec<_>>();
        insert::insert(&rows, change.tx()).await?;
        change.record(Event::DemoDossiersWritten, None, &ids);
        change.commit().await?;
        written(done);
    }
    maker.await.map_err(anyhow::Error::from)?;
    asked::write(instance, &company, &known).await?;
    let mut change = Change::begin(instance, Origin::CommandLine).await?;
    let cto = mark.visitors[&Role::Cto];
    let sittings = sittings::write(change.tx(), &company, &instance.ids, cto).await?;
    change.record(Event::DemoSittingsWritten, None, &sittings);
    let at = change.at();
    recusals::refill(change.tx(), Among::All, at).await?;
    development::write(&mut change, &company, mark.visitors[&Role::Candidate]).await?;
    mark.complete = true;
    demo::set_mark(change.tx(), &mark).await?;
    change.record(Event::DemoCompleted, None, &mark);
    // Until its own housekeeping comes by, PostgreSQL would plan as if the tables were still empty.
    if let Some(analyze) = change.tx().either(None, Some("analyze")) {
        change.tx().query(analyze).run().await?;
    }
    change.commit().await?;
    Ok(mark)
}

/// Midday of a day: when something happened of which only the day is known.
pub(super) fn midday(day: NaiveDate) -> DateTime<Utc> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    day.and_time(noon).and_utc()
}

async fn write_people(instance: &Instance, company: &Company<'_>, mark: &mut DemoMark) -> Result<Known> {
    let people = &company.people;
    let accounts: HashMap<usize, Uuid> = (0..people.len())
        .filter(|place| people[*place].account.is_some())
        .map(|place| (place, instance.ids.new_id(people[place].created)))
        .collect();
    let visitors = company.visitors;
    mark.visitors = BTreeMap::from([
        (Role::Candidate, accounts[&visitors.candidate]),
        (Role::Cto, accounts[&visitors.cto]),
        (Role::Committee, accounts[&visitors.committee]),
        (Role::Admin, accounts[&visitors.admin]),
    ]);

    let mut change = Change::begin(instance, Origin::CommandLine).await?;
    demo::set_mark(change.tx(), mark).await?;
    let tx = change.tx();
    insert_all(
        tx,
        "people (id, name, organization, works_at, added_by, created_at)",
        people,
        |query, person| {
            let added_by = added_by(person, people).and_then(|place| accounts.get(&place).copied());
            query
                .bind(person.id)
                .bind(person.name.clone())
                .bind(person.organization)
                .bind(person.employer.clone())
                .bind(added_by)
                .bind(person.created)
        },
    )
    .await?;
    write_histories(tx, people, &instance.ids).await?;
    let with_account: Vec<_> = people
        .iter()
        .enumerate()
        .filter_map(|(place, person)| Some((accounts.get(&place)?, person, person.account.as_ref()?)))
        .collect();
    insert_all(
        tx,
        "accounts (id, email, person_id, created_at)",
        &with_account,
        |query, (id, person, account)| {
            query.bind(**id).bind(account.email.clone()).bind(person.id).bind(person.created)
        },
    )
    .await?;
    let roles: Vec<_> = with_account
        .iter()
        .flat_map(|(id, _, account)| account.roles.iter().map(move |role| (**id, *role)))
        .collect();
    insert_all(tx, "account_roles (account_id, role)", &roles, |query, (id, role)| {
        query.bind(*id).bind(*role)
    })
    .await?;
    change.record(Event::DemoPeopleWritten, None, &json!({"people": people.len(), "made_from": mark}));
    change.commit().await?;
    Ok(Known::new(people, accounts))
}

/// People's levels and milestones.
async fn write_histories(tx: &mut Tx, people: &[DemoPerson], ids: &Ids) -> Result<()> {
    let id_of = |place: usize| people[place].id;
    let levels: Vec<_> = people
        .iter()
        .flat_map(|person| {
            person.levels.iter().zip(0_i64..).map(move |(level, position)| (person, level, position))
        })
        .collect();
    insert_all(
        tx,
        "person_levels (id, person_id, position, level, from_date, domain, reports_to, recorded_by, recorded_at)",
        &levels,
        |query, (person, level, position)| {
            let recorded_at = midday(level.from);
            query
                .bind(ids.new_id(recorded_at))
                .bind(person.id)
                .bind(*position)
                .bind(level.level.clone())
                .bind(level.from)
                .bind(level.domain.clone())
                .bind(level.reports_to.map(id_of))
                .bind(level.by.map(id_of))
                .bind(recorded_at)
        },
    )
    .await?;
    let milestones: Vec<_> = people
        .iter()
        .flat_map(|person| person.milestones.iter().map(move |milestone| (person, milestone)))
        .collect();
    insert_all(
        tx,
        "milestones (id, person_id, on_date, kind, what, recorded_by, recorded_at)",
        &milestones,
        |query, (person, milestone)| {
            let recorded_at = midday(milestone.on);
            query
                .bind(ids.new_id(recorded_at))
                .bind(person.id)
                .bind(milestone.on)
                .bind(milestone.kind)
                .bind(milestone.what.clone())
                .bind(milestone.by.map(id_of))
                .bind(recorded_at)
        },
    )
    .await?;
    Ok(())
}

/// The candidate who added a person, going by who recorded their first level.
fn added_by(person: &DemoPerson, people: &[DemoPerson]) -> Option<usize> {
    let by = person.levels.first()?.by?;
    let recorder = &people[by];
    let is_candidate =
        recorder.account.as_ref().is_some_and(|account| account.roles.contains(&Role::Candidate));
    (is_candidate && recorder.id != person.id && person.account.is_none()).then_some(by)
}
