//! A price per unit: quantity times price, also for parts of a unit.

use super::{Member, Part, PriceRefusal, Share};
use crate::exact::Exact;

/// A price per unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerUnit {
    /// What one unit costs, in major units; may be finer than the currency (Stripe,
    /// `unit_amount_decimal`).
    pub amount: Exact,
}

impl PerUnit {
    pub(super) fn shares(&self, quantity: Exact) -> Result<Vec<Share>, PriceRefusal> {
        Member::Amount.not_negative(self.amount)?;
        Ok(vec![Share { part: Part::Units, quantity, price: self.amount }])
    }
}
