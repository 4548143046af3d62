//! What the common headers and the common query parameter say.

use crate::error::Refused;
use crate::language::BARE_LANGUAGE;
use crate::parameters::Parameters;
use http::HeaderMap;

/// How much of an answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presentation {
    /// Everything.
    Full,
    /// Without the lists of plans.
    Compact,
}

impl Presentation {
    /// What the query asks for.
    pub(crate) fn read(parameters: &Parameters) -> Result<Self, Refused> {
        match parameters.text("presentation")? {
            None | Some("full") => Ok(Self::Full),
            Some("compact") => Ok(Self::Compact),
            Some(_) => Err(Refused::invalid("presentation: expected `full` or `compact`")),
        }
    }
}

/// The headers that the contract calls required, each under both of its names.
const CLIENT_IDENTIFIER: [&str; 2] = ["x-lp-client-identifier", "clientidentifier"];
const CLIENT_TYPE: [&str; 2] = ["x-lp-client-type", "clienttype"];
const LANGUAGE: [&str; 2] = ["accept-language", BARE_LANGUAGE];

/// The kinds of client that the contract knows.
pub(crate) const CLIENT_TYPES: [&str; 5] = ["Unknown", "App", "WebApp", "Service", "Android"];

const ALIAS: [&str; 2] = ["x-lp-organization-alias", "organizationalias"];

/// Logs the organisation that a client calls its default one. Nothing else is done with it: every
/// path names its organisation.
pub(crate) fn note_alias(headers: &HeaderMap) {
    let is_alias = |text: &&str| {
        (2..=24).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    };
    let alias = ALIAS.iter().filter_map(|name| headers.get(*name)?.to_str().ok()).find(is_alias);
    if let Some(alias) = alias {
        tracing::debug!(alias, "the client's default organisation");
    }
}

/// Refuses an unknown kind of client, and where `strict`, a missing header.
pub(crate) fn check_headers(headers: &HeaderMap, strict: bool) -> Result<(), Refused> {
    let types = CLIENT_TYPE.iter().flat_map(|name| headers.get_all(*name));
    for value in types {
        if !CLIENT_TYPES.iter().any(|known| known.as_bytes() == value.as_bytes()) {
            let known = CLIENT_TYPES.join(", ");
            return Err(Refused::invalid(format!("X-LP-Client-Type: expected one of {known}")));
        }
    }
    if strict { require(headers) } else { Ok(()) }
}

fn require(headers: &HeaderMap) -> Result<(), Refused> {
    let required = [
        ("X-LP-Client-Identifier", CLIENT_IDENTIFIER),
        ("X-LP-Client-Type", CLIENT_TYPE),
        ("Accept-Language", LANGUAGE),
    ];
    let absent = |names: &[&str]| !names.iter().any(|name| headers.contains_key(*name));
    match required.iter().find(|(_, names)| absent(names)) {
        Some((name, _)) => Err(Refused::invalid(format!("{name}: the header is missing"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        pairs.iter().map(pair).collect()
    }

    fn info(pairs: &[(&'static str, &'static str)], strict: bool) -> Option<String> {
        check_headers(&headers(pairs), strict).err().and_then(|refused| refused.info)
    }

    #[test]
    fn an_unknown_kind_of_client_is_always_refused() {
        for name in CLIENT_TYPE {
            assert_eq!(info(&[(name, "Android")], false), None);
            assert!(info(&[(name, "Toaster")], false).is_some_and(|it| it.contains("Client-Type")));
        }
    }

    #[test]
    fn a_missing_header_is_refused_only_where_headers_are_strict() {
        assert_eq!(info(&[], false), None);
        assert!(info(&[], true).is_some_and(|it| it.contains("Client-Identifier")));
        let bare = [("clientidentifier", "1"), ("clienttype", "App"), ("language", "ru")];
        assert_eq!(info(&bare, true), None);
        let wire = [
            ("x-lp-client-identifier", "1"),
            ("x-lp-client-type", "App"),
            ("accept-language", "ru"),
        ];
        assert_eq!(info(&wire, true), None);
    }

    #[test]
    fn a_presentation_is_full_unless_it_is_compact() {
        let read = |query: &str| {
            let uri = format!("/?{query}").parse().expect("a URI");
            Presentation::read(&Parameters::read(&uri).expect("a query"))
        };
        assert_eq!(read(""), Ok(Presentation::Full));
        assert_eq!(read("presentation=full"), Ok(Presentation::Full));
        assert_eq!(read("presentation=compact"), Ok(Presentation::Compact));
        for other in ["presentation=", "presentation=Full", "presentation=brief"] {
            assert!(read(other).is_err(), "{other}");
        }
    }
}
