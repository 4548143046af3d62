//! Shapes that stand in others: an id with its word, days, instants.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Serialize, Serializer};

/// A thing or a word of a list, by its number and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct IdValue<'a> {
    pub(crate) id: i64,
    pub(crate) value: &'a str,
}

/// A day of the subscription's wall, which the contract writes as an instant: its midnight, in no
/// zone.
#[derive(Clone, Copy)]
pub(crate) struct Day(pub(crate) Date);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}T00:00:00Z", self.0))
    }
}

/// RFC 3339 in UTC without decimals; what is finer than a second is cut off.
#[derive(Clone, Copy)]
pub(crate) struct Instant(pub(crate) Timestamp);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.0}", self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn json(shape: impl Serialize) -> String {
        serde_json::to_string(&shape).expect("JSON")
    }

    #[test]
    fn a_day_is_written_as_its_midnight_unconverted() {
        assert_eq!(json(Day(date(2026, 3, 29))), r#""2026-03-29T00:00:00Z""#);
        assert_eq!(json(Day(date(9999, 12, 31))), r#""9999-12-31T00:00:00Z""#);
    }

    #[test]
    fn an_instant_is_cut_to_its_second() {
        let at = |text: &str| json(Instant(text.parse().expect("an instant")));
        assert_eq!(at("2026-01-31T10:00:00.999999+01:00"), r#""2026-01-31T09:00:00Z""#);
        assert_eq!(at("2026-01-31T10:00:00Z"), r#""2026-01-31T10:00:00Z""#);
    }
}
