//! Value added tax: which rate a seller charges on a date, what a border changes, and the tax in
//! or on the amounts of a document.

mod category;
mod charge;
mod reckon;
mod regime;

pub use category::TaxCategory;
pub use charge::{Charge, ChargeError, CustomerKind, Nature, Supply, charge};
pub use reckon::{Prices, TaxError, TaxLine, TaxOfRate, TaxRounding, Taxes, tax_of_document};
pub use regime::{TaxClass, TaxRegime};

use crate::exact::Exact;
use crate::money::{Money, MoneyError};
use std::collections::BTreeMap;
use std::fmt;

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

/// In percent: `22 %`, `5.5 %`.
impl fmt::Display for TaxRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = Exact::ratio(self.0.into(), 100).map_err(|_| fmt::Error)?;
        write!(f, "{percent} %")
    }
}

/// How a line is taxed: why, and at which rate (EN 16931, BT-151 and BT-152).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineTax {
    /// Why.
    pub category: TaxCategory,
    /// The rate; `None` where no tax is charged.
    pub rate: Option<TaxRate>,
}

/// What a document says of one category and rate (EN 16931, BG-23).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxSubtotal {
    /// Which.
    pub of: LineTax,
    /// The taxable amount, without tax.
    pub base: Money,
    /// The tax.
    pub tax: Money,
}

impl LineTax {
    /// Splits an amount that includes tax.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn split(self, gross: Money) -> Result<TaxSubtotal, MoneyError> {
        let tax = match self.rate {
            Some(rate) => rate.inside(gross)?,
            None => Money::zero(gross.currency),
        };
        Ok(TaxSubtotal { of: self, base: gross.minus(tax)?, tax })
    }
}

impl TaxRate {
    /// The tax on `net`, rounded once.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn on(self, net: Money) -> Result<Money, MoneyError> {
        net.share(self.0, 10_000)
    }
}

/// What a document says of each category and rate of its lines, given as amounts that include tax.
/// Rounded once for each of them, or once for each line.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn subtotals(
    lines: impl IntoIterator<Item = (LineTax, Money)>,
    rounding: TaxRounding,
) -> Result<Vec<TaxSubtotal>, MoneyError> {
    let mut gross: BTreeMap<LineTax, (Money, Money)> = BTreeMap::new();
    for (of, total) in lines {
        let zero = Money::zero(total.currency);
        let (sum, tax) = gross.entry(of).or_insert((zero, zero));
        *sum = sum.plus(total)?;
        *tax = tax.plus(of.split(total)?.tax)?;
    }
    let subtotal = |(of, (gross, of_lines)): (LineTax, (Money, Money))| match rounding {
        TaxRounding::Document => of.split(gross),
        TaxRounding::Line => Ok(TaxSubtotal { of, base: gross.minus(of_lines)?, tax: of_lines }),
    };
    gross.into_iter().map(subtotal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn ten_thousand_roubles_hold_1803_28_of_tax() {
        let gross = Money::new(1_000_000, Currency::RUB);
        let split = at(22).split(gross).expect("in range");
        assert_eq!((split.base.minor, split.tax.minor), (819_672, 180_328));
    }

    fn at(percent: i64) -> LineTax {
        LineTax { category: TaxCategory::Standard, rate: Some(TaxRate::percent(percent)) }
    }

    #[test]
    fn tax_is_rounded_once_for_each_rate_or_once_for_each_line() {
        let line = |minor| (at(22), Money::new(minor, Currency::RUB));
        let tax = |rounding| {
            let subtotals = subtotals([line(5), line(5), line(5)], rounding).expect("in range");
            subtotals.iter().map(|it| (it.base.minor, it.tax.minor)).collect::<Vec<_>>()
        };
        assert_eq!(tax(TaxRounding::Document), [(12, 3)]);
        assert_eq!(tax(TaxRounding::Line), [(12, 3)]);
        let line = |minor| (at(10), Money::new(minor, Currency::RUB));
        let by_line = subtotals([line(6), line(6)], TaxRounding::Line).expect("in range");
        let once = subtotals([line(6), line(6)], TaxRounding::Document).expect("in range");
        assert_eq!((by_line[0].tax.minor, once[0].tax.minor), (2, 1));
    }
}
