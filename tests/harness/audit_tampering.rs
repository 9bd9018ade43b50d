//! Whatever somebody with the database's password does to the audit log is found: edits, deletions, reorderings, insertions,
//! truncations; and with a checkpoint also a log that was made anew. A round is one of them on each database.

use chrono::{DateTime, TimeDelta, Utc};
use evident::audit::{self, Checkpoint};
use evident::db::Tx;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::support::World;
use crate::{Figure, Run};

/// An entry as it stands in its table.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
struct Entry {
    seq: i64,
    version: i64,
    at: DateTime<Utc>,
    actor: Option<Uuid>,
    origin: Option<String>,
    origin_id: Option<Uuid>,
    action: String,
    subject: String,
    subject_id: Option<Uuid>,
    commitment: Vec<u8>,
    hash: Vec<u8>,
}

/// The log as somebody leaves it.
#[derive(Clone)]
struct Log {
    entries: Vec<Entry>,
    head: (i64, Vec<u8>),
}

/// What was done to it, for who has to find out why it was not found.
struct Tampering {
    what: &'static str,
    /// The first entry that is wrong.
    first: i64,
    /// Whether the log agrees with itself again, so that only a checkpoint tells.
    made_anew: bool,
}

/// Tampers with the log on both databases.
pub async fn run(run: Run) -> anyhow::Result<Figure> {
    let mut figure = Figure { line: String::new(), wrong: 0 };
    for world in World::on_both().await {
        let (log, checkpoint) = written(&world).await?;
        let mut dice = ChaCha12Rng::seed_from_u64(run.seed);
        let (mut missed, mut misnamed, mut by_checkpoint) = (0, 0, 0);
        for round in 0..run.count {
            let mut left = log.clone();
            let tampering = left.tamper(&mut dice, checkpoint.seq);
            let mut tx = world.instance.db.write().await?;
            log.replace(&left, &mut tx).await?;
            let alone = audit::verify(&mut tx, None).await?;
            let known = audit::verify(&mut tx, Some(&checkpoint)).await?;
            drop(tx);
            let Tampering { what, first, made_anew } = tampering;
            match known {
                Ok(_) => {
                    missed += 1;
                    eprintln!("round {round}: {what} at entry {first} was not found");
                }
                // The checkpoint is ahead of what was made anew before it; then it is the checkpoint's entry.
                Err(fault) if !made_anew && !fault.to_string().starts_with(&format!("entry {first} ")) => {
                    misnamed += 1;
                    eprintln!("round {round}: {what} at entry {first} was called: {fault}");
                }
                Err(_) => by_checkpoint += u64::from(alone.is_ok()),
            }
            if alone.is_ok() != made_anew {
                misnamed += 1;
                eprintln!("round {round}: {what} at entry {first}, without the checkpoint: {alone:?}");
            }
        }
        let mut tx = world.instance.db.read().await?;
        anyhow::ensure!(
            audit::verify(&mut tx, Some(&checkpoint)).await?.is_ok(),
            "the log itself is not whole"
        );
        drop(tx);
        let line = format!(
            "{} tamperings, {missed} not found, {misnamed} misnamed, {by_checkpoint} found by the checkpoint alone",
            run.count
        );
        figure.add(world.instance.db.engine(), &line, missed + misnamed);
    }
    Ok(figure)
}

/// A log of real changes, the earlier of them in the first form, with a checkpoint in its later half.
async fn written(world: &World) -> anyhow::Result<(Log, Checkpoint)> {
    let ada = world.candidate("Ada Marsh").await;
    let log = async |number: u32| {
        let title = format!("Settled case {number} of who owns what");
        let fields = [
            ("intent", "publish"),
            ("title", title.as_str()),
            ("from", "2026-03"),
            ("capability", "cross-domain-leadership"),
            ("confirm_duplicate", "1"),
        ];
        ada.post("/evidence", &fields).await.expect(303);
    };
    for number in 0..20 {
        log(number).await;
    }
    // As if they had been written before the second form: the chain goes on from what they say in the first.
    let present = read(world).await?;
    let mut earlier = present.clone();
    let half = earlier.entries.len() / 2;
    for entry in &mut earlier.entries[..half] {
        (entry.version, entry.origin, entry.origin_id) = (1, None, None);
    }
    earlier.rechain(0);
    let mut tx = world.instance.db.write().await?;
    present.replace(&earlier, &mut tx).await?;
    tx.commit().await?;
    let mut tx = world.instance.db.read().await?;
    let checkpoint = audit::verify(&mut tx, None).await?.map_err(anyhow::Error::from)?;
    drop(tx);
    for number in 20..30 {
        log(number).await;
    }
    Ok((read(world).await?, checkpoint))
}

