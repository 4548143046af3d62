//! Quotes: what a plan costs for a quantity and a period, and until when it would run.
//!
//! A payment request is made from the same quote, so what is quoted is what is asked for.

mod refusal;

pub use refusal::QuoteRefusal;

use crate::catalogue::{Plan, Price, Product};
use crate::ids::{PlanId, ProductId};
use crate::licence::{self, Holding, Period, Placement, Unused};
use crate::money::Money;
use crate::seller::Seller;
use jiff::Timestamp;

/// The most units that can be bought at once.
pub const QUANTITY_MAX: i64 = 100_000;
/// The longest period that can be bought at once, in months.
pub const MONTHS_MAX: i64 = 60;

/// What somebody wants to buy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The product.
    pub product: ProductId,
    /// A plan of it.
    pub plan: PlanId,
    /// How many units, 1 to [`QUANTITY_MAX`].
    pub quantity: i64,
    /// For how many months, 1 to [`MONTHS_MAX`].
    pub months: i64,
}

/// The answer: the price that applies, the total, and the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// What was asked for.
    pub order: Order,
    /// The price of one unit for the whole period, tax included.
    pub unit_price: Money,
    /// What it comes from.
    pub price: Price,
    /// Unit price times quantity, tax included.
    pub charge: Money,
    /// What is credited of a running licence that it changes, each at most what is left to pay.
    pub credits: Vec<Credit>,
    /// The charge less the credits, tax included; never below zero.
    pub total: Money,
    /// Where the licence would be laid.
    pub placement: Placement,
    /// When the licence would end, were it paid now.
    pub expires_at: Timestamp,
}

/// A part of a running licence that is credited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// What is unused of it.
    pub unused: Unused,
    /// How much of that is credited on the document: the charge is the cap.
    pub amount: Money,
}

/// Finds what an order names in the catalogue.
///
/// # Errors
/// What isn't there, or isn't sold any more.
pub fn find(
    seller: &Seller,
    product: ProductId,
    plan: PlanId,
) -> Result<(&Product, &Plan), QuoteRefusal> {
    let product = seller.catalogue.product(product).ok_or(QuoteRefusal::UnknownProduct)?;
    let plan = product.plan(plan).ok_or(QuoteRefusal::UnknownPlan)?;
    if product.archived || plan.archived {
        return Err(QuoteRefusal::Archived);
    }
    Ok((product, plan))
}

/// Prices an order of a customer at `now`. Another plan or quantity while a licence runs is a
/// change: what is unused of the licence is credited, and the new period starts when it is paid.
///
/// # Errors
/// Why it can't be sold like this.
pub fn calculate(
    order: &Order,
    seller: &Seller,
    holding: Holding<'_>,
    now: Timestamp,
) -> Result<Quote, QuoteRefusal> {
    let (_, plan) = find(seller, order.product, order.plan)?;
    check_range("quantity", order.quantity, QUANTITY_MAX)?;
    check_range("months", order.months, MONTHS_MAX)?;
    let customer = holding.customer;
    let zone = customer.zone()?;
    let today = zone.to_datetime(now).date();
    let price = plan
        .price(customer.profile.currency, order.months, order.quantity, today)
        .ok_or(QuoteRefusal::PeriodNotSold)?;
    let charge = price.final_price.times(order.quantity)?;
    let (placement, credits) = terms(order, holding, charge, now)?;
    if credits
        .iter()
        .any(|credit| Some(credit.unused.of.legal_entity) != seller.issuer().map(|i| i.id))
    {
        return Err(QuoteRefusal::OtherIssuer);
    }
    let behind = match placement {
        Placement::Behind => holding.periods.last().filter(|period| period.ends_at > now),
        Placement::Instead => None,
    };
    let credited = credits.iter().map(|credit| credit.amount);
    Ok(Quote {
        order: order.clone(),
        unit_price: price.final_price,
        price: price.clone(),
        total: charge.minus(Money::sum(charge.currency, credited)?)?,
        charge,
        credits,
        placement,
        expires_at: licence::expiry(behind, now, zone, order.months)?,
    })
}

/// Where an order is laid, and what it credits: another plan or quantity than what runs now changes
/// the licence.
///
/// # Errors
/// [`QuoteRefusal`], for a figure or a date out of range.
pub fn terms(
    order: &Order,
    holding: Holding<'_>,
    charge: Money,
    now: Timestamp,
) -> Result<(Placement, Vec<Credit>), QuoteRefusal> {
    let runs = |period: &&Period| period.starts_at <= now && now < period.ends_at;
    let running = holding.periods.iter().find(runs);
    let changes = running.is_some_and(|it| (it.plan, it.quantity) != (order.plan, order.quantity));
    if !changes {
        return Ok((Placement::Behind, Vec::new()));
    }
    // Oldest first, until the charge is covered: what is left over is settled when it is paid.
    let mut open = charge;
    let mut credits = Vec::new();
    for unused in licence::unused(holding, now)? {
        if unused.value.minor == 0 || open.minor == 0 {
            continue;
        }
        if unused.value.currency != charge.currency {
            return Err(QuoteRefusal::OtherCurrency);
        }
        let amount = unused.value.at_most(open);
        open = open.minus(amount)?;
        credits.push(Credit { unused, amount });
    }
    Ok((Placement::Instead, credits))
}

const fn check_range(what: &'static str, value: i64, most: i64) -> Result<(), QuoteRefusal> {
    if value < 1 || value > most {
        return Err(QuoteRefusal::OutOfRange { what, most });
    }
    Ok(())
}
