//! Who is told of an entry by itself: those whom it names, once others can read it. Every change of an entry that was
//! published, and of a dossier's sharing and aim, ends here; what else follows is registered in the crate's root by the
//! features that are built on this one.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::pin::Pin;

use uuid::Uuid;

use super::recusals;
use super::superseding::Loss;
use super::visibility::TELLS_NAMED;
use crate::audit::Change;
use crate::db::{Query, Result, Tx, insert_all, placeholders, some_at_once};
use crate::notices::{self, Kind, Notice};

/// Somebody with an account whom an entry names, who has not answered yet.
#[derive(sqlx::FromRow)]
struct Untold {
    entry_id: Uuid,
    person_id: Uuid,
    account_id: Uuid,
    owner_person: Uuid,
}

/// Which entries are looked at. Each has a statement of its own, so that the engine can go straight to them.
#[derive(Clone, Copy, Debug)]
pub enum Among {
    /// All.
    All,
    /// Those of a dossier.
    Dossier(Uuid),
    /// One.
    Entry(Uuid),
}

impl Among {
    /// The condition on the entry `e`, whose value is `$1`.
    pub fn condition(self) -> &'static str {
        match self {
            Among::All => "1 = 1",
            Among::Dossier(_) => "e.dossier_id = $1",
            Among::Entry(_) => "e.id = $1",
        }
    }

    /// Binds `$1`, where the condition has it.
    pub fn bind(self, query: Query<'_>) -> Query<'_> {
        match self {
            Among::All => query,
            Among::Dossier(id) | Among::Entry(id) => query.bind(id),
        }
    }
}

/// Entries of a dossier that changed, or how they are shared.
#[derive(Clone, Copy, Debug)]
pub struct EntryChanged<'c> {
    /// The dossier.
    pub dossier: Uuid,
    /// Which of its entries.
    pub among: Among,
    /// What was said of them and is superseded by it, to be told to who said it.
    pub superseded: &'c [Loss],
}

/// What a feature that is built on evidence does, within the change, when entries changed.
pub type Reaction = for<'c, 'i> fn(
    &'c mut Change<'i>,
    EntryChanged<'c>,
) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'c>>;

/// Brings what people are told and asked in line with a dossier's entries as they stand now, or with one of them, which
/// superseded what it did. The number of statements doesn't grow with that of people or entries.
pub async fn follow(
    change: &mut Change<'_>,
    dossier: Uuid,
    entry: Option<Uuid>,
    superseded: &[Loss],
) -> Result<()> {
    let among = entry.map_or(Among::Dossier(dossier), Among::Entry);
    follow_named(change, dossier, among).await?;
    for react in crate::ENTRY_REACTIONS {
        react(change, EntryChanged { dossier, among, superseded }).await?;
    }
    Ok(())
}

async fn follow_named(change: &mut Change<'_>, dossier: Uuid, among: Among) -> Result<()> {
    let untold = untold(change.tx(), among, "").await?;
    let asked: HashSet<(Uuid, Uuid)> = untold.iter().map(|told| (told.entry_id, told.person_id)).collect();
    let sql = format!(
        "select n.id, n.entry_id, n.person_id from namings n join entries e on e.id = n.entry_id where {}",
        among.condition()
    );
    let namings: Vec<(Uuid, Uuid, Uuid)> = among.bind(change.tx().query_built(sql)).all().await?;
    let closed: Vec<Uuid> = namings
        .into_iter()
        .filter(|(_, entry, person)| !asked.contains(&(*entry, *person)))
        .map(|(id, ..)| id)
        .collect();
    notices::settle_all(change, &[Kind::Named], &closed).await?;
    let told = told_without_account(change.tx(), among).await?;
    let silent: Vec<Uuid> = closed.into_iter().filter(|id| !told.contains(id)).collect();
    notices::recall_all(change, &silent).await?;
    recusals::follow(change, dossier, among).await?;
    tell(change, untold).await
}

/// Tells those who came to know of nothing yet, because they had no account when an entry came to name them. Returns
/// how many.
pub async fn catch_up(change: &mut Change<'_>) -> Result<usize> {
    let untold = untold(
        change.tx(),
        Among::All,
        " and a.created_at > e.updated_at and not exists (select 1 from notices o join namings t on t.id = o.about \
         where t.entry_id = n.entry_id and t.person_id = n.person_id and o.account_id = a.id)",
    )
    .await?;
    let number = untold.len();
    tell(change, untold).await?;
    Ok(number)
}

