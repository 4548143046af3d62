//! The machine's clock and chance of a story: both are given, so that every run is the same.

use abono_engine::Env;
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// The machine's clock of one story. It follows the story's business clock, and runs ahead of it
/// where a new version of the seller has to become active.
#[derive(Clone, Debug, Default)]
pub struct Machine(Arc<AtomicI64>);

impl Machine {
    /// A clock that waits for the story's beginning.
    pub fn new() -> Self {
        Self::default()
    }

    /// The outer world of an engine that tells one story.
    pub fn env(&self) -> Env {
        let clock = self.clone();
        Env::new(Box::new(move || clock.now()), chance())
    }

    /// Lets time pass up to an instant; it never goes back.
    pub(super) fn reach(&self, at: Timestamp) {
        self.0.fetch_max(at.as_microsecond(), Ordering::Relaxed);
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::Relaxed)).unwrap_or_default()
    }
}

/// Bytes that look like chance and are the same in every run (SplitMix64).
fn chance() -> Box<dyn Fn(&mut [u8]) + Send + Sync> {
    let state = AtomicU64::new(1);
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
