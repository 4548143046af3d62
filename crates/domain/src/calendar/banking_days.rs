//! Days on which the banks of a country work.

mod easter;
mod russia;
mod spain;
mod sweden;

use super::CalendarError;
use jiff::civil::{Date, Weekday};

/// The last of `count` banking days of a country after `from`; with 0, `from` itself.
///
/// # Errors
/// [`CalendarError::OutOfRange`].
pub fn after_banking_days(country: &str, from: Date, count: u32) -> Result<Date, CalendarError> {
    let mut day = from;
    for _ in 0..count {
        day = next_banking_day(country, day)?;
    }
    Ok(day)
}

fn next_banking_day(country: &str, after: Date) -> Result<Date, CalendarError> {
    let mut day = after;
    loop {
        day = day.tomorrow().map_err(|_| CalendarError::OutOfRange)?;
        if is_banking_day(country, day) || crate::planted::is("banks-never-rest") {
            return Ok(day);
        }
    }
}

/// Whether the banks of a country (ISO 3166-1 alpha-2) work on a day, by the law of today.
///
/// A country without a calendar of its own has weekends only.
pub fn is_banking_day(country: &str, day: Date) -> bool {
    match country {
        "RU" => russia::is_banking_day(day),
        "ES" => !is_weekend(day) && !spain::is_holiday(day),
        "SE" => !is_weekend(day) && !sweden::is_bank_free(day),
        _ => !is_weekend(day),
    }
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::date;
    use proptest::prelude::*;

    /// The days of a year on which banks do otherwise than on plain weekdays.
    pub(super) fn exceptions(country: &str, year: i16) -> Vec<(i8, i8)> {
        days_of(year)
            .filter(|&day| is_banking_day(country, day) == is_weekend(day))
            .map(|day| (day.month(), day.day()))
            .collect()
    }

    pub(super) fn banking_days(country: &str, year: i16) -> usize {
        days_of(year).filter(|&day| is_banking_day(country, day)).count()
    }

    fn days_of(year: i16) -> impl Iterator<Item = Date> {
        let days = date(year, 1, 1).series(1.day());
        days.take_while(move |day| day.year() == year)
    }

    #[test]
    fn a_country_without_a_calendar_has_weekends_only() {
        for country in ["KZ", "", "ru", "Россия"] {
            assert_eq!(exceptions(country, 2026), [], "{country}");
        }
        // Friday 2026-01-30.
        assert_eq!(after_banking_days("KZ", date(2026, 1, 30), 1), Ok(date(2026, 2, 2)));
        assert_eq!(after_banking_days("KZ", date(2026, 1, 30), 5), Ok(date(2026, 2, 6)));
        assert_eq!(after_banking_days("KZ", date(2026, 1, 31), 5), Ok(date(2026, 2, 6)));
    }

    #[test]
    fn no_days_after_a_holiday_is_the_holiday() {
        assert_eq!(after_banking_days("RU", date(2026, 1, 1), 0), Ok(date(2026, 1, 1)));
    }

    #[test]
    fn the_end_of_the_calendar_is_an_error() {
        // Friday 9999-12-31 is the last day there is.
        for (country, last) in [("KZ", 31), ("RU", 31), ("ES", 31), ("SE", 30)] {
            let last = date(9999, 12, last);
            assert_eq!(after_banking_days(country, date(9999, 12, 29), 1), Ok(date(9999, 12, 30)));
            assert_eq!(after_banking_days(country, last, 0), Ok(last));
            assert_eq!(after_banking_days(country, last, 1), Err(CalendarError::OutOfRange));
            let forever = after_banking_days(country, date(9990, 1, 1), u32::MAX);
            assert_eq!(forever, Err(CalendarError::OutOfRange));
        }
    }

    fn any_country() -> impl Strategy<Value = &'static str> {
        prop_oneof![Just("RU"), Just("ES"), Just("SE"), Just("KZ")]
    }

    fn any_day() -> impl Strategy<Value = Date> {
        // The years with decrees are few: most days are near them.
        let years = prop_oneof![2_023_i16..2_028, -9_999_i16..=9_999];
        (years, 1_i8..=12, 1_i8..=31).prop_filter_map("a date", |(y, m, d)| Date::new(y, m, d).ok())
    }

    proptest! {
        #[test]
        fn as_many_banking_days_pass_as_were_asked_for(
            country in any_country(), from in any_day(), count in 0_u32..400,
        ) {
            let Ok(answer) = after_banking_days(country, from, count) else {
                // 400 banking days are less than two years.
                prop_assert!(from.year() >= 9_997);
                return Ok(());
            };
            prop_assert!(count == 0 || is_banking_day(country, answer));
            let mut passed = 0;
            let mut day = from;
            while day < answer {
                day = day.tomorrow().expect("not after the answer");
                passed += u32::from(is_banking_day(country, day));
            }
            prop_assert_eq!(passed, count);
        }
    }
}
