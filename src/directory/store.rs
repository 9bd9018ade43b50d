//! Which evidence names whom, by what the viewer may read.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::db::{Result, Tx, placeholders};
use crate::evidence::visibility::{READS_ENTRY, Viewer};
use crate::evidence::{NamedAs, Status};

/// An entry that names somebody, once for each role.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct NamedIn {
    /// The entry.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// How far it has come.
    pub status: Status,
    /// Its first day; a draft may have none.
    pub from_date: Option<NaiveDate>,
    /// Whether that was given as a month.
    pub from_is_month: bool,
    /// Whose evidence it is.
    pub owner_name: String,
    /// As what the person is named.
    pub named_as: NamedAs,
}

/// The entries that name a person, newest first.
pub async fn named_in(tx: &mut Tx, viewer: Viewer, person: Uuid) -> Result<Vec<NamedIn>> {
    let sql = format!(
        "select e.id, e.title, e.status, e.from_date, e.from_is_month, o.name as owner_name, n.named_as \
         from entry_people n join entries e on e.id = n.entry_id join dossiers d on d.id = e.dossier_id \
         join people o on o.id = d.owner_person where {READS_ENTRY} and n.person_id = $3 \
         order by e.from_date is null desc, e.from_date desc, e.id desc, n.position, n.named_as"
    );
    viewer.bind(tx.query_built(sql)).bind(person).all().await
}

/// How many entries name each of these people; those whom none names are left out.
pub async fn counts(tx: &mut Tx, viewer: Viewer, people: &[Uuid]) -> Result<Vec<(Uuid, i64)>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select n.person_id, count(distinct e.id) from entry_people n join entries e on e.id = n.entry_id \
         join dossiers d on d.id = e.dossier_id where {READS_ENTRY} and n.person_id in ({}) group by n.person_id",
        placeholders(3, people.len())
    );
    viewer.bind(tx.query_built(sql)).bind_all(people.iter().copied()).all().await
}

/// By how many candidates somebody was developed, as their final, shared evidence says that the viewer may read.
pub async fn claimants(tx: &mut Tx, viewer: Viewer, person: Uuid) -> Result<usize> {
    let sql = format!(
        "select count(distinct d.id) from entry_people n join entries e on e.id = n.entry_id \
         join dossiers d on d.id = e.dossier_id where {READS_ENTRY} and e.status = 'final' and d.sharing <> 'private' \
         and n.named_as = 'developed' and n.person_id = $3 and d.owner_person <> $3"
    );
    let (number,): (i64,) = viewer.bind(tx.query_built(sql)).bind(person).one().await?;
    Ok(usize::try_from(number).unwrap_or_default())
}

/// What somebody was in an entry, within a sentence.
pub(super) fn named_as(named_as: NamedAs) -> &'static str {
    match named_as {
        NamedAs::Developed => "developed",
        NamedAs::Partner => "partner",
        NamedAs::Peer => "peer",
        NamedAs::Sponsor => "sponsor",
        NamedAs::Stakeholder => "stakeholder",
        NamedAs::External => "met outside",
    }
}
