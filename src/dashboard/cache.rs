//! Assessments that were made before, kept in memory, so that a board over a whole company is computed once.
//!
//! A key holds everything that an assessment depends on: the dossier's version among it, read in the very transaction
//! that asks. What was made of an older state is never found again, and so never served.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;
use uuid::Uuid;

use super::store::{self, Reader};
use crate::cache::{Cache, Kind};
use crate::db::Tx;
use crate::error::Result;
use crate::evidence::dossiers::Dossier;
use crate::framework::Framework;
use crate::instance::Instance;
use crate::readiness::{Assessment, Facts, Lens, Summary, assess};

/// Everything that is computed of a dossier depends on this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    dossier: Uuid,
    version: i64,
    reader: Reader,
    as_of: NaiveDate,
    lens: Lens,
}

impl Key {
    pub(super) fn of(found: &Dossier, reader: Reader, as_of: NaiveDate, lens: Lens) -> Key {
        Key { dossier: found.id, version: found.version, reader, as_of, lens }
    }
}

/// What a whole company's boards are made of, for several days and both lenses.
enum Summaries {}

impl Kind for Summaries {
    type Key = Key;
    type Value = Arc<Summary>;
    const NAME: &'static str = "Summaries of dossiers";
    const MOST: u64 = 8_000_000;
    const EACH: u64 = 320;
}

/// About the bytes of an assessment, with the ids in it.
const ASSESSMENT: usize = 6_000;

/// What is asked of single dossiers, again and again by one page.
enum Assessments {}

impl Kind for Assessments {
    type Key = Key;
    type Value = Arc<Assessment>;
    const NAME: &'static str = "Assessments of dossiers";
    const MOST: u64 = 4_000_000;
    const EACH: u64 = ASSESSMENT as u64;
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
    let make = move |framework: &'static Framework, facts: &Facts| {
        (Arc::new(assess(framework, facts, as_of, lens)), ASSESSMENT)
    };
    through(&instance.cache::<Assessments>(), tx, dossiers, (reader, as_of, lens), make).await
}

/// The same in short, for many dossiers.
pub async fn summaries(
    tx: &mut Tx,
    instance: &Instance,
    dossiers: &[Dossier],
    reader: Reader,
    as_of: NaiveDate,
    lens: Lens,
) -> Result<Vec<Arc<Summary>>> {
    let make = move |framework: &'static Framework, facts: &Facts| {
        let summary = Summary::of(framework, &assess(framework, facts, as_of, lens));
        let weight = summary.weight();
        (Arc::new(summary), weight)
    };
    through(&instance.cache::<Summaries>(), tx, dossiers, (reader, as_of, lens), make).await
}

/// What is kept for the dossiers, and `make` of the facts of those for which nothing is, with its weight.
async fn through<K, T>(
    cache: &Cache<K>,
    tx: &mut Tx,
    dossiers: &[Dossier],
    (reader, as_of, lens): (Reader, NaiveDate, Lens),
    make: impl Fn(&'static Framework, &Facts) -> (T, usize) + Clone + Send + 'static,
) -> Result<Vec<T>>
where
    K: Kind<Key = Key, Value = T>,
    T: Clone + Send + 'static,
{
    let key = |dossier: &Dossier| Key::of(dossier, reader, as_of, lens);
    let mut found: HashMap<Uuid, T> =
        dossiers.iter().filter_map(|d| Some((d.id, cache.get(&key(d))?))).collect();
    let missing: Vec<&Dossier> = dossiers.iter().filter(|d| !found.contains_key(&d.id)).collect();
    for (dossier, (value, weight)) in store::made_of(tx, &missing, reader, make).await? {
        cache.keep(key(dossier), value.clone(), weight);
        found.insert(dossier.id, value);
    }
    let all = dossiers.iter().map(|d| found.get(&d.id).cloned());
    let all: Option<Vec<_>> = all.collect();
    Ok(all.ok_or_else(|| anyhow::anyhow!("a dossier vanished within a transaction"))?)
}
