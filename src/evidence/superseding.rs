//! What a material edit of a published entry costs: who confirmed or judged what it no longer says. It is told before the
//! edit is saved; saving it supersedes them as of that day, and tells the people.

use std::collections::HashMap;
use std::pin::Pin;

use chrono::NaiveDate;
use uuid::Uuid;

use super::dossiers::Dossier;
use super::material::{self, Reason};
use super::{Aim, Content, Entry, Sharing, is_taken_back, revisions, stands, store};
use crate::accounts::sessions;
use crate::audit::Change;
use crate::db::{self, Tx, placeholders};
use crate::error::Result;
use crate::notices::{self, Kind, Notice};
use crate::people::visibility::recused_from;

/// How far the evidence of a dossier carries, as a transaction sees it: what is spoken of, and how far.
pub type Weighed = Vec<(String, String)>;

/// Says that. Readiness knows, which this feature can't.
pub type Weigh = for<'t> fn(
    &'t mut Tx,
    &'t Dossier,
    NaiveDate,
) -> Pin<Box<dyn Future<Output = Result<Weighed>> + Send + 't>>;

/// What is superseded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Said {
    /// A confirmation.
    Confirmed,
    /// A judgement that the entry meets what is asked for.
    Meets,
}

/// What somebody said of an entry that it no longer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// What.
    pub said: Said,
    /// The row.
    pub id: Uuid,
    /// Who.
    pub person: Uuid,
    /// Their name.
    pub name: String,
    /// What makes the edit material, against what they read.
    pub reasons: Vec<Reason>,
    /// Whether a later answer of theirs stands before it, so that it counts for nothing now. It is superseded all the same,
    /// since that answer may come to wait again, and told to nobody.
    pub taken_back: bool,
}

/// What an edit costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// What it supersedes.
    pub losses: Vec<Loss>,
    /// Whose states it changes: of what, from which, to which.
    pub states: Vec<(String, String, String)>,
}

impl Cost {
    pub(super) fn new(losses: Vec<Loss>, before: Weighed, after: Weighed) -> Cost {
        let pairs = before.into_iter().zip(after);
        let states = pairs.filter(|(was, is)| was != is).map(|((what, was), (_, is))| (what, was, is));
        Cost { losses, states: states.collect() }
    }

    /// Stands for this cost in the form that confirms it: another cost is told again.
    pub fn token(&self) -> String {
        let ids = self.losses.iter().map(|loss| loss.id.to_string());
        let states = self.states.iter().map(|(what, was, is)| format!("{what} {was} {is}"));
        let told = ids.chain(states).collect::<Vec<_>>().join("\n");
        sessions::digest(&told).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    /// What the edit changes, in words, each once.
    pub fn reasons(&self) -> Vec<String> {
        let mut reasons: Vec<Reason> = self.losses.iter().flat_map(|loss| loss.reasons.clone()).collect();
        reasons.sort_unstable();
        reasons.dedup();
        reasons.into_iter().map(|reason| reason.in_words().to_owned()).collect()
    }

    /// The names of those who said something, each once.
    pub fn names(&self, said: Said) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for loss in self.losses.iter().filter(|loss| loss.said == said) {
            if !names.contains(&loss.name) {
                names.push(loss.name.clone());
            }
        }
        names
    }
}

/// The revision that a judgement `a` was about: what was judged before revisions were noted is about the one of that moment.
const JUDGED: &str = "coalesce(a.revision, (select max(r.number) from entry_revisions r \
     where r.entry_id = a.entry_id and r.saved_at <= a.created_at), 1)";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    person_id: Uuid,
    name: String,
    revision: i64,
    taken_back: bool,
}

