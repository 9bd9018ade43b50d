//! A whole board of a day and a lens, and how it is kept: until something changes that it rests on.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::audience::Audience;
use super::{Counts, Row, guides};
use crate::accounts::Actor;
use crate::audit;
use crate::cache::Kind;
use crate::dashboard::cache::summaries;
use crate::db::Tx;
use crate::error::Result;
use crate::evidence::dossiers::Dossier;
use crate::framework::Capability;
use crate::instance::Instance;
use crate::readiness::Lens;

/// A whole board of a day and a lens, for one viewer.
#[derive(Debug)]
pub struct Whole {
    /// Everybody on it, by name (code point), then id.
    pub rows: Vec<Row>,
    /// How many each single choice would show.
    pub counts: Counts,
    /// The capabilities of the guides that those on it follow.
    pub columns: Vec<&'static Capability>,
}

/// Which board it is. What it rests on besides is compared by [`Kept`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    /// None where it stands for the same board of every viewer, of which most is made once for all.
    viewer: Option<Uuid>,
    audience: Audience,
    today: NaiveDate,
    as_of: NaiveDate,
    lens: Lens,
}

/// A whole board that was made before.
#[derive(Debug)]
struct Kept {
    whole: Arc<Whole>,
    /// A digest of all that it rests on: the dossiers that the viewer may see, in which versions, their guides, and their
    /// owners' names.
    rests_on: [u8; 32],
    /// The last number of the audit log at which it was known to be right: while nothing at all has changed since, it is.
    seq: AtomicI64,
}

/// Whole boards that were asked for: a filter is changed more often than anything that it looks at.
enum Boards {}

impl Kind for Boards {
    type Key = Key;
    type Value = Arc<Kept>;
    const NAME: &'static str = "Boards";
    const MOST: u64 = 5_000_000;
    const EACH: u64 = 20_000;
}

impl Whole {
    /// The board as an actor may see it now.
    pub async fn load(
        instance: &Instance,
        actor: &Actor,
        audience: Audience,
        as_of: NaiveDate,
        lens: Lens,
    ) -> Result<Arc<Whole>> {
        let today = instance.today();
        let key = Key { viewer: Some(actor.account), audience, today, as_of, lens };
        let (seq, _) = audit::head(&mut instance.db.read_autocommit().await?).await?;
        let kept = instance.cache::<Boards>().get(&key);
        if let Some(kept) = kept.filter(|kept| kept.seq.load(Ordering::Relaxed) == seq) {
            return Ok(Arc::clone(&kept.whole));
        }
        let mut tx = instance.db.read().await?;
        let (seq, dossiers) = seen(&mut tx, actor, audience).await?;
        if let Some(whole) = still_right(instance, key, &dossiers, seq) {
            return Ok(whole);
        }
        drop(tx);
        let (work, instance, actor) = (instance.work.clone(), instance.clone(), actor.clone());
        work.aside(actor.account, async move { Whole::make(&instance, &actor, key).await }).await
    }

    async fn make(instance: &Instance, actor: &Actor, key: Key) -> Result<Arc<Whole>> {
        let Key { audience, today, as_of, lens, .. } = key;
        let boards = instance.cache::<Boards>();
        // Those who ask for the same day make most of it once.
        let _turn = boards.turn(&Key { viewer: None, ..key }).await;
        let mut tx = instance.db.read().await?;
        let (seq, dossiers) = seen(&mut tx, actor, audience).await?;
        if let Some(whole) = still_right(instance, key, &dossiers, seq) {
            return Ok(whole);
        }
        let rests_on = digest(&dossiers);
        let summaries = summaries(&mut tx, instance, &dossiers, audience.reader(today), as_of, lens).await?;
        drop(tx);
        let columns = guides::of(&dossiers);
        let row = |(dossier, summary): (Dossier, _)| Row::new(&dossier.owner_name, dossier.id, summary);
        let mut rows: Vec<Row> = dossiers.into_iter().zip(summaries).map(row).collect();
        rows.sort_by(|a, b| (&a.name, a.dossier).cmp(&(&b.name, b.dossier)));
        let counts = Counts::of(&rows, columns.iter().copied());
        let bytes: usize =
            rows.iter().map(|row| size_of::<Row>() + row.name.len() + row.words.len() + 32).sum();
        let whole = Arc::new(Whole { rows, counts, columns });
        let kept = Kept { whole: Arc::clone(&whole), rests_on, seq: AtomicI64::new(seq) };
        boards.keep(key, Arc::new(kept), bytes + size_of::<Kept>());
        Ok(whole)
    }
}

/// The dossiers of a board as an actor may see it, and the last number of the audit log, both at one moment.
async fn seen(tx: &mut Tx, actor: &Actor, audience: Audience) -> Result<(i64, Vec<Dossier>)> {
    let (seq, _) = audit::head(tx).await?;
    Ok((seq, audience.dossiers(tx, actor).await?))
}

/// The board that is kept, if it rests on these dossiers as they were at this number of the audit log.
fn still_right(instance: &Instance, key: Key, dossiers: &[Dossier], seq: i64) -> Option<Arc<Whole>> {
    let kept = instance.cache::<Boards>().get(&key).filter(|kept| kept.rests_on == digest(dossiers))?;
    kept.seq.store(seq, Ordering::Relaxed);
    Some(Arc::clone(&kept.whole))
}

/// A digest of what a board takes from dossiers, and of the versions that stand for all the rest of them.
fn digest(dossiers: &[Dossier]) -> [u8; 32] {
    let mut digest = Sha256::new();
    for dossier in dossiers {
        digest.update(dossier.id.as_bytes());
        digest.update(dossier.version.to_be_bytes());
        for text in [&dossier.owner_name, &dossier.framework] {
            digest.update(text.len().to_be_bytes());
            digest.update(text);
        }
    }
    digest.finalize().into()
}
