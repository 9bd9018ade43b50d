//! What a readiness page says beside the assessment: the titles of entries and the names of people, from the database.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use uuid::Uuid;

use crate::db::{Result, Tx};
use crate::evidence::Audience;
use crate::web::words;

/// A final entry as a line.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EntryLine {
    /// Its id.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// The first day.
    pub from_date: NaiveDate,
    /// The last day, if it has one.
    pub to_date: Option<NaiveDate>,
    /// Whether the first day was given as a month.
    pub from_is_month: bool,
    /// Whether the last day was given as a month.
    pub to_is_month: bool,
    /// Whether it still goes on.
    pub ongoing: bool,
    /// Who may read it.
    pub audience: Audience,
}

impl EntryLine {
    /// `Mar 2026 – 14 Sep 2026`, `4 – 9 Nov 2026`, `Sep 2026, ongoing`.
    pub fn when(&self) -> String {
        let to = self.to_date.map(|to| (to, self.to_is_month));
        words::period((self.from_date, self.from_is_month), to, self.ongoing)
    }

    /// Whether it is withheld from everybody but the owner and CTOs.
    pub fn is_for_cto(&self) -> bool {
        self.audience == Audience::Cto
    }
}

/// The entries that began in a quarter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarter {
    /// `Q3 2026`.
    pub name: String,
    /// They, in the order in which they came.
    pub entries: Vec<EntryLine>,
}

impl Quarter {
    /// How many there are.
    pub fn number(&self) -> u64 {
        self.entries.len() as u64
    }
}

/// Entries that stand by date, in quarters.
pub fn by_quarter(entries: Vec<EntryLine>) -> Vec<Quarter> {
    let mut quarters: Vec<Quarter> = Vec::new();
    for entry in entries {
        let name = format!("Q{} {}", entry.from_date.month0() / 3 + 1, entry.from_date.year());
        match quarters.last_mut() {
            Some(quarter) if quarter.name == name => quarter.entries.push(entry),
            _ => quarters.push(Quarter { name, entries: vec![entry] }),
        }
    }
    quarters
}

/// The final entries of a dossier, the latest first.
pub async fn final_entries(tx: &mut Tx, dossier: Uuid) -> Result<Vec<EntryLine>> {
    tx.query(
        "select id, title, from_date, to_date, from_is_month, to_is_month, ongoing, audience from entries \
         where dossier_id = $1 and status = 'final' order by from_date desc, id desc",
    )
    .bind(dossier)
    .all()
    .await
}

/// The names of those who answered about final entries of a dossier, and of those who vouched for that, by their id as the
/// assessment shows it.
pub async fn voices(tx: &mut Tx, dossier: Uuid) -> Result<HashMap<String, String>> {
    let rows: Vec<(Uuid, String)> = tx
        .query(
            "select p.id, p.name from corroborations c join entries e on e.id = c.entry_id \
             join people p on p.id = c.person_id where e.dossier_id = $1 and e.status = 'final' \
             union select p.id, p.name from corroborations c join entries e on e.id = c.entry_id \
             join people p on p.id = c.vouched_by where e.dossier_id = $1 and e.status = 'final'",
        )
        .bind(dossier)
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
}

/// A draft to go on with.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DraftLine {
    /// Its id.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
}

/// The drafts of a dossier, the latest saved first.
pub async fn drafts(tx: &mut Tx, dossier: Uuid) -> Result<Vec<DraftLine>> {
    tx.query(
        "select id, title, updated_at from entries where dossier_id = $1 and status = 'draft' \
         order by updated_at desc, id desc",
    )
    .bind(dossier)
    .all()
    .await
}
