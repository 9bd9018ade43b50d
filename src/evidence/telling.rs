//! Who is told of an entry by itself: those whom it names, once others can read it. And what is no longer asked leaves
//! the inboxes. Every change of an entry that was published, and of a dossier's sharing and aim, ends here.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::visibility::TELLS_NAMED;
use super::{dossiers, recusals};
use crate::accounts;
use crate::audit::{Change, Event};
use crate::db::{Query, Result, Tx, insert_all, placeholders, some_at_once};
use crate::jobs::{Job, Outcome, Queue, Run};
use crate::notices::{self, Kind, Notice};

/// The criterion whose entries claim that a solution lasts: asked about again after six and twelve months.
pub const LASTING: &str = "cross-domain-leadership/lasting-conflict-resolution";

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
    pub(super) fn condition(self) -> &'static str {
        match self {
            Among::All => "1 = 1",
            Among::Dossier(_) => "e.dossier_id = $1",
            Among::Entry(_) => "e.id = $1",
        }
    }

    pub(super) fn bind(self, query: Query<'_>) -> Query<'_> {
        match self {
            Among::All => query,
            Among::Dossier(id) | Among::Entry(id) => query.bind(id),
        }
    }
}

/// Brings what people are told and asked in line with a dossier's entries as they stand now, or with one of them. The
/// number of statements doesn't grow with that of people or entries.
pub async fn follow(change: &mut Change<'_>, dossier: Uuid, entry: Option<Uuid>) -> Result<()> {
    let among = entry.map_or(Among::Dossier(dossier), Among::Entry);
    follow_requests(change, among).await?;
    follow_durability(change, among).await?;
    follow_superseded(change, among).await?;
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

/// Takes back what was asked about entries that nobody can be asked about any more: withdrawn, or for CTOs alone where
/// somebody else was asked.
async fn follow_requests(change: &mut Change<'_>, among: Among) -> Result<()> {
    let sql = format!(
        "select r.id from requests r join entries e on e.id = r.entry_id where {} \
         and r.closed_at is null and (e.status <> 'final' or (e.audience = 'cto' \
         and not exists (select 1 from accounts a join account_roles ar on ar.account_id = a.id \
         where a.person_id = r.person_id and ar.role = 'cto')))",
        among.condition()
    );
    let gone: Vec<(Uuid,)> = among.bind(change.tx().query_built(sql)).all().await?;
    close_requests(change, &gone.into_iter().map(|(id,)| id).collect::<Vec<_>>()).await
}

/// Takes requests back: they can't be answered from now on, and leave inboxes and the post.
pub async fn close_requests(change: &mut Change<'_>, requests: &[Uuid]) -> Result<()> {
    let at = change.at();
    close(change.tx(), "requests", requests, at).await?;
    notices::settle_all(change, &[Kind::Corroboration, Kind::Durability], requests).await?;
    notices::recall_all(change, requests).await
}

/// Lets be what would be asked after months about entries that no longer claim to last; who stays at E1 by choice is
/// only not reminded.
async fn follow_durability(change: &mut Change<'_>, among: Among) -> Result<()> {
    let sql = format!(
        "select x.id, e.status = 'final' and exists (select 1 from entry_criteria k where k.entry_id = e.id \
         and k.criterion = $2), d.aim = 'e1-by-choice' from durability x join entries e on e.id = x.entry_id \
         join dossiers d on d.id = e.dossier_id where {} and x.closed_at is null",
        among.condition()
    );
    let open: Vec<(Uuid, bool, bool)> = among.bind(change.tx().query_built(sql)).bind(LASTING).all().await?;
    let (claimed, gone): (Vec<_>, Vec<_>) = open.into_iter().partition(|(_, claimed, _)| *claimed);
    close_moments(change, &gone.into_iter().map(|(id, ..)| id).collect::<Vec<_>>()).await?;
    let by_choice: Vec<Uuid> =
        claimed.into_iter().filter(|(.., by_choice)| *by_choice).map(|(id, ..)| id).collect();
    notices::settle_all(change, &[Kind::HoldsDue], &by_choice).await
}

/// Lets be what was told of words that a material edit superseded, where whoever gave them can't give them anew: the entry was
/// withdrawn, CTOs read of the dossier no longer, or what was asked was taken back.
async fn follow_superseded(change: &mut Change<'_>, among: Among) -> Result<()> {
    let sql = format!(
        "select n.id from notices n join entries e on e.id = n.about join dossiers d on d.id = e.dossier_id \
         join accounts a on a.id = n.account_id where {} and n.kind = $2 and n.settled_at is null \
         and (e.status <> 'final' or (n.case_id is not null and (d.sharing = 'private' or d.aim = 'e1-by-choice')) \
         or (n.case_id is null and not exists (select 1 from requests r where r.entry_id = e.id \
         and r.person_id = a.person_id and r.closed_at is null)))",
        among.condition()
    );
    let gone: Vec<(Uuid,)> = among.bind(change.tx().query_built(sql)).bind(Kind::Superseded).all().await?;
    notices::settle_these(change, &gone.into_iter().map(|(id,)| id).collect::<Vec<_>>()).await
}

/// Ends offers to ask whether a solution holds.
pub async fn close_moments(change: &mut Change<'_>, moments: &[Uuid]) -> Result<()> {
    let at = change.at();
    close(change.tx(), "durability", moments, at).await?;
    notices::settle_all(change, &[Kind::HoldsDue], moments).await
}

async fn close(tx: &mut Tx, table: &str, ids: &[Uuid], at: DateTime<Utc>) -> Result<()> {
    for some in some_at_once(ids) {
        let list = placeholders(2, some.len());
        let sql = format!("update {table} set closed_at = $1 where id in ({list})");
        let expected = u64::try_from(some.len()).unwrap_or(u64::MAX);
        tx.query_built(sql).bind(at).bind_all(some.iter().copied()).run_expecting(expected).await?;
    }
    Ok(())
}

/// Tells somebody who has an account what they are asked by now, and in which entries they are named.
pub async fn tell_person(change: &mut Change<'_>, person: Uuid) -> Result<()> {
    let dossiers: Vec<(Uuid,)> = change
        .tx()
        .query(
            "select distinct e.dossier_id from entries e join entry_people n on n.entry_id = e.id \
             where n.person_id = $1 and e.status = 'final' order by e.dossier_id",
        )
        .bind(person)
        .all()
        .await?;
    // As everybody does who edits, and in one order: what the entries say stays as it is while it is followed.
    for (dossier,) in &dossiers {
        dossiers::lock(change.tx(), *dossier).await?;
    }
    let open: Vec<(Uuid, String, Uuid, Uuid)> = change
        .tx()
        .query(
            "select r.id, r.question, a.id, b.person_id from requests r join accounts a on a.person_id = r.person_id \
             join accounts b on b.id = r.asked_by \
             where r.person_id = $1 and r.answered_at is null and r.closed_at is null and a.disabled_at is null",
        )
        .bind(person)
        .all()
        .await?;
    for (id, question, to, by) in open {
        let kind = if question == "holds" { Kind::Durability } else { Kind::Corroboration };
        let notice = Notice { to, kind, about: id, by: Some(by), path: format!("/requests/{id}") };
        notices::tell(change, notice).await?;
    }
    for (dossier,) in dossiers {
        follow(change, dossier, None).await?;
    }
    Ok(())
}

/// As [`tell_person`], for whose account it is that was added or enabled again. Doing it twice changes nothing more.
pub struct CatchUp;

impl Job for CatchUp {
    const NAME: &'static str = accounts::actions::CATCH_UP;
    const QUEUE: Queue = Queue::Chores;
    type Payload = ();

    async fn run(Run { instance, job, .. }: Run, (): ()) -> crate::error::Result<Outcome> {
        let mut change = Change::begin(&instance, job.origin()).await?;
        let found = match job.about {
            Some(account) => accounts::store::find(change.tx(), account).await?,
            None => None,
        };
        if let Some(found) = found.filter(|found| found.disabled_at.is_none()) {
            tell_person(&mut change, found.person_id).await?;
            change.note(Event::AccountCaughtUp, Some(found.id), &());
            change.commit().await?;
        }
        Ok(Outcome::Done)
    }
}
