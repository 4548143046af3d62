//! Pricing: what a quantity costs, by a model such as a price per unit, tiers or packages.
//!
//! Prices are exact figures in major units and may be finer than the currency. A price is the sum
//! of its lines, rounded once; the lines are rounded so that they add up to it.

mod describe;
mod flat;
mod graduated;
mod minimum;
mod package;
mod per_unit;
mod percentage;
mod refusal;
mod tiers;
mod volume;

pub use flat::Flat;
pub use graduated::Graduated;
pub use package::{Package, Partial};
pub use per_unit::PerUnit;
pub use percentage::{Bound, EventFee, Percentage};
pub use refusal::{Member, PriceRefusal};
pub use tiers::Tier;
pub use volume::Volume;

use crate::exact::Exact;
use crate::money::{Currency, Money, MoneyError};
use crate::split::{round_together, sum};

/// How something is priced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pricing {
    /// The model.
    pub model: Model,
    /// The least that is charged, in major units, whatever the quantity is, nothing included
    /// (Lago, minimum amount of a charge).
    pub minimum: Option<Exact>,
}

/// A model of pricing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Model {
    /// One amount.
    Flat(Flat),
    /// A price per unit.
    PerUnit(PerUnit),
    /// Each tier prices the units that fall into it.
    Graduated(Graduated),
    /// The tier that is reached prices all units.
    Volume(Volume),
    /// A price per package of units.
    Package(Package),
    /// A share of amounts.
    Percentage(Percentage),
}

/// What a quantity costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priced {
    /// The exact figure in major units; the sum of the lines' exact figures.
    pub exact: Exact,
    /// The same, rounded once; the sum of the lines' amounts.
    pub amount: Money,
    /// What each part contributed.
    pub lines: Vec<Line>,
}

/// What one part of a price contributed: a quantity at a price, as a line of an invoice says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Which part.
    pub part: Part,
    /// How many: units, packages, or one.
    pub quantity: Exact,
    /// What one of them costs, in major units.
    pub price: Exact,
    /// Quantity times price.
    pub exact: Exact,
    /// Its share of the rounded amount, less than a minor unit from the exact figure.
    pub amount: Money,
}

/// A part of a price. Tiers and events are numbered from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The one amount of a flat price.
    Flat,
    /// Units that all cost the same.
    Units,
    /// The units that a tier prices.
    Tier(u64),
    /// The amount of a tier as a whole.
    TierFlat(u64),
    /// Packages.
    Packages,
    /// The fee of one event.
    Event(u64),
    /// What is missing up to the minimum.
    Minimum,
}

/// A quantity at a price, before it is rounded.
#[derive(Clone, Copy, Debug)]
struct Share {
    part: Part,
    quantity: Exact,
    price: Exact,
}

impl Share {
    const fn one(part: Part, price: Exact) -> Self {
        Self { part, quantity: Exact::ONE, price }
    }

    fn exact(&self) -> Result<Exact, MoneyError> {
        self.quantity.times(self.price)
    }
}

impl Pricing {
    /// What `quantity` costs in `currency`. A flat price and a percentage don't depend on it.
    ///
    /// # Errors
    /// [`PriceRefusal`]: a quantity below zero, a model that can't price, a figure out of range.
    pub fn price(&self, quantity: Exact, currency: Currency) -> Result<Priced, PriceRefusal> {
        Member::Quantity.not_negative(quantity)?;
        if let Some(minimum) = self.minimum {
            Member::Minimum.not_negative(minimum)?;
        }
        let mut shares = self.model.shares(quantity)?;
        shares.extend(minimum::missing(self.minimum, &shares)?);
        priced(&shares, currency)
    }
}

impl Model {
    fn shares(&self, quantity: Exact) -> Result<Vec<Share>, PriceRefusal> {
        match self {
            Self::Flat(flat) => flat.shares(),
            Self::PerUnit(per_unit) => per_unit.shares(quantity),
            Self::Graduated(graduated) => graduated.shares(quantity),
            Self::Volume(volume) => volume.shares(quantity),
            Self::Package(package) => package.shares(quantity),
            Self::Percentage(percentage) => percentage.shares(),
        }
    }
}

fn exacts(shares: &[Share]) -> Result<Vec<Exact>, MoneyError> {
    shares.iter().map(Share::exact).collect()
}

fn priced(shares: &[Share], currency: Currency) -> Result<Priced, PriceRefusal> {
    let exacts = exacts(shares)?;
    let (amount, amounts) = round_together(&exacts, currency)?;
    let line = |((share, exact), amount): ((&Share, &Exact), Money)| {
        let Share { part, quantity, price } = *share;
        Line { part, quantity, price, exact: *exact, amount }
    };
    let lines = shares.iter().zip(&exacts).zip(amounts).map(line).collect();
    Ok(Priced { exact: sum(&exacts)?, amount, lines })
}
