//! What is kept in memory so that it need not be made again: bounded by its weight, and counted.
//!
//! A key holds everything that a value depends on, versions read from the database among it. So nothing is ever taken
//! out because it changed: what was made of an older state is never asked for again, and leaves when room is needed.

use std::any::{Any, TypeId};
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use quick_cache::Weighter;
use quick_cache::sync;
use tokio::sync::OwnedMutexGuard;

/// What a cache keeps, and how much of it.
pub trait Kind: 'static {
    /// Everything that a value depends on.
    type Key: Eq + Hash + Send + Sync;
    /// What is kept.
    type Value: Clone + Send + Sync;
    /// What the values are, for people.
    const NAME: &'static str;
    /// The most bytes that are kept.
    const MOST: u64;
    /// About the bytes of a value.
    const EACH: u64;
}

/// A cache of values with their weight in bytes.
pub struct Cache<K: Kind> {
    values: sync::Cache<K::Key, (K::Value, u64), ByWeight>,
    turns: Mutex<Turns<K::Key>>,
}

/// Who makes what at the moment.
type Turns<K> = HashMap<K, Arc<tokio::sync::Mutex<()>>>;

#[derive(Clone, Debug)]
struct ByWeight;

impl<K, V> Weighter<K, (V, u64)> for ByWeight {
    fn weight(&self, _: &K, value: &(V, u64)) -> u64 {
        value.1
    }
}

/// An instance's caches: one of each kind, made empty when it is first asked for.
#[derive(Clone, Default)]
pub struct Caches(Arc<Mutex<ByKind>>);

type ByKind = BTreeMap<(&'static str, TypeId), Arc<dyn Counted>>;

trait Counted: Any + Send + Sync {
    fn figures(&self) -> Figures;
}

impl<K: Kind> Counted for Cache<K> {
    fn figures(&self) -> Figures {
        Cache::figures(self)
    }
}

impl std::fmt::Debug for Caches {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.figures()).finish()
    }
}

impl Caches {
    /// The cache of a kind.
    pub fn of<K: Kind>(&self) -> Arc<Cache<K>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found =
            all.entry((K::NAME, TypeId::of::<K>())).or_insert_with(|| Arc::new(Cache::<K>::default()));
        let found: Arc<dyn Any + Send + Sync> = found.clone();
        found.downcast().unwrap_or_default()
    }

    /// How they are doing, by name.
    pub fn figures(&self) -> Vec<(&'static str, Figures)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().map(|((name, _), cache)| (*name, cache.figures())).collect()
    }
}

/// How a cache is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// How many values are kept.
    pub values: usize,
    /// Their weight in bytes.
    pub weight: u64,
    /// The most bytes that are kept.
    pub most: u64,
    /// How often what was asked for was there.
    pub hits: u64,
    /// How often it was not.
    pub misses: u64,
}

impl<K: Kind> Default for Cache<K> {
    fn default() -> Self {
        let values = usize::try_from(K::MOST / K::EACH.max(1)).unwrap_or(usize::MAX);
        Cache { values: sync::Cache::with_weighter(values, K::MOST, ByWeight), turns: Mutex::default() }
    }
}

impl<K: Kind> Cache<K> {
    /// What is kept under a key.
    pub fn get(&self, key: &K::Key) -> Option<K::Value> {
        self.values.get(key).map(|(value, _)| value)
    }

    /// Keeps a value, which weighs so many bytes.
    pub fn keep(&self, key: K::Key, value: K::Value, bytes: usize) {
        // The key and the cache's own bookkeeping have a weight as well.
        let own = 64 + size_of::<K::Key>();
        self.values.insert(key, (value, u64::try_from(bytes + own).unwrap_or(u64::MAX)));
    }

    /// Waits for one's turn to make a value that takes long, and has it until this is dropped. Whoever waited looks again
    /// first: another may have made the very value. So many who ask for one thing at once make it once, and hold no
    /// connection meanwhile; who asks for another, by another `name`, waits for none of them.
    pub async fn turn(&self, name: &K::Key) -> OwnedMutexGuard<()>
    where
        K::Key: Clone,
    {
        let turn = {
            let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(turns.entry(name.clone()).or_default())
        };
        turn.lock_owned().await
    }

    /// How it is doing.
    pub fn figures(&self) -> Figures {
        Figures {
            values: self.values.len(),
            weight: self.values.weight(),
            most: self.values.capacity(),
            hits: self.values.hits(),
            misses: self.values.misses(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Caches, Kind};

    enum Numbers {}

    impl Kind for Numbers {
        type Key = u32;
        type Value = u32;
        const NAME: &'static str = "numbers";
        const MOST: u64 = 100_000;
        const EACH: u64 = 1_000;
    }

    #[test]
    fn a_cache_never_weighs_more_than_it_may() {
        let cache = Caches::default().of::<Numbers>();
        for n in 0..10_000 {
            cache.keep(n, n, 1_000);
        }
        let figures = cache.figures();
        assert!(figures.values > 10 && figures.weight <= figures.most, "{figures:?}");
        // Too heavy for the whole cache: not kept, and nothing else breaks.
        cache.keep(1, 1, 1_000_000);
        cache.keep(2, 2, 10);
        assert_eq!(cache.get(&2), Some(2));
    }

    #[test]
    fn there_is_one_cache_of_a_kind_and_it_counts() {
        let caches = Caches::default();
        caches.of::<Numbers>().keep(1, 10, 10);
        assert_eq!((caches.of::<Numbers>().get(&1), caches.of::<Numbers>().get(&2)), (Some(10), None));
        let figures = caches.figures();
        assert_eq!(figures.len(), 1);
        assert_eq!((figures[0].0, figures[0].1.hits, figures[0].1.misses), ("numbers", 1, 1));
    }
}
