//! Bugs that are planted to see that they are found: each is one line in the program that ships,
//! and isn't there without the feature `planted`.

#[cfg(feature = "planted")]
use crate::{draw, laws::Broken, stage::play};

/// All of them.
pub const BUGS: &[&str] = &[
    "a-half-goes-to-zero",
    "a-number-is-skipped",
    "banks-never-rest",
    "canceled-with-its-money",
    "claims-not-given-back",
    "clock-goes-back",
    "commit-error-is-success",
    "credit-is-left-alone",
    "cycle-before-its-change",
    "decided-for-a-day-more",
    "every-customer-covered",
    "job-not-done",
    "key-not-claimed",
    "key-not-kept",
    "last-day-excluded",
    "month-from-clamped-date",
    "no-root-guard",
    "offset-of-the-first-day-kept",
    "paid-after-its-last-day",
    "rounded-down",
    "rounded-per-day",
    "synchronous-off",
    "unknown-is-done",
];

/// Plays seeds with a bug planted until a law breaks; says at which seed, and which law.
#[cfg(feature = "planted")]
pub fn find(bug: &'static str, seeds: std::ops::Range<u64>, days: i64) -> Option<(u64, Broken)> {
    abono_domain::planted::plant(Some(bug));
    let found = seeds.into_iter().find_map(|seed| {
        let played = std::panic::catch_unwind(|| play(&draw::case(seed, days)));
        let panicked = || Err(Broken::new("nothing panics", bug));
        played.unwrap_or_else(|_| panicked()).err().map(|broken| (seed, broken))
    });
    abono_domain::planted::plant(None);
    found
}
