//! What a change takes back beyond what its own lines credit, because the charge was their cap, or
//! the licence was renewed since. It goes to the customer's credit.

use super::{Positions, sums};
use crate::document::{Document, Line, PayerSnapshot};
use crate::ids::PayerId;
use crate::language::Language;
use crate::licence::Unused;
use crate::money::{Money, MoneyError};
use crate::seller::Seller;
use crate::tax::TaxSubtotal;
use std::collections::BTreeMap;

/// What is left over of one grant: what a change takes back of it beyond what it prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leftover {
    /// The unused part of the grant.
    pub unused: Unused,
    /// What is left of that, tax included; above zero.
    pub amount: Money,
    /// The tax in it: the tax of all of it, less that of what is printed, so that the two documents
    /// name to the cent what is posted.
    pub tax: TaxSubtotal,
}

/// What a change, of `unused` at that time, leaves over.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn leftovers(change: &Document, unused: &[Unused]) -> Result<Vec<Leftover>, MoneyError> {
    let mut all = Vec::new();
    for unused in unused {
        let of = unused.of.tax;
        let printed = change.printed(unused)?.at_most(unused.value);
        let amount = unused.value.minus(printed)?;
        if amount.minor > 0 {
            let tax = of.split(unused.value)?.tax.minus(of.split(printed)?.tax)?;
            let tax = TaxSubtotal { of, base: amount.minus(tax)?, tax };
            all.push(Leftover { unused: unused.clone(), amount, tax });
        }
    }
    Ok(all)
}

/// What is left over, apart for each of those who paid for it, in the order of their ids.
pub fn by_payer(leftovers: &[Leftover]) -> Vec<(&PayerSnapshot, Vec<Leftover>)> {
    let mut all: BTreeMap<PayerId, (&PayerSnapshot, Vec<Leftover>)> = BTreeMap::new();
    for left in leftovers {
        let payer = &left.unused.of.payer;
        all.entry(payer.id).or_insert_with(|| (payer, Vec::new())).1.push(left.clone());
    }
    all.into_values().collect()
}

/// A line for each grant of which something is left over, named in `language`, and their taxes.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn positions(
    leftovers: &[Leftover],
    seller: &Seller,
    language: &Language,
) -> Result<Positions, MoneyError> {
    let line = |(position, it): (i64, &Leftover)| {
        let line = Line::crediting(position, &it.unused, it.amount);
        Line { name: line.title(seller, language), ..line }
    };
    let lines = (1..).zip(leftovers).map(line).collect();
    Ok(Positions { lines, taxes: sums(leftovers.iter().map(|it| it.tax))? })
}

impl Document {
    /// What a change prints as the credit of a grant, above zero.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn printed(&self, unused: &Unused) -> Result<Money, MoneyError> {
        let zero = Money::zero(unused.value.currency);
        let own = self.credits().find(|(_, credit)| credit.grant == unused.of.grant);
        own.map_or(Ok(zero), |(line, _)| zero.minus(line.total))
    }
}
