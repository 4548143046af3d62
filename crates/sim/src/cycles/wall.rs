//! The clock on a wall in Madrid, told by hand: an hour ahead of UTC, two from the last Sunday of
//! March to that of October, at one o'clock UTC.

use crate::days::{DAY, civil, day_number};

const HOUR: i64 = 3_600_000_000;

/// The last Sunday of a month of 31 days.
pub(crate) fn last_sunday(year: i64, month: i64) -> i64 {
    let last = day_number(year, month, 31);
    // Day 3 was a Sunday.
    last - (last - 3).rem_euclid(7)
}

fn offset(at: i64) -> i64 {
    let (year, ..) = civil(at.div_euclid(DAY));
    let turn = |month| last_sunday(year, month) * DAY + HOUR;
    if (turn(3)..turn(10)).contains(&at) { 2 * HOUR } else { HOUR }
}

/// The day on the wall.
pub(crate) fn day(at: i64) -> i64 {
    (at + offset(at)).div_euclid(DAY)
}

/// The first instant of a day.
pub(crate) fn midnight(day: i64) -> i64 {
    let summer = day * DAY - 2 * HOUR;
    if offset(summer) == 2 * HOUR { summer } else { summer + HOUR }
}

/// Whether a day has 23 or 25 hours.
pub(crate) fn is_odd(day: i64) -> bool {
    midnight(day + 1) - midnight(day) != DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_turns_with_the_law() {
        let micros =
            |text: &str| text.parse::<jiff::Timestamp>().expect("instant").as_microsecond();
        let (march, october) = (last_sunday(2026, 3), last_sunday(2026, 10));
        assert_eq!((march, october), (day_number(2026, 3, 29), day_number(2026, 10, 25)));
        assert_eq!(midnight(march), micros("2026-03-28T23:00:00Z"));
        assert_eq!(midnight(march + 1), micros("2026-03-29T22:00:00Z"));
        assert_eq!(midnight(october), micros("2026-10-24T22:00:00Z"));
        assert_eq!(midnight(october + 1), micros("2026-10-25T23:00:00Z"));
        let odd: Vec<i64> = (march - 99..march + 266).filter(|day| is_odd(*day)).collect();
        assert_eq!(odd, [march, october]);
        assert_eq!(day(micros("2026-10-25T22:59:59Z")), october);
    }
}