/// The log as it stands.
async fn read(world: &World) -> anyhow::Result<Log> {
    let mut tx = world.instance.db.read().await?;
    let sql = "select seq, version, at, actor, origin, origin_id, action, subject, subject_id, commitment, hash \
               from audit_entries order by seq";
    Ok(Log { entries: tx.query(sql).all().await?, head: audit::head(&mut tx).await? })
}

impl Entry {
    /// The documented form of the hash, written a second time.
    fn chain(&mut self, previous: &[u8]) {
        let mut said = previous.to_vec();
        let by = self.version > 1;
        if by {
            said.push(255);
            said.extend(self.version.to_be_bytes());
        }
        said.extend(self.seq.to_be_bytes());
        said.extend(self.at.timestamp_micros().to_be_bytes());
        said.extend(self.actor.unwrap_or_default().as_bytes());
        if by {
            said.extend([self.origin.as_deref().unwrap_or_default().as_bytes(), b"\0"].concat());
            said.extend(self.origin_id.unwrap_or_default().as_bytes());
        }
        said.extend([self.action.as_bytes(), b"\0", self.subject.as_bytes(), b"\0"].concat());
        said.extend(self.subject_id.unwrap_or_default().as_bytes());
        said.extend(&self.commitment);
        self.hash = Sha256::digest(said).to_vec();
    }

    /// Whether its columns can stand together: nobody has the nil id, and only the second form knows by what.
    fn is_ever_written(&self) -> bool {
        let ids = [self.actor, self.origin_id, self.subject_id];
        let by = if self.version > 1 {
            self.origin.is_some()
        } else {
            self.origin.is_none() && self.origin_id.is_none()
        };
        by && !ids.contains(&Some(Uuid::nil()))
    }

    /// Changes one column, as little as can be.
    fn edit(&mut self, dice: &mut ChaCha12Rng) {
        match dice.random_range(0..11) {
            0 => self.at += TimeDelta::microseconds(if dice.random_bool(0.5) { 1 } else { -1 }),
            1 => self.actor = other_id(self.actor, dice),
            2 => word(&mut self.action, dice),
            3 => word(&mut self.subject, dice),
            4 => self.subject_id = other_id(self.subject_id, dice),
            5 => bytes(&mut self.commitment, dice),
            6 => match &mut self.origin {
                Some(origin) => word(origin, dice),
                none => *none = Some("session".into()),
            },
            7 => self.origin_id = other_id(self.origin_id, dice),
            // To the first form or the second: as that of its column alone, or as if it had been written in it.
            8 => self.version = 3 - self.version,
            9 => {
                self.version = 3 - self.version;
                self.origin = Some("session".to_owned()).filter(|_| self.version > 1);
                self.origin_id = None;
            }
            _ => bytes(&mut self.hash, dice),
        }
    }
}

fn other_id(id: Option<Uuid>, dice: &mut ChaCha12Rng) -> Option<Uuid> {
    let other = match dice.random_range(0..3) {
        0 => None,
        1 => Some(Uuid::nil()),
        _ => Some(Uuid::from_bytes(dice.random())),
    };
    if other == id { Some(Uuid::from_bytes(dice.random())) } else { other }
}

fn word(word: &mut String, dice: &mut ChaCha12Rng) {
    match dice.random_range(0..3) {
        0 => word.push(' '),
        1 => drop(word.pop()),
        _ => word.make_ascii_uppercase(),
    }
}

fn bytes(bytes: &mut Vec<u8>, dice: &mut ChaCha12Rng) {
    match dice.random_range(0..4) {
        0 => drop(bytes.pop()),
        1 => bytes.push(0),
        _ => {
            let at = dice.random_range(0..bytes.len());
            bytes[at] ^= 1 << dice.random_range(0..8);
        }
    }
}

/// The number of the entry at a place.
fn number(at: usize) -> i64 {
    i64::try_from(at).map_or(i64::MAX, |at| at + 1)
}

