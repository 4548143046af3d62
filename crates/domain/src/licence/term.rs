//! How long a piece of licence is.

use super::{Period, Placement};
use crate::calendar::{self, Align, CalendarError, Every, PeriodError, Schedule, Terms};
use jiff::Timestamp;
use jiff::civil::Date;
use std::num::NonZeroU32;

/// How long a piece of licence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// So many months, counted from the anchor.
    Months(i64),
    /// Up to a fixed end: that of the calendar's period, or of what it takes the place of.
    Until {
        /// The length of the period whose price counts.
        months: i64,
        /// The end.
        ends_at: Timestamp,
        /// The end of what it was to follow; `None` where nothing ran.
        follows: Option<Timestamp>,
    },
    /// So many days.
    Days(i64),
}

impl Term {
    /// The length of the period whose price is paid; `None` for days, which have no price.
    pub const fn months(self) -> Option<i64> {
        match self {
            Self::Months(months) | Self::Until { months, .. } => Some(months),
            Self::Days(_) => None,
        }
    }

    /// The same with so many months, where its length is counted in months.
    #[must_use]
    pub const fn with_months(self, months: i64) -> Self {
        match self {
            Self::Months(_) => Self::Months(months),
            Self::Until { .. } | Self::Days(_) => self,
        }
    }

    /// The word in the store, the length beside it, and of a fixed end itself and what it follows.
    pub const fn parts(self) -> (&'static str, i64, Option<Timestamp>, Option<Timestamp>) {
        match self {
            Self::Months(months) => ("months", months, None, None),
            Self::Until { months, ends_at, follows } => ("until", months, Some(ends_at), follows),
            Self::Days(days) => ("days", days, None, None),
        }
    }

    /// The term of its parts.
    pub fn from_parts(
        word: &str,
        length: i64,
        ends_at: Option<Timestamp>,
        follows: Option<Timestamp>,
    ) -> Option<Self> {
        match (word, ends_at, follows) {
            ("months", None, None) => Some(Self::Months(length)),
            ("until", Some(ends_at), follows) => {
                Some(Self::Until { months: length, ends_at, follows })
            }
            ("days", None, None) => Some(Self::Days(length)),
            _ => None,
        }
    }

    /// Whether it would still give what was asked for, laid at `now`: what ends on a fixed day does
    /// so only where the licence is what it was.
    pub fn still_fits(self, placement: Placement, periods: &[Period], now: Timestamp) -> bool {
        let Self::Until { ends_at, follows, .. } = self else { return true };
        let running = periods.last().map(|last| last.ends_at).filter(|ends_at| *ends_at > now);
        let is_as_it_was = match placement {
            Placement::Behind => running == follows,
            Placement::Instead => true,
            Placement::Within => running == Some(ends_at),
        };
        now < ends_at && is_as_it_was
    }
}

/// The calendar's period of so many months to which a day belongs, and the part of it from that
/// day on. They are counted from 1 January: three months are the quarters.
///
/// # Errors
/// [`CalendarError::OutOfRange`], also for less than a month.
pub fn calendar_period(day: Date, months: i64) -> Result<calendar::Period, CalendarError> {
    let months = u32::try_from(months).ok().and_then(NonZeroU32::new);
    let every = Every::Months(months.ok_or(CalendarError::OutOfRange)?);
    let terms = Terms { start: day, every, align: Align::Calendar, trial: None, end: None };
    // It has neither an anchor, nor an end, nor a list.
    let schedule = Schedule::new(&terms).map_err(PeriodError::of_calendar)?;
    schedule.period_on(day)?.ok_or(CalendarError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_term_reads_back_from_its_parts() {
        let ends_at = Timestamp::UNIX_EPOCH;
        let until = |follows| Term::Until { months: 1, ends_at, follows };
        for term in [Term::Months(3), until(None), until(Some(Timestamp::MIN)), Term::Days(9)] {
            let (word, length, ends_at, follows) = term.parts();
            assert_eq!(Term::from_parts(word, length, ends_at, follows), Some(term));
        }
        assert_eq!(Term::from_parts("until", 1, None, None), None);
        assert_eq!(Term::from_parts("months", 1, Some(ends_at), None), None);
    }

    #[test]
    fn the_calendars_quarters_begin_with_january() {
        let period = calendar_period(date(2026, 5, 20), 3).expect("in range");
        assert_eq!((period.full.from, period.full.to), (date(2026, 4, 1), date(2026, 7, 1)));
        assert_eq!((period.part.from, period.part.to), (date(2026, 5, 20), date(2026, 7, 1)));
        assert_eq!(calendar_period(date(2026, 5, 20), 0), Err(CalendarError::OutOfRange));
    }
}
