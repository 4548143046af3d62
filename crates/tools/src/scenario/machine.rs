//! The machine's clock and chance of a story: both are given, so that every run is the same.

use abono_engine::Env;
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// The machine's clock of one story. It follows the story's business clock, and runs ahead of it
/// where a new version of the seller has to become active.
#[derive(Clone, Debug)]
pub struct Machine {
    clock: Arc<AtomicI64>,
    seed: u64,
}

impl Machine {
    /// A clock that waits for the story's beginning. Ids follow from the seed: stories that are
    /// told in one database need different ones, and none of them shows.
    pub fn new(seed: u64) -> Self {
        Self { clock: Arc::default(), seed }
    }

    /// The outer world of an engine that tells one story.
    pub fn env(&self) -> Env {
        let machine = self.clone();
        Env::new(Box::new(move || machine.now()), chance(self.seed))
    }

    /// Lets time pass up to an instant; it never goes back.
    pub(super) fn reach(&self, at: Timestamp) {
        self.clock.fetch_max(at.as_microsecond(), Ordering::Relaxed);
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.clock.load(Ordering::Relaxed)).unwrap_or_default()
    }
}

type Chance = Box<dyn Fn(&mut [u8]) + Send + Sync>;

/// Bytes that look like chance and are the same in every run (SplitMix64).
fn chance(seed: u64) -> Chance {
    let state = AtomicU64::new(seed << 32);
    Box::new(move |bytes| {
        for chunk in bytes.chunks_mut(8) {
            let mut z = state.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let word = (z ^ (z >> 31)).to_le_bytes();
            for (byte, random) in chunk.iter_mut().zip(word) {
                *byte = random;
            }
        }
    })
}
