//! Languages and the names of things in several of them.

use std::collections::BTreeMap;

/// An ISO 639-1 language code in lower case, such as `ru`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(String);

impl Language {
    /// The language of `tag`: the primary subtag of a BCP 47 tag, so `ru-RU` is `ru`.
    /// `None` when that isn't two ASCII letters.
    pub fn parse(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let two_letters = primary.len() == 2 && primary.bytes().all(|b| b.is_ascii_alphabetic());
        two_letters.then(|| Self(primary.to_ascii_lowercase()))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
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
