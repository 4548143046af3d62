//! The `Idempotency-Key` of a request: what the client calls one intention, sent once or often.

use http::{HeaderMap, HeaderName};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The longest key.
const MAX_LENGTH: usize = 255;

/// A key that can't be taken: sent twice, empty, too long, or not of printable ASCII characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected one Idempotency-Key of 1 to 255 printable ASCII characters")]
pub struct InvalidKey;

/// Reads the key of a request, if it has one.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, InvalidKey> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let key = value.to_str().map_err(|_| InvalidKey)?;
    let taken = (1..=MAX_LENGTH).contains(&key.len())
        && key.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && values.next().is_none();
    if taken { Ok(Some(key)) } else { Err(InvalidKey) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn headers(values: &[&str]) -> HeaderMap {
        let value =
            |value: &&str| HeaderValue::from_bytes(value.as_bytes()).expect("a header value");
        values.iter().map(|text| (IDEMPOTENCY_KEY, value(text))).collect()
    }

    #[test]
    fn a_request_may_have_no_key() {
        assert_eq!(idempotency_key(&HeaderMap::new()), Ok(None));
    }

    #[test]
    fn a_key_is_taken_as_it_stands() {
        let longest = "k".repeat(MAX_LENGTH);
        for key in ["1", "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "a b", "~!", &longest] {
            assert_eq!(idempotency_key(&headers(&[key])), Ok(Some(key)));
        }
    }

    #[test]
    fn a_key_that_is_empty_or_long_or_not_printable_is_refused() {
        for key in ["", "a\tb", "ключ", &"k".repeat(MAX_LENGTH + 1)] {
            assert_eq!(idempotency_key(&headers(&[key])), Err(InvalidKey), "{key:?}");
        }
    }

    #[test]
    fn two_keys_are_refused_even_when_equal() {
        assert_eq!(idempotency_key(&headers(&["a", "a"])), Err(InvalidKey));
    }
}
