//! Moves a clock by hand, forward only.

use super::ClockRefusal;
use crate::decision::{Change, Decision, Draft, Outcome};
use crate::ids::ClockId;
use crate::moment::{Moment, to_micros};
use jiff::Timestamp;

/// Set the tenant's clock to `to`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetClock {
    /// Where it stands afterwards.
    pub to: Timestamp,
}

/// What has to be known.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The tenant's clock.
    pub clock: ClockId,
    /// Where it stands; `None` where it is the real one.
    pub stands_at: Option<Timestamp>,
}

/// 9000-01-01T00:00:00Z: leaves room for every period that starts before.
const LATEST: i64 = 221_845_392_000_000_000;

/// Moves it.
///
/// # Errors
/// [`ClockRefusal`].
pub fn decide(command: &SetClock, facts: Facts, moment: Moment) -> Result<Decision, ClockRefusal> {
    let stands_at = facts.stands_at.ok_or(ClockRefusal::Real)?;
    let to = to_micros(command.to);
    if to < stands_at || to.as_microsecond() > LATEST {
        return Err(ClockRefusal::Backward(stands_at));
    }
    let mut draft = Draft::new(moment);
    draft.push(Change::ClockSet(facts.clock, to));
    Ok(draft.done(Outcome::Clock(to)))
}
