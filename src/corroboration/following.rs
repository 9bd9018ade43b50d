//! What follows on a change of an entry, or of how its dossier is shared: what is no longer asked leaves the inboxes, and who
//! said what an edit supersedes is told.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::durability::LASTING;
use super::superseding;
use crate::audit::Change;
use crate::db::{Result, Tx, placeholders, some_at_once};
use crate::evidence::telling::{Among, EntryChanged};
use crate::notices::{self, Kind};

/// Brings what is asked in line with entries as they stand now: registered in the crate's root with [`crate::evidence`],
/// which comes before this.
pub async fn follow(change: &mut Change<'_>, changed: EntryChanged<'_>) -> Result<()> {
    follow_requests(change, changed.among).await?;
    follow_durability(change, changed.among).await?;
    follow_superseded(change, changed.among).await?;
    superseding::tell(change, changed).await
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
