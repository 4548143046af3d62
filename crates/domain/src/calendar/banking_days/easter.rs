//! Easter of the Western churches, from which other holidays are counted.

use jiff::civil::Date;

/// How many days a day comes after the Easter Sunday of its year; negative before it.
pub(super) fn days_since_easter(day: Date) -> i16 {
    let last_of_february = if day.in_leap_year() { 60 } else { 59 };
    // All three are days of one year: nothing saturates.
    let day_of_march = day.day_of_year().saturating_sub(last_of_february);
    day_of_march.saturating_sub(easter_in_march(day.year()))
}

/// Easter as a day of March: 32 is 1 April.
///
/// The anonymous Gregorian algorithm as printed by Meeus ("Astronomical Algorithms", chapter 8),
/// with its letters. Its divisions round down, so that it holds for years before 1 too.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "all letters but `b` are below 100, and `b` of a 16-bit year is below 330"
)]
fn easter_in_march(year: i16) -> i16 {
    let a = year.rem_euclid(19);
    let (b, c) = (year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b.div_euclid(4), b.rem_euclid(4));
    let f = (b + 8).div_euclid(25);
    let g = (b - f + 1).div_euclid(3);
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 22 * l) / 451;
    h + l - 7 * m + 22
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::ToSpan;
    use jiff::civil::{Weekday, date};

    #[test]
    fn known_easters_are_found() {
        let known = [
            // The earliest and the latest that there are.
            (1818, 3, 22),
            (1943, 4, 25),
            (2000, 4, 23),
            (2008, 3, 23),
            (2019, 4, 21),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2028, 4, 16),
            (2038, 4, 25),
            (2285, 3, 22),
        ];
        for (year, month, day) in known {
            assert_eq!(days_since_easter(date(year, month, day)), 0, "{year}");
        }
    }

    #[test]
    fn days_are_counted_from_easter_in_both_directions() {
        // Easter 2024 is 31 March of a leap year.
        assert_eq!(days_since_easter(date(2024, 3, 29)), -2);
        assert_eq!(days_since_easter(date(2024, 4, 1)), 1);
        assert_eq!(days_since_easter(date(2024, 1, 1)), -90);
    }

    #[test]
    fn every_easter_is_a_sunday_in_spring() {
        for year in -9_999..=9_999 {
            let march = easter_in_march(year);
            assert!((22..=56).contains(&march), "{year}");
            let first = date(year, 3, 1);
            let easter = first + (march - 1).days();
            assert_eq!(easter.weekday(), Weekday::Sunday, "{year}");
            assert_eq!(days_since_easter(easter), 0, "{year}");
        }
    }
}
