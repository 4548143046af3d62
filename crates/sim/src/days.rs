//! Days counted by hand, so that the models share nothing with the calendar that they check. A day
//! is its number since 1970-01-01.

pub(crate) const DAY: i64 = 86_400_000_000;

/// Civil date of a day number, after Howard Hinnant's algorithm.
pub(crate) fn civil(day: i64) -> (i64, i64, i64) {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

/// Day number of a civil date.
pub(crate) fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    day_number(next_year, next, 1) - day_number(year, month, 1)
}

/// A day of a month, or its last where it is shorter; months are counted from January of year 0.
pub(crate) fn in_month(month: i64, day: i64) -> i64 {
    let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
    day_number(year, month, day.min(days_in_month(year, month)))
}

/// The same day so many months later, on the month's last where it is shorter.
pub(crate) fn months_after(day: i64, months: i64) -> i64 {
    let (year, month, day) = civil(day);
    in_month(year * 12 + month - 1 + months, day)
}

/// The number of a day of the books.
pub fn of_date(date: jiff::civil::Date) -> i64 {
    day_number(date.year().into(), date.month().into(), date.day().into())
}

/// A day as commands name it.
pub(crate) fn to_date(day: i64) -> jiff::civil::Date {
    let (year, month, day) = civil(day);
    let part = |figure: i64| i8::try_from(figure).unwrap_or(1);
    jiff::civil::date(i16::try_from(year).unwrap_or(1), part(month), part(day))
}
