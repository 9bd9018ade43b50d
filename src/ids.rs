//! Ids and secrets: random, or counted from a seed in tests and demos.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use uuid::Uuid;

/// Makes ids and secrets.
#[derive(Clone, Debug)]
pub struct Ids(Arc<Mutex<ChaCha12Rng>>);

impl Ids {
    /// Unpredictable: seeded by the operating system.
    pub fn random() -> Ids {
        Ids(Arc::new(Mutex::new(rand::make_rng())))
    }

    /// The same sequence for the same seed: for tests and demos, never where a secret must be one.
    pub fn seeded(seed: u64) -> Ids {
        Ids(Arc::new(Mutex::new(ChaCha12Rng::seed_from_u64(seed))))
    }

    /// A UUID of version 7, which sorts by the moment given.
    pub fn new_id(&self, at: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        let bytes: [u8; 10] = self.bytes();
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }

    /// Random bytes, for tokens and keys.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill(&mut bytes);
        bytes
    }
}
