//! Who is told of an entry by itself: those whom it names, once others can read it. And what is no longer asked leaves
//! the inboxes. Every change of an entry that was published, and of a dossier's sharing and aim, ends here.

use uuid::Uuid;

use super::visibility::TELLS_NAMED;
use crate::audit::Change;
use crate::db::{Result, Tx};
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

/// Brings what people are told and asked in line with a dossier's entries as they stand now, or with one of them.
pub async fn follow(change: &mut Change<'_>, dossier: Uuid, entry: Option<Uuid>) -> Result<()> {
    close_requests(change, dossier, entry).await?;
    close_durability(change, dossier, entry).await?;
    let untold = untold(change.tx(), "", Some(dossier), entry).await?;
    let open: Vec<(Uuid, Uuid, Uuid)> = change
        .tx()
        .query(
            "select n.id, n.entry_id, n.person_id from namings n join entries e on e.id = n.entry_id \
             where e.dossier_id = $1 and ($2 or e.id = $3)",
        )
        .bind(dossier)
        .bind(entry.is_none())
        .bind(entry.unwrap_or_default())
        .all()
        .await?;
    for (naming, entry, person) in open {
        if !untold.iter().any(|told| (told.entry_id, told.person_id) == (entry, person)) {
            notices::settle(change, Kind::Named, naming, None).await?;
            if !is_told(change.tx(), entry, person).await? {
                notices::recall(change, naming).await?;
            }
        }
    }
    tell(change, untold).await
}

/// Tells those who came to know of nothing yet, because they had no account when an entry came to name them. Returns
/// how many.
pub async fn catch_up(change: &mut Change<'_>) -> Result<usize> {
    let untold = untold(
        change.tx(),
        " and a.created_at > e.updated_at and not exists (select 1 from notices o join namings t on t.id = o.about \
         where t.entry_id = n.entry_id and t.person_id = n.person_id and o.account_id = a.id)",
        None,
        None,
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
    for told in untold {
        let about = naming(change, told.entry_id, told.person_id).await?;
        let notice = Notice {
            to: told.account_id,
            kind: Kind::Named,
            about,
            by: Some(told.owner_person),
            path: format!("/named#naming-{about}"),
        };
        notices::tell(change, notice).await?;
    }
    Ok(())
}

/// Whom the entries of a dossier, or one, or all name and have not heard from, of those who have an account and for whom
/// a further condition holds.
async fn untold(
    tx: &mut Tx,
    further: &'static str,
    dossier: Option<Uuid>,
    entry: Option<Uuid>,
) -> Result<Vec<Untold>> {
    let is_cto = "exists (select 1 from account_roles ar where ar.account_id = a.id and ar.role = 'cto')";
    let tells = TELLS_NAMED.replace("$1", "n.person_id").replace("$2", is_cto);
    let sql = format!(
        "select distinct n.entry_id, n.person_id, a.id as account_id, d.owner_person from entry_people n \
         join entries e on e.id = n.entry_id join dossiers d on d.id = e.dossier_id \
         join accounts a on a.person_id = n.person_id and a.disabled_at is null \
         where n.answer is null and {tells} and ($1 or d.id = $2) and ($3 or e.id = $4){further} \
         order by n.entry_id, n.person_id"
    );
    tx.query_built(sql)
        .bind(dossier.is_none())
        .bind(dossier.unwrap_or_default())
        .bind(entry.is_none())
        .bind(entry.unwrap_or_default())
        .all()
        .await
}

/// Whether an entry still tells somebody without an account that it names them.
async fn is_told(tx: &mut Tx, entry: Uuid, person: Uuid) -> Result<bool> {
    let sql = format!(
        "select e.id from entry_people n join entries e on e.id = n.entry_id join dossiers d on d.id = e.dossier_id \
         where n.person_id = $1 and {TELLS_NAMED} and e.id = $3"
    );
    let found: Option<(Uuid,)> = tx.query_built(sql).bind(person).bind(false).bind(entry).optional().await?;
    Ok(found.is_some())
}

/// Takes back what was asked about entries that nobody can be asked about any more: withdrawn, or for CTOs alone where
/// somebody else was asked.
async fn close_requests(change: &mut Change<'_>, dossier: Uuid, entry: Option<Uuid>) -> Result<()> {
    let gone: Vec<(Uuid,)> = change
        .tx()
        .query(
            "select r.id from requests r join entries e on e.id = r.entry_id where e.dossier_id = $1 \
             and ($2 or e.id = $3) and r.closed_at is null and (e.status <> 'final' or (e.audience = 'cto' \
             and not exists (select 1 from accounts a join account_roles ar on ar.account_id = a.id \
             where a.person_id = r.person_id and ar.role = 'cto')))",
        )
        .bind(dossier)
        .bind(entry.is_none())
        .bind(entry.unwrap_or_default())
        .all()
        .await?;
    for (request,) in gone {
        close_request(change, request).await?;
    }
    Ok(())
}

/// Takes a request back: it can't be answered from now on, and leaves inboxes and the post.
pub async fn close_request(change: &mut Change<'_>, request: Uuid) -> Result<()> {
    let at = change.at();
    change
        .tx()
        .query("update requests set closed_at = $2 where id = $1")
        .bind(request)
        .bind(at)
        .run_expecting(1)
        .await?;
    for kind in [Kind::Corroboration, Kind::Durability] {
        notices::settle(change, kind, request, None).await?;
    }
    notices::recall(change, request).await
}

/// Lets be what would be asked after months about entries that no longer claim to last; who stays at E1 by choice is
/// only not reminded.
async fn close_durability(change: &mut Change<'_>, dossier: Uuid, entry: Option<Uuid>) -> Result<()> {
    let open: Vec<(Uuid, bool, bool)> = change
        .tx()
        .query(
            "select x.id, e.status = 'final' and exists (select 1 from entry_criteria k where k.entry_id = e.id \
             and k.criterion = $4), d.aim = 'e1-by-choice' from durability x join entries e on e.id = x.entry_id \
             join dossiers d on d.id = e.dossier_id where d.id = $1 and ($2 or e.id = $3) and x.closed_at is null",
        )
        .bind(dossier)
        .bind(entry.is_none())
        .bind(entry.unwrap_or_default())
        .bind(LASTING)
        .all()
        .await?;
    for (durability, claimed, by_choice) in open {
        if !claimed {
            close_moment(change, durability).await?;
        } else if by_choice {
            notices::settle(change, Kind::HoldsDue, durability, None).await?;
        }
    }
    Ok(())
}

/// Ends the offer to ask whether a solution holds.
pub async fn close_moment(change: &mut Change<'_>, durability: Uuid) -> Result<()> {
    let at = change.at();
    change
        .tx()
        .query("update durability set closed_at = $2 where id = $1")
        .bind(durability)
        .bind(at)
        .run_expecting(1)
        .await?;
    notices::settle(change, Kind::HoldsDue, durability, None).await
}
