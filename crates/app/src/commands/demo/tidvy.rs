//! The Swedish seller of booking software: companies with a subscription, to which things are
//! added. Their ids are those of the file: an instance behind this one knows the same companies.

use super::facts::Tokens;
use super::seller::customer;
use abono_domain::access::Role;
use abono_domain::catalogue::Plan;
use abono_domain::seller::publish::PublishSeller;
use abono_domain::seller::{Seller, Tenant};
use abono_domain::subscription::start::StartSubscription;
use abono_domain::subscription::{LineIdentity, Origin};
use abono_engine::{Actor, Call, Command, Engine};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::time::Duration;

pub(super) const SELLER: &str = include_str!("../../../demo/booking.toml");
/// Its slug in that file.
pub(super) const SLUG: &str = "tidvy";
/// Its tokens in the facts.
pub(super) const TOKENS: &[&str] = &["api_key", "admin_token", "write_token", "read_token"];
/// A reason of the file for which something is terminated.
pub(super) const REASON: &str = "3c9a41de-57f0-4b1e-9a62-0f4d8b7c1e02";

const PRODUCT: &str = "booking";
/// What is added to a company's subscription.
const ADDED: &str = "SMS-1000";
/// What a company uses.
const USED: &str = "SMS";

/// The subscription of a company; it has one.
struct Booking {
    customer: &'static str,
    plan: &'static str,
    months: i64,
    billing_day: Option<i64>,
}

/// The one that the demo's tokens are limited to. Its cycles are those of the calendar, so what is
/// added on most days is charged in part.
const COMPANY: Booking =
    Booking { customer: "salong-norrsken", plan: "plus", months: 1, billing_day: Some(1) };
const OTHER: Booking =
    Booking { customer: "klinik-havsvik", plan: "bas", months: 12, billing_day: None };

/// Starts the subscriptions that aren't there yet.
pub(super) async fn populate(engine: &Engine, tenant: &Tenant) -> Result<()> {
    let seller = engine.seller(tenant.id).await?;
    let call = Call::new(tenant.id, Actor::Operator);
    for booking in [&COMPANY, &OTHER] {
        let company = customer(engine, tenant, booking.customer).await?.id;
        if engine.subscriptions_of(tenant, company).await?.is_empty() {
            let start = Command::StartSubscription(company, Box::new(booking.start(&seller)?));
            engine.carry_out(&call, &start).await?;
        }
    }
    Ok(())
}

/// Whether what is added is sent on to another billing system behind.
pub(super) async fn is_sent_on(engine: &Engine, tenant: &Tenant) -> Result<bool> {
    Ok(engine.seller(tenant.id).await?.settings.external_billing)
}

/// How often it is looked whether a new version of the seller counts.
const GLANCE: Duration = Duration::from_millis(100);

/// From now on it is sent on. It ends when that counts.
pub(super) async fn send_on(engine: &Engine, tenant: &Tenant) -> Result<()> {
    let mut proposal = Seller::clone(&*engine.seller(tenant.id).await?);
    proposal.settings.external_billing = true;
    let publish = PublishSeller { tenant: tenant.clone(), manual_clock: None, proposal };
    let call = Call::new(tenant.id, Actor::Operator);
    engine.carry_out(&call, &Command::PublishSeller(Box::new(publish))).await?;
    while !is_sent_on(engine, tenant).await? {
        tokio::time::sleep(GLANCE).await;
    }
    Ok(())
}

/// What a client of the BokaMera contract has to know.
pub(super) async fn facts(engine: &Engine, tenant: &Tenant) -> Result<Value> {
    let company = customer(engine, tenant, COMPANY.customer).await?.id;
    let other = customer(engine, tenant, OTHER.customer).await?.id;
    let seller = engine.seller(tenant.id).await?;
    let (added, used) = (article(&seller, ADDED)?, article(&seller, USED)?);
    let tokens = Tokens { engine, tenant };
    Ok(json!({
        "api_key": tokens.make(Role::Application, vec![], "demo: application").await?,
        "admin_token": tokens.make(Role::Admin, vec![], "demo: admin").await?,
        "write_token": tokens.make(Role::Buyer, vec![company], "demo: writer").await?,
        "read_token": tokens.make(Role::Viewer, vec![company], "demo: reader").await?,
        "company_id": company.to_string(),
        "other_company_id": other.to_string(),
        "article_id": added.number,
        "usage_article_number": used.article.number,
    }))
}

fn article<'s>(seller: &'s Seller, number: &str) -> Result<&'s Plan> {
    let found = seller.catalogue.plan_by_article(number).map(|(_, plan)| plan);
    found.with_context(|| format!("there is no article `{number}`"))
}

impl Booking {
    fn start(&self, seller: &Seller) -> Result<StartSubscription> {
        let product = seller.catalogue.product_by_code(PRODUCT).context("the product")?;
        let plan = product.plan_by_code(self.plan).context("the plan")?;
        Ok(StartSubscription {
            product: product.id,
            plan: plan.id,
            quantity: 1,
            months: self.months,
            billing_day: self.billing_day,
            sold_on: None,
            origin: Origin::New,
            bundle: None,
            line: LineIdentity::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use abono_domain::catalogue::PlanKind;
    use abono_domain::reference::ReferenceKind;
    use abono_tools::apply::{Proposal, SellerFile};

    fn file() -> Proposal {
        SellerFile::parse(SELLER).expect("the file")
    }

    #[test]
    fn the_file_is_that_of_the_slug_and_has_what_the_demo_names() {
        let proposal = file();
        assert_eq!(proposal.slug, SLUG);
        let seller = &proposal.seller;
        let kind = |number| article(seller, number).expect("an article").article.kind;
        assert_eq!((kind(ADDED), kind(USED)), (PlanKind::Addon, PlanKind::Usage));
        let reasons = &seller.catalogue.termination_reasons;
        let reason = reasons.iter().find(|it| it.id.to_string() == REASON).expect("the reason");
        assert!(reason.parent.is_some(), "a part of another one");
        for booking in [&COMPANY, &OTHER] {
            let mut customers = proposal.customers.iter().map(|put| &put.proposal);
            let company = customers.find(|it| it.code == booking.customer).expect("the company");
            assert!(!company.id.0.is_nil(), "its id is said: {}", company.code);
            booking.start(seller).expect("its subscription");
        }
    }

    #[test]
    fn every_plan_is_sold_for_each_length_of_a_cycle_above_zero() {
        let seller = file().seller;
        for (_, plan) in seller.catalogue.plans() {
            for months in [COMPANY.months, OTHER.months] {
                let mut prices = plan.prices.iter().filter(|it| it.point.months == months);
                assert!(prices.any(|it| it.final_price.minor > 0), "{} {months}", plan.code);
            }
        }
    }

    #[test]
    fn the_numbers_are_swedish_ones_with_their_check_digits() {
        let proposal = file();
        let payers = proposal.customers.iter().flat_map(|put| &put.proposal.payers);
        let payers = payers.map(|payer| &payer.identity);
        let entities = &proposal.seller.legal_entities;
        for identity in payers.chain(entities.iter().map(|entity| &entity.identity)) {
            let own = identity.registration_number.as_deref().expect("a number");
            assert_eq!(ReferenceKind::SeOrgnr.normal(own).as_deref(), Ok(own));
            assert_eq!(identity.tax_id, format!("SE{own}01"));
            identity.check_vat_number().expect("a VAT number");
        }
        let giro = &entities[0].bank_accounts[0].account;
        ReferenceKind::SeBankgiro.normal(giro).expect("a bankgiro");
    }
}
