//! Volume tiers: the one that is reached prices all units.

use super::tiers::{Tier, checked};
use super::{PriceRefusal, Share};
use crate::exact::Exact;

/// Tiers of which the one that the quantity reaches prices all units and adds its own flat amount,
/// so that more units can cost less (Stripe, `tiers_mode: volume`; Lago, volume charge).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volume {
    /// The tiers, lowest first.
    pub tiers: Vec<Tier>,
}

impl Volume {
    pub(super) fn shares(&self, quantity: Exact) -> Result<Vec<Share>, PriceRefusal> {
        let mut tiers = checked(&self.tiers)?;
        let reached = tiers.find(|(_, tier)| tier.up_to.is_none_or(|up_to| quantity <= up_to));
        // The last tier is open, so one is always reached.
        Ok(reached.into_iter().flat_map(|(n, tier)| tier.shares(n, quantity)).collect())
    }
}
