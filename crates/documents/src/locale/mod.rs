//! The languages that documents are printed in: their words, and how they write amounts and dates.

mod en;
mod es;
mod format;
mod ru;
mod sv;
mod words;

pub(crate) use words::Words;

use abono_domain::language::Language;

/// A language that documents are printed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// English.
    English,
    /// Russian.
    Russian,
    /// Spanish.
    Spanish,
    /// Swedish.
    Swedish,
}

impl Locale {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::English, Self::Russian, Self::Spanish, Self::Swedish];

    /// The one of a language; English for one that isn't here.
    pub fn of(language: &Language) -> Self {
        let same = |it: &Self| it.as_str() == language.as_str();
        Self::ALL.into_iter().find(same).unwrap_or(Self::English)
    }

    /// Its code (ISO 639-1).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
            Self::Spanish => "es",
            Self::Swedish => "sv",
        }
    }

    pub(crate) const fn words(self) -> &'static Words {
        match self {
            Self::English => &en::WORDS,
            Self::Russian => &ru::WORDS,
            Self::Spanish => &es::WORDS,
            Self::Swedish => &sv::WORDS,
        }
    }
}
