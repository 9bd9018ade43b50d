//! The rows of people, their levels and milestones.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::visibility::{Viewer, known_to_all};
use super::{Organization, Standing};
use crate::db::{Result, Tx, placeholders};

/// A leader.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Person {
    /// Their id.
    pub id: Uuid,
    /// Their full name.
    pub name: String,
    /// Inside the company or not.
    pub organization: Organization,
    /// Where somebody external works, in words.
    pub works_at: Option<String>,
}

/// From a day on, somebody's level, domain and reporting line, with the names that the viewer may know.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LevelEntry {
    /// Whose it is.
    pub person_id: Uuid,
    /// Order of recording; of two entries with one date, the later counts.
    pub position: i64,
    /// A level of the framework, or [`super::LEFT`].
    pub level: String,
    /// The first day on which this holds.
    pub from_date: NaiveDate,
    /// The domain, if known.
    pub domain: Option<String>,
    /// Whom they report to, if known, also to the viewer.
    pub reports_to: Option<Uuid>,
    /// That person's name.
    pub reports_to_name: Option<String>,
    /// Who recorded it, if known to the viewer; none when an admin did.
    pub recorded_by_name: Option<String>,
    /// Whether an admin recorded it.
    pub by_admin: bool,
}

/// Something that a leader reached.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Milestone {
    /// When.
    pub on_date: NaiveDate,
    /// What, in a sentence.
    pub what: String,
    /// Who recorded it; none when an admin did.
    pub recorded_by_name: Option<String>,
}

/// A level to record.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct NewLevel {
    /// A level of the framework, or [`super::LEFT`].
    pub level: String,
    /// The first day on which it holds.
    pub from: NaiveDate,
    /// The domain, if known.
    pub domain: Option<String>,
    /// Whom they report to, if known.
    pub reports_to: Option<Uuid>,
}

