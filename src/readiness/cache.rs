//! Assessments that were made before, kept in memory, so that a board over a whole company is computed once.
//!
//! A key holds everything that an assessment depends on: the versions of the dossier and of the people, read in the very
//! transaction that asks. What was made of an older state is never found again, and so never served.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use uuid::Uuid;

use super::store::{Reader, facts};
use super::{Assessment, Lens, assess};
use crate::db::Tx;
use crate::error::Result;
use crate::evidence::dossiers::Dossier;
use crate::instance::Instance;

/// How many assessments a generation holds; there are two, of a few kilobytes each assessment.
const GENERATION: usize = 6_000;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    dossier: Uuid,
    version: i64,
    people_version: i64,
    reader: Reader,
    as_of: NaiveDate,
    lens: Lens,
}

/// The recently asked and those asked before: when the first is full, it takes the place of the second.
#[derive(Default)]
struct Cache(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    recent: HashMap<Key, Arc<Assessment>>,
    before: HashMap<Key, Arc<Assessment>>,
}

impl Cache {
    fn find(&self, key: &Key) -> Option<Arc<Assessment>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.recent.get(key) {
            return Some(found.clone());
        }
        let found = kept.before.remove(key)?;
        kept.keep(*key, found.clone());
        Some(found)
    }

    fn keep(&self, key: Key, assessment: Arc<Assessment>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keep(key, assessment);
    }
}

impl Generations {
    fn keep(&mut self, key: Key, assessment: Arc<Assessment>) {
        if self.recent.len() >= GENERATION {
            self.before = std::mem::take(&mut self.recent);
        }
        self.recent.insert(key, assessment);
    }
}

/// The assessments of dossiers as a reader may know them, in the order of the dossiers, which were found in this same
/// transaction. It must be one that reads: what a change hasn't kept yet is not to be remembered.
///
/// Whether the reader may see the dossiers at all has been decided before.
pub async fn assessed(
    tx: &mut Tx,
    instance: &Instance,
    dossiers: &[Dossier],
    reader: Reader,
    as_of: NaiveDate,
    lens: Lens,
) -> Result<Vec<Arc<Assessment>>> {
    let cache = instance.kept::<Cache>();
    let (people_version,): (i64,) =
        tx.query("select people_version from instance where id = 1").one().await?;
    let key = |dossier: &Dossier| Key {
        dossier: dossier.id,
        version: dossier.version,
        people_version,
        reader,
        as_of,
        lens,
    };
    let mut found: HashMap<Uuid, Arc<Assessment>> =
        dossiers.iter().filter_map(|d| Some((d.id, cache.find(&key(d))?))).collect();
    let missing: Vec<&Dossier> = dossiers.iter().filter(|d| !found.contains_key(&d.id)).collect();
    let ids: Vec<Uuid> = missing.iter().map(|d| d.id).collect();
    let frameworks = missing.iter().map(|d| Ok((d.id, d.framework()?))).collect::<Result<HashMap<_, _>>>()?;
    let facts = facts(tx, &ids, reader).await?;
    // Many at once take their time, which the threads that serve requests shouldn't spend on them.
    let made = tokio::task::spawn_blocking(move || {
        let of = |(id, facts)| Some((id, Arc::new(assess(frameworks.get(&id)?, &facts, as_of, lens))));
        facts.into_iter().filter_map(of).collect::<Vec<_>>()
    });
    for (id, assessment) in made.await.map_err(anyhow::Error::from)? {
        found.insert(id, assessment);
    }
    for dossier in missing {
        if let Some(assessment) = found.get(&dossier.id) {
            cache.keep(key(dossier), assessment.clone());
        }
    }
    let all = dossiers.iter().map(|d| found.get(&d.id).cloned());
    let all: Option<Vec<_>> = all.collect();
    Ok(all.ok_or_else(|| anyhow::anyhow!("a dossier vanished within a transaction"))?)
}
