//! What one version of a seller changes against another, as people read it.

use super::{LegalEntity, Seller, Settings};
use crate::calendar::Trial;
use crate::catalogue::{
    Article, Discount, Plan, PlanRule, PlanTerms, Price, Product, TerminationReason,
};
use crate::discount::Discount as Off;
use crate::exact::Exact;
use crate::language::Names;
use crate::risk::{RiskPolicy, Verdict};
use std::collections::BTreeMap;

/// One value that changes; `None` where it isn't there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where, as words from the outside in.
    pub path: String,
    /// What it was.
    pub before: Option<String>,
    /// What it becomes.
    pub after: Option<String>,
}

/// A thing as flat lines of path and value.
pub(crate) type Facts = BTreeMap<String, String>;

/// The differences of two sets of facts.
pub(crate) fn compare(before: &Facts, after: &Facts) -> Vec<Difference> {
    let mut paths: Vec<&String> = before.keys().chain(after.keys()).collect();
    paths.sort();
    paths.dedup();
    paths
        .into_iter()
        .filter(|path| before.get(*path) != after.get(*path))
        .map(|path| Difference {
            path: path.clone(),
            before: before.get(path).cloned(),
            after: after.get(path).cloned(),
        })
        .collect()
}

/// What `after` changes against `before`.
pub fn differences(before: Option<&Seller>, after: &Seller) -> Vec<Difference> {
    let before = before.map(facts).unwrap_or_default();
    compare(&before, &facts(after))
}

fn facts(seller: &Seller) -> Facts {
    let mut facts = Facts::new();
    settings(&mut facts, &seller.settings);
    for (place, entity) in (1_usize..).zip(&seller.legal_entities) {
        legal_entity(&mut facts, place, entity);
    }
    for (place, product) in (1_usize..).zip(&seller.catalogue.products) {
        self::product(&mut facts, place, product);
    }
    for (place, discount) in (1_usize..).zip(&seller.catalogue.discounts) {
        self::discount(&mut facts, place, discount);
    }
    for (place, bundle) in (1_usize..).zip(&seller.catalogue.bundles) {
        let at = format!("bundle {}", bundle.code);
        facts.insert(format!("{at} place"), place.to_string());
        facts.insert(format!("{at} number"), bundle.number.to_string());
        names(&mut facts, &at, &bundle.names);
    }
    for (place, reason) in (1_usize..).zip(&seller.catalogue.termination_reasons) {
        termination_reason(&mut facts, place, reason);
    }
    risk(&mut facts, &seller.risk);
    facts
}

fn settings(facts: &mut Facts, settings: &Settings) {
    let mut put = |path: &str, value: String| facts.insert(format!("settings {path}"), value);
    put("name", settings.name.clone());
    put("language", settings.language.as_str().to_owned());
    put("currency", settings.currency.to_string());
    put("zone", settings.zone.clone());
    put("payment_request_days", settings.payment_request_days.to_string());
    put("invoice_due_days", settings.invoice_due_days.to_string());
    put("tax_rounding", settings.tax_rounding.as_str().to_owned());
    put("external_billing", settings.external_billing.to_string());
}

fn legal_entity(facts: &mut Facts, place: usize, entity: &LegalEntity) {
    let (at, identity) = (format!("legal_entity {}", entity.code), &entity.identity);
    let mut put = |path: &str, value: String| facts.insert(format!("{at} {path}"), value);
    put("place", place.to_string());
    put("name", identity.name.clone());
    put("country", identity.country.clone());
    put("tax_id", identity.tax_id.clone());
    put("tax_registration", identity.tax_registration.clone().unwrap_or_default());
    put("registration_number", identity.registration_number.clone().unwrap_or_default());
    put("address", identity.address.clone());
    put("zone", entity.zone.clone());
    put("tax_regime", entity.tax_regime.as_str().to_owned());
    put("payment_request_prefix", entity.payment_request_prefix.clone());
    put("credit_note_prefix", entity.credit_note_prefix.clone());
    put("invoice_prefix", entity.invoice_prefix.clone());
    put("order_confirmation_prefix", entity.order_confirmation_prefix.clone());
    for (place, account) in (1_usize..).zip(&entity.bank_accounts) {
        let correspondent = account.correspondent_account.as_deref().unwrap_or("-");
        let value = format!(
            "{} at {} ({}), correspondent account {correspondent}",
            account.account, account.bank_name, account.bank_code
        );
        put(&format!("bank_account {place}"), value);
    }
}

fn product(facts: &mut Facts, place: usize, product: &Product) {
    let at = format!("product {}", product.code);
    facts.insert(format!("{at} place"), place.to_string());
    facts.insert(format!("{at} archived"), product.archived.to_string());
    facts.insert(format!("{at} tax_class"), product.tax_class.as_str().to_owned());
    facts.insert(format!("{at} nature"), product.nature.as_str().to_owned());
    names(facts, &at, &product.names);
    for (place, plan) in (1_usize..).zip(&product.plans) {
        self::plan(facts, &at, place, plan);
    }
}

