//! What a material edit of a published entry costs: who confirmed or judged what it no longer says. It is told before the
//! edit is saved; saving it supersedes them as of that day. What is said is kept by the features that are built on this one,
//! which register in the crate's root how it is found.

use std::collections::HashMap;
use std::pin::Pin;

use chrono::NaiveDate;
use uuid::Uuid;

use super::dossiers::Dossier;
use super::material::{self, Reason};
use super::{Content, Entry, revisions, store};
use crate::accounts::sessions;
use crate::db::{self, Tx, placeholders};
use crate::error::Result;

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

/// What is said of an entry and would be superseded, as the feature that keeps it finds it.
#[derive(sqlx::FromRow)]
pub struct Standing {
    id: Uuid,
    person_id: Uuid,
    name: String,
    /// The revision that it was about.
    revision: i64,
    taken_back: bool,
}

/// What a feature does within a transaction.
type Done<'t, T> = Pin<Box<dyn Future<Output = db::Result<T>> + Send + 't>>;

/// What the feature that keeps something that is said of entries does with it.
pub struct Source {
    /// What it is.
    pub said: Said,
    /// What of it stands about an entry, and is not the owner's own.
    pub of_entry: for<'t> fn(&'t mut Tx, Uuid) -> Done<'t, Vec<Standing>>,
    /// Supersedes one as of a day. A day may have been set back: nothing is superseded before it was said.
    pub supersede: for<'t> fn(&'t mut Tx, Uuid, NaiveDate) -> Done<'t, ()>,
}

/// What an edit to these contents would supersede. The dossier's row is to be locked already, so that none is missed.
pub(super) async fn losses(tx: &mut Tx, entry: &Entry, after: &Content) -> Result<Vec<Loss>> {
    let mut found = Vec::new();
    for source in crate::SAYINGS {
        let standing = (source.of_entry)(tx, entry.id).await?;
        found.extend(standing.into_iter().map(|row| (source.said, row)));
    }
    let numbers: Vec<i64> = found.iter().map(|(_, row)| row.revision).collect();
    let mut read = revisions::contents(tx, entry.id, &numbers).await?;
    for content in read.values_mut() {
        follow_merges(tx, content).await?;
    }
    let loss = |(said, row): (Said, Standing)| {
        let reasons = material::reasons(read.get(&row.revision).unwrap_or(&entry.content), after);
        Loss { said, id: row.id, person: row.person_id, name: row.name, reasons, taken_back: row.taken_back }
    };
    Ok(found.into_iter().map(loss).filter(|loss| !loss.reasons.is_empty()).collect())
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
        for source in crate::SAYINGS.iter().filter(|source| source.said == loss.said) {
            (source.supersede)(tx, loss.id, today).await?;
        }
    }
    Ok(())
}
