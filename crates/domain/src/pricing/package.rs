//! Packages: units are sold by the bundle.

use super::{Member, Part, PriceRefusal, Share};
use crate::exact::Exact;
use crate::money::MoneyError;
use crate::words::words;

/// A price per package of units, after the units that are free (Lago, package charge; Stripe,
/// `transform_quantity`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package {
    /// How many units a package holds; more than zero.
    pub size: Exact,
    /// What a package costs, in major units.
    pub amount: Exact,
    /// How many units come before the first package.
    pub free: Exact,
    /// What a package that was begun counts.
    pub partial: Partial,
}

/// What a package that was begun counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Partial {
    /// As a whole one, from its first part of a unit on.
    Up,
    /// As none, until it is full.
    Down,
}

words!(Partial { Up => "up", Down => "down" });

impl Package {
    /// How many units of `quantity` aren't free.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`].
    pub fn billable(&self, quantity: Exact) -> Result<Exact, MoneyError> {
        Ok(quantity.minus(self.free)?.max(Exact::ZERO))
    }

    /// How many packages `quantity` takes; none where all of it is free.
    ///
    /// # Errors
    /// [`MoneyError::OutOfRange`], also for a size of zero.
    pub fn count(&self, quantity: Exact) -> Result<Exact, MoneyError> {
        let packages = self.billable(quantity)?.over(self.size)?;
        let whole = match self.partial {
            Partial::Up => packages.ceiling(),
            Partial::Down => packages.floor(),
        };
        Exact::ratio(whole, 1)
    }

    pub(super) fn shares(&self, quantity: Exact) -> Result<Vec<Share>, PriceRefusal> {
        Member::Size.not_negative(self.size)?;
        Member::Amount.not_negative(self.amount)?;
        Member::Free.not_negative(self.free)?;
        if self.size == Exact::ZERO {
            return Err(PriceRefusal::EmptyPackage);
        }
        let quantity = self.count(quantity)?;
        Ok(vec![Share { part: Part::Packages, quantity, price: self.amount }])
    }
}