fn plan(facts: &mut Facts, product: &str, place: usize, plan: &Plan) {
    let at = format!("{product} plan {}", plan.code);
    facts.insert(format!("{at} place"), place.to_string());
    facts.insert(format!("{at} archived"), plan.archived.to_string());
    facts.insert(format!("{at} number"), plan.number.to_string());
    facts.insert(format!("{at} features"), plan.features.join(", "));
    names(facts, &at, &plan.names);
    article(facts, &at, &plan.article);
    terms(facts, &at, &plan.terms);
    if plan.is_main() {
        terms_of_main(facts, &at, &plan.terms);
    }
    for price in &plan.prices {
        self::price(facts, &at, price);
    }
}

fn article(facts: &mut Facts, plan: &str, article: &Article) {
    facts.insert(format!("{plan} kind"), article.kind.as_str().to_owned());
    said(facts, plan, "article", article.number.as_ref());
    said(facts, plan, "external_id", article.external_id.as_ref());
}

/// A text that may be left out.
fn said(facts: &mut Facts, at: &str, what: &str, text: Option<&String>) {
    facts.extend(text.map(|text| (format!("{at} {what}"), text.clone())));
}

fn names(facts: &mut Facts, at: &str, names: &Names) {
    for (language, name) in &names.0 {
        facts.insert(format!("{at} name {}", language.as_str()), name.clone());
    }
}

fn price(facts: &mut Facts, plan: &str, price: &Price) {
    let point = &price.point;
    let from = point.valid_from.map_or("always".to_owned(), |day| day.to_string());
    let until = price.valid_until.map_or("open".to_owned(), |day| day.to_string());
    let at = format!(
        "{plan} price {} {} months from {} units from {from}",
        point.currency, point.months, point.from_quantity
    );
    let tax = price.tax.as_str();
    let mut value =
        format!("{} (list {}), tax {tax}, until {until}", price.final_price, price.list);
    if let Some(day) = price.reaches_existing {
        value.push_str(&format!(", for who had the plan before from {day}"));
    }
    if let Some(pricing) = &price.model {
        value.push_str(&format!(", {pricing}"));
    }
    facts.insert(at, value);
}

fn terms(facts: &mut Facts, plan: &str, terms: &PlanTerms) {
    let mut put = |path: &str, value: String| facts.insert(format!("{plan} {path}"), value);
    put("credit", terms.credit.behaviour.as_str().to_owned());
    put("day_count", terms.credit.day_count.as_str().to_owned());
    put("notice_days", terms.notice_days.to_string());
}

/// What only a main plan says; the others have nothing of it.
fn terms_of_main(facts: &mut Facts, plan: &str, terms: &PlanTerms) {
    let mut put = |path: &str, value: String| facts.insert(format!("{plan} {path}"), value);
    put("billing", terms.billing.as_str().to_owned());
    put("change", terms.change.as_str().to_owned());
    let trial = match terms.trial {
        None => "none".to_owned(),
        Some(Trial::Days(days)) => format!("{days} days"),
        Some(Trial::Months(months)) => format!("{months} months"),
    };
    put("trial", trial);
    let changes = terms.changes_to.as_ref().map_or("every plan".to_owned(), |rules| {
        let rule = |rule: &PlanRule| format!("{} {}", rule.to, rule.effect.as_str());
        rules.iter().map(rule).collect::<Vec<_>>().join(", ")
    });
    put("changes_to", changes);
    let commitment = terms
        .commitment
        .map_or("none".to_owned(), |it| format!("{} months, penalty {}", it.months, it.penalty));
    put("commitment", commitment);
    put("includes", terms.includes.join(", "));
}

fn risk(facts: &mut Facts, policy: &RiskPolicy) {
    let mut put = |path: &str, value: String| facts.insert(format!("risk {path}"), value);
    put("valid_days", policy.valid_days.map_or("for ever".to_owned(), |days| days.to_string()));
    let fallback = policy.service_fallback.map_or("none is asked", Verdict::as_str);
    put("service_fallback", fallback.to_owned());
    for (place, rule) in (1_usize..).zip(&policy.rules) {
        let limit = |limit: Option<Exact>| limit.map_or("-".to_owned(), |it| it.to_string());
        let days = if rule.days == 0 { String::new() } else { format!(" in {} days", rule.days) };
        let value = format!(
            "{place}: {}{days}, review {}, rejected {}",
            rule.measure.as_str(),
            limit(rule.review),
            limit(rule.rejected)
        );
        put(&format!("rule {}", rule.code), value);
    }
}

fn discount(facts: &mut Facts, place: usize, discount: &Discount) {
    let at = format!("discount {}", discount.code);
    let off = match discount.off {
        Off::Percent(percent) => format!("{percent} %"),
        Off::Amount(amount) => amount.to_string(),
    };
    let periods = discount.periods.map_or("all".to_owned(), |periods| periods.to_string());
    let from = discount.valid_from.map_or("always".to_owned(), |day| day.to_string());
    let until = discount.valid_until.map_or("open".to_owned(), |day| day.to_string());
    facts.insert(format!("{at} place"), place.to_string());
    let on = discount.on.as_str();
    let value = format!("{off} off each {on}, periods {periods}, from {from}, until {until}");
    facts.insert(at.clone(), value);
    names(facts, &at, &discount.names);
}

fn termination_reason(facts: &mut Facts, place: usize, reason: &TerminationReason) {
    let at = format!("termination_reason {}", reason.code);
    facts.insert(format!("{at} place"), place.to_string());
    said(facts, &at, "external_id", reason.external_id.as_ref());
    said(facts, &at, "parent", reason.parent.as_ref());
    names(facts, &at, &reason.names);
}
