//! Percentages of amounts, such as the fee on each payment that is taken.

use super::{Member, Part, PriceRefusal, Share};
use crate::exact::Exact;
use crate::money::MoneyError;

/// A percentage of each event's amount and a fixed fee per event (Lago, percentage charge).
///
/// Events come in their order. The first `free_events` cost nothing, nor does the first
/// `free_units` of their amounts; where both are given, what is free ends with whichever is used
/// up first. An event whose amount is free altogether costs nothing, no fixed fee and no least
/// fee; one that is free in part pays the rate on the rest, and all of the fixed fee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Percentage {
    /// In percent.
    pub rate: Exact,
    /// Per event, in major units.
    pub fixed: Exact,
    /// How much of the amounts is free, in major units; zero and `None` free nothing.
    pub free_units: Option<Exact>,
    /// How many events are free; zero and `None` free none.
    pub free_events: Option<u64>,
    /// The least fee of an event that isn't free, the fixed fee included, in major units.
    pub min: Option<Exact>,
    /// The greatest fee of an event, the fixed fee included, in major units.
    pub max: Option<Exact>,
    /// The amounts, in major units, oldest first.
    pub events: Vec<Exact>,
}

/// What one event costs, and why. All in major units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventFee {
    /// The event's amount.
    pub amount: Exact,
    /// How much of it is free.
    pub free: Exact,
    /// Whether the event is free altogether.
    pub is_free: bool,
    /// The rate's share of what isn't free.
    pub share: Exact,
    /// The fee: share and fixed fee, within the bounds.
    pub fee: Exact,
    /// The bound that made the fee.
    pub bound: Option<Bound>,
}

/// A bound of an event's fee.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// The least fee.
    Min,
    /// The greatest fee.
    Max,
}

/// What is free and not used up yet; `None` is no limit.
struct Free {
    units: Option<Exact>,
    events: Option<u64>,
}

impl Percentage {
    /// What each event costs.
    ///
    /// # Errors
    /// [`PriceRefusal`]: a figure below zero or out of range, bounds that exclude each other.
    pub fn fees(&self) -> Result<Vec<EventFee>, PriceRefusal> {
        self.check()?;
        let mut free = self.free();
        let mut fees = Vec::new();
        for amount in &self.events {
            let covered = free.take(*amount)?;
            fees.push(self.fee(*amount, covered)?);
        }
        Ok(fees)
    }

    pub(super) fn shares(&self) -> Result<Vec<Share>, PriceRefusal> {
        let fees = self.fees()?;
        let share = |(number, fee): (u64, EventFee)| Share::one(Part::Event(number), fee.fee);
        Ok((1..).zip(fees).map(share).collect())
    }

    fn check(&self) -> Result<(), PriceRefusal> {
        Member::Rate.not_negative(self.rate)?;
        Member::Fixed.not_negative(self.fixed)?;
        Member::FreeUnits.not_negative(self.free_units.unwrap_or(Exact::ZERO))?;
        Member::Min.not_negative(self.min.unwrap_or(Exact::ZERO))?;
        Member::Max.not_negative(self.max.unwrap_or(Exact::ZERO))?;
        for (number, amount) in (1..).zip(&self.events) {
            Member::Event(number).not_negative(*amount)?;
        }
        match (self.min, self.max) {
            (Some(min), Some(max)) if min > max => Err(PriceRefusal::MinAboveMax),
            (Some(_) | None, Some(_) | None) => Ok(()),
        }
    }

    fn free(&self) -> Free {
        let units = self.free_units.filter(|units| *units > Exact::ZERO);
        let events = self.free_events.filter(|events| *events > 0);
        match (units, events) {
            (None, None) => Free { units: None, events: Some(0) },
            (units, events) => Free { units, events },
        }
    }

    fn fee(&self, amount: Exact, covered: Option<Exact>) -> Result<EventFee, MoneyError> {
        let free = covered.unwrap_or(Exact::ZERO);
        let is_free = covered == Some(amount);
        let share = amount.minus(free)?.times(self.rate)?.over(Exact::whole(100))?;
        if is_free {
            let fee = Exact::ZERO;
            return Ok(EventFee { amount, free, is_free, share, fee, bound: None });
        }
        let unbound = share.plus(self.fixed)?;
        let (fee, bound) = match (self.min, self.max) {
            (Some(min), _) if unbound < min => (min, Some(Bound::Min)),
            (_, Some(max)) if unbound > max => (max, Some(Bound::Max)),
            (Some(_) | None, Some(_) | None) => (unbound, None),
        };
        Ok(EventFee { amount, free, is_free, share, fee, bound })
    }
}

impl Free {
    /// How much of the next event's amount is free; `None` where nothing is free any more.
    fn take(&mut self, amount: Exact) -> Result<Option<Exact>, MoneyError> {
        if self.events == Some(0) || self.units == Some(Exact::ZERO) {
            return Ok(None);
        }
        self.events = self.events.map(|events| events.saturating_sub(1));
        let covered = self.units.map_or(amount, |units| units.min(amount));
        self.units = self.units.map(|units| units.minus(covered)).transpose()?;
        Ok(Some(covered))
    }
}
