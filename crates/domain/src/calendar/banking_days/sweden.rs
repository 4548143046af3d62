//! Days on which the banks of Sweden are closed.

use super::easter::days_since_easter;
use jiff::civil::{Date, Weekday};

/// Whether a day is a holiday of Sweden, or one of the three eves that count as one at banks:
/// those of midsummer, Christmas and the new year (law 1930:173, section 2).
pub(super) fn is_bank_free(day: Date) -> bool {
    let fixed =
        matches!((day.month(), day.day()), (1, 1 | 6) | (5, 1) | (6, 6) | (12, 24 | 25 | 26 | 31));
    fixed || follows_easter(day) || is_midsummer_eve(day)
}

/// Good Friday, Easter Monday and Ascension Day.
fn follows_easter(day: Date) -> bool {
    matches!(days_since_easter(day), -2 | 1 | 39)
}

/// The Friday before Midsummer Day, which is the Saturday from 20 to 26 June.
fn is_midsummer_eve(day: Date) -> bool {
    day.weekday() == Weekday::Friday && matches!((day.month(), day.day()), (6, 19..=25))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{banking_days, exceptions};
    use super::*;
    use jiff::civil::date;

    #[test]
    fn banks_in_sweden_rest_on_holidays_and_three_eves() {
        // As the Riksbank's list for 2026; 6 June and 26 December are Saturdays.
        let rest = [
            (1, 1),
            (1, 6),
            (4, 3),
            (4, 6),
            (5, 1),
            (5, 14),
            (6, 19),
            (12, 24),
            (12, 25),
            (12, 31),
        ];
        assert_eq!(exceptions("SE", 2026), rest);
        assert_eq!(banking_days("SE", 2026), 251);
    }

    #[test]
    fn midsummer_eve_is_the_friday_from_19_to_25_june() {
        let eves = [(2020, 19), (2022, 24), (2024, 21), (2025, 20), (2026, 19), (2027, 25)];
        for (year, eve) in eves {
            let found: Vec<i8> =
                (1..=30).filter(|&day| is_midsummer_eve(date(year, 6, day))).collect();
            assert_eq!(found, [eve], "{year}");
        }
    }
}
