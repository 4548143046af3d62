//! The bearer token of a request (RFC 6750), read from exactly one `Authorization` header.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName};
use std::fmt;

/// Longer tokens are none of ours.
pub const MAX_LENGTH: usize = 512;

/// What a request says about who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Bearer<'a> {
    /// There is no `Authorization` header.
    Absent,
    /// There is more than one, another scheme, or no well-formed token.
    Malformed,
    /// The token, not yet known to be anyone's.
    Token(&'a str),
}

/// Reads the token of a request, of at most `longest` characters. Two headers are malformed,
/// whichever of them is valid.
pub fn bearer(headers: &HeaderMap, longest: usize) -> Bearer<'_> {
    only(headers, &AUTHORIZATION, |value| {
        let (scheme, token) = value.split_once(' ')?;
        let is_bearer = scheme.eq_ignore_ascii_case("bearer");
        well_formed(token.trim_start_matches(' '), longest).filter(|_| is_bearer)
    })
}

/// Reads a token that stands alone in a header of its own, by the same rules.
pub fn alone<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Bearer<'h> {
    only(headers, name, |value| well_formed(value, MAX_LENGTH))
}

fn only<'h>(
    headers: &'h HeaderMap,
    name: &HeaderName,
    read: impl Fn(&'h str) -> Option<&'h str>,
) -> Bearer<'h> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Bearer::Absent,
        (Some(value), None) => {
            value.to_str().ok().and_then(read).map_or(Bearer::Malformed, Bearer::Token)
        }
        (Some(_), Some(_)) => Bearer::Malformed,
    }
}

fn well_formed(token: &str, longest: usize) -> Option<&str> {
    (token.len() <= longest && is_b64token(token.as_bytes())).then_some(token)
}

/// `b64token` of RFC 6750, 2.1: at least one character, then padding only.
fn is_b64token(token: &[u8]) -> bool {
    let padding = token.iter().rev().take_while(|byte| **byte == b'=').count();
    let characters = &token[..token.len() - padding];
    !characters.is_empty()
        && characters.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(byte))
}

/// Says that there is a token, never which: a debug print may end in a log.
impl fmt::Debug for Bearer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absent => "Absent",
            Self::Malformed => "Malformed",
            Self::Token(_) => "Token(..)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn read(values: &[&str]) -> HeaderMap {
        let value =
            |value: &&str| HeaderValue::from_bytes(value.as_bytes()).expect("a header value");
        values.iter().map(|text| (AUTHORIZATION, value(text))).collect()
    }

    #[test]
    fn no_header_is_absent() {
        assert_eq!(bearer(&HeaderMap::new(), MAX_LENGTH), Bearer::Absent);
    }

    #[test]
    fn one_well_formed_token_is_read_in_any_case_of_the_scheme() {
        for value in ["Bearer aZ09-._~+/==", "bearer aZ09-._~+/==", "BEARER  aZ09-._~+/=="] {
            assert_eq!(
                bearer(&read(&[value]), MAX_LENGTH),
                Bearer::Token("aZ09-._~+/=="),
                "{value}"
            );
        }
        let longest = "t".repeat(MAX_LENGTH);
        assert_eq!(
            bearer(&read(&[&format!("Bearer {longest}")]), MAX_LENGTH),
            Bearer::Token(&longest)
        );
    }

    #[test]
    fn anything_else_is_malformed() {
        let long = format!("Bearer {}", "t".repeat(MAX_LENGTH + 1));
        for value in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer ==",
            "Basic dGVzdA==",
            "Bearera",
            "Bearer a b",
            "Bearer a=b",
            "Bearer a,b",
            "Bearer \"a\"",
            "Bearer\ta",
            "Bearer тест",
            &long,
        ] {
            assert_eq!(bearer(&read(&[value]), MAX_LENGTH), Bearer::Malformed, "{value}");
        }
    }

    #[test]
    fn a_longer_token_is_read_where_it_is_allowed() {
        let value = format!("Bearer {}", "t".repeat(MAX_LENGTH + 1));
        let token = Bearer::Token(&value["Bearer ".len()..]);
        assert_eq!(bearer(&read(&[&value]), MAX_LENGTH + 1), token);
    }

    #[test]
    fn a_token_alone_in_its_header_has_no_scheme() {
        let name = HeaderName::from_static("x-key");
        let sent = |values: &[&'static str]| -> HeaderMap {
            let value = |value: &&'static str| HeaderValue::from_static(value);
            values.iter().map(|text| (name.clone(), value(text))).collect()
        };
        assert_eq!(alone(&sent(&[]), &name), Bearer::Absent);
        assert_eq!(alone(&sent(&["abono_1"]), &name), Bearer::Token("abono_1"));
        for values in [&[""][..], &["Bearer a"], &["a b"], &["a", "a"], &["a,b"]] {
            assert_eq!(alone(&sent(values), &name), Bearer::Malformed, "{values:?}");
        }
        assert_eq!(alone(&read(&["a"]), &name), Bearer::Absent);
    }

    #[test]
    fn two_headers_are_malformed_even_when_equal() {
        assert_eq!(bearer(&read(&["Bearer a", "Bearer a"]), MAX_LENGTH), Bearer::Malformed);
    }

    #[test]
    fn a_debug_print_keeps_the_token_to_itself() {
        assert_eq!(format!("{:?}", Bearer::Token("secret")), "Token(..)");
    }
}
