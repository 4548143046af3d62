//! Checks what a proposal says, by itself.

use super::super::{LegalEntity, Seller, SellerRefusal};
use crate::calendar::{self, Trial};
use crate::catalogue::{Billing, Discount, Plan, PlanTerms, Price};
use crate::discount::Discount as Off;
use crate::exact::Exact;
use crate::language::{Language, Names};
use crate::pricing::Model;
use crate::proration::Behaviour;
use crate::quote::{MONTHS_MAX, QUANTITY_MAX};

/// The longest trial, in its own unit.
const TRIAL_MAX: u32 = 366;

/// Checks every text, code, number and price.
pub(super) fn check(seller: &Seller) -> Result<(), SellerRefusal> {
    let settings = &seller.settings;
    text("settings name", &settings.name)?;
    calendar::zone(&settings.zone)?;
    if !(0..=365).contains(&settings.payment_request_days) {
        return Err(price("settings payment_request_days", "must be from 0 to 365"));
    }
    if seller.legal_entities.is_empty() {
        return Err(SellerRefusal::NoLegalEntity);
    }
    unique("legal_entity", seller.legal_entities.iter().map(|e| e.code.as_str()))?;
    let prefixes = seller.legal_entities.iter().flat_map(LegalEntity::prefixes);
    let mut seen = std::collections::BTreeSet::new();
    for prefix in prefixes {
        // A printed number must name one document: the running number follows the prefix.
        if prefix.ends_with(|c: char| c.is_ascii_digit()) || !seen.insert(prefix) {
            return Err(SellerRefusal::BadPrefix(prefix.chars().take(40).collect()));
        }
    }
    for entity in &seller.legal_entities {
        legal_entity(entity)?;
    }
    catalogue(seller)
}

fn catalogue(seller: &Seller) -> Result<(), SellerRefusal> {
    let products = &seller.catalogue.products;
    unique("product", products.iter().map(|p| p.code.as_str()))?;
    for product in products {
        let at = format!("product {}", product.code);
        named(&at, &product.names, &seller.settings.language)?;
        unique(&at, product.plans.iter().map(|p| p.code.as_str()))?;
        for entity in &seller.legal_entities {
            if !entity.tax_regime.has(product.tax_class) {
                return Err(price(&at, "the country of a legal entity has no such tax class"));
            }
        }
        for plan in &product.plans {
            self::plan(&format!("{at} plan {}", plan.code), plan, &seller.settings.language)?;
        }
    }
    unique("discount", seller.catalogue.discounts.iter().map(|d| d.code.as_str()))?;
    for discount in &seller.catalogue.discounts {
        self::discount(discount, &seller.settings.language)?;
    }
    Ok(())
}

fn legal_entity(entity: &LegalEntity) -> Result<(), SellerRefusal> {
    let at = format!("legal_entity {}", entity.code);
    calendar::zone(&entity.zone)?;
    if entity.prefixes().iter().any(|prefix| prefix.chars().count() > 20) {
        return Err(price(&at, "a prefix has at most 20 characters"));
    }
    let bad = |error| SellerRefusal::BadReference { at: at.clone(), error };
    entity.identity.check().map_err(bad)?;
    for account in &entity.bank_accounts {
        text(&format!("{at} bank_name"), &account.bank_name)?;
        crate::reference::check_bank_account(
            &entity.identity.country,
            &account.bank_code,
            &account.account,
            account.correspondent_account.as_deref(),
        )
        .map_err(bad)?;
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
            return Err(price(at, "the calendar has periods of 1, 2, 3, 4, 6 months, or years"));
        }
        if one.reaches_existing.is_some() && !plan.has_before(one) {
            return Err(price(
                at,
                "reaches_existing needs the price that held on the day before valid_from",
            ));
        }
        let twice = |other: &Price| other.point == one.point;
        if plan.prices.get(later..).unwrap_or_default().iter().any(twice) {
            return Err(price(at, "two prices for one currency, period, quantity and first day"));
        }
    }
    Ok(())
}

