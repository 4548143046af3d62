//! Quotes: what a plan costs for a quantity and a period, and until when it would run.
//!
//! A payment request is made from the same quote, so what is quoted is what is asked for.

mod charge;
mod credit;
mod lay;
mod refusal;

pub use charge::{Charge, tax_of, with_tax};
pub use credit::Credit;
pub use lay::Lay;
pub use refusal::QuoteRefusal;

use crate::catalogue::{Plan, Product};
use crate::ids::{PlanId, ProductId};
use crate::licence::{self, Holding};
use crate::money::Money;
use crate::seller::{LegalEntity, Seller};
use crate::tax::CustomerKind;
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

/// The seller's side of a quote, and who pays, as far as the tax depends on it.
#[derive(Clone, Copy, Debug)]
pub struct Parties<'a> {
    /// What the seller has set.
    pub seller: &'a Seller,
    /// The company that would issue the document.
    pub issuer: &'a LegalEntity,
    /// The country of who pays (ISO 3166-1 alpha-2).
    pub country: &'a str,
    /// Who that is.
    pub kind: CustomerKind,
}

/// The answer: what is charged and credited, the total, and the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// What was asked for.
    pub order: Order,
    /// What it costs.
    pub charge: Charge,
    /// What is credited of a running licence that it changes, each at most what is left to pay.
    pub credits: Vec<Credit>,
    /// The charge less the credits, tax included; below zero only where those are not capped.
    pub total: Money,
    /// Where the licence would be laid.
    pub lay: Lay,
    /// When the licence would end, were it paid now.
    pub expires_at: Timestamp,
}

/// Finds what an order names in the catalogue.
///
/// # Errors
/// What isn't there, isn't sold any more, or comes only with a subscription.
pub fn find(
    seller: &Seller,
    product: ProductId,
    plan: PlanId,
) -> Result<(&Product, &Plan), QuoteRefusal> {
    let product = seller.catalogue.product(product).ok_or(QuoteRefusal::UnknownProduct)?;
    let plan = product.plan(plan).filter(|plan| plan.is_main());
    let plan = plan.ok_or(QuoteRefusal::UnknownPlan)?;
    if product.archived || plan.archived {
        return Err(QuoteRefusal::Archived);
    }
    Ok((product, plan))
}

/// Prices an order of a customer at `now`. Another plan or quantity while a licence runs is a
/// change: what is unused of the licence is credited, and the change starts when it is paid.
///
/// # Errors
/// Why it can't be sold like this.
pub fn calculate(
    order: &Order,
    parties: Parties<'_>,
    holding: Holding<'_>,
    now: Timestamp,
) -> Result<Quote, QuoteRefusal> {
    let (_, plan) = find(parties.seller, order.product, order.plan)?;
    check_range("quantity", order.quantity, QUANTITY_MAX)?;
    check_range("months", order.months, MONTHS_MAX)?;
    let lay = lay::lay(order, plan, holding, now)?;
    priced(order, lay, parties, holding, now, Cap::Charge)
}

/// Prices an order of a plan that runs in cycles, laid out as it is said; what is sold no longer
/// goes on where it runs. Credits are whole, so the total may be below zero.
///
/// # Errors
/// Why it can't be sold like this.
pub(crate) fn lay_out(
    order: &Order,
    lay: Lay,
    parties: Parties<'_>,
    holding: Holding<'_>,
    at: Timestamp,
) -> Result<Quote, QuoteRefusal> {
    priced(order, lay, parties, holding, at, Cap::None)
}

/// How much is credited on one document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cap {
    /// At most what it charges.
    Charge,
    /// All that is unused.
    None,
}

fn priced(
    order: &Order,
    lay: Lay,
    parties: Parties<'_>,
    holding: Holding<'_>,
    now: Timestamp,
    cap: Cap,
) -> Result<Quote, QuoteRefusal> {
    let product = parties.seller.catalogue.product(order.product);
    let product = product.ok_or(QuoteRefusal::UnknownProduct)?;
    let plan = product.plan(order.plan).ok_or(QuoteRefusal::UnknownPlan)?;
    let charge = charge::charge(order, (product, plan), &lay, parties, holding, now)?;
    let currency = charge.total.currency;
    let cap = match cap {
        Cap::Charge => charge.total,
        Cap::None => Money::new(i64::MAX, currency),
    };
    let credits = credit::credits(lay.placement, parties.issuer.id, holding, cap, now)?;
    let credited = Money::sum(currency, credits.iter().map(|credit| credit.amount))?;
    let zone = holding.customer.zone()?;
    let place = licence::place(holding.periods, lay.placement, lay.term, now, &zone)?;
    Ok(Quote {
        order: order.clone(),
        total: charge.total.minus(credited)?,
        charge,
        credits,
        lay,
        expires_at: place.ends_at,
    })
}

/// Refuses what is less than one or more than `most`.
pub(crate) const fn check_range(
    what: &'static str,
    value: i64,
    most: i64,
) -> Result<(), QuoteRefusal> {
    if value < 1 || value > most {
        return Err(QuoteRefusal::OutOfRange { what, most });
    }
    Ok(())
}
