//! Money: whole minor units of one currency; exact fractions in between; one rounding function.
//!
//! Half away from zero, at named points only. No float, and nothing wraps: what doesn't fit in
//! 64 bits is refused as [`MoneyError::OutOfRange`].

use crate::planted;
use std::fmt;
use std::str::FromStr;

/// An ISO 4217 currency and its exponent.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

impl Currency {
    /// Russian rouble.
    pub const RUB: Self = Self(iso_currency::Currency::RUB);
    /// Euro.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);

    /// The three-letter code.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimals the minor unit has: 2 for RUB, 0 for JPY, 3 for KWD.
    pub fn exponent(self) -> u32 {
        self.0.exponent().map_or(2, u32::from)
    }

    fn minor_per_major(self) -> i128 {
        10_i128.pow(self.exponent())
    }
}

impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Currency {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.code().cmp(other.code())
    }
}
impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl FromStr for Currency {
    type Err = MoneyError;

    /// # Errors
    /// [`MoneyError::UnknownCurrency`] for anything but an upper-case ISO 4217 code.
    fn from_str(code: &str) -> Result<Self, MoneyError> {
        // What has no minor unit (gold, "no currency") is nothing to pay with.
        iso_currency::Currency::from_code(code)
            .filter(|currency| currency.exponent().is_some())
            .map(Self)
            .ok_or_else(|| MoneyError::UnknownCurrency(code.chars().take(8).collect()))
    }
}

/// An amount of money in minor units (kopecks, cents).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Money {
    /// Minor units.
    pub minor: i64,
    /// Of this currency.
    pub currency: Currency,
}

/// Why an amount could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The figure doesn't fit in 64 bits of minor units.
    #[error("the amount is out of range")]
    OutOfRange,
    /// Two currencies met in one sum.
    #[error("{0} and {1} cannot be added")]
    MixedCurrencies(Currency, Currency),
    /// Not an ISO 4217 code.
    #[error("`{0}` is not an ISO 4217 currency code in capitals")]
    UnknownCurrency(String),
    /// Not a decimal number with at most the currency's decimals.
    #[error("`{text}` is not an amount with at most {decimals} decimals")]
    NotAnAmount {
        /// What was given, cut to a few characters.
        text: String,
        /// How many decimals the currency allows.
        decimals: u32,
    },
}

impl Money {
    /// `minor` units of `currency`.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Nothing, in `currency`.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// The sum.
    ///
    /// # Errors
    /// Two currencies, or a sum that doesn't fit.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.minor.checked_add(other.minor).map(|m| self.with(m)).ok_or(MoneyError::OutOfRange)
    }

    /// The difference.
    ///
    /// # Errors
    /// As [`Money::plus`].
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.minor.checked_sub(other.minor).map(|m| self.with(m)).ok_or(MoneyError::OutOfRange)
    }

    /// `self` taken `count` times, exactly.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn times(self, count: i64) -> Result<Self, MoneyError> {
        self.minor.checked_mul(count).map(|m| self.with(m)).ok_or(MoneyError::OutOfRange)
    }

    /// The share `numerator / denominator` of `self`, rounded once.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`], also for a denominator of zero.
    pub fn share(self, numerator: i64, denominator: i64) -> Result<Self, MoneyError> {
        // 64 bits times 64 bits always fit in 128: nothing saturates.
        let exact = i128::from(self.minor).saturating_mul(i128::from(numerator));
        round_half_away(exact, i128::from(denominator))
            .and_then(|minor| i64::try_from(minor).ok())
            .map(|minor| self.with(minor))
            .ok_or(MoneyError::OutOfRange)
    }

    /// The smaller of two amounts of one currency.
    pub fn at_most(self, limit: Self) -> Self {
        if self.minor > limit.minor { limit } else { self }
    }

    /// The sum of many.
    ///
    /// # Errors
    /// As [`Money::plus`].
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::plus)
    }

    /// Reads a decimal text such as `990`, `990.5` or `-12.30`: ASCII digits, a point, at most the
    /// currency's decimals, no exponent, no grouping.
    ///
    /// # Errors
    /// [`MoneyError::NotAnAmount`] or [`MoneyError::OutOfRange`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let wrong = || MoneyError::NotAnAmount {
            text: text.chars().take(32).collect(),
            decimals: currency.exponent(),
        };
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let exponent = currency.exponent() as usize;
        let dangling = digits.contains('.') && decimals.is_empty();
        if whole.is_empty() || !all_digits(whole) || !all_digits(decimals) || dangling {
            return Err(wrong());
        }
        if decimals.len() > exponent {
            return Err(wrong());
        }
        let text = format!("{whole}{decimals:0<exponent$}");
        let minor: i64 = text.parse().map_err(|_| MoneyError::OutOfRange)?;
        // Digits alone are never negative, and what isn't negative has a negative.
        let signed = if negative { minor.saturating_neg() } else { minor };
        Ok(Self::new(signed, currency))
    }

    /// The amount in major units, with exactly the currency's decimals: `12.30`.
    pub fn decimal(self) -> String {
        let per_major = self.currency.minor_per_major();
        let minor = i128::from(self.minor);
        let sign = if minor < 0 { "-" } else { "" };
        // A power of ten is never 0, and 64 bits have their absolute value in 128.
        let figure = minor.saturating_abs();
        let (whole, rest) = (figure.div_euclid(per_major), figure.rem_euclid(per_major));
        match self.currency.exponent() {
            0 => format!("{sign}{whole}"),
            decimals => format!("{sign}{whole}.{rest:0width$}", width = decimals as usize),
        }
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::MixedCurrencies(self.currency, other.currency))
        }
    }

    const fn with(self, minor: i64) -> Self {
        Self { minor, currency: self.currency }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}