/// What an edit to these contents would supersede. The dossier's row is to be locked already, so that none is missed.
pub(super) async fn losses(
    tx: &mut Tx,
    dossier: &Dossier,
    entry: &Entry,
    after: &Content,
) -> Result<Vec<Loss>> {
    // What came by link may yet come to stand, and what a later answer took back may come back, if that waits again.
    let confirmed = format!(
        "select c.id, c.person_id, p.name, c.revision, {} as taken_back from corroborations c \
         join people p on p.id = c.person_id join entries e on e.id = c.entry_id join dossiers d on d.id = e.dossier_id \
         where c.entry_id = $1 and c.answer = 'confirmed' and c.superseded_on is null and c.person_id <> d.owner_person \
         and ({} or c.vouched_by is null) order by p.name, c.id",
        is_taken_back("c"),
        stands("c")
    );
    let confirmed: Vec<Row> = tx.query_built(confirmed).bind(entry.id).all().await?;
    let meets = format!(
        "select a.id, a.person_id, p.name, {JUDGED} as revision, 1 = 0 as taken_back from assessments a \
         join people p on p.id = a.person_id where a.entry_id = $1 and a.judgement = 'meets' \
         and a.superseded_on is null and a.released_on is not null and a.person_id <> $2 \
         and not exists (select 1 from assessments l where l.entry_id = a.entry_id and (l.released_on > a.released_on \
         or l.released_on = a.released_on and l.position > a.position)) order by p.name, a.id"
    );
    let meets: Vec<Row> = tx.query_built(meets).bind(entry.id).bind(dossier.owner_person).all().await?;
    let numbers: Vec<i64> = confirmed.iter().chain(&meets).map(|row| row.revision).collect();
    let mut read = revisions::contents(tx, entry.id, &numbers).await?;
    for content in read.values_mut() {
        follow_merges(tx, content).await?;
    }
    let rows = confirmed.into_iter().map(|row| (Said::Confirmed, row));
    let rows = rows.chain(meets.into_iter().map(|row| (Said::Meets, row)));
    let loss = |(said, row): (Said, Row)| {
        let reasons = material::reasons(read.get(&row.revision).unwrap_or(&entry.content), after);
        Loss { said, id: row.id, person: row.person_id, name: row.name, reasons, taken_back: row.taken_back }
    };
    Ok(rows.map(loss).filter(|loss| !loss.reasons.is_empty()).collect())
}

/// The revision of its entry that a judgement was about.
pub async fn judged_revision(tx: &mut Tx, assessment: Uuid) -> db::Result<i64> {
    let sql = format!("select {JUDGED} from assessments a where a.id = $1");
    let (revision,): (i64,) = tx.query_built(sql).bind(assessment).one().await?;
    Ok(revision)
}

/// Whether an entry says something else by now than in a revision: what is said of that is superseded as it comes. The
/// dossier's row is to be locked already.
pub async fn is_outdated(tx: &mut Tx, entry: Uuid, revision: i64) -> Result<bool> {
    let Some(now) = store::find(tx, entry).await? else { return Ok(false) };
    if now.revision == revision {
        return Ok(false);
    }
    let Some(mut read) = revisions::at(tx, entry, revision).await? else { return Ok(false) };
    follow_merges(tx, &mut read).await?;
    Ok(!material::reasons(&read, &now.content).is_empty())
}

/// Names people as who they turned out to be, as an entry's own rows do: a merge is nobody's edit.
async fn follow_merges(tx: &mut Tx, content: &mut Content) -> Result<()> {
    loop {
        let mut people: Vec<Uuid> = content.people.iter().map(|named| named.person).collect();
        people.sort_unstable();
        people.dedup();
        if people.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "select id, merged_into from people where merged_into is not null and id in ({})",
            placeholders(1, people.len())
        );
        let merged: Vec<(Uuid, Uuid)> = tx.query_built(sql).bind_all(people).all().await?;
        if merged.is_empty() {
            return Ok(());
        }
        let merged: HashMap<Uuid, Uuid> = merged.into_iter().collect();
        for named in &mut content.people {
            named.person = merged.get(&named.person).copied().unwrap_or(named.person);
        }
    }
}

/// Supersedes it as of a day.
pub(super) async fn supersede(tx: &mut Tx, losses: &[Loss], today: NaiveDate) -> db::Result<()> {
    for loss in losses {
        // A day that was set back: nothing is superseded before it was said.
        let sql = match loss.said {
            Said::Confirmed => {
                "update corroborations set superseded_on = case when on_date > $2 then on_date else $2 end where id = $1"
            }
            Said::Meets => {
                "update assessments set superseded_on = case when released_on > $2 then released_on else $2 end \
                 where id = $1"
            }
        };
        tx.query(sql).bind(loss.id).bind(today).run_expecting(1).await?;
    }
    Ok(())
}

/// Tells those who have an account and may still read of the entry: by what they were asked, or as CTOs. To be called once
/// what follows on the edit was followed, so that it is known whom the entry recuses.
pub(super) async fn tell(
    change: &mut Change<'_>,
    dossier: &Dossier,
    entry: Uuid,
    losses: &[Loss],
) -> db::Result<()> {
    let shared = dossier.sharing != Sharing::Private && dossier.aim != Aim::E1ByChoice;
    let mut people: Vec<Uuid> = losses.iter().map(|loss| loss.person).collect();
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
            .bind(dossier.id)
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
        let notice =
            |path| Notice { to, kind: Kind::Superseded, about: entry, by: Some(dossier.owner_person), path };
        match asked {
            _ if cto && shared && !kept_from => {
                of_case.push(notice(format!("/evidence/{entry}#voices-h")));
            }
            Some((request,)) => of_requests.push(notice(format!("/requests/{request}"))),
            None => {}
        }
    }
    notices::tell_of_case(change, dossier.id, of_case).await?;
    notices::tell_all(change, of_requests).await
}
