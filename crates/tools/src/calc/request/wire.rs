//! How dates, instants and lengths are written in a request.

use super::Common;
use abono_domain::calendar;
use abono_domain::exact::Exact;
use abono_domain::money::{Currency, Money, MoneyError};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::de::{Deserialize, Deserializer, Error};
use std::num::NonZeroU32;

/// An RFC 3339 instant.
pub(in crate::calc) struct Instant(pub(in crate::calc) Timestamp);

/// A date `yyyy-mm-dd`, or an instant that stands for its local date.
pub(in crate::calc) enum Day {
    Date(Date),
    Instant(Timestamp),
}

/// An ISO 4217 code.
pub(in crate::calc) struct CurrencyCode(pub(in crate::calc) Currency);

/// A figure in decimal text, exactly: a quantity, a rate in percent, a price of any precision.
#[derive(Clone, Copy)]
pub(in crate::calc) struct Decimal(pub(in crate::calc) Exact);

/// An amount in decimal text, in the major unit of the request's currency.
pub(in crate::calc) struct Amount(String);

impl Amount {
    /// The amount; it has at most the currency's decimals.
    pub(in crate::calc) fn read(&self, common: &Common) -> Result<Money, MoneyError> {
        Money::parse(&self.0, common.currency())
    }
}

/// The length of a period: an object of one member.
#[derive(Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::calc) enum Every {
    Days(NonZeroU32),
    Weeks(NonZeroU32),
    Months(NonZeroU32),
    Years(NonZeroU32),
}

impl Day {
    /// The date in `zone`.
    pub(in crate::calc) fn in_zone(&self, zone: &TimeZone) -> Date {
        match self {
            Self::Date(date) => *date,
            Self::Instant(at) => zone.to_datetime(*at).date(),
        }
    }
}

impl From<Every> for calendar::Every {
    fn from(every: Every) -> Self {
        match every {
            Every::Days(count) => Self::Days(count),
            Every::Weeks(count) => Self::Weeks(count),
            Every::Months(count) => Self::Months(count),
            Every::Years(count) => Self::Years(count),
        }
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let wrong = || D::Error::custom(format_args!("`{text}` is not an RFC 3339 instant"));
        instant(&text).map(Self).ok_or_else(wrong)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let day = date(&text).map(Self::Date).or_else(|| instant(&text).map(Self::Instant));
        day.ok_or_else(|| {
            D::Error::custom(format_args!(
                "`{text}` is not a date yyyy-mm-dd or an RFC 3339 instant"
            ))
        })
    }
}

impl<'de> Deserialize<'de> for CurrencyCode {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map(Self).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let wrong = || D::Error::custom(format_args!("`{text}` is not a decimal as \"12.5\""));
        Exact::parse(&text).map(Self).ok_or_else(wrong)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(Self)
    }
}

fn date(text: &str) -> Option<Date> {
    if has_form(text, "0000-00-00") { in_years(text)?.parse().ok() } else { None }
}

/// The form is checked first, because the parser reads more than RFC 3339 allows.
fn instant(text: &str) -> Option<Timestamp> {
    let (local, rest) = text.split_at_checked(19)?;
    let digits = rest
        .strip_prefix('.')
        .map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    let offset = if rest.starts_with('.') { rest.get(digits + 1..)? } else { rest };
    let has_fraction = !rest.starts_with('.') || (1..=9).contains(&digits);
    let has_offset = offset == "Z" || has_form(offset, "+00:00") || has_form(offset, "-00:00");
    let fits = has_form(local, "0000-00-00T00:00:00") && has_fraction && has_offset;
    if fits { in_years(text)?.parse().ok() } else { None }
}

/// Whether `text` is `form` with any digit for each 0.
fn has_form(text: &str, form: &str) -> bool {
    let fits =
        |(given, form): (u8, u8)| if form == b'0' { given.is_ascii_digit() } else { given == form };
    text.len() == form.len() && text.bytes().zip(form.bytes()).all(fits)
}

/// Years run from 1 to 9999.
fn in_years(text: &str) -> Option<&str> {
    (!text.starts_with("0000")).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_one_form() {
        assert!(date("2026-01-31").is_some() && date("9999-12-31").is_some());
        for text in
            ["2026-02-30", "20260131", "2026-1-31", "2026-01-31 ", "0000-01-01", "+2026-01-31"]
        {
            assert!(date(text).is_none(), "{text}");
        }
    }

    #[test]
    fn an_instant_is_one_of_rfc_3339() {
        for text in [
            "2026-01-31T10:00:00Z",
            "2026-01-31T10:00:00.5+03:00",
            "0001-01-01T00:00:00.123456789-00:00",
        ] {
            assert!(instant(text).is_some(), "{text}");
        }
        for text in [
            "2026-01-31T10:00Z",
            "2026-01-31 10:00:00Z",
            "2026-01-31T10:00:00",
            "2026-01-31T10:00:00.Z",
            "2026-01-31T10:00:00.1234567890Z",
            "2026-01-31T10:00:00,5Z",
            "2026-01-31T25:00:00Z",
            "2026-01-31T10:00:00+03",
            "2026-01-31T10:00:00Z[UTC]",
            "0000-01-31T10:00:00Z",
            "2026-01-31T10:00:0\u{e9}Z",
        ] {
            assert!(instant(text).is_none(), "{text}");
        }
    }

    #[test]
    fn an_instant_stands_for_its_local_date() {
        let late = Day::Instant("2026-01-30T22:30:00Z".parse().expect("instant"));
        let moscow = calendar::zone("Europe/Moscow").expect("zone");
        assert_eq!(late.in_zone(&moscow).to_string(), "2026-01-31");
        assert_eq!(late.in_zone(&TimeZone::UTC).to_string(), "2026-01-30");
    }
}
