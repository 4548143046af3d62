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

use crate::money::{Money, MoneyError};

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
    fn ten_thousand_roubles_hold_1803_28_of_tax() {
        let gross = Money::new(1_000_000, Currency::RUB);
        let split = split_inclusive(gross, Some(TaxRate::percent(22)));
        let split = split.expect("in range");
        assert_eq!((split.base.minor, split.tax.minor), (819_672, 180_328));
    }
}
