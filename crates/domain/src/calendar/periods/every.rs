//! How long a period is.

use crate::calendar::{Anchor, CalendarError};
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use std::num::NonZeroU32;

/// The length of a period. Days and weeks count days; months and years keep the anchor day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// So many days.
    Days(NonZeroU32),
    /// So many weeks of seven days.
    Weeks(NonZeroU32),
    /// So many months.
    Months(NonZeroU32),
    /// So many years of twelve months.
    Years(NonZeroU32),
}

impl Every {
    /// The length in days, of days and weeks; in months, of months and years.
    pub(super) fn step(self) -> i64 {
        // 32 bits times 12 fit in 64: nothing saturates.
        match self {
            Self::Days(count) | Self::Months(count) => count.get().into(),
            Self::Weeks(count) => i64::from(count.get()).saturating_mul(7),
            Self::Years(count) => i64::from(count.get()).saturating_mul(12),
        }
    }

    /// The instant `n` times this length after `anchor`, at the same local time of day. Reckoned
    /// from the anchor in one step, so that a short month or a clock change leaves no trace.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`].
    pub fn after(self, anchor: &Anchor, n: i64) -> Result<Timestamp, CalendarError> {
        let distance = times(self.step(), n)?;
        match self {
            Self::Months(_) | Self::Years(_) => anchor.boundary(distance),
            Self::Days(_) | Self::Weeks(_) => {
                let date = plus_days(anchor.local.date(), distance)?;
                let local = date.to_datetime(anchor.local.time());
                Anchor { local, zone: anchor.zone.clone() }.boundary(0)
            }
        }
    }
}

/// `n` steps.
pub(super) fn times(step: i64, n: i64) -> Result<i64, CalendarError> {
    step.checked_mul(n).ok_or(CalendarError::OutOfRange)
}

/// The date `days` days after `date`.
pub(super) fn plus_days(date: Date, days: i64) -> Result<Date, CalendarError> {
    let span = Span::new().try_days(days).map_err(|_| CalendarError::OutOfRange)?;
    in_years(date.checked_add(span).map_err(|_| CalendarError::OutOfRange)?)
}

/// A date of the years 1 to 9999, the ones that have a form `yyyy-mm-dd`.
pub(super) fn in_years(date: Date) -> Result<Date, CalendarError> {
    if date.year() >= 1 { Ok(date) } else { Err(CalendarError::OutOfRange) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::zone;

    fn after(at: &str, every: fn(NonZeroU32) -> Every, count: u32, n: i64) -> String {
        let anchor =
            Anchor::new(at.parse().expect("instant"), zone("Europe/Madrid").expect("zone"));
        let every = every(NonZeroU32::new(count).expect("not zero"));
        every.after(&anchor, n).map_or_else(|error| error.to_string(), |at| at.to_string())
    }

    #[test]
    fn a_week_keeps_the_local_time_of_day() {
        // Clocks go forward on 2026-03-29: 10:00 is 09:00Z before and 08:00Z after.
        assert_eq!(after("2026-03-25T09:00:00Z", Every::Weeks, 1, 1), "2026-04-01T08:00:00Z");
        assert_eq!(after("2026-03-25T09:00:00Z", Every::Days, 7, 1), "2026-04-01T08:00:00Z");
    }

    #[test]
    fn twelve_months_are_a_year() {
        assert_eq!(after("2024-02-29T09:00:00Z", Every::Years, 1, 4), "2028-02-29T09:00:00Z");
        assert_eq!(after("2024-02-29T09:00:00Z", Every::Months, 12, 1), "2025-02-28T09:00:00Z");
    }

    #[test]
    fn what_cannot_be_dated_is_refused() {
        for every in [Every::Days, Every::Weeks, Every::Months, Every::Years] {
            let refused = CalendarError::OutOfRange.to_string();
            assert_eq!(after("2026-01-01T00:00:00Z", every, u32::MAX, 1), refused);
            assert_eq!(after("2026-01-01T00:00:00Z", every, u32::MAX, i64::MAX), refused);
            assert_eq!(after("2026-01-01T00:00:00Z", every, u32::MAX, -1), refused);
        }
    }
}
