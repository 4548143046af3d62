//! The machine's clock and chance of a story: both are given, so that every run is the same.

use abono_engine::Env;
use jiff::Timestamp;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

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
        Env::seeded(Box::new(move || machine.now()), self.seed << 32)
    }

    /// Lets time pass up to an instant; it never goes back.
    pub(super) fn reach(&self, at: Timestamp) {
        self.clock.fetch_max(at.as_microsecond(), Ordering::Relaxed);
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.clock.load(Ordering::Relaxed)).unwrap_or_default()
    }
}
