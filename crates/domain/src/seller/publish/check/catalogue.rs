//! Checks what is sold: products, the terms and prices of their plans, discounts.

use super::{named, refuse, unique};
use crate::calendar::Trial;
use crate::catalogue::{Billing, Discount, Plan, PlanRule, PlanTerms, Price, Product};
use crate::discount::Discount as Off;
use crate::exact::Exact;
use crate::language::Language;
use crate::pricing::Model;
use crate::proration::Behaviour;
use crate::quote::{MONTHS_MAX, QUANTITY_MAX};
use crate::seller::{Seller, SellerRefusal};

/// The longest trial, in its own unit.
const TRIAL_MAX: u32 = 366;

/// Checks every code, name, term and price.
pub(super) fn check(seller: &Seller) -> Result<(), SellerRefusal> {
    let products = &seller.catalogue.products;
    unique("product", products.iter().map(|p| p.code.as_str()))?;
    for product in products {
        let at = format!("product {}", product.code);
        named(&at, &product.names, &seller.settings.language)?;
        unique(&at, product.plans.iter().map(|p| p.code.as_str()))?;
        for entity in &seller.legal_entities {
            if !entity.tax_regime.has(product.tax_class) {
                return Err(refuse(&at, "the country of a legal entity has no such tax class"));
            }
        }
        for plan in &product.plans {
            let at = format!("{at} plan {}", plan.code);
            self::plan(&at, plan, &seller.settings.language)?;
            changes(&at, plan, product)?;
        }
    }
    unique("bundle", seller.catalogue.bundles.iter().map(|b| b.code.as_str()))?;
    for bundle in &seller.catalogue.bundles {
        let at = format!("bundle {}", bundle.code);
        named(&at, &bundle.names, &seller.settings.language)?;
    }
    unique("discount", seller.catalogue.discounts.iter().map(|d| d.code.as_str()))?;
    for discount in &seller.catalogue.discounts {
        self::discount(discount, &seller.settings.language)?;
    }
    Ok(())
}

fn plan(at: &str, plan: &Plan, language: &Language) -> Result<(), SellerRefusal> {
    named(at, &plan.names, language)?;
    unique(&format!("{at} feature"), plan.features.iter().map(String::as_str))?;
    terms(at, &plan.terms)?;
    for (later, one) in (1..).zip(&plan.prices) {
        one_price(at, one)?;
        let months = one.point.months;
        // The calendar has no others: they would begin anew each January.
        let is_of_calendar = [1, 2, 3, 4, 6].contains(&months) || months.checked_rem(12) == Some(0);
        if plan.terms.billing == Billing::Calendar && !is_of_calendar {
            return Err(refuse(at, "the calendar has periods of 1, 2, 3, 4, 6 months, or years"));
        }
        if one.reaches_existing.is_some() && !plan.has_before(one) {
            return Err(refuse(
                at,
                "reaches_existing needs the price that held on the day before valid_from",
            ));
        }
        let twice = |other: &Price| other.point == one.point;
        if plan.prices.get(later..).unwrap_or_default().iter().any(twice) {
            return Err(refuse(at, "two prices for one currency, period, quantity and first day"));
        }
    }
    Ok(())
}

/// What a plan may be changed to is there, once, and is another one; and a commitment has a length.
fn changes(at: &str, plan: &Plan, product: &Product) -> Result<(), SellerRefusal> {
    let rules = plan.terms.changes_to.as_deref().unwrap_or_default();
    unique(&format!("{at} changes_to"), rules.iter().map(|rule| rule.to.as_str()))?;
    let is_other = |rule: &PlanRule| {
        rule.to != plan.code && product.plan_by_code(&rule.to).is_some_and(Plan::is_main)
    };
    if !rules.iter().all(is_other) {
        return Err(refuse(at, "changes_to names other main plans of the same product"));
    }
    let Some(commitment) = plan.terms.commitment else { return Ok(()) };
    if !(1..=MONTHS_MAX).contains(&commitment.months) {
        return Err(refuse(at, "a commitment has 1 to 60 months"));
    }
    if commitment.penalty.minor < 0 {
        return Err(refuse(at, "a penalty is 0 or more"));
    }
    Ok(())
}

fn one_price(at: &str, one: &Price) -> Result<(), SellerRefusal> {
    let point = &one.point;
    if !(1..=MONTHS_MAX).contains(&point.months) {
        return Err(refuse(at, "a period has 1 to 60 months"));
    }
    if point.from_quantity < 1 {
        return Err(refuse(at, "from_quantity is at least 1"));
    }
    if one.final_price.minor < 0 || one.final_price.minor > one.list.minor {
        return Err(refuse(at, "the final price is from 0 to the list price"));
    }
    if one.list.minor > i64::MAX / 1_000_000 {
        return Err(refuse(at, "the price is too high to be multiplied by a quantity"));
    }
    if point.valid_from.zip(one.valid_until).is_some_and(|(from, until)| until <= from) {
        return Err(refuse(at, "valid_until is after valid_from"));
    }
    if let Some(reaches) = one.reaches_existing
        && point.valid_from.is_none_or(|from| reaches < from)
    {
        return Err(refuse(at, "reaches_existing is on or after a valid_from that is said"));
    }
    if one.model.as_ref().is_some_and(|it| matches!(it.model, Model::Percentage(_))) {
        return Err(refuse(at, "a percentage prices amounts, and a plan is sold by the unit"));
    }
    let bad = |error| SellerRefusal::BadModel { at: at.to_owned(), error };
    let alone = one.of(1).map_err(bad)?;
    if alone.amount != one.final_price {
        return Err(refuse(at, "the final price is what one unit costs by the model"));
    }
    // A figure that fits for the most units, and for all that a tier holds, fits for fewer.
    let most = [QUANTITY_MAX].into_iter().chain(one.tier_bounds());
    most.map(|quantity| one.of(quantity).map_err(bad)).try_for_each(|priced| priced.map(drop))
}

fn terms(at: &str, terms: &PlanTerms) -> Result<(), SellerRefusal> {
    if terms.credit.behaviour == Behaviour::Full {
        return Err(refuse(at, "a change that gave a used period back would be free for ever"));
    }
    let length = match terms.trial {
        None => return Ok(()),
        Some(Trial::Days(days)) => days,
        Some(Trial::Months(months)) => months,
    };
    if (1..=TRIAL_MAX).contains(&length) {
        return Ok(());
    }
    Err(refuse(at, "a trial has 1 to 366 days or months"))
}

fn discount(one: &Discount, language: &Language) -> Result<(), SellerRefusal> {
    let at = format!("discount {}", one.code);
    named(&at, &one.names, language)?;
    let refuse = |reason| Err(self::refuse(&at, reason));
    match one.off {
        Off::Percent(percent) if percent <= Exact::ZERO || percent > Exact::whole(100) => {
            return refuse("a percentage is above 0 and at most 100");
        }
        Off::Amount(amount) if amount.minor <= 0 => return refuse("an amount is above 0"),
        Off::Percent(_) | Off::Amount(_) => {}
    }
    if one.periods.is_some_and(|periods| periods < 1) {
        return refuse("a discount is for 1 period or more");
    }
    if one.valid_from.zip(one.valid_until).is_some_and(|(from, until)| until <= from) {
        return refuse("valid_until is after valid_from");
    }
    Ok(())
}
