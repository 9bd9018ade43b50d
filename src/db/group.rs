//! SQLite's one writer: transactions that meet share one commit, and with it the one wait for the disk.
//!
//! Whoever writes takes a turn, one after another. Who ends a turn while others queue hands the open transaction on, and
//! the last in the queue commits for all; each is told only then. Every turn but the first is behind a savepoint, so that
//! one that fails, or is given up, goes back alone. Nobody is told that a change is kept before it is on disk.
//!
//! A turn sees what the turns before it in the group did. One that is refused because of that is told so before it is on
//! disk; so until it is, reads that begin then wait, or they would show the state from before what was the reason.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Executor, Sqlite, SqlitePool};
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot, watch};

use super::pipeline::Pipeline;
use super::{Connection, Error, Query, Result};

/// How long a turn is waited for.
const QUEUE: Duration = Duration::from_secs(10);
/// Most turns that share a commit, so that the first of them isn't kept waiting by an endless queue.
const MOST: usize = 64;

/// Hands out turns on the one connection that writes.
#[derive(Clone, Debug)]
pub struct Writer {
    pool: SqlitePool,
    group: Arc<Mutex<Option<Group>>>,
    queue: Arc<AtomicUsize>,
    /// Whether a turn was given up after it saw what isn't on disk yet.
    abandoned: Arc<watch::Sender<bool>>,
}

/// An open transaction with the turns that have ended in it.
#[derive(Debug)]
struct Group {
    connection: PoolConnection<Sqlite>,
    /// What waits to be sent, the beginning of the turn first.
    pipeline: Pipeline,
    /// What a turn that is under way, or was given up, would have to take back.
    undo: Undo,
    /// Told what came of the commit.
    ended: Vec<oneshot::Sender<Result<()>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Undo {
    Nothing,
    /// Up to the savepoint.
    Slot,
    /// The whole transaction, in which no other turn has ended.
    Transaction,
}

/// A place in the queue. One that is left before its turn may have been the one who was to commit.
struct Place<'w> {
    writer: &'w Writer,
    left: bool,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let last = self.writer.queue.fetch_sub(1, Ordering::SeqCst) == 1;
        if self.left && last {
            self.writer.clone().settle_soon(None);
        }
    }
}

/// One's turn to write: taken back when dropped, kept by [`WriteSlot::commit`].
pub(super) struct WriteSlot {
    writer: Writer,
    group: Option<OwnedMutexGuard<Option<Group>>>,
}

impl Writer {
    pub(super) fn new(pool: SqlitePool) -> Writer {
        Writer {
            pool,
            group: Arc::default(),
            queue: Arc::default(),
            abandoned: Arc::new(watch::Sender::new(false)),
        }
    }

    /// Returns once what somebody was told about is on disk: for whoever begins to read.
    pub(super) async fn settled(&self) {
        if *self.abandoned.borrow() {
            // Not for ever: who reads in the midst of a turn of their own holds up what they wait for.
            let mut abandoned = self.abandoned.subscribe();
            let _ = tokio::time::timeout(QUEUE, abandoned.wait_for(|abandoned| !abandoned)).await;
        }
    }

    /// Waits for a turn, and begins it.
    pub(super) async fn begin(&self) -> Result<WriteSlot> {
        whole(self.clone().take_turn()).await
    }

    async fn take_turn(self) -> Result<WriteSlot> {
        self.queue.fetch_add(1, Ordering::SeqCst);
        let mut place = Place { writer: &self, left: true };
        let locked = tokio::time::timeout(QUEUE, Arc::clone(&self.group).lock_owned());
        let guard = locked.await.map_err(|_| Error::Busy)?;
        place.left = false;
        drop(place);
        let mut turn = WriteSlot { writer: self, group: Some(guard) };
        turn.start().await?;
        Ok(turn)
    }

    /// Closes the connection, after what is under way.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    /// Has what was left behind tidied and committed by somebody, since nobody queues who would.
    fn settle_soon(self, guard: Option<OwnedMutexGuard<Option<Group>>>) {
        // Without a runtime the process is ending, and the transaction with it.
        let Ok(runtime) = Handle::try_current() else { return };
        runtime.spawn(async move {
            let mut guard = match guard {
                Some(guard) => guard,
                None => Arc::clone(&self.group).lock_owned().await,
            };
            if let Some(group) = guard.as_mut() {
                group.tidy().await;
            }
            self.close_group(&mut guard).await;
        });
    }

