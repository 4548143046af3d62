//! Business clocks: the real one, and clocks that are moved by hand.

pub mod set;

use jiff::Timestamp;

/// Why a clock can't be moved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClockRefusal {
    /// It follows the machine's clock.
    #[error("the tenant's clock is the real one and can't be moved")]
    Real,
    /// It would go back, or nowhere in the calendar.
    #[error("the clock stands at {0} and only moves forward, at most to the year 9000")]
    Backward(Timestamp),
}
