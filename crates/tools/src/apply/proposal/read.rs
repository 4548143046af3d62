//! Reads one value of the file, or says where it is wrong and what is expected there.

use super::FileError;
use abono_domain::exact::Exact;
use abono_domain::language::{Language, Names};
use abono_domain::money::{Currency, Money};
use jiff::civil::Date;
use std::collections::BTreeMap;
use toml::value::Datetime;

/// Reads a word of a closed list.
macro_rules! word {
    ($at:expr, $word:expr, $type:ty) => {{
        let words: Vec<&str> = <$type>::ALL.iter().map(|it| it.as_str()).collect();
        let expected = format!("one of {}", words.join(", "));
        $crate::apply::proposal::read::read($at, $word, &expected, <$type>::parse)
    }};
}
pub(super) use word;

/// Reads a word of a closed list that may be left out; then it is the list's default.
macro_rules! choice {
    ($at:expr, $word:expr, $type:ty) => {
        match $word {
            Some(word) => $crate::apply::proposal::read::word!($at, word, $type),
            None => Ok(<$type>::default()),
        }
    };
}
pub(super) use choice;

/// An amount of a currency.
pub(super) fn amount(at: &str, text: &str, currency: Currency) -> Result<Money, FileError> {
    let expected = format!("an amount of {currency} such as \"990.00\"");
    read(at, text, &expected, |text| Money::parse(text, currency).ok())
}

/// A figure in major units that may be finer than the currency.
pub(super) fn exact(at: &str, text: &str) -> Result<Exact, FileError> {
    read(at, text, "a decimal such as \"0.005\"", Exact::parse)
}

/// A day that may be left out.
pub(super) fn maybe_date(at: &str, day: Option<&Datetime>) -> Result<Option<Date>, FileError> {
    day.map(|day| date(at, day)).transpose()
}

pub(super) fn names(at: &str, names: &BTreeMap<String, String>) -> Result<Names, FileError> {
    let one = |(code, name): (&String, &String)| {
        Ok((language(&format!("{at} names"), code)?, name.clone()))
    };
    Ok(Names(names.iter().map(one).collect::<Result<_, FileError>>()?))
}

pub(super) fn language(at: &str, code: &str) -> Result<Language, FileError> {
    read(at, code, "a language of two letters such as \"ru\"", Language::parse)
}

pub(super) fn currency(at: &str, code: &str) -> Result<Currency, FileError> {
    read(at, code, "an ISO 4217 currency in capitals such as \"RUB\"", |code| code.parse().ok())
}

fn date(at: &str, day: &Datetime) -> Result<Date, FileError> {
    let only_date = day.time.is_none() && day.offset.is_none();
    let expected = "a day such as 2026-01-31, without a time";
    read(at, &day.to_string(), expected, |day| only_date.then(|| day.parse().ok()).flatten())
}

pub(super) fn read<T>(
    at: &str,
    value: &str,
    expected: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, FileError> {
    read(value).ok_or_else(|| FileError::Value {
        at: at.to_owned(),
        value: value.chars().take(40).collect(),
        expected: expected.to_owned(),
    })
}
