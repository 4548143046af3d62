//! A flat price: one amount, whatever the quantity is.

use super::{Member, Part, PriceRefusal, Share};
use crate::exact::Exact;

/// One amount, also for a quantity of zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flat {
    /// In major units.
    pub amount: Exact,
}

impl Flat {
    pub(super) fn shares(&self) -> Result<Vec<Share>, PriceRefusal> {
        Member::Amount.not_negative(self.amount)?;
        Ok(vec![Share::one(Part::Flat, self.amount)])
    }
}
