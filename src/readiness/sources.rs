//! What a readiness page says beside the assessment: the titles of entries and the names of people, from the database.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
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
    /// `Mar 2026 – 14 Sep 2026`, `4 Nov 2026`, `Sep 2026, ongoing`.
    pub fn when(&self) -> String {
        let written =
            |date: &NaiveDate, is_month| if is_month { words::month(date) } else { words::day(date) };
        let from = written(&self.from_date, self.from_is_month);
        match &self.to_date {
            _ if self.ongoing => format!("{from}, ongoing"),
            Some(to) => match written(to, self.to_is_month) {
                to if to == from => from,
                to => format!("{from} – {to}"),
            },
            None => from,
        }
    }

    /// Whether it is withheld from everybody but the owner and CTOs.
    pub fn is_for_cto(&self) -> bool {
        self.audience == Audience::Cto
    }
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

/// The names of those who confirmed final entries of a dossier, by their id as the assessment shows it.
pub async fn voices(tx: &mut Tx, dossier: Uuid) -> Result<HashMap<String, String>> {
    let rows: Vec<(Uuid, String)> = tx
        .query(
            "select distinct p.id, p.name from corroborations c join entries e on e.id = c.entry_id \
             join people p on p.id = c.person_id where e.dossier_id = $1 and e.status = 'final'",
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
