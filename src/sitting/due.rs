//! Which sittings a CTO has to hold or to finish.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use crate::accounts::Actor;
use crate::db::{Result, Tx};
use crate::evidence::visibility::{READS_SITTING, Viewer};

/// After so many days another sitting is due: about a quarter.
pub const EVERY_DAYS: i64 = 92;

/// Why a sitting waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// A draft was begun on a day, and isn't released.
    Unfinished(NaiveDate),
    /// There was one on a day, and it is time for the next.
    Again(NaiveDate),
    /// There was none yet.
    Never,
}

impl Due {
    /// Since when it waits; none: since the dossier was shared.
    pub fn since(self) -> Option<NaiveDate> {
        match self {
            Due::Unfinished(on) => Some(on),
            Due::Again(last) => last.checked_add_signed(TimeDelta::days(EVERY_DAYS)),
            Due::Never => None,
        }
    }
}

/// What a CTO has to do today for dossiers that they may hold sittings over; nothing where it isn't time.
pub async fn due(
    tx: &mut Tx,
    actor: &Actor,
    dossiers: impl Iterator<Item = Uuid>,
    today: NaiveDate,
) -> Result<HashMap<Uuid, Due>> {
    let sql = format!(
        "select s.dossier_id, s.created_at from sittings s join dossiers d on d.id = s.dossier_id \
         where {READS_SITTING} and s.account_id = $1 and s.released_on is null"
    );
    let drafts: Vec<(Uuid, chrono::DateTime<chrono::Utc>)> =
        Viewer::from(actor).bind(tx.query_built(sql)).all().await?;
    // What the same person released as a CTO before there were sittings counts as one.
    let held: Vec<(Uuid, NaiveDate)> = tx
        .query(
            "select dossier_id, released_on from sittings where account_id = $1 and released_on is not null \
             union select dossier_id, on_date from check_ins where person_id = $2 and kind = 'cto' \
             and on_date is not null \
             union select dossier_id, released_on from feedback where person_id = $2 and released_on is not null",
        )
        .bind(actor.account)
        .bind(actor.person)
        .all()
        .await?;
    let mut last: HashMap<Uuid, NaiveDate> = HashMap::new();
    for (dossier, on) in held {
        let latest = last.entry(dossier).or_insert(on);
        *latest = on.max(*latest);
    }
    let drafts: HashMap<Uuid, NaiveDate> =
        drafts.into_iter().map(|(dossier, at)| (dossier, at.date_naive())).collect();
    let of = |dossier: Uuid| {
        let due = match (drafts.get(&dossier), last.get(&dossier)) {
            (Some(begun), _) => Due::Unfinished(*begun),
            (None, Some(last)) => Due::Again(*last),
            (None, None) => Due::Never,
        };
        due.since().is_none_or(|since| since <= today).then_some((dossier, due))
    };
    Ok(dossiers.filter_map(of).collect())
}
