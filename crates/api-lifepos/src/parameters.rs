//! The query of a request: each parameter at most once, unknown ones left alone.

use crate::error::Refused;
use axum::extract::Query;
use http::Uri;
use jiff::Timestamp;

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
        self.parsed(name, "a date and time as in RFC 3339", |text| text.parse().ok())
    }
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
