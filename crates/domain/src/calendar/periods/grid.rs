//! The boundaries of all periods: an anchor, and every n-th step from it in both directions.

use super::every::{in_years, plus_days, times};
use crate::calendar::CalendarError;
use jiff::civil::{Date, date};

/// Where the boundaries lie, without a beginning or an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grid {
    /// Every `step` days from `from`.
    Days { from: Date, step: i64 },
    /// Every `step` months from `month`, on `day` or the month's last day.
    Months { month: Month, day: i8, step: i64 },
}

/// A month of a year, counted from January of year 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Month(i64);

impl Month {
    /// `month` is 1 to 12.
    pub(crate) fn new(year: i16, month: i8) -> Self {
        // A 16-bit year times 12 fits in 64 bits: nothing saturates.
        let january = i64::from(year).saturating_mul(12);
        Self(january.saturating_add(i64::from(month)).saturating_sub(1))
    }

    /// `day` of the month, or its last day where it is shorter.
    fn day(self, day: i8) -> Result<Date, CalendarError> {
        let out_of_range = || CalendarError::OutOfRange;
        let year = i16::try_from(self.0.div_euclid(12)).map_err(|_| out_of_range())?;
        let month =
            i8::try_from(self.0.rem_euclid(12).saturating_add(1)).map_err(|_| out_of_range())?;
        let first = Date::new(year, month, 1).map_err(|_| out_of_range())?;
        in_years(date(year, month, day.min(first.days_in_month())))
    }
}

impl Grid {
    /// Boundary `n`, reckoned from the anchor and never from another boundary.
    pub(crate) fn boundary(self, n: i64) -> Result<Date, CalendarError> {
        match self {
            Self::Days { from, step } => plus_days(from, times(step, n)?),
            Self::Months { month, day, step } => {
                let at = times(step, n)?.checked_add(month.0).ok_or(CalendarError::OutOfRange)?;
                Month(at).day(day)
            }
        }
    }

    /// The number of the last boundary on or before `on`.
    pub(crate) fn number_on(self, on: Date) -> i64 {
        match self {
            Self::Days { from, step } => days_between(from, on).div_euclid(step),
            Self::Months { month, day, step } => {
                // Months of years that have dates: nothing saturates.
                let months = Month::new(on.year(), on.month()).0.saturating_sub(month.0);
                let is_before = on.day() < day.min(on.days_in_month());
                let is_in_step = months.rem_euclid(step) == 0;
                months.div_euclid(step).saturating_sub(i64::from(is_in_step && is_before))
            }
        }
    }
}

/// How many days `to` is after `from`.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONTHLY: Grid = Grid::Months { month: Month(2026 * 12), day: 31, step: 1 };

    #[test]
    fn the_anchor_day_returns_after_a_short_month() {
        let boundaries = [-1, 0, 1, 2, 3].map(|n| MONTHLY.boundary(n));
        let expected = [(2025, 12, 31), (2026, 1, 31), (2026, 2, 28), (2026, 3, 31), (2026, 4, 30)];
        assert_eq!(boundaries, expected.map(|(y, m, d)| Ok(date(y, m, d))));
    }

    #[test]
    fn a_clamped_boundary_begins_its_period() {
        assert_eq!(MONTHLY.number_on(date(2026, 2, 27)), 0);
        assert_eq!(MONTHLY.number_on(date(2026, 2, 28)), 1);
        assert_eq!(MONTHLY.number_on(date(2026, 1, 30)), -1);
    }

    #[test]
    fn dates_without_four_digits_are_refused() {
        assert_eq!(MONTHLY.boundary(-2025 * 12), Ok(date(1, 1, 31)));
        assert_eq!(MONTHLY.boundary(-2025 * 12 - 1), Err(CalendarError::OutOfRange));
        assert_eq!(MONTHLY.boundary((9999 - 2026) * 12 + 11), Ok(date(9999, 12, 31)));
        assert_eq!(MONTHLY.boundary((9999 - 2026) * 12 + 12), Err(CalendarError::OutOfRange));
        assert_eq!(MONTHLY.boundary(i64::MAX), Err(CalendarError::OutOfRange));
        let daily = Grid::Days { from: date(1, 1, 2), step: 1 };
        assert_eq!(daily.boundary(-1), Ok(date(1, 1, 1)));
        assert_eq!(daily.boundary(-2), Err(CalendarError::OutOfRange));
        assert_eq!(daily.boundary(i64::MIN), Err(CalendarError::OutOfRange));
    }
}