impl Log {
    /// Does something to it that nobody may.
    fn tamper(&mut self, dice: &mut ChaCha12Rng, checkpoint: i64) -> Tampering {
        let count = self.entries.len();
        let at = dice.random_range(0..count);
        let seq = self.entries[at].seq;
        let (what, first, made_anew) = match dice.random_range(0..12) {
            0..4 => {
                self.entries[at].edit(dice);
                ("an edit", seq, false)
            }
            4 => {
                let at = at.min(count - 2);
                let many = dice.random_range(1..count - at);
                self.entries.drain(at..at + many);
                ("a deletion", number(at), false)
            }
            5 => {
                let other = (at + dice.random_range(1..count)) % count;
                let (one, other) = (at.min(other), at.max(other));
                let (first, second) = (self.entries[one].seq, self.entries[other].seq);
                self.entries.swap(one, other);
                (self.entries[one].seq, self.entries[other].seq) = (first, second);
                ("a reordering", first, false)
            }
            6 => {
                let mut added = self.entries[at].clone();
                let (number, first) = match dice.random_range(0..2) {
                    0 => (0, 0),
                    _ => (self.head.0 + 1, self.head.0 + 1),
                };
                added.seq = number;
                added.chain(&self.head.1);
                self.entries.push(added);
                ("an insertion", first, false)
            }
            7 => {
                self.entries.truncate(at);
                ("a truncation", seq, false)
            }
            8 => {
                // Also of the head, as far as the checkpoint knows better.
                let left = at.min(usize::try_from(checkpoint).unwrap_or(0) - 1);
                self.entries.truncate(left);
                self.head_follows();
                ("a truncation with its head", number(left), true)
            }
            9 => {
                let at = at.min(usize::try_from(checkpoint).unwrap_or(0) - 1);
                let before = self.entries[at].clone();
                while self.entries[at] == before {
                    self.entries[at].edit(dice);
                    self.entries[at].hash.clone_from(&before.hash);
                    if !self.entries[at].is_ever_written() {
                        self.entries[at] = before.clone();
                    }
                }
                self.rechain(at);
                ("a tail made anew", number(at), true)
            }
            10 => {
                bytes(&mut self.head.1, dice);
                ("a head with another hash", self.head.0, false)
            }
            _ => {
                let to = dice.random_range(0..self.head.0 * 2);
                let to = if to == self.head.0 { to + 1 } else { to };
                let first = to.min(self.head.0) + 1;
                self.head.0 = to;
                ("a head with another number", first, false)
            }
        };
        Tampering { what, first, made_anew }
    }

    /// Chains everything anew from an entry on, the head with it.
    fn rechain(&mut self, from: usize) {
        let mut hash = if from == 0 { vec![0; 32] } else { self.entries[from - 1].hash.clone() };
        for entry in &mut self.entries[from..] {
            entry.chain(&hash);
            hash.clone_from(&entry.hash);
        }
        self.head_follows();
    }

    fn head_follows(&mut self) {
        self.head = self.entries.last().map_or((0, vec![0; 32]), |last| (last.seq, last.hash.clone()));
    }

    /// Puts another log in its place: what differs is deleted, then what is new inserted.
    async fn replace(&self, left: &Log, tx: &mut Tx) -> anyhow::Result<()> {
        for entry in self.entries.iter().filter(|entry| !left.entries.contains(entry)) {
            tx.query("delete from audit_entries where seq = $1").bind(entry.seq).run_expecting(1).await?;
        }
        for entry in left.entries.iter().filter(|entry| !self.entries.contains(entry)) {
            tx.query(
                "insert into audit_entries \
                 (seq, version, at, actor, origin, origin_id, action, subject, subject_id, commitment, hash) \
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            )
            .bind(entry.seq)
            .bind(entry.version)
            .bind(entry.at)
            .bind(entry.actor)
            .bind(entry.origin.clone())
            .bind(entry.origin_id)
            .bind(entry.action.clone())
            .bind(entry.subject.clone())
            .bind(entry.subject_id)
            .bind(entry.commitment.clone())
            .bind(entry.hash.clone())
            .run_expecting(1)
            .await?;
        }
        tx.query("update audit_head set seq = $1, hash = $2")
            .bind(left.head.0)
            .bind(left.head.1.clone())
            .run_expecting(1)
            .await?;
        Ok(())
    }
}
