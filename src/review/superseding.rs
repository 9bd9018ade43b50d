//! The judgements that a material edit supersedes.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::db::{Result, Tx};
use crate::evidence::superseding::{Said, Source};

/// The revision that a judgement `a` was about: what was judged before revisions were noted is about the one of that moment.
const JUDGED: &str = "coalesce(a.revision, (select max(r.number) from entry_revisions r \
     where r.entry_id = a.entry_id and r.saved_at <= a.created_at), 1)";

/// Judgements that an entry meets what is asked for, for [`crate::evidence`], which comes before this.
pub const MEETS: Source = Source {
    said: Said::Meets,
    of_entry: |tx, entry| {
        Box::pin(async move {
            let sql = format!(
                "select a.id, a.person_id, p.name, {JUDGED} as revision, 1 = 0 as taken_back from assessments a \
                 join people p on p.id = a.person_id join entries e on e.id = a.entry_id \
                 join dossiers d on d.id = e.dossier_id where a.entry_id = $1 and a.judgement = 'meets' \
                 and a.superseded_on is null and a.released_on is not null and a.person_id <> d.owner_person \
                 and not exists (select 1 from assessments l where l.entry_id = a.entry_id and (l.released_on > a.released_on \
                 or l.released_on = a.released_on and l.position > a.position)) order by p.name, a.id"
            );
            tx.query_built(sql).bind(entry).all().await
        })
    },
    supersede: |tx, id, today| Box::pin(supersede(tx, id, today)),
};

/// Supersedes a judgement as of a day; not before the day that it has itself.
pub async fn supersede(tx: &mut Tx, id: Uuid, on: NaiveDate) -> Result<()> {
    tx.query("update assessments set superseded_on = case when released_on > $2 then released_on else $2 end where id = $1")
        .bind(id)
        .bind(on)
        .run_expecting(1)
        .await
}

/// The revision of its entry that a judgement was about.
pub async fn judged_revision(tx: &mut Tx, assessment: Uuid) -> Result<i64> {
    let sql = format!("select {JUDGED} from assessments a where a.id = $1");
    let (revision,): (i64,) = tx.query_built(sql).bind(assessment).one().await?;
    Ok(revision)
}
