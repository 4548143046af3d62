//! Working days of Russia: article 112 of the Labour Code, and the government's yearly decrees.

use super::is_weekend;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

/// A day off that the government moved to a working day.
struct Moved {
    from: Date,
    to: Date,
}

const fn moved(from: Date, to: Date) -> Moved {
    Moved { from, to }
}

/// What the decrees move. One for the next year appears in its summer or autumn, and is added
/// here; a year without lines follows the Labour Code alone.
const DECREES: [Moved; 12] = [
    // Decree 1314 of 10 August 2023.
    moved(date(2024, 1, 6), date(2024, 5, 10)),
    moved(date(2024, 1, 7), date(2024, 12, 31)),
    moved(date(2024, 4, 27), date(2024, 4, 29)),
    moved(date(2024, 11, 2), date(2024, 4, 30)),
    moved(date(2024, 12, 28), date(2024, 12, 30)),
    // Decree 1335 of 4 October 2024.
    moved(date(2025, 1, 4), date(2025, 5, 2)),
    moved(date(2025, 1, 5), date(2025, 12, 31)),
    moved(date(2025, 2, 23), date(2025, 5, 8)),
    moved(date(2025, 3, 8), date(2025, 6, 13)),
    moved(date(2025, 11, 1), date(2025, 11, 3)),
    // Decree 1466 of 24 September 2025.
    moved(date(2026, 1, 3), date(2026, 1, 9)),
    moved(date(2026, 1, 4), date(2026, 12, 31)),
];

/// Whether a day is worked in a five-day week. So is a Saturday from which the day off was moved,
/// unless it is a holiday: then only its day off went elsewhere.
pub(super) fn is_banking_day(day: Date) -> bool {
    if is_holiday(day) || DECREES.iter().any(|moved| moved.to == day) {
        false
    } else if is_weekend(day) {
        is_moved_by_decree(day)
    } else {
        !is_moved_to_by_law(day)
    }
}

fn is_holiday(day: Date) -> bool {
    matches!(
        (day.month(), day.day()),
        (1, 1..=8) | (2, 23) | (3, 8) | (5, 1 | 9) | (6, 12) | (11, 4)
    )
}

fn is_moved_by_decree(day: Date) -> bool {
    DECREES.iter().any(|moved| moved.from == day)
}

/// A day off on which a holiday falls moves to the next working day by itself. This is a Monday:
/// no two holidays outside January are so near that one could be in the other's way.
fn is_moved_to_by_law(day: Date) -> bool {
    let weekend = [day.checked_sub(1.day()), day.checked_sub(2.days())];
    day.weekday() == Weekday::Monday && weekend.into_iter().flatten().any(moves_by_law)
}

/// Whether a weekend day makes the next Monday free. Those of January wait for the decree, which
/// may also send another one elsewhere.
fn moves_by_law(weekend_day: Date) -> bool {
    weekend_day.month() != 1 && is_holiday(weekend_day) && !is_moved_by_decree(weekend_day)
}

#[cfg(test)]
mod tests {
    use super::super::after_banking_days;
    use super::super::tests::{banking_days, exceptions};
    use super::*;

    #[test]
    fn years_have_the_working_days_of_the_published_calendars() {
        for (year, days) in [(2024, 248), (2025, 247), (2026, 247)] {
            assert_eq!(banking_days("RU", year), days, "{year}");
        }
    }

    #[test]
    fn the_decree_for_2024_makes_three_saturdays_working_days() {
        let january = [(1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (1, 8)];
        let spring = [(2, 23), (3, 8), (4, 27), (4, 29), (4, 30), (5, 1), (5, 9), (5, 10)];
        let rest = [(6, 12), (11, 2), (11, 4), (12, 28), (12, 30), (12, 31)];
        let expected: Vec<_> = january.into_iter().chain(spring).chain(rest).collect();
        assert_eq!(exceptions("RU", 2024), expected);
        for saturday in [date(2024, 4, 27), date(2024, 11, 2), date(2024, 12, 28)] {
            assert!(is_banking_day(saturday), "{saturday}");
        }
    }

    #[test]
    fn the_decree_for_2025_sends_february_and_march_elsewhere() {
        let january = [(1, 1), (1, 2), (1, 3), (1, 6), (1, 7), (1, 8)];
        let spring = [(5, 1), (5, 2), (5, 8), (5, 9)];
        let rest = [(6, 12), (6, 13), (11, 1), (11, 3), (11, 4), (12, 31)];
        let expected: Vec<_> = january.into_iter().chain(spring).chain(rest).collect();
        assert_eq!(exceptions("RU", 2025), expected);
        // Sunday 23 February and Saturday 8 March leave their Mondays alone.
        assert!(is_banking_day(date(2025, 2, 24)));
        assert!(is_banking_day(date(2025, 3, 10)));
        assert!(!is_banking_day(date(2025, 3, 8)));
        // A working Saturday.
        assert!(is_banking_day(date(2025, 11, 1)));
    }

    #[test]
    fn the_decree_for_2026_leaves_spring_to_the_law() {
        let january = [(1, 1), (1, 2), (1, 5), (1, 6), (1, 7), (1, 8), (1, 9)];
        let rest = [(2, 23), (3, 9), (5, 1), (5, 11), (6, 12), (11, 4), (12, 31)];
        let expected: Vec<_> = january.into_iter().chain(rest).collect();
        assert_eq!(exceptions("RU", 2026), expected);
    }

    #[test]
    fn without_a_decree_weekends_of_january_are_lost() {
        // As 2033, 2022 began on a Saturday; the decree of that time isn't in the table.
        for year in [2022, 2033] {
            let january = [(1, 3), (1, 4), (1, 5), (1, 6), (1, 7)];
            let rest = [(2, 23), (3, 8), (5, 2), (5, 9), (6, 13), (11, 4)];
            let expected: Vec<_> = january.into_iter().chain(rest).collect();
            assert_eq!(exceptions("RU", year), expected, "{year}");
        }
    }

    #[test]
    fn holidays_are_not_counted() {
        let cases = [
            // The new year: 31 December to 11 January.
            (date(2025, 12, 30), 1, date(2026, 1, 12)),
            (date(2025, 12, 30), 5, date(2026, 1, 16)),
            // 1 May is a Friday; 9 May is a Saturday, and gives Monday 11 May.
            (date(2026, 4, 30), 1, date(2026, 5, 4)),
            (date(2026, 4, 30), 5, date(2026, 5, 8)),
            (date(2026, 4, 30), 6, date(2026, 5, 12)),
            // A working Saturday before three days of rest.
            (date(2025, 10, 31), 1, date(2025, 11, 1)),
            (date(2025, 10, 31), 2, date(2025, 11, 5)),
            // No holiday is near.
            (date(2026, 1, 30), 5, date(2026, 2, 6)),
        ];
        for (from, count, answer) in cases {
            assert_eq!(after_banking_days("RU", from, count), Ok(answer), "{count} after {from}");
        }
    }

    #[test]
    fn decrees_move_a_day_of_rest_to_a_day_of_work_in_the_same_year() {
        for Moved { from, to } in &DECREES {
            assert!(is_weekend(*from), "{from}");
            assert!(!is_weekend(*to) && !is_holiday(*to), "{to}");
            assert_eq!(from.year(), to.year());
        }
    }
}
