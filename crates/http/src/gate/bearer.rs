//! The bearer token of a request (RFC 6750), read from exactly one `Authorization` header.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use std::fmt;

/// Longer tokens are none of ours.
const MAX_LENGTH: usize = 512;

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

/// Reads the token of a request. Two headers are malformed, whichever of them is valid.
pub fn bearer(headers: &HeaderMap) -> Bearer<'_> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => Bearer::Absent,
        (Some(value), None) => {
            value.to_str().ok().and_then(token).map_or(Bearer::Malformed, Bearer::Token)
        }
        (Some(_), Some(_)) => Bearer::Malformed,
    }
}

fn token(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim_start_matches(' ');
    let read = scheme.eq_ignore_ascii_case("bearer")
        && token.len() <= MAX_LENGTH
        && is_b64token(token.as_bytes());
    read.then_some(token)
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
        assert_eq!(bearer(&HeaderMap::new()), Bearer::Absent);
    }

    #[test]
    fn one_well_formed_token_is_read_in_any_case_of_the_scheme() {
        for value in ["Bearer aZ09-._~+/==", "bearer aZ09-._~+/==", "BEARER  aZ09-._~+/=="] {
            assert_eq!(bearer(&read(&[value])), Bearer::Token("aZ09-._~+/=="), "{value}");
        }
        let longest = "t".repeat(MAX_LENGTH);
        assert_eq!(bearer(&read(&[&format!("Bearer {longest}")])), Bearer::Token(&longest));
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
            assert_eq!(bearer(&read(&[value])), Bearer::Malformed, "{value}");
        }
    }

    #[test]
    fn two_headers_are_malformed_even_when_equal() {
        assert_eq!(bearer(&read(&["Bearer a", "Bearer a"])), Bearer::Malformed);
    }

    #[test]
    fn a_debug_print_keeps_the_token_to_itself() {
        assert_eq!(format!("{:?}", Bearer::Token("secret")), "Token(..)");
    }
}
