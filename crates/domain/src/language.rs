//! Languages and the names of things in several of them.

use std::collections::BTreeMap;

/// An ISO 639-1 language code in lower case, such as `ru`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language([u8; 2]);

impl Language {
    /// English.
    pub const ENGLISH: Self = Self(*b"en");

    /// The language of `tag`: the primary subtag of a BCP 47 tag, so `ru-RU` is `ru`.
    /// `None` when that isn't two ASCII letters.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let letters: [u8; 2] = primary.as_bytes().try_into().ok()?;
        letters
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Self(letters.map(|b| b.to_ascii_lowercase())))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// A name in one or more languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names(pub BTreeMap<Language, String>);

impl Names {
    /// The name in `wanted`, else in `fallback`, else in the first language there is.
    pub fn in_language(&self, wanted: &Language, fallback: &Language) -> Option<&str> {
        let first = || self.0.values().next();
        self.0.get(wanted).or_else(|| self.0.get(fallback)).or_else(first).map(String::as_str)
    }
}
