//! How fast one token, or one link, may ask: so many requests a second, and a burst before that
//! counts (GCRA).
//!
//! The limit is a node's own: behind a balancer over two nodes each has twice as much.

use crate::trace::Clock;
use governor::clock::Clock as Stopwatch;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use uuid::Uuid;

/// How fast each may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests a second, for ever.
    pub per_second: NonZeroU32,
    /// Requests at once, before that counts.
    pub burst: NonZeroU32,
}

/// 200 a second after a burst of 400.
impl Default for Rate {
    fn default() -> Self {
        let of = |count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        Self { per_second: of(200), burst: of(400) }
    }
}

type Limiter = RateLimiter<Uuid, HashMapStateStore<Uuid>, Machine, NoOpMiddleware<Nanos>>;

/// Counts the requests of each token or link.
pub struct RateLimit {
    limiter: Option<Limiter>,
    asked: AtomicU32,
}

/// After so many requests, those that have been quiet are forgotten.
const SWEEP: u32 = 1 << 16;

impl RateLimit {
    /// A limit for each, measured on `clock`.
    pub fn new(rate: Rate, clock: Clock) -> Self {
        let quota = Quota::per_second(rate.per_second).allow_burst(rate.burst);
        let limiter = RateLimiter::new(quota, HashMapStateStore::default(), Machine(clock));
        Self { limiter: Some(limiter), asked: AtomicU32::new(0) }
    }

    /// No limit.
    pub const fn off() -> Self {
        Self { limiter: None, asked: AtomicU32::new(0) }
    }

    /// Counts a request of the token or link with this id.
    ///
    /// # Errors
    /// How many whole seconds to wait, where it is one too many.
    pub fn check(&self, key: Uuid) -> Result<(), u64> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            limiter.retain_recent();
        }
        limiter.check_key(&key).map_err(|early| {
            let wait = early.wait_time_from(limiter.clock().now());
            wait.as_secs() + u64::from(wait.subsec_nanos() > 0).max(u64::from(wait.is_zero()))
        })
    }
}

/// The clock of the process, as the limiter reads it.
#[derive(Clone)]
struct Machine(Clock);

impl Stopwatch for Machine {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        (self.0)().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::AtomicU64;
    use std::time::Duration;

    /// A limit of two a second after a burst of three, and its clock in milliseconds.
    fn limit() -> (RateLimit, Arc<AtomicU64>) {
        let of = |count| NonZeroU32::new(count).expect("a number");
        let time = Arc::new(AtomicU64::new(1_000));
        let read = time.clone();
        let clock: Clock = Arc::new(move || Duration::from_millis(read.load(Ordering::Relaxed)));
        (RateLimit::new(Rate { per_second: of(2), burst: of(3) }, clock), time)
    }

    const ONE: Uuid = Uuid::from_u128(1);
    const OTHER: Uuid = Uuid::from_u128(2);

    #[test]
    fn a_burst_is_followed_by_the_steady_rate() {
        let (limit, time) = limit();
        for _ in 0..3 {
            assert_eq!(limit.check(ONE), Ok(()));
        }
        assert_eq!(limit.check(ONE), Err(1));
        assert_eq!(limit.check(OTHER), Ok(()), "each token has its own");
        time.fetch_add(500, Ordering::Relaxed);
        assert_eq!((limit.check(ONE), limit.check(ONE)), (Ok(()), Err(1)));
    }

    #[test]
    fn a_limit_that_is_off_is_none() {
        assert!((0..10_000).all(|_| RateLimit::off().check(ONE).is_ok()));
    }

    #[test]
    fn the_steady_rate_is_held_for_long() {
        let (limit, time) = limit();
        let passed = (0..10_000).filter(|_| {
            time.fetch_add(1, Ordering::Relaxed);
            limit.check(ONE).is_ok()
        });
        // Ten seconds at two each, and the burst.
        assert_eq!(passed.count(), 22);
    }
}
