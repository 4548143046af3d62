//! Quotes: what a plan costs for a quantity and a period, and until when it would run.
//!
//! A payment request is made from the same quote, so what is quoted is what is asked for.

mod refusal;

pub use refusal::QuoteRefusal;

use crate::catalogue::{Plan, Price, Product};
use crate::customer::Customer;
use crate::ids::{PlanId, ProductId};
use crate::licence::{self, Period};
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
    pub total: Money,
    /// When the licence would end, were it paid now.
    pub expires_at: Timestamp,
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

/// Prices an order at `now`. `last` is the newest period of the customer's licence of the product.
///
/// # Errors
/// Why it can't be sold like this.
pub fn calculate(
    order: &Order,
    seller: &Seller,
    customer: &Customer,
    last: Option<&Period>,
    now: Timestamp,
) -> Result<Quote, QuoteRefusal> {
    let (_, plan) = find(seller, order.product, order.plan)?;
    check_range("quantity", order.quantity, QUANTITY_MAX)?;
    check_range("months", order.months, MONTHS_MAX)?;
    let zone = customer.zone()?;
    let today = zone.to_datetime(now).date();
    let price = plan
        .price(customer.profile.currency, order.months, order.quantity, today)
        .ok_or(QuoteRefusal::PeriodNotSold)?;
    refuse_change(order, last, now)?;
    Ok(Quote {
        order: order.clone(),
        unit_price: price.final_price,
        price: price.clone(),
        total: price.final_price.times(order.quantity)?,
        expires_at: licence::expiry(last, now, zone, order.months)?,
    })
}

/// Another plan or quantity inside a running licence is a change, which is not sold yet.
fn refuse_change(order: &Order, last: Option<&Period>, now: Timestamp) -> Result<(), QuoteRefusal> {
    match last.filter(|period| period.ends_at > now) {
        Some(last) if (last.plan, last.quantity) != (order.plan, order.quantity) => {
            Err(QuoteRefusal::LicenceRuns)
        }
        Some(_) | None => Ok(()),
    }
}

const fn check_range(what: &'static str, value: i64, most: i64) -> Result<(), QuoteRefusal> {
    if value < 1 || value > most {
        return Err(QuoteRefusal::OutOfRange { what, most });
    }
    Ok(())
}
