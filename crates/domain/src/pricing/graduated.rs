//! Graduated tiers: each prices the units that fall into it.

use super::tiers::{Tier, checked};
use super::{PriceRefusal, Share};
use crate::exact::Exact;

/// Tiers of which each prices the units that fall into it, and adds its flat amount as soon as it
/// is entered (Stripe, `tiers_mode: graduated`; Lago, graduated charge).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graduated {
    /// The tiers, lowest first.
    pub tiers: Vec<Tier>,
}

impl Graduated {
    pub(super) fn shares(&self, quantity: Exact) -> Result<Vec<Share>, PriceRefusal> {
        let mut shares = Vec::new();
        let mut from = Exact::ZERO;
        for (number, tier) in checked(&self.tiers)? {
            let to = tier.up_to.map_or(quantity, |up_to| up_to.min(quantity));
            shares.extend(tier.shares(number, to.minus(from)?));
            if to == quantity {
                break;
            }
            from = to;
        }
        Ok(shares)
    }
}
