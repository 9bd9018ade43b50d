//! The rows of people, their levels and milestones.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::visibility::{Viewer, added};
use super::{MilestoneKind, Organization, Standing};
use crate::db::{Result, Tx, placeholders, some_at_once};

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
    /// Its id.
    pub id: Uuid,
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
    /// Who recorded it; none when an admin did.
    pub recorded_by: Option<Uuid>,
    /// The name of who recorded it: the person, the viewer, a CTO or an admin. None of an admin for the company, and of a
    /// candidate: that would tell whose evidence the person comes from.
    pub recorded_by_name: Option<String>,
    /// Whether an admin recorded it.
    pub by_admin: bool,
    /// Whether it is a candidate's word about somebody else, which counts for nothing in that candidate's dossier.
    pub claimed: bool,
}

/// Something that a leader reached.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Milestone {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub person_id: Uuid,
    /// When.
    pub on_date: NaiveDate,
    /// What kind it is of; none where there are words alone.
    pub kind: Option<MilestoneKind>,
    /// What, in a sentence.
    pub what: String,
    /// Who recorded it; none when an admin did.
    pub recorded_by: Option<Uuid>,
    /// Their name, if known to the viewer.
    pub recorded_by_name: Option<String>,
    /// The milestone in whose place this one stands.
    pub corrects: Option<Uuid>,
    /// Whether it happened; a correction may say that it did not.
    pub happened: bool,
    /// Whether a later one stands in its place.
    pub corrected: bool,
}

impl Milestone {
    /// Whether it counts.
    pub fn stands(&self) -> bool {
        self.happened && !self.corrected
    }

    /// What was reached, in words: `Board exposure: ran the Q3 review`.
    pub fn title(&self) -> String {
        match self.kind.filter(|kind| *kind != MilestoneKind::Other).map(MilestoneKind::title) {
            Some(kind) if self.what.is_empty() || self.what == kind => kind.to_owned(),
            Some(kind) => format!("{kind}: {}", self.what),
            None => self.what.clone(),
        }
    }
}

/// A milestone to record.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct NewMilestone {
    /// When.
    pub on: NaiveDate,
    /// What kind it is of; none where there are words alone.
    pub kind: Option<MilestoneKind>,
    /// What, in a sentence.
    pub what: String,
    /// The milestone in whose place it stands.
    pub corrects: Option<Uuid>,
    /// False to say that what it corrects did not happen.
    pub happened: bool,
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

/// How many people an account has added since then.
pub async fn added_since(tx: &mut Tx, account: Uuid, since: DateTime<Utc>) -> Result<i64> {
    let (added,): (i64,) = tx
        .query("select count(*) from people where added_by = $1 and created_at >= $2")
        .bind(account)
        .bind(since)
        .one()
        .await?;
    Ok(added)
}

