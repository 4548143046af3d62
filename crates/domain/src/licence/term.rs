//! How long a piece of licence is.

use crate::calendar::{self, Align, CalendarError, Every, PeriodError, Schedule, Terms};
use jiff::Timestamp;
use jiff::civil::Date;
use std::num::NonZeroU32;

/// How long a piece of licence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// So many months, counted from the anchor.
    Months(i64),
    /// Up to the end of the calendar's period of so many months.
    Calendar(i64),
    /// Up to the end of what it takes the place of, at a price for so many months.
    Until {
        /// Whose price counts.
        months: i64,
        /// The end.
        ends_at: Timestamp,
    },
    /// So many days.
    Days(i64),
}

impl Term {
    /// The length of the period whose price is paid; `None` for days, which have no price.
    pub const fn months(self) -> Option<i64> {
        match self {
            Self::Months(months) | Self::Calendar(months) | Self::Until { months, .. } => {
                Some(months)
            }
            Self::Days(_) => None,
        }
    }

    /// The same with so many months, where its length is counted in months.
    #[must_use]
    pub const fn with_months(self, months: i64) -> Self {
        match self {
            Self::Months(_) => Self::Months(months),
            Self::Calendar(_) | Self::Until { .. } | Self::Days(_) => self,
        }
    }

    /// The word in the store, the length beside it, and the end where it is fixed.
    pub const fn parts(self) -> (&'static str, i64, Option<Timestamp>) {
        match self {
            Self::Months(months) => ("months", months, None),
            Self::Calendar(months) => ("calendar", months, None),
            Self::Until { months, ends_at } => ("until", months, Some(ends_at)),
            Self::Days(days) => ("days", days, None),
        }
    }

    /// The term of its parts.
    pub fn from_parts(word: &str, length: i64, ends_at: Option<Timestamp>) -> Option<Self> {
        match (word, ends_at) {
            ("months", None) => Some(Self::Months(length)),
            ("calendar", None) => Some(Self::Calendar(length)),
            ("until", Some(ends_at)) => Some(Self::Until { months: length, ends_at }),
            ("days", None) => Some(Self::Days(length)),
            _ => None,
        }
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
    let schedule = Schedule::new(&terms).map_err(|error| match error {
        PeriodError::Calendar(error) => error,
        // These are about anchors, ends and lists, of which there are none here.
        PeriodError::AnchorDay(_)
        | PeriodError::AnchorMonth(_)
        | PeriodError::AnchorWithoutMonths
        | PeriodError::EndBeforeStart { .. }
        | PeriodError::Count(_)
        | PeriodError::TooMany => CalendarError::OutOfRange,
    })?;
    schedule.period_on(day)?.ok_or(CalendarError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_term_reads_back_from_its_parts() {
        let ends_at = Timestamp::UNIX_EPOCH;
        for term in
            [Term::Months(3), Term::Calendar(12), Term::Until { months: 1, ends_at }, Term::Days(9)]
        {
            let (word, length, ends_at) = term.parts();
            assert_eq!(Term::from_parts(word, length, ends_at), Some(term));
        }
        assert_eq!(Term::from_parts("until", 1, None), None);
        assert_eq!(Term::from_parts("months", 1, Some(ends_at)), None);
    }

    #[test]
    fn the_calendars_quarters_begin_with_january() {
        let period = calendar_period(date(2026, 5, 20), 3).expect("in range");
        assert_eq!((period.full.from, period.full.to), (date(2026, 4, 1), date(2026, 7, 1)));
        assert_eq!((period.part.from, period.part.to), (date(2026, 5, 20), date(2026, 7, 1)));
        assert_eq!(calendar_period(date(2026, 5, 20), 0), Err(CalendarError::OutOfRange));
    }
}
