//! Billing periods: half-open ranges of local dates that tile time from a start to an end.
//!
//! The boundaries are counted from an anchor that is kept apart from the start. A part of a
//! period, at the start or at the end, is a stub: it knows the whole period around it.

mod day_start;
mod every;
mod grid;
mod list;
mod schedule;
mod terms;

pub use day_start::start_of_day;
pub use every::Every;
pub(crate) use grid::{Grid, Month, days_between};
pub use list::{LIST_DEFAULT, LIST_MAX};
pub use schedule::Schedule;
pub use terms::{Align, Terms, Trial};

use super::CalendarError;
use jiff::civil::Date;

/// From a day up to, and without, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateRange {
    /// The first day.
    pub from: Date,
    /// The first day that no longer belongs.
    pub to: Date,
}

impl DateRange {
    /// How many days it has.
    pub fn days(self) -> i64 {
        days_between(self.from, self.to)
    }
}

/// A billing period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its number: 0 begins on the anchor, -1 ends there.
    pub n: i64,
    /// The days that are billed.
    pub part: DateRange,
    /// The whole period around them; the same unless it is a stub.
    pub full: DateRange,
}

impl Period {
    /// Whether it begins after the whole period does, or ends before.
    pub fn is_stub(self) -> bool {
        self.part != self.full
    }
}

/// Why periods could not be reckoned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// A date outside the years 1 to 9999.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
    /// No month has such a day.
    #[error("the anchor day is {0} where 1 to 31 is expected")]
    AnchorDay(u8),
    /// No year has such a month.
    #[error("the anchor month is {0} where 1 to 12 is expected")]
    AnchorMonth(u8),
    /// Days and weeks are counted from the first period.
    #[error("an anchor day or month goes with periods of months or years only")]
    AnchorWithoutMonths,
    /// The end lies before the start.
    #[error("the end {end} is before the start {start}")]
    EndBeforeStart {
        /// The first day that no longer belongs.
        end: Date,
        /// The first day.
        start: Date,
    },
    /// A list of that length is not made.
    #[error("{0} periods were asked for where 1 to {LIST_MAX} are expected")]
    Count(u32),
    /// The limits leave room for more periods than a list may have.
    #[error("more than {LIST_MAX} periods lie within the limits: ask for a count or narrow them")]
    TooMany,
}

impl PeriodError {
    /// The same where the terms are known to be good, so that only a date can be wrong.
    pub(crate) fn of_calendar(self) -> CalendarError {
        match self {
            Self::Calendar(error) => error,
            Self::AnchorDay(_)
            | Self::AnchorMonth(_)
            | Self::AnchorWithoutMonths
            | Self::EndBeforeStart { .. }
            | Self::Count(_)
            | Self::TooMany => CalendarError::OutOfRange,
        }
    }
}