    /// Ends the group: what was done in it is on disk, or gone.
    async fn close_group(&self, guard: &mut OwnedMutexGuard<Option<Group>>) {
        if let Some(group) = guard.take() {
            group.close().await;
        }
        self.abandoned.send_replace(false);
    }
}

impl Group {
    /// Takes back what a turn left behind that was given up.
    async fn tidy(&mut self) {
        let unsent = std::mem::take(&mut self.pipeline);
        match self.undo {
            _ if unsent.begins() => {}
            Undo::Nothing => {}
            Undo::Transaction => self.roll_back().await,
            Undo::Slot => {
                let back = self.connection.execute("rollback to turn; release turn").await;
                if let Err(error) = back {
                    // The engine gave up the whole transaction, as it does when the disk is full: it is gone for all.
                    tracing::warn!("a transaction was lost with a turn in it: {error}");
                    self.roll_back().await;
                    for ended in self.ended.drain(..) {
                        let _ = ended.send(Err(Error::Busy));
                    }
                }
            }
        }
        self.undo = Undo::Nothing;
    }

    /// Fails where the engine has rolled back already, or never began: either way nothing is left.
    async fn roll_back(&mut self) {
        let _ = self.connection.execute("rollback").await;
    }

    /// Commits for all whose turns have ended, and tells them.
    async fn close(mut self) {
        if self.ended.is_empty() {
            return;
        }
        match self.connection.execute("commit").await {
            Ok(_) => {
                for ended in self.ended.drain(..) {
                    let _ = ended.send(Ok(()));
                }
            }
            Err(error) => {
                self.roll_back().await;
                let error = Error::from(error);
                let full = matches!(error, Error::Full);
                // One is told the cause, which is logged where it is answered; the others may simply try again.
                if let Some(last) = self.ended.pop() {
                    let _ = last.send(Err(error));
                }
                for ended in self.ended.drain(..) {
                    let _ = ended.send(Err(if full { Error::Full } else { Error::Busy }));
                }
            }
        }
    }
}

impl WriteSlot {
    async fn start(&mut self) -> Result<()> {
        let Some(guard) = self.group.as_mut() else { return Err(Error::Busy) };
        if guard.is_none() {
            let connection = self.writer.pool.acquire().await?;
            let pipeline = Pipeline::default();
            **guard = Some(Group { connection, pipeline, undo: Undo::Nothing, ended: Vec::new() });
        }
        let Some(group) = guard.as_mut() else { return Err(Error::Busy) };
        group.tidy().await;
        let begin = if group.ended.is_empty() {
            group.undo = Undo::Transaction;
            "begin immediate"
        } else {
            group.undo = Undo::Slot;
            "savepoint turn"
        };
        group.pipeline = Pipeline::beginning(begin);
        Ok(())
    }

    /// The connection that writes, with what waits to be sent on it.
    pub(super) fn connection(&mut self) -> Connection<'_> {
        let group = self.group();
        Connection::Writer(&mut group.connection, &mut group.pipeline)
    }

    /// Ends the turn. When this returns, its changes are on disk.
    pub(super) async fn commit(self) -> Result<()> {
        whole(self.end()).await
    }

    async fn end(mut self) -> Result<()> {
        let last = if self.group().undo == Undo::Slot { "release turn" } else { "" };
        Query::new(self.connection(), last.into()).run().await?;
        let (tell, told) = oneshot::channel();
        let group = self.group();
        group.undo = Undo::Nothing;
        group.ended.push(tell);
        let full = group.ended.len() >= MOST;
        let next = !full && self.writer.queue.load(Ordering::SeqCst) > 0;
        if let Some(mut guard) = self.group.take()
            && !next
        {
            self.writer.close_group(&mut guard).await;
        }
        told.await.unwrap_or(Err(Error::Busy))
    }

    fn group(&mut self) -> &mut Group {
        self.group.as_mut().and_then(|guard| guard.as_mut()).expect("a turn has its group until it ends")
    }
}

impl Drop for WriteSlot {
    fn drop(&mut self) {
        let Some(guard) = self.group.take() else { return };
        if guard.as_ref().is_some_and(|group| !group.ended.is_empty()) {
            self.writer.abandoned.send_replace(true);
        }
        if self.writer.queue.load(Ordering::SeqCst) == 0 {
            self.writer.clone().settle_soon(Some(guard));
        }
    }
}

/// Does something in a task of its own, to its end: who asked may go away, and the others in the group rest on it.
async fn whole<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(work).await.unwrap_or(Err(Error::Busy))
}
