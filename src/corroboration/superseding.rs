//! The confirmations that a material edit supersedes, and who is told of what it superseded.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::audit::Change;
use crate::db::{Result, Tx};
use crate::evidence::superseding::{Said, Source};
use crate::evidence::telling::{Among, EntryChanged};
use crate::evidence::{is_taken_back, stands};
use crate::notices::{self, Kind, Notice};
use crate::people::visibility::recused_from;

/// Confirmations, for [`crate::evidence`], which comes before this.
pub const CONFIRMED: Source = Source {
    said: Said::Confirmed,
    of_entry: |tx, entry| {
        Box::pin(async move {
            // What came by link may yet come to stand, and what a later answer took back may come back, if that waits again.
            let sql = format!(
                "select c.id, c.person_id, p.name, c.revision, {} as taken_back from corroborations c \
                 join people p on p.id = c.person_id join entries e on e.id = c.entry_id \
                 join dossiers d on d.id = e.dossier_id where c.entry_id = $1 and c.answer = 'confirmed' \
                 and c.superseded_on is null and c.person_id <> d.owner_person \
                 and ({} or c.vouched_by is null) order by p.name, c.id",
                is_taken_back("c"),
                stands("c")
            );
            tx.query_built(sql).bind(entry).all().await
        })
    },
    supersede: |tx, id, today| Box::pin(supersede(tx, id, today)),
};

/// Supersedes a confirmation as of a day; not before the day that it has itself.
pub async fn supersede(tx: &mut Tx, id: Uuid, on: NaiveDate) -> Result<()> {
    tx.query("update corroborations set superseded_on = case when on_date > $2 then on_date else $2 end where id = $1")
        .bind(id)
        .bind(on)
        .run_expecting(1)
        .await
}

/// Tells those who have an account and may still read of the entry: by what they were asked, or as CTOs. To be called once
/// it is known whom the entry recuses.
pub(super) async fn tell(change: &mut Change<'_>, changed: EntryChanged<'_>) -> Result<()> {
    let (Among::Entry(entry), false) = (changed.among, changed.superseded.is_empty()) else { return Ok(()) };
    let (owner, shared): (Uuid, bool) = change
        .tx()
        .query(
            "select owner_person, sharing <> 'private' and aim <> 'e1-by-choice' from dossiers where id = $1",
        )
        .bind(changed.dossier)
        .one()
        .await?;
    let mut people: Vec<Uuid> = changed.superseded.iter().map(|loss| loss.person).collect();
    people.sort_unstable();
    people.dedup();
    let (mut of_case, mut of_requests) = (Vec::new(), Vec::new());
    for person in people {
        let account: Option<(Uuid, bool, bool)> = change
            .tx()
            .query(concat!(
                "select a.id, exists (select 1 from account_roles r where r.account_id = a.id and r.role = 'cto') as cto, \
                 $2 in ",
                recused_from!("a.person_id"),
                " as kept_from from accounts a where a.person_id = $1 and a.disabled_at is null"
            ))
            .bind(person)
            .bind(changed.dossier)
            .optional()
            .await?;
        let Some((to, cto, kept_from)) = account else { continue };
        let asked: Option<(Uuid,)> = change
            .tx()
            .query(
                "select id from requests where entry_id = $1 and person_id = $2 and question = 'happened' \
                 and closed_at is null order by asked_at desc, id desc limit 1",
            )
            .bind(entry)
            .bind(person)
            .optional()
            .await?;
        let notice = |path| Notice { to, kind: Kind::Superseded, about: entry, by: Some(owner), path };
        match asked {
            _ if cto && shared && !kept_from => {
                of_case.push(notice(format!("/evidence/{entry}#voices-h")));
            }
            Some((request,)) => of_requests.push(notice(format!("/requests/{request}"))),
            None => {}
        }
    }
    notices::tell_of_case(change, changed.dossier, of_case).await?;
    notices::tell_all(change, of_requests).await
}
