//! Why a model can't price.

use crate::exact::Exact;
use crate::money::MoneyError;
use std::fmt;

/// Why a model can't price. Tiers are numbered from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PriceRefusal {
    /// A figure below zero: what is given back is a credit, not a price.
    #[error("the {0} is below zero")]
    Negative(Member),
    /// Nothing is priced.
    #[error("there is no tier")]
    NoTiers,
    /// A tier that doesn't end above the one before, or the first one above zero.
    #[error("tier {0} ends where or before it begins: tiers ascend from zero")]
    TiersNotAscending(u64),
    /// A tier without an end that others follow.
    #[error("tier {0} has no end, but another tier follows")]
    OpenTierBeforeLast(u64),
    /// Quantities above the last tier would have no price.
    #[error("the last tier ends: its upper bound must be open")]
    LastTierNotOpen,
    /// No package holds nothing.
    #[error("a package holds more than zero units")]
    EmptyPackage,
    /// No fee is within the bounds.
    #[error("the least fee of an event is above the greatest")]
    MinAboveMax,
    /// A figure that doesn't fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// A figure of a model or its input. Tiers and events are numbered from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Member {
    /// The quantity that is priced.
    Quantity,
    /// The amount of a flat price, a unit or a package.
    Amount,
    /// The price of a unit in a tier.
    Unit(u64),
    /// The amount of a tier as a whole.
    TierFlat(u64),
    /// The units of a package.
    Size,
    /// The units before the first package.
    Free,
    /// The percentage.
    Rate,
    /// The fee of an event beside the percentage.
    Fixed,
    /// The amounts that cost nothing.
    FreeUnits,
    /// The least fee of an event.
    Min,
    /// The greatest fee of an event.
    Max,
    /// The amount of an event.
    Event(u64),
    /// The least that is charged.
    Minimum,
}

impl Member {
    /// # Errors
    /// [`PriceRefusal::Negative`].
    pub(super) const fn not_negative(self, figure: Exact) -> Result<(), PriceRefusal> {
        if figure.is_negative() { Err(PriceRefusal::Negative(self)) } else { Ok(()) }
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quantity => f.write_str("quantity"),
            Self::Amount => f.write_str("amount"),
            Self::Unit(tier) => write!(f, "unit price of tier {tier}"),
            Self::TierFlat(tier) => write!(f, "flat amount of tier {tier}"),
            Self::Size => f.write_str("size of a package"),
            Self::Free => f.write_str("number of free units"),
            Self::Rate => f.write_str("rate"),
            Self::Fixed => f.write_str("fixed fee"),
            Self::FreeUnits => f.write_str("free amount"),
            Self::Min => f.write_str("least fee"),
            Self::Max => f.write_str("greatest fee"),
            Self::Event(event) => write!(f, "amount of event {event}"),
            Self::Minimum => f.write_str("minimum"),
        }
    }
}
