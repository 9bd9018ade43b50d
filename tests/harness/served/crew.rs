//! Several writers at once, and what they did.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::fs::File;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::Database;
use super::check::Findings;
use super::client::Client;
use super::deed::{Done, Told};
use super::writer::Writer;

/// How long a writer rests after it was refused.
const REST: Duration = Duration::from_millis(20);

/// Writers who rest, between two shifts.
pub struct Crew {
    /// Who writes.
    pub writers: Vec<Writer>,
    ledgers: Vec<PathBuf>,
    /// What was found by looking at what they did.
    pub findings: Findings,
}

/// Writers at work.
pub struct Shift {
    tasks: JoinSet<anyhow::Result<Writer>>,
    pulse: Arc<Pulse>,
    ledgers: Vec<PathBuf>,
    findings: Findings,
}

/// What can be seen of a shift from without.
struct Pulse {
    over: AtomicBool,
    /// By writer.
    kept: Vec<AtomicU64>,
    refused: Vec<AtomicU64>,
}

impl Crew {
    /// So many writers, each as several candidates of a fresh instance.
    pub async fn hire(database: &Database, writers: usize, desks: usize, seed: u64) -> anyhow::Result<Crew> {
        let instance = database.open().await?;
        let mut crew = Crew { writers: Vec::new(), ledgers: Vec::new(), findings: Findings::default() };
        for number in 0..writers {
            let path = database.folder.path().join(format!("ledger-{number}"));
            let ledger = File::create(&path).await?;
            crew.writers.push(Writer::new(&instance, number, desks, seed, ledger).await?);
            crew.ledgers.push(path);
        }
        instance.db.close().await;
        Ok(crew)
    }

    /// Has everybody write at an address.
    pub fn work(self, address: SocketAddr) -> Shift {
        let counts = || self.writers.iter().map(|_| AtomicU64::new(0)).collect();
        let pulse = Arc::new(Pulse { over: AtomicBool::new(false), kept: counts(), refused: counts() });
        let mut tasks = JoinSet::new();
        for (number, mut writer) in self.writers.into_iter().enumerate() {
            let pulse = pulse.clone();
            tasks.spawn(async move {
                let mut client = Client::new(address);
                while !pulse.over.load(Ordering::Relaxed) {
                    let told = writer.write(&mut client).await?;
                    if told == Told::Kept {
                        pulse.kept[number].fetch_add(1, Ordering::Relaxed);
                    } else {
                        pulse.refused[number].fetch_add(1, Ordering::Relaxed);
                        tokio::time::sleep(REST).await;
                    }
                }
                Ok(writer)
            });
        }
        Shift { tasks, pulse, ledgers: self.ledgers, findings: self.findings }
    }

    /// Looks at what was done since, which a service may be serving meanwhile.
    pub async fn look(&mut self, database: &Database) -> anyhow::Result<()> {
        let instance = database.open().await?;
        for writer in &mut self.writers {
            let done = std::mem::take(&mut writer.done);
            self.findings.acknowledged += done.iter().filter(|done| done.told == Told::Kept).count() as u64;
            self.findings.look_for(&instance, &done).await?;
            for odd in std::mem::take(&mut writer.odd) {
                self.findings.partial(&format!("an odd answer: {odd}"));
            }
        }
        instance.db.close().await;
        Ok(())
    }

    /// Goes through the whole database.
    pub async fn look_through(&mut self, database: &Database) -> anyhow::Result<()> {
        let instance = database.open().await?;
        self.findings.look_through(&instance).await?;
        instance.db.close().await;
        Ok(())
    }

    /// Looks for everything that the writers' own files hold, and through the whole database.
    pub async fn look_back(mut self, database: &Database) -> anyhow::Result<Findings> {
        self.look(database).await?;
        self.look_through(database).await?;
        let instance = database.open().await?;
        let mut tx = instance.db.read().await?;
        let mut listed = 0;
        for path in &self.ledgers {
            for line in tokio::fs::read_to_string(path).await?.lines() {
                let done: Done = serde_json::from_str(line)?;
                listed += 1;
                if done.found(&mut tx).await?.is_some_and(|(there, _)| there != 1) {
                    self.findings.lost(&format!("in the end: {:?}", done.deed));
                }
            }
        }
        if listed != self.findings.acknowledged {
            self.findings.partial(&format!("{listed} deeds are in the files of the writers"));
        }
        drop(tx);
        instance.db.close().await;
        Ok(self.findings)
    }
}

impl Shift {
    /// Waits until so many more changes were acknowledged.
    ///
    /// # Errors
    /// When they were not within a minute.
    pub async fn until_kept(&self, more: u64) -> anyhow::Result<()> {
        let wanted = self.kept() + more;
        let begun = Instant::now();
        while self.kept() < wanted {
            anyhow::ensure!(begun.elapsed() < Duration::from_mins(1), "nothing is acknowledged any more");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Ok(())
    }

    fn kept(&self) -> u64 {
        self.pulse.kept.iter().map(|kept| kept.load(Ordering::Relaxed)).sum()
    }

    /// Waits until each writer was refused once more; false when that takes too long.
    pub async fn until_each_refused(&self, within: Duration) -> bool {
        moved(&self.pulse.refused, within).await
    }

    /// Waits until each writer had a change acknowledged; false when that takes too long.
    pub async fn until_each_kept(&self, within: Duration) -> bool {
        moved(&self.pulse.kept, within).await
    }

    /// Lets everybody end what they do.
    pub async fn end(mut self) -> anyhow::Result<Crew> {
        self.pulse.over.store(true, Ordering::Relaxed);
        let mut writers = Vec::new();
        while let Some(writer) = self.tasks.join_next().await {
            writers.push(writer??);
        }
        Ok(Crew { writers, ledgers: self.ledgers, findings: self.findings })
    }
}

/// Waits until every count has grown.
async fn moved(counts: &[AtomicU64], within: Duration) -> bool {
    let read = || counts.iter().map(|count| count.load(Ordering::Relaxed));
    let before: Vec<u64> = read().collect();
    let begun = Instant::now();
    while !read().zip(&before).all(|(now, before)| now > *before) {
        if begun.elapsed() > within {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    true
}