fn one_price(at: &str, one: &Price) -> Result<(), SellerRefusal> {
    let point = &one.point;
    if !(1..=MONTHS_MAX).contains(&point.months) {
        return Err(price(at, "a period has 1 to 60 months"));
    }
    if point.from_quantity < 1 {
        return Err(price(at, "from_quantity is at least 1"));
    }
    if one.final_price.minor < 0 || one.final_price.minor > one.list.minor {
        return Err(price(at, "the final price is from 0 to the list price"));
    }
    if one.list.minor > i64::MAX / 1_000_000 {
        return Err(price(at, "the price is too high to be multiplied by a quantity"));
    }
    if point.valid_from.zip(one.valid_until).is_some_and(|(from, until)| until <= from) {
        return Err(price(at, "valid_until is after valid_from"));
    }
    if let Some(reaches) = one.reaches_existing
        && point.valid_from.is_none_or(|from| reaches < from)
    {
        return Err(price(at, "reaches_existing is on or after a valid_from that is said"));
    }
    if one.model.as_ref().is_some_and(|it| matches!(it.model, Model::Percentage(_))) {
        return Err(price(at, "a percentage prices amounts, and a plan is sold by the unit"));
    }
    let bad = |error| SellerRefusal::BadModel { at: at.to_owned(), error };
    let alone = one.of(1).map_err(bad)?;
    if alone.amount != one.final_price {
        return Err(price(at, "the final price is what one unit costs by the model"));
    }
    // A figure that fits for the most units, and for all that a tier holds, fits for fewer.
    let most = [QUANTITY_MAX].into_iter().chain(one.tier_bounds());
    most.map(|quantity| one.of(quantity).map_err(bad)).try_for_each(|priced| priced.map(drop))
}

fn terms(at: &str, terms: &PlanTerms) -> Result<(), SellerRefusal> {
    if terms.credit.behaviour == Behaviour::Full {
        return Err(price(at, "a change that gave a used period back would be free for ever"));
    }
    let length = match terms.trial {
        None => return Ok(()),
        Some(Trial::Days(days)) => days,
        Some(Trial::Months(months)) => months,
    };
    if (1..=TRIAL_MAX).contains(&length) {
        return Ok(());
    }
    Err(price(at, "a trial has 1 to 366 days or months"))
}

fn discount(one: &Discount, language: &Language) -> Result<(), SellerRefusal> {
    let at = format!("discount {}", one.code);
    named(&at, &one.names, language)?;
    let refuse = |reason| Err(price(&at, reason));
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

fn price(at: &str, reason: &'static str) -> SellerRefusal {
    SellerRefusal::BadPrice { at: at.to_owned(), reason }
}

/// Every name is a text, and there is one in the language that all others fall back to.
fn named(at: &str, names: &Names, language: &Language) -> Result<(), SellerRefusal> {
    if !names.0.contains_key(language) {
        return Err(SellerRefusal::BadText(format!("{at} name {}", language.as_str())));
    }
    names.0.values().try_for_each(|name| text(&format!("{at} name"), name))
}

fn text(at: &str, text: &str) -> Result<(), SellerRefusal> {
    if (1..=300).contains(&text.trim().chars().count()) {
        Ok(())
    } else {
        Err(SellerRefusal::BadText(at.to_owned()))
    }
}

fn unique<'a>(at: &str, codes: impl Iterator<Item = &'a str>) -> Result<(), SellerRefusal> {
    let mut seen = std::collections::BTreeSet::new();
    for code in codes {
        if !(1..=64).contains(&code.chars().count()) || !seen.insert(code) {
            let code = code.chars().take(80).collect();
            return Err(SellerRefusal::BadCode { at: at.to_owned(), code });
        }
    }
    Ok(())
}