/// The naming of somebody in an entry, made when there is none. Of two who turned out to be one person, the first.
pub async fn naming(change: &mut Change<'_>, entry: Uuid, person: Uuid) -> Result<Uuid> {
    let found: Option<(Uuid,)> = change
        .tx()
        .query("select id from namings where entry_id = $1 and person_id = $2 order by told_at, id limit 1")
        .bind(entry)
        .bind(person)
        .optional()
        .await?;
    if let Some((id,)) = found {
        return Ok(id);
    }
    let (new, at) = (change.new_id(), change.at());
    change
        .tx()
        .query("insert into namings (id, entry_id, person_id, told_at) values ($1, $2, $3, $4)")
        .bind(new)
        .bind(entry)
        .bind(person)
        .bind(at)
        .run_expecting(1)
        .await?;
    Ok(new)
}

async fn tell(change: &mut Change<'_>, untold: Vec<Untold>) -> Result<()> {
    let mut entries: Vec<Uuid> = untold.iter().map(|told| told.entry_id).collect();
    entries.dedup();
    let mut namings: HashMap<(Uuid, Uuid), Uuid> = HashMap::new();
    for some in some_at_once(&entries) {
        let list = placeholders(1, some.len());
        let sql = format!(
            "select id, entry_id, person_id from namings where entry_id in ({list}) order by told_at desc, id desc"
        );
        let rows: Vec<(Uuid, Uuid, Uuid)> =
            change.tx().query_built(sql).bind_all(some.iter().copied()).all().await?;
        // Of two who turned out to be one person, the first stays, as in `naming`.
        namings.extend(rows.into_iter().map(|(id, entry, person)| ((entry, person), id)));
    }
    let at = change.at();
    let mut new = Vec::new();
    for told in &untold {
        let key = (told.entry_id, told.person_id);
        if let Entry::Vacant(place) = namings.entry(key) {
            new.push((*place.insert(change.new_id()), key));
        }
    }
    let columns = "namings (id, entry_id, person_id, told_at)";
    insert_all(change.tx(), columns, &new, |query, (id, (entry, person))| {
        query.bind(*id).bind(*entry).bind(*person).bind(at)
    })
    .await?;
    let notice = |told: Untold| {
        let about = namings.get(&(told.entry_id, told.person_id)).copied().unwrap_or_default();
        let path = format!("/named?naming={about}#naming-{about}");
        Notice { to: told.account_id, kind: Kind::Named, about, by: Some(told.owner_person), path }
    };
    notices::tell_all(change, untold.into_iter().map(notice).collect()).await
}

/// Whom the entries of a dossier, or one, or all name and have not heard from, of those who have an account and for whom
/// a further condition holds.
async fn untold(tx: &mut Tx, among: Among, further: &'static str) -> Result<Vec<Untold>> {
    let is_cto = "exists (select 1 from account_roles ar where ar.account_id = a.id and ar.role = 'cto')";
    let tells = TELLS_NAMED.replace("$1", "n.person_id").replace("$2", is_cto);
    let sql = format!(
        "select distinct n.entry_id, n.person_id, a.id as account_id, d.owner_person from entry_people n \
         join entries e on e.id = n.entry_id join dossiers d on d.id = e.dossier_id \
         join accounts a on a.person_id = n.person_id and a.disabled_at is null \
         where n.answer is null and {tells} and {}{further} \
         order by n.entry_id, n.person_id",
        among.condition()
    );
    among.bind(tx.query_built(sql)).all().await
}

/// The namings of a dossier's entries, or of one, that are still told to somebody without an account.
async fn told_without_account(tx: &mut Tx, among: Among) -> Result<HashSet<Uuid>> {
    let tells = TELLS_NAMED.replace("$1", "t.person_id").replace("$2", "false");
    let sql = format!(
        "select t.id from namings t join entries e on e.id = t.entry_id join dossiers d on d.id = e.dossier_id \
         where {tells} and {} and exists (select 1 from entry_people n \
         where n.entry_id = t.entry_id and n.person_id = t.person_id)",
        among.condition()
    );
    let rows: Vec<(Uuid,)> = among.bind(tx.query_built(sql)).all().await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
