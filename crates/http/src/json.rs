//! Request bodies in JSON: a strict pass over the whole text, then serde.
//!
//! serde alone takes more than a contract says: of two members of one name it takes either or the
//! last, and it takes U+0000, an array for an object, and whatever it is not asked about. So
//! [`check`] goes over every value first, known to the contract or not, and [`parse`] reads only
//! what passed. Errors name the JSON path and say what a developer on the other side can use.
//!
//! What a type says must fit:
//! - a nested object stands as [`Object<T>`]: a derived struct alone would take an array of its
//!   members in order (the root is known to be an object);
//! - an id stands as [`CanonicalUuid`]: `Uuid` alone would take braces and URNs;
//! - a decimal stands as `Box<serde_json::value::RawValue>`, its digits as sent, never as a float;
//! - an optional member stands as `Option<T>`, where `null` is absence.

mod error;
mod media;
mod object;
mod strict;
mod wording;

pub use error::{JsonError, Kind};
pub use media::is_json;
pub use object::{CanonicalUuid, Object};

use serde::de::DeserializeOwned;

/// Which numbers a contract reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberPolicy {
    /// Integers of 64 bits with sign, written as such: neither `1.0` nor `1e3` nor `-0`.
    IntegersOnly,
    /// Also numbers with a fraction or an exponent. Types still say which members may be.
    DecimalsAllowed,
}

/// Checks everything that needs no schema, and gives the text without its byte order mark.
pub fn check(bytes: &[u8], policy: NumberPolicy) -> Result<&str, JsonError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| JsonError::new(Kind::NotUtf8, "not JSON: the body is not UTF-8"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    strict::check(text, policy).map(|()| text)
}

/// Reads a `T` from a body that passes [`check`].
pub fn parse<T: DeserializeOwned>(bytes: &[u8], policy: NumberPolicy) -> Result<T, JsonError> {
    let text = check(bytes, policy)?;
    let mut json = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path();
        let path = if path.iter().len() == 0 { String::new() } else { path.to_string() };
        wording::reword(path, error.inner())
    })
}

#[cfg(test)]
mod tests;
