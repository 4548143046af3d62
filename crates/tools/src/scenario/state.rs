//! How things stand, as flat lines of name and value: what a step changed is the lines that differ.

use super::{say, state_of_cycles};
use abono_domain::calendar;
use abono_domain::ids::CustomerId;
use abono_domain::ledger::Account;
use abono_domain::licence::Period;
use abono_domain::seller::{Seller, Tenant};
use abono_engine::views::{Filter, PageRequest, Shelf, Standing};
use abono_engine::{Engine, Failure};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// Names and values.
pub(super) type Facts = BTreeMap<String, String>;

/// How everything stands.
pub(super) async fn facts(
    engine: &Engine,
    tenant: &Tenant,
    customers: &BTreeMap<String, CustomerId>,
) -> Result<Facts, Failure> {
    let mut facts = Facts::new();
    for (code, id) in customers {
        let Some(shelf) = engine.shelf(tenant, *id).await? else { continue };
        let zone = zone_of(&shelf);
        let who = Who { code, zone, seller: &shelf.seller };
        who.licences(&mut facts, &shelf);
        who.standing(&mut facts, &engine.standing(tenant, *id).await?);
        let page = PageRequest { filter: Filter::ALL, after: None, limit: ALL, count: false };
        for view in engine.payment_requests(tenant, *id, page).await?.items {
            let (paid, total) = (view.state.paid.decimal(), view.document.total);
            let back = match view.state.refunded {
                none if none.minor == 0 => String::new(),
                some => format!(", {} went back", some.decimal()),
            };
            let value = format!("{}, {paid} of {total} paid{back}", view.state.status.as_str());
            facts.insert(format!("request {} of {code}", view.document.number()), value);
        }
        let books = (tenant, &*shelf.seller);
        state_of_cycles::add(&mut facts, engine, books, (code, *id)).await?;
        for view in engine.credit_notes(tenant, *id).await? {
            let document = &view.document;
            let lines: Vec<&str> = document.lines.iter().map(|line| line.name.as_str()).collect();
            let (status, payer) = (view.state.status.as_str(), &document.payer.name);
            let value = format!("{status} to {payer}, {}, {}", document.total, lines.join("; "));
            facts.insert(format!("credit note {} of {code}", document.number()), value);
        }
    }
    Ok(facts)
}

/// More requests than any story has.
const ALL: i64 = 10_000;

/// On whose wall a customer's times are read.
pub(super) fn zone_of(shelf: &Shelf) -> TimeZone {
    // A zone that isn't one is refused long before it gets here.
    calendar::zone(&shelf.customer.profile.zone).unwrap_or(TimeZone::UTC)
}

/// A customer, and in which words its things are told.
struct Who<'a> {
    code: &'a str,
    zone: TimeZone,
    seller: &'a Seller,
}

impl Who<'_> {
    fn licences(&self, facts: &mut Facts, shelf: &Shelf) {
        for offer in shelf.offers() {
            let Some(licence) = &offer.licence else { continue };
            let plan = offer.product.plan(licence.plan).map_or("?", |plan| &plan.code);
            let until = say::instant(licence.expires_at, &self.zone);
            let value = format!("{plan} x {} until {until}", licence.quantity);
            facts.insert(format!("licence {} of {}", offer.product.code, self.code), value);
        }
    }

    fn standing(&self, facts: &mut Facts, standing: &Standing) {
        for period in &standing.periods {
            let mut agreements = standing.subscriptions.iter();
            let agreement = agreements.find(|it| it.id == period.subscription);
            let product = agreement.and_then(|it| self.seller.catalogue.product(it.product));
            let plan = product.and_then(|product| product.plan(period.plan));
            let plan = plan.map_or("?", |plan| &plan.code);
            let product = product.map_or("?", |product| &product.code);
            let billed = agreement.filter(|it| it.recurring);
            let of = match billed {
                Some(it) => format!("subscription {}", it.number),
                None => format!("{product} of {}", self.code),
            };
            let (name, is_billed) =
                (format!("period {}.{} of {of}", period.run, period.seq), billed.is_some());
            facts.insert(name, self.period(plan, period, is_billed));
        }
        for balance in &standing.balances {
            let account = match balance.account {
                Account::CustomerCredit => "credit",
                Account::CustomerAllocated => "set aside",
                Account::Receivable => "owed",
                Account::ReturnedPayment => "owed for returned payments",
                Account::CashBank
                | Account::CashProvider
                | Account::DeferredRevenue
                | Account::Goodwill
                | Account::TaxPayable(_) => "other",
            };
            let entity = self.seller.legal_entity(balance.legal_entity);
            // With one company everybody knows which.
            let at = match entity.filter(|_| self.seller.legal_entities.len() > 1) {
                Some(entity) => format!(" at {}", entity.code),
                None => String::new(),
            };
            let name =
                format!("balance of {}{at}, {account} in {}", self.code, balance.amount.currency);
            facts.insert(name, balance.amount.decimal());
        }
    }

    fn period(&self, plan: &str, period: &Period, is_billed: bool) -> String {
        let from = say::instant(period.starts_at, &self.zone);
        let to = say::instant(period.ends_at, &self.zone);
        let how = match (period.paid, is_billed) {
            (true, true) => "billed",
            (true, false) => "paid",
            (false, _) => "given",
        };
        format!("{plan} x {}, from {from} to {to}, {how}", period.quantity)
    }
}

/// The lines that differ: `+` is new, `-` is gone, `~` is another value.
pub(super) fn changes(before: &Facts, after: &Facts) -> Vec<String> {
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .filter_map(|name| match (before.get(name), after.get(name)) {
            (None, Some(after)) => Some(format!("+ {name}: {after}")),
            (Some(before), None) => Some(format!("- {name}: {before}")),
            (Some(before), Some(after)) if before != after => {
                Some(format!("~ {name}: {before} -> {after}"))
            }
            (Some(_), Some(_)) | (None, None) => None,
        })
        .collect()
}
