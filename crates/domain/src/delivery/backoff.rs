//! How long a delivery waits before it is sent again: exponential backoff with full jitter.
//!
//! The jitter is a hash of the delivery's id and its attempt. So it is pure, and two nodes find the
//! same; and deliveries that failed together don't come back together.

use crate::ids::DeliveryId;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// The longest pause after the first attempt.
pub const PAUSE_BASE: Duration = Duration::from_secs(1);
/// The longest pause after any attempt.
pub const PAUSE_CAP: Duration = Duration::from_secs(3_600);
/// The longest pause that the other side can ask for.
const ASKED_CAP: Duration = Duration::from_secs(86_400);

/// The pause after an attempt, counted from 1: anything from nothing up to the base doubled with
/// each attempt and cut at the cap, and no less than the other side asked for.
pub fn pause(id: DeliveryId, attempt: i64, asked: Option<Duration>) -> Duration {
    let ceiling = micros(ceiling(attempt));
    let mut hash = Sha256::new();
    hash.update(id.0.as_bytes());
    hash.update(attempt.to_be_bytes());
    let mut word = [0; 8];
    word.iter_mut().zip(hash.finalize()).for_each(|(byte, hashed)| *byte = hashed);
    // The ceiling is an hour at most, so what the remainder favours is beyond notice.
    let drawn = u64::from_be_bytes(word).checked_rem(ceiling.saturating_add(1)).unwrap_or(0);
    Duration::from_micros(drawn).max(asked.unwrap_or_default().min(ASKED_CAP))
}

/// The longest pause after an attempt.
pub(super) fn ceiling(attempt: i64) -> Duration {
    let doublings = u32::try_from(attempt.saturating_sub(1).clamp(0, 30)).unwrap_or(0);
    PAUSE_BASE.saturating_mul(2_u32.saturating_pow(doublings)).min(PAUSE_CAP)
}

/// Whole microseconds.
pub(super) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
