//! A part of a period: how much of a price it is, what a change in the middle costs, and what
//! goes back when a subscription ends.
//!
//! A part is one exact fraction of its whole period, and an amount is rounded once, when the
//! fraction has been applied. There is no price of a day: it would be rounded before it is used.

mod change;
mod credit;
mod measure;
mod split;
mod state;
#[cfg(test)]
mod tests;

pub use change::{Change, Changed, Credited, change};
pub use credit::{Behaviour, Paid, Refund, Terminated, Termination, terminate};
pub use measure::{Billed, Measure, Share};
pub use split::{Portion, split};
pub use state::{Discount, State};

use crate::calendar::CalendarError;
use crate::exact::Exact;
use crate::money::{Money, MoneyError};
use crate::words::words;
use jiff::Timestamp;
use jiff::civil::Date;
use std::fmt;

/// How the length of a part is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DayCount {
    /// The days of the calendar.
    #[default]
    Actual,
    /// A month counts 30 days. A part that begins with the month counts its days, at most 30, and
    /// the rest of the month is what is left of 30, so that parts add up. Months are counted from
    /// the period's first day; what is no whole month at its end counts its days, at most 30.
    Fixed30,
    /// Whole seconds between instants: the hour that clocks skip or repeat is counted as it was.
    Second,
}

/// To whom the day of a change belongs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DayOfChange {
    /// To the new state; the day of a termination is not billed.
    #[default]
    New,
    /// To the old state; the day of a termination is billed.
    Old,
}

words!(DayCount { Actual => "actual", Fixed30 => "fixed30", Second => "second" });

/// Where a period or a part begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// A date of the zone; where seconds are counted, its first instant.
    Date(Date),
    /// An instant; where days are counted, its date in the zone.
    Instant(Timestamp),
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => date.fmt(f),
            Self::Instant(at) => at.fmt(f),
        }
    }
}

/// From a point up to, and without, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Where it begins.
    pub from: Point,
    /// Where it no longer is.
    pub to: Point,
}

impl Stretch {
    /// From a date up to, and without, another.
    pub const fn dates(from: Date, to: Date) -> Self {
        Self { from: Point::Date(from), to: Point::Date(to) }
    }
}

/// Why a part could not be reckoned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProrationError {
    /// A date outside the years that can be stored.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// An amount that doesn't fit, or two currencies.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// There is nothing to divide by.
    #[error("the period from {0} to {1} has no length")]
    EmptyPeriod(Point, Point),
    /// The part is not a part of the period, or it ends before it begins.
    #[error("{0} to {1} is no part of the period from {2} to {3}")]
    PartOutside(Point, Point, Point, Point),
    /// The change, the end or a cut lies before the period or after it.
    #[error("{0} is not within the period from {1} to {2}")]
    AtOutside(Point, Point, Point),
    /// The cuts of a period come one after another.
    #[error("the cut at {0} lies before the one that precedes it")]
    CutsOutOfOrder(Point),
    /// The new state would begin before its own period does, or after it.
    #[error("the new state begins on {0}, which is not within its period from {1} to {2}")]
    NewPeriodElsewhere(Point, Point, Point),
    /// A price, a quantity, a discount or an amount billed is never negative.
    #[error("{0} is below zero")]
    Negative(&'static str),
}

/// An amount and the figure that was rounded to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The price of the whole period, after discounts, in major units.
    pub price: Exact,
    /// Which part of the period.
    pub share: Share,
    /// Price times share, in major units.
    pub exact: Exact,
    /// The same, rounded once.
    pub amount: Money,
}

impl Line {
    /// What the rounding added, in major units.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn residue(&self) -> Result<Exact, MoneyError> {
        Exact::of(self.amount).minus(self.exact)
    }
}

/// `amount`, or nothing where it is negative.
fn not_below_zero(amount: Money) -> Money {
    if amount.minor < 0 { Money::zero(amount.currency) } else { amount }
}

fn not_negative(amount: Money, what: &'static str) -> Result<Money, ProrationError> {
    if amount.minor < 0 { Err(ProrationError::Negative(what)) } else { Ok(amount) }
}
