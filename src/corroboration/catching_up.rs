//! Somebody who came to have an account is told what they were asked before, and in which entries they are named.

use uuid::Uuid;

use crate::accounts;
use crate::audit::{Change, Event};
use crate::db::Result;
use crate::evidence::{dossiers, telling};
use crate::jobs::{Job, Outcome, Queue, Run};
use crate::notices::{self, Kind, Notice};

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
        telling::follow(change, dossier, None, &[]).await?;
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
            change.record(Event::AccountCaughtUp, Some(found.id), &());
            change.commit().await?;
        }
        Ok(Outcome::Done)
    }
}
