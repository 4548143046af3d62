//! Holidays of Spain.

use super::easter::days_since_easter;
use jiff::civil::Date;

/// Whether a day is a holiday in all of Spain (Royal Decree 2001/1983, article 45).
///
/// Holidays of a region or town aren't known, nor are the Mondays to which some regions move a
/// holiday that falls on a Sunday.
pub(super) fn is_holiday(day: Date) -> bool {
    let fixed = matches!(
        (day.month(), day.day()),
        (1, 1 | 6) | (5, 1) | (8, 15) | (10, 12) | (11, 1) | (12, 6 | 8 | 25)
    );
    fixed || is_good_friday(day)
}

fn is_good_friday(day: Date) -> bool {
    days_since_easter(day) == -2
}

#[cfg(test)]
mod tests {
    use super::super::tests::exceptions;

    #[test]
    fn banks_in_spain_rest_on_national_holidays() {
        // 15 August is a Saturday, 1 November and 6 December are Sundays.
        let rest = [(1, 1), (1, 6), (4, 3), (5, 1), (10, 12), (12, 8), (12, 25)];
        assert_eq!(exceptions("ES", 2026), rest);
        // 12 October is a Sunday, 1 November and 6 December are Saturdays.
        let rest = [(1, 1), (1, 6), (4, 18), (5, 1), (8, 15), (12, 8), (12, 25)];
        assert_eq!(exceptions("ES", 2025), rest);
    }
}
