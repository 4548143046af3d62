//! A circuit breaker: whoever fails again and again is left alone for a while, so that it can
//! recover, and so that nobody waits for what will most likely not come.
//!
//! It does no IO and reads no clock: it is asked before each call, told afterwards what came of it,
//! and given the time on both occasions.

use std::num::NonZeroU32;
use std::time::Duration;

/// When a breaker opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// So many calls have to fail one after the other.
    pub failures: NonZeroU32,
    /// The first rest. Each failed trial after it doubles the next one.
    pub rest: Duration,
    /// The longest rest.
    pub rest_max: Duration,
    /// How long one trial is waited for: a call that never says what came of it holds up the next
    /// trial for no longer.
    pub trial: Duration,
}

/// Where a breaker stands. Times are since some moment of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Calls go through; so many failed since the last that went well.
    Closed { failures: u32 },
    /// None goes through until then.
    Open { until: Duration, rest: Duration },
    /// One is under way, to see whether it goes well; it has until then.
    HalfOpen { until: Duration, rest: Duration },
}

/// A circuit breaker.
#[derive(Clone, Debug)]
pub struct Breaker {
    settings: Settings,
    state: State,
    /// Counts the changes of state, so that a late answer to an old call changes nothing.
    round: u64,
}

/// Leave for one call, to be given back with what came of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Pass {
    round: u64,
}

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The other side works, whatever it answered.
    Well,
    /// It doesn't.
    Ill,
    /// It wasn't called after all.
    NotCalled,
}

impl Breaker {
    /// A closed one.
    pub const fn new(settings: Settings) -> Self {
        Self { settings, state: State::Closed { failures: 0 }, round: 0 }
    }

    /// Leave for a call.
    ///
    /// # Errors
    /// How long there is none, at most.
    pub fn ask(&mut self, now: Duration) -> Result<Pass, Duration> {
        let (until, rest) = match self.state {
            State::Closed { .. } => return Ok(Pass { round: self.round }),
            State::Open { until, rest } | State::HalfOpen { until, rest } => (until, rest),
        };
        match until.checked_sub(now).filter(|left| !left.is_zero()) {
            Some(left) => Err(left),
            None => {
                let until = now.saturating_add(self.settings.trial);
                self.go(State::HalfOpen { until, rest });
                Ok(Pass { round: self.round })
            }
        }
    }

    /// Takes the outcome of a call.
    pub fn settle(&mut self, pass: Pass, outcome: Outcome, now: Duration) {
        if pass.round != self.round {
            return;
        }
        match (self.state, outcome) {
            (State::Closed { failures }, Outcome::Ill) => self.fail(failures, now),
            (State::Closed { .. }, Outcome::Well) => self.state = State::Closed { failures: 0 },
            (State::HalfOpen { .. }, Outcome::Well) => self.go(State::Closed { failures: 0 }),
            (State::HalfOpen { rest, .. }, Outcome::Ill) => {
                self.open(rest.saturating_mul(2).min(self.settings.rest_max), now);
            }
            // Nothing was tried: the next call is the trial.
            (State::HalfOpen { rest, .. }, Outcome::NotCalled) => {
                self.go(State::Open { until: now, rest });
            }
            (State::Closed { .. }, Outcome::NotCalled) | (State::Open { .. }, _) => {}
        }
    }

    fn fail(&mut self, failures: u32, now: Duration) {
        let failures = failures.saturating_add(1);
        if failures < self.settings.failures.get() {
            self.state = State::Closed { failures };
        } else {
            self.open(self.settings.rest.min(self.settings.rest_max), now);
        }
    }

    fn open(&mut self, rest: Duration, now: Duration) {
        self.go(State::Open { until: now.saturating_add(rest), rest });
    }

    const fn go(&mut self, state: State) {
        self.state = state;
        self.round += 1;
    }
}

#[cfg(test)]
mod tests;