/// Whether all of these are people who were not merged into others.
pub async fn are_all_there(tx: &mut Tx, ids: &[Uuid]) -> Result<bool> {
    for some in some_at_once(ids) {
        let list = placeholders(1, some.len());
        let sql = format!("select count(*) from people where merged_into is null and id in ({list})");
        let (there,): (i64,) = tx.query_built(sql).bind_all(some.iter().copied()).one().await?;
        if usize::try_from(there) != Ok(some.len()) {
            return Ok(false);
        }
    }
    Ok(true)
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
    new: &NewMilestone,
    recorded_by: Option<Uuid>,
    at: DateTime<Utc>,
) -> Result<()> {
    tx.query(
        "insert into milestones (id, person_id, on_date, kind, what, corrects, happened, recorded_by, recorded_at) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(id)
    .bind(person)
    .bind(new.on)
    .bind(new.kind)
    .bind(new.what.clone())
    .bind(new.corrects)
    .bind(new.happened)
    .bind(recorded_by)
    .bind(at)
    .run_expecting(1)
    .await
}

/// Keeps others from giving a person an account until the transaction ends.
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

/// Everybody's name: for an admin, who knows of everybody.
pub async fn names(tx: &mut Tx) -> Result<Vec<String>> {
    let names: Vec<(String,)> = tx
        .query("select p.name from people p where p.merged_into is null order by p.name, p.id")
        .all()
        .await?;
    Ok(names.into_iter().map(|(name,)| name).collect())
}

/// Everybody without an account, by name: for an admin, who knows of everybody.
pub async fn without_account(tx: &mut Tx) -> Result<Vec<Person>> {
    tx.query(
        "select p.id, p.name, p.organization, p.works_at from people p \
         where p.merged_into is null and not exists (select 1 from accounts a where a.person_id = p.id) \
         order by p.name, p.id",
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

/// What decides whether the viewer may know of a person and record things about them. None for somebody who turned out
/// to be another.
pub async fn standing(tx: &mut Tx, viewer: Viewer, id: Uuid) -> Result<Option<Standing>> {
    let sql = format!(
        "select {} as added, {} as known, exists (select 1 from accounts a where a.person_id = p.id) as account \
         from people p where p.id = $3 and p.merged_into is null",
        added("p"),
        viewer.told_of("p")
    );
    let query = tx.query_built(sql).bind(viewer.account).bind(viewer.person).bind(id);
    query.optional().await
}

/// Whether there is such a person, who did not turn out to be another: for an admin, who knows of everybody.
pub async fn exists(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let found: Option<(Uuid,)> =
        tx.query("select id from people where id = $1 and merged_into is null").bind(id).optional().await?;
    Ok(found.is_some())
}

/// Whether a candidate added somebody, or another who turned out to be them: for an admin, who knows of everybody.
pub async fn added_by_candidate(tx: &mut Tx, id: Uuid) -> Result<bool> {
    let (added,): (bool,) = tx
        .query("select exists (select 1 from people where (id = $1 or merged_into = $1) and added_by is not null)")
        .bind(id)
        .one()
        .await?;
    Ok(added)
}

/// Somebody's name, whoever asks: for an admin, who knows of everybody.
pub async fn name(tx: &mut Tx, id: Uuid) -> Result<String> {
    let (name,): (String,) = tx.query("select name from people where id = $1").bind(id).one().await?;
    Ok(name)
}

/// Who somebody turned out to be.
pub async fn turned_out_to_be(tx: &mut Tx, id: Uuid) -> Result<Option<Uuid>> {
    let found: Option<(Option<Uuid>,)> =
        tx.query("select merged_into from people where id = $1").bind(id).optional().await?;
    Ok(found.and_then(|(other,)| other))
}

/// Whether the recorder of the level `l` is a candidate, who can't vouch for others, and neither a CTO nor an admin.
const CLAIMED: &str = "(l.recorded_by is not null and l.recorded_by <> l.person_id and exists (select 1 from accounts ca \
     join account_roles cr on cr.account_id = ca.id where ca.person_id = l.recorded_by and cr.role = 'candidate') \
     and not exists (select 1 from accounts ca join account_roles cr on cr.account_id = ca.id \
     where ca.person_id = l.recorded_by and cr.role in ('cto', 'admin')))";

/// Whether the viewer is told who recorded the level `l`.
const SIGNED: &str = "(l.recorded_by = l.person_id or l.recorded_by = $2 or exists (select 1 from accounts sa \
     join account_roles sr on sr.account_id = sa.id where sa.person_id = l.recorded_by and sr.role in ('cto', 'admin')))";

/// The levels of these people, each person's latest first; of one date, the later recorded first. Names are given as
/// far as the viewer may know of their bearers.
pub async fn levels(tx: &mut Tx, viewer: Viewer, people: &[Uuid]) -> Result<Vec<LevelEntry>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select l.id, l.person_id, l.position, l.level, l.from_date, l.domain, r.id as reports_to, \
         r.name as reports_to_name, l.recorded_by, b.name as recorded_by_name, l.recorded_by is null as by_admin, \
         {CLAIMED} as claimed from person_levels l \
         left join people r on r.id = l.reports_to and {} \
         left join people b on b.id = l.recorded_by and {SIGNED} and {} \
         where l.person_id in ({}) order by l.person_id, l.from_date desc, l.position desc",
        viewer.knows("r"),
        viewer.knows("b"),
        placeholders(4, people.len())
    );
    viewer.bind(tx.query_built(sql)).bind_all(people.iter().copied()).all().await
}

/// The level that holds of a person on a day, if one is recorded.
pub async fn level_on(tx: &mut Tx, person: Uuid, day: NaiveDate) -> Result<Option<NewLevel>> {
    type Row = (String, NaiveDate, Option<String>, Option<Uuid>);
    let found: Option<Row> = tx
        .query(
            "select level, from_date, domain, reports_to from person_levels where person_id = $1 and from_date <= $2 \
             order by from_date desc, position desc limit 1",
        )
        .bind(person)
        .bind(day)
        .optional()
        .await?;
    Ok(found.map(|(level, from, domain, reports_to)| NewLevel { level, from, domain, reports_to }))
}

/// Whose a level is, with all that it says.
pub async fn level(tx: &mut Tx, id: Uuid) -> Result<Option<(Uuid, Option<Uuid>, NewLevel)>> {
    type Row = (Uuid, Option<Uuid>, String, NaiveDate, Option<String>, Option<Uuid>);
    let found: Option<Row> = tx
        .query(
            "select person_id, recorded_by, level, from_date, domain, reports_to from person_levels where id = $1",
        )
        .bind(id)
        .optional()
        .await?;
    Ok(found.map(|(person, by, level, from, domain, reports_to)| {
        (person, by, NewLevel { level, from, domain, reports_to })
    }))
}

/// The milestones of these people that the viewer may read, each person's latest first.
pub async fn milestones(tx: &mut Tx, viewer: Viewer, people: &[Uuid]) -> Result<Vec<Milestone>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let of_these = format!("m.person_id in ({})", placeholders(4, people.len()));
    let sql = readable_milestones(viewer, &of_these);
    viewer.bind(tx.query_built(sql)).bind_all(people.iter().copied()).all().await
}

/// One milestone, if the viewer may know of its person and read it.
pub async fn milestone(tx: &mut Tx, viewer: Viewer, id: Uuid) -> Result<Option<Milestone>> {
    let known = format!(
        "m.id = $4 and exists (select 1 from people p where p.id = m.person_id and {})",
        viewer.knows("p")
    );
    viewer.bind(tx.query_built(readable_milestones(viewer, &known))).bind(id).optional().await
}

fn readable_milestones(viewer: Viewer, condition: &str) -> String {
    format!(
        "select m.id, m.person_id, m.on_date, m.kind, m.what, m.recorded_by, b.name as recorded_by_name, m.corrects, \
         m.happened, exists (select 1 from milestones mc where mc.corrects = m.id) as corrected from milestones m \
         left join people b on b.id = m.recorded_by and {} where {condition} and {} \
         order by m.person_id, m.on_date desc, m.id desc",
        viewer.knows("b"),
        viewer.reads_milestone("m")
    )
}
