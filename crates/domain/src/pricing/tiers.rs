//! Tiers: ranges of quantity that ascend from zero, the last one open.

use super::{Member, Part, PriceRefusal, Share};
use crate::exact::Exact;

/// A range of quantity, from above the tier before up to and with its own bound.
///
/// A tier that says neither price is free. A quantity between two whole numbers belongs to the
/// tier that is reached: 10.5 is above a tier up to 10. So prices have no gap (Stripe, `tiers`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tier {
    /// The last quantity that belongs; `None` in the last tier only.
    pub up_to: Option<Exact>,
    /// What one unit costs, in major units.
    pub unit: Option<Exact>,
    /// What the tier as a whole costs, in major units, as soon as a part of a unit is in it.
    pub flat: Option<Exact>,
    /// Whether its flat amount is also charged for a quantity of zero. That is the first tier's,
    /// so the others are never asked. Lago charges nothing for a quantity of zero; where a seller's
    /// contracts say otherwise, this says so.
    pub flat_at_zero: bool,
}

impl Tier {
    /// What `units` that are priced by this tier cost.
    pub(super) fn shares(&self, number: u64, units: Exact) -> impl Iterator<Item = Share> {
        let is_entered = units > Exact::ZERO;
        let priced = is_entered.then_some(Share {
            part: Part::Tier(number),
            quantity: units,
            price: self.unit.unwrap_or(Exact::ZERO),
        });
        let flat = self.flat.filter(|_| is_entered || self.flat_at_zero);
        priced.into_iter().chain(flat.map(|flat| Share::one(Part::TierFlat(number), flat)))
    }
}

/// The tiers and their numbers, after a check that each quantity falls into exactly one.
pub(super) fn checked(
    tiers: &[Tier],
) -> Result<impl Iterator<Item = (u64, &Tier)> + Clone, PriceRefusal> {
    let numbered = (1..).zip(tiers);
    let last = tiers.last().ok_or(PriceRefusal::NoTiers)?;
    let mut from = Some(Exact::ZERO);
    let mut before = 0;
    for (number, tier) in numbered.clone() {
        match (from, tier.up_to) {
            (None, _) => return Err(PriceRefusal::OpenTierBeforeLast(before)),
            (Some(from), Some(up_to)) if up_to <= from => {
                return Err(PriceRefusal::TiersNotAscending(number));
            }
            (Some(_), _) => {}
        }
        Member::Unit(number).not_negative(tier.unit.unwrap_or(Exact::ZERO))?;
        Member::TierFlat(number).not_negative(tier.flat.unwrap_or(Exact::ZERO))?;
        (from, before) = (tier.up_to, number);
    }
    if last.up_to.is_some() { Err(PriceRefusal::LastTierNotOpen) } else { Ok(numbered) }
}
