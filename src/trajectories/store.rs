//! Which final entries name whom as developed, and what others answered about these, by what the viewer may read.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::db::{Query, Result, Tx};
use crate::evidence::visibility::{READS_ENTRY, Viewer};
use crate::evidence::{Audience, NamedAnswer, Via, stands, words as terms};
use crate::review::CorroborationAnswer;
use crate::web::words;

/// A final entry that names a leader as developed.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own; no two exclude each other")]
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Told {
    /// The entry.
    pub id: Uuid,
    /// Its dossier.
    pub dossier_id: Uuid,
    /// The candidate.
    pub owner_person: Uuid,
    /// Their name.
    pub owner_name: String,
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
    /// The leader.
    pub person_id: Uuid,
    /// Their name.
    pub person_name: String,
    /// What they said of being named so, as far as it stands; that they asked not to be named holds however it came.
    pub answer: Option<NamedAnswer>,
    /// Whether they answered by mail or link, and nobody has vouched for it.
    pub unvouched: bool,
    /// How they answered.
    pub via: Via,
    /// From which day on it counts that somebody vouched for that.
    pub vouched_on: Option<NaiveDate>,
    /// The name of who did.
    pub voucher: Option<String>,
}

impl Told {
    /// How what they said came, and whether it stands, where it came by mail or link.
    pub fn came(&self) -> Option<String> {
        let said = (self.answer.is_some() || self.unvouched) && self.via != Via::Account;
        let vouched = self.vouched_on.filter(|_| !self.unvouched);
        said.then(|| terms::came(self.via, vouched, self.voucher.as_deref()))
    }

    /// `Mar 2026 – 14 Sep 2026`, `Sep 2026, ongoing`.
    pub fn when(&self) -> String {
        let to = self.to_date.map(|to| (to, self.to_is_month));
        words::period((self.from_date, self.from_is_month), to, self.ongoing)
    }
}

/// An answer to "did it happen like this?".
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Answered {
    /// About which entry.
    pub entry_id: Uuid,
    /// By whom.
    pub person_id: Uuid,
    /// Their name.
    pub name: String,
    /// What.
    pub answer: CorroborationAnswer,
    /// The day.
    pub on_date: NaiveDate,
    /// The day on which a differing account was settled.
    pub settled_on: Option<NaiveDate>,
    /// The day on which a material edit superseded it.
    pub superseded_on: Option<NaiveDate>,
    /// How it came.
    pub via: Via,
    /// From which day on somebody vouched for what came by mail or link.
    pub vouched_on: Option<NaiveDate>,
    /// The name of who did.
    pub voucher: Option<String>,
}

impl Answered {
    /// Whose answer it is, and how it came where that was by mail or link.
    pub fn voice(&self) -> String {
        match self.via {
            Via::Account => self.name.clone(),
            via => format!("{} ({})", self.name, terms::came(via, self.vouched_on, self.voucher.as_deref())),
        }
    }
}

/// Which entries are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Those of one dossier.
    Dossier(Uuid),
    /// Those of all shared dossiers that name somebody whom several candidates claim.
    Claimed,
}

/// Names of the candidate by themselves count nowhere.
const DEVELOPED: &str = "e.status = 'final' and n.named_as = 'developed' and n.person_id <> d.owner_person";

impl Within {
    fn condition(self) -> String {
        match self {
            Within::Dossier(_) => "d.id = $3".into(),
            // The same question once more of all entries: whom those that the viewer may read name in several dossiers.
            // Asked once, and not for each entry anew.
            Within::Claimed => {
                let readable = READS_ENTRY.replace("d.", "d2.").replace("e.", "e2.");
                let developed = DEVELOPED.replace("d.", "d2.").replace("e.", "e2.").replace("n.", "n2.");
                format!(
                    "d.sharing <> 'private' and n.person_id in (select n2.person_id from entry_people n2 \
                     join entries e2 on e2.id = n2.entry_id join dossiers d2 on d2.id = e2.dossier_id \
                     where {readable} and {developed} and d2.sharing <> 'private' \
                     group by n2.person_id having count(distinct d2.id) > 1)"
                )
            }
        }
    }

    fn bind(self, viewer: Viewer, query: Query<'_>) -> Query<'_> {
        let query = viewer.bind(query);
        match self {
            Within::Dossier(id) => query.bind(id),
            Within::Claimed => query,
        }
    }
}

/// The entries that name leaders as developed, by the leader's name, each leader's earliest first.
pub async fn told(tx: &mut Tx, viewer: Viewer, within: Within) -> Result<Vec<Told>> {
    let sql = format!(
        "select e.id, e.dossier_id, d.owner_person, o.name as owner_name, e.title, e.from_date, e.to_date, \
         e.from_is_month, e.to_is_month, e.ongoing, e.audience, n.person_id, p.name as person_name, \
         case when {stands} or n.answer = 'unnamed' then n.answer end as answer, \
         (n.answer is not null and not {stands}) as unvouched, n.via, n.vouched_on, v.name as voucher \
         from entry_people n join entries e on e.id = n.entry_id join dossiers d on d.id = e.dossier_id \
         join people o on o.id = d.owner_person join people p on p.id = n.person_id \
         left join people v on v.id = n.vouched_by \
         where {READS_ENTRY} and {DEVELOPED} and {} \
         order by p.name, p.id, o.name, d.id, e.from_date, e.id",
        within.condition(),
        stands = stands("n"),
    );
    within.bind(viewer, tx.query_built(sql)).all().await
}

/// The answers about these entries that stand, in the order in which they came.
pub async fn answered(tx: &mut Tx, viewer: Viewer, within: Within) -> Result<Vec<Answered>> {
    let sql = format!(
        "select distinct c.entry_id, c.person_id, v.name, c.via, w.name as voucher, c.answer, c.on_date, c.settled_on, c.superseded_on, \
         case when c.via = 'account' then null else c.vouched_on end as vouched_on, c.position from corroborations c join entries e on e.id = c.entry_id \
         join dossiers d on d.id = e.dossier_id join entry_people n on n.entry_id = e.id \
         join people v on v.id = c.person_id left join people w on w.id = c.vouched_by \
         where {READS_ENTRY} and {DEVELOPED} and {} and {} order by c.entry_id, c.on_date, c.position",
        stands("c"),
        within.condition()
    );
    within.bind(viewer, tx.query_built(sql)).all().await
}
