//! Work that takes long: on threads of its own, which leave the processor to those that serve everybody, and at most two
//! pieces at once for one account. What somebody asks for beyond that waits in their own queue, and nobody else's.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

use crate::error::{Error, Result};

/// Pieces that are done at once for one account.
const EACH: usize = 2;
/// Pieces of one account that wait; who asks for more is told to come again.
const WAITING: usize = 16;
/// Pieces that are done at once for all accounts: more would only hold connections of the database.
const ALL: usize = 4;
/// Accounts after which those that ask for nothing are forgotten.
const REMEMBERED: usize = 1_000;
/// How much the threads give way to others, as the system counts it.
const GIVES_WAY: i32 = 10;

/// The threads; without them, the work is done where requests are served.
static THREADS: LazyLock<Option<Runtime>> = LazyLock::new(|| {
    let mut threads = Builder::new_multi_thread();
    threads.thread_name("aside").worker_threads(EACH).max_blocking_threads(EACH).enable_all();
    threads.on_thread_start(|| {
        // Of this thread alone. Where it is not granted, the work is done as soon as any.
        let _ = rustix::process::nice(GIVES_WAY);
    });
    threads.build().inspect_err(|error| tracing::warn!("no threads for long work: {error}")).ok()
});

/// Whose work is under way.
#[derive(Clone, Debug)]
pub struct Work {
    lanes: Arc<Mutex<HashMap<Uuid, Arc<Lane>>>>,
    all: Arc<Semaphore>,
}

/// The work of one account.
#[derive(Debug)]
struct Lane {
    under_way: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Default for Work {
    fn default() -> Self {
        Work { lanes: Arc::default(), all: Arc::new(Semaphore::new(ALL)) }
    }
}

/// Leave to do a piece of work, until it is dropped.
#[derive(Debug)]
struct Turn {
    #[expect(dead_code, reason = "they are given back when they are dropped")]
    permits: (OwnedSemaphorePermit, OwnedSemaphorePermit),
}

impl Work {
    fn lane(&self, whose: Uuid) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes.len() >= REMEMBERED {
            lanes.retain(|_, lane| lane.under_way.available_permits() < EACH);
        }
        let lane = lanes.entry(whose).or_insert_with(|| {
            let (under_way, waiting) = (Semaphore::new(EACH), Semaphore::new(WAITING));
            Arc::new(Lane { under_way: Arc::new(under_way), waiting: Arc::new(waiting) })
        });
        Arc::clone(lane)
    }

    async fn turn(&self, whose: Uuid) -> Result<Turn> {
        let lane = self.lane(whose);
        let waits = Arc::clone(&lane.waiting).try_acquire_owned().map_err(|_| Error::Crowded)?;
        let own = Arc::clone(&lane.under_way).acquire_owned().await.map_err(anyhow::Error::from)?;
        let place = Arc::clone(&self.all).acquire_owned().await.map_err(anyhow::Error::from)?;
        drop(waits);
        Ok(Turn { permits: (own, place) })
    }

    /// Does something that takes long for somebody: an account, or whatever else stands for who asks. It is done to its
    /// end once it is begun, so that who hangs up and asks again has no more of it.
    ///
    /// # Errors
    /// [`Error::Crowded`] when as much waits already; and what the work fails with.
    pub async fn aside<T: Send + 'static>(
        &self,
        whose: Uuid,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let turn = self.turn(whose).await?;
        let done = async move {
            let done = work.await;
            drop(turn);
            done
        };
        let task = match &*THREADS {
            Some(threads) => threads.spawn(done),
            None => tokio::spawn(done),
        };
        task.await.map_err(anyhow::Error::from)?
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use uuid::Uuid;

    use super::{EACH, WAITING, Work};
    use crate::error::Error;

    #[tokio::test]
    async fn one_account_fills_no_more_than_its_own_places() {
        let work = Work::default();
        let (under_way, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (begin, _) = tokio::sync::broadcast::channel::<()>(1);
        let mut asked = tokio::task::JoinSet::new();
        for _ in 0..64 {
            let (work, under_way, most) = (work.clone(), under_way.clone(), most.clone());
            let mut begun = begin.subscribe();
            asked.spawn(async move {
                let piece = async move {
                    most.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    let _ = begun.recv().await;
                    under_way.fetch_sub(1, Ordering::SeqCst);
                    Ok(())
                };
                work.aside(Uuid::from_u128(1), piece).await
            });
        }
        let mut refused = 0;
        while refused < 64 - WAITING - EACH {
            let answer = asked.join_next().await.expect("an answer").expect("it ends");
            assert!(matches!(answer, Err(Error::Crowded)), "{answer:?}");
            refused += 1;
        }
        // Somebody else is served meanwhile.
        let other = work.aside(Uuid::from_u128(2), async { Ok(7) });
        assert_eq!(
            tokio::time::timeout(Duration::from_secs(20), other).await.expect("in time").ok(),
            Some(7)
        );
        drop(begin);
        while let Some(answer) = asked.join_next().await {
            answer.expect("it ends").expect("done");
        }
        assert_eq!(most.load(Ordering::SeqCst), EACH);
    }
}
