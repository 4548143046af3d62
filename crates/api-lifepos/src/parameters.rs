//! The query of a request: each parameter at most once, unknown ones left alone.

use crate::error::Refused;
use axum::extract::Query;
use http::Uri;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// The parameters as sent, decoded.
#[derive(Debug)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(crate) fn read(uri: &Uri) -> Result<Self, Refused> {
        let query = Query::try_from_uri(uri);
        query
            .map(|Query(pairs)| Self(pairs))
            .map_err(|_| Refused::invalid("the query is malformed"))
    }

    /// A parameter's text.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, Refused> {
        let mut found = self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| &**value);
        let first = found.next();
        if found.next().is_some() {
            return Err(Refused::invalid(format!("{name}: given more than once")));
        }
        Ok(first)
    }

    /// Refuses a parameter that other lists of the vendor have: a filter that is silently ignored
    /// would mislead.
    pub(crate) fn none(&self, name: &str) -> Result<(), Refused> {
        match self.text(name)? {
            None => Ok(()),
            Some(_) => Err(Refused::invalid(format!("{name}: not a parameter of this list"))),
        }
    }

    /// Refuses all but the one value that says what is done anyway.
    pub(crate) fn only(&self, name: &str, value: &str) -> Result<(), Refused> {
        let same = |text: &str| (text == value).then_some(());
        self.parsed(name, &format!("`{value}`"), same).map(|_| ())
    }

    /// A parameter read by `read`, which is of the kind that `expected` says.
    fn parsed<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Refused> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let wrong = || Refused::invalid(format!("{name}: expected {expected}"));
        read(text).map(Some).ok_or_else(wrong)
    }

    /// `true` or `false`; absent is `false`.
    pub(crate) fn flag(&self, name: &str) -> Result<bool, Refused> {
        let flag = self.parsed(name, "true or false", |text| text.parse().ok())?;
        Ok(flag.unwrap_or(false))
    }

    /// An integer from 1 to `most`.
    pub(crate) fn count(&self, name: &str, most: i64) -> Result<Option<i64>, Refused> {
        let expected = format!("an integer from 1 to {most}");
        let in_range = |text: &str| abono_http::path::int64(text).filter(|it| *it <= most);
        self.parsed(name, &expected, in_range)
    }

    /// An instant.
    pub(crate) fn instant(&self, name: &str) -> Result<Option<Timestamp>, Refused> {
        self.parsed(name, "a date and time as in RFC 3339", instant)
    }
}

/// An instant as in RFC 3339, and no other spelling. What is finer than a nanosecond is cut off,
/// and the very last hours of the year 9999 are one instant: the last that there is here.
fn instant(text: &str) -> Option<Timestamp> {
    let text = text.to_ascii_uppercase();
    let (date, time) = text.split_once('T')?;
    let (clock, offset) = time.split_at(time.find(['Z', '+', '-'])?);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|it| it.is_ascii_digit());
    if !(has_form(date, "0000-00-00") && has_form(clock, "00:00:00") && is_fraction) {
        return None;
    }
    let fraction = fraction.get(..9).unwrap_or(fraction);
    let civil: DateTime = format!("{date}T{clock}.{fraction}").parse().ok()?;
    Some(offset_of(offset)?.to_timestamp(civil).unwrap_or(Timestamp::MAX))
}

fn offset_of(text: &str) -> Option<Offset> {
    if text == "Z" {
        return Some(Offset::UTC);
    }
    let (sign, rest) = text.split_at_checked(1)?;
    let (hours, minutes) = rest.split_once(':').filter(|_| has_form(rest, "00:00"))?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let seconds = (hours < 24 && minutes < 60).then_some(hours * 3600 + minutes * 60)?;
    Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).ok()
}

/// Whether it has a digit wherever the form has one, and the same sign everywhere else.
fn has_form(text: &str, form: &str) -> bool {
    let is_same = |(sign, place): (u8, u8)| match place {
        b'0' => sign.is_ascii_digit(),
        _ => sign == place,
    };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(is_same)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Parameters {
        let uri = format!("/list?{query}").parse().expect("a URI");
        Parameters::read(&uri).expect("a query")
    }

    #[test]
    fn a_parameter_is_read_once() {
        assert_eq!(read("a=1&b=%C3%A9").text("b"), Ok(Some("é")));
        assert_eq!(read("a=1").text("b"), Ok(None));
        let twice = read("a=1&a=1").text("a").expect_err("twice");
        assert_eq!(twice.info.as_deref(), Some("a: given more than once"));
    }

    #[test]
    fn what_can_not_be_served_is_refused() {
        assert_eq!(read("").none("query"), Ok(()));
        assert!(read("query=x").none("query").is_err());
        assert_eq!(read("o=desc").only("o", "desc"), Ok(()));
        assert!(read("o=asc").only("o", "desc").is_err());
    }

    #[test]
    fn an_instant_is_read_in_every_spelling_of_rfc_3339() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        for (text, expected) in [
            ("2026-01-31T10:00:00Z", at("2026-01-31T10:00:00Z")),
            ("2026-01-31t10:00:00.5z", at("2026-01-31T10:00:00.5Z")),
            ("2026-01-31T10:00:00.12345678987654321Z", at("2026-01-31T10:00:00.123456789Z")),
            ("2026-01-31T13:30:00+03:30", at("2026-01-31T10:00:00Z")),
            ("2026-01-31T09:00:00-01:00", at("2026-01-31T10:00:00Z")),
            ("2026-01-31T10:00:00-00:00", at("2026-01-31T10:00:00Z")),
            ("0000-01-01T00:00:00+23:59", at("-000001-12-31T00:01:00Z")),
            ("2016-12-31T23:59:60Z", at("2016-12-31T23:59:59Z")),
            ("9999-12-31T23:59:59.999Z", Timestamp::MAX),
            ("9999-12-31T23:59:59-23:59", Timestamp::MAX),
        ] {
            assert_eq!(instant(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_spellings_of_an_instant_are_refused() {
        for text in [
            "",
            "2026-01-31",
            "2026-01-31T10:00:00",
            "2026-01-31 10:00:00Z",
            "2026-01-31T10:00Z",
            "2026-01-31T10:00:00.Z",
            "2026-01-31T10:00:00,5Z",
            "2026-02-30T10:00:00Z",
            "2026-01-31T25:00:00Z",
            "2026-01-31T10:00:00+24:00",
            "2026-01-31T10:00:00+03:60",
            "2026-01-31T10:00:00+0300",
            "2026-01-31T10:00:00+03:00[Europe/Moscow]",
            "+002026-01-31T10:00:00Z",
            "20260131T100000Z",
            "2026-01-31T10:00:00Zé",
            "2026-01-31T10:00:00+é",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn values_of_another_kind_are_refused() {
        assert_eq!(read("n=1000").count("n", 1000), Ok(Some(1000)));
        for query in ["n=", "n=0", "n=1001", "n=-1", "n=1.0", "n=x"] {
            assert!(read(query).count("n", 1000).is_err(), "{query}");
        }
        assert_eq!(read("f=true").flag("f"), Ok(true));
        assert_eq!(read("").flag("f"), Ok(false));
        for query in ["f", "f=", "f=1", "f=TRUE"] {
            assert!(read(query).flag("f").is_err(), "{query}");
        }
        assert!(read("t=2026-01-31T10:00:00.000Z").instant("t").is_ok_and(|t| t.is_some()));
        for query in ["t=", "t=2026-01-31", "t=1769853600", "t=2026-01-31T10:00:00"] {
            assert!(read(query).instant("t").is_err(), "{query}");
        }
    }
}
