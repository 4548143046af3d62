//! What an order costs: the price of the period, the part of it, discounts, tax; in this order,
//! and rounded once before each of the last two.

use super::{Lay, Order, Parties, QuoteRefusal};
use crate::calendar;
use crate::catalogue::{Plan, Price, Product, Wanted};
use crate::discount::discount;
use crate::document::LineDiscount;
use crate::licence::{Holding, held_since};
use crate::money::{Money, MoneyError};
use crate::tax::{self, ChargeError, LineTax, Prices, Supply};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// What an order costs, and how that comes about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// The price that applies.
    pub price: Price,
    /// What one unit costs for a whole period, tax included; on average, where not all cost the
    /// same.
    pub unit_price: Money,
    /// What is charged before discounts; without tax, where that is added.
    pub subtotal: Money,
    /// What is taken off, in order.
    pub discounts: Vec<LineDiscount>,
    /// How it is taxed.
    pub tax: LineTax,
    /// The tax that is added; nothing where it is inside.
    pub tax_added: Money,
    /// What is to be paid, tax included.
    pub total: Money,
}

pub(super) fn charge(
    order: &Order,
    (product, plan): (&Product, &Plan),
    lay: &Lay,
    parties: Parties<'_>,
    holding: Holding<'_>,
    now: Timestamp,
) -> Result<Charge, QuoteRefusal> {
    let today = holding.customer.zone()?.to_datetime(now).date();
    let price = price(order, plan, holding, now)?;
    let priced = price.of(order.quantity)?;
    let subtotal = match &lay.part {
        None => priced.amount,
        Some(part) => part.share.line(priced.exact, priced.amount.currency)?.amount,
    };
    let discounts = discounts(subtotal, parties, holding, today)?;
    let taken = Money::sum(subtotal.currency, discounts.iter().map(|taken| taken.amount))?;
    let net = subtotal.minus(taken)?;
    let issue_day = calendar::zone(&parties.issuer.zone)?.to_datetime(now).date();
    let tax = tax_of(product, parties, issue_day)?;
    let tax_added = added(price, tax, net)?;
    let unit_price = match price.model {
        None => with_tax(price, tax, price.final_price)?,
        Some(_) => with_tax(price, tax, priced.amount)?.share(1, order.quantity)?,
    };
    let (price, total) = (price.clone(), net.plus(tax_added)?);
    Ok(Charge { price, unit_price, subtotal, discounts, tax, tax_added, total })
}

/// An amount of a price as it is paid: with the tax, where that is added to the price.
///
/// # Errors
/// [`MoneyError::OutOfRange`].
pub fn with_tax(price: &Price, tax: LineTax, amount: Money) -> Result<Money, MoneyError> {
    amount.plus(added(price, tax, amount)?)
}

/// The tax that is added to an amount of a price, rounded once.
fn added(price: &Price, tax: LineTax, amount: Money) -> Result<Money, MoneyError> {
    match (price.tax, tax.rate) {
        (Prices::Exclusive, Some(rate)) => rate.on(amount),
        (Prices::Exclusive, None) | (Prices::Inclusive, _) => Ok(Money::zero(amount.currency)),
    }
}

fn price<'a>(
    order: &Order,
    plan: &'a Plan,
    holding: Holding<'_>,
    now: Timestamp,
) -> Result<&'a Price, QuoteRefusal> {
    let zone = holding.customer.zone()?;
    let day = |at: Timestamp| zone.to_datetime(at).date();
    let wanted = Wanted {
        currency: holding.customer.profile.currency,
        months: order.months,
        quantity: order.quantity,
        day: day(now),
        since: held_since(holding.periods, plan.id, now).map(day),
    };
    plan.price(&wanted).ok_or(QuoteRefusal::PeriodNotSold)
}

/// What the customer's discounts take off, each off what the one before left.
fn discounts(
    subtotal: Money,
    parties: Parties<'_>,
    holding: Holding<'_>,
    day: Date,
) -> Result<Vec<LineDiscount>, QuoteRefusal> {
    let mut left = subtotal;
    let mut all = Vec::new();
    for code in &holding.customer.profile.discounts {
        let known = parties.seller.catalogue.discount(code).filter(|it| it.is_valid(day));
        let Some(known) = known else { continue };
        // A document counts once, on however many of its lines it is given.
        let used = holding.discounts_used.iter().filter(|used| used.code == *code);
        let documents: BTreeSet<_> = used.map(|used| used.document).collect();
        let times = i64::try_from(documents.len()).unwrap_or(i64::MAX);
        let is_used_up = known.periods.is_some_and(|most| times >= most);
        if is_used_up || !known.off.fits(left.currency) {
            continue;
        }
        let amount = discount(&[left], &[known.off], known.on, left.currency)?;
        let amount = Money::sum(left.currency, amount.discounts)?;
        if amount.minor > 0 {
            left = left.minus(amount)?;
            all.push(LineDiscount { code: code.clone(), amount });
        }
    }
    Ok(all)
}

/// How a product is taxed that is supplied on a day.
///
/// # Errors
/// [`ChargeError`], where the company's country has no such rate.
pub fn tax_of(product: &Product, parties: Parties<'_>, on: Date) -> Result<LineTax, ChargeError> {
    let charge = tax::charge(&Supply {
        regime: parties.issuer.tax_regime,
        seller_country: &parties.issuer.identity.country,
        customer_country: parties.country,
        customer: parties.kind,
        class: product.tax_class,
        nature: product.nature,
        on,
    })?;
    Ok(LineTax { category: charge.category, rate: charge.rate })
}