/// `numerator / denominator` to the nearest whole number, a half away from zero. `None` when the
/// denominator is zero. The only place where money is rounded.
pub fn round_half_away(numerator: i128, denominator: i128) -> Option<i128> {
    if denominator == 0 {
        return None;
    }
    let quotient = numerator.checked_div(denominator)?;
    let rest = numerator.checked_rem(denominator)?;
    let (twice, whole) = (rest.checked_abs()?.checked_mul(2)?, denominator.checked_abs()?);
    let is_half_down = twice == whole && planted::is("a-half-goes-to-zero");
    let away = twice >= whole && !is_half_down && !planted::is("rounded-down");
    let sign = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
    if rest != 0 && away { quotient.checked_add(sign) } else { Some(quotient) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_half_goes_away_from_zero() {
        assert_eq!(round_half_away(5, 2), Some(3));
        assert_eq!(round_half_away(-5, 2), Some(-3));
        assert_eq!(round_half_away(5, -2), Some(-3));
        assert_eq!(round_half_away(4, 3), Some(1));
        assert_eq!(round_half_away(1, 0), None);
    }

    #[test]
    fn text_is_read_without_guessing() {
        let rub = |text| Money::parse(text, Currency::RUB).map(|m| m.minor);
        assert_eq!(rub("990"), Ok(99_000));
        assert_eq!(rub("990.5"), Ok(99_050));
        assert_eq!(rub("-0.01"), Ok(-1));
        for bad in ["", ".", "1.", ".5", "1.234", "1e3", "1,5", "+1", "٣", " 1", "--1"] {
            assert!(matches!(rub(bad), Err(MoneyError::NotAnAmount { .. })), "{bad}");
        }
        assert_eq!(rub("92233720368547758.08"), Err(MoneyError::OutOfRange));
        let yen = "JPY".parse().map(|jpy| Money::parse("12", jpy).map(Money::decimal));
        assert_eq!(yen, Ok(Ok("12".to_owned())));
    }

    #[test]
    fn gold_is_no_currency() {
        for code in ["XTS", "XAU", "rub", "RU", ""] {
            assert!(matches!(code.parse::<Currency>(), Err(MoneyError::UnknownCurrency(_))));
        }
    }

    #[test]
    fn currencies_never_mix() {
        let mixed = Money::new(1, Currency::RUB).plus(Money::new(1, Currency::EUR));
        assert_eq!(mixed, Err(MoneyError::MixedCurrencies(Currency::RUB, Currency::EUR)));
    }

    #[test]
    fn nothing_wraps() {
        let most = Money::new(i64::MAX, Currency::EUR);
        assert_eq!(most.plus(Money::new(1, Currency::EUR)), Err(MoneyError::OutOfRange));
        assert_eq!(most.times(2), Err(MoneyError::OutOfRange));
        assert_eq!(most.share(3, 2), Err(MoneyError::OutOfRange));
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back(minor in -i64::MAX..=i64::MAX) {
            let money = Money::new(minor, Currency::EUR);
            prop_assert_eq!(Money::parse(&money.decimal(), Currency::EUR), Ok(money));
        }

        #[test]
        fn rounding_is_at_most_half_off(n in -1_000_000_i128..1_000_000, d in 1_i128..10_000) {
            let rounded = round_half_away(n, d).unwrap_or(i128::MAX);
            prop_assert!((rounded * d - n).abs() * 2 <= d);
        }
    }
}
