//! What a client did, and how many rows say so.

use chrono::NaiveDate;
use evident::db::{self, Tx};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One change, told apart from every other by what was written in it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Deed {
    /// A new entry, published or a draft.
    Logged { dossier: Uuid, title: String },
    /// An entry saved again, as this revision.
    Saved { entry: Uuid, revision: i64, impact: String },
    /// An update to an entry.
    Updated { entry: Uuid, text: String },
    /// A published entry taken back.
    Withdrawn { entry: Uuid },
    /// A draft thrown away.
    Discarded { entry: Uuid },
    /// A check-in on a day on which there is no other.
    CheckedIn { dossier: Uuid, on: NaiveDate },
    /// A conversation written down.
    Talked { dossier: Uuid, notes: String },
}

/// What became of a deed, as far as the client was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Told {
    /// It was acknowledged.
    Kept,
    /// It was refused, or never sent whole.
    Refused,
    /// Nobody said.
    Unknown,
}

/// A deed, and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    /// What was done.
    pub deed: Deed,
    /// What the client was told.
    pub told: Told,
    /// The entry that it was about, once that has an id.
    pub entry: Option<Uuid>,
}

impl Done {
    /// How many times it is there, and how many of those have their audit entry; none when it went with a draft that was
    /// thrown away.
    pub async fn found(&self, tx: &mut Tx) -> db::Result<Option<(i64, i64)>> {
        let found = self.deed.found(tx).await?;
        if let (0, Some(entry)) = (found.0, self.entry) {
            let discarded = Deed::Discarded { entry }.found(tx).await?;
            return Ok((discarded.0 == 0).then_some(found));
        }
        Ok(Some(found))
    }
}

impl Deed {
    /// How many times it is there, and how many of those have their audit entry.
    async fn found(&self, tx: &mut Tx) -> db::Result<(i64, i64)> {
        let query = match self {
            Deed::Logged { dossier, title } => tx
                .query(
                    "select count(*), count(*) filter (where exists (select 1 from audit_entries a \
                     where a.subject_id = e.id and a.action in ('entry.published', 'entry.drafted'))) \
                     from entries e where e.dossier_id = $1 and e.title = $2",
                )
                .bind(*dossier)
                .bind(title.clone()),
            Deed::Saved { entry, revision, impact } => tx
                .query(
                    "select count(*), count(*) filter (where (select count(*) from audit_entries a \
                     where a.subject_id = r.entry_id and a.action like 'entry.%') >= r.number) \
                     from entry_revisions r where r.entry_id = $1 and r.number = $2 and r.content like $3",
                )
                .bind(*entry)
                .bind(*revision)
                .bind(format!("%{impact}%")),
            Deed::Updated { entry, text } => tx
                .query(
                    "select count(*), count(*) filter (where exists (select 1 from audit_entries a \
                     where a.subject_id = u.entry_id and a.action = 'entry.updated')) \
                     from entry_updates u where u.entry_id = $1 and u.text = $2",
                )
                .bind(*entry)
                .bind(text.clone()),
            Deed::Withdrawn { entry } => tx
                .query(
                    "select count(*), count(*) filter (where exists (select 1 from audit_entries a \
                     where a.subject_id = e.id and a.action = 'entry.withdrawn')) \
                     from entries e where e.id = $1 and e.status = 'withdrawn'",
                )
                .bind(*entry),
            Deed::Discarded { entry } => tx
                .query(
                    "select count(*), count(*) filter (where exists (select 1 from audit_entries a \
                     where a.subject_id = $1 and a.action = 'entry.discarded')) \
                     from audit_entries d where d.subject_id = $1 and d.action in ('entry.drafted', 'entry.duplicated') \
                     and d.seq = (select min(f.seq) from audit_entries f where f.subject_id = $1) \
                     and not exists (select 1 from entries e where e.id = $1)",
                )
                .bind(*entry),
            Deed::CheckedIn { dossier, on } => tx
                .query(
                    "select count(*), count(*) filter (where exists (select 1 from audit_entries a \
                     where a.subject_id = c.id and a.action = 'check-in.made')) \
                     from check_ins c where c.dossier_id = $1 and c.on_date = $2",
                )
                .bind(*dossier)
                .bind(*on),
            Deed::Talked { dossier, notes } => tx
                .query(
                    "select count(*), count(*) filter (where exists (select 1 from audit_entries a \
                     where a.subject_id = t.id and a.action = 'conversation.written')) \
                     from path_conversations t where t.dossier_id = $1 and t.notes = $2",
                )
                .bind(*dossier)
                .bind(notes.clone()),
        };
        query.one().await
    }

    /// The entry that it touched, if it was one that was there.
    pub fn entry(&self) -> Option<Uuid> {
        match self {
            Deed::Saved { entry, .. }
            | Deed::Updated { entry, .. }
            | Deed::Withdrawn { entry }
            | Deed::Discarded { entry } => Some(*entry),
            Deed::Logged { .. } | Deed::CheckedIn { .. } | Deed::Talked { .. } => None,
        }
    }
}