/// Adds a person; `added_by` is the candidate's account that did, or nobody.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    name: &str,
    organization: Organization,
    works_at: Option<&str>,
    added_by: Option<Uuid>,
    at: DateTime<Utc>,
) -> Result<()> {
    tx.query(
        "insert into people (id, name, organization, works_at, added_by, created_at) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(name.to_owned())
    .bind(organization)
    .bind(works_at.map(str::to_owned))
    .bind(added_by)
    .bind(at)
    .run_expecting(1)
    .await
}

/// Appends to a person's levels; `recorded_by` is who did, or nobody for an admin.
pub async fn insert_level(
    tx: &mut Tx,
    id: Uuid,
    person: Uuid,
    new: &NewLevel,
    recorded_by: Option<Uuid>,
    at: DateTime<Utc>,
) -> Result<()> {
    tx.query(
        "insert into person_levels (id, person_id, position, level, from_date, domain, reports_to, recorded_by, recorded_at) \
         select $1, $2, coalesce(max(position), 0) + 1, $3, $4, $5, $6, $7, $8 from person_levels where person_id = $2",
    )
    .bind(id)
    .bind(person)
    .bind(new.level.clone())
    .bind(new.from)
    .bind(new.domain.clone())
    .bind(new.reports_to)
    .bind(recorded_by)
    .bind(at)
    .run_expecting(1)
    .await
}

/// Adds a milestone; `recorded_by` is who did, or nobody for an admin.
pub async fn insert_milestone(
    tx: &mut Tx,
    id: Uuid,
    person: Uuid,
    on: NaiveDate,
    what: &str,
    recorded_by: Option<Uuid>,
    at: DateTime<Utc>,
) -> Result<()> {
    tx.query(
        "insert into milestones (id, person_id, on_date, what, recorded_by, recorded_at) values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(id)
    .bind(person)
    .bind(on)
    .bind(what.to_owned())
    .bind(recorded_by)
    .bind(at)
    .run_expecting(1)
    .await
}

/// Notes that something changed on which the readiness of several dossiers may rest.
pub async fn touch(tx: &mut Tx) -> Result<()> {
    tx.query("update instance set people_version = people_version + 1 where id = 1").run_expecting(1).await
}

/// Keeps others from appending to a person's levels until the transaction ends, so that positions stay apart.
pub async fn lock(tx: &mut Tx, person: Uuid) -> Result<()> {
    tx.query_either("select id from people where id = $1", "select id from people where id = $1 for update")
        .bind(person)
        .one::<(Uuid,)>()
        .await
        .map(drop)
}

/// Everybody whom the viewer may know of, by name.
pub async fn known(tx: &mut Tx, viewer: Viewer, organization: Option<Organization>) -> Result<Vec<Person>> {
    let within = if organization.is_some() { " and p.organization = $4" } else { "" };
    let sql = format!(
        "select p.id, p.name, p.organization, p.works_at from people p where {}{within} order by p.name, p.id",
        viewer.knows("p")
    );
    let query = viewer.bind(tx.query_built(sql));
    match organization {
        Some(organization) => query.bind(organization).all().await,
        None => query.all().await,
    }
}

/// Everybody without an account, by name: for an admin, who knows of everybody.
pub async fn without_account(tx: &mut Tx) -> Result<Vec<Person>> {
    tx.query(
        "select p.id, p.name, p.organization, p.works_at from people p \
         where not exists (select 1 from accounts a where a.person_id = p.id) order by p.name, p.id",
    )
    .all()
    .await
}

/// One person, if the viewer may know of them.
pub async fn find(tx: &mut Tx, viewer: Viewer, id: Uuid) -> Result<Option<Person>> {
    let sql = format!(
        "select p.id, p.name, p.organization, p.works_at from people p where {} and p.id = $4",
        viewer.knows("p")
    );
    viewer.bind(tx.query_built(sql)).bind(id).optional().await
}

/// What decides who may know of a person and record things about them; `cto` is whether a CTO asks.
pub async fn standing(tx: &mut Tx, id: Uuid, cto: bool) -> Result<Option<Standing>> {
    let sql = format!(
        "select p.added_by, {} as known, \
         exists (select 1 from accounts a where a.person_id = p.id) as account from people p where p.id = $1",
        known_to_all("p", cto)
    );
    tx.query_built(sql).bind(id).optional().await
}

/// The levels of these people, each person's latest first; of one date, the later recorded first. Names are given as
/// far as the viewer may know of their bearers.
pub async fn levels(tx: &mut Tx, viewer: Viewer, people: &[Uuid]) -> Result<Vec<LevelEntry>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select l.person_id, l.position, l.level, l.from_date, l.domain, r.id as reports_to, r.name as reports_to_name, \
         b.name as recorded_by_name, l.recorded_by is null as by_admin \
         from person_levels l \
         left join people r on r.id = l.reports_to and {} \
         left join people b on b.id = l.recorded_by and {} \
         where l.person_id in ({}) order by l.person_id, l.from_date desc, l.position desc",
        viewer.knows("r"),
        viewer.knows("b"),
        placeholders(4, people.len())
    );
    viewer.bind(tx.query_built(sql)).bind_all(people.iter().copied()).all().await
}

/// The milestones of a person that the viewer may read, latest first: all of them for the person and CTOs, those that
/// they recorded for others, and those recorded by admins for an admin.
pub async fn milestones(tx: &mut Tx, viewer: Viewer, cto: bool, person: Uuid) -> Result<Vec<Milestone>> {
    let sql = format!(
        "select m.on_date, m.what, b.name as recorded_by_name from milestones m \
         left join people b on b.id = m.recorded_by and {} \
         where m.person_id = $4 and ($5 or m.person_id = $2 or m.recorded_by = $2 or ($3 and m.recorded_by is null)) \
         order by m.on_date desc, m.id desc",
        viewer.knows("b")
    );
    viewer.bind(tx.query_built(sql)).bind(person).bind(cto).all().await
}
