//! Value added tax: which rate a seller charges on a date, and the tax inside a price.

use crate::money::{Money, MoneyError};
use jiff::civil::{Date, date};

/// How a seller is taxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxRegime {
    /// Russia, general regime: 18 %, from 2019 20 %, from 2026-01-01 22 % (law 425-FZ).
    RuGeneral,
    /// Russia, simplified regime at the special rate of 5 %.
    RuSpecial5,
    /// Russia, simplified regime at the special rate of 7 %.
    RuSpecial7,
    /// No tax is charged: exempt, or below the threshold.
    Exempt,
}

impl TaxRegime {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::RuGeneral, Self::RuSpecial5, Self::RuSpecial7, Self::Exempt];

    /// The word in files and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RuGeneral => "ru_general",
            Self::RuSpecial5 => "ru_special_5",
            Self::RuSpecial7 => "ru_special_7",
            Self::Exempt => "exempt",
        }
    }

    /// The regime of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|regime| regime.as_str() == word)
    }

    /// What is charged on a supply of `on`.
    pub fn rate(self, on: Date) -> Option<TaxRate> {
        match self {
            Self::RuGeneral if on >= date(2026, 1, 1) => Some(TaxRate::percent(22)),
            Self::RuGeneral if on >= date(2019, 1, 1) => Some(TaxRate::percent(20)),
            Self::RuGeneral => Some(TaxRate::percent(18)),
            Self::RuSpecial5 => Some(TaxRate::percent(5)),
            Self::RuSpecial7 => Some(TaxRate::percent(7)),
            Self::Exempt => None,
        }
    }
}

/// A tax rate in hundredths of a percent: 2200 is 22 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaxRate(pub i64);

impl TaxRate {
    /// A whole percentage.
    pub const fn percent(percent: i64) -> Self {
        // Percentages are written in this crate, none has so many digits.
        Self(percent.saturating_mul(100))
    }

    /// The tax that is inside `gross`, rounded once.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn inside(self, gross: Money) -> Result<Money, MoneyError> {
        gross.share(self.0, self.0.checked_add(10_000).ok_or(MoneyError::OutOfRange)?)
    }
}

/// What a document says of one tax rate (EN 16931, BG-23).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxSubtotal {
    /// The rate; `None` where no tax is charged.
    pub rate: Option<TaxRate>,
    /// The taxable amount, without tax.
    pub base: Money,
    /// The tax.
    pub tax: Money,
}

/// Splits a total that includes tax.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn split_inclusive(gross: Money, rate: Option<TaxRate>) -> Result<TaxSubtotal, MoneyError> {
    let tax = match rate {
        Some(rate) => rate.inside(gross)?,
        None => Money::zero(gross.currency),
    };
    Ok(TaxSubtotal { rate, base: gross.minus(tax)?, tax })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn the_russian_rate_rises_on_new_year_2026() {
        let rate = |on| TaxRegime::RuGeneral.rate(on);
        assert_eq!(rate(date(2025, 12, 31)), Some(TaxRate::percent(20)));
        assert_eq!(rate(date(2026, 1, 1)), Some(TaxRate::percent(22)));
    }

    #[test]
    fn ten_thousand_roubles_hold_1803_28_of_tax() {
        let gross = Money::new(1_000_000, Currency::RUB);
        let split = split_inclusive(gross, Some(TaxRate::percent(22)));
        let split = split.expect("in range");
        assert_eq!((split.base.minor, split.tax.minor), (819_672, 180_328));
    }

    #[test]
    fn every_regime_reads_back() {
        for regime in TaxRegime::ALL {
            assert_eq!(TaxRegime::parse(regime.as_str()), Some(regime));
        }
    }
}
