//! The instant at which a local date begins.

use crate::calendar::CalendarError;
use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// The instant of local midnight at the start of `date`. Where the clocks skip it, the first
/// instant after the gap; where they show it twice, the first of the two.
///
/// A date that a zone skipped as a whole begins when the next one does, so it is empty there.
///
/// # Errors
/// [`CalendarError::OutOfRange`] at the end of year 9999.
pub fn start_of_day(date: Date, zone: &TimeZone) -> Result<Timestamp, CalendarError> {
    let out_of_range = |_| CalendarError::OutOfRange;
    let midnight = zone.to_ambiguous_timestamp(date.at(0, 0, 0, 0));
    let is_skipped = matches!(midnight.offset(), AmbiguousOffset::Gap { .. });
    let instant = midnight.compatible().map_err(out_of_range)?;
    if !is_skipped {
        return Ok(instant);
    }
    // The time was moved forward by the gap's length, so it lies as far behind the gap's end as
    // midnight lay behind its beginning: that is not zero in a gap that began before midnight.
    let after = instant.checked_add(SignedDuration::from_nanos(1)).map_err(out_of_range)?;
    let gap_end = zone.preceding(after).next().map(|transition| transition.timestamp());
    Ok(gap_end.unwrap_or(instant))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::zone;
    use jiff::civil::date;

    fn start(date: Date, name: &str) -> String {
        start_of_day(date, &zone(name).expect("zone")).expect("in range").to_string()
    }

    #[test]
    fn midnight_follows_the_zones_offset_of_that_day() {
        assert_eq!(start(date(2026, 1, 31), "Europe/Moscow"), "2026-01-30T21:00:00Z");
        assert_eq!(start(date(2026, 3, 29), "Europe/Madrid"), "2026-03-28T23:00:00Z");
        assert_eq!(start(date(2026, 3, 30), "Europe/Madrid"), "2026-03-29T22:00:00Z");
    }

    #[test]
    fn where_midnight_is_skipped_the_day_begins_after_the_gap() {
        // Clocks went from 00:00 to 01:00.
        assert_eq!(start(date(2018, 11, 4), "America/Sao_Paulo"), "2018-11-04T03:00:00Z");
        assert_eq!(start(date(2026, 4, 24), "Africa/Cairo"), "2026-04-23T22:00:00Z");
    }

    #[test]
    fn a_gap_may_begin_before_midnight() {
        // From 23:30 on 30 March to 00:30 on the 31st.
        assert_eq!(start(date(1919, 3, 31), "America/Toronto"), "1919-03-31T04:30:00Z");
    }

    #[test]
    fn a_date_that_was_skipped_is_empty() {
        // Samoa crossed the date line: 29 December was followed by the 31st.
        assert_eq!(start(date(2011, 12, 30), "Pacific/Apia"), "2011-12-30T10:00:00Z");
        assert_eq!(start(date(2011, 12, 31), "Pacific/Apia"), "2011-12-30T10:00:00Z");
        assert_eq!(start(date(2011, 12, 29), "Pacific/Apia"), "2011-12-29T10:00:00Z");
    }

    #[test]
    fn of_two_midnights_the_first_counts() {
        // Clocks went back from 01:00 to 00:00.
        assert_eq!(start(date(2026, 10, 25), "Atlantic/Azores"), "2026-10-25T00:00:00Z");
        // From 00:01 back to 23:01 of the day before.
        assert_eq!(start(date(2010, 11, 7), "America/St_Johns"), "2010-11-07T02:30:00Z");
    }

    #[test]
    fn the_last_day_of_year_9999_is_refused() {
        assert_eq!(
            start_of_day(date(9999, 12, 31), &TimeZone::UTC),
            Err(CalendarError::OutOfRange)
        );
        assert!(start_of_day(date(9999, 12, 30), &TimeZone::UTC).is_ok());
        assert!(start_of_day(date(1, 1, 1), &TimeZone::UTC).is_ok());
    }
}
