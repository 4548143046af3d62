//! What texts mean: numbers and times.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A whole number of 32 bits in the one spelling it has: no plus, no zeros before it.
pub(super) fn int(text: &str) -> Option<i32> {
    text.parse().ok().filter(|number: &i32| number.to_string() == text)
}

/// A moment: a day, a wall clock in UTC, an instant with `Z` or an offset, or what the framework
/// made of dates in its youth: `/Date(1792800000000+0200)/`, where the offset says nothing. Years
/// are those of the contract: 1 to 9999.
pub(super) fn date_time(text: &str) -> Option<Timestamp> {
    let wrapped = text.strip_prefix("/Date(").and_then(|it| it.strip_suffix(")/"));
    let at = match wrapped {
        Some(inner) => milliseconds(inner)?,
        None => iso(text)?,
    };
    let year = TimeZone::UTC.to_datetime(at).year();
    (1..=9999).contains(&year).then_some(at)
}

fn milliseconds(text: &str) -> Option<Timestamp> {
    // The sign of the number itself is no start of an offset.
    let offset = text.get(1..)?.find(['+', '-']).map(|at| at.saturating_add(1));
    let (number, offset) = text.split_at(offset.unwrap_or(text.len()));
    let digits = offset.trim_start_matches(['+', '-']);
    let is_offset = offset.is_empty()
        || (offset.len() == 5 && digits.len() == 4 && digits.bytes().all(|it| it.is_ascii_digit()));
    let number: i64 = number.parse().ok().filter(|_| is_offset && !number.starts_with('+'))?;
    Timestamp::from_millisecond(number).ok()
}

/// The parser takes much that is no ISO 8601 of ours, and forgets an offset where a wall clock is
/// wanted: so the shape is looked at first.
fn iso(text: &str) -> Option<Timestamp> {
    let is_day =
        |day: &str| day.len() == 10 && day.bytes().all(|it| matches!(it, b'0'..=b'9' | b'-'));
    let (day, time) = match text.split_once('T') {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    if !is_day(day) {
        return None;
    }
    let Some(time) = time else { return wall_clock(&format!("{day}T00:00:00")) };
    let is_time = |it: u8| matches!(it, b'0'..=b'9' | b':' | b'.' | b'+' | b'-' | b'Z');
    if time.len() < 5 || !time.bytes().all(is_time) {
        return None;
    }
    if time.contains(['Z', '+', '-']) { text.parse().ok() } else { wall_clock(text) }
}

fn wall_clock(text: &str) -> Option<Timestamp> {
    let clock: DateTime = text.parse().ok()?;
    TimeZone::UTC.to_timestamp(clock).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        for (text, number) in [("0", 0), ("-7", -7), ("2147483647", i32::MAX)] {
            assert_eq!(int(text), Some(number));
        }
        for text in ["", "+1", "01", "-0", "1.0", "1e3", " 1", "abc", "2147483648", "١"] {
            assert_eq!(int(text), None, "{text}");
        }
    }

    #[test]
    fn a_moment_is_in_utc_unless_it_names_an_offset() {
        for (text, at) in [
            ("2026-01-31", "2026-01-31T00:00:00Z"),
            ("2026-01-31T10:00", "2026-01-31T10:00:00Z"),
            ("2026-01-31T10:00:00", "2026-01-31T10:00:00Z"),
            ("2026-01-31T10:00:00.5", "2026-01-31T10:00:00.5Z"),
            ("2026-01-31T10:00:00Z", "2026-01-31T10:00:00Z"),
            ("2026-01-31T10:00:00.0000000+02:00", "2026-01-31T08:00:00Z"),
            ("0001-01-01T00:00:00", "0001-01-01T00:00:00Z"),
            ("/Date(1769853600000)/", "2026-01-31T10:00:00Z"),
            ("/Date(1769853600000+0200)/", "2026-01-31T10:00:00Z"),
            ("/Date(-1000-0500)/", "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(date_time(text), Some(at.parse().expect("an instant")), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_not_read() {
        for text in [
            "",
            "2026-02-29",
            "2026-1-31",
            "20260131T100000",
            "2026-01-31 10:00:00",
            "2026-01-31t10:00:00",
            "2026-01-31T",
            "2026-01-31T10",
            "2026-01-31T25:00:00",
            "2026-01-31T10:00:00[Europe/Stockholm]",
            "-000001-01-01T00:00:00",
            "0000-01-01",
            "10000-01-01",
            "/Date()/",
            "/Date(abc)/",
            "/Date(+1)/",
            "/Date(1+2)/",
            "/Date(1+02000)/",
            "/Date(9223372036854775807)/",
            "/Date(253402300800000)/",
            "Date(1)",
        ] {
            assert_eq!(date_time(text), None, "{text}");
        }
    }
}
