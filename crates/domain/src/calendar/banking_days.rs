//! Days on which banks work.

use super::CalendarError;
use jiff::civil::{Date, Weekday};

/// The last of `count` banking days after `from`; with 0, `from` itself. Saturdays and Sundays
/// don't count; the holidays of a country are not known here yet.
///
/// # Errors
/// [`CalendarError::OutOfRange`].
pub fn after_banking_days(from: Date, count: u32) -> Result<Date, CalendarError> {
    let mut day = from;
    for _ in 0..count {
        day = day.tomorrow().map_err(|_| CalendarError::OutOfRange)?;
        while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            day = day.tomorrow().map_err(|_| CalendarError::OutOfRange)?;
        }
    }
    Ok(day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_weekend_is_skipped() {
        // Friday 2026-01-30.
        assert_eq!(after_banking_days(date(2026, 1, 30), 1), Ok(date(2026, 2, 2)));
        assert_eq!(after_banking_days(date(2026, 1, 30), 5), Ok(date(2026, 2, 6)));
        assert_eq!(after_banking_days(date(2026, 1, 31), 5), Ok(date(2026, 2, 6)));
        assert_eq!(after_banking_days(date(2026, 1, 31), 0), Ok(date(2026, 1, 31)));
    }
}
