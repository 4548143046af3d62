//! A model in words, as a seller reads it in what changes.

use super::{Flat, Graduated, Model, Package, PerUnit, Percentage, Pricing, Tier, Volume};
use std::fmt;

impl fmt::Display for Pricing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.model.fmt(f)?;
        match self.minimum {
            Some(minimum) => write!(f, ", at least {minimum}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flat(Flat { amount }) => write!(f, "{amount} flat"),
            Self::PerUnit(PerUnit { amount }) => write!(f, "{amount} per unit"),
            Self::Graduated(Graduated { tiers }) => write!(f, "graduated: {}", Tiers(tiers)),
            Self::Volume(Volume { tiers }) => write!(f, "volume: {}", Tiers(tiers)),
            Self::Package(Package { size, amount, free, partial }) => {
                let partial = partial.as_str();
                write!(f, "{amount} per package of {size}, {free} free, rounded {partial}")
            }
            Self::Percentage(Percentage { rate, .. }) => write!(f, "{rate} % of amounts"),
        }
    }
}

struct Tiers<'a>(&'a [Tier]);

impl fmt::Display for Tiers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, tier) in (1..).zip(self.0) {
            if number > 1 {
                f.write_str(", ")?;
            }
            match tier.up_to {
                Some(up_to) => write!(f, "up to {up_to}:")?,
                None => f.write_str("beyond:")?,
            }
            if let Some(unit) = tier.unit {
                write!(f, " {unit} each")?;
            }
            if tier.unit.is_some() && tier.flat.is_some() {
                f.write_str(" and")?;
            }
            if let Some(flat) = tier.flat {
                let at_zero = if tier.flat_at_zero { " also at 0" } else { "" };
                write!(f, " {flat} flat{at_zero}")?;
            }
        }
        Ok(())
    }
}
