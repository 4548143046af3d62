//! The anchor of a run of periods.

use super::CalendarError;
use crate::planted;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// Where a run of periods starts: a local date and time of day in a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Date and time of day on the customer's wall.
    pub local: DateTime,
    /// The zone of that wall.
    pub zone: TimeZone,
}

impl Anchor {
    /// The anchor of a run that starts at `at`.
    pub fn new(at: Timestamp, zone: TimeZone) -> Self {
        Self { local: zone.to_datetime(at), zone }
    }

    /// The instant `months` months after the anchor: the same time of day on the anchored day,
    /// or on the month's last day where it has no such day. A skipped local time moves forward,
    /// of a repeated one the first is taken.
    ///
    /// # Errors
    /// [`CalendarError::OutOfRange`].
    pub fn boundary(&self, months: i64) -> Result<Timestamp, CalendarError> {
        if planted::is("month-from-clamped-date") {
            return self.boundary_by_steps(months);
        }
        let span = Span::new().try_months(months).map_err(|_| CalendarError::OutOfRange)?;
        let local = self.local.checked_add(span).map_err(|_| CalendarError::OutOfRange)?;
        self.zone.to_ambiguous_timestamp(local).compatible().map_err(|_| CalendarError::OutOfRange)
    }
}

impl Anchor {
    /// A bug to plant: each month is reckoned from the one before, which may have been clamped.
    fn boundary_by_steps(&self, months: i64) -> Result<Timestamp, CalendarError> {
        let next = |local: DateTime, _| local.checked_add(Span::new().months(1));
        let local = (0..months).try_fold(self.local, next);
        let local = local.map_err(|_| CalendarError::OutOfRange)?;
        self.zone.to_ambiguous_timestamp(local).compatible().map_err(|_| CalendarError::OutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::super::zone;
    use super::*;

    fn ends(at: &str, tz: &str, months: &[i64]) -> Vec<String> {
        let anchor = Anchor::new(at.parse().expect("instant"), zone(tz).expect("zone"));
        months.iter().map(|m| anchor.boundary(*m).expect("in range").to_string()).collect()
    }

    #[test]
    fn the_31st_returns_after_a_short_month() {
        assert_eq!(
            ends("2026-01-31T10:00:00Z", "Europe/Moscow", &[1, 2, 3, 12]),
            [
                "2026-02-28T10:00:00Z",
                "2026-03-31T10:00:00Z",
                "2026-04-30T10:00:00Z",
                "2027-01-31T10:00:00Z"
            ]
        );
    }

    #[test]
    fn the_local_date_decides_not_the_utc_one() {
        // 2026-01-30T22:30Z is already the 31st in Moscow.
        assert_eq!(
            ends("2026-01-30T22:30:00Z", "Europe/Moscow", &[1, 2]),
            ["2026-02-27T22:30:00Z", "2026-03-30T22:30:00Z"]
        );
    }

    #[test]
    fn a_leap_day_returns_in_leap_years() {
        assert_eq!(
            ends("2024-02-29T09:00:00Z", "UTC", &[12, 48]),
            ["2025-02-28T09:00:00Z", "2028-02-29T09:00:00Z"]
        );
    }

    #[test]
    fn the_time_of_day_survives_daylight_saving() {
        // 10:00 in Madrid is 09:00Z in winter and 08:00Z in summer.
        assert_eq!(
            ends("2026-03-15T09:00:00Z", "Europe/Madrid", &[0, 1]),
            ["2026-03-15T09:00:00Z", "2026-04-15T08:00:00Z"]
        );
        // 02:30 does not exist on 2026-03-29 in Madrid: it moves forward to 03:30.
        assert_eq!(ends("2026-01-29T01:30:00Z", "Europe/Madrid", &[2]), ["2026-03-29T01:30:00Z"]);
    }

    #[test]
    fn year_9999_is_refused_not_wrapped() {
        let anchor = Anchor::new("9999-12-01T00:00:00Z".parse().expect("instant"), TimeZone::UTC);
        assert_eq!(anchor.boundary(1), Err(CalendarError::OutOfRange));
    }
}
