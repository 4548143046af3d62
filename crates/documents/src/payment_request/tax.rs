//! The tax of a document, by category and rate, in words.

use crate::locale::Locale;
use abono_domain::money::MoneyError;
use abono_domain::tax::{LineTax, TaxCategory, TaxSubtotal};

/// The tax of one rate, as it is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxRow {
    /// The tax and its rate, or why there is none.
    pub name: String,
    /// What it is reckoned from.
    pub net: String,
    /// The tax itself.
    pub tax: String,
    /// Both together.
    pub gross: String,
}

impl TaxRow {
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub(super) fn of(subtotal: &TaxSubtotal, locale: Locale) -> Result<Self, MoneyError> {
        Ok(Self {
            name: name(subtotal.of, locale),
            net: locale.money(subtotal.base),
            tax: locale.money(subtotal.tax),
            gross: locale.money(subtotal.base.plus(subtotal.tax)?),
        })
    }
}

/// A category and its rate: `VAT 22%`, or why there is none.
pub(super) fn name(tax: LineTax, locale: Locale) -> String {
    let words = &locale.words().tax;
    match tax.category {
        TaxCategory::Standard | TaxCategory::Zero => match tax.rate {
            Some(rate) => format!("{} {}", words.name, locale.rate(rate)),
            None => words.exempt.to_owned(),
        },
        TaxCategory::Exempt => words.exempt.to_owned(),
        TaxCategory::ReverseCharge => words.reverse_charge.to_owned(),
        TaxCategory::OutsideScope => words.outside_scope.to_owned(),
        TaxCategory::Export => words.export.to_owned(),
        TaxCategory::IntraCommunity => words.intra_community.to_owned(),
    }
}

/// Whether a rate is charged, be it 0; else the category says why there is none.
pub(super) const fn is_charged(tax: LineTax) -> bool {
    match tax.category {
        TaxCategory::Standard | TaxCategory::Zero => tax.rate.is_some(),
        TaxCategory::Exempt
        | TaxCategory::ReverseCharge
        | TaxCategory::OutsideScope
        | TaxCategory::Export
        | TaxCategory::IntraCommunity => false,
    }
}
