//! Chance from a seed.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Gives the same for the same seed.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice of a seed; `lane` keeps those of one run apart.
    pub fn new(seed: u64, lane: u64) -> Dice {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        dice.set_stream(lane);
        Dice(dice)
    }

    /// A number below a bound, which is not 0.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0.random_range(0..bound)
    }

    /// True once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of several.
    pub fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }

    /// A byte.
    pub fn byte(&mut self) -> u8 {
        self.0.next_u32().to_le_bytes()[0]
    }
}
