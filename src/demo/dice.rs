//! Chance that can be repeated: ChaCha8 from the demo's seed, a purpose and a number, so that what is drawn for one dossier
//! depends on no other, and the same seed gives the same company on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use uuid::{Builder, Uuid};

/// A stream of chance.
pub(super) struct Dice(ChaCha8Rng);

/// What a stream of chance is for. Streams of different purposes are independent.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    People = 1,
    Plan = 2,
    Dossier = 3,
    Asking = 7,
    Leaders = 8,
    Sittings = 9,
    Development = 10,
}

impl Dice {
    /// The stream of one purpose, and of one number within it.
    pub(super) fn new(seed: u64, purpose: Purpose, number: usize) -> Self {
        let mut key = [0_u8; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8] = purpose as u8;
        key[16..24].copy_from_slice(&(number as u64).to_le_bytes());
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A number below `limit`; 0 where the limit is 0.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        let product = u128::from(self.0.next_u64()) * limit as u128;
        usize::try_from(product >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included; `low` where they are the wrong way round.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high - low + 1).unwrap_or(0);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// True in `percent` of a hundred cases.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of them. There must be one.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// One of the lines. There must be one.
    pub(super) fn line<'a>(&mut self, from: &'a [String]) -> &'a str {
        &from[self.below(from.len())]
    }

    /// Puts them in any order.
    pub(super) fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }

    /// An id (UUID v7) of something made at an instant, in milliseconds since 1970.
    pub(super) fn id(&mut self, millis: i64) -> Uuid {
        let mut bytes = [0_u8; 10];
        self.0.fill_bytes(&mut bytes);
        Builder::from_unix_timestamp_millis(u64::try_from(millis).unwrap_or(0), &bytes).into_uuid()
    }
}
